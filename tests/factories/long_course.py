"""A patient of fifteen years: four pumps, six catheters, sixty refills, five operations.

What the timeline must show on a laptop and on an A4 sheet.
"""

from datetime import date, timedelta

from registry import actions
from registry.models import Patient, User
from tests.factories import registry_records as make

FIRST_IMPLANT = date(2009, 3, 4)
PUMPS = (
    ("medtronic_8626_10", 10, date(2009, 3, 4), date(2012, 9, 12)),
    ("medtronic_8637_20", 20, date(2012, 9, 12), date(2015, 4, 22)),
    ("medtronic_8637_40", 40, date(2015, 4, 22), date(2022, 2, 2)),
    ("medtronic_8637_40", 40, date(2022, 2, 2), None),
)
CATHETERS = (
    ("spinal_segment", "medtronic_8709", date(2009, 3, 4), date(2011, 6, 8)),
    ("spinal_segment", "medtronic_8709sc", date(2011, 6, 8), date(2015, 4, 22)),
    ("spinal_segment", "medtronic_8780", date(2015, 4, 22), date(2019, 10, 16)),
    ("spinal_segment", "medtronic_8782", date(2019, 10, 16), None),
    ("pump_segment", "medtronic_8780", date(2015, 4, 22), date(2022, 2, 2)),
    ("pump_segment", "medtronic_8784", date(2022, 2, 2), None),
)
OPERATIONS = (
    (date(2011, 6, 8), "catheter_occlusion", "occlusion"),
    (date(2012, 9, 12), "battery_eri", "normal_crescent"),
    (date(2015, 4, 22), "catheter_fracture_or_tear", "leak"),
    (date(2019, 10, 16), "catheter_migration_intraspinal", "malposition"),
    (date(2022, 2, 2), "battery_eri", "inadequate_pooling"),
)
REFILLS = 60
LAST_REFILL = date(2024, 4, 10)


def patient(*, by: User) -> Patient:
    """The whole course, through the actions."""
    centre = by.active_memberships[0].centre
    found = make.patient(
        by=by, at_centre=centre, birth_year=2004, gmfcs="level_v", tone_pattern="mixed"
    )
    make.screening_test(of=found, by=by, performed_on=date(2009, 2, 2))
    for model, reservoir_ml, implanted_on, removed_on in PUMPS:
        make.component(
            of=found, by=by, model=model, reservoir_ml=reservoir_ml,
            implanted_on=implanted_on, removed_on=removed_on,
        )  # fmt: skip
    for kind, model, implanted_on, removed_on in CATHETERS:
        make.component(
            of=found, by=by, kind=kind, model=model, reservoir_ml=None,
            implanted_on=implanted_on, removed_on=removed_on,
        )  # fmt: skip
    for operated_on, indication, finding in OPERATIONS:
        _episode(found, by=by, operated_on=operated_on, indication=indication, finding=finding)
    make.complication(of=found, by=by, occurred_on=date(2015, 4, 27), code="seroma")
    make.complication(of=found, by=by, occurred_on=date(2019, 9, 30), code="pruritus_no_rash")
    _therapy(found, by=by)
    _assessments(found, by=by)
    return found


def _episode(of: Patient, *, by: User, operated_on: date, indication: str, finding: str) -> None:
    case = make.case(of=of, by=by, opened_on=operated_on - timedelta(days=24))
    study = make.contrast_study(of=case, by=by, performed_on=operated_on - timedelta(days=9))
    make.read(of=study, by=by, finding=finding)
    make.surgery(of=case, by=by, performed_on=operated_on, indication=indication)
    actions.cases.close(
        case=case,
        edition=case.edition,
        by=by,
        at=make.NOW,
        closed_on=operated_on + timedelta(days=100),
        outcome="resolved_by_surgery",
    )


def _therapy(of: Patient, *, by: User) -> None:
    """Doses rise to a plateau, and fall after each repair of a catheter."""
    doses = (
        (0, 100), (60, 150), (180, 220), (400, 260), (700, 420), (826, 200), (1100, 260),
        (1700, 320), (2200, 520), (2240, 240), (2700, 300), (3500, 360), (3820, 600),
        (3880, 300), (4400, 340), (5000, 380),
    )  # fmt: skip
    for days, dose in doses:
        make.dose_setting(
            of=of,
            by=by,
            set_on=FIRST_IMPLANT + timedelta(days=days),
            dose_ug_per_day=dose,
            concentration_ug_per_ml=2000,
        )
    between = (LAST_REFILL - FIRST_IMPLANT).days // REFILLS
    for number in range(REFILLS):
        make.refill(
            of=of,
            by=by,
            performed_on=LAST_REFILL - timedelta(days=between * (REFILLS - 1 - number)),
            expected_ml=4,
            aspirated_ml=11 if number in (22, 23, 41) else 4,
            filled_ml=18 if number < 25 else 38,
            concentration_ug_per_ml=2000,
        )


def _assessments(of: Patient, *, by: User) -> None:
    for index in range(15):
        day = FIRST_IMPLANT + timedelta(days=30 + index * 365)
        grade = ("3", "2", "1+", "2", "3", "1+", "1+", "2")[index % 8]
        make.assessment(
            of=of,
            by=by,
            performed_on=day,
            grades={"hip_adductors_right": grade, "hip_adductors_left": grade},
        )
        make.assessment(
            of=of, by=by, performed_on=day, instrument="penn_spasm",
            grades={"frequency": str(1 + index % 3), "severity": "2"},
        )  # fmt: skip
