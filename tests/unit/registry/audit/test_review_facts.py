from datetime import date, timedelta

from registry.audit.review_facts import ReviewFacts

DAY = date(2023, 5, 4)


def test_a_review_is_known_from_its_day_on():
    review = ReviewFacts("case-1", DAY, "resolved")
    assert review.known_by(DAY) is review
    assert review.known_by(DAY - timedelta(days=1)) is None


def test_a_review_comes_back_from_its_json():
    review = ReviewFacts("case-1", DAY, "improved", "surgery-1")
    assert ReviewFacts.from_json(review.to_json()) == review
