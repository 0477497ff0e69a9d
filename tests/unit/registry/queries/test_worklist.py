"""What is missing: studies without a read, reads without images, cases without an outcome."""

from datetime import date, timedelta

import pytest

from registry import actions
from registry.models import Role
from registry.queries.worklist import OPEN_CASE_REVIEW_DAYS, worklist
from tests.factories import registry_records as make
from tests.factories import stored_studies

TODAY = make.NOW.date()


def waiting(viewer, today=TODAY):
    work = worklist(viewer=viewer, today=today)
    return {
        "no read": list(work.studies_without_read),
        "no images": list(work.reads_without_images),
        "no outcome": list(work.cases_without_outcome),
    }


def test_a_completed_study_waits_for_a_read_then_for_images_then_for_nothing(north):
    viewer = north.logged_by
    assert waiting(viewer)["no read"] == [north.study]
    make.read(of=north.study, by=viewer)
    assert waiting(viewer)["no read"] == []
    assert waiting(viewer)["no images"] == [north.study]
    make.study_link(
        of=north.study,
        study=stored_studies.study(centre_code="NORTH", slices=1, PatientID=""),
        by=viewer,
    )
    assert waiting(viewer)["no images"] == []


def test_a_stopped_study_waits_for_nothing(north):
    stopped = make.stopped_study(of=north.case, by=north.logged_by)
    found = waiting(north.logged_by)
    assert stopped not in found["no read"] + found["no images"]


@pytest.mark.parametrize(
    ("days", "due"), [(OPEN_CASE_REVIEW_DAYS - 1, False), (OPEN_CASE_REVIEW_DAYS, True)]
)
def test_an_open_case_is_due_after_six_weeks(north, days, due):
    today = north.case.opened_on + timedelta(days=days)
    assert (waiting(north.logged_by, today)["no outcome"] == [north.case]) is due


def test_a_closed_case_is_not_due(north):
    actions.cases.close(
        case=north.case,
        edition=1,
        by=north.logged_by,
        at=make.NOW,
        closed_on=date(2024, 5, 1),
        outcome="resolved_by_surgery",
    )
    assert waiting(north.logged_by)["no outcome"] == []


def test_the_lists_hold_the_own_centre_only(north, south):
    assert waiting(south.logged_by)["no read"] == [south.study]
    reader = make.user(at_centre=north.centre, roles=[Role.READER])
    assert waiting(reader) == {"no read": [], "no images": [], "no outcome": []}
