"""Who took a read away, and in which form, is in the history before they get it."""

import pytest

from registry import actions
from registry.models import HistoryEvent
from tests.factories import registry_records as make
from tests.factories.exported_reads import of_images, person

pytestmark = pytest.mark.django_db


def test_taking_a_read_away_is_noted():
    reader = person()
    read, _ = of_images(by=reader, measurements=[])
    actions.read_exports.note(read=read, form="report.dcm", by=reader, at=make.NOW)
    event = HistoryEvent.objects.get(action="read.export")
    assert (event.object_id, event.actor) == (read.public_id, reader)
    assert event.changes == {"file": [None, "report.dcm"]}
