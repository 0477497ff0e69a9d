import pytest

from registry.audit.component_groups import DIMENSIONS, Group, divided
from registry.audit.device_signals import signal_tables
from registry.audit.devices import ComponentKind
from tests.unit.registry.audit.test_component_tables import PUMPS, rows

MODELS = divided(ComponentKind.PUMP, PUMPS, DIMENSIONS[0])


def test_a_group_of_dominant_models_only_gives_no_answer():
    signals, inputs = signal_tables({"pump": MODELS})
    assert [row["signal"] for row in rows(signals)] == ["cannot be told"] * 4
    assert all("8637-20, Medtronic" in row["left_out"] for row in rows(inputs))


def test_a_bad_model_is_flagged_with_every_input_and_a_silent_group_is_no_comparison():
    revised = [one for one in PUMPS.courses if one.end]
    calm = [one for one in PUMPS.courses if not one.end]
    bad = Group("bad", "Pump: Bad", tuple(revised[:12]))
    others = [
        Group(f"good-{n}", f"Pump: Good {n}", (*calm[n::5], *revised[12 + n : 13 + n]))
        for n in range(5)
    ]
    signals, inputs = signal_tables({"pump": [bad, *others]})
    found = {row["key"]: row for row in rows(signals)}
    flagged = found["bad-revision"]
    assert flagged["signal"] == "SIGNAL"
    assert (flagged["primaries"], flagged["ratio_exceeded"], flagged["p_small"]) == (
        12,
        "yes",
        "yes",
    )
    assert found["good-1-revision"]["signal"] == "none"
    used = next(row for row in rows(inputs) if row["key"] == "bad-revision")
    assert used["expected"] == pytest.approx(used["group_rate"] * used["years"] / 100)
    assert signals.cells["bad-revision", "primaries"] == bad.ids

    silent = [Group(f"s{n}", f"Pump: S {n}", tuple(calm[n::5])) for n in range(5)]
    signals, _ = signal_tables({"pump": [bad.__class__("bad", "Pump: Bad", ()), *silent]})
    assert {row["signal"] for row in rows(signals)} == {"cannot be told"}
