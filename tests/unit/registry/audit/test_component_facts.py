from dataclasses import replace
from datetime import date, timedelta

from registry.audit.component_facts import ComponentFacts

DAY = timedelta(days=1)
IN, OUT = date(2019, 5, 4), date(2023, 5, 4)
REMOVED = ComponentFacts(
    "c", "pump", "medtronic_8637_40", IN, "month", OUT, "motor_stall", "surgery-1"
)


def test_before_its_implantation_it_is_not_known_and_before_its_removal_in_place():
    in_place = replace(REMOVED, removed_on=None, removal_reason="", removed_by="")
    assert REMOVED.known_by(OUT) is REMOVED
    assert REMOVED.known_by(OUT - DAY) == in_place
    assert REMOVED.known_by(IN - DAY) is None
    assert ComponentFacts("c", "pump").known_by(IN) is not None


def test_it_comes_back_from_its_json():
    for one in (REMOVED, ComponentFacts("c", "pump")):
        assert ComponentFacts.from_json(one.to_json()) == one
