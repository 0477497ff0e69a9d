"""Which rules hold for a delivery, and who sees them."""

import pytest

from imaging.models import ExclusionRule
from imaging.queries import exclusion_rules
from registry.models import Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules():
    ExclusionRule.objects.all().delete()
    for centre_code, text, retired_at in (
        ("", "TEST", None),
        ("NORTH", "DAILY", None),
        ("NORTH", "WEEKLY", make.NOW),
        ("SOUTH", "QA", None),
    ):
        ExclusionRule.objects.create(
            centre_code=centre_code, keyword="PatientID", match="equals", text=text,
            added_at=make.NOW, retired_at=retired_at,
        )  # fmt: skip


def test_rules_of_the_centre_and_of_all_hold_until_they_are_retired():
    assert exclusion_rules.active_rules("NORTH") == (
        ("PatientID", "equals", "DAILY"),
        ("PatientID", "equals", "TEST"),
    )


def test_rules_are_shown_to_those_who_look_after_the_sources_of_a_centre():
    administrator = make.user(at_centre=make.centre("NORTH"), roles=[Role.ADMINISTRATOR])
    shown = exclusion_rules.exclusion_rules(viewer=administrator)
    assert [rule.text for rule in shown] == ["TEST", "DAILY"]


def test_nobody_else_sees_a_rule():
    manager = make.user(at_centre=make.centre("NORTH"), roles=[Role.DATA_MANAGER])
    assert not exclusion_rules.exclusion_rules(viewer=manager).exists()
