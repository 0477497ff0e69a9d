"""Advisories on their pages and on those of the patients they affect."""

import pytest
from django.urls import reverse

from registry.models import Advisory, Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

MODEL = "medtronic_8637_40"


@pytest.fixture
def manager(client):
    person = make.user(at_centre=make.centre())
    client.force_login(person)
    return person


@pytest.fixture
def patient(manager):
    return make.patient(by=manager, at_centre=manager.active_memberships[0].centre)


def page(client, name, *of, **sent):
    url = reverse(f"registry:{name}", args=[one.public_id for one in of])
    response = client.post(url, sent, follow=True) if sent else client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_list_has_what_the_project_knows_with_its_sources(client, manager):
    shown = page(client, "advisory-list")
    assert "stall by a foreign particle" in shown
    assert "Hong Kong Medical Device Division alert" in shown


def test_a_centre_adds_one_sees_whom_it_affects_and_ends_it(client, manager, patient):
    make.component(of=patient, by=manager, model=MODEL, serial_number="NGV000150")
    other = make.patient(by=manager, at_centre=patient.centre)
    make.component(of=other, by=manager, model=MODEL, serial_number="NGV000950")
    shown = page(
        client, "advisory-create", centre="NORTH", title="Septum leaks", models=MODEL,
        serial_from="NGV000100", serial_to="NGV000200",
    )  # fmt: skip
    assert patient.registry_number in shown
    assert other.registry_number not in shown
    assert "serial number NGV000100 to NGV000200" in shown
    assert "Septum leaks" in page(client, "patient-detail", patient)
    assert "Septum leaks" not in page(client, "patient-detail", other)
    advisory = Advisory.objects.get(title="Septum leaks")
    assert "holds no more" in page(client, "advisory-retire", advisory, now="yes")
    assert "Septum leaks" not in page(client, "patient-detail", patient)


def test_what_is_not_recorded_leaves_it_possible(client, manager, patient):
    make.component(of=patient, by=manager, model=MODEL)
    advisory = make.advisory(of=patient.centre, by=manager, serial_from="A1", serial_to="A9")
    assert "possibly" in page(client, "advisory-detail", advisory)
    assert "possible advisory" in page(client, "patient-detail", patient)


def test_a_range_that_runs_backwards_is_refused(client, manager):
    shown = page(
        client, "advisory-create", centre="NORTH", title="Odd", models=MODEL,
        implanted_from="2020-01-01", implanted_until="2019-01-01",
    )  # fmt: skip
    assert "New advisory" in shown
    assert not Advisory.objects.filter(title="Odd").exists()


def test_nobody_ends_what_holds_everywhere_and_only_managers_add(client, manager):
    shipped = Advisory.objects.filter(centre=None).first()
    assert "End it" not in page(client, "advisory-detail", shipped)
    retire = reverse("registry:advisory-retire", args=[shipped.public_id])
    assert client.post(retire).status_code == 403
    registrar = make.user(at_centre=make.centre("SOUTH"), roles=[Role.REGISTRAR])
    client.force_login(registrar)
    assert client.get(reverse("registry:advisory-create")).status_code == 403
    assert "New advisory" not in page(client, "advisory-list")


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "\u0663"])
def test_an_odd_place_to_go_on_from_is_the_first_page(client, manager, after):
    advisory = make.advisory(of=manager.active_memberships[0].centre, by=manager)
    url = reverse("registry:advisory-detail", args=[advisory.public_id])
    assert client.get(url, {"after": after}).status_code == 200
