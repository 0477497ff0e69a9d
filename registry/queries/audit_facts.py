"""Fetch the facts an audit chooses from: narrow columns, no choices made here."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from registry.audit.facts import (
    Cohort,
    OperativeFacts,
    PatientFacts,
    ReadFacts,
    StudyFacts,
    SurgeryFacts,
)
from registry.models import (
    AdjudicatedFinding,
    AdjudicatedFindingSite,
    Adjudication,
    Component,
    ContrastStudy,
    ImagingFinding,
    ImagingFindingSite,
    IntraoperativeFinding,
    Patient,
    Read,
    RevisionSurgery,
    User,
)
from registry.vocabulary import (
    ComponentKind,
    ConsentStatus,
    ImagingFindingCode,
    ImagingKnown,
    Modality,
    Planning,
)

CT_MODALITIES = (
    Modality.CAP_CT_MYELOGRAPHY.value,
    Modality.CAP_FLUOROSCOPY_AND_CT.value,
)
Placement = tuple[date | None, date | None]
"""When a component was implanted and removed; None where that is not known or did not happen."""

KNOWN = {ImagingKnown.KNOWN.value: True, ImagingKnown.NOT_KNOWN.value: False}
PLANNED = {Planning.PLANNED.value: True, Planning.UNPLANNED.value: False}


def cohort(*, viewer: User, centre_codes: Collection[str]) -> Cohort:
    """Every patient of the centres whom the viewer may audit, with all that is signed.

    Patients who declined or withdrew consent are left out.
    """
    return _facts(viewer.centre_codes("registry.run_audit") & set(centre_codes))


def cohort_of_centres(*, centre_codes: Collection[str]) -> Cohort:
    """The same facts for the installation's own commands, where nobody is signed in.

    A listed audit query: views never call it, and what it returns is printed as numbers only.
    """
    return _facts(centre_codes)


def _facts(centre_codes: Collection[str]) -> Cohort:
    patients = (
        Patient.objects.filter(centre__code__in=centre_codes, merged_into__isnull=True)
        .exclude(consent__in=(ConsentStatus.DECLINED.value, ConsentStatus.WITHDRAWN.value))
        .order_by("id")
        .values_list(
            "id",
            "public_id",
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
    studies = _studies(ids, zones)
    surgeries = _surgeries(ids)
    return Cohort(
        patients=tuple(
            PatientFacts(
                patient_id=str(public_id),
                centre=centre_code,
                therapy_from=therapy[pk][0] if pk in therapy else None,
                therapy_to=therapy[pk][1] if pk in therapy else None,
                died_on=died_on,
                synthetic=bool(synthetic_fields),
                studies=tuple(studies[pk]),
                surgeries=tuple(surgeries[pk]),
            )
            for pk, public_id, centre_code, _, died_on, synthetic_fields in rows
        )
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


def _studies(patients: Any, zones: dict[int, ZoneInfo]) -> dict[int, list[StudyFacts]]:
    reads = _reads(patients, zones)
    for study_pk, adjudication in _adjudications(patients, zones):
        reads[study_pk].append(adjudication)
    studies: dict[int, list[StudyFacts]] = defaultdict(list)
    rows = ContrastStudy.objects.filter(
        case__patient__in=patients, modality__in=CT_MODALITIES
    ).values_list(
        "id",
        "public_id",
        "case__patient_id",
        "case__public_id",
        "case__opened_on",
        "performed_on",
        "outcome",
    )
    for pk, public_id, patient_pk, case_id, suspected_on, performed_on, outcome in rows:
        studies[patient_pk].append(
            StudyFacts(
                study_id=str(public_id),
                case_id=str(case_id),
                suspected_on=suspected_on,
                performed_on=performed_on,
                outcome=outcome,
                reads=tuple(reads[pk]),
            )
        )
    return studies


def _reads(patients: Any, zones: dict[int, ZoneInfo]) -> dict[int, list[ReadFacts]]:
    reads: dict[int, list[ReadFacts]] = defaultdict(list)
    signed = Read.objects.filter(
        contrast_study__case__patient__in=patients,
        signed_at__isnull=False,
        superseded_by__isnull=True,
        masked_reread__isnull=True,
    ).values_list(
        "id",
        "public_id",
        "contrast_study_id",
        "contrast_study__case__patient_id",
        "reader__public_id",
        "signed_at",
        "certainty",
        "adequacy",
        "information_shown",
        "vocabulary_version",
    )
    # Fetched before their findings, so that one signed meanwhile is left out whole.
    rows = [row for row in signed if row[3] in zones]
    primary: dict[int, str] = {}
    findings = ImagingFinding.objects.filter(
        read__contrast_study__case__patient__in=patients, is_primary=True
    )
    primary.update(findings.values_list("read_id", "code"))
    leak_sites: dict[int, list[str]] = defaultdict(list)
    sites = ImagingFindingSite.objects.filter(
        finding__read__contrast_study__case__patient__in=patients,
        finding__code=ImagingFindingCode.LEAK.value,
    )
    for read_pk, code in sites.values_list("finding__read_id", "code"):
        leak_sites[read_pk].append(code)
    for (
        pk,
        public_id,
        study_pk,
        patient_pk,
        reader_id,
        signed_at,
        certainty,
        adequacy,
        shown,
        vocabulary_version,
    ) in rows:
        assert signed_at is not None
        reads[study_pk].append(
            ReadFacts(
                read_id=str(public_id),
                reader_id=str(reader_id),
                # The calendar day at the centre decides whether a read was blind.
                signed_at=signed_at.astimezone(zones[patient_pk]),
                primary_finding=primary[pk],
                leak_sites=tuple(leak_sites[pk]),
                certainty=certainty,
                adequacy=adequacy,
                information_shown=" ".join(shown),
                vocabulary_version=vocabulary_version,
            )
        )
    return reads


def _adjudications(patients: Any, zones: dict[int, ZoneInfo]) -> list[tuple[int, ReadFacts]]:
    """What third persons decided, by primary key of the study."""
    of_patients = "contrast_study__case__patient"
    signed = Adjudication.objects.filter(
        **{f"{of_patients}__in": patients}, signed_at__isnull=False, superseded_by__isnull=True
    ).values_list(
        "id",
        "public_id",
        "contrast_study_id",
        f"{of_patients}_id",
        "adjudicator__public_id",
        "signed_at",
        "adequacy",
        "vocabulary_version",
        "read_a__public_id",
        "read_b__public_id",
    )
    rows = [row for row in signed if row[3] in zones]
    if not rows:
        return []
    ids = [row[0] for row in rows]
    findings = AdjudicatedFinding.objects.filter(adjudication__in=ids, is_primary=True)
    primary = dict(findings.values_list("adjudication_id", "code"))
    leak_sites: dict[int, list[str]] = defaultdict(list)
    sites = AdjudicatedFindingSite.objects.filter(
        finding__adjudication__in=ids, finding__code=ImagingFindingCode.LEAK.value
    )
    for adjudication_pk, code in sites.values_list("finding__adjudication_id", "code"):
        leak_sites[adjudication_pk].append(code)
    return [
        (
            study_pk,
            ReadFacts(
                read_id=str(public_id),
                reader_id=str(adjudicator_id),
                signed_at=signed_at.astimezone(zones[patient_pk]),
                primary_finding=primary[pk],
                leak_sites=tuple(leak_sites[pk]),
                adequacy=adequacy,
                vocabulary_version=vocabulary_version,
                adjudicates=(str(read_a), str(read_b)),
            ),
        )
        for (
            pk,
            public_id,
            study_pk,
            patient_pk,
            adjudicator_id,
            signed_at,
            adequacy,
            vocabulary_version,
            read_a,
            read_b,
        ) in rows
        if signed_at is not None
    ]


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
        "public_id",
        "case__patient_id",
        "case__public_id",
        "performed_on",
        "indication",
        "planned",
        "imaging_known",
    ):
        surgeries[patient_pk].append(
            SurgeryFacts(
                surgery_id=str(public_id),
                case_id=str(case_id),
                performed_on=performed_on,
                indication=indication,
                planned=PLANNED.get(planned),
                imaging_known=KNOWN.get(known),
                findings=tuple(findings[pk]),
            )
        )
    return surgeries
