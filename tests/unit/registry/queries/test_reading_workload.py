"""How much is asked of each reader, for the coordinator alone."""

from datetime import timedelta

import pytest

from registry.models import MaskedReread, ReadDraft, Role
from registry.queries import reading_workload
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db

LATER = make.NOW + timedelta(days=40)


@pytest.fixture
def here():
    return rooms(reads_per_study=2, reread_share_percent=100)


def loads(viewer, at=make.NOW):
    return reading_workload.of_readers(viewer=viewer, at=at)


def test_every_reader_has_a_line_also_with_nothing_to_do(here):
    assert [load.reader for load in loads(here.manager)] == here.readers
    assert {load.waiting for load in loads(here.manager)} == {0}
    assert {load.oldest for load in loads(here.manager)} == {None}


def test_what_waits_was_assigned_begun_and_signed_is_counted(here):
    read, waiting = here.study(), here.study()
    here.assign(waiting, here.readers[0])
    read_images(read, by=here.readers[0])
    ReadDraft.objects.create(
        room=waiting.public_id, contrast_study=waiting, reader=here.readers[0],
        answers={}, marks={}, opened_at=make.NOW, saved_at=make.NOW,
    )  # fmt: skip
    first, second, _ = loads(here.manager)
    assert (first.waiting, first.assigned, first.drafts, first.signed) == (1, 1, 1, 1)
    assert (second.waiting, second.assigned, second.drafts, second.signed) == (2, 0, 0, 0)
    assert second.oldest == make.NOW


def test_second_looks_are_counted_once_they_are_due_and_apart_from_first_reads(here):
    study = here.study()
    read_images(study, by=here.readers[0])
    assert loads(here.manager)[0].rereads_waiting == 0
    assert loads(here.manager, LATER)[0].rereads_waiting == 1
    read_images(study, by=here.readers[0], at=LATER, masked_reread=MaskedReread.objects.get())
    load = loads(here.manager, LATER)[0]
    assert (load.signed, load.rereads_waiting, load.rereads_signed) == (1, 0, 1)


def test_decisions_are_counted_with_who_made_them(here):
    here.adjudication(here.disputed_study())
    assert [load.adjudicated for load in loads(here.manager)] == [0, 0, 1]


def test_nobody_who_reads_there_and_no_stranger_learns_of_it(here):
    here.study()
    both = make.user(at_centre=here.centre, roles=[Role.DATA_MANAGER, Role.READER])
    for viewer in (both, here.readers[0], make.user(at_centre=here.centre, roles=[Role.AUDITOR])):
        assert loads(viewer) == []
        assert reading_workload.open_studies(viewer=viewer) == []
        assert reading_workload.readers(viewer=viewer) == []
    assert loads(rooms("SOUTH").manager)[0].waiting == 0


def test_open_studies_are_those_without_their_reads_the_oldest_first(here):
    done, half, fresh = here.disputed_study(), here.study(), here.study()
    read_images(half, by=here.readers[0])
    here.assign(half, here.readers[1])
    lines = reading_workload.open_studies(viewer=here.manager)
    assert [line.study for line in lines] == [half, fresh]
    assert [one.reader for one in lines[0].assignments] == [here.readers[1]]
    assert len(lines[0].places.readers) == 1
    assert done not in [line.study for line in lines]


def test_a_signed_assignment_is_nothing_to_withdraw(here):
    study = here.study()
    here.assign(study, here.readers[0])
    read_images(study, by=here.readers[0])
    (line,) = reading_workload.open_studies(viewer=here.manager)
    assert line.assignments == []
    assert reading_workload.assignments(viewer=here.manager).count() == 1
