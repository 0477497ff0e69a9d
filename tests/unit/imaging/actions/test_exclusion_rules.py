"""Rules for test images come into force and end, in the history of whom they concern."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from imaging.actions import exclusion_rules
from imaging.actions.exclusion_rules import InvalidRuleError, RuleExistsError, RuleRetiredError
from imaging.dicom.test_images import DEFAULT_RULES
from imaging.models import ExclusionRule
from imaging.queries.exclusion_rules import active_rules
from registry.models import HistoryEvent, Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    ExclusionRule.objects.all().delete()
    make.centre("SOUTH")
    return make.user(at_centre=make.centre("NORTH"), roles=[Role.ADMINISTRATOR])


def add(administrator, **facts):
    known = {"centre_code": "NORTH", "keyword": "StationName", "match": "equals", "text": "QA1"}
    return exclusion_rules.add(by=administrator, at=make.NOW, **known | facts)


def test_a_rule_holds_until_it_is_retired(administrator):
    rule = add(administrator, text="  QA   room ")
    assert active_rules("NORTH") == (("StationName", "equals", "QA room"),)
    assert active_rules("SOUTH") == ()
    exclusion_rules.retire(rule=rule, by=administrator, at=make.NOW)
    assert active_rules("NORTH") == ()
    with pytest.raises(RuleRetiredError):
        exclusion_rules.retire(rule=rule, by=administrator, at=make.NOW)
    events = HistoryEvent.objects.filter(object_id=rule.public_id)
    assert [event.action for event in events.order_by("sequence")] == [
        "add_exclusion_rule",
        "retire_exclusion_rule",
    ]


def test_a_rule_for_all_is_in_the_history_of_all(administrator):
    rule = add(administrator, centre_code="")
    events = HistoryEvent.objects.filter(object_id=rule.public_id)
    assert {event.chain.code for event in events} == {"NORTH", "SOUTH"}


def test_a_retired_rule_can_come_back_but_no_rule_twice(administrator):
    rule = add(administrator)
    with pytest.raises(RuleExistsError):
        add(administrator)
    exclusion_rules.retire(rule=rule, by=administrator, at=make.NOW)
    assert add(administrator).pk != rule.pk


@pytest.mark.parametrize(
    "wrong", [{"text": "   "}, {"text": "--"}, {"keyword": "PatientBirthDate"}, {"match": "like"}]
)
def test_a_rule_that_cannot_be_meant_is_refused(administrator, wrong):
    with pytest.raises(InvalidRuleError):
        add(administrator, **wrong)
    assert active_rules("NORTH") == ()


def test_the_words_that_scanners_use_are_in_force_from_the_start():
    step = import_module("imaging.migrations.0003_default_exclusion_rules")
    ExclusionRule.objects.all().delete()
    for _ in range(2):
        step.add_default_rules(apps, SimpleNamespace(connection=connection))
    assert set(active_rules("NORTH")) == {
        (rule.keyword, rule.match, rule.text) for rule in DEFAULT_RULES
    }
    assert ExclusionRule.objects.count() == len(DEFAULT_RULES)
