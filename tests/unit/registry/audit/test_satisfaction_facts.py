from datetime import date, timedelta

from registry.audit.satisfaction_facts import SatisfactionFacts

DAY = date(2023, 5, 4)


def test_an_answer_is_known_from_its_day_on_and_comes_back_from_its_json():
    one = SatisfactionFacts(DAY, "no")
    assert one.known_by(DAY) is one
    assert one.known_by(DAY - timedelta(days=1)) is None
    assert SatisfactionFacts.from_json(one.to_json()) == one
