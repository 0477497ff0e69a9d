"""Survival, incidence and group tests on 200 random cohorts, against R.

`survival.R` wrote the files from `cohorts.csv`; R is not needed to run the tests. Estimates
agree to 1e-9, intervals to 1e-6, relative.
"""

import numpy as np
import pytest

from registry.audit.aalen_johansen import cumulative_incidence
from registry.audit.kaplan_meier import kaplan_meier
from registry.audit.log_rank import log_rank
from tests.factories.follow_ups import follow_up_of, frozen, frozen_cohorts, groups_of

COHORTS = frozen_cohorts()
FOLLOWED = {cohort: follow_up_of(rows) for cohort, rows in COHORTS.items()}


def number(text):
    return float(text) if text else None


def close(theirs, *, to):
    """Limits R leaves empty are empty here, too; 0 is 0."""
    return None if theirs is None else pytest.approx(theirs, rel=to, abs=1e-13)


def test_the_cohorts_have_what_makes_estimating_hard():
    followed = list(FOLLOWED.values())
    assert len(followed) == 200
    assert sum(one.delayed for one in followed) == 100
    assert sum(one.causes == (1, 2) for one in followed) > 150
    tied = [one for one in followed if one.events_of().max(initial=0) > 1]
    censored = [one for one in followed if np.mean(one.cause == 0) > 0.75]
    assert len(tied) > 50
    assert len(censored) > 50


def test_kaplan_meier_agrees_with_survfit():
    rows = frozen("kaplan_meier.csv")
    assert len({row["cohort"] for row in rows}) > 190
    curves = {cohort: kaplan_meier(one, cause=1) for cohort, one in FOLLOWED.items()}
    for row in rows:
        (point,) = [p for p in curves[row["cohort"]].points if p.day == int(row["day"])]
        assert point.at_risk == int(row["at_risk"])
        assert point.survival == close(float(row["survival"]), to=1e-9)
        if point.survival > 0:
            assert point.standard_error == close(float(row["standard_error"]), to=1e-9)
        assert point.lower == close(number(row["lower"]), to=1e-6)
        assert point.upper == close(number(row["upper"]), to=1e-6)


def test_aalen_johansen_agrees_with_etm():
    rows = frozen("aalen_johansen.csv")
    assert len({row["cohort"] for row in rows}) > 150
    curves = {
        (cohort, str(cause)): cumulative_incidence(one, cause=cause)
        for cohort, one in FOLLOWED.items()
        for cause in (1, 2)
    }
    for row in rows:
        curve = curves[row["cohort"], row["cause"]]
        (point,) = [p for p in curve.points if p.day == int(row["day"])]
        assert point.incidence == close(float(row["incidence"]), to=1e-9)
        assert point.standard_error == close(float(row["standard_error"]), to=1e-9)
        if point.lower is not None:
            assert point.lower == close(float(row["lower"]), to=1e-6)
            assert point.upper == close(float(row["upper"]), to=1e-6)


def test_log_rank_agrees_with_survdiff_and_with_delayed_entry_with_the_exact_score_test():
    rows = [row for row in frozen("group_tests.csv") if row["test"] == "log_rank"]
    assert len(rows) > 180
    for row in rows:
        ours = log_rank(groups_of(COHORTS[row["cohort"]]), cause=1)
        assert ours.degrees_of_freedom == int(row["degrees_of_freedom"]), row
        assert ours.statistic == close(float(row["statistic"]), to=1e-9), row
