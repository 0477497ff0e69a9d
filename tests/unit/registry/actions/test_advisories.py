"""Advisories that a centre adds and ends."""

import pytest

from registry import actions
from registry.actions.errors import InvalidRecordError
from registry.models import Advisory, HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make.user(at_centre=make.centre())


@pytest.fixture
def centre(manager):
    return manager.active_memberships[0].centre


def test_what_the_project_knows_is_there_and_holds_in_all_centres():
    """The table of the domain reference, section 3.1."""
    known = Advisory.objects.filter(centre__isnull=True)
    assert known.count() == 8
    assert all(advisory.source and advisory.models.exists() for advisory in known)


def test_an_advisory_of_a_centre_is_in_its_history(centre, manager):
    advisory = make.advisory(of=centre, by=manager)
    event = HistoryEvent.objects.get(action="advisory.add")
    assert event.object_id == advisory.public_id
    assert event.changes["models"] == [None, ["medtronic_8637_40"]]


def test_an_advisory_about_nothing_is_refused(centre, manager):
    with pytest.raises(InvalidRecordError, match="at least one model"):
        make.advisory(of=centre, by=manager, models=[])
    with pytest.raises(InvalidRecordError):
        make.advisory(of=centre, by=manager, models=["perpetuum mobile"])
    assert not Advisory.objects.filter(centre=centre).exists()


def test_ending_it_twice_ends_it_once(centre, manager):
    advisory = make.advisory(of=centre, by=manager)
    for _ in range(2):
        ended = actions.advisories.retire(advisory=advisory, by=manager, at=make.NOW)
    assert ended.retired_at == make.NOW
    assert HistoryEvent.objects.filter(action="advisory.retire").count() == 1
