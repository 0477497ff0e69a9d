"""Everything that is logged of one patient, fetched in a fixed number of questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.models import Component, Patient, RevisionCase


@dataclass(frozen=True)
class PatientRecords:
    """The patient with cases, studies, reads, operations and components."""

    patient: Patient
    cases: list[RevisionCase]
    components: list[Component]


def fetched(*, patient_pks: Sequence[int]) -> list[PatientRecords]:
    """For rules that are worked out with a change, whoever makes it; in the order of the keys."""
    patients = Patient.objects.in_bulk(patient_pks)
    cases: dict[int, list[RevisionCase]] = {pk: [] for pk in patient_pks}
    components: dict[int, list[Component]] = {pk: [] for pk in patient_pks}
    for case in RevisionCase.objects.filter(patient__in=patient_pks).prefetch_related(
        "presenting_signs",
        "contrast_studies__reads__findings__sites",
        "contrast_studies__reads__queued_again",
        "contrast_studies__study_links",
        "contrast_studies__adjudications",
        "contrast_studies__reading_assignments",
        "surgeries__procedures",
        "surgeries__findings",
        "surgeries__reviews",
    ):
        cases[case.patient_id].append(case)
    held = Component.objects.filter(patient__in=patient_pks)
    for component in held.select_related("placed_by", "removed_by"):
        components[component.patient_id].append(component)
    return [PatientRecords(patients[pk], cases[pk], components[pk]) for pk in patient_pks]
