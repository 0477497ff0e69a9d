"""Why images are proposed for a contrast study."""

import pytest

from registry.models import ContrastStudy
from registry.presenters.study_links import reasons
from registry.queries.study_links import Candidate


@pytest.mark.parametrize(
    ("agrees", "days", "has_images", "words"),
    [
        (True, 0, False, ["same patient number", "same day as the contrast study"]),
        (True, -1, False, ["same patient number", "images 1 day before the contrast study"]),
        (
            False,
            3,
            True,
            [
                "another patient number",
                "images 3 days after the contrast study",
                "already has images",
            ],
        ),
        (
            None,
            None,
            False,
            ["patient number not known on both sides", "the images carry no date"],
        ),
    ],
)
def test_reasons_are_told_in_words(agrees, days, has_images, words):
    candidate = Candidate(
        contrast_study=ContrastStudy(),
        subject_agrees=agrees,
        days_apart=days,
        has_images=has_images,
    )

    assert reasons(candidate) == words
