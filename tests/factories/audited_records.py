"""A small cohort that puts somebody into every box of the audit."""

from datetime import date, timedelta

from django.db import transaction

from registry import actions
from registry.models import Centre, Patient, User
from tests.factories import registry_records as make

STUDIED_ON = date(2024, 3, 5)

EVERY_KIND = (
    # finding or way of stopping, whether an operation follows
    ("", False),
    ("", False),
    ("stopped_not_aspirable", False),
    ("stopped_not_aspirable", True),
    ("stopped_other", False),
    ("normal_crescent", False),
    ("normal_crescent", True),
    ("inadequate_pooling", True),
    ("leak", True),
    ("leak", False),
    ("occlusion", True),
    ("malposition", True),
    ("indeterminate", False),
    ("indeterminate", True),
    ("not_read", False),
    ("not_read", True),
)
"""16 patients: 14 studied, 3 of them stopped; of the 11 completed 7 operated."""


def fill(centre: Centre, *, by: User, read_by: User | None = None) -> list[Patient]:
    """One patient of each kind of `EVERY_KIND` in the centre."""
    with transaction.atomic(), actions.list_entries.once_each():
        return [
            audited_patient(centre, by=by, read_by=read_by or by, result=result, operated=operated)
            for result, operated in EVERY_KIND
        ]


def audited_patient(
    centre: Centre,
    *,
    by: User,
    result: str,
    operated: bool,
    read_by: User | None = None,
    studied_on: date = STUDIED_ON,
) -> Patient:
    """A patient with a study of this result and, if asked for, an operation a week later."""
    patient = make.patient(by=by, at_centre=centre)
    if not result:
        return patient
    case = make.case(of=patient, by=by, opened_on=studied_on - timedelta(days=4))
    if result == "stopped_not_aspirable":
        make.stopped_study(of=case, by=by, performed_on=studied_on)
    elif result == "stopped_other":
        make.stopped_study(
            of=case,
            by=by,
            performed_on=studied_on,
            aspiration="not_tried",
            outcome="stopped_other",
            stop_reason="no_access",
        )
    else:
        study = make.contrast_study(of=case, by=by, performed_on=studied_on)
        if result != "not_read":
            make.read(of=study, by=read_by or by, finding=result)
    if operated:
        make.surgery(of=case, by=by, performed_on=studied_on + timedelta(days=7))
    return patient
