from datetime import date, timedelta
from decimal import Decimal

from registry.audit.dose_facts import DoseFacts

DAY = date(2023, 5, 4)


def test_a_dose_is_known_from_its_day_on_and_comes_back_to_the_tenth():
    one = DoseFacts(DAY, Decimal("577.3"))
    assert one.known_by(DAY) is one
    assert one.known_by(DAY - timedelta(days=1)) is None
    assert one.to_json() == {"set_on": "2023-05-04", "dose_ug_per_day": "577.3"}
    assert DoseFacts.from_json(one.to_json()) == one
    assert sorted([one, DoseFacts(DAY, Decimal(88))], key=lambda dose: dose.order)[1] == one
