"""Who took data out of the registry is in its history."""

import pytest

from registry import actions
from registry.models import HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def test_an_export_is_an_event_of_each_centre():
    north, south = make.centre("NORTH"), make.centre("SOUTH")
    person = make.user(at_centre=north)
    actions.data_exports.note(centres=[north, south], what="cases.xlsx", by=person, at=make.NOW)
    events = HistoryEvent.objects.filter(action="data.export").order_by("chain__code")
    assert [(event.chain.code, event.actor) for event in events] == [
        ("NORTH", person),
        ("SOUTH", person),
    ]
    assert events[0].changes == {"file": [None, "cases.xlsx"]}
