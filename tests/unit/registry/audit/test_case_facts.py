from dataclasses import replace
from datetime import date

from registry.audit.case_course import RESOLVED, SUSPECTED
from registry.audit.case_facts import CaseFacts
from registry.vocabulary import CaseOutcome, CaseTrigger

FACT = CaseFacts("c", date(2024, 3, 1), SUSPECTED, date(2024, 5, 1), "resolved_by_surgery")


def test_it_is_read_as_it_was_written_and_cut_where_the_report_cuts():
    assert CaseFacts.from_json(FACT.to_json()) == FACT
    still_open = replace(FACT, closed_on=None, outcome="")
    assert CaseFacts.from_json(still_open.to_json()) == still_open
    assert FACT.known_by(date(2024, 5, 1)) is FACT
    assert FACT.known_by(date(2024, 4, 30)) == still_open
    assert FACT.known_by(date(2024, 2, 29)) is None


def test_the_codes_are_those_of_the_vocabulary():
    assert SUSPECTED in {one.value for one in CaseTrigger}
    assert {one.value for one in CaseOutcome} >= RESOLVED
