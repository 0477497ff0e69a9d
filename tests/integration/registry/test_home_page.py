"""The page one arrives at: what waits, and the way to all of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from registry.models import Role
from registry.presenters.home import SHOWN
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

HOME = reverse("registry:home")
WAITING = reverse("registry:work-list", args=["cases-without-outcome"])


@pytest.fixture
def surgeon(client):
    person = make.user(at_centre=make.centre(), roles=[Role.SURGEON])
    client.force_login(person)
    return person


def open_cases(surgeon, count):
    centre = surgeon.memberships.get().centre
    return [
        make.case(
            of=make.patient(by=surgeon, at_centre=centre),
            by=surgeon,
            opened_on=date(2024, 1, 1) + timedelta(days=day),
        )
        for day in range(count)
    ]


def test_every_count_leads_to_all_it_counts(client, surgeon):
    cases = open_cases(surgeon, SHOWN + 2)

    home = client.get(HOME).content.decode()
    whole = client.get(WAITING).content.decode()

    assert f'class="count" href="{WAITING}"' in home
    for case in cases:
        assert reverse("registry:case-detail", args=[case.public_id]) in whole


def test_a_finding_stands_beside_its_case_as_far_as_one_may_know_it(client, surgeon):
    (case,) = open_cases(surgeon, 1)
    make.read(of=make.contrast_study(of=case, by=surgeon), by=surgeon, finding="occlusion")

    assert "glyphs.svg#blocked_line" in client.get(WAITING).content.decode()

    colleague = make.user(
        at_centre=case.patient.centre, roles=[Role.SURGEON, Role.READER], name="blind"
    )
    client.force_login(colleague)
    assert "glyphs.svg#blocked_line" not in client.get(WAITING).content.decode()


def test_a_list_that_is_not_there_or_not_yours_is_not_found(client, surgeon):
    reader = make.user(
        at_centre=surgeon.memberships.get().centre, roles=[Role.READER], name="reader"
    )

    assert client.get(reverse("registry:work-list", args=["secrets"])).status_code == 404
    client.force_login(reader)
    assert client.get(WAITING).status_code == 403


def test_where_nothing_waits_it_says_so(client, surgeon):
    html = client.get(HOME).content.decode()

    assert "Every completed contrast study has a signed read." in html
    assert "No open case is older than six weeks." in html
