from datetime import date

from registry.audit.background_facts import BackgroundFacts


def test_a_background_comes_back_from_its_json_and_is_known_at_any_time():
    for born in (2009, None):
        one = BackgroundFacts(born, "female", "cp_spastic")
        assert BackgroundFacts.from_json(one.to_json()) == one
        assert one.known_by(date(2000, 1, 1)) is one
