from datetime import date, timedelta

from registry.audit.departure_facts import DepartureFacts

DAY = date(2023, 5, 4)


def test_a_departure_is_known_from_its_day_on_and_comes_back_from_its_json():
    left = DepartureFacts("case-1", DAY)
    assert left.known_by(DAY) is left
    assert left.known_by(DAY - timedelta(days=1)) is None
    assert DepartureFacts.from_json(left.to_json()) == left
