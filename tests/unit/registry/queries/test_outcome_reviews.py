"""Reviews of the cases one may see."""

from registry.models import Role
from registry.queries import outcome_reviews
from tests.factories import registry_records as make


def test_a_review_is_seen_in_its_centre_and_by_no_reader(north, south):
    """It would unblind."""
    assert list(outcome_reviews.visible(viewer=south.logged_by)) == [south.review]
    reader = make.user(at_centre=north.centre, roles=[Role.READER])
    assert not outcome_reviews.visible(viewer=reader).exists()


def test_its_centre_is_known_without_asking_again(north, django_assert_num_queries):
    review = outcome_reviews.visible(viewer=north.logged_by).get()
    with django_assert_num_queries(0):
        assert review.centre_code == "NORTH"
