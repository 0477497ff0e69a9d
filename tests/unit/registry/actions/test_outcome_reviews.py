"""What became of the patient, at the times that are asked for."""

from datetime import date

import pytest

from registry import actions
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.models import HistoryEvent, OutcomeReview
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def case(surgeon):
    centre = surgeon.active_memberships[0].centre
    return make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)


@pytest.fixture
def surgery(case, surgeon):
    return make.surgery(of=case, by=surgeon)


def test_each_operation_has_one_review_of_each_time_and_the_case_one_without(
    case, surgery, surgeon
):
    make.review(of=case, by=surgeon, surgery=surgery)
    make.review(of=case, by=surgeon)
    make.review(of=case, by=surgeon, surgery=surgery, time="month_3", reviewed_on=date(2024, 5, 30))
    for again in ({"surgery": surgery}, {}):
        with pytest.raises(InvalidRecordError):
            make.review(of=case, by=surgeon, **again)
    assert OutcomeReview.objects.count() == 3
    assert HistoryEvent.objects.filter(action="outcome_review.log").count() == 3


def test_a_closed_case_is_reviewed_too(case, surgeon):
    """Twelve months later most cases are closed."""
    actions.cases.close(
        case=case, edition=1, by=surgeon, at=make.NOW, closed_on=date(2024, 5, 1),
        outcome="resolved_by_surgery",
    )  # fmt: skip
    assert make.review(of=case, by=surgeon).pk


def test_it_looks_back_on_an_operation_of_its_case(case, surgery, surgeon):
    another = make.case(of=case.patient, by=surgeon)
    with pytest.raises(InvalidRecordError) as refusal:
        make.review(of=another, by=surgeon, surgery=surgery)
    assert set(refusal.value.errors) == {"surgery"}


@pytest.mark.parametrize("operated", [True, False])
def test_it_does_not_lie_before_what_it_looks_back_on(case, surgery, surgeon, operated):
    begun = surgery.performed_on if operated else case.opened_on
    fields = {"surgery": surgery if operated else None, "reviewed_on": date(2024, 2, 1)}
    with pytest.raises(InvalidRecordError, match=f"on {begun}"):
        make.review(of=case, by=surgeon, **fields)
    again = {"revised_again": "yes", "revised_again_on": date(2024, 2, 1)}
    with pytest.raises(InvalidRecordError) as refusal:
        make.review(of=case, by=surgeon, **fields | again | {"reviewed_on": date(2024, 4, 1)})
    assert set(refusal.value.errors) == {"revised_again_on"}
    assert not OutcomeReview.objects.exists()


def test_continued_means_the_same_dose(case, surgeon):
    doses = {"dose_before_ug_per_day": 300, "dose_after_ug_per_day": 350}
    with pytest.raises(InvalidRecordError, match="same dose"):
        make.review(of=case, by=surgeon, therapy="continued", **doses)
    assert make.review(of=case, by=surgeon, therapy="dose_changed", **doses).pk


def test_an_edit_is_checked_and_overwrites_nobody(case, surgery, surgeon):
    review = make.review(of=case, by=surgeon, surgery=surgery)
    edit = {"review": review, "by": surgeon, "at": make.NOW}
    with pytest.raises(InvalidRecordError):
        actions.outcome_reviews.edit(**edit, edition=1, changes={"reviewed_on": date(2024, 3, 1)})
    edited = actions.outcome_reviews.edit(**edit, edition=1, changes={"symptoms": "resolved"})
    assert (edited.symptoms, edited.edition) == ("resolved", 2)
    with pytest.raises(EditConflictError):
        actions.outcome_reviews.edit(**edit, edition=1, changes={"symptoms": "worse"})
