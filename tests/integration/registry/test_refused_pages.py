"""A refusal that no page expected is told in its own words, and is no fault of the server."""

import pytest
from django.urls import reverse

from registry import actions
from registry.actions.errors import InvalidRecordError
from registry.models import Role
from tests.factories import registry_records as make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_whoever_comes_too_late_reads_why_and_that_nothing_was_saved(client, monkeypatch):
    centre = make.centre()
    surgeon = make.user(at_centre=centre, roles=[Role.SURGEON])
    client.force_login(surgeon)
    patient = make.patient(by=surgeon, at_centre=centre)

    def gone(**_):
        raise InvalidRecordError({"__all__": ["The patient went to another centre."]})

    monkeypatch.setattr(actions.patients, "look_at_identity", gone)
    answer = client.post(reverse("registry:patient-identity", args=[patient.public_id]))
    assert answer.status_code == 409
    assert "The patient went to another centre." in answer.content.decode()


def test_a_fault_stays_one(client, monkeypatch):
    centre = make.centre()
    surgeon = make.user(at_centre=centre, roles=[Role.SURGEON])
    client.force_login(surgeon)
    patient = make.patient(by=surgeon, at_centre=centre)
    monkeypatch.setattr(actions.patients, "look_at_identity", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.post(reverse("registry:patient-identity", args=[patient.public_id]))
