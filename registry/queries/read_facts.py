"""What was read of the studies of an audit: narrow columns, no choices made here.

The patients are those whom `audit_facts` chose for the viewer.
"""

from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from registry.audit.facts import ReadFacts
from registry.models import (
    AdjudicatedFinding,
    AdjudicatedFindingSite,
    Adjudication,
    ImagingFinding,
    ImagingFindingSite,
    Read,
)
from registry.vocabulary import ImagingFindingCode

from .text_ids import TextId


def signed_reads(
    patients: Any, zones: dict[int, ZoneInfo], *, masked: bool
) -> dict[int, list[ReadFacts]]:
    """Reads that nothing supersedes, by primary key of the study.

    Parameters
    ----------
    masked
        The second looks of masked re-reads instead of the first reads.
    """
    reads: dict[int, list[ReadFacts]] = defaultdict(list)
    signed = Read.objects.filter(
        contrast_study__case__patient__in=patients,
        signed_at__isnull=False,
        superseded_by__isnull=True,
        masked_reread__isnull=not masked,
    ).values_list(
        "id",
        TextId("public_id"),
        "contrast_study_id",
        "contrast_study__case__patient_id",
        TextId("reader__public_id"),
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
                read_id=public_id,
                reader_id=reader_id,
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


def adjudications(patients: Any, zones: dict[int, ZoneInfo]) -> list[tuple[int, ReadFacts]]:
    """What third persons decided, by primary key of the study."""
    of_patients = "contrast_study__case__patient"
    signed = Adjudication.objects.filter(
        **{f"{of_patients}__in": patients}, signed_at__isnull=False, superseded_by__isnull=True
    ).values_list(
        "id",
        TextId("public_id"),
        "contrast_study_id",
        f"{of_patients}_id",
        TextId("adjudicator__public_id"),
        "signed_at",
        "adequacy",
        "vocabulary_version",
        TextId("read_a__public_id"),
        TextId("read_b__public_id"),
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
                read_id=public_id,
                reader_id=adjudicator_id,
                signed_at=signed_at.astimezone(zones[patient_pk]),
                primary_finding=primary[pk],
                leak_sites=tuple(leak_sites[pk]),
                adequacy=adequacy,
                vocabulary_version=vocabulary_version,
                adjudicates=(read_a, read_b),
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
