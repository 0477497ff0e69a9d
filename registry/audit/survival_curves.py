"""Lines over time as a result prints them: suppressed where few are at risk."""

from collections.abc import Mapping, Sequence
from typing import Final

from .aalen_johansen import IncidenceCurve
from .component_tables import MINIMUM_AT_RISK, day_of
from .follow_up import FollowUp
from .kaplan_meier import SurvivalCurve
from .mean_cumulative import MeanCurve
from .protocol import Column, TableDescription
from .result import Cell, Curve, Table

MOST_POINTS: Final = 300
"""Of a line with more steps every n-th and the last are printed; each printed point is exact."""

COLUMNS: Final = ("day", "at_risk", "events", "value", "lower", "upper")

RISK_YEARS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15)

AT_RISK: Final = TableDescription(
    key="at_risk",
    label="Numbers at risk",
    columns=(
        Column("key", "Key"),
        Column("label", "Components"),
        *(Column(f"year_{years}", f"{years} y") for years in RISK_YEARS),
    ),
    note=(
        "Under observation so many years after implantation. With delayed entry the numbers may "
        f"rise. No curve is drawn where fewer than {MINIMUM_AT_RISK} are at risk [own]."
    ),
)


def at_risk_table(observed: Mapping[str, tuple[str, FollowUp]]) -> Table:
    """By key of the group: its label, and who was watched how long."""
    days = [day_of(years) for years in RISK_YEARS]
    return AT_RISK.filled(
        [(key, label, *one.at_risk_on(days)) for key, (label, one) in observed.items()], {}
    )


def survival_line(key: str, label: str, curve: SurvivalCurve) -> Curve:
    """Freedom from an event; from 1 on day 0, if enough are watched from the start."""
    points = [
        (one.day, one.at_risk, one.events, one.survival, one.lower, one.upper)
        for one in curve.shown(MINIMUM_AT_RISK)
    ]
    return _line(key, label, points, curve.follow_up, start=1.0)


def incidence_line(key: str, label: str, curve: IncidenceCurve) -> Curve:
    """Cumulative incidence of one cause among others."""
    points = [
        (one.day, one.at_risk, one.events, one.incidence, one.lower, one.upper)
        for one in curve.shown(MINIMUM_AT_RISK)
    ]
    return _line(key, label, points, curve.follow_up, start=0.0)


def mean_line(key: str, label: str, curve: MeanCurve) -> Curve:
    """Mean number of events."""
    points = [
        (one.day, one.at_risk, one.events, one.mean, one.lower, one.upper)
        for one in curve.shown(MINIMUM_AT_RISK)
    ]
    return _line(key, label, points, curve.follow_up, start=0.0)


Point = tuple[int, int, int, float, float | None, float | None]


def _line(
    key: str, label: str, points: Sequence[Point], follow_up: FollowUp, *, start: float
) -> Curve:
    """The first point stands where watching starts, the last where it ends, event or not."""
    days = (follow_up.at_risk >= MINIMUM_AT_RISK).nonzero()[0]
    kept: list[tuple[Cell, ...]] = []
    if days.size:
        every = -(-len(points) // MOST_POINTS) or 1
        kept = [one for place, one in enumerate(points, start=1) if place % every == 0]
        if points and kept[-1:] != [points[-1]]:
            kept.append(points[-1])
        if days[0] == 0 and (not points or points[0][0] > 0):
            kept.insert(0, (0, int(follow_up.at_risk[0]), 0, start, None, None))
        last = int(days[-1])
        if kept and kept[-1][0] != last:
            kept.append((last, int(follow_up.at_risk[last]), 0, *kept[-1][3:]))
    return Curve(key=key, label=label, columns=COLUMNS, points=tuple(kept))
