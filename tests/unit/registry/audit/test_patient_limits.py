from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.background_facts import BackgroundFacts
from registry.audit.errors import FiltersError
from registry.audit.facts import Cohort
from registry.audit.patient_limits import LIMITS_RULE, PatientLimits, limited
from registry.audit.run import run
from registry.audit.selection import Filters, known_by, of_centres
from tests.factories.cohorts import CENTRES, study
from tests.factories.component_cohorts import (
    AS_OF,
    MODELS,
    component,
    component_cohorts,
    days,
    many_components,
    patient,
)

maybe_years = st.none() | st.integers(2010, 2014)
limits = st.builds(
    lambda one, two, sex, diagnoses, kind, model, years: PatientLimits(
        age_from=None if one is None or two is None else min(one, two),
        age_to=None if one is None or two is None else max(one, two),
        sex=sex,
        diagnoses=diagnoses,
        component=kind,
        model=model,
        implanted_from=years,
    ),
    st.none() | st.integers(0, 40),
    st.none() | st.integers(0, 40),
    st.sampled_from([None, "female", "male"]),
    st.sampled_from([None, ("cp_spastic",), ("cp_spastic", "ms"), ()]),
    st.sampled_from([None, "pump", "connector"]),
    st.sampled_from([None, MODELS[0]]),
    maybe_years,
)


def ids(cohort):
    return [one.patient_id for one in cohort.patients]


def held(one, **said):
    return PatientLimits(**said).hold(one, first=None, last=AS_OF)


@settings(max_examples=60)
@given(component_cohorts(), limits, limits, days)
def test_filters_commute(cohort, one, other, as_of):
    """Centre, cut-off and both limits in any order leave the same patients."""

    def limit(this):
        return lambda left: limited(left, this, first=None, last=as_of)

    steps = [limit(one), limit(other), lambda left: known_by(left, as_of),
             lambda left: of_centres(left, CENTRES[:1])]  # fmt: skip
    ways = []
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 3, 0, 2)):
        left = cohort
        for step in order:
            left = steps[step](left)
        ways.append(left)
    assert all(way == ways[0] for way in ways)


@given(limits)
def test_limits_come_back_from_json_and_stand_there_only_where_there_are_any(one):
    filters = Filters(centres=CENTRES, limits=one)
    assert Filters.from_json(filters.to_json()) == filters
    assert set(Filters().to_json()) == {"centres", "performed_from", "performed_to"}
    assert bool(one) is bool(one.to_json())


def test_age_is_that_of_the_first_study_else_of_the_end_and_unknown_is_within_none():
    born = BackgroundFacts(2010, "female", "cp_spastic")
    studied = patient("p", born, studies=(study("s", on=date(2020, 5, 4)),))
    assert held(studied, age_from=10, age_to=10)
    assert not held(studied, age_from=11)
    assert held(patient("q", born), age_from=14, age_to=14)
    late = PatientLimits(age_to=10)
    assert not late.hold(studied, first=date(2021, 1, 1), last=AS_OF)
    unknown = patient("r", BackgroundFacts(None, "female", "cp_spastic"))
    assert held(unknown, sex="female")
    assert not held(unknown, age_from=0)
    assert not held(unknown, age_to=120)


def test_kind_model_and_years_must_fit_one_component_together():
    one = patient(
        "p",
        component("a", implanted_on=date(2012, 1, 1), model=MODELS[0]),
        component("b", "connector", implanted_on=date(2016, 1, 1), model=MODELS[1]),
        component("c", "spinal_segment", implanted_on=None),
    )
    assert held(one, component="pump", implanted_to=2012)
    assert not held(one, component="pump", implanted_from=2013)
    assert not held(one, component="connector", model=MODELS[0])
    assert not held(one, component="spinal_segment", implanted_from=1900)
    assert not PatientLimits(component="connector").hold(one, first=None, last=date(2015, 1, 1))


@pytest.mark.parametrize(
    "said", [{"age_from": 9, "age_to": 8}, {"implanted_from": 2012, "implanted_to": 2011}]
)
def test_limits_that_end_before_they_begin_are_refused(said):
    with pytest.raises(FiltersError, match="end before"):
        PatientLimits(**said)


def test_device_survival_counts_the_components_that_fit_and_prints_the_rule():
    fitting = PatientLimits(component="pump", model=MODELS[1], implanted_from=2014)
    cohort = many_components()
    result = run(
        "device-survival", cohort, filters=Filters(limits=fitting), as_of=AS_OF, code_version="1"
    )
    counted = {
        one.component_id
        for patient in cohort.patients
        for one in patient.later
        if getattr(one, "kind", "") == "pump" and fitting.fits(one)
    }
    assert set(result.members("components")) == counted
    assert 0 < len(counted) < 60
    assert result.rules[-1] == LIMITS_RULE
    whole = run("device-survival", cohort, filters=Filters(), as_of=AS_OF, code_version="1")
    assert LIMITS_RULE not in whole.rules
    assert ids(limited(cohort, PatientLimits(), first=None, last=AS_OF)) == ids(cohort)
    assert limited(Cohort(()), fitting, first=None, last=AS_OF).patients == ()
