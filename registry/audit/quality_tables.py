"""The tables of completeness and of what is open."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Final

from .completeness import QuestionCount, label_of, question_counts, unit_of
from .facts import PatientFacts
from .intervals import proportion
from .open_queries import (
    AGE_BANDS,
    AGE_UNKNOWN,
    CONTRADICTION_LABELS,
    KIND_LABELS,
    QueryKind,
    age_band,
    queries_of,
)
from .protocol import Column, Form, TableDescription
from .query_facts import QueryFacts
from .result import Cell, Table
from .selection import Period

Ids = tuple[str, ...]

_ANSWERS: Final = (
    Column("asked", "Asked", counts=True),
    Column("given", "Answered", counts=True),
    Column("unknown", "Unknown", counts=True),
    Column("missing", "Unanswered", counts=True),
    Column("value", "Share answered", form=Form.PERCENT),
    Column("value_lower", "95 % interval", form=Form.PERCENT),
    Column("value_upper", "Upper limit", form=Form.PERCENT),
)

SHORT: Final = {
    QueryKind.UNANSWERED: "Unanswered",
    QueryKind.CONTRADICTION: "Contradictions",
    QueryKind.NOT_READ: "Not read",
    QueryKind.WITHOUT_IMAGES: "Without images",
    QueryKind.UNSIGNED_DRAFT: "Not signed",
    QueryKind.READS_DIFFER: "Reads differ",
}

COMPLETENESS: Final = TableDescription(
    key="completeness",
    label="Answers to each mandatory question",
    columns=(
        Column("key", "Key"),
        Column("label", "Question"),
        Column("unit", "Asked of"),
        *_ANSWERS,
    ),
    note=(
        "Answered, unknown and unanswered add up to asked. Exact 95 % intervals "
        "(Clopper-Pearson); a question that applied to nothing has no share."
    ),
)

COMPLETENESS_BY_CENTRE: Final = TableDescription(
    key="completeness_by_centre",
    label="Answers to each mandatory question, by centre",
    columns=(
        Column("key", "Key"),
        Column("label", "Question"),
        Column("centre", "Centre"),
        *(replace(column, unit="records") if column.counts else column for column in _ANSWERS),
    ),
    note="Only where a question was asked. Unadjusted: centres differ in what they log.",
)

CENTRES: Final = TableDescription(
    key="centres",
    label="Records by centre",
    columns=(
        Column("key", "Key"),
        Column("label", "Centre"),
        Column("patients", "Patients", counts=True, unit="patients"),
        Column("complete", "Nothing unanswered", counts=True, unit="patients"),
        Column("value", "Share of patients", form=Form.PERCENT),
        Column("value_lower", "95 % interval", form=Form.PERCENT),
        Column("value_upper", "Upper limit", form=Form.PERCENT),
    ),
    note="Exact 95 % intervals (Clopper-Pearson). Unadjusted: who logs more is asked more.",
)

QUERIES_BY_CENTRE: Final = TableDescription(
    key="queries_by_centre",
    label="Open queries by centre",
    columns=(
        Column("key", "Key"),
        Column("label", "Centre"),
        *(Column(kind.value, SHORT[kind], counts=True, unit="queries") for kind in QueryKind),
        Column("queries", "Open queries", counts=True, unit="queries"),
    ),
)

_AGES: Final = (
    *(Column(key, label, counts=True, unit="queries")
      for key, label, _, _ in AGE_BANDS),
    Column(AGE_UNKNOWN, "Age unknown", counts=True, unit="queries"),
    Column("queries", "Open queries", counts=True, unit="queries"),
)  # fmt: skip

QUERIES: Final = TableDescription(
    key="queries",
    label="Open queries by age",
    columns=(Column("key", "Key"), Column("label", "Kind"), *_AGES),
    note="Age at the cut-off. A patient may have several queries.",
)

CONTRADICTIONS: Final = TableDescription(
    key="contradictions",
    label="Contradictions between answers",
    columns=(
        Column("key", "Key"),
        Column("label", "What contradicts"),
        Column("queries", "Contradictions", counts=True, unit="queries"),
    ),
    note="A contradiction accuses nobody: one of two answers is to be looked at.",
)


def completeness_table(counts: dict[str, QuestionCount]) -> Table:
    """Every question, also one that applied to nothing: that is then a statement."""
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for key, count in counts.items():
        rows.append((key, label_of(key), unit_of(key), *_answers(key, count, cells)))
    return COMPLETENESS.filled(rows=rows, cells=cells)


def completeness_by_centre_table(patients: Sequence[PatientFacts], period: Period) -> Table:
    """Nothing where there is one centre: the other table says it then."""
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    by_centre = {
        centre: question_counts((one for one in patients if one.centre == centre), period)
        for centre in centres_of(patients)
    }
    for question in next(iter(by_centre.values()), {}) if len(by_centre) > 1 else ():
        for centre, counts in by_centre.items():
            count = counts.get(question, QuestionCount())
            if count.asked:
                key = f"{question}_{centre}"
                words = (key, label_of(question), centre)
                rows.append((*words, *_answers(key, count, cells)))
    return COMPLETENESS_BY_CENTRE.filled(rows=rows, cells=cells)


def centres_table(patients: Sequence[PatientFacts], complete: frozenset[str]) -> Table:
    """One row for each centre; `complete` are the patients with nothing unanswered."""
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for centre in centres_of(patients):
        here = [one for one in patients if one.centre == centre]
        counted = sorted(one.patient_id for one in here)
        whole = [one for one in counted if one in complete]
        share = proportion(
            key=centre,
            label=centre,
            numerator=len(whole),
            denominator=len(counted),
            unit="patients",
        )
        cells |= {(centre, "patients"): tuple(counted), (centre, "complete"): tuple(whole)}
        limits = (share.value, share.lower, share.upper)
        rows.append((centre, centre, len(counted), len(whole), *limits))
    return CENTRES.filled(rows=rows, cells=cells)


def queries_by_centre_table(patients: Sequence[PatientFacts], period: Period) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for centre in centres_of(patients):
        found: dict[str, list[str]] = defaultdict(list)
        for one in queries_of((one for one in patients if one.centre == centre), period):
            found[one.kind].append(one.fact_id)
        by_kind = {kind: tuple(sorted(found[kind.value])) for kind in QueryKind}
        here = tuple(sorted(chain.from_iterable(found.values())))
        cells |= {(centre, kind.value): ids for kind, ids in by_kind.items()}
        cells[centre, "queries"] = here
        rows.append((centre, centre, *map(len, by_kind.values()), len(here)))
    return QUERIES_BY_CENTRE.filled(rows=rows, cells=cells)


def queries_table(queries: Sequence[QueryFacts], as_of: date) -> Table:
    bands = [*(key for key, _, _, _ in AGE_BANDS), AGE_UNKNOWN]
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in queries:
        found[one.kind, age_band(one, as_of)].append(one.fact_id)
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for kind in QueryKind:
        by_age = {band: tuple(sorted(found[kind.value, band])) for band in bands}
        of_kind = tuple(sorted(chain.from_iterable(by_age.values())))
        cells |= {(kind.value, band): ids for band, ids in by_age.items()}
        cells[kind.value, "queries"] = of_kind
        rows.append((kind.value, KIND_LABELS[kind], *map(len, by_age.values()), len(of_kind)))
    return QUERIES.filled(rows=rows, cells=cells)


def contradictions_table(queries: Sequence[QueryFacts]) -> Table:
    """Those that occur; a code of a newer registry stands as it is."""
    found: dict[str, list[QueryFacts]] = {}
    for one in queries:
        if one.kind == QueryKind.CONTRADICTION:
            found.setdefault(one.detail, []).append(one)
    order = sorted(found, key=lambda code: (-len(found[code]), code))
    return CONTRADICTIONS.filled(
        rows=[(code, CONTRADICTION_LABELS.get(code, code), len(found[code])) for code in order],
        cells={(code, "queries"): _ids(found[code]) for code in order},
    )


def centres_of(patients: Sequence[PatientFacts]) -> list[str]:
    return sorted({one.centre for one in patients})


def _answers(key: str, count: QuestionCount, cells: dict[tuple[str, str], Ids]) -> tuple[Cell, ...]:
    for name in ("asked", "given", "unknown", "missing"):
        cells[key, name] = tuple(sorted(getattr(count, name)))
    share = proportion(
        key=key, label=key, numerator=len(count.given), denominator=len(count.asked), unit=""
    )
    numbers = (len(count.asked), len(count.given), len(count.unknown), len(count.missing))
    return (*numbers, share.value, share.lower, share.upper)


def _ids(queries: Iterable[QueryFacts]) -> Ids:
    return tuple(sorted(one.fact_id for one in queries))
