"""Signals in words: open ones first and counted, decisions with the numbers they rest on."""

from registry.presenters import signal_dispositions
from tests.factories.device_signals import SIGNAL, audited

RESULT = audited().to_json()


def stated(result, **said):
    from registry.audit.printed_signals import printed_signals

    signal = printed_signals(result.to_json())[SIGNAL]
    return {
        "id": "1", "signal": SIGNAL, "label": signal.label, "disposition": "chance_watch",
        "reason": "Few events.", "decided_at": "2025-01-02T10:00:00+00:00", "decided_by": "A. B.",
        "as_of": "2024-12-31", "rule": "signal-1", "inputs": signal.inputs, "superseded_by": None,
    } | said  # fmt: skip


def test_a_signal_nobody_decided_about_is_open_and_counted():
    found = signal_dispositions.panel(RESULT, [], href=lambda key: f"/{key}/")
    assert (found.signals, found.open) == (2, 2)
    assert [line.href for line in found.lines][1] == f"/{SIGNAL}/"
    assert "8 events in 12 components" in found.lines[1].numbers
    assert "2 signals, 2 open" in signal_dispositions.table(found).note


def test_a_decision_on_the_same_numbers_says_so_and_stands_after_the_open_ones():
    found = signal_dispositions.panel(RESULT, [stated(audited())])
    assert (found.signals, found.open) == (2, 1)
    line = found.lines[-1]
    assert (line.key, line.decision.other_numbers, line.decision.is_own) == (SIGNAL, False, True)
    assert line.href is None


def test_a_decision_on_other_numbers_shows_both():
    found = signal_dispositions.panel(RESULT, [stated(audited(failed=9))])
    line = found.lines[-1]
    assert line.decision.other_numbers
    assert "8 events in 12" in line.numbers
    assert "9 events in 12" in line.decision.numbers
    cells = [cell.text for cell in signal_dispositions.table(found).rows[-1].cells]
    assert cells[3].startswith("Decided on other numbers")


def test_a_former_decision_and_a_signal_that_is_none_any_more_stay_in_view():
    sound = audited(failed=1).to_json()
    decided = [stated(audited(), id="2"), stated(audited(), id="1", superseded_by="2")]
    found = signal_dispositions.panel(sound, decided)
    assert (found.signals, found.open) == (0, 0)
    (line,) = found.lines
    assert not line.is_signal
    assert len(line.former) == 1
    assert [row.cells[3].text for row in signal_dispositions.table(found).rows][1] == "superseded"


def test_an_audit_without_the_rule_has_no_panel_and_its_json_stays_as_it_is():
    assert signal_dispositions.panel({"tables": []}, []) is None
    assert signal_dispositions.in_json({"tables": []}, None) == {"tables": []}
    assert signal_dispositions.in_json({"tables": []}, []) == {"tables": [], "dispositions": []}
