"""Schedules of one's own centres, and people who may be told."""

import pytest

from registry import actions
from registry.models import Role
from registry.queries import report_schedules
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return make.centre("NORTH")


@pytest.fixture
def auditor(north):
    return make.user(at_centre=north, roles=[Role.AUDITOR])


def test_a_schedule_is_seen_by_who_may_audit_all_of_its_centres(north, auditor):
    schedule = make.report_schedule(of=north, by=auditor)
    surgeon = make.user(at_centre=north, roles=[Role.SURGEON])
    assert list(report_schedules.visible(viewer=surgeon)) == [schedule]
    south = make.centre("SOUTH")
    stranger = make.user(at_centre=south)
    reader = make.user(at_centre=north, roles=[Role.READER])
    both = make.report_schedule(of=north, by=auditor, centres=[north, south])
    for viewer in (stranger, reader):
        assert not report_schedules.visible(viewer=viewer).exists()
    assert both not in report_schedules.visible(viewer=auditor)


def test_people_of_ones_own_centres_who_may_see_reports_may_be_named(north, auditor):
    colleague = make.user(at_centre=north, roles=[Role.SURGEON])
    for role in (Role.READER, Role.REGISTRAR, Role.ADMINISTRATOR):
        make.user(at_centre=north, roles=[role])
    make.user(at_centre=make.centre("SOUTH"))
    people = report_schedules.possible_recipients(viewer=auditor)
    assert set(people) == {auditor, colleague}


def test_the_right_is_asked_anew(north, auditor):
    assert report_schedules.may_receive(auditor, [north])
    auditor.active_memberships  # noqa: B018 - remembered from here on
    actions.people.set_roles(user=auditor, centre=north, roles=[], by=None, at=make.NOW)
    assert not report_schedules.may_receive(auditor, [north])


def test_the_command_finds_what_is_left(north, auditor):
    schedule = make.report_schedule(of=north, by=auditor)
    assert list(report_schedules.active()) == [schedule]
    for nothing in (
        report_schedules.without_report(),
        report_schedules.to_be_sent(),
        report_schedules.in_doubt(),
    ):
        assert not nothing.exists()
