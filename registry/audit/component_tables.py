"""The tables of device survival: rates, freedom, incidence, comparisons, repeated revisions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .aalen_johansen import cumulative_incidence
from .component_course import END_LABELS, REVISED, Course, End, follow_up, revised
from .component_groups import Group
from .event_rates import event_rate
from .follow_up import FollowUp
from .gray import gray
from .kaplan_meier import SurvivalCurve, kaplan_meier
from .log_rank import log_rank
from .mean_cumulative import MeanCurve
from .protocol import Column, Form, TableDescription
from .result import Cell, Table

MINIMUM_AT_RISK: Final = 20
"""As Medtronic's registry shows its curves [own] (domain reference, section 6.3)."""

SUPPRESSED: Final = (
    f"A dash: fewer than {MINIMUM_AT_RISK} were under observation on that day [own]."
)

YEARS: Final = (1, 3, 5)
"""Years after implantation at which tables read a curve."""


def day_of(years: int) -> int:
    """Years of 365.25 days, as the rates have them."""
    return round(years * 365.25)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An event of a component: what of a `Course` it is, and as which cause it is counted."""

    key: str
    label: str
    ends: frozenset[End]
    observed: Callable[[Sequence[Course]], FollowUp]

    def members(self, courses: Sequence[Course]) -> tuple[str, ...]:
        return tuple(sorted(one.component.component_id for one in courses if one.end in self.ends))

    def curve(self, courses: Sequence[Course]) -> SurvivalCurve:
        return kaplan_meier(self.observed(courses), cause=1)


REVISION: Final = Endpoint("revision", "any-cause revision", REVISED, revised)
FAILURE: Final = Endpoint("failure", "device failure", frozenset({End.FAILURE}), follow_up)
ENDPOINTS: Final = (REVISION, FAILURE)


def _over_years(stem: str, words: str) -> tuple[Column, ...]:
    return tuple(
        column
        for years in YEARS
        for column in (
            Column(f"{stem}_{years}", f"{words} {years} y", form=Form.PERCENT),
            Column(f"{stem}_{years}_lower", "95 % interval", form=Form.PERCENT),
            Column(f"{stem}_{years}_upper", "Upper limit", form=Form.PERCENT),
        )
    )


RATES: Final = TableDescription(
    key="rates",
    label="Revisions per 100 component-years",
    columns=(
        Column("key", "Key"),
        Column("label", "Components"),
        Column("components", "n", counts=True),
        Column("years", "Component-years", form=Form.RATIO),
        Column("revised", "Revised", counts=True),
        Column("rate", "per 100 years", form=Form.RATIO),
        Column("rate_lower", "95 % interval", form=Form.RATIO),
        Column("rate_upper", "Upper limit", form=Form.RATIO),
        Column("failed", "Failed", counts=True),
        Column("failure_rate", "per 100 years", form=Form.RATIO),
        Column("failure_rate_lower", "95 % interval", form=Form.RATIO),
        Column("failure_rate_upper", "Upper limit", form=Form.RATIO),
    ),
    note=(
        "Exact Poisson intervals (Garwood). A rate supposes that the hazard does not change with "
        "the age of the component; a battery's does, so read it with the curve."
    ),
)


def _freedom(endpoint: str, label: str, words: str) -> TableDescription:
    return TableDescription(
        key=f"free_of_{endpoint}",
        label=label,
        columns=(
            Column("key", "Key"),
            Column("label", "Components"),
            Column("components", "n", counts=True),
            Column("events", words, counts=True),
            *_over_years("free", "Free,"),
            Column("at_risk_5", "At risk, 5 y"),
        ),
        note=f"Kaplan-Meier, log-log intervals, delayed entry. {SUPPRESSED}",
    )


FREEDOM: Final = {
    REVISION.key: _freedom(REVISION.key, "Free of any-cause revision", "Revised"),
    FAILURE.key: _freedom(FAILURE.key, "Free of device failure", "Failed"),
}

INCIDENCE: Final = TableDescription(
    key="incidence",
    label="What ends a component: cumulative incidence",
    columns=(
        Column("key", "Key"),
        Column("label", "Component and reason"),
        Column("events", "Events", counts=True),
        *_over_years("incidence", "By"),
    ),
    note=(
        "Aalen-Johansen: the share that has ended in this way, all other ends happening as they "
        "do; together with those still in place they add up to 100 %. Complementary log-log "
        f"intervals. {SUPPRESSED}"
    ),
)

COMPARISONS: Final = TableDescription(
    key="comparisons",
    label="Do the groups differ?",
    columns=(
        Column("key", "Key"),
        Column("label", "Comparison"),
        Column("groups", "Groups"),
        Column(
            "log_rank", "Log-rank \N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}", form=Form.RATIO
        ),
        Column("log_rank_p", "p", form=Form.P_VALUE),
        Column("gray", "Gray \N{GREEK SMALL LETTER CHI}\N{SUPERSCRIPT TWO}", form=Form.RATIO),
        Column("gray_p", "p", form=Form.P_VALUE),
        Column("why", "Why undefined"),
    ),
    note=(
        "Unadjusted. The log-rank test compares hazards and censors other ends, Gray's compares "
        "cumulative incidences. Gray's is defined without delayed entry only, and neither where no "
        "two groups had events to compare."
    ),
)

REPEATED: Final = TableDescription(
    key="repeated",
    label="Repeated revisions of one patient",
    columns=(
        Column("key", "Key"),
        Column("label", "By"),
        Column("at_risk", "Patients under observation"),
        Column("revisions", "Revisions so far"),
        Column("mean", "Mean per patient", form=Form.RATIO),
        Column("mean_lower", "95 % interval", form=Form.RATIO),
        Column("mean_upper", "Upper limit", form=Form.RATIO),
    ),
    note=(
        "Mean cumulative function (Nelson) since the first component; the variance is robust, "
        "since revisions of one patient depend on each other. A revision is a day on which any "
        f"component was removed, replaced or moved. {SUPPRESSED}"
    ),
)


def rates_table(groups: Sequence[Group]) -> Table:
    """Rates of both endpoints over the same component-years."""
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for group in groups:
        days = sum(one.days for one in group.courses)
        row: list[Cell] = [group.key, group.label, len(group.courses), days / 365.25]
        cells[group.key, "components"] = group.ids
        for endpoint, column in ((REVISION, "revised"), (FAILURE, "failed")):
            members = endpoint.members(group.courses)
            cells[group.key, column] = members
            # Who left on the day of implantation spent no time, and may be the only one.
            rate = event_rate(len(members), days) if days else None
            row += [len(members)]
            row += [rate.value, rate.lower, rate.upper] if rate else [None, None, None]
        rows.append(tuple(row))
    return RATES.filled(rows, cells)


def freedom_table(
    endpoint: Endpoint, curves: Mapping[str, SurvivalCurve], groups: Sequence[Group]
) -> Table:
    """Freedom from an endpoint, read at some years."""
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for group in groups:
        members = endpoint.members(group.courses)
        row: list[Cell] = [group.key, group.label, len(group.courses), len(members)]
        for years in YEARS:
            at = curves[group.key].at(day_of(years), minimum_at_risk=MINIMUM_AT_RISK)
            row += [at.value, at.lower, at.upper]
        row.append(curves[group.key].follow_up.at_risk_on([day_of(YEARS[-1])])[0])
        rows.append(tuple(row))
        cells[group.key, "components"] = group.ids
        cells[group.key, "events"] = members
    return FREEDOM[endpoint.key].filled(rows, cells)


def incidence_table(groups: Sequence[Group]) -> Table:
    """Every end of every kind; a reason nobody had is left out."""
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for group in groups:
        observed = follow_up(group.courses)
        for end, label in END_LABELS.items():
            members = tuple(
                sorted(one.component.component_id for one in group.courses if one.end is end)
            )
            if not members:
                continue
            curve = cumulative_incidence(observed, cause=int(end))
            row: list[Cell] = [f"{group.key}-{end.name.lower()}", f"{group.label}: {label.lower()}"]
            row.append(len(members))
            for years in YEARS:
                at = curve.at(day_of(years), minimum_at_risk=MINIMUM_AT_RISK)
                row += [at.value, at.lower, at.upper]
            rows.append(tuple(row))
            cells[f"{group.key}-{end.name.lower()}", "events"] = members
    return INCIDENCE.filled(rows, cells)


def comparisons_table(divisions: Mapping[str, tuple[str, Sequence[Group]]]) -> Table:
    """Log-rank and Gray's test of each division into two groups or more."""
    rows: list[tuple[Cell, ...]] = []
    for key, (label, groups) in divisions.items():
        if len(groups) < 2:
            continue
        for endpoint in ENDPOINTS:
            observed = {group.key: endpoint.observed(group.courses) for group in groups}
            ranks = log_rank(observed, cause=1)
            late = any(one.delayed for one in observed.values())
            grays = None if late else gray(observed, cause=1)
            why = "delayed entry" if late else None
            if ranks.statistic is None:
                why = "too few events to compare"
            rows.append(
                (
                    f"{key}-{endpoint.key}",
                    f"{label}: {endpoint.label}",
                    len(groups),
                    *(ranks.statistic, ranks.p_value),
                    *((None, None) if grays is None else (grays.statistic, grays.p_value)),
                    why,
                )
            )
    return COMPARISONS.filled(rows, {})


def repeated_table(curve: MeanCurve) -> Table:
    """The mean cumulative function, read at some years."""
    rows: list[tuple[Cell, ...]] = []
    for years in (*YEARS, 7, 10):
        day = day_of(years)
        at_risk = curve.follow_up.at_risk_on([day])[0]
        before = [point for point in curve.points if point.day <= day]
        last = before[-1] if before else None
        shown = at_risk >= MINIMUM_AT_RISK
        rows.append(
            (
                f"year_{years}",
                f"{years} {'year' if years == 1 else 'years'}",
                at_risk,
                sum(point.events for point in before) if shown else None,
                (last.mean if last else 0.0) if shown else None,
                last.lower if shown and last else None,
                last.upper if shown and last else None,
            )
        )
    return REPEATED.filled(rows, {})
