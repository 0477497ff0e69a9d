"""What a reader of accuracy must know about the studies behind it."""

from collections.abc import Callable, Mapping
from typing import Final

from .counted_studies import CountedStudy
from .protocol import Column, TableDescription
from .reference import Reference, partly_explored
from .result import Table

STUDY_NOTES: Final = TableDescription(
    key="study_notes",
    label="Notes on the data",
    columns=(
        Column("key", "Key"),
        Column("label", "Note"),
        Column("studies", "Studies", counts=True),
    ),
    note="Every row counts studies; a study may be in several rows.",
)


def study_notes_table(studies: Mapping[str, CountedStudy]) -> Table:
    """One row per note, also when it concerns nothing: 0 is then a statement."""
    found = {
        key: tuple(sorted(study_id for study_id, one in studies.items() if concerns(one)))
        for key, (_, concerns) in NOTES.items()
    }
    return STUDY_NOTES.filled(
        rows=[(key, NOTES[key][0], len(members)) for key, members in found.items()],
        cells={(key, "studies"): members for key, members in found.items()},
    )


def _of_clustered(one: CountedStudy) -> bool:
    return len(one.patient.studies) > 1


NOTES: Final[dict[str, tuple[str, Callable[[CountedStudy], bool]]]] = {
    "synthetic": ("Record contains synthetic values", lambda one: one.patient.synthetic),
    "several_of_patient": ("Patient has several studies", _of_clustered),
    "several_reads": (
        "Several signed reads, none adjudicated; the first is counted",
        lambda one: one.read is not None and not one.read.adjudicates and len(one.study.reads) > 1,
    ),
    "adjudicated": (
        "Reads differed; the adjudication is counted",
        lambda one: one.read is not None and one.read.adjudicates != (),
    ),
    "read_not_blind": (
        "Read signed on or after the day of the operation: not blind",
        lambda one: one.verified and one.pair is not None and one.pair.blind is False,
    ),
    "surgeon_knew": (
        "Surgeon knew the result of the CT",
        lambda one: (
            one.verified and one.pair is not None and one.pair.surgery.imaging_known is True
        ),
    ),
    "partly_explored": (
        "No defect found, but only a part of the catheter was explored",
        lambda one: (
            one.reference is Reference.NO_DEFECT
            and one.pair is not None
            and partly_explored(one.pair.surgery)
        ),
    ),
    "several_candidates": (
        "Operation could have verified several studies; the latest is taken",
        lambda one: one.pair is not None and len(one.pair.others) > 0,
    ),
}
