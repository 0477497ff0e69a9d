"""Who may be asked for a read, and when there is nothing to ask for."""

import pytest

from registry import actions
from registry.actions.errors import AssignmentGoneError, CannotBeAssignedError
from registry.models import HistoryEvent, ReadingAssignment, Role
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db


def actions_in_history():
    events = HistoryEvent.objects.filter(action__startswith="reading_assignment.")
    return list(events.order_by("sequence").values_list("action", flat=True))


def test_asking_twice_changes_nothing():
    here = rooms()
    study = here.study()
    assert here.assign(study, here.readers[0]) == here.assign(study, here.readers[0])
    assert ReadingAssignment.objects.get().reader == here.readers[0]
    assert actions_in_history() == ["reading_assignment.add"]


def test_a_withdrawn_assignment_leaves_its_place_and_stands_in_the_history():
    here = rooms()
    study = here.study()
    assignment = here.assign(study, here.readers[0])
    with pytest.raises(CannotBeAssignedError, match="assigned already"):
        here.assign(study, here.readers[1])

    actions.reading_assignments.withdraw(assignment=assignment, by=here.manager, at=make.NOW)

    here.assign(study, here.readers[1])
    assert actions_in_history() == [
        "reading_assignment.add",
        "reading_assignment.withdraw",
        "reading_assignment.add",
    ]


def test_what_is_withdrawn_cannot_be_withdrawn_again():
    here = rooms()
    assignment = here.assign(here.study(), here.readers[0])
    twin = ReadingAssignment.objects.get()
    actions.reading_assignments.withdraw(assignment=assignment, by=here.manager, at=make.NOW)
    with pytest.raises(AssignmentGoneError):
        actions.reading_assignments.withdraw(assignment=twin, by=here.manager, at=make.NOW)


def test_two_reads_have_two_places():
    here = rooms(reads_per_study=2)
    study = here.study()
    read_images(study, by=here.readers[0])
    here.assign(study, here.readers[1])
    with pytest.raises(CannotBeAssignedError, match="has its reads"):
        here.assign(study, here.readers[2])


def test_who_has_read_it_is_not_asked_again():
    here = rooms(reads_per_study=2)
    study = here.study()
    read_images(study, by=here.readers[0])
    with pytest.raises(CannotBeAssignedError, match="has read"):
        here.assign(study, here.readers[0])


def test_a_study_without_images_and_a_stopped_one_are_given_to_nobody():
    here = rooms()
    bare = here.study(with_images=False)
    stopped = make.stopped_study(of=bare.case, by=here.manager)
    for study in (bare, stopped):
        with pytest.raises(CannotBeAssignedError, match="no images"):
            here.assign(study, here.readers[0])


def test_only_readers_of_the_centre_are_asked():
    here, there = rooms(), rooms("SOUTH")
    surgeon = make.user(at_centre=here.centre, roles=[Role.SURGEON])
    for person in (surgeon, there.readers[0]):
        with pytest.raises(CannotBeAssignedError, match="does not read"):
            here.assign(here.study(), person)
