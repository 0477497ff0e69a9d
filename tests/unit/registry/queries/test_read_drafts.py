"""A draft is seen by its reader alone."""

import pytest

from registry import actions, queries
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def test_only_its_reader_finds_a_draft_and_only_in_its_room():
    centre = make.centre()
    reader, colleague = make.user(at_centre=centre), make.user(at_centre=centre)
    case = make.case(of=make.patient(by=reader, at_centre=centre), by=reader)
    study, other = (make.contrast_study(of=case, by=reader) for _ in range(2))
    draft = actions.read_drafts.keep(
        room=study.public_id,
        contrast_study=study,
        by=reader,
        at=make.NOW,
        opened_at=make.NOW,
        answers={},
        marks={},
        edition=0,
    )
    assert queries.read_drafts.own(viewer=reader, room=study.public_id) == draft
    assert queries.read_drafts.own(viewer=reader, room=other.public_id) is None
    assert queries.read_drafts.own(viewer=colleague, room=study.public_id) is None
