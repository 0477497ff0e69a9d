"""Rare events: how long until the next, rather than how many in a quarter."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .errors import CountError

OPERATIONS_METHOD: Final = "g chart, exact geometric limits"
DAYS_METHOD: Final = "t chart, exact exponential limits"


@dataclass(frozen=True, slots=True)
class Gap:
    """From one event to the next: ``early`` is a warning, ``late`` a good sign."""

    length: float
    early: bool
    late: bool


@dataclass(frozen=True, slots=True)
class TimeBetweenEvents:
    """A chart of gaps. ``early_at`` or less is early, ``late_at`` or more is late.

    ``early_at`` is None where even the shortest gap is not rare enough. ``false_alarm`` is the
    probability that one gap is early though nothing has changed, ``false_alarm_every`` so many
    operations or days on average; both are computed from the limits. ``running`` is the time
    since the last event, which is no gap yet.
    """

    gaps: tuple[Gap, ...]
    running: float | None
    early_at: float | None
    late_at: float
    false_alarm: float
    false_alarm_every: float | None
    false_comfort: float
    in_control: float
    numerator: int
    denominator: float
    method: str
    unit: str
    window: str | None


def operations_between(
    failures: Sequence[bool],
    *,
    in_control: float,
    tail: float = 0.01,
    window: str | None = None,
) -> TimeBetweenEvents:
    """Operations from one failure to the next, the failed one included.

    Parameters
    ----------
    in_control
        Share of failures that is accepted, set before looking at the data.
    tail
        Largest probability of an early gap, and of a late one, while in control.

    References
    ----------
    Benneyan JC. Health Care Manag Sci 2001;4:305-318. doi:10.1023/A:1011846412909
    """
    if not 0 < in_control < 1 or not 0 < tail < 1:
        raise CountError("a chart needs a share of failures and a tail, both between 0 and 1")
    places = [place for place, failed in enumerate(failures) if failed]
    # P(gap <= k) = 1 - (1 - p)^k; the margin keeps a limit that is met exactly.
    early = math.floor(math.log1p(-tail) / math.log1p(-in_control) + 1e-9)
    late = math.ceil(math.log(tail) / math.log1p(-in_control) - 1e-9) + 1
    return _chart(
        [float(after - before) for before, after in itertools.pairwise(places)],
        running=float(len(failures) - 1 - places[-1]) if places else None,
        early=float(early) if early >= 1 else None,
        late=float(late),
        false_alarm=-math.expm1(early * math.log1p(-in_control)),
        false_comfort=math.exp((late - 1) * math.log1p(-in_control)),
        in_control=in_control,
        counts=(len(places), float(len(failures))),
        texts=(OPERATIONS_METHOD, "operations", window),
    )


def days_between(
    event_days: Sequence[int],
    *,
    observed_days: int,
    in_control: float,
    tail: float = 0.01,
    window: str | None = None,
) -> TimeBetweenEvents:
    """Days from one event to the next, at a rate of ``in_control`` events per day.

    Two events on one day are a gap of 0, which is early. The number under observation must
    have been about the same throughout; else count operations.

    Raises
    ------
    CountError
        Days out of order or beyond ``observed_days``, or no rate.
    """
    if not in_control > 0 or not 0 < tail < 1:
        raise CountError("a chart needs a rate and a tail between 0 and 1")
    days = list(event_days)
    if days != sorted(days) or (days and not 0 <= days[0] <= days[-1] <= observed_days):
        raise CountError("event days must ascend within the days observed")
    return _chart(
        [float(after - before) for before, after in itertools.pairwise(days)],
        running=float(observed_days - days[-1]) if days else None,
        early=-math.log1p(-tail) / in_control,
        late=-math.log(tail) / in_control,
        false_alarm=tail,
        false_comfort=tail,
        in_control=in_control,
        counts=(len(days), float(observed_days)),
        texts=(DAYS_METHOD, "days", window),
    )


def _chart(
    gaps: list[float],
    *,
    running: float | None,
    early: float | None,
    late: float,
    false_alarm: float,
    false_comfort: float,
    in_control: float,
    counts: tuple[int, float],
    texts: tuple[str, str, str | None],
) -> TimeBetweenEvents:
    method, unit, window = texts
    numerator, denominator = counts
    return TimeBetweenEvents(
        gaps=tuple(Gap(one, early is not None and one <= early, one >= late) for one in gaps),
        running=running,
        early_at=early,
        late_at=late,
        false_alarm=false_alarm,
        false_alarm_every=1 / (in_control * false_alarm) if false_alarm > 0 else None,
        false_comfort=false_comfort,
        in_control=in_control,
        numerator=numerator,
        denominator=denominator,
        method=method,
        unit=unit,
        window=window,
    )
