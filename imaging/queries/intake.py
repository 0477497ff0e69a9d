"""What the intake asks before it records a batch: by identity, not on anybody's behalf.

Nothing read here is shown to a person; the pseudonymous UIDs already contain the centre.
"""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from imaging.models import IngestedFile, IngestRun, Instance, Series, Study


@dataclass(frozen=True)
class StoredHashes:
    """By what a stored instance is told from another one."""

    pixel_sha256: str
    stored_sha256: str


def stored_hashes(sop_instance_uids: set[str]) -> dict[str, StoredHashes]:
    rows = Instance.objects.filter(sop_instance_uid__in=sop_instance_uids)
    return {
        uid: StoredHashes(pixel_sha256=pixel, stored_sha256=stored)
        for uid, pixel, stored in rows.values_list(
            "sop_instance_uid", "pixel_sha256", "stored_sha256"
        )
    }


def study_of_series(series_instance_uids: set[str]) -> dict[str, str]:
    rows = Series.objects.filter(series_instance_uid__in=series_instance_uids)
    return dict(rows.values_list("series_instance_uid", "study__study_instance_uid"))


def subject_of_study(study_instance_uids: set[str]) -> dict[str, str | None]:
    rows = Study.objects.filter(study_instance_uid__in=study_instance_uids)
    return dict(rows.values_list("study_instance_uid", "subject_key"))


def recorded_files(run: IngestRun, *, positions: set[int]) -> dict[tuple[int, int], IngestedFile]:
    """Files of the run that are recorded already, by position and entry."""
    rows = IngestedFile.objects.filter(run=run, position__in=positions).defer("name")
    return {(row.position, row.entry): row for row in rows}


def stored_bytes(centre_code: str) -> int:
    """What the stored images of a centre take."""
    rows = Instance.objects.filter(series__study__centre_code=centre_code)
    return rows.aggregate(total=Sum("stored_bytes"))["total"] or 0


def unjudged_series() -> QuerySet[Series]:
    """Series that got instances after their geometry was last judged."""
    return Series.objects.filter(geometry={}, instances__isnull=False).distinct().order_by("id")


def unjudged_series_of(run: IngestRun) -> QuerySet[Series]:
    return unjudged_series().filter(
        instances__in=IngestedFile.objects.filter(run=run, instance__isnull=False).values(
            "instance"
        )
    )


def stored_files() -> QuerySet[Instance]:
    """Every stored instance with what is needed to check its file."""
    return Instance.objects.only("sop_instance_uid", "stored_sha256").order_by("id")


def quarantined_files() -> QuerySet[IngestedFile]:
    return IngestedFile.objects.filter(quarantine_key__isnull=False).defer("name").order_by("id")


def has_stored_file(stored_sha256: str) -> bool:
    return Instance.objects.filter(stored_sha256=stored_sha256).exists()


def has_quarantined_file(key: uuid.UUID) -> bool:
    return IngestedFile.objects.filter(quarantine_key=key).exists()
