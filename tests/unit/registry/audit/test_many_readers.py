import numpy as np
import pytest
from hypothesis import given

from registry.audit.many_readers import FLEISS, GWET, fleiss_kappa, gwet_ac1
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
    ("ratings", "categories", "fleiss", "gwet"),
    [
        (spread(PSYCHIATRISTS), 5, (0.4139265, 0.08119291), (0.4448007, 0.08418757)),
        (two_readers(ABSTRACTORS), 3, (0.7962397, 0.05905473), (0.8493305, 0.04321747)),
    ],
    ids=["six psychiatrists", "two abstractors"],
)
def test_the_printed_examples(ratings, categories, fleiss, gwet):
    """As irrCAC 1.0 prints them in its overview; Fleiss of two readers is Scott's pi."""
    for function, (value, error) in ((fleiss_kappa, fleiss), (gwet_ac1, gwet)):
        found = function(ratings, range(categories))
        assert found.value == pytest.approx(value, abs=5e-8)
        # For a table of two readers irrCAC divides by n instead of n - 1.
        n = len(ratings) if categories == 3 else None
        divisor = 1.0 if n is None else ((n - 1) / n) ** 0.5
        assert found.standard_error * divisor == pytest.approx(error, abs=5e-8)


def test_the_printed_intervals_of_six_psychiatrists():
    """(0.24, 0.588) and (0.264, 0.625)."""
    fleiss = fleiss_kappa(spread(PSYCHIATRISTS), range(5))
    gwet = gwet_ac1(spread(PSYCHIATRISTS), range(5))
    assert (fleiss.lower, fleiss.upper) == pytest.approx((0.240, 0.588), abs=5e-4)
    assert (gwet.lower, gwet.upper) == pytest.approx((0.264, 0.625), abs=5e-4)
    assert gwet.expected == pytest.approx(0.1914815, abs=5e-8)
    assert fleiss.observed == pytest.approx(0.5511111, abs=5e-8)


def by_weight(ratings, categories, kind):
    """Second implementation: loops, with a weight for each subject.

    Gwet holds fixed how many subjects have two ratings or more.
    """
    rows = [[one for one in row if one is not None] for row in ratings]
    rows = [row for row in rows if row]

    in_pairs = sum(len(row) > 1 for row in rows)

    def coefficient(weights):
        agree = pairs = everybody = 0.0
        use = dict.fromkeys(categories, 0.0)
        for row, weight in zip(rows, weights, strict=True):
            everybody += weight
            for one in row:
                use[one] += weight / len(row)
            if len(row) > 1:
                same = sum(row[i] == row[j] for i in range(len(row)) for j in range(i))
                agree += weight * same / (len(row) * (len(row) - 1) / 2)
                pairs += weight
        shares = [one / everybody for one in use.values()]
        chance = sum(p * p for p in shares)
        if kind == "gwet":
            chance = sum(p * (1 - p) for p in shares) / (len(categories) - 1)
        return len(rows) / in_pairs * (agree - chance * pairs) / everybody / (1 - chance)

    return coefficient, len(rows)


@given(rated)
def test_value_and_variance_agree_with_loops_and_differences(ratings):
    for kind, function in (("fleiss", fleiss_kappa), ("gwet", gwet_ac1)):
        found = function(ratings, [0, 1, 2])
        if found.value is None or found.standard_error is None:
            continue
        coefficient, size = by_weight(ratings, [0, 1, 2], kind)
        assert found.value == pytest.approx(coefficient([1.0] * size), rel=1e-9, abs=1e-12)
        squares = np.square(influences(coefficient, size)).sum()
        expected = (squares / (size * (size - 1))) ** 0.5
        assert found.standard_error == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_missing_ratings_as_irrcac_prints_them():
    """cac.raw4raters: AC1 0.77544 (0.14295), Fleiss 0.76117 (0.15302)."""
    gwet, fleiss = gwet_ac1(OBSERVERS, range(1, 6)), fleiss_kappa(OBSERVERS, range(1, 6))
    assert (gwet.value, gwet.standard_error) == pytest.approx((0.77544, 0.14295), abs=5e-6)
    assert (fleiss.value, fleiss.standard_error) == pytest.approx((0.76117, 0.15302), abs=5e-6)
    assert (gwet.method, fleiss.method) == (GWET, FLEISS)


def test_a_rare_finding_ruins_kappa_and_not_ac1():
    """98 of 100 alike, on nearly only normal studies."""
    ratings = [("normal", "normal")] * 98 + [("normal", "leak"), ("leak", "normal")]
    assert fleiss_kappa(ratings, ["normal", "leak"]).value < 0
    assert gwet_ac1(ratings, ["normal", "leak"]).value > 0.97


def test_where_nobody_can_disagree_there_is_no_coefficient():
    for ratings in ([], [(1, None)], [(None, None)]):
        assert fleiss_kappa(ratings, [1, 2]).value is None
        assert gwet_ac1(ratings, [1, 2]).observed is None
    alike = [(1, 1), (1, 1)]
    assert fleiss_kappa(alike, [1, 2]).value is None
    assert gwet_ac1(alike, [1, 2]).value == 1.0
    assert gwet_ac1(alike, [1]).value is None
