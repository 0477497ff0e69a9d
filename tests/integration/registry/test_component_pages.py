"""The label of a device on the form of its component."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from registry.models import Component, Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

SCANNED = "]d2015102222223333611141231" + "1715070710A213B1\x1d211234"
UDI = "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234"


@pytest.fixture
def surgeon(client):
    person = make.user(at_centre=make.centre(), roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.active_memberships[0].centre)


def sent(client, patient, answers):
    url = reverse("registry:component-create", args=[patient.public_id])
    response = client.post(url, answers, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.one_database
def test_a_scan_fills_the_form_and_stores_nothing(client, patient):
    shown = sent(client, patient, {"scan": SCANNED})
    for value in (UDI, "A213B1", "1234", "2014-12-31", "2015-07-07"):
        assert f'value="{value}"' in shown
    assert "GS1 label read" in shown
    assert "choose the model" in shown
    assert not Component.objects.exists()


@pytest.mark.one_database
def test_what_was_typed_before_the_scan_stands_there_again(client, patient):
    shown = sent(client, patient, {"scan": SCANNED, "implanted_on": "2015-01-08", "kind": "pump"})
    assert 'value="2015-01-08"' in shown
    assert 'value="pump"' in shown


@pytest.mark.one_database
def test_a_wrong_check_digit_is_told_and_the_answers_stay(client, patient):
    shown = sent(client, patient, {"scan": "(01)51022222233337", "implanted_on": "2015-01-08"})
    assert "check digit does not fit" in shown
    assert 'value="2015-01-08"' in shown


def test_a_device_logged_before_brings_its_model_and_the_catalogue_its_measures(
    client, patient, surgeon
):
    other = make.patient(by=surgeon, at_centre=patient.centre)
    make.component(of=other, by=surgeon, model="medtronic_8637_40", udi=UDI, reservoir_ml=None)
    shown = sent(client, patient, {"scan": "0151022222233336"})
    assert 'value="medtronic_8637_40" selected' in shown
    assert "Kind and model as with the last component" in shown
    assert "From the catalogue: reservoir 40 ml." in shown
    assert 'value="40"' in shown


def test_the_catalogue_alone_is_asked_with_an_empty_box_and_says_what_is_unverified(
    client, patient
):
    typed = {"scan": "", "kind": "spinal_segment", "model": "medtronic_8781", "length_cm": "100"}
    shown = sent(client, patient, typed)
    assert "From the catalogue: volume 0.0022 ml/cm [own]." in shown
    assert 'value="100"' in shown


def test_a_scanned_component_is_stored_with_its_label(client, patient):
    answers = {
        "kind": "pump",
        "udi": SCANNED.removeprefix("]d2"),
        "serial_number": "1234",
        "lot_number": "A213B1",
        "manufactured_on": "2014-12-31",
        "expires_on": "2030-07-07",
        "implanted_on": "2015-01-08",
        "implanted_on_precision": "day",
    }
    sent(client, patient, answers)
    component = Component.objects.get()
    assert (component.udi, component.device_identifier) == (UDI, "51022222233336")
    assert component.expires_on == date(2030, 7, 7)


@pytest.mark.one_database
def test_a_mistyped_udi_is_refused_at_its_field(client, patient):
    answers = {"kind": "pump", "implanted_on_precision": "day", "udi": "(01)51022222233337"}
    assert "check digit does not fit" in sent(client, patient, answers)
    assert not Component.objects.exists()


def test_a_label_is_read_on_the_page_of_a_component_that_is_there(client, patient, surgeon):
    pump = make.component(of=patient, by=surgeon)
    url = reverse("registry:component-update", args=[pump.public_id])
    shown = client.post(url, {"scan": SCANNED, "edition": "1"}).content.decode()
    assert f'value="{UDI}"' in shown
    pump.refresh_from_db()
    assert (pump.udi, pump.edition) == ("", 1)


def test_trimming_gives_length_and_volume(client, patient):
    """110 - 30 = 80 cm; 80 · 0.0022 = 0.176 ml."""
    answers = {
        "kind": "spinal_segment",
        "implanted_on_precision": "day",
        "length_cm": "110",
        "trimmed_cm": "30",
        "ml_per_cm": "0,0022",
    }
    sent(client, patient, answers)
    catheter = Component.objects.get()
    assert (catheter.implanted_length_cm, catheter.volume_ml) == (80, Decimal("0.176"))


def test_a_second_pump_is_taken_for_a_mistake_until_somebody_says_it_is_none(client, patient):
    pump = {"kind": "pump", "implanted_on": "2015-01-08", "implanted_on_precision": "day"}
    sent(client, patient, pump)
    assert "really is a second one" in sent(client, patient, pump)
    sent(client, patient, pump | {"second_pump_declared": "on"})
    assert sorted(Component.objects.values_list("second_pump_declared", flat=True)) == [False, True]
