import numpy as np
import pytest
from hypothesis import given

from registry.audit.agreement import category_counts, exact_pairs, linearised, rating_matrix
from registry.audit.errors import CountError
from tests.factories.ratings import rated


@given(rated)
def test_every_rating_is_counted_once(ratings):
    counts = category_counts(ratings, [0, 1, 2])
    given_ones = [one for row in ratings for one in row if one is not None]
    assert counts.sum() == len(given_ones)
    agreeing, pairs = exact_pairs(counts)
    assert 0 <= agreeing <= pairs


def test_the_matrix_has_the_first_rater_in_its_rows():
    matrix = rating_matrix(["leak", "leak", None], ["normal", "leak", "leak"], ["normal", "leak"])
    assert matrix.tolist() == [[0, 0], [1, 1]]


def test_what_cannot_be_a_rating_is_refused():
    with pytest.raises(CountError, match="not among"):
        category_counts([["kink"]], ["leak"])
    with pytest.raises(CountError, match="twice"):
        category_counts([["leak"]], ["leak", "leak"])
    with pytest.raises(CountError, match="same subjects"):
        rating_matrix([1], [1, 1], [1])
    with pytest.raises(CountError):
        linearised(0.5, np.array([1.0, -1.0]), 0)


def test_one_subject_has_no_interval():
    assert linearised(0.5, np.array([0.0]), 0.95) == (None, None, None)
