"""What is asked of a reader tells nothing of the others, nor which is a second look."""

from datetime import timedelta

import pytest

from registry.models import MaskedReread, Role
from registry.queries import reading_tasks, reads
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db

LATER = make.NOW + timedelta(days=40)


def waiting(reader, at=make.NOW):
    return reading_tasks.waiting(viewer=reader, at=at)


def own(reader, room):
    return reads.own_latest(viewer=reader, study=room.study, masked_reread=room.masked_reread)


def studies(tasks):
    return {task.study_pk for task in tasks}


@pytest.fixture
def here():
    return rooms(reads_per_study=2, reread_share_percent=100)


def test_another_read_changes_nothing_while_there_is_a_place(here):
    study = here.study()
    before = waiting(here.readers[1])
    read_images(study, by=here.readers[0])
    assert waiting(here.readers[1]) == before


def test_a_study_with_its_reads_leaves_the_list(here):
    study = here.disputed_study()
    assert waiting(here.readers[2]) == []
    assert reading_tasks.room(viewer=here.readers[2], public_id=study.public_id, at=LATER) is None


def test_assigned_studies_come_first(here):
    many = [here.study() for _ in range(8)]
    here.assign(many[5], here.readers[0])
    tasks = waiting(here.readers[0])
    assert [task.study_pk for task in tasks if task.assigned] == [many[5].pk]
    assert tasks[0].study_pk == many[5].pk
    assert studies(tasks) == {study.pk for study in many}


def test_each_reader_has_an_order_that_lasts_a_day_and_is_not_that_of_logging(here):
    logged = [here.study().pk for _ in range(8)]

    def order(reader, at):
        return [task.study_pk for task in waiting(reader, at)]

    orders = [
        order(here.readers[0], make.NOW),
        order(here.readers[1], make.NOW),
        order(here.readers[0], make.NOW + timedelta(days=1)),
        logged,
    ]
    assert all(sorted(one) == sorted(logged) for one in orders)
    assert len({tuple(one) for one in orders}) == len(orders)
    assert order(here.readers[0], make.NOW + timedelta(hours=3)) == orders[0]


def test_a_second_look_appears_when_it_is_due_and_to_nobody_else(here):
    study = here.study()
    read_images(study, by=here.readers[0])
    due = make.NOW + timedelta(days=28)
    assert waiting(here.readers[0], due - timedelta(seconds=1)) == []
    (task,) = waiting(here.readers[0], due)
    assert task.public_id == MaskedReread.objects.get().public_id
    assert task.public_id != study.public_id
    assert task.public_id.hex[-6:] != study.public_id.hex[-6:]
    assert [one.public_id for one in waiting(here.readers[1], due)] == [study.public_id]


def test_a_second_look_is_assigned_as_the_first_was(here):
    assigned, open_to_all = here.study(), here.study()
    here.assign(assigned, here.readers[0])
    for study in (assigned, open_to_all):
        read_images(study, by=here.readers[0])
    tasks = waiting(here.readers[0], LATER)
    assert {task.study_pk: task.assigned for task in tasks} == {
        assigned.pk: True,
        open_to_all.pk: False,
    }


def test_a_second_look_is_done_once_and_kept_apart_from_the_first(here):
    study = here.study()
    first = read_images(study, by=here.readers[0])
    queued = MaskedReread.objects.get()
    room = reading_tasks.room(viewer=here.readers[0], public_id=queued.public_id, at=LATER)
    assert room.study == study
    assert own(here.readers[0], room) is None

    second = read_images(
        study, by=here.readers[0], finding="occlusion", at=LATER, masked_reread=queued
    )

    assert waiting(here.readers[0], LATER) == []
    assert own(here.readers[0], room) == second
    first_room = reading_tasks.room(viewer=here.readers[0], public_id=study.public_id, at=LATER)
    assert own(here.readers[0], first_room) == first
    assert list(reading_tasks.done(viewer=here.readers[0])) == [second, first]
    assert list(reading_tasks.done(viewer=here.readers[1])) == []


def test_the_room_of_a_second_look_opens_to_its_reader_and_not_before_it_is_due(here):
    read_images(here.study(), by=here.readers[0])
    address = MaskedReread.objects.get().public_id
    for reader, at in ((here.readers[0], make.NOW), (here.readers[1], LATER)):
        assert reading_tasks.room(viewer=reader, public_id=address, at=at) is None


def test_a_role_that_ended_ends_the_list(here):
    read_images(here.study(), by=here.readers[0])
    here.study()
    registrar = make.user(at_centre=here.centre, roles=[Role.REGISTRAR])
    stranger = rooms("SOUTH").readers[0]
    for viewer in (registrar, stranger):
        assert waiting(viewer, LATER) == []


def test_the_studies_of_a_list_are_fetched_with_their_series(here, django_assert_num_queries):
    for _ in range(3):
        here.study()
    tasks = waiting(here.readers[0])
    found = reading_tasks.studies_of(viewer=here.readers[0], tasks=tasks)
    assert set(found) == studies(tasks)
    with django_assert_num_queries(0):
        assert [len(study.study_links.all()[0].study.series.all()) for study in found.values()] == [
            1, 1, 1,
        ]  # fmt: skip
