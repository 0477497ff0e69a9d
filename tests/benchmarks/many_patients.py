"""A registry of any size: some patients are logged through the actions, and copied in bulk.

A copy differs in keys, numbers and days. Lists and counts are copied with the records they were
derived from, so that the large registry is the small one many times over.
"""

import hashlib
import importlib
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import DateField, DateTimeField, F, ForeignKey, Model, UUIDField

from imaging.actions.planner_statistics import refresh_planner_statistics
from imaging.models import (
    IngestedFile,
    IngestRun,
    Instance,
    QuarantineDecision,
    Series,
    Study,
)
from registry import actions
from registry.models import (
    CentreTally,
    ContrastStudy,
    HistoryEvent,
    ListEntry,
    Patient,
    Read,
    ReadMeasurement,
    Role,
    User,
)
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images

LOGGED = 20
"""Patients that are logged; the size of the registry is a multiple of it."""

STRIDE = 1_000_000
"""Between the keys of a record and of its copy; more than any table has before copying."""

DAYS = 4000
"""Copies lie on so many days, as the records of a registry lie on those of many years."""

VIEWER, READER, COORDINATOR = "bench", "bench-reader", "bench-coordinator"
ADMINISTRATOR = "bench-administrator"
UIDS = ("study_instance_uid", "series_instance_uid", "sop_instance_uid")
IMAGES: tuple[type[Model], ...] = (
    Study, Series, Instance, IngestRun, IngestedFile, QuarantineDecision
)  # fmt: skip
LATER = (*IMAGES, Read)
"""Their copies come in one after the other, a minute apart."""
TRIGGERS = "registry.migrations.0023_signal_dispositions"


def build(*, patients: int) -> None:
    """Fill an empty database.

    The triggers that keep signed reads unchanged are away meanwhile: the measurements of a read
    are rows here that no pixels were measured for.
    """
    copies = patients // LOGGED
    triggers = importlib.import_module(TRIGGERS)
    with connection.schema_editor() as editor:
        triggers.drop_triggers(None, editor)
    with transaction.atomic():
        _log()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.create_function("copied_uuid", 2, copied_uuid)
        # In any order: keys are checked when the transaction ends.
        for model in _copied_models():
            cursor.execute(*_copying(model, copies))
        CentreTally.objects.update(asked=F("asked") * copies, unanswered=F("unanswered") * copies)
    with connection.schema_editor() as editor:
        triggers.create_triggers(None, editor)
    # As `manage.py recover` does each day, and PostgreSQL by itself after a while.
    refresh_planner_statistics()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _log() -> None:
    centres = [make.centre(code) for code in ("NORTH", "SOUTH", "WEST")]
    people = [make.user(at_centre=centre) for centre in centres]
    actions.people.set_roles(
        user=make.user(at_centre=centres[0], name=VIEWER),
        centre=centres[1],
        roles=make.CLINICAL_ROLES,
        by=None,
        at=make.NOW,
    )
    coordinator = make.user(at_centre=centres[0], roles=[Role.DATA_MANAGER], name=COORDINATOR)
    actions.reading_protocols.edit(
        centre=centres[0],
        edition=0,
        by=coordinator,
        at=make.NOW,
        changes={"reads_per_study": 2, "reread_share_percent": 20},
    )
    make.user(at_centre=centres[0], roles=[Role.ADMINISTRATOR], name=ADMINISTRATOR)
    readers = [
        [make.user(at_centre=centre, roles=[Role.READER]) for _ in range(2)] for centre in centres
    ]
    readers[0].append(make.user(at_centre=centres[0], roles=[Role.READER], name=READER))
    for number in range(LOGGED):
        place = (0, 0, 0, 1, 1, 2)[number % 6]
        _log_patient(number, by=people[place], readers=readers[place], at_centre=centres[place])


def _log_patient(number: int, *, by: User, readers: list[User], at_centre: Any) -> None:
    day = make.NOW.date() - timedelta(days=400 + 11 * number)
    patient = make.patient(
        by=by,
        at_centre=at_centre,
        local_number=f"L-{number}",
        birth_year=1990 + number % 30,
        sex="male" if number % 2 else "female",
        consent="given" if number % 5 else "",
    )
    make.component(
        of=patient,
        by=by,
        model="medtronic_8637_40",
        serial_number=f"SN{number}",
        implanted_on=day - timedelta(days=2000),
    )
    make.component(of=patient, by=by, kind="spinal_segment", reservoir_ml=None, implanted_on=None)
    for earlier in range(1 + number % 3):
        opened_on = day - timedelta(days=100 * earlier)
        case = make.case(of=patient, by=by, opened_on=opened_on)
        if number % 4:
            study = make.contrast_study(of=case, by=by, performed_on=opened_on + timedelta(days=5))
            finding = ("leak", "normal_crescent", "occlusion", "malposition")[number % 7 % 4]
            if number % 3 == 0:
                make.read(of=study, by=by, finding=finding)
            series = _images(at_centre.code, number)
            make.study_link(of=study, study=series.study, by=by, reason="a benchmark")
            _read(number + earlier, study, series, readers, finding)
            _images(at_centre.code, number)
        if number % 2:
            make.surgery(of=case, by=by, performed_on=opened_on + timedelta(days=12))


def _read(
    number: int, study: ContrastStudy, series: Series, readers: list[User], finding: str
) -> None:
    """Read by everybody, by one, by two who differ, or by nobody yet; some were asked to."""
    by = readers if number % 4 == 0 else readers[number % 2 :][: number % 3]
    for place, reader in enumerate(by):
        other = "occlusion" if finding == "leak" else "leak"
        read = read_images(study, by=reader, finding=other if place % 2 else finding)
        ReadMeasurement.objects.bulk_create(
            ReadMeasurement(
                read=read, number=one, kind="length", series=series, points_mm=[], length_mm=one
            )
            for one in (1, 2)
        )
    if len(by) < len(readers) - 1 and number % 2:
        asked = next(reader for reader in reversed(readers) if reader not in by)
        actions.reading_assignments.assign(
            contrast_study=study, reader=asked, by=study.created_by, at=make.NOW
        )


def _images(centre_code: str, number: int) -> Series:
    """Rows of a study as the intake writes them, in a delivery with a file that was refused."""
    run = IngestRun.objects.create(
        centre_code=centre_code,
        source=IngestRun.Source.COMMAND_LINE,
        started_at=make.NOW,
        finished_at=make.NOW,
    )
    study = Study.objects.create(
        centre_code=centre_code,
        study_instance_uid=f"2.25.1.{run.pk}",
        study_date=make.NOW.date() - timedelta(days=number),
        received_at=make.NOW,
    )
    series = Series.objects.create(
        study=study, series_instance_uid=f"2.25.2.{run.pk}", modality="CT"
    )
    instance = Instance.objects.create(
        series=series,
        sop_instance_uid=f"2.25.3.{run.pk}",
        stored_sha256="0" * 64,
        stored_bytes=1,
        pixel_offset=1,
        pixel_length=1,
        frames=1,
        attributes={},
        received_at=make.NOW,
    )
    kept = {"run": run, "recorded_at": make.NOW}
    IngestedFile.objects.create(**kept, position=1, result="indexed", instance=instance)
    refused = IngestedFile.objects.create(
        **kept,
        position=2,
        result="quarantined",
        reason_code="burned_in_annotation",
        quarantine_key=uuid.uuid5(uuid.NAMESPACE_OID, str(run.pk)),
    )
    if run.pk % 3:
        QuarantineDecision.objects.create(
            file=refused, decision="discarded", reason="a benchmark", decided_at=make.NOW
        )
    return series


def _copied_models() -> set[type[Model]]:
    """What hangs on a patient, and the events of the history."""
    models = set(apps.get_app_config("registry").get_models())
    found: set[type[Model]] = {Patient}
    while more := {model for model in models - found if found & set(_parents(model))}:
        found |= more
    return found | {HistoryEvent, *IMAGES}


def _parents(model: type[Model]) -> Iterator[type[Model]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            yield field.related_model


def _copying(model: type[Model], copies: int) -> tuple[str, list[Any]]:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    fields = model._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values = ", ".join(_copied(model, field) for field in fields)
    return (
        f"INSERT INTO {table} ({columns})"
        " WITH RECURSIVE copy(k) AS ("
        "SELECT CAST(1 AS bigint) UNION ALL SELECT k + 1 FROM copy WHERE k < %s)"
        f" SELECT {values} FROM copy CROSS JOIN {table} WHERE {table}.id < %s ORDER BY copy.k",
        [copies - 1, STRIDE],
    )


def _copied(model: type[Model], field: Any) -> str:
    column = connection.ops.quote_name(str(field.column))
    postgresql = connection.vendor == "postgresql"
    if isinstance(field, DateField):
        return _copied_day(model, field, column)
    if field.primary_key:
        return f"{column} + k * {STRIDE}"
    if isinstance(field, ForeignKey):
        is_copied = field.related_model in _copied_models()
        return f"{column} + k * {STRIDE}" if is_copied else column
    if isinstance(field, UUIDField):
        if postgresql:
            return f"md5(replace({column}::text, '-', '') || ':' || k)::uuid"
        return f"copied_uuid({column}, k)"
    if model is HistoryEvent and field.name == "sequence":
        return f"{column} + k * {STRIDE}"
    if model is Patient and field.name == "registry_number":
        number = f"CAST(substr({column}, 4) AS INTEGER) + k * {LOGGED}"
        padded = f"lpad(({number})::text, 6, '0')" if postgresql else f"printf('%%06d', {number})"
        return f"'CR-' || {padded}"
    if model is Patient and field.name == "subject_key":
        if postgresql:
            return f"md5({column} || k) || md5(k || {column})"
        return f"copied_uuid({column}, k) || copied_uuid({column}, -k)"
    if model is ListEntry and field.name == "term":
        return f"CASE WHEN {column} LIKE 'serial:%%' THEN {column} || 'C' || k ELSE {column} END"
    if field.name in UIDS:
        return f"{column} || '.' || k"
    return column


def _copied_day(model: type[Model], field: Any, column: str) -> str:
    postgresql = connection.vendor == "postgresql"
    if isinstance(field, DateTimeField):
        if model not in LATER:
            return column
        if postgresql:
            return f"{column} + k * interval '1 minute'"
        return f"datetime({column}, '+' || k || ' minutes')"
    if model is not ListEntry:
        return column
    if postgresql:
        return f"{column} - CAST(k %% {DAYS} AS integer)"
    return f"date({column}, '-' || (k %% {DAYS}) || ' days')"


def copied_uuid(text: str | None, k: int) -> str | None:
    if text is None:
        return None
    return uuid.UUID(hashlib.md5(f"{text}:{k}".encode()).hexdigest()).hex
