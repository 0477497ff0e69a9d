"""The page of the rules for test images."""

import pytest
from django.test import Client
from django.urls import reverse

from imaging.models import ExclusionRule
from imaging.queries.exclusion_rules import active_rules
from registry import actions
from registry.models import Centre, Role, User
from tests.factories import registry_records
from tests.factories.dicom_files import ct_instance
from tests.integration.imaging.conftest import Ingest

PAGE = reverse("imaging:exclusion-rules")
RULE = {"keyword": "StationName", "match": "equals", "text": "CANARYSTATION1"}


@pytest.fixture
def administrator(centre: Centre) -> User:
    return registry_records.user(at_centre=centre, roles=[Role.ADMINISTRATOR])


@pytest.fixture
def desk(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator, backend="registry.access.RoleBackend")
    return client


def everywhere() -> ExclusionRule:
    return ExclusionRule.objects.create(
        keyword="PatientID", match="word", text="everywhere", added_at=registry_records.NOW
    )


def test_a_rule_that_was_added_keeps_images_apart(desk: Client, ingest: Ingest, tmp_path):
    response = desk.post(PAGE, RULE | {"centre_code": "DEMO"}, follow=True)
    assert "The rule holds" in response.content.decode()
    answer = ingest(ct_instance(tmp_path / "one.dcm"))
    assert answer.results == {"1": "quarantined test_image"}
    rule = ExclusionRule.objects.get(keyword="StationName")
    desk.post(reverse("imaging:exclusion-rule-retire", args=[rule.public_id]))
    assert ingest(ct_instance(tmp_path / "two.dcm", index=1)).results == {"1": "indexed"}


def test_a_rule_that_cannot_be_meant_says_why(desk: Client):
    response = desk.post(PAGE, RULE | {"centre_code": "DEMO", "text": "--"})
    assert response.status_code == 400
    assert "neither letter nor digit" in response.content.decode()
    for wrong in ({"centre_code": "OTHER"}, {"keyword": "PatientBirthDate"}, {"text": "x" * 65}):
        assert desk.post(PAGE, RULE | {"centre_code": "DEMO"} | wrong).status_code == 400
    assert not ExclusionRule.objects.filter(keyword="StationName").exists()


def test_rules_of_all_centres_are_for_those_who_administer_all(
    desk: Client, administrator: User, other_centre: Centre
):
    rule = everywhere()
    retire = reverse("imaging:exclusion-rule-retire", args=[rule.public_id])
    assert retire not in desk.get(PAGE).content.decode()
    assert desk.post(retire).status_code == 403
    assert desk.post(PAGE, RULE | {"centre_code": ""}).status_code == 400
    actions.people.set_roles(
        user=administrator,
        centre=other_centre,
        roles=[Role.ADMINISTRATOR],
        by=None,
        at=registry_records.NOW,
    )
    assert retire in desk.get(PAGE).content.decode()
    assert desk.post(retire).status_code == 302
    assert desk.post(PAGE, RULE | {"centre_code": ""}).status_code == 302
    assert ("StationName", "equals", "CANARYSTATION1") in active_rules("OTHER")
    assert ("PatientID", "word", "everywhere") not in active_rules("OTHER")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_sees_or_changes_rules(centre: Centre, role: str):
    rule = everywhere()
    client = Client()
    client.force_login(
        registry_records.user(at_centre=centre, roles=[role]), backend="registry.access.RoleBackend"
    )
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, RULE | {"centre_code": "DEMO"}).status_code == 403
    retire = reverse("imaging:exclusion-rule-retire", args=[rule.public_id])
    assert client.post(retire).status_code == 404
