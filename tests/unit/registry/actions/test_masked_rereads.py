"""Which signed reads are asked for again follows from a key, and nothing shows it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from registry.actions.errors import AlreadyReadError
from registry.audit.keyed_choice import is_chosen
from registry.models import HistoryEvent, MaskedReread, Read, Role
from registry.queries import history
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = pytest.mark.django_db

LATER = make.NOW + timedelta(days=40)


@pytest.fixture
def here():
    return rooms(reread_share_percent=100, reread_after_days=28)


def test_a_signed_read_is_queued_for_its_reader_after_the_days_of_the_protocol(here):
    read = read_images(here.study(), by=here.readers[0])
    queued = MaskedReread.objects.get()
    assert queued.first_read == read
    assert (queued.queued_at, queued.due_at) == (make.NOW, make.NOW + timedelta(days=28))


def test_the_choice_can_be_made_again_from_the_id_of_the_read():
    here = rooms(reread_share_percent=50)
    reads = [read_images(here.study(), by=here.readers[0]) for _ in range(12)]
    chosen = set(MaskedReread.objects.values_list("first_read", flat=True))
    assert chosen == {
        read.pk
        for read in reads
        if is_chosen(key=settings.CRESCENT_HISTORY_KEY, what=str(read.public_id), share_percent=50)
    }


def test_nothing_is_queued_where_the_protocol_asks_for_nothing():
    here = rooms(reread_share_percent=0)
    read_images(here.study(), by=here.readers[0])
    assert not MaskedReread.objects.exists()


def test_reports_corrections_and_second_looks_are_not_queued(here):
    study = here.study()
    make.read(of=study, by=here.manager)
    assert not MaskedReread.objects.exists()
    first = read_images(study, by=here.readers[0])
    queued = MaskedReread.objects.get()
    read_images(study, by=here.readers[0], supersedes=first, correction_reason="a slip")
    second = read_images(study, by=here.readers[0], at=LATER, masked_reread=queued)
    again = read_images(
        study, by=here.readers[0], at=LATER, supersedes=second, correction_reason="a slip"
    )
    assert again.masked_reread == queued
    assert MaskedReread.objects.count() == 1


def test_one_queueing_has_one_second_look(here):
    study = here.study()
    read_images(study, by=here.readers[0])
    queued = MaskedReread.objects.get()
    second = read_images(study, by=here.readers[0], at=LATER, masked_reread=queued)
    with pytest.raises(AlreadyReadError):
        read_images(study, by=here.readers[0], at=LATER, masked_reread=queued)
    with pytest.raises(AlreadyReadError):
        read_images(study, by=here.readers[0], at=LATER)
    second.pk = second.id = None
    second.public_id = study.public_id
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)
    assert Read.objects.count() == 2


def test_a_second_look_belongs_to_its_reader_its_study_and_its_time(here):
    study = here.study()
    read_images(study, by=here.readers[0])
    queued = MaskedReread.objects.get()
    for of, by, at in (
        (study, here.readers[1], LATER),
        (here.study(), here.readers[0], LATER),
        (study, here.readers[0], make.NOW),
    ):
        with pytest.raises(AlreadyReadError):
            read_images(of, by=by, at=at, masked_reread=queued)


def test_the_history_tells_it_to_nobody_who_reads_there(here):
    read_images(here.study(), by=here.readers[0])
    events = HistoryEvent.objects.filter(action="masked_reread.queue")
    assert events.count() == 1
    auditor = make.user(at_centre=here.centre, roles=[Role.AUDITOR])
    assert history.visible(viewer=auditor).filter(pk__in=events).exists()
    both = make.user(at_centre=here.centre, roles=[Role.AUDITOR, Role.READER])
    read_images(here.study(), by=both)
    shown = history.visible(viewer=both)
    assert not shown.filter(action__startswith="masked_reread.").exists()
    assert shown.filter(action="read.sign", actor=both).exists()
