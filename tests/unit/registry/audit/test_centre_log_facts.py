"""A day nobody said is not the same as facts that never heard of the question."""

from datetime import date

import pytest

from registry.audit.centre_log_facts import CentreLogFacts
from registry.audit.facts import Cohort
from registry.audit.stored_facts import canonical_json, cohort_from_json
from tests.factories.component_cohorts import patient


@pytest.mark.parametrize("day", [None, date(2015, 1, 1)])
def test_what_a_centre_said_comes_back_from_the_stored_facts(day):
    cohort = Cohort((patient("p", CentreLogFacts(day)),))
    assert cohort_from_json(canonical_json(cohort)) == cohort


def test_facts_of_before_keep_their_bytes():
    assert b"centre_log" not in canonical_json(Cohort((patient("p"),)))
    assert b'"centre_log":[{"complete_from":null}]' in canonical_json(
        Cohort((patient("p", CentreLogFacts(None)),))
    )


def test_it_holds_for_reports_of_the_past_too():
    one = CentreLogFacts(date(2015, 1, 1))
    assert one.known_by(date(2010, 1, 1)) is one
