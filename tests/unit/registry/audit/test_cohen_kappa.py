import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.cohen_kappa import Weights, agreement_weights, cohen_kappa
from registry.audit.errors import CountError
from tests.factories.ratings import ABSTRACTORS, two_readers

pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)


def kappa(of, weights=Weights.UNWEIGHTED, categories=range(4)):
    return cohen_kappa(
        [one for one, _ in of], [other for _, other in of], categories, weights=weights
    )


def test_the_printed_example():
    """0.7964094, standard error 0.0589 (irrCAC overview, kappa2.table)."""
    found = kappa(two_readers(ABSTRACTORS), categories=range(3))
    assert found.value == pytest.approx(0.7964094, abs=5e-8)
    assert found.standard_error == pytest.approx(0.05891, abs=5e-4)
    assert (found.numerator, found.denominator, found.subjects) == (89, 100, 100)


@given(pairs, st.sampled_from(Weights))
def test_it_does_not_matter_who_is_first(of, weights):
    forth, back = kappa(of, weights), kappa([(b, a) for a, b in of], weights)
    assert (forth.value is None) == (back.value is None)
    if forth.value is not None:
        assert forth.value == pytest.approx(back.value, abs=1e-12)
        assert forth.standard_error == pytest.approx(back.standard_error, abs=1e-9)
        assert forth.value <= 1 + 1e-12


@given(pairs)
def test_without_weights_the_order_of_categories_does_not_matter(of):
    shuffled = [((a + 1) % 4, (b + 1) % 4) for a, b in of]
    one, other = kappa(of), kappa(shuffled)
    assert (one.value is None) == (other.value is None)
    assert one.value is None or one.value == pytest.approx(other.value, abs=1e-12)


@given(st.lists(st.integers(0, 1), min_size=1, max_size=30))
def test_of_two_categories_weights_change_nothing(first):
    of = list(zip(first, reversed(first), strict=True))
    values = {kappa(of, weights, categories=range(2)).value for weights in Weights}
    assert len(values) == 1


def test_perfect_agreement_is_one_and_everybody_alike_is_undefined():
    assert kappa([(0, 0), (1, 1)]).value == 1.0
    assert kappa([(0, 0), (1, 1)]).lower is None
    alike = kappa([(2, 2), (2, 2)])
    assert (alike.value, alike.lower, alike.observed, alike.expected) == (None, None, 1.0, 1.0)


def test_who_was_not_rated_by_both_is_left_out():
    found = cohen_kappa(["a", None, "b"], ["a", "b", None], ["a", "b"])
    assert (found.denominator, found.value) == (1, None)
    assert cohen_kappa([], [], ["a"]).observed is None


def test_weights_fall_with_the_steps():
    assert agreement_weights(3, Weights.LINEAR)[0].tolist() == [1.0, 0.5, 0.0]
    assert agreement_weights(3, Weights.QUADRATIC)[0].tolist() == [1.0, 0.75, 0.0]
    assert agreement_weights(1, Weights.LINEAR).tolist() == [[1.0]]
    with pytest.raises(CountError):
        cohen_kappa([1], [1], [1], confidence=1)
