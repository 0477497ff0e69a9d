"""A centre sets how often its studies are read; the history keeps what was set before."""

import pytest

from registry import actions
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.models import HistoryEvent, ReadingProtocol
from registry.queries import reading_protocols
from tests.factories import registry_records as make
from tests.factories.reading_rooms import rooms

pytestmark = pytest.mark.django_db


def save(here, edition, **changes):
    return actions.reading_protocols.edit(
        centre=here.centre, edition=edition, by=here.manager, at=make.NOW, changes=changes
    )


def test_the_defaults_hold_until_somebody_sets_something():
    here = rooms()
    protocol = reading_protocols.in_force(here.centre)
    assert (protocol.reads_per_study, protocol.reread_share_percent) == (1, 10)
    assert protocol.reread_after_days == 28
    assert protocol.pk is None


def test_what_was_set_is_in_the_history():
    here = rooms()
    save(here, 0, reads_per_study=2)
    save(here, 1, reread_share_percent=20)
    first, second = HistoryEvent.objects.filter(action__startswith="reading_protocol.").order_by(
        "sequence"
    )
    assert first.changes["reads_per_study"] == [None, 2]
    assert second.changes["reread_share_percent"] == [10, 20]
    assert "reads_per_study" not in second.changes
    assert reading_protocols.in_force(here.centre).reads_per_study == 2


def test_nobody_overwrites_what_somebody_else_saved():
    here = rooms()
    save(here, 0, reads_per_study=2)
    for edition in (0, 2):
        with pytest.raises(EditConflictError):
            save(here, edition, reads_per_study=1)
    assert ReadingProtocol.objects.get().reads_per_study == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"reads_per_study": 0},
        {"reads_per_study": 3},
        {"reread_share_percent": 101},
        {"reread_after_days": 0},
    ],
    ids=str,
)
def test_a_number_that_makes_no_sense_is_refused(changes):
    with pytest.raises(InvalidRecordError):
        save(rooms(), 0, **changes)
    assert not ReadingProtocol.objects.exists()
