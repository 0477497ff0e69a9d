"""Has the rate of failures gone up? A chart over operations in their order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .errors import CountError
from .follow_up import Floats

METHOD: Final = "Bernoulli CUSUM of log-likelihood ratios, whole steps, restarted after a signal"

MOST_STATES: Final = 1000
FINEST_STEP: Final = 10
LONGEST_SEARCH: Final = 4096
"""No chart needs a threshold of so many steps of one success each."""


@dataclass(frozen=True, slots=True)
class CusumDesign:
    """A chart before any outcome is known: what it is set against, and how often it errs.

    Each operation moves the chart by ``up`` steps if it failed and by ``down`` steps towards
    0 if not; it signals at ``limit`` steps. One step is ``step`` of log-likelihood ratio. The
    ratio of the two moves is rounded to whole numbers, and with that the chart has finitely
    many states: every rate stated here is of the chart as drawn, not of an ideal one.
    """

    in_control: float
    out_of_control: float
    up: int
    down: int
    limit: int
    step: float

    @property
    def threshold(self) -> float:
        """Where it signals, as a log-likelihood ratio."""
        return self.limit * self.step

    def average_run(self, failure: float) -> float:
        """Operations until a signal on average, if this share of them fails.

        With ``in_control`` the false-alarm rate (one per so many), with ``out_of_control``
        the delay of a true alarm. Infinite if failures never reach the limit.

        References
        ----------
        Brook D, Evans DA. Biometrika 1972;59:539-549. doi:10.1093/biomet/59.3.539
        """
        if failure <= 0:
            return math.inf
        states = np.arange(self.limit)
        matrix = np.eye(self.limit)
        np.subtract.at(matrix, (states, np.maximum(states - self.down, 0)), 1 - failure)
        upper = states[states + self.up < self.limit]
        np.subtract.at(matrix, (upper, upper + self.up), failure)
        return float(np.linalg.solve(matrix, np.ones(self.limit))[0])

    def signal_within(self, operations: int, failure: float) -> float:
        """Probability of a signal in so many operations, if this share of them fails."""
        state: Floats = np.zeros(self.limit)
        state[0] = 1.0
        for _ in range(operations):
            moved = np.zeros(self.limit)
            moved[: max(self.limit - self.down, 0)] = (1 - failure) * state[self.down :]
            moved[0] += (1 - failure) * state[: self.down].sum()
            if self.down >= self.limit:
                moved[0] = (1 - failure) * state.sum()
            moved[self.up :] += failure * state[: max(self.limit - self.up, 0)]
            state = moved
        return float(1 - state.sum())


@dataclass(frozen=True, slots=True)
class Cusum:
    """A chart with its outcomes; ``path`` is the log-likelihood ratio after each operation.

    ``signals`` are positions in it, from 0; after each the chart starts at 0 again.
    ``false_alarm_every`` operations there is a false alarm on average; ``false_alarm_here`` is
    the probability of at least one in a series as long as this.
    """

    design: CusumDesign
    path: tuple[float, ...]
    signals: tuple[int, ...]
    numerator: int
    denominator: int
    false_alarm_every: float
    false_alarm_here: float
    detected_after: float
    adjustment: str
    unit: str
    window: str | None
    method: str = METHOD


def cusum_design(*, in_control: float, out_of_control: float, threshold: float) -> CusumDesign:
    """A chart that signals at a log-likelihood ratio of about ``threshold``.

    Parameters
    ----------
    in_control
        Share of failures that is accepted, set before looking at the data.
    out_of_control
        A larger share that must not go unnoticed.

    References
    ----------
    Reynolds MR, Stoumbos ZG. J Qual Technol 1999;31:87-108 (whole steps).
    doi:10.1080/00224065.1999.11979900
    Steiner SH, Cook RJ, Farewell VT, Treasure T. Biostatistics 2000;1:441-452.
    doi:10.1093/biostatistics/1.4.441
    """
    if not 0 < in_control < out_of_control < 1 or not threshold > 0:
        raise CountError("a chart needs 0 < in control < out of control < 1 and a threshold")
    failure = math.log(out_of_control / in_control)
    success = -math.log((1 - out_of_control) / (1 - in_control))
    down = max(1, min(FINEST_STEP, int(MOST_STATES * success / threshold)))
    step = success / down
    return CusumDesign(
        in_control=in_control,
        out_of_control=out_of_control,
        up=max(1, round(failure / step)),
        down=down,
        limit=max(1, round(threshold / step)),
        step=step,
    )


def design_with_false_alarms(
    *, in_control: float, out_of_control: float, operations: int, probability: float
) -> CusumDesign:
    """The most watchful chart with at most this probability of a false alarm in a series.

    Raises
    ------
    CountError
        No threshold keeps the promise.
    """
    if not 0 < probability < 1 or operations < 1:
        raise CountError("a false-alarm probability belongs to a number of operations")
    low, high = 0.0, 1.0

    def errs(threshold: float) -> bool:
        design = cusum_design(
            in_control=in_control, out_of_control=out_of_control, threshold=threshold
        )
        return design.signal_within(operations, in_control) > probability

    while errs(high):
        low, high = high, high * 2
        if high > LONGEST_SEARCH:
            raise CountError("no threshold keeps false alarms so rare")
    while high - low > 0.01:
        middle = (low + high) / 2
        low, high = (middle, high) if errs(middle) else (low, middle)
    return cusum_design(in_control=in_control, out_of_control=out_of_control, threshold=high)


def cusum(
    failures: Sequence[bool],
    design: CusumDesign,
    *,
    adjustment: str = "unadjusted",
    unit: str = "operations",
    window: str | None = None,
) -> Cusum:
    """Draw the chart over operations in the order in which they happened."""
    state, path, signals = 0, [], []
    for position, failed in enumerate(failures):
        state = state + design.up if failed else max(0, state - design.down)
        path.append(state * design.step)
        if state >= design.limit:
            signals.append(position)
            state = 0
    return Cusum(
        design=design,
        path=tuple(path),
        signals=tuple(signals),
        numerator=sum(failures),
        denominator=len(failures),
        false_alarm_every=design.average_run(design.in_control),
        false_alarm_here=design.signal_within(len(failures), design.in_control),
        detected_after=design.average_run(design.out_of_control),
        adjustment=adjustment,
        unit=unit,
        window=window,
    )
