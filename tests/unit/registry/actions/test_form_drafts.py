"""A draft of a form is its author's own, is sealed, and is never overwritten unseen."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from registry import actions
from registry.actions.form_drafts import (
    KEPT_DAYS,
    MOST_DRAFTS,
    FormDraftConflictError,
    TooManyDraftsError,
)
from registry.models import FormDraft, HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db
FORM = uuid.UUID("01900000-0000-4000-8000-000000000001")


@pytest.fixture
def author():
    return make.user(at_centre=make.centre())


def keep(by, *, form_id=FORM, edition=0, at=make.NOW, **answers):
    return actions.form_drafts.keep(
        form_id=form_id,
        page="/patients/new/",
        answers=answers or {"remarks": ["so far"]},
        edition=edition,
        by=by,
        at=at,
    )


def test_a_draft_is_kept_and_counts_its_editions(author):
    assert keep(author).edition == 1
    assert keep(author, edition=1, remarks=["more"]).edition == 2
    assert json.loads(FormDraft.objects.get().answers) == {"remarks": ["more"]}


def test_who_a_patient_is_cannot_be_read_in_the_database(author):
    keep(author, local_number=["CANARY-NUMBER"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM registry_formdraft")
        (stored,) = cursor.fetchone()
    assert b"CANARY" not in bytes(stored)


@pytest.mark.parametrize("edition", [0, 1, 3])
def test_another_edition_overwrites_nothing_and_brings_what_is_saved(author, edition):
    keep(author)
    keep(author, edition=1, remarks=["first window"])
    with pytest.raises(FormDraftConflictError) as refused:
        keep(author, edition=edition, remarks=["second window"])
    assert json.loads(refused.value.saved.answers) == {"remarks": ["first window"]}
    assert json.loads(FormDraft.objects.get().answers) == {"remarks": ["first window"]}


def test_two_people_with_the_same_id_do_not_see_each_other(author):
    colleague = make.user(at_centre=make.Centre.objects.get())
    keep(author, remarks=["mine"])
    keep(colleague, remarks=["theirs"])
    actions.form_drafts.discard(form_id=FORM, by=colleague, at=make.NOW)
    assert FormDraft.objects.get().author == author


def test_a_draft_is_nobodys_record_and_leaves_no_event(author):
    events = HistoryEvent.objects.count()
    keep(author)
    actions.form_drafts.discard(form_id=FORM, by=author, at=make.NOW)
    assert HistoryEvent.objects.count() == events
    assert not FormDraft.objects.exists()


def test_what_nobody_came_back_to_goes_after_a_month(author):
    keep(author)
    keep(author, form_id=uuid.uuid4(), at=make.NOW + timedelta(days=KEPT_DAYS))
    assert FormDraft.objects.count() == 2
    keep(author, form_id=uuid.uuid4(), at=make.NOW + timedelta(days=KEPT_DAYS, seconds=1))
    assert not FormDraft.objects.filter(form_id=FORM).exists()


def test_no_page_fills_the_database(author):
    for _ in range(MOST_DRAFTS):
        keep(author, form_id=uuid.uuid4())
    with pytest.raises(TooManyDraftsError, match="unfinished forms"):
        keep(author)
    assert FormDraft.objects.count() == MOST_DRAFTS
