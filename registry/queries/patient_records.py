"""Everything that is logged of one patient, fetched in a fixed number of questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any, Final, Self

from django.db.models import Model

from registry.models import (
    Adjudication,
    Component,
    ContrastStudy,
    ImagingFinding,
    ImagingFindingSite,
    IntraoperativeFinding,
    MaskedReread,
    OutcomeReview,
    Patient,
    PresentingSign,
    Procedure,
    Read,
    ReadingAssignment,
    RevisionCase,
    RevisionSurgery,
    StudyLink,
)


@dataclass(frozen=True)
class PatientRecords:
    """The patient with cases, studies, reads, operations and components.

    Rules take cases and components for models. What `fetched` finds has only the columns of
    `RECORDS`; whole models of a registry would take twice as long, and hold each other in memory.
    """

    patient: Patient
    cases: list[RevisionCase]
    components: list[Component]


@dataclass(frozen=True)
class Table:
    """Records that hang on others.

    Attributes
    ----------
    name, key
        The name of them at the record they hang on, and their key to it.
    columns
        What rules look at.
    is_one
        Whether there is one of them at most, which then stands there itself.
    """

    model: type[Model]
    name: str
    key: str
    columns: str = ""
    holds: tuple["Table", ...] = ()
    is_one: bool = False


class Rows(list[Any]):
    """Records at another, as a related manager gives them."""

    def all(self) -> Self:
        return self


READS: Final = Table(
    Read, "reads", "contrast_study",
    "reader_id source signed_at masked_reread_id supersedes_id adequacy certainty tip_level "
    "extent_mm extent_from_level extent_to_level",
    (
        Table(
            ImagingFinding, "findings", "read", "code is_primary",
            (Table(ImagingFindingSite, "sites", "finding", "code"),),
        ),
        Table(MaskedReread, "queued_again", "first_read", "public_id due_at", is_one=True),
    ),
)  # fmt: skip
STUDIES: Final = Table(
    ContrastStudy, "contrast_studies", "case",
    "public_id created_at performed_on outcome needle next_step aspiration aspirated_ml "
    "contrast_injected contrast_product contrast_ml delay_min",
    (
        READS,
        Table(StudyLink, "study_links", "contrast_study", "created_at"),
        Table(Adjudication, "adjudications", "contrast_study", "signed_at"),
        Table(ReadingAssignment, "reading_assignments", "contrast_study", "reader_id"),
    ),
)  # fmt: skip
SURGERIES: Final = Table(
    RevisionSurgery, "surgeries", "case", "public_id created_at performed_on indication urgency",
    (
        Table(Procedure, "procedures", "surgery"),
        Table(IntraoperativeFinding, "findings", "surgery", "status code how_proven"),
        Table(OutcomeReview, "reviews", "surgery", "time"),
    ),
)  # fmt: skip
RECORDS: Final = (
    Table(
        RevisionCase, "cases", "patient",
        "public_id created_at opened_on closed_on trigger outcome withdrawal_severity",
        (Table(PresentingSign, "presenting_signs", "case"), STUDIES, SURGERIES),
    ),
    Table(
        Component, "components", "patient",
        "public_id created_at kind model model_text serial_number implanted_on "
        "implanted_on_precision removed_on removal_reason length_cm trimmed_cm reservoir_ml "
        "second_pump_declared placed_by__performed_on removed_by__performed_on",
    ),
)  # fmt: skip


def fetched(*, patient_pks: Sequence[int]) -> list[PatientRecords]:
    """For rules that are worked out with a change, whoever makes it; in the order of the keys."""
    patients = Patient.objects.in_bulk(patient_pks)
    held = {pk: SimpleNamespace() for pk in patient_pks}
    for table in RECORDS:
        _fetch(table, held)
    for one in held.values():
        for component in one.components:
            component.placed_by = _operation(component.placed_by__performed_on)
            component.removed_by = _operation(component.removed_by__performed_on)
    return [PatientRecords(patients[pk], held[pk].cases, held[pk].components) for pk in patient_pks]


def _fetch(table: Table, at: dict[int, SimpleNamespace]) -> None:
    """Put the records of this table, and what hangs on them, at those they hang on."""
    if not at:
        return
    if not table.is_one:
        for one in at.values():
            setattr(one, table.name, Rows())
    key = f"{table.key}_id"
    rows = table.model._default_manager.filter(**{f"{table.key}__in": list(at)})
    found: dict[int, SimpleNamespace] = {}
    for row in rows.values("pk", key, *table.columns.split()):
        found[row["pk"]] = one = SimpleNamespace(**row)
        if table.is_one:
            setattr(at[row[key]], table.name, one)
        else:
            getattr(at[row[key]], table.name).append(one)
    for held in table.holds:
        _fetch(held, found)


def _operation(performed_on: date | None) -> SimpleNamespace | None:
    return None if performed_on is None else SimpleNamespace(performed_on=performed_on)
