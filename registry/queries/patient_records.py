"""Everything that is logged of one patient, fetched in a fixed number of questions."""

from dataclasses import dataclass

from registry.models import Component, Patient, RevisionCase


@dataclass(frozen=True)
class PatientRecords:
    """The patient with cases, studies, reads, operations and components."""

    patient: Patient
    cases: list[RevisionCase]
    components: list[Component]


def fetched(*, patient_pk: int) -> PatientRecords:
    """For rules that are worked out with a change, whoever makes it."""
    return PatientRecords(
        patient=Patient.objects.get(pk=patient_pk),
        cases=list(
            RevisionCase.objects.filter(patient=patient_pk).prefetch_related(
                "presenting_signs",
                "contrast_studies__reads__findings",
                "contrast_studies__study_links",
                "surgeries__procedures",
                "surgeries__findings",
                "surgeries__reviews",
            )
        ),
        components=list(
            Component.objects.filter(patient=patient_pk).select_related("placed_by", "removed_by")
        ),
    )
