"""Survival, incidence and group tests on 200 random cohorts, against R.

`survival.R` wrote the files from `cohorts.csv`; R is not needed to run the tests. Estimates
agree to 1e-9, intervals to 1e-6, relative.
"""

import numpy as np
import pytest

from registry.audit.aalen_johansen import cumulative_incidence
from registry.audit.cox import cox
from registry.audit.follow_up import FollowUp
from registry.audit.gray import gray
from registry.audit.kaplan_meier import kaplan_meier
from registry.audit.log_rank import log_rank
from registry.audit.mean_cumulative import events_of, mean_cumulative
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
        if point.lower is None:
            assert point.incidence == 0 or point.incidence > 1 - 1e-12
        else:
            assert point.lower == close(float(row["lower"]), to=1e-6)
            assert point.upper == close(float(row["upper"]), to=1e-6)


def test_log_rank_agrees_with_survdiff_and_with_delayed_entry_with_the_exact_score_test():
    rows = [row for row in frozen("group_tests.csv") if row["test"] == "log_rank"]
    assert len(rows) > 180
    for row in rows:
        ours = log_rank(groups_of(COHORTS[row["cohort"]]), cause=1)
        assert ours.degrees_of_freedom == int(row["degrees_of_freedom"]), row
        assert ours.statistic == close(float(row["statistic"]), to=1e-9), row


def test_gray_agrees_with_cuminc():
    rows = [row for row in frozen("group_tests.csv") if row["test"].startswith("gray")]
    assert len(rows) > 150
    for row in rows:
        ours = gray(groups_of(COHORTS[row["cohort"]]), cause=int(row["test"][-1]))
        assert ours.degrees_of_freedom == int(row["degrees_of_freedom"]), row
        assert ours.statistic == close(float(row["statistic"]), to=1e-9), row


def test_cox_agrees_with_coxph_and_its_check_with_cox_zph():
    fitted = {}
    for row in frozen("cox.csv"):
        rows = COHORTS[row["cohort"]]
        if row["cohort"] not in fitted:
            covariates = {name: [float(one[name]) for one in rows] for name in ("metal", "age")}
            fitted[row["cohort"]] = cox(FOLLOWED[row["cohort"]], covariates, cause=1)
        model = fitted[row["cohort"]]
        ratios = {ratio.covariate: ratio for ratio in model.ratios}
        theirs, which = float(row["value"]), row["which"]
        match row["what"]:
            case "coefficient":
                assert ratios[which].coefficient == close(theirs, to=1e-9)
                error = float(row["standard_error"])
                assert ratios[which].standard_error == close(error, to=1e-9)
            case "log_likelihood" if which == "null":
                assert model.log_likelihood_null == close(theirs, to=1e-9)
            case "log_likelihood":
                assert model.log_likelihood == close(theirs, to=1e-9)
            case "test":
                assert getattr(model, which) == pytest.approx(theirs, rel=1e-9, abs=1e-9)
            case "proportional_km" if which == "all":
                assert model.proportional_statistic == close(theirs, to=1e-8)
            case "proportional_km":
                assert ratios[which].proportional_statistic == close(theirs, to=1e-8)
    assert len(fitted) > 150


def test_mean_cumulative_function_agrees_with_survfit():
    members = {}
    for row in frozen("recurrent.csv"):
        members.setdefault(row["cohort"], []).append(row)
    curves = {}
    for cohort, rows in members.items():
        follow_up = FollowUp.of(
            entry_day=[int(row["entry"]) for row in rows],
            exit_day=[int(row["exit"]) for row in rows],
            cause=[0] * len(rows),
        )
        member, day = events_of([[int(one) for one in row["days"].split()] for row in rows])
        curves[cohort] = mean_cumulative(follow_up, member=member, event_day=day)
    theirs = frozen("mean_cumulative.csv")
    assert len({row["cohort"] for row in theirs}) > 190
    for row in theirs:
        (point,) = [p for p in curves[row["cohort"]].points if p.day == int(row["day"])]
        assert point.at_risk == int(row["at_risk"])
        assert point.mean == close(float(row["mean"]), to=1e-9)
        assert point.standard_error == pytest.approx(
            float(row["standard_error"]), rel=1e-9, abs=1e-8
        )
