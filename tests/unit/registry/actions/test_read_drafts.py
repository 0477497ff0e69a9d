"""A draft is its reader's own, is never overwritten unseen, and ends with the signature."""

from datetime import timedelta

import pytest

from registry import actions
from registry.actions.errors import AlreadyReadError
from registry.actions.read_drafts import DraftConflictError
from registry.models import HistoryEvent, ReadDraft
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return make.user(at_centre=make.centre())


@pytest.fixture
def study(reader):
    patient = make.patient(by=reader, at_centre=make.Centre.objects.get())
    return make.contrast_study(of=make.case(of=patient, by=reader), by=reader)


def save(study, by, *, edition=0, answers=None, **changes):
    facts = {
        "room": study.public_id,
        "contrast_study": study,
        "at": make.NOW,
        "opened_at": make.NOW,
        "marks": {"measurements": []},
    }
    return actions.read_drafts.keep(
        by=by, edition=edition, answers=answers or {"remarks": "so far"}, **facts | changes
    )


def test_a_draft_is_kept_and_counts_its_editions(reader, study):
    assert save(study, reader).edition == 1
    later = save(
        study, reader, edition=1, answers={"remarks": "more"}, at=make.NOW + timedelta(minutes=1)
    )
    kept = ReadDraft.objects.get()
    assert (kept.edition, kept.answers) == (2, {"remarks": "more"})
    assert kept.saved_at == later.saved_at == make.NOW + timedelta(minutes=1)
    assert kept.opened_at == make.NOW


@pytest.mark.parametrize("edition", [0, 1, 3])
def test_another_edition_overwrites_nothing_and_brings_what_is_saved(reader, study, edition):
    save(study, reader)
    save(study, reader, edition=1, answers={"remarks": "first window"})
    with pytest.raises(DraftConflictError) as refused:
        save(study, reader, edition=edition, answers={"remarks": "second window"})
    assert refused.value.saved.answers == {"remarks": "first window"}
    assert ReadDraft.objects.get().answers == {"remarks": "first window"}


def test_each_reader_and_each_room_has_a_draft_of_its_own(reader, study):
    colleague = make.user(at_centre=make.Centre.objects.get())
    save(study, reader)
    save(study, colleague)
    first = make.read(of=study, by=reader)
    save(study, reader, room=first.public_id, corrects=first)
    assert {(draft.reader, draft.room) for draft in ReadDraft.objects.all()} == {
        (colleague, study.public_id),
        (reader, first.public_id),
    }


def test_signing_ends_the_draft_and_a_late_one_is_refused(reader, study):
    save(study, reader)
    first = make.read(of=study, by=reader)
    assert not ReadDraft.objects.exists()
    with pytest.raises(AlreadyReadError):
        save(study, reader, edition=1)

    save(study, reader, room=first.public_id, corrects=first)
    make.read(of=study, by=reader, supersedes=first, correction_reason="looked again")
    with pytest.raises(AlreadyReadError):
        save(study, reader, room=first.public_id, corrects=first, edition=1)
    assert not ReadDraft.objects.exists()


def test_a_draft_stands_in_no_history(reader, study):
    before = HistoryEvent.objects.count()
    save(study, reader)
    assert HistoryEvent.objects.count() == before
