"""What the intake asks before it records a batch: by identity, not on anybody's behalf.

Nothing read here is shown to a person; the pseudonymous UIDs already contain the centre.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from imaging.dicom.preparation import PreparedInstance
from imaging.models import (
    DeidentificationManifest,
    IngestedFile,
    IngestRun,
    Instance,
    PartialUpload,
    Series,
    Study,
)

Place = tuple[int, int, int]
"""Of a file: id of its run, position, entry."""


@dataclass(frozen=True)
class StoredInstance:
    """By what a stored instance is told from another one."""

    id: int
    stored_sha256: str
    pixel_offset: int
    pixel_length: int


@dataclass(frozen=True)
class StoredIdentities:
    """What is stored under the identities that some images claim, by UID."""

    instances: Mapping[str, StoredInstance] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    studies: Mapping[str, Study] = field(default_factory=dict)
    manifests: Mapping[str, int] = field(default_factory=dict)


class Remembered:
    """What a process has read of series and manifests, so that it need not ask for each file.

    Rows of them are never deleted and their identities never change. What a study did not say
    about its patient may be written meanwhile; whoever acts on it is told by `StaleBatchError` and
    asks anew.
    """

    def __init__(self) -> None:
        self.series: dict[str, Series] = {}
        self.manifests: dict[str, int] = {}

    def forget(self) -> None:
        self.series.clear()
        self.manifests.clear()


MOST_REMEMBERED = 1024


def stored_identities(
    prepared: Sequence[PreparedInstance], *, remembered: Remembered
) -> StoredIdentities:
    """What is stored under these identities; asks for what is not remembered."""
    if not prepared:
        return StoredIdentities()
    if max(len(remembered.series), len(remembered.manifests)) > MOST_REMEMBERED:
        remembered.forget()
    series_uids = {one.series_instance_uid for one in prepared}
    unknown = series_uids - remembered.series.keys()
    if unknown:
        series = Series.objects.filter(series_instance_uid__in=unknown).select_related("study")
        for one in series.defer("geometry", "geometry_codes"):
            remembered.series[one.series_instance_uid] = one
    hashes = {one.manifest_sha256 for one in prepared}
    untold = hashes - remembered.manifests.keys()
    if untold:
        remembered.manifests |= manifest_ids(untold)
    instances = _stored_instances(sorted({one.sop_instance_uid for one in prepared}))
    by_uid = {uid: remembered.series[uid] for uid in series_uids if uid in remembered.series}
    studies = {one.study.study_instance_uid: one.study for one in by_uid.values()}
    missing = {one.study_instance_uid for one in prepared} - studies.keys()
    if missing:
        found = Study.objects.filter(study_instance_uid__in=missing)
        studies |= {study.study_instance_uid: study for study in found}
    return StoredIdentities(
        instances=instances,
        series=by_uid,
        studies=studies,
        manifests={
            sha256: remembered.manifests[sha256]
            for sha256 in hashes
            if sha256 in remembered.manifests
        },
    )


def _stored_instances(sop_instance_uids: Sequence[str]) -> dict[str, StoredInstance]:
    """Every file is asked for, so the statement is written down and not compiled each time."""
    table = connection.ops.quote_name(Instance._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sop_instance_uid, id, stored_sha256, pixel_offset, pixel_length"  # noqa: S608
            f" FROM {table} WHERE sop_instance_uid IN"
            f" ({', '.join(['%s'] * len(sop_instance_uids))})",
            sop_instance_uids,
        )
        return {
            uid: StoredInstance(id_, stored_sha256, pixel_offset, pixel_length)
            for uid, id_, stored_sha256, pixel_offset, pixel_length in cursor.fetchall()
        }


def manifest_ids(content_sha256s: Iterable[str]) -> dict[str, int]:
    rows = DeidentificationManifest.objects.filter(content_sha256__in=list(content_sha256s))
    return dict(rows.values_list("content_sha256", "id"))


def recorded_files(places: Iterable[Place]) -> dict[Place, IngestedFile]:
    """Files that are recorded already."""
    positions: dict[int, set[int]] = {}
    for run_id, position, _ in places:
        positions.setdefault(run_id, set()).add(position)
    wanted = Q(pk__in=[])
    for run_id, of_run in positions.items():
        wanted |= Q(run_id=run_id, position__in=of_run)
    rows = IngestedFile.objects.filter(wanted).defer("name")
    return {(row.run_id, row.position, row.entry): row for row in rows}


def stored_bytes(centre_code: str) -> int:
    """What the stored images of a centre take."""
    rows = Instance.objects.filter(series__study__centre_code=centre_code)
    return rows.aggregate(total=Sum("stored_bytes"))["total"] or 0


def open_partial_uploads(run: IngestRun | None = None) -> QuerySet[PartialUpload]:
    """Files that are sent in parts and not taken in yet, of one delivery or of all."""
    rows = PartialUpload.objects.filter(ended_at=None).defer("name").order_by("id")
    return rows if run is None else rows.filter(run=run)


def waits_for_parts(key: uuid.UUID) -> bool:
    return PartialUpload.objects.filter(public_id=key, ended_at=None).exists()


def quiet_runs(*, since: datetime) -> list[IngestRun]:
    """Deliveries of any source that nobody finished and that recorded nothing since then."""
    rows = IngestRun.objects.filter(finished_at=None, started_at__lt=since)
    rows = rows.exclude(files__recorded_at__gte=since)
    return list(rows.order_by("id").prefetch_related("partial_uploads"))


def unjudged_series() -> QuerySet[Series]:
    """Series that got instances after their geometry was last judged."""
    instances = Instance.objects.filter(series=OuterRef("pk"))
    return Series.objects.filter(Exists(instances), geometry={}).order_by("id")


def unjudged_series_of(run: IngestRun) -> QuerySet[Series]:
    files = IngestedFile.objects.filter(run=run, instance__isnull=False)
    return unjudged_series().filter(id__in=files.values("instance__series"))


def stored_files() -> QuerySet[Instance]:
    """Every stored instance with what is needed to check its file."""
    return Instance.objects.only("sop_instance_uid", "stored_sha256").order_by("id")


def stored_hashes() -> Iterator[str]:
    """The hash of every stored file, in one question; there may be millions."""
    return Instance.objects.values_list("stored_sha256", flat=True).iterator()


def quarantined_files() -> QuerySet[IngestedFile]:
    """Files whose bytes have to be in quarantine: those nobody decided about."""
    rows = IngestedFile.objects.filter(quarantine_key__isnull=False, quarantine_decision=None)
    return rows.defer("name").order_by("id")


def stored_among(stored_sha256s: Sequence[str]) -> set[str]:
    """Those of the hashes that have a row."""
    rows = Instance.objects.filter(stored_sha256__in=stored_sha256s)
    return set(rows.values_list("stored_sha256", flat=True))


def quarantined_among(keys: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the keys that have a row, decided about or not."""
    rows = IngestedFile.objects.filter(quarantine_key__in=keys)
    return {key for key in rows.values_list("quarantine_key", flat=True) if key is not None}


def await_commits() -> None:
    """Wait until no transaction is under way that may still bring rows for stored files.

    The caller keeps living processes from beginning one. Of a process that died PostgreSQL may
    still be executing the last word, COMMIT; SQLite commits in the process itself.
    """
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(
        connection.ops.quote_name(model._meta.db_table) for model in (Instance, IngestedFile)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # SHARE lets everybody read and waits for whoever has written a row.
        cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")
