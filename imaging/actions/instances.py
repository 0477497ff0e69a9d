"""Write the rows of new images: study, series, manifest, instance."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from imaging.actions.insertion import insert_rows
from imaging.actions.stale import StaleBatchError
from imaging.dicom.preparation import PreparedInstance
from imaging.models import DeidentificationManifest, Instance, Series, Study
from imaging.queries import intake
from imaging.queries.intake import StoredIdentities

UNKNOWN = (None, "")


def create_instances(
    prepared: Sequence[PreparedInstance],
    *,
    centre_code: str,
    stored: StoredIdentities,
    at: datetime,
) -> dict[str, int]:
    """Database ids of the new instances by UID, inside the caller's transaction.

    Raises
    ------
    StaleBatchError
        What was stored has changed since.
    """
    if not prepared:
        return {}
    studies = _studies(prepared, centre_code=centre_code, stored=stored, at=at)
    series = _series(prepared, studies=studies, stored=stored)
    manifests = _manifests(prepared, stored=stored.manifests)
    rows: list[dict[str, Any]] = [
        {
            "series_id": series[one.series_instance_uid],
            "sop_instance_uid": one.sop_instance_uid,
            "sop_class_uid": one.sop_class_uid,
            "transfer_syntax_uid": one.transfer_syntax_uid,
            "instance_number": one.attributes.instance_number,
            "stored_sha256": one.stored_sha256,
            "stored_bytes": one.stored_bytes,
            "pixel_offset": one.pixel_offset,
            "pixel_length": one.pixel_length,
            "frames": one.frames,
            "attributes": one.attributes.to_json(),
            "not_displayable": one.not_displayable,
            "manifest_id": manifests[one.manifest_sha256],
            "received_at": at,
        }
        # In one order for all, so that two processes cannot wait for each other.
        for one in sorted(prepared, key=lambda one: one.sop_instance_uid)
    ]
    ids = insert_rows(Instance, rows)
    return {row["sop_instance_uid"]: id_ for row, id_ in zip(rows, ids, strict=True)}


def _studies(
    prepared: Sequence[PreparedInstance],
    *,
    centre_code: str,
    stored: StoredIdentities,
    at: datetime,
) -> dict[str, int]:
    """Database ids of the studies by UID, created or completed."""
    ids: dict[str, int] = {}
    for uid, facts in sorted(_facts_of_studies(prepared).items()):
        study = stored.studies.get(uid)
        if study is None:
            study = Study.objects.create(
                centre_code=centre_code, study_instance_uid=uid, received_at=at, **facts
            )
        else:
            _complete(study, facts)
        ids[uid] = study.id
    return ids


def _facts_of_studies(prepared: Sequence[PreparedInstance]) -> dict[str, dict[str, Any]]:
    """What the images of a batch say of their studies; the first that knows it is believed."""
    known: dict[str, dict[str, Any]] = {}
    for one in prepared:
        facts = known.setdefault(one.study_instance_uid, {})
        for name, value in (
            ("subject_key", one.subject_key),
            ("study_date", one.attributes.study_date),
            ("patient_sex", one.patient_sex),
            ("patient_birth_year", one.patient_birth_year),
            ("body_part", one.body_part),
        ):
            if facts.get(name) in UNKNOWN:
                facts[name] = value
    return known


def _complete(study: Study, facts: dict[str, Any]) -> None:
    """Write down what the images that came before did not say."""
    if facts["subject_key"] not in (None, study.subject_key) and study.subject_key is not None:
        raise StaleBatchError
    for name, value in facts.items():
        unknown = getattr(study, name)
        if unknown not in UNKNOWN or value in UNKNOWN:
            continue
        updated = Study.objects.filter(id=study.id, **{name: unknown}).update(**{name: value})
        if name == "subject_key" and not updated:
            raise StaleBatchError
        setattr(study, name, value)


def _series(
    prepared: Sequence[PreparedInstance], *, studies: dict[str, int], stored: StoredIdentities
) -> dict[str, int]:
    """Database ids of the series by UID, created or with their verdict withdrawn."""
    ids: dict[str, int] = {}
    grown: list[int] = []
    for one in sorted(prepared, key=lambda one: one.series_instance_uid):
        uid = one.series_instance_uid
        if uid in ids:
            continue
        series = stored.series.get(uid)
        if series is None:
            series = Series.objects.create(
                series_instance_uid=uid,
                study_id=studies[one.study_instance_uid],
                series_number=one.attributes.series_number,
                modality=one.attributes.modality or "",
            )
        else:
            grown.append(series.id)
        ids[uid] = series.id
    _withdraw_verdicts(grown)
    return ids


def _withdraw_verdicts(series_ids: Sequence[int]) -> None:
    """They hold no longer; finishing the run, or recovery, judges anew.

    Every batch does it, so the statement is written down and not compiled each time.
    """
    if not series_ids:
        return
    table = connection.ops.quote_name(Series._meta.db_table)
    places = ", ".join(["%s"] * len(series_ids))
    with connection.cursor() as cursor:
        if len(series_ids) > 1 and connection.features.has_select_for_update:
            # An UPDATE locks in any order; whoever judges several locks them in this one.
            cursor.execute(
                f"SELECT id FROM {table} WHERE id IN ({places})"  # noqa: S608 - our own names
                " ORDER BY id FOR NO KEY UPDATE",
                series_ids,
            )
        cursor.execute(
            f"UPDATE {table} SET geometry = '{{}}', geometry_codes = '[]', mpr_allowed = %s"  # noqa: S608
            f" WHERE id IN ({places})",
            [False, *series_ids],
        )


def _manifests(
    prepared: Sequence[PreparedInstance], *, stored: Mapping[str, int]
) -> dict[str, int]:
    """Database ids of the manifests by hash."""
    wanted = {one.manifest_sha256: one.manifest for one in prepared}
    ids = {sha256: id_ for sha256, id_ in stored.items() if sha256 in wanted}
    missing = sorted(wanted.keys() - ids.keys())
    if missing:
        DeidentificationManifest.objects.bulk_create(
            [
                DeidentificationManifest(content_sha256=sha256, content=wanted[sha256])
                for sha256 in missing
            ],
            # another process may write the same one at this moment
            ignore_conflicts=True,
        )
        ids |= intake.manifest_ids(missing)
    return ids
