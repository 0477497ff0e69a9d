"""A registry to audit, of any size: varied patients are logged through the actions, and copied.

Each has one case and two components. Copies lie on other days, all of a patient moved alike, so
that durations stay what they were. What no audit asks for (history, lists, images) is not copied.
"""

import importlib
import random
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    DateField,
    DateTimeField,
    ForeignKey,
    Model,
    UUIDField,
)

from imaging.actions.planner_statistics import refresh_planner_statistics
from registry import actions, models
from registry.models import Centre, Role, User
from tests.benchmarks.many_patients import STRIDE, copied_uuid
from tests.factories import registry_records as make

LOGGED = 100
"""Patients that are logged; the size of the registry is a multiple of it."""

DAYS = 3000
"""Copies lie up to so many days earlier."""

AUDITOR = "bench-auditor"

COPIED: tuple[type[Model], ...] = (
    models.Patient,
    models.Component,
    models.RevisionCase,
    models.ContrastStudy,
    models.Read,
    models.ImagingFinding,
    models.ImagingFindingSite,
    models.RevisionSurgery,
    models.IntraoperativeFinding,
    models.Procedure,
    models.Complication,
    models.OutcomeReview,
    models.ScreeningTest,
    models.Assessment,
    models.AssessmentGrade,
    models.DoseSetting,
)
TRIGGERS = "registry.migrations.0023_signal_dispositions"


def build(*, cases: int) -> None:
    """Fill an empty database with so many patients of one case and two components each."""
    triggers = importlib.import_module(TRIGGERS)
    with connection.schema_editor() as editor:
        triggers.drop_triggers(None, editor)
    with transaction.atomic():
        _log()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.create_function("copied_uuid", 2, copied_uuid, deterministic=True)
        for model in COPIED:
            cursor.execute(_copying(model), [cases // LOGGED - 1, STRIDE])
    with connection.schema_editor() as editor:
        triggers.create_triggers(None, editor)
    refresh_planner_statistics()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _log() -> None:
    chance = random.Random(2016)
    centres = [make.centre(code) for code in ("NORTH", "SOUTH", "WEST")]
    people = [make.user(at_centre=centre) for centre in centres]
    auditor = make.user(at_centre=centres[0], roles=[Role.AUDITOR], name=AUDITOR)
    for centre in centres[1:]:
        actions.people.set_roles(
            user=auditor, centre=centre, roles=[Role.AUDITOR], by=None, at=make.NOW
        )
    readers = [make.user(at_centre=centre, roles=[Role.READER]) for centre in centres]
    for number in range(LOGGED):
        place = (0, 0, 0, 1, 1, 2)[number % 6]
        _log_patient(chance, number, centres[place], people[place], readers[place])


def _log_patient(
    chance: random.Random, number: int, centre: Centre, by: User, reader: User
) -> None:
    opened_on = make.NOW.date() - timedelta(days=150 + chance.randrange(500))
    implanted_on = opened_on - timedelta(days=60 + chance.randrange(2500))
    diagnosis = chance.choice(
        ("cp_spastic", "cp_dyskinetic", "ms", "sci_traumatic", "stroke", "dystonia_primary")
    )
    patient = make.patient(
        by=by,
        at_centre=centre,
        birth_year=1960 + chance.randrange(55),
        sex=chance.choice(("male", "female")),
        diagnosis=diagnosis,
    )
    _log_assessments(chance, patient, by, opened_on)
    has_pump = chance.random() < 0.85
    case = make.case(of=patient, by=by, opened_on=opened_on)
    surgery = _log_course(chance, case, by, reader, opened_on) if has_pump else None
    if chance.random() < 0.4:
        make.screening_test(
            of=patient,
            by=by,
            performed_on=implanted_on - timedelta(days=30),
            responded=chance.choice(("yes", "yes", "no")),
        )
    _log_components(chance, patient, by, implanted_on, surgery, has_pump=has_pump)
    if has_pump:
        for day in (10, 100, 300):
            make.dose_setting(
                of=patient,
                by=by,
                set_on=min(implanted_on + timedelta(days=day), make.NOW.date()),
                dose_ug_per_day=100 + 10 * chance.randrange(40),
                confirmed=("dose_ug_per_day",),
            )


def _log_components(
    chance: random.Random,
    patient: models.Patient,
    by: User,
    implanted_on: date,
    surgery: models.RevisionSurgery | None,
    *,
    has_pump: bool,
) -> None:
    if not has_pump:
        implanted_on = make.NOW.date() - timedelta(days=20)
    ends: dict[str, Any] = {}
    if surgery is not None and chance.random() < 0.6:
        ends = {
            "removed_on": surgery.performed_on,
            "removal_reason": chance.choice(("catheter_kink", "infection_deep_pocket", "other")),
            "removed_by": surgery,
        }
    make.component(
        of=patient,
        by=by,
        model=chance.choice(("medtronic_8637_40", "medtronic_8637_20", "flowonix_13827")),
        implanted_on=implanted_on,
        **({} if chance.random() < 0.5 else ends),
    )
    make.component(
        of=patient,
        by=by,
        kind="spinal_segment",
        reservoir_ml=None,
        model=chance.choice(("medtronic_8780", "medtronic_8709")),
        implanted_on=implanted_on,
        **ends,
    )


def _log_assessments(
    chance: random.Random, patient: models.Patient, by: User, opened_on: date
) -> None:
    for days in (40, 400):
        make.assessment(
            of=patient,
            by=by,
            instrument="penn_spasm",
            grades={
                "frequency": str(chance.randrange(1, 5)),
                "severity": str(chance.randrange(1, 4)),
            },
            performed_on=opened_on - timedelta(days=days),
        )


def _log_course(
    chance: random.Random, case: models.RevisionCase, by: User, reader: User, opened_on: date
) -> models.RevisionSurgery | None:
    if chance.random() < 0.7:
        studied_on = opened_on + timedelta(days=1 + chance.randrange(20))
        if chance.random() < 0.1:
            make.stopped_study(of=case, by=by, performed_on=studied_on)
        else:
            study = make.contrast_study(of=case, by=by, performed_on=studied_on)
            finding = chance.choice(("leak", "leak", "occlusion", "normal_crescent", "malposition"))
            make.read(of=study, by=by, finding=finding)
            if chance.random() < 0.3:
                make.read(of=study, by=reader, finding=chance.choice((finding, "occlusion")))
    if chance.random() < 0.45:
        make.review(of=case, by=by, reviewed_on=opened_on + timedelta(days=60))
        return None
    surgery = make.surgery(
        of=case, by=by, performed_on=opened_on + timedelta(days=22 + chance.randrange(40))
    )
    make.review(
        of=case, by=by, surgery=surgery, reviewed_on=surgery.performed_on + timedelta(days=42)
    )
    if chance.random() < 0.25:
        make.complication(
            of=case.patient,
            by=by,
            surgery=surgery,
            occurred_on=surgery.performed_on + timedelta(days=9),
            code=chance.choice(("seroma", "infection_pocket")),
        )
    return surgery


def _copying(model: type[Model]) -> str:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    fields = model._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    values = ", ".join(_copied(model, field) for field in fields)
    return (
        f"INSERT INTO {table} ({columns})"
        " WITH RECURSIVE copy(k) AS ("
        "SELECT CAST(1 AS bigint) UNION ALL SELECT k + 1 FROM copy WHERE k < %s)"
        f" SELECT {values} FROM copy CROSS JOIN {table} WHERE {table}.id < %s ORDER BY copy.k"
    )


def _copied(model: type[Model], field: Any) -> str:
    column = connection.ops.quote_name(str(field.column))
    postgresql = connection.vendor == "postgresql"
    # A prime number of days, so that neighbours lie far apart.
    days = f"(k * 1009) %% {DAYS}"
    if isinstance(field, DateTimeField):
        if postgresql:
            return f"{column} - ({days}) * interval '1 day'"
        return f"datetime({column}, '-' || ({days}) || ' days')"
    if isinstance(field, DateField):
        if postgresql:
            return f"{column} - CAST({days} AS integer)"
        return f"date({column}, '-' || ({days}) || ' days')"
    if field.primary_key:
        return f"{column} + k * {STRIDE}"
    if isinstance(field, ForeignKey):
        return f"{column} + k * {STRIDE}" if field.related_model in COPIED else column
    if isinstance(field, UUIDField):
        if postgresql:
            return f"md5(replace({column}::text, '-', '') || ':' || k)::uuid"
        return f"copied_uuid({column}, k)"
    if model is models.Patient and field.name == "registry_number":
        number = f"CAST(substr({column}, 4) AS INTEGER) + k * {LOGGED}"
        padded = f"lpad(({number})::text, 7, '0')" if postgresql else f"printf('%%07d', {number})"
        return f"'CR-' || {padded}"
    return column
