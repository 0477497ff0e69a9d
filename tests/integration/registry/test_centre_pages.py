"""Who manages a centre says from when its log is complete, and audits count by it."""

from datetime import date

import pytest
from django.urls import reverse

from registry.models import Centre, HistoryEvent, Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

LIST = "registry:centre-list"
AUDIT = ["device-survival"]


def sign_in(client, centre, *roles):
    person = make.user(at_centre=centre, roles=list(roles))
    client.force_login(person, backend="registry.access.RoleBackend")


def test_the_day_is_said_kept_in_history_and_counted_by(client):
    centre = make.centre()
    registrar = make.user(at_centre=centre)
    patient = make.patient(by=registrar, at_centre=centre)
    make.component(
        of=patient, by=registrar, implanted_on=date(2010, 1, 4), removed_on=date(2012, 1, 4),
        removal_reason="motor_stall",
    )  # fmt: skip
    make.component(of=patient, by=registrar, implanted_on=date(2012, 1, 4))
    sign_in(client, centre, Role.DATA_MANAGER)
    audit = reverse("registry:audit-protocol", args=AUDIT)
    said = client.get(audit).content.decode()
    assert "not known of NORTH" in said
    assert reverse(LIST) in said

    address = reverse("registry:centre-update", args=[centre.public_id])
    answer = client.post(address, {"complete_log_from": "2012-06-01", "seen": ""}, follow=True)
    assert "2012-06-01" in answer.content.decode()
    event = HistoryEvent.objects.get(action="centre.set_complete_log")
    assert (event.chain.code, event.object_id) == ("NORTH", centre.public_id)
    assert "not known of NORTH" not in client.get(audit).content.decode()
    result = client.get(reverse("registry:audit-json", args=AUDIT)).json()
    counts = {box["key"]: box["n"] for box in result["flow"]}
    assert (counts["watched"], counts["before_log"]) == (1, 1)
    assert result["protocol"]["version"] == "4"
    assert result["rules"][0].startswith("entry-2")


def test_nobody_overwrites_what_somebody_else_said_or_says_a_day_to_come(client):
    centre = make.centre()
    sign_in(client, centre, Role.ADMINISTRATOR)
    address = reverse("registry:centre-update", args=[centre.public_id])
    client.post(address, {"complete_log_from": "2012-06-01", "seen": ""})
    late = client.post(address, {"complete_log_from": "2013-06-01", "seen": ""})
    assert "another day meanwhile" in late.content.decode()
    ahead = client.post(address, {"complete_log_from": "2999-01-01", "seen": "2012-06-01"})
    assert "lies in the future" in ahead.content.decode()
    assert Centre.objects.get().complete_log_from == date(2012, 6, 1)
    client.post(address, {"complete_log_from": "", "seen": "2012-06-01"})
    assert Centre.objects.get().complete_log_from is None


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SURGEON, Role.REGISTRAR])
def test_others_neither_see_nor_say_it(client, role):
    centre = make.centre()
    sign_in(client, centre, role)
    assert client.get(reverse(LIST)).status_code == 403
    address = reverse("registry:centre-update", args=[centre.public_id])
    assert client.get(address).status_code == 404
