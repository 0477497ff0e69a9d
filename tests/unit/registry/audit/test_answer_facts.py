from datetime import date

from registry.audit.answer_facts import AnswerFacts

FACT = AnswerFacts("r", date(2024, 3, 1), ("origin", "consent"), ("needle",), ("urgency",))


def test_it_is_read_as_it_was_written_in_one_order_and_cut_where_the_report_cuts():
    assert AnswerFacts.from_json(FACT.to_json()) == FACT
    assert FACT.given == ("consent", "origin")
    assert FACT.known_by(date(2024, 3, 1)) is FACT
    assert FACT.known_by(date(2024, 2, 29)) is None
