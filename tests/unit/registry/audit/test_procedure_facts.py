from datetime import date, timedelta

from registry.audit.procedure_facts import ProcedureFacts

DAY = date(2023, 5, 4)
DONE = ProcedureFacts("surgery-1", DAY, "motor_stall", ("wound_revision", "pump_reposition"))


def test_what_was_done_is_known_from_its_day_on():
    assert DONE.known_by(DAY) is DONE
    assert DONE.known_by(DAY - timedelta(days=1)) is None


def test_it_comes_back_from_its_json_whatever_the_order_of_the_codes():
    again = ProcedureFacts.from_json(DONE.to_json())
    assert again == DONE
    assert again.procedures == ("pump_reposition", "wound_revision")
