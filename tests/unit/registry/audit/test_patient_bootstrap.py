from itertools import product

import numpy as np
import pytest

from registry.audit.errors import CountError
from registry.audit.patient_bootstrap import (
    METHOD,
    bootstrapped_ratio,
    percentile_interval,
    resampled,
)


def test_many_samples_come_near_all_samples():
    """Second implementation: every one of the 5^5 samples of five patients."""
    top, bottom = np.array([1, 0, 2, 3, 0]), np.array([1, 2, 2, 4, 1])
    every = [
        top[list(chosen)].sum() / bottom[list(chosen)].sum()
        for chosen in product(range(5), repeat=5)
    ]
    drawn = resampled(
        np.column_stack([top, bottom]).astype(float),
        lambda sums: sums[:, 0] / sums[:, 1],
        seed=5,
        replicates=40_000,
    )
    assert drawn.mean() == pytest.approx(np.mean(every), abs=0.005)
    assert drawn.std() == pytest.approx(np.std(every), abs=0.005)
    for share in (0.1, 0.5, 0.9):
        assert np.mean(drawn <= np.quantile(every, share)) == pytest.approx(
            np.mean(every <= np.quantile(every, share)), abs=0.01
        )


def test_studies_of_one_patient_are_one_witness():
    """Ten patients of four equal studies know as little as ten studies do."""
    alone = bootstrapped_ratio("yield", [1] * 6 + [0] * 4, [1] * 10, seed=1)
    repeated = bootstrapped_ratio("yield", [4] * 6 + [0] * 4, [4] * 10, seed=1)
    assert (repeated.lower, repeated.upper) == (alone.lower, alone.upper)
    assert (repeated.numerator, repeated.denominator, repeated.patients) == (24, 40, 10)
    assert (repeated.value, repeated.method) == (0.6, METHOD)


def test_one_seed_draws_one_interval():
    numbers = ([1, 0, 1, 1, 0], [1, 1, 1, 2, 1])
    one, again, other = (bootstrapped_ratio("x", *numbers, seed=seed) for seed in (3, 3, 4))
    assert one == again
    assert (one.seed, other.seed) == (3, 4)


def test_samples_without_a_denominator_are_counted_and_left_out():
    """One of three patients has a defect: (2/3)^3 of the samples have none."""
    found = bootstrapped_ratio("sensitivity", [1, 0, 0], [1, 0, 0], seed=2)
    assert found.undefined / found.replicates == pytest.approx(8 / 27, abs=0.02)
    assert (found.lower, found.upper) == (1.0, 1.0)


def test_without_patients_there_is_no_interval():
    found = bootstrapped_ratio("sensitivity", [], [], seed=2, replicates=10)
    assert (found.value, found.lower, found.upper, found.undefined) == (None, None, None, 10)
    assert percentile_interval(np.array([np.nan]), 0.9) is None
    with pytest.raises(CountError):
        bootstrapped_ratio("sensitivity", [2], [1], seed=1)
    with pytest.raises(CountError):
        percentile_interval(np.array([1.0]), 0)
