from datetime import date, timedelta

from registry.audit.screening_facts import ScreeningFacts

DAY = date(2023, 5, 4)


def test_a_test_dose_is_known_from_its_day_on_and_comes_back_from_its_json():
    one = ScreeningFacts(DAY, "yes")
    assert one.known_by(DAY) is one
    assert one.known_by(DAY - timedelta(days=1)) is None
    assert ScreeningFacts.from_json(one.to_json()) == one
