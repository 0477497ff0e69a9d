"""A draft of a form is seen by its author alone."""

import uuid

import pytest

from registry import actions, queries
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def test_only_its_author_finds_a_draft_and_only_on_its_page():
    centre = make.centre()
    author, colleague = make.user(at_centre=centre), make.user(at_centre=centre)
    draft = actions.form_drafts.keep(
        form_id=uuid.uuid4(),
        page="/patients/new/",
        answers={},
        edition=0,
        by=author,
        at=make.NOW,
    )
    of_page, of_form = queries.form_drafts.of_page, queries.form_drafts.of_form
    assert list(of_page(viewer=author, page="/patients/new/")) == [draft]
    assert list(of_page(viewer=author, page="/cases/new/")) == []
    assert list(of_page(viewer=colleague, page="/patients/new/")) == []
    assert of_form(viewer=author, form_id=draft.form_id) == draft
    assert of_form(viewer=colleague, form_id=draft.form_id) is None
