"""Opening a centre."""

from datetime import date

import pytest

from registry import actions
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.models import Centre, HistoryChain, HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def test_a_centre_comes_with_its_history_chain():
    centre = make.centre("NORTH")
    assert HistoryChain.objects.get(code="NORTH").sequence == 0
    event = HistoryEvent.objects.get(action="centre.add")
    assert (event.chain.code, event.object_id) == ("_installation", centre.public_id)
    assert event.changes["code"] == [None, "NORTH"]


@pytest.mark.parametrize("code", ["", "N", "north", "1NORTH", "NOR TH", "N" * 17, "_installation"])
def test_a_code_is_two_to_sixteen_capital_letters_and_digits(code):
    with pytest.raises(InvalidRecordError) as refusal:
        actions.centres.add(code=code, name="North", time_zone="UTC", by=None, at=make.NOW)
    assert "code" in refusal.value.errors
    assert not Centre.objects.exists()


def test_a_code_is_given_once():
    make.centre("NORTH")
    with pytest.raises(InvalidRecordError):
        make.centre("NORTH")
    assert HistoryEvent.objects.filter(action="centre.add").count() == 1


@pytest.mark.parametrize(
    ("time_zone", "day"),
    [("Pacific/Auckland", "2024-06-02"), ("UTC", "2024-06-01"), ("Pacific/Honolulu", "2024-06-01")],
)
def test_the_day_is_the_one_at_the_centre(time_zone, day):
    centre = make.centre("NORTH", time_zone=time_zone)
    assert centre.day_at(make.NOW.replace(hour=20)).isoformat() == day


def test_the_same_day_again_changes_nothing_and_a_foreign_change_is_not_overwritten():
    centre = make.centre()
    person = make.user(at_centre=centre)
    said = {"by": person, "at": make.NOW}
    day = date(2012, 6, 1)
    actions.centres.set_complete_log(centre=centre, complete_from=day, seen=None, **said)
    actions.centres.set_complete_log(centre=centre, complete_from=day, seen=None, **said)
    assert HistoryEvent.objects.filter(action="centre.set_complete_log").count() == 1
    with pytest.raises(EditConflictError):
        actions.centres.set_complete_log(centre=centre, complete_from=None, seen=None, **said)
