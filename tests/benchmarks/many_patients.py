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

from registry import actions
from registry.models import (
    CentreTally,
    HistoryEvent,
    ListEntry,
    Patient,
    Role,
    User,
)
from tests.factories import registry_records as make

LOGGED = 20
"""Patients that are logged; the size of the registry is a multiple of it."""

STRIDE = 1_000_000
"""Between the keys of a record and of its copy; more than any table has before copying."""

DAYS = 4000
"""Copies lie on so many days, as the records of a registry lie on those of many years."""

VIEWER = "bench"
TRIGGERS = "registry.migrations.0009_second_reads"


def build(*, patients: int) -> None:
    """Fill an empty database."""
    with transaction.atomic():
        _log()
    copies = patients // LOGGED
    triggers = importlib.import_module(TRIGGERS)
    with connection.schema_editor() as editor:
        triggers.drop_triggers(None, editor)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.create_function("copied_uuid", 2, _copied_uuid)
        for model in _in_order():
            cursor.execute(*_copying(model, copies))
        CentreTally.objects.update(asked=F("asked") * copies, unanswered=F("unanswered") * copies)
    with connection.schema_editor() as editor:
        triggers.create_triggers(None, editor)
    # PostgreSQL does so by itself after a while; on SQLite the product never asks for it.
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
    reader = [make.user(at_centre=centre, roles=[Role.READER]) for centre in centres]
    for number in range(LOGGED):
        place = (0, 0, 0, 1, 1, 2)[number % 6]
        _log_patient(number, by=people[place], reader=reader[place], at_centre=centres[place])


def _log_patient(number: int, *, by: User, reader: User, at_centre: Any) -> None:
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
            if number % 3:
                make.read(of=study, by=reader if number % 2 else by, finding=finding)
        if number % 2:
            make.surgery(of=case, by=by, performed_on=opened_on + timedelta(days=12))


def _copied_models() -> set[type[Model]]:
    """What hangs on a patient, and the events of the history."""
    models = set(apps.get_app_config("registry").get_models())
    found: set[type[Model]] = {Patient}
    while more := {model for model in models - found if found & set(_parents(model))}:
        found |= more
    return found | {HistoryEvent}


def _in_order() -> Iterator[type[Model]]:
    """The models to copy, each after those it hangs on."""
    models = {model for model in _copied_models() if model._default_manager.exists()}
    done: set[type[Model]] = set()
    while waiting := models - done:
        for model in waiting:
            if not (set(_parents(model)) & models) - done - {model}:
                done.add(model)
                yield model


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
        " WITH RECURSIVE copy(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM copy WHERE k < %s)"
        f" SELECT {values} FROM copy CROSS JOIN {table} WHERE {table}.id < %s ORDER BY copy.k",
        [copies - 1, STRIDE],
    )


def _copied(model: type[Model], field: Any) -> str:
    column = connection.ops.quote_name(str(field.column))
    postgresql = connection.vendor == "postgresql"
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
    is_day = isinstance(field, DateField) and not isinstance(field, DateTimeField)
    if model is ListEntry and is_day:
        if postgresql:
            return f"{column} - (k %% {DAYS})"
        return f"date({column}, '-' || (k %% {DAYS}) || ' days')"
    return column


def _copied_uuid(text: str, k: int) -> str:
    return uuid.UUID(hashlib.md5(f"{text}:{k}".encode()).hexdigest()).hex
