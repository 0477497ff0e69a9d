"""An episode from suspicion to its end, and back."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from registry import actions
from registry.actions.cases import WorkupEntry, require_open
from registry.actions.errors import CaseClosedError, EditConflictError, InvalidRecordError
from registry.models import HistoryEvent, WorkupStep
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

ROTOR = WorkupEntry("rotor_study", date(2024, 3, 2), "normal", "two looks")
RADIOGRAPH = WorkupEntry("plain_radiograph", date(2024, 3, 3), "abnormal")


@pytest.fixture
def registrar():
    return make.user(at_centre=make.centre())


@pytest.fixture
def patient(registrar):
    return make.patient(by=registrar, at_centre=registrar.active_memberships[0].centre)


@pytest.fixture
def case(patient, registrar):
    return actions.cases.open_case(
        patient=patient,
        by=registrar,
        at=make.NOW,
        fields={"opened_on": date(2024, 3, 1), "trigger": "suspected_malfunction"},
        presenting_signs=["spasm_increase", "tone_increase", "tone_increase"],
        workup=[ROTOR],
    )


def signs_of(case):
    return sorted(case.presenting_signs.values_list("code", flat=True))


def close(case, registrar, *, edition=1, closed_on=date(2024, 5, 1)):
    return actions.cases.close(
        case=case,
        edition=edition,
        by=registrar,
        at=make.NOW,
        closed_on=closed_on,
        outcome="resolved_by_surgery",
    )


def test_signs_and_workup_are_logged_with_the_case(case):
    assert signs_of(case) == ["spasm_increase", "tone_increase"]
    step = case.workup_steps.get()
    assert (step.kind, step.performed_on, step.result, step.note) == (
        "rotor_study",
        date(2024, 3, 2),
        "normal",
        "two looks",
    )
    event = HistoryEvent.objects.get(action="case.open")
    assert event.changes["presenting_signs"] == [
        None,
        [{"code": "spasm_increase"}, {"code": "tone_increase"}],
    ]


def test_an_edit_replaces_signs_and_workup_and_tells_of_both_versions(case, registrar):
    actions.cases.edit(
        case=case,
        edition=1,
        by=registrar,
        at=make.NOW,
        changes={"trigger": "infection"},
        presenting_signs=["fever"],
        workup=[RADIOGRAPH],
    )
    assert signs_of(case) == ["fever"]
    assert [step.kind for step in case.workup_steps.all()] == ["plain_radiograph"]
    changes = HistoryEvent.objects.get(action="case.edit").changes
    assert changes["trigger"] == ["suspected_malfunction", "infection"]
    assert changes["presenting_signs"][1] == [{"code": "fever"}]


def test_a_refused_edit_keeps_the_signs_and_the_workup(case, registrar):
    with pytest.raises(InvalidRecordError):
        actions.cases.edit(
            case=case,
            edition=1,
            by=registrar,
            at=make.NOW,
            changes={},
            presenting_signs=["fever"],
            workup=[RADIOGRAPH, RADIOGRAPH],
        )
    assert signs_of(case) == ["spasm_increase", "tone_increase"]
    assert case.workup_steps.get().kind == "rotor_study"


def test_an_examination_in_the_future_is_refused(patient, registrar):
    with pytest.raises(InvalidRecordError) as refusal:
        actions.cases.open_case(
            patient=patient,
            by=registrar,
            at=make.NOW,
            fields={"opened_on": date(2024, 3, 1), "trigger": "suspected_malfunction"},
            workup=[WorkupEntry("rotor_study", date(2024, 6, 2), "normal")],
        )
    assert set(refusal.value.errors) == {"workup"}
    assert not WorkupStep.objects.exists()


def opened_with(patient, registrar, *workup):
    return actions.cases.open_case(
        patient=patient,
        by=registrar,
        at=make.NOW,
        fields={"opened_on": date(2024, 3, 1), "trigger": "suspected_malfunction"},
        workup=workup,
    )


def test_the_workup_stands_in_the_order_in_which_it_was_done(patient, registrar):
    """Without a time of day an examination comes after those of the same day that have one."""
    day = date(2024, 3, 2)
    case = opened_with(
        patient,
        registrar,
        WorkupEntry("mri", day, "normal"),
        WorkupEntry("reservoir_check", day, "abnormal", performed_at=time(11, 5)),
        WorkupEntry("interrogation", day, "normal", performed_at=time(9, 30)),
        WorkupEntry("laboratory", date(2024, 3, 1), "normal", performed_at=time(23, 59)),
    )
    assert [step.kind for step in case.workup_steps.all()] == [
        "laboratory",
        "interrogation",
        "reservoir_check",
        "mri",
    ]


def test_alarms_and_radiographs_are_kept_with_their_examination(patient, registrar):
    case = opened_with(
        patient,
        registrar,
        WorkupEntry("interrogation", date(2024, 3, 2), "abnormal", alarms=["eri", "motor_stall"]),
        replace(RADIOGRAPH, radiograph_findings=["kink", "migration"]),
    )
    interrogation, radiograph = case.workup_steps.all()
    assert [alarm.code for alarm in interrogation.alarms.all()] == ["eri", "motor_stall"]
    assert [one.code for one in radiograph.radiograph_findings.all()] == ["kink", "migration"]
    rows = HistoryEvent.objects.get(action="case.open").changes["workup_steps"][1]
    assert [row["alarms"] for row in rows] == [["eri", "motor_stall"], []]
    edited = actions.cases.edit(
        case=case, edition=1, by=registrar, at=make.NOW, changes={}, presenting_signs=[],
        workup=[ROTOR],
    )  # fmt: skip
    assert edited.workup_steps.get().kind == "rotor_study"


@pytest.mark.parametrize(
    "entry",
    [
        replace(ROTOR, alarms=["eri"]),
        replace(ROTOR, radiograph_findings=["kink"]),
        replace(RADIOGRAPH, radiograph_findings=["no_abnormality", "kink"]),
        WorkupEntry("interrogation", date(2024, 3, 2), "normal", alarms=["none", "eri"]),
        replace(RADIOGRAPH, rotor_result="moved"),
        replace(ROTOR, expected_residual_ml=Decimal(5)),
    ],
    ids=str,
)
def test_an_examination_has_only_results_of_its_kind(patient, registrar, entry):
    with pytest.raises(InvalidRecordError):
        opened_with(patient, registrar, entry)
    assert not WorkupStep.objects.exists()


def test_a_closed_case_has_its_outcome_and_takes_nothing_more(case, registrar):
    closed = close(case, registrar)
    assert (closed.closed_on, closed.outcome) == (date(2024, 5, 1), "resolved_by_surgery")
    for known in (case, closed):  # also for whoever loaded the case before it was closed
        with pytest.raises(CaseClosedError, match="closed on 2024-05-01"):
            require_open(known)
    for log in (make.contrast_study, make.surgery):
        with pytest.raises(CaseClosedError):
            log(of=closed, by=registrar)


def test_a_case_does_not_end_before_it_began(case, registrar):
    with pytest.raises(InvalidRecordError):
        close(case, registrar, closed_on=date(2024, 2, 29))


def test_the_end_is_taken_back_with_a_reason(case, registrar):
    closed = close(case, registrar)
    again = actions.cases.reopen(
        case=closed, edition=2, by=registrar, at=make.NOW, reason="the wrong case"
    )
    assert (again.closed_on, again.outcome, again.edition) == (None, None, 3)
    event = HistoryEvent.objects.get(action="case.reopen")
    assert event.reason == "the wrong case"
    assert event.changes["outcome"] == ["resolved_by_surgery", None]


def test_two_people_do_not_close_one_case(case, registrar):
    close(case, registrar)
    with pytest.raises(EditConflictError):
        close(case, registrar)
    assert HistoryEvent.objects.filter(action="case.close").count() == 1


def test_a_case_is_not_opened_after_the_review_that_looks_back_on_it(case, registrar):
    make.review(of=case, by=registrar, reviewed_on=date(2024, 4, 23))
    with pytest.raises(InvalidRecordError) as refusal:
        actions.cases.edit(
            case=case,
            edition=1,
            by=registrar,
            at=make.NOW,
            changes={"opened_on": date(2024, 4, 24)},
            presenting_signs=[],
            workup=[],
        )
    assert "2024-04-23" in refusal.value.errors["opened_on"][0]
