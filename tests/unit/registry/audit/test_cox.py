import numpy as np
import pytest

from registry.audit.cox import METHOD, cox
from registry.audit.errors import CountError, FollowUpError, NotConvergedError
from registry.audit.follow_up import FollowUp
from registry.audit.log_rank import log_rank


def cohort(seed=11, size=60, *, effect=0.7):
    """Ties and delayed entry; a metal catheter multiplies the hazard by exp(effect)."""
    random = np.random.default_rng(seed)
    metal = random.integers(0, 2, size)
    age = random.normal(10, 3, size)
    entry = random.integers(0, 50, size) * random.integers(0, 2, size)
    exits = entry + 1 + (random.exponential(200, size) * np.exp(-effect * metal)).astype(int)
    follow_up = FollowUp.of(
        entry_day=entry, exit_day=exits // 5 * 5 + 5, cause=random.integers(0, 2, size)
    )
    return follow_up, metal, age


def partial_log_likelihood(follow_up, x, beta):
    """Efron's, event by event, from the definition."""
    total = 0.0
    linear = x @ beta
    for day in np.unique(follow_up.exit_day[follow_up.cause == 1]):
        at_risk = (follow_up.entry_day < day) & (follow_up.exit_day >= day)
        dying = (follow_up.exit_day == day) & (follow_up.cause == 1)
        d = dying.sum()
        total += linear[dying].sum()
        for k in range(d):
            gone = k / d * np.exp(linear[dying]).sum()
            total -= np.log(np.exp(linear[at_risk]).sum() - gone)
    return total


def test_the_estimate_is_where_the_likelihood_is_largest():
    follow_up, metal, age = cohort()
    model = cox(follow_up, {"metal": metal, "age": age}, unit="catheters", window="2016 to 2024")
    x = np.column_stack([metal, age]).astype(float)
    beta = np.array([ratio.coefficient for ratio in model.ratios])
    best = partial_log_likelihood(follow_up, x, beta)
    assert model.log_likelihood == pytest.approx(best, rel=1e-12)
    for nudge in (np.array([1e-3, 0]), np.array([0, 1e-3])):
        assert partial_log_likelihood(follow_up, x, beta + nudge) < best
        assert partial_log_likelihood(follow_up, x, beta - nudge) < best
    assert (model.numerator, model.denominator) == (int(follow_up.cause.sum()), 60)
    assert (model.unit, model.window, model.method) == ("catheters", "2016 to 2024", METHOD)
    assert model.enough_events is True


def test_another_unit_of_a_covariate_is_another_unit_of_its_ratio():
    follow_up, metal, age = cohort()
    years = cox(follow_up, {"metal": metal, "age": age})
    months = cox(follow_up, {"metal": metal, "age": age * 12 + 7})
    assert months.log_likelihood == pytest.approx(years.log_likelihood, rel=1e-12)
    assert months.ratios[1].coefficient == pytest.approx(years.ratios[1].coefficient / 12)
    assert months.ratios[1].proportional_p == pytest.approx(years.ratios[1].proportional_p)


def test_without_ties_the_score_test_of_two_groups_is_the_log_rank_test():
    random = np.random.default_rng(3)
    days, metal = random.permutation(50) + 1, random.integers(0, 2, 50)
    cause = random.integers(0, 2, 50)
    model = cox(FollowUp.of(exit_day=days, cause=cause), {"metal": metal})
    groups = {
        str(value): FollowUp.of(exit_day=days[metal == value], cause=cause[metal == value])
        for value in (0, 1)
    }
    assert model.score == pytest.approx(log_rank(groups).statistic, rel=1e-9)


def test_a_ratio_that_turns_around_is_not_proportional():
    """Half of the events: first only with metal, then only without."""
    days = np.arange(1, 81)
    metal = np.concatenate([np.ones(30), np.zeros(10), np.zeros(30), np.ones(10)])
    metal[5], metal[60] = 0, 1
    model = cox(FollowUp.of(exit_day=days, cause=[1] * 80), {"metal": metal})
    assert model.ratios[0].proportional_p < 0.01
    assert model.proportional_p == pytest.approx(model.ratios[0].proportional_p)


def test_few_events_are_told():
    follow_up, metal, age = cohort(size=14)
    model = cox(follow_up, {"metal": metal, "age": age})
    assert model.events_per_covariate < 10
    assert model.enough_events is False


def test_without_a_finite_answer_there_is_none():
    follow_up, _metal, age = cohort()
    decides = follow_up.cause == 1
    for covariates in (
        {},
        {"constant": np.ones(60)},
        {"age": age, "again": age * 2},
        {"decides": decides},
    ):
        with pytest.raises(NotConvergedError):
            cox(follow_up, covariates)
    with pytest.raises(NotConvergedError):
        cox(FollowUp.of(exit_day=[1, 2], cause=[0, 0]), {"metal": [0, 1]})


def test_gaps_are_refused():
    follow_up, metal, age = cohort()
    with pytest.raises(FollowUpError):
        cox(follow_up, {"age": [None, *age[1:]]})
    with pytest.raises(FollowUpError):
        cox(follow_up, {"metal": metal[1:]})
    with pytest.raises(CountError):
        cox(follow_up, {"metal": metal}, confidence=1.5)
