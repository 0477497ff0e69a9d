"""Logging and correcting an operation with what was found at each component."""

import pytest
from django.urls import reverse

from registry import actions
from registry.models import RevisionSurgery, Role
from tests.factories import case_forms
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon(client):
    person = make.user(at_centre=make.centre(), roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def case(surgeon):
    centre = surgeon.active_memberships[0].centre
    return make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)


def create(client, case, answers):
    return client.post(reverse("registry:surgery-create", args=[case.public_id]), answers)


def found(surgery):
    return [(f.component, f.status, f.code, f.site) for f in surgery.findings.all()]


def test_each_component_is_confirmed_excluded_not_explored_or_not_recorded(client, case):
    create(
        client,
        case,
        case_forms.surgery(
            connector_site="pump_connector",
            pump_status="excluded",
            pump_how_proven="inspection",
            spinal_segment_status="not_explored",
        ),
    )

    surgery = RevisionSurgery.objects.get()
    assert found(surgery) == [
        ("pump", "excluded", None, ""),
        ("connector", "confirmed", "disconnection", "pump_connector"),
        ("spinal_segment", "not_explored", None, ""),
    ]
    assert [p.code for p in surgery.procedures.all()] == ["connector_repair_or_replacement"]


def test_a_finding_left_over_from_another_status_is_ignored(client, case):
    create(client, case, case_forms.surgery(connector_status="excluded"))

    assert found(RevisionSurgery.objects.get()) == [("connector", "excluded", None, "")]


def test_a_confirmed_defect_is_named(client, case):
    response = create(client, case, case_forms.surgery(connector_code=""))

    assert set(response.context["form"].errors) == {"connector_code"}


@pytest.mark.one_database
def test_at_least_one_component_is_answered_for(client, case):
    response = create(client, case, case_forms.surgery(connector_status=""))

    assert set(response.context["form"].errors) == {"pump_status"}
    assert not RevisionSurgery.objects.exists()


@pytest.mark.one_database
def test_a_site_the_finding_cannot_have_is_refused_with_those_it_can(client, case):
    response = create(client, case, case_forms.surgery(connector_site="lumen"))

    [sentence] = response.context["form"].errors["connector_site"]
    assert sentence == "Disconnection may lie here: pump connector, splice, anchor."


@pytest.mark.one_database
def test_one_indication_is_not_given_twice(client, case):
    answers = case_forms.surgery(secondary_indication="catheter_disconnection_pump")

    assert set(create(client, case, answers).context["form"].errors) == {"secondary_indication"}


def test_a_second_finding_at_one_component_has_its_own_row(client, case):
    create(
        client,
        case,
        case_forms.surgery(
            **case_forms.rows("further", {"component": "connector", "code": "sleeve_tear"})
        ),
    )
    surgery = RevisionSurgery.objects.get()
    assert [row[2] for row in found(surgery)] == ["disconnection", "sleeve_tear"]

    html = client.get(reverse("registry:surgery-update", args=[surgery.public_id])).content.decode()
    assert '<option value="sleeve_tear" selected>' in html


def test_an_operation_is_corrected(client, surgeon, case):
    surgery = make.surgery(of=case, by=surgeon)
    url = reverse("registry:surgery-update", args=[surgery.public_id])

    client.post(url, case_forms.surgery(edition=1, connector_code="sleeve_tear"))

    surgery.refresh_from_db()
    assert surgery.edition == 2
    assert found(surgery) == [("connector", "confirmed", "sleeve_tear", "")]


def test_two_editors_at_once_see_both_versions(client, surgeon, case):
    surgery = make.surgery(of=case, by=surgeon)
    actions.surgeries.edit(
        surgery=surgery,
        edition=1,
        by=surgeon,
        at=make.NOW,
        changes={"planned": "planned"},
        procedures=["exploration_only"],
        findings=[],
    )
    url = reverse("registry:surgery-update", args=[surgery.public_id])

    response = client.post(url, case_forms.surgery(edition=1))

    rows = {row.label: (row.saved, row.typed) for row in response.context["form"].conflict}
    assert rows["Planned or unplanned"] == ("Planned", "Unplanned")
    assert rows["Procedures"] == ("Exploration only", "Connector repair or replacement")
    assert rows["Connector: finding"] == ("not recorded", "Disconnection")
    surgery.refresh_from_db()
    assert surgery.planned == "planned"


def test_old_and_new_components_are_one_step_with_the_operation(client, surgeon, case):
    old = make.component(of=case.patient, by=surgeon, serial_number="OLD-1")
    page = client.get(reverse("registry:surgery-create", args=[case.public_id]))
    assert "OLD-1" in page.content.decode()
    answers = case_forms.surgery(
        **{
            "techniques": ["pump_subfascial"],
            "integrity_tests": ["csf_backflow"],
            "approach": "pump_pocket",
            "exchange-removed": [str(old.public_id)],
            "exchange-placed_kinds": ["pump"],
            "exchange-pump_model": "medtronic_8637_20",
            "exchange-pump_serial_number": "NEW-2",
        }
    )
    create(client, case, answers)
    surgery = RevisionSurgery.objects.get()
    (new,) = surgery.placed_components.all()
    assert (new.model, new.reservoir_ml, new.implanted_on) == (
        "medtronic_8637_20",
        20,
        surgery.performed_on,
    )
    assert list(surgery.removed_components.all()) == [old]
    html = client.get(reverse("registry:case-detail", args=[case.public_id])).content.decode()
    for words in ("OLD-1", "NEW-2", "Pump subfascial", "CSF backflow", "approach: pump pocket"):
        assert words in html
    form = client.get(reverse("registry:surgery-update", args=[surgery.public_id])).content.decode()
    for component in (old, new):
        assert reverse("registry:component-update", args=[component.public_id]) in form


def test_a_new_pump_beside_the_old_one_is_refused_and_nothing_is_saved(client, surgeon, case):
    make.component(of=case.patient, by=surgeon)
    answers = case_forms.surgery(**{"exchange-placed_kinds": ["pump"]})
    response = create(client, case, answers)
    assert "is it taken out at this operation?" in response.content.decode()
    assert not RevisionSurgery.objects.exists()


def test_nothing_tested_stands_alone(client, case):
    response = create(client, case, case_forms.surgery(integrity_tests=["none", "csf_backflow"]))
    assert set(response.context["form"].errors) == {"integrity_tests"}


def test_a_component_of_another_patient_is_not_taken_out(client, surgeon, case):
    another = make.patient(by=surgeon, at_centre=case.patient.centre)
    make.component(of=case.patient, by=surgeon)
    foreign = make.component(of=another, by=surgeon)
    answers = case_forms.surgery(**{"exchange-removed": [str(foreign.public_id)]})
    assert create(client, case, answers).status_code == 200
    assert not RevisionSurgery.objects.exists()
