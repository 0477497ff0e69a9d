"""What a reader of the numbers must know about the data behind them.

Every note counts patients, so that each can be opened.
"""

from collections.abc import Callable, Mapping
from typing import Final

from .codes import Finding, StudyOutcome
from .index_study import NOT_READ, IndexedPatient
from .protocol import Column, TableDescription
from .result import Table

DATA_NOTES: Final = TableDescription(
    key="data_notes",
    label="Notes on the data",
    columns=(
        Column("key", "Key"),
        Column("label", "Note"),
        Column("patients", "Patients", counts=True),
    ),
    note="Every row counts patients; a patient may be in several rows.",
)


IF_ANY: Final = frozenset({"adjudicated"})


def data_notes_table(cohort: Mapping[str, IndexedPatient]) -> Table:
    """One row per note, also when it concerns nobody: 0 is then a statement.

    Those of `IF_ANY` are printed where they concern somebody, so that reports from before them
    still come out the same.
    """
    found = {
        key: tuple(sorted(one for one, indexed in cohort.items() if concerns(indexed)))
        for key, (_, concerns) in _NOTES.items()
    }
    found = {key: members for key, members in found.items() if members or key not in IF_ANY}
    return DATA_NOTES.filled(
        rows=[(key, _NOTES[key][0], len(members)) for key, members in found.items()],
        cells={(key, "patients"): members for key, members in found.items()},
    )


def _index_is_not_first(one: IndexedPatient) -> bool:
    return one.index is not None and one.index != one.studies[0]


def _several_reads(one: IndexedPatient) -> bool:
    completed = one.index is not None and one.index.outcome == StudyOutcome.COMPLETED
    if one.index is None or not completed or _adjudicated(one):
        return False
    return len(one.index.reads) > 1


def _adjudicated(one: IndexedPatient) -> bool:
    return one.read is not None and one.read.adjudicates != ()


def _leak_without_site(one: IndexedPatient) -> bool:
    return one.result == Finding.LEAK and one.read is not None and not one.read.leak_sites


def _read_not_blind(one: IndexedPatient) -> bool:
    return one.pair is not None and one.read is not None and one.pair.blind is False


_NOTES: Final[dict[str, tuple[str, Callable[[IndexedPatient], bool]]]] = {
    "synthetic": ("Record contains synthetic values", lambda one: one.patient.synthetic),
    "several_studies": (
        "Several studies in the period; one is counted",
        lambda one: len(one.studies) > 1,
    ),
    "index_not_first": (
        "Counted with a later study, because an operation verifies it",
        _index_is_not_first,
    ),
    "not_read": (
        "Completed study without a signed read",
        lambda one: one.result == NOT_READ,
    ),
    "several_reads": (
        "Several signed reads of the counted study; the first is counted",
        _several_reads,
    ),
    "adjudicated": (
        "Reads of the counted study differed; the adjudication is counted",
        _adjudicated,
    ),
    "read_not_blind": (
        "Read signed on or after the day of the operation: not blind",
        _read_not_blind,
    ),
    "leak_site_not_recorded": ("Leak without a recorded site", _leak_without_site),
    "several_candidates": (
        "Operation could have verified several studies; the latest is taken",
        lambda one: one.pair is not None and len(one.pair.others) > 0,
    ),
    "surgery_without_study": (
        "Studied, with an operation that verifies no study",
        lambda one: one.index is not None and one.unpaired_surgeries > 0,
    ),
    "therapy_start_unknown": (
        "Start of therapy unknown; counted as in therapy",
        lambda one: one.patient.therapy_from is None,
    ),
    "study_outside_therapy": (
        "Study in the period, although therapy dates lie outside it",
        lambda one: not one.therapy_dates_fit,
    ),
}
