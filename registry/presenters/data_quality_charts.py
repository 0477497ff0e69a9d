"""The charts of data quality: what is answered, by whom, and what is open since when."""

from typing import Any

import altair as alt

from registry.audit.ascertainment_tables import ASCERTAINMENT
from registry.audit.open_queries import AGE_BANDS, AGE_UNKNOWN
from registry.audit.quality_tables import CENTRES, COMPLETENESS, COMPLETENESS_BY_CENTRE, QUERIES

from .audit_words import Result, interval, percent
from .chart_parts import Chart, Medium, Spec, address, whole_ticks
from .stacked_bars import Bar, Part, stacked

ANSWERS = {
    "given": Part("answered", "#34449a", "#34449a"),
    "unknown": Part("unknown", "#b9c1e2", "#34449a"),
    "missing": Part("unanswered", "#ffffff", "#D55E00"),
}
COMPLETE = {
    "complete": Part("nothing unanswered", "#34449a", "#34449a"),
    "rest": Part("something unanswered", "#ffffff", "#D55E00"),
}
AGES = {
    "up_to_30": Part("up to 30 days", "#d5daee", "#34449a"),
    "up_to_90": Part("31 to 90 days", "#a3aed8", "#34449a"),
    "up_to_365": Part("91 to 365 days", "#6472b6", "#34449a"),
    "over_365": Part("over a year", "#1f2a66", "#1f2a66"),
    AGE_UNKNOWN: Part("age unknown", "#ffffff", "#595959"),
}

SIDES = {
    "only_listed": Part("listed, not logged", "#ffffff", "#D55E00"),
    "both": Part("in both", "#34449a", "#34449a"),
    "only_logged": Part("logged, not listed", "#b9c1e2", "#34449a"),
}


def charts(result: Result, medium: Medium) -> list[Chart]:
    """Nothing where nothing was asked."""
    drawn = []
    questions = [row for row in _rows(result, COMPLETENESS.key) if row["asked"]]
    if questions:
        drawn.append(
            Chart(
                "completeness",
                "Answers to each mandatory question",
                "Each bar is all that had to be asked, n beside the name: answered, said to be "
                "unknown, unanswered. At the right the share answered with its exact 95 % "
                "interval (Clopper-Pearson). A short line is the share of one centre, where there "
                "are several.",
                _completeness(result, questions, medium),
                COMPLETENESS.key,
                wide=True,
            )
        )
    centres = _rows(result, CENTRES.key)
    if centres:
        drawn.append(
            Chart(
                "centres",
                "Patients without an unanswered question, by centre",
                "At the right the share with its exact 95 % interval (Clopper-Pearson). "
                "Unadjusted: who logs more is asked more.",
                _centres(centres, medium),
                CENTRES.key,
                wide=True,
            )
        )
    queries = [row for row in _rows(result, QUERIES.key) if row["queries"]]
    if queries:
        drawn.append(
            Chart(
                "queries",
                "Open queries, and for how long",
                "Age at the cut-off, counted from the day the record was logged; how long two "
                "answers have contradicted each other is not known.",
                _queries(queries, medium),
                QUERIES.key,
                wide=True,
            )
        )
    theatres = [row for row in _rows(result, ASCERTAINMENT.key) if _in_either(row)]
    if theatres:
        drawn.append(
            Chart(
                "ascertainment",
                "Theatre lists and registry, both ways",
                "Each bar is every operation that one of the two holds, n beside the name. At the "
                "right what was logged of the list, with its exact 95 % interval "
                "(Clopper-Pearson). What neither holds is not in the bar.",
                _ascertainment(theatres, medium),
                ASCERTAINMENT.key,
                wide=True,
            )
        )
    return drawn


def _completeness(result: Result, questions: list[dict[str, Any]], medium: Medium) -> Spec:
    centres: dict[str, list[tuple[float, str]]] = {}
    for row in _rows(result, COMPLETENESS_BY_CENTRE.key):
        question = row["key"].removesuffix(f"_{row['centre']}")
        words = f"{row['centre']} (n={row['asked']})"
        centres.setdefault(question, []).append((row["value"], words))
    bars = [
        Bar(
            label=f"{row['label']} (n={row['asked']})",
            counts={part.label: row[key] for key, part in ANSWERS.items()},
            words=_share(row),
            cases={
                part.label: address(medium, f"{COMPLETENESS.key}.{row['key']}.{key}")
                for key, part in ANSWERS.items()
            },
            marks=centres.get(row["key"], ()),
        )
        for row in questions
    ]
    return stacked(bars, list(ANSWERS.values()), medium, axis=_share_axis(), share=True)


def _centres(rows: list[dict[str, Any]], medium: Medium) -> Spec:
    whole, rest = COMPLETE.values()
    bars = [
        Bar(
            label=f"{row['label']} (n={row['patients']})",
            counts={
                whole.label: row["complete"],
                rest.label: row["patients"] - row["complete"],
            },
            words=_share(row),
            cases={
                whole.label: address(medium, f"{CENTRES.key}.{row['key']}.complete"),
                rest.label: address(medium, f"{CENTRES.key}.{row['key']}.patients"),
            },
        )
        for row in rows
    ]
    return stacked(bars, [whole, rest], medium, axis=_share_axis(), share=True)


def _queries(rows: list[dict[str, Any]], medium: Medium) -> Spec:
    bars = [
        Bar(
            label=row["label"],
            counts={AGES[key].label: row[key] for key in BANDS},
            words=f"n={row['queries']}",
            cases={
                AGES[key].label: address(medium, f"{QUERIES.key}.{row['key']}.{key}")
                for key in BANDS
            },
        )
        for row in rows
    ]
    longest = max(row["queries"] for row in rows)
    axis = alt.Axis(
        title="open queries", values=whole_ticks(longest), format="d", domain=False, ticks=False
    )
    return stacked(bars, list(AGES.values()), medium, axis=axis, share=False)


def _ascertainment(rows: list[dict[str, Any]], medium: Medium) -> Spec:
    bars = [
        Bar(
            label=f"{row['label']} (n={_in_either(row)})",
            counts={part.label: row[key] for key, part in SIDES.items()},
            words=_share(row),
            cases={
                part.label: address(medium, f"{ASCERTAINMENT.key}.{row['key']}.{key}")
                for key, part in SIDES.items()
            },
        )
        for row in rows
    ]
    return stacked(bars, list(SIDES.values()), medium, axis=_share_axis(), share=True)


def _in_either(row: dict[str, Any]) -> int:
    return sum(int(row[key]) for key in SIDES)


BANDS = [*(key for key, _, _, _ in AGE_BANDS), AGE_UNKNOWN]


def _share(row: dict[str, Any]) -> str:
    limits = interval(row["value_lower"], row["value_upper"])
    return f"{percent(row['value'])} ({limits})" if limits else percent(row["value"])


def _share_axis() -> alt.Axis:
    return alt.Axis(
        title="share", values=[0, 0.25, 0.5, 0.75, 1], labelExpr="datum.value * 100 + ' %'",
        domain=False, ticks=False,
    )  # fmt: skip


def _rows(result: Result, key: str) -> list[dict[str, Any]]:
    table = next(table for table in result["tables"] if table["key"] == key)
    return [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
