"""The tables of a comparison of centres: beside each other, and each along its own time.

A centre with few events is shown in none of them, nor can it be worked out: where it would be the
only one left out of a sum that is printed, the next larger is left out, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .centre_events import INDICATORS, CentreEvent, Indicator
from .funnel import LEVELS, UNADJUSTED, Funnel, FunnelPoint, limits_along, proportion_funnel
from .intervals import clopper_pearson
from .protocol import Column, Form, TableDescription
from .result import Cell, Curve, Table

FEWEST: Final = 10
"""Events a centre needs to be shown [proposal]."""

LONGEST_COURSE: Final = 200
"""Latest events a chart over time is drawn of [proposal]."""

FALSE_ALARMS: Final = 0.05
"""At most this share of centres at the accepted share signals in `LONGEST_COURSE` [proposal]."""

MOST_LIMITS: Final = 100

SMALL_RULE: Final = (
    f"small-1: a centre with fewer than {FEWEST} events of an indicator is not shown for it, nor "
    "is the next larger where it could be worked out from the sum; both count in the sum "
    "[proposal]."
)
FUNNEL_RULE: Final = (
    "funnel-1: the target is what all chosen centres have together; limits are exact binomial ones "
    "of 95 and 99.8 %. Where centres differ by more than chance, limits widened by that are given "
    "beside them."
)
COURSE_RULE: Final = (
    f"course-1: the latest {LONGEST_COURSE} events of a centre in their order, set against an "
    "accepted share and twice its odds, both fixed before any data were seen and no publication's. "
    f"The chart signals so rarely that a centre at the accepted share does so in {LONGEST_COURSE} "
    f"events with a probability of at most {100 * FALSE_ALARMS:.0f} % [proposal]."
)

TARGETS: Final = TableDescription(
    key="targets",
    label="Targets, unadjusted",
    columns=(
        Column("key", "Key"),
        Column("label", "Share"),
        Column("centres", "Centres"),
        Column("shown", "Shown"),
        Column("target", "All together", form=Form.PERCENT),
        Column("phi", "Over-dispersion", form=Form.RATIO),
        Column("tau", "Spread between centres", form=Form.PERCENT),
        Column("reason", "Reason"),
    ),
    note=(
        "Over-dispersion above 1: centres differ by more than chance. The spread is the standard "
        "deviation between centres that explains it; the most extreme tenth counts as the tenth "
        "does (Spiegelhalter 2005)."
    ),
)

DESIGNS: Final = TableDescription(
    key="designs",
    label="Charts over time: what they are set against, and how often they err",
    columns=(
        Column("key", "Key"),
        Column("label", "Share"),
        Column("accepted", "Accepted", form=Form.PERCENT),
        Column("not_accepted", "Not accepted", form=Form.PERCENT),
        Column("threshold", "Signal at", form=Form.RATIO),
        Column("false_alarm_every", "False alarm one in", form=Form.RATIO),
        Column("detected_after", "True alarm after", form=Form.RATIO),
        Column("early_gap", "Early gap, up to"),
        Column("late_gap", "Late gap, from"),
        Column("early_gap_false", "Early by chance", form=Form.PERCENT),
        Column("late_gap_false", "Late by chance", form=Form.PERCENT),
    ),
    note=(
        "Counted in events, on average. A gap reaches from one such event to the next (g chart, "
        "exact geometric limits). Where no early gap is named, none is rare enough to mean "
        "anything: the share is not rare, and the CUSUM is the chart to look at."
    ),
)


def _funnel_description(one: Indicator) -> TableDescription:
    return TableDescription(
        key=f"funnel_{one.key}",
        label=f"{one.label}: centres side by side, unadjusted",
        columns=(
            Column("key", "Key"),
            Column("centre", "Centre"),
            Column("numerator", "n", counts=True),
            Column("denominator", "N", counts=True),
            Column("value", "Share"),
            Column("lower", "Lower limit"),
            Column("upper", "Upper limit"),
            Column("outside_95", "Outside 95 %"),
            Column("false_95", "by chance", form=Form.PERCENT),
            Column("outside_998", "Outside 99.8 %"),
            Column("false_998", "by chance", form=Form.PERCENT),
            Column("standing", "Stands"),
            Column("standing_adjusted", "Allowing for spread"),
        ),
        note=(
            f"{one.unit.capitalize()}; unadjusted for whom a centre treats. A centre is outside "
            "with so few or so many (exact binomial limits); by chance, so many of those on target "
            "are. Allowing for spread: with limits widened by how much centres differ."
        ),
    )


def course_description(one: Indicator) -> TableDescription:
    return TableDescription(
        key=f"course_{one.key}",
        label=f"{one.label}: each centre over time, unadjusted",
        columns=(
            Column("key", "Key"),
            Column("centre", "Centre"),
            Column("numerator", "n", counts=True),
            Column("denominator", "N", counts=True),
            Column("signals", "Signals"),
            Column("stands_at", "Stands at", form=Form.RATIO),
            Column("false_here", "Any false alarm in N", form=Form.PERCENT),
            Column("gaps", "Gaps"),
            Column("early_gaps", "Early"),
            Column("late_gaps", "Late"),
            Column("running", "Since the last"),
        ),
        note=(
            f"The latest {LONGEST_COURSE} {one.unit}, oldest first; unadjusted. Bernoulli CUSUM, "
            "restarted after each signal, and gaps from one failure to the next."
        ),
    )


DESCRIPTIONS: Final = (
    *(
        description(one)
        for one in INDICATORS
        for description in (_funnel_description, course_description)
    ),
    TARGETS,
    DESIGNS,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator: each centre's events in order, and who may be shown."""

    indicator: Indicator
    events: Mapping[str, tuple[CentreEvent, ...]]
    funnel: Funnel
    shown: tuple[str, ...]

    @property
    def compared(self) -> bool:
        """Whether there is anything to compare: two centres that may be shown."""
        return len(self.shown) > 1


def measured(indicator: Indicator, events: Sequence[CentreEvent]) -> Measured:
    """The events that count, by centre."""
    by_centre: dict[str, list[CentreEvent]] = {}
    for event in events:
        if indicator.counts(event):
            by_centre.setdefault(event.centre, []).append(event)
    ordered = {centre: tuple(by_centre[centre]) for centre in sorted(by_centre)}
    counts = {
        centre: (sum(indicator.fails(one) for one in found), len(found))
        for centre, found in ordered.items()
    }
    return Measured(
        indicator=indicator,
        events=ordered,
        funnel=proportion_funnel(
            counts, adjustment=UNADJUSTED, unit=indicator.unit, window=indicator.window
        ),
        shown=shown_centres({centre: of for centre, (_, of) in counts.items()}),
    )


def shown_centres(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Those large enough, by `SMALL_RULE`."""
    by_size = sorted(sizes, key=lambda centre: (sizes[centre], centre))
    left_out = [centre for centre in by_size if sizes[centre] < FEWEST]
    if len(left_out) == 1:
        left_out = by_size[:2]
    return tuple(centre for centre in sorted(sizes) if centre not in left_out)


def funnel_table(one: Measured) -> Table:
    """A row for each centre; who is not shown stands there without numbers."""
    points = {point.centre: point for point in one.funnel.points}
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for centre, found in one.events.items():
        point = points[centre]
        if centre not in one.shown:
            rows.append((centre, centre, *[None] * 9, "not shown: too few", None))
            continue
        cells |= dict(behind(one.indicator, centre, found))
        failed = sum(one.indicator.fails(event) for event in found)
        limits = clopper_pearson(failed, len(found))
        assert limits is not None
        alone = (None, None, None, None, "nothing to compare with", None)
        compared = _compared(point) if one.compared else alone
        share = (failed / len(found), limits.lower, limits.upper)
        rows.append((centre, centre, failed, len(found), *share, *compared))
    return _funnel_description(one.indicator).filled(rows, cells)


def _compared(point: FunnelPoint) -> tuple[Cell, ...]:
    warning, alarm = point.limits
    return (
        _numbers_outside(warning.low, warning.high),
        warning.false_alarm,
        _numbers_outside(alarm.low, alarm.high),
        alarm.false_alarm,
        _standing(point, point.outside),
        _standing(point, point.outside_adjusted),
    )


def _numbers_outside(low: int | None, high: int | None) -> str:
    """ "2 or fewer, 9 or more"; nothing where no number is small or large enough."""
    words = [
        *([] if low is None else [f"≤ {low}"]),
        *([] if high is None else [f"≥ {high}"]),
    ]
    return ", ".join(words) or "none"


def _standing(point: FunnelPoint, level: float | None) -> str:
    if level is None:
        return "within"
    above = point.z is not None and point.z > 0
    return f"{'above' if above else 'below'} {100 * level:g} %"


def behind(
    indicator: Indicator, centre: str, found: Sequence[CentreEvent]
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    failed = tuple(sorted(one.event_id for one in found if indicator.fails(one)))
    yield (centre, "numerator"), failed
    yield (centre, "denominator"), tuple(sorted(one.event_id for one in found))


def targets_table(all_measured: Sequence[Measured]) -> Table:
    return TARGETS.filled(
        rows=[
            (
                one.indicator.key,
                one.indicator.label,
                len(one.events),
                len(one.shown),
                one.funnel.target if one.compared else None,
                one.funnel.phi if one.compared else None,
                one.funnel.tau if one.compared else None,
                None if one.compared else "nothing to compare",
            )
            for one in all_measured
        ],
        cells={},
    )


def funnel_curve(one: Measured) -> Curve | None:
    """The limits as they are drawn; None where nothing is compared."""
    if not one.compared:
        return None
    widest = max(len(one.events[centre]) for centre in one.shown)
    step = max(1, widest // MOST_LIMITS)
    along = list(range(1, widest + step, step))
    points = [
        (
            of,
            *(
                value
                for limits in at
                for value in (
                    None if limits.low is None else limits.low / of,
                    None if limits.high is None else limits.high / of,
                )
            ),
        )
        for of, at in zip(along, limits_along(one.funnel, along), strict=True)
    ]
    names = [f"{side}_{level:g}" for level in LEVELS for side in ("low", "high")]
    return Curve(
        key=f"funnel_{one.indicator.key}",
        label=f"Limits: {one.indicator.label}",
        columns=("denominator", *names),
        points=tuple(points),
    )
