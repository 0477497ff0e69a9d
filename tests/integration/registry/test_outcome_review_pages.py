"""Logging and correcting the review of an outcome."""

from datetime import date

import pytest
from django.urls import reverse

from registry import actions
from registry.models import OutcomeReview, Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon(client):
    person = make.user(at_centre=make.centre(), roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def case(surgeon):
    centre = surgeon.active_memberships[0].centre
    return make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)


@pytest.fixture
def surgery(case, surgeon):
    return make.surgery(of=case, by=surgeon, performed_on=date(2024, 3, 12))


def answers(surgery=None, **changes):
    return {
        "surgery": str(surgery.public_id) if surgery else "",
        "time": "week_6",
        "reviewed_on": "2024-04-23",
        "symptoms": "improved",
        "therapy": "dose_changed",
    } | changes


def create(client, case, sent):
    return client.post(reverse("registry:outcome-review-create", args=[case.public_id]), sent)


def test_the_case_tells_what_became_of_the_patient(client, case, surgery):
    response = create(
        client,
        case,
        answers(
            surgery,
            dose_before_ug_per_day="300",
            dose_after_ug_per_day="350,5",
            revised_again="no",
            would_repeat="yes",
        ),
    )
    html = client.get(response.url).content.decode()
    for words in (
        "42 d after the operation of 2024-03-12",
        "dose 300 → 350.5 µg/day",
        "not revised again",
        "would decide so again: yes",
    ):
        assert words in html
    assert OutcomeReview.objects.get().surgery == surgery


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reviewed_on": "2024-03-11"}, "reviewed_on"),
        ({"therapy": "continued"}, "therapy"),
        ({"dose_after_ug_per_day": "300"}, "therapy"),
        ({"dose_after_ug_per_day": "0.35"}, "dose_after_ug_per_day"),
        ({"revised_again": "yes", "revised_again_on": "2024-03-01"}, "revised_again_on"),
        ({"revised_again": "yes", "revised_again_on": "2024-05-01"}, "revised_again_on"),
    ],
)
def test_what_contradicts_itself_is_refused_beside_its_field(client, case, surgery, changes, field):
    doses = {"dose_before_ug_per_day": "300", "dose_after_ug_per_day": "350"}
    response = create(client, case, answers(surgery, **doses | changes))
    # A review before its operation is nearer to no time at all, which is asked back about as well.
    assert field in response.context["form"].errors
    assert not OutcomeReview.objects.exists()


def test_a_dose_is_not_asked_for_when_the_therapy_has_ended(client, case):
    create(client, case, answers(therapy="explanted", dose_after_ug_per_day="300"))
    assert OutcomeReview.objects.get().dose_after_ug_per_day is None


def test_a_review_that_is_nearer_to_another_time_is_saved_once_confirmed(client, case, surgery):
    sent = answers(surgery, reviewed_on="2024-05-30")
    asked = create(client, case, sent)
    assert "79 days afterwards is nearer to the review at 3 months." in asked.content.decode()
    assert not OutcomeReview.objects.exists()
    create(client, case, sent | {"confirmed_doubts": ["nearer_to_another_time"]})
    assert OutcomeReview.objects.get().confirmed_doubts == ["nearer_to_another_time"]


def test_a_second_review_of_the_same_time_is_refused(client, surgeon, case, surgery):
    make.review(of=case, by=surgeon, surgery=surgery)
    response = create(client, case, answers(surgery))
    assert response.status_code == 200
    assert response.context["form"].errors
    assert OutcomeReview.objects.count() == 1


def test_two_editors_at_once_see_both_versions(client, surgeon, case, surgery):
    review = make.review(of=case, by=surgeon, surgery=surgery)
    actions.outcome_reviews.edit(
        review=review, edition=1, by=surgeon, at=make.NOW, changes={"symptoms": "resolved"}
    )
    url = reverse("registry:outcome-review-update", args=[review.public_id])
    sent = answers(surgery, edition=1, symptoms="worse")
    rows = {
        row.label: (row.saved, row.typed) for row in client.post(url, sent).context["form"].conflict
    }
    assert rows == {"Symptoms": ("Resolved", "Worse")}
    client.post(url, sent | {"edition": 2})
    review.refresh_from_db()
    assert (review.symptoms, review.edition) == ("worse", 3)
