"""Whatever stands in the address, the answer is a page, a refusal or a redirect, never a fault."""

import pytest
from django.urls import reverse

from registry.models import Role
from tests.factories import registry_records as make
from tests.factories import stored_studies
from tests.integration.test_centre_scope import COMPRESSED, OF_NOBODY, arguments_of_nobody

pytestmark = pytest.mark.django_db

NAMES = ("q", "before", "number", "patient", "page", "centre", "from", "to", "as_of", "next")
ODD = (
    "%00", "a%00b", "%ED%A0%80", "%F0%9F%98%80", "9" * 5000, "-1", "1e400", "NaN", "%25", "'",
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "%D9%A3", "CR-000001%00",
)  # fmt: skip


@pytest.fixture
def everybody(client):
    centre = make.centre()
    person = make.user(at_centre=centre, roles=list(Role.values))
    make.contrast_study(
        of=make.case(of=make.patient(by=person, at_centre=centre), by=person), by=person
    )
    client.force_login(person, backend="registry.access.RoleBackend")
    return person


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:12])
def test_no_odd_value_is_a_fault(client, everybody, odd):
    query = "&".join(f"{name}={odd}" for name in NAMES)
    # They read their address as the page and the plain tables do, and take long to write.
    for name in sorted(OF_NOBODY - COMPRESSED):
        url = reverse(name, kwargs=arguments_of_nobody(name))
        assert client.get(f"{url}?{query}").status_code < 500, name


@pytest.mark.parametrize("name", ["from", "to", "as_of", "centre", "number", "page"])
def test_no_odd_filter_is_a_fault(client, everybody, name):
    url = reverse("registry:audit-cases", args=["abousamra-2016"])
    for odd in ODD:
        assert client.get(f"{url}?{name}={odd}").status_code < 500, odd


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:12])
def test_no_odd_number_is_a_fault_where_images_are_linked(client, everybody, odd):
    images = stored_studies.study(centre_code="NORTH")
    url = reverse("registry:study-link", args=[images.public_id])
    assert client.get(f"{url}?number={odd}").status_code == 200


def test_many_thousand_fields_are_refused(client, everybody):
    url = reverse("registry:case-log")
    assert client.post(url, {f"field{n}": "x" for n in range(5000)}).status_code == 400


@pytest.mark.parametrize("forms", ["100000", "-1", "1e400", "\x00", ""])
def test_no_number_of_rows_is_a_fault(client, everybody, forms):
    case = everybody.memberships.first().centre.patients.get().cases.get()
    url = reverse("registry:case-update", args=[case.public_id])
    answer = client.post(url, {"workup-TOTAL_FORMS": forms, "workup-INITIAL_FORMS": "0"})
    assert answer.status_code == 200


def test_more_rows_than_a_form_takes_are_refused_in_words(client, everybody):
    case = everybody.memberships.first().centre.patients.get().cases.get()
    url = reverse("registry:case-update", args=[case.public_id])
    sent = {"workup-TOTAL_FORMS": "101", "workup-INITIAL_FORMS": "0"}
    assert "Work-up: Please submit at most 100 forms." in client.post(url, sent).content.decode()


@pytest.mark.parametrize("number", ["9" * 5000, "\x00", "1\x00", "٣", "\u2028", "x" * 10**5])
def test_no_number_of_a_patient_is_a_fault(client, everybody, number):
    for name in ("registry:case-log", "registry:case-log-patient"):
        sent = {"patient-known": "yes", "patient-known_number": number}
        assert client.post(reverse(name), sent).status_code == 200
