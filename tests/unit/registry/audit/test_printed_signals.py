"""What people decide about is read from the tables as they are printed."""

from registry.audit.printed_signals import (
    audit_sha256,
    has_signals,
    printed_signals,
    same_numbers,
)
from registry.audit.selection import Filters
from tests.factories.device_signals import SIGNAL, audited

RESULT = audited().to_json()


def test_every_device_and_event_of_the_table_is_there_with_all_its_inputs():
    found = printed_signals(RESULT)
    signals = next(table for table in RESULT["tables"] if table["key"] == "signals")
    assert len(found) == len(signals["rows"])
    assert [one.key for one in found.values() if one.flagged][-1] == SIGNAL
    one = found[SIGNAL].inputs
    assert one["signals"].keys() | {"key", "label"} == set(signals["columns"])
    assert (one["signals"]["primaries"], one["signal_inputs"]["group_events"]) == (12, 18)


def test_an_audit_without_the_rule_has_none():
    assert not has_signals({"tables": []})
    assert has_signals(RESULT)


def test_numbers_are_other_ones_as_soon_as_one_input_differs():
    ours = printed_signals(RESULT)[SIGNAL].inputs
    assert same_numbers(ours, printed_signals(audited().to_json())[SIGNAL].inputs)
    assert not same_numbers(ours, printed_signals(audited(failed=9).to_json())[SIGNAL].inputs)


def test_the_day_is_no_part_of_the_question_and_everything_else_is():
    asked = audit_sha256("device-survival", RESULT["filters"])
    for other in (
        audit_sha256("device-survival", Filters(centres=("SOUTH",)).to_json()),
        audit_sha256("ford-1996", RESULT["filters"]),
    ):
        assert other != asked
