"""An operation with what was found at each component."""

from datetime import date

import pytest

from registry import actions
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.actions.surgeries import IntraoperativeEntry, RemovalEntry
from registry.models import (
    Component,
    HistoryEvent,
    IntraoperativeFinding,
    Procedure,
    RevisionSurgery,
)
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

DISCONNECTED = IntraoperativeEntry("connector", "confirmed", "disconnection", "pump_connector")
INTACT = IntraoperativeEntry("connector", "excluded", how_proven="inspection")


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def case(surgeon):
    centre = surgeon.active_memberships[0].centre
    return make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)


def log(
    case,
    surgeon,
    *,
    procedures=("exploration_only",),
    findings=(INTACT,),
    techniques=(),
    integrity_tests=(),
    removed=(),
    placed=(),
    **fields,
):
    fields = {
        "performed_on": date(2024, 3, 12),
        "indication": "catheter_disconnection_pump",
        "planned": "unplanned",
        "imaging_known": "known",
    } | fields
    return actions.surgeries.log(
        case=case,
        by=surgeon,
        at=make.NOW,
        fields=fields,
        procedures=procedures,
        findings=findings,
        techniques=techniques,
        integrity_tests=integrity_tests,
        removed=removed,
        placed=placed,
    )


def test_procedures_and_findings_are_logged_with_the_operation(case, surgeon):
    surgery = log(case, surgeon, findings=[DISCONNECTED])
    assert [procedure.code for procedure in surgery.procedures.all()] == ["exploration_only"]
    finding = surgery.findings.get()
    assert (finding.component, finding.code, finding.site) == (
        "connector",
        "disconnection",
        "pump_connector",
    )
    changes = HistoryEvent.objects.get(action="surgery.log").changes
    assert changes["procedures"] == [None, [{"code": "exploration_only"}]]
    assert changes["findings"][1][0]["code"] == "disconnection"


@pytest.mark.parametrize(
    "entry",
    [
        IntraoperativeEntry("connector", "confirmed"),
        IntraoperativeEntry("connector", "excluded", "disconnection"),
        IntraoperativeEntry("connector", "not_explored", "disconnection"),
        IntraoperativeEntry("connector", "confirmed", "sunburn"),
    ],
    ids=["confirmed, nothing named", "excluded, yet named", "not explored, yet named", "no code"],
)
def test_a_finding_is_named_where_it_was_confirmed_and_only_there(case, surgeon, entry):
    with pytest.raises(InvalidRecordError):
        log(case, surgeon, findings=[DISCONNECTED, entry])
    for model in (RevisionSurgery, Procedure, IntraoperativeFinding):
        assert not model.objects.exists(), model.__name__


def test_an_operation_has_two_different_indications_or_one(case, surgeon):
    with pytest.raises(InvalidRecordError):
        log(case, surgeon, secondary_indication="catheter_disconnection_pump")
    assert log(case, surgeon, secondary_indication="battery_eri").pk


def test_an_edit_replaces_procedures_and_findings(case, surgeon):
    surgery = log(case, surgeon)
    edited = actions.surgeries.edit(
        surgery=surgery,
        edition=1,
        by=surgeon,
        at=make.NOW,
        changes={"urgency": "urgent"},
        procedures=["splice_repair", "connector_repair_or_replacement"],
        findings=[DISCONNECTED],
    )
    assert sorted(procedure.code for procedure in edited.procedures.all()) == [
        "connector_repair_or_replacement",
        "splice_repair",
    ]
    assert [finding.status for finding in edited.findings.all()] == ["confirmed"]
    changes = HistoryEvent.objects.get(action="surgery.edit").changes
    assert changes["urgency"] == ["", "urgent"]
    assert [row["status"] for row in changes["findings"][0]] == ["excluded"]


def test_a_refused_edit_keeps_what_was_found(case, surgeon):
    surgery = log(case, surgeon, findings=[DISCONNECTED])
    with pytest.raises(InvalidRecordError):
        actions.surgeries.edit(
            surgery=surgery,
            edition=1,
            by=surgeon,
            at=make.NOW,
            changes={},
            procedures=["splice_repair"],
            findings=[IntraoperativeEntry("connector", "confirmed")],
        )
    assert [finding.code for finding in surgery.findings.all()] == ["disconnection"]
    assert [procedure.code for procedure in surgery.procedures.all()] == ["exploration_only"]


def test_an_operation_belongs_to_the_case_and_to_no_scan():
    """Which scan it verifies is the audit's choice (decision 7)."""
    related = {field.related_model for field in RevisionSurgery._meta.get_fields()}
    assert "ContrastStudy" not in {model.__name__ for model in related if model}


def codes(rows):
    return sorted(row.code for row in rows.all())


def test_techniques_and_tests_are_logged_and_stay_where_an_edit_names_none(case, surgeon):
    surgery = log(case, surgeon, techniques=["pump_subfascial"], integrity_tests=["csf_backflow"])
    given = {"surgery": surgery, "by": surgeon, "at": make.NOW, "changes": {}}
    given |= {"procedures": ["exploration_only"], "findings": [INTACT]}
    actions.surgeries.edit(edition=1, **given)
    assert codes(surgery.techniques) == ["pump_subfascial"]
    assert codes(surgery.integrity_tests) == ["csf_backflow"]
    actions.surgeries.edit(edition=2, techniques=[], integrity_tests=["none"], **given)
    assert codes(surgery.techniques) == []
    assert codes(surgery.integrity_tests) == ["none"]


def test_nothing_tested_stands_alone(case, surgeon):
    with pytest.raises(InvalidRecordError) as refusal:
        log(case, surgeon, integrity_tests=["none", "csf_backflow"])
    assert set(refusal.value.errors) == {"integrity_tests"}
    assert not RevisionSurgery.objects.exists()


def test_the_old_pump_goes_and_the_new_one_comes_with_the_operation(case, surgeon):
    old = make.component(of=case.patient, by=surgeon)
    surgery = log(
        case,
        surgeon,
        removed=[RemovalEntry(old, edition=1)],
        placed=[{"kind": "pump", "model": "medtronic_8637_20", "reservoir_ml": 20}],
    )
    old.refresh_from_db()
    assert (old.removed_on, old.removed_by, old.removal_reason) == (
        date(2024, 3, 12),
        surgery,
        "catheter_disconnection_pump",
    )
    (new,) = surgery.placed_components.all()
    assert (new.kind, new.implanted_on, new.removed_on) == ("pump", date(2024, 3, 12), None)
    logged = HistoryEvent.objects.order_by("sequence").values_list("action", flat=True)
    assert list(logged)[-3:] == ["surgery.log", "component.edit", "component.add"]


def nothing_was_written():
    return (
        not RevisionSurgery.objects.exists()
        and Component.objects.filter(removed_on__isnull=True).count() == Component.objects.count()
    )


def test_a_second_pump_beside_the_old_one_refuses_the_whole_operation(case, surgeon):
    make.component(of=case.patient, by=surgeon)
    with pytest.raises(InvalidRecordError):
        log(case, surgeon, placed=[{"kind": "pump"}])
    assert nothing_was_written()


def test_what_is_out_already_or_another_patients_is_not_taken_out(case, surgeon):
    another = make.patient(by=surgeon, at_centre=case.patient.centre)
    foreign = make.component(of=another, by=surgeon)
    with pytest.raises(InvalidRecordError):
        log(case, surgeon, removed=[RemovalEntry(foreign, edition=1)])
    assert nothing_was_written()
    gone = make.component(of=case.patient, by=surgeon, removed_on=date(2024, 1, 5))
    with pytest.raises(InvalidRecordError, match="2024-01-05"):
        log(case, surgeon, removed=[RemovalEntry(gone, edition=1)])
    assert not RevisionSurgery.objects.exists()


def test_a_component_that_was_edited_meanwhile_refuses_the_operation(case, surgeon):
    old = make.component(of=case.patient, by=surgeon)
    actions.components.edit(
        component=old, edition=1, by=surgeon, at=make.NOW, changes={"serial_number": "12"}
    )
    with pytest.raises(EditConflictError):
        log(case, surgeon, removed=[RemovalEntry(old, edition=1)])
    assert nothing_was_written()


def moved(surgery, surgeon, *, to):
    return actions.surgeries.edit(
        surgery=surgery,
        edition=surgery.edition,
        by=surgeon,
        at=make.NOW,
        changes={"performed_on": to},
        procedures=["exploration_only"],
        findings=[INTACT],
    )


def test_what_was_exchanged_goes_with_a_corrected_day_and_a_day_of_its_own_stays(case, surgeon):
    old = make.component(of=case.patient, by=surgeon)
    surgery = log(
        case,
        surgeon,
        removed=[RemovalEntry(old, edition=1)],
        placed=[{"kind": "pump"}, {"kind": "connector", "implanted_on": date(2024, 3, 14)}],
    )
    moved(surgery, surgeon, to=date(2024, 3, 11))
    old.refresh_from_db()
    pump, connector = surgery.placed_components.order_by("-kind")
    assert (old.removed_on, pump.implanted_on) == (date(2024, 3, 11), date(2024, 3, 11))
    assert connector.implanted_on == date(2024, 3, 14)
    assert HistoryEvent.objects.filter(action="component.edit").count() == 3


def test_a_day_before_a_component_was_implanted_is_refused_as_the_day_of_the_operation(
    case, surgeon
):
    old = make.component(of=case.patient, by=surgeon, implanted_on=date(2024, 3, 1))
    surgery = log(case, surgeon, removed=[RemovalEntry(old, edition=1)])
    with pytest.raises(InvalidRecordError) as refusal:
        moved(surgery, surgeon, to=date(2024, 2, 29))
    assert [text[:5] for text in refusal.value.errors["performed_on"]] == ["Pump:"]
    surgery.refresh_from_db()
    assert surgery.performed_on == date(2024, 3, 12)


@pytest.mark.parametrize("follows", ["review", "complication"])
def test_an_operation_is_not_moved_past_what_followed_it(case, surgeon, follows):
    surgery = log(case, surgeon)
    if follows == "review":
        make.review(of=case, by=surgeon, surgery=surgery, reviewed_on=date(2024, 4, 23))
    else:
        make.complication(
            of=case.patient, by=surgeon, surgery=surgery, occurred_on=date(2024, 4, 23)
        )
    with pytest.raises(InvalidRecordError) as refusal:
        moved(surgery, surgeon, to=date(2024, 4, 24))
    assert "2024-04-23" in refusal.value.errors["performed_on"][0]
    assert moved(surgery, surgeon, to=date(2024, 4, 23)).performed_on == date(2024, 4, 23)
