from dataclasses import replace
from datetime import date

from registry.audit.query_facts import QueryFacts

FACT = QueryFacts("unanswered", "r", date(2024, 3, 1), date(2024, 4, 1), "needle")


def test_it_is_read_as_it_was_written_and_cut_where_the_report_cuts():
    assert QueryFacts.from_json(FACT.to_json()) == FACT
    ageless = replace(FACT, since=None)
    assert QueryFacts.from_json(ageless.to_json()) == ageless
    assert FACT.known_by(date(2024, 3, 1)) is FACT
    assert FACT.known_by(date(2024, 2, 29)) is None


def test_two_questions_about_one_record_are_two_queries():
    assert FACT.fact_id != replace(FACT, detail="next_step").fact_id
