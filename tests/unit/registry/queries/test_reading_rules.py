"""What a study asks of readers is found by lines that follow every change."""

from datetime import timedelta

import pytest

from registry import actions
from registry.models import ListEntry, MaskedReread, StudyLink
from registry.queries import reading_board, reading_tasks
from registry.queries.reading_rules import PREFIX, Waits, again_by, asked_of
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db


def lines():
    found = ListEntry.objects.filter(term__startswith=PREFIX).values_list("term", "about")
    return sorted((term, str(about)) for term, about in found)


def about(study, *terms):
    return sorted((getattr(term, "value", term), str(study.public_id)) for term in terms)


def test_the_lines_of_a_study_go_with_what_is_asked_of_whom():
    here = rooms(reads_per_study=2, reread_share_percent=100)
    first, second, third = here.readers
    study = here.study()
    assert lines() == about(study, Waits.UNREAD)

    asked = here.assign(study, second)
    assert lines() == about(study, Waits.UNREAD, Waits.ASKED, asked_of(second.pk))
    actions.reading_assignments.withdraw(assignment=asked, by=here.manager, at=make.NOW)
    here.assign(study, first)

    read_images(study, by=first, finding="leak")
    again = MaskedReread.objects.get()
    second_look = about(again, again_by(first.pk))
    assert lines() == sorted(about(study, Waits.ONE_READ) + second_look)

    read_images(study, by=first, at=again.due_at, masked_reread=again)
    assert lines() == about(study, Waits.ONE_READ)

    read_images(study, by=second, finding="occlusion")
    wanted = about(study, Waits.DIFFER)
    assert lines() == sorted(wanted + about(MaskedReread.objects.latest("pk"), again_by(second.pk)))
    here.adjudication(study, by=third)
    assert lines() == about(MaskedReread.objects.latest("pk"), again_by(second.pk))


def test_images_that_are_taken_back_ask_nobody():
    study = rooms().study()
    link = StudyLink.objects.get(contrast_study=study)
    actions.study_links.withdraw(link=link, by=link.created_by, at=make.NOW, reason="not theirs")
    assert lines() == []


def test_the_oldest_are_offered_and_own_reads_take_no_room_from_others(monkeypatch):
    monkeypatch.setattr(reading_board, "MOST_OFFERED", 2)
    here = rooms(reads_per_study=2, reread_share_percent=0)
    studies = [here.study() for _ in range(4)]
    for study in studies[:2]:
        read_images(study, by=here.readers[0])

    def offered(reader):
        tasks = reading_tasks.waiting(viewer=reader, at=make.NOW + timedelta(days=1))
        return {task.study_pk for task in tasks}

    assert offered(here.readers[0]) == {study.pk for study in studies[2:]}
    assert offered(here.readers[1]) == {study.pk for study in studies}
    here.study()
    board = reading_board.of_centres(centre_codes=[here.centre.code])
    assert (len(board.places), board.is_whole) == (4, False)
