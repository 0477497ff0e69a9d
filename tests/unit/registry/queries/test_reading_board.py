"""A study has places; what takes and keeps one decides for whom it waits."""

import pytest

from registry.queries import reading_board
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return rooms(reads_per_study=2, reread_share_percent=0)


def waits_for(study, people):
    places = reading_board.of_study(study=study)
    return [places.waits_for(person.pk) for person in people]


def test_a_study_without_images_has_no_places(here):
    assert reading_board.of_study(study=here.study(with_images=False)) is None
    assert reading_board.of_centres(centre_codes=["NORTH"]).places == []


def test_the_protocol_of_the_centre_says_how_many_places():
    for here, asked in ((rooms("ONE"), 1), (rooms("TWO", reads_per_study=2), 2)):
        here.study()
        (places,) = reading_board.of_centres(centre_codes=[here.centre.code]).places
        assert places.reads_asked == asked


def test_a_read_of_the_images_takes_a_place_and_a_report_takes_none(here):
    study = here.study()
    make.read(of=study, by=here.manager)
    assert waits_for(study, here.readers) == [True, True, True]
    read_images(study, by=here.readers[0])
    assert waits_for(study, here.readers) == [False, True, True]
    read_images(study, by=here.readers[1])
    assert waits_for(study, here.readers) == [False, False, False]


def test_an_assignment_keeps_its_place_until_it_is_read(here):
    study = here.study()
    for reader in here.readers[:2]:
        here.assign(study, reader)
    assert waits_for(study, here.readers) == [True, True, False]
    read_images(study, by=here.readers[0])
    assert waits_for(study, here.readers) == [False, True, False]


def test_who_was_assigned_is_asked_though_others_were_faster(here):
    study = here.study()
    here.assign(study, here.readers[2])
    for reader in here.readers[:2]:
        read_images(study, by=reader)
    assert waits_for(study, here.readers) == [False, False, True]


def test_a_correction_takes_no_second_place(here):
    study = here.study()
    first = read_images(study, by=here.readers[0])
    read_images(study, by=here.readers[0], supersedes=first, correction_reason="looked again")
    assert waits_for(study, here.readers) == [False, True, True]


def test_the_room_of_a_study_with_two_reads_opens_to_no_third(here):
    study = here.disputed_study()
    places = reading_board.of_study(study=study)
    assert [places.opens_to(reader.pk) for reader in here.readers] == [True, True, False]


def test_a_study_waits_since_its_first_images(here):
    study = here.study()
    assert reading_board.of_study(study=study).since == make.NOW
