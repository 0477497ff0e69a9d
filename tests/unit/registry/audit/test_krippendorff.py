import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.errors import CountError
from registry.audit.krippendorff import METHOD, Scale, krippendorff_alpha
from tests.factories.ratings import (
    ABSTRACTORS,
    OBSERVERS,
    PSYCHIATRISTS,
    influences,
    rated,
    spread,
    two_readers,
)


@pytest.mark.parametrize(
    ("scale", "value"), [(Scale.NOMINAL, 0.743), (Scale.ORDINAL, 0.815), (Scale.INTERVAL, 0.849)]
)
def test_the_example_of_krippendorff(scale, value):
    """Four observers with gaps: 0.743, 0.815 and 0.849 in his text."""
    found = krippendorff_alpha(OBSERVERS, [1, 2, 3, 4, 5], scale=scale)
    assert found.value == pytest.approx(value, abs=5e-4)
    assert found.subjects == 11
    # A number of numpy is written otherwise, and compares with no number of a stored report.
    assert {type(found.value), type(found.observed), type(found.expected)} == {float}
    assert found.method == METHOD.format(scale=scale.value)


def test_values_irrcac_prints():
    assert krippendorff_alpha(two_readers(ABSTRACTORS), range(3)).value == pytest.approx(
        0.7972585, abs=5e-8
    )
    assert krippendorff_alpha(spread(PSYCHIATRISTS), range(5)).value == pytest.approx(
        0.4204384, abs=5e-8
    )


def by_weight(ratings, categories, scale):
    """Second implementation: all pairs in loops, with a weight for each subject."""
    rows = [[one for one in row if one is not None] for row in ratings]
    rows = [row for row in rows if len(row) > 1]

    def coefficient(weights):
        drawn = [(one, w) for row, w in zip(rows, weights, strict=True) for one in row]
        use = {c: sum(w for one, w in drawn if one == c) for c in categories}

        def distance(one, other):
            if scale is Scale.NOMINAL:
                return float(one != other)
            if scale is Scale.INTERVAL:
                return float(one - other) ** 2
            low, high = min(one, other), max(one, other)
            between = sum(use[c] for c in categories if low <= c <= high)
            return (between - (use[low] + use[high]) / 2) ** 2

        seen = sum(
            w * distance(one, other) / (len(row) - 1)
            for row, w in zip(rows, weights, strict=True)
            for one in row
            for other in row
        )
        chance = sum(w * v * distance(one, other) for one, w in drawn for other, v in drawn)
        total = sum(w for _, w in drawn)
        ratings_in_all = sum(len(row) for row in rows)
        return 1 - (ratings_in_all - 1) / ratings_in_all * total * seen / chance

    return coefficient, len(rows)


@given(rated, st.sampled_from(Scale))
def test_value_and_variance_agree_with_loops_and_differences(ratings, scale):
    found = krippendorff_alpha(ratings, [0, 1, 2], scale=scale)
    if found.value is None or found.standard_error is None:
        return
    coefficient, size = by_weight(ratings, [0, 1, 2], scale)
    assert found.value == pytest.approx(coefficient([1.0] * size), rel=1e-9, abs=1e-12)
    squares = np.square(influences(coefficient, size)).sum()
    expected = (squares / (size * (size - 1))) ** 0.5
    assert found.standard_error == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_where_nobody_can_disagree_there_is_no_alpha():
    assert krippendorff_alpha([(1, None)], [1, 2]).value is None
    alike = krippendorff_alpha([(1, 1), (1, 1)], [1, 2])
    assert (alike.value, alike.lower, alike.numerator, alike.denominator) == (None, None, 2, 2)
    assert krippendorff_alpha([(1, 1), (2, 2)], [1, 2]).value == 1.0
    with pytest.raises(CountError):
        krippendorff_alpha([("a", "b")], ["a", "b"], scale=Scale.INTERVAL)
