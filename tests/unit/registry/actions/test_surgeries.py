"""An operation with what was found at each component."""

from datetime import date

import pytest

from registry import actions
from registry.actions.errors import InvalidRecordError
from registry.actions.surgeries import IntraoperativeEntry
from registry.models import HistoryEvent, IntraoperativeFinding, Procedure, RevisionSurgery
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


def log(case, surgeon, *, procedures=("exploration_only",), findings=(INTACT,), **fields):
    fields = {
        "performed_on": date(2024, 3, 12),
        "indication": "catheter_disconnection_pump",
        "planned": "unplanned",
        "imaging_known": "known",
    } | fields
    return actions.surgeries.log(
        case=case, by=surgeon, at=make.NOW, fields=fields, procedures=procedures, findings=findings
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
