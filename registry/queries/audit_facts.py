"""Fetch the facts an audit chooses from: narrow columns, no choices made here."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from registry.audit.fact_group import FactGroup
from registry.audit.facts import (
    Cohort,
    OperativeFacts,
    PatientFacts,
    ReadFacts,
    StudyFacts,
    SurgeryFacts,
)
from registry.models import (
    Component,
    ContrastStudy,
    IntraoperativeFinding,
    Patient,
    RevisionSurgery,
    User,
)
from registry.vocabulary import ComponentKind, ConsentStatus, ImagingKnown, Modality, Planning

from . import later_facts, read_facts, theatre_facts
from .text_ids import TextId

CT_MODALITIES = (
    Modality.CAP_CT_MYELOGRAPHY.value,
    Modality.CAP_FLUOROSCOPY_AND_CT.value,
)
Placement = tuple[date | None, date | None]
"""When a component was implanted and removed; None where that is not known or did not happen."""

KNOWN = {ImagingKnown.KNOWN.value: True, ImagingKnown.NOT_KNOWN.value: False}
PLANNED = {Planning.PLANNED.value: True, Planning.UNPLANNED.value: False}


def cohort(
    *,
    viewer: User,
    centre_codes: Collection[str],
    needs: Collection[FactGroup] = (),
    patient_ids: Collection[str] | None = None,
) -> Cohort:
    """Every patient of the centres whom the viewer may audit, with all that is signed.

    Patients who declined or withdrew consent are left out.

    Parameters
    ----------
    needs
        What the protocol asks for beyond studies, first reads and operations; nothing else is
        fetched, or frozen with a report.
    patient_ids
        Only these of them; None for all.
    """
    allowed = viewer.centre_codes("registry.run_audit") & set(centre_codes)
    return _facts(allowed, needs, patient_ids)


def cohort_of_centres(
    *, centre_codes: Collection[str], needs: Collection[FactGroup] = ()
) -> Cohort:
    """The same facts for the installation's own commands, where nobody is signed in.

    A listed audit query: views never call it, and what it returns is printed as numbers only.
    """
    return _facts(centre_codes, needs)


def has_more_patients(number: int, *, centre_codes: Collection[str]) -> bool:
    """Whether an audit of these centres counts more patients than so many."""
    patients = Patient.objects.filter(centre__code__in=centre_codes).order_by()
    return patients.values("pk")[: number + 1].count() > number


def _facts(
    centre_codes: Collection[str],
    needs: Collection[FactGroup],
    patient_ids: Collection[str] | None = None,
) -> Cohort:
    only = Q() if patient_ids is None else Q(public_id__in=patient_ids)
    patients = (
        Patient.objects.filter(only, centre__code__in=centre_codes, merged_into__isnull=True)
        .exclude(consent__in=(ConsentStatus.DECLINED.value, ConsentStatus.WITHDRAWN.value))
        .order_by("id")
        .values_list(
            "id",
            TextId("public_id"),
            "centre__code",
            "centre__time_zone",
            "died_on",
            "synthetic_fields",
        )
    )
    rows = list(patients)
    ids = patients.values("id")
    therapy = _therapy_periods(ids)
    zones = {row[0]: ZoneInfo(row[3]) for row in rows}
    studies = _studies(ids, zones, with_second_looks=FactGroup.SECOND_LOOKS in needs)
    surgeries = _surgeries(ids)
    later = later_facts.of_patients(ids, needs)
    with_lists = FactGroup.THEATRE_LISTS in needs
    return Cohort(
        theatre_lists=theatre_facts.of_centres(centre_codes) if with_lists else (),
        patients=tuple(
            PatientFacts(
                patient_id=public_id,
                centre=centre_code,
                therapy_from=therapy[pk][0] if pk in therapy else None,
                therapy_to=therapy[pk][1] if pk in therapy else None,
                died_on=died_on,
                synthetic=bool(synthetic_fields),
                studies=tuple(studies[pk]),
                surgeries=tuple(surgeries[pk]),
                later=tuple(later.get(pk, ())),
            )
            for pk, public_id, centre_code, _, died_on, synthetic_fields in rows
        ),
    )


def _therapy_periods(patients: Any) -> dict[int, Placement]:
    """First implantation, and the last removal where nothing is implanted any more.

    Pumps decide: a catheter that stays behind delivers nothing. Where no pump is logged, the other
    components stand in for it.
    """
    pumps: dict[int, list[Placement]] = defaultdict(list)
    others: dict[int, list[Placement]] = defaultdict(list)
    components = Component.objects.filter(patient__in=patients)
    for pk, kind, implanted_on, removed_on in components.values_list(
        "patient_id", "kind", "implanted_on", "removed_on"
    ):
        kept = pumps if kind == ComponentKind.PUMP.value else others
        kept[pk].append((implanted_on, removed_on))
    return {pk: _therapy_period(placements) for pk, placements in (others | pumps).items()}


def _therapy_period(placements: list[Placement]) -> Placement:
    first = [implanted_on for implanted_on, _ in placements if implanted_on is not None]
    last = [removed_on for _, removed_on in placements if removed_on is not None]
    return (
        min(first) if len(first) == len(placements) else None,
        max(last) if len(last) == len(placements) else None,
    )


def _studies(
    patients: Any, zones: dict[int, ZoneInfo], *, with_second_looks: bool
) -> dict[int, list[StudyFacts]]:
    reads = read_facts.signed_reads(patients, zones, masked=False)
    for study_pk, adjudication in read_facts.adjudications(patients, zones):
        reads[study_pk].append(adjudication)
    looks: dict[int, list[ReadFacts]] = {}
    if with_second_looks:
        looks = read_facts.signed_reads(patients, zones, masked=True)
    studies: dict[int, list[StudyFacts]] = defaultdict(list)
    rows = ContrastStudy.objects.filter(
        case__patient__in=patients, modality__in=CT_MODALITIES
    ).values_list(
        "id",
        TextId("public_id"),
        "case__patient_id",
        TextId("case__public_id"),
        "case__opened_on",
        "performed_on",
        "outcome",
    )
    for pk, public_id, patient_pk, case_id, suspected_on, performed_on, outcome in rows:
        studies[patient_pk].append(
            StudyFacts(
                study_id=public_id,
                case_id=case_id,
                suspected_on=suspected_on,
                performed_on=performed_on,
                outcome=outcome,
                reads=tuple(reads[pk]),
                second_looks=tuple(looks.get(pk, ())),
            )
        )
    return studies


def _surgeries(patients: Any) -> dict[int, list[SurgeryFacts]]:
    findings: dict[int, list[OperativeFacts]] = defaultdict(list)
    rows = IntraoperativeFinding.objects.filter(surgery__case__patient__in=patients)
    for surgery_pk, component, site, status, code in rows.values_list(
        "surgery_id", "component", "site", "status", "code"
    ):
        findings[surgery_pk].append(
            OperativeFacts(component=component, site=site, status=status, finding=code or "")
        )
    surgeries: dict[int, list[SurgeryFacts]] = defaultdict(list)
    for (
        pk,
        public_id,
        patient_pk,
        case_id,
        performed_on,
        indication,
        planned,
        known,
    ) in RevisionSurgery.objects.filter(case__patient__in=patients).values_list(
        "id",
        TextId("public_id"),
        "case__patient_id",
        TextId("case__public_id"),
        "performed_on",
        "indication",
        "planned",
        "imaging_known",
    ):
        surgeries[patient_pk].append(
            SurgeryFacts(
                surgery_id=public_id,
                case_id=case_id,
                performed_on=performed_on,
                indication=indication,
                planned=PLANNED.get(planned),
                imaging_known=KNOWN.get(known),
                findings=tuple(findings[pk]),
            )
        )
    return surgeries
