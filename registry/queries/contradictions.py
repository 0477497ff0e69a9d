"""What two answers of one patient say that cannot both be true, or hardly.

The rules are our own; they accuse nobody and change nothing, they make a line in a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_noop as _

from registry.models import Component, RevisionCase
from registry.queries.patient_records import PatientRecords
from registry.vocabulary import CaseOutcome, ComponentKind, DatePrecision, GmfcsLevel, YesNoUnknown

SENTENCES: Final = {
    "study_before_case": _("The contrast study was made before the case was opened."),
    "study_after_case": _("The contrast study was made after the case was closed."),
    "surgery_before_case": _("The operation was done before the case was opened."),
    "surgery_after_case": _("The operation was done after the case was closed."),
    "after_death": _("It happened after the day of death."),
    "before_birth": _("It happened before the year of birth."),
    "died_without_day": _(
        "The case ended with the death of the patient, but no day of death is recorded."
    ),
    "resolved_without_operation": _("The case was resolved by an operation, but none is logged."),
    "resolved_despite_operation": _(
        "The case was resolved without an operation, but one is logged."
    ),
    "implanted_on_another_day": _(
        "The component was implanted on another day than the operation that placed it."
    ),
    "removed_on_another_day": _(
        "The component was removed on another day than the operation that removed it."
    ),
    "pumps_overlap": _("Two pumps were in place at once, and a second pump is not declared."),
    "study_without_pump": _("No pump was in place on the day of the contrast study."),
    "trimmed_longer": _("More was trimmed off the catheter than it was long."),
    "walks_at_gmfcs_v": "The patient walks, but has GMFCS level V.",
}
"""Code of each contradiction to what it says."""


@dataclass(frozen=True)
class Contradiction:
    """`about` is the record whose page shows it; `on` is the day in question."""

    code: str
    on: date
    about: UUID
    case_id: int | None = None


def contradictions(records: PatientRecords) -> Iterator[Contradiction]:
    patient = records.patient
    if patient.ambulatory == YesNoUnknown.YES.value and patient.gmfcs == GmfcsLevel.LEVEL_V.value:
        yield Contradiction("walks_at_gmfcs_v", patient.created_at.date(), patient.public_id)
    for case in records.cases:
        yield from _of_case(case)
        if case.outcome == CaseOutcome.DIED.value and patient.died_on is None:
            yield Contradiction("died_without_day", case.opened_on, case.public_id, case.pk)
    for component in records.components:
        yield from _of_component(component)
    yield from _of_lifetime(records)
    yield from _of_pumps(records)


def _of_case(case: RevisionCase) -> Iterator[Contradiction]:
    surgeries = list(case.surgeries.all())
    happened = [("study", one.performed_on, one.public_id) for one in case.contrast_studies.all()]
    happened += [("surgery", one.performed_on, one.public_id) for one in surgeries]
    for word, day, about in happened:
        if day < case.opened_on:
            yield Contradiction(f"{word}_before_case", day, about, case.pk)
        if case.closed_on and day > case.closed_on:
            yield Contradiction(f"{word}_after_case", day, about, case.pk)
    if case.outcome == CaseOutcome.RESOLVED_BY_SURGERY.value and not surgeries:
        yield Contradiction("resolved_without_operation", case.opened_on, case.public_id, case.pk)
    if case.outcome == CaseOutcome.RESOLVED_WITHOUT_SURGERY.value and surgeries:
        yield Contradiction("resolved_despite_operation", case.opened_on, case.public_id, case.pk)


def _of_component(component: Component) -> Iterator[Contradiction]:
    to_the_day = component.implanted_on_precision == DatePrecision.DAY.value
    for code, day, surgery, exact in (
        ("implanted_on_another_day", component.implanted_on, component.placed_by, to_the_day),
        ("removed_on_another_day", component.removed_on, component.removed_by, True),
    ):
        if exact and day and surgery is not None and surgery.performed_on != day:
            yield Contradiction(code, day, component.public_id)
    length_cm, trimmed_cm = component.length_cm, component.trimmed_cm
    if length_cm is not None and trimmed_cm is not None and trimmed_cm > length_cm:
        yield Contradiction("trimmed_longer", _day_of(component), component.public_id)


def _of_lifetime(records: PatientRecords) -> Iterator[Contradiction]:
    born, died_on = records.patient.birth_year, records.patient.died_on
    happened: list[tuple[date, UUID, int | None]] = []
    for case in records.cases:
        happened.append((case.opened_on, case.public_id, case.pk))
        happened += [
            (one.performed_on, one.public_id, case.pk) for one in case.contrast_studies.all()
        ]
        happened += [(one.performed_on, one.public_id, case.pk) for one in case.surgeries.all()]
    happened += [
        (part.implanted_on, part.public_id, None)
        for part in records.components
        if part.implanted_on
    ]
    for day, about, case_id in happened:
        if died_on and day > died_on:
            yield Contradiction("after_death", day, about, case_id)
        if born and day.year < born:
            yield Contradiction("before_birth", day, about, case_id)


def _of_pumps(records: PatientRecords) -> Iterator[Contradiction]:
    """Only where every implantation is known to the day: else nothing contradicts anything."""
    pumps = [part for part in records.components if part.kind == ComponentKind.PUMP.value]
    if not pumps or any(
        part.implanted_on is None or part.implanted_on_precision != DatePrecision.DAY.value
        for part in pumps
    ):
        return
    pumps.sort(key=_day_of)
    for index, later in enumerate(pumps):
        if later.second_pump_declared:
            continue
        for earlier in pumps[:index]:
            still_in = earlier.removed_on is None or earlier.removed_on > _day_of(later)
            if still_in and not earlier.second_pump_declared:
                yield Contradiction("pumps_overlap", _day_of(later), later.public_id)
                break
    for case in records.cases:
        for study in case.contrast_studies.all():
            day = study.performed_on
            if not any(
                _day_of(part) <= day and (part.removed_on is None or day <= part.removed_on)
                for part in pumps
            ):
                yield Contradiction("study_without_pump", day, study.public_id, case.pk)


def _day_of(component: Component) -> date:
    return component.implanted_on or component.removed_on or component.created_at.date()
