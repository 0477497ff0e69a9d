"""Synthetic patients from whom the audit learns where somebody could be counted."""

from dataclasses import replace
from datetime import date

import pytest

from registry.audit import possible_patients as possible_patients_module
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.possible_patients import SEEDS, possible_patients
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters, Period
from registry.audit.theatre_match import LineState, match
from tests.factories import synthetic_patients

NOT_AT_THE_END = {"not_watched", "too_early", "no_day", "unmatched_other", "response_unknown"}
"""Boxes that depend on the period or the cut-off, or that chance alone fills."""


def test_the_stored_patients_are_those_of_the_factories():
    """``python -m tests.factories.synthetic_patients`` writes them."""
    assert SEEDS.read_text(encoding="ascii") == synthetic_patients.stored()


def test_the_same_cohort_gives_the_same_patients_under_new_ids():
    first = possible_patients(Cohort(()))
    assert first == possible_patients(Cohort(()))
    stored = {one.patient_id for one in synthetic_patients.seeds().patients}
    assert not stored & {one.patient_id for one in first.patients}


def test_a_copy_that_no_fact_may_say_is_left_out(monkeypatch):
    """Chance may lend somebody the same record twice; it stayed, and no edition could be made."""
    made = possible_patients_module._changed

    def twice(one, donors, chance):
        changed = made(one, donors, chance)
        if not isinstance(changed, PatientFacts):
            return changed
        return replace(changed, studies=(*changed.studies, *changed.studies))

    monkeypatch.setattr(possible_patients_module, "_changed", twice)
    monkeypatch.setattr(possible_patients_module, "CHANGED_COPIES", 40)
    people = possible_patients(Cohort(()))
    changed = [one for one in people.patients if one.patient_id.startswith("c")]
    assert len(changed) < 40
    assert not any(one.studies for one in changed)


@pytest.mark.parametrize("key", PROTOCOLS)
def test_somebody_is_in_every_box_of_every_protocol(key):
    """A box nobody can be brought into would count as empty by definition."""
    people = possible_patients(Cohort(()))
    flow = PROTOCOLS[key].count(people, Filters(), date(2030, 12, 31)).flow
    assert {box.key for box in flow.boxes if not box.n} <= NOT_AT_THE_END


def test_a_line_of_a_theatre_list_may_be_in_any_state():
    people = possible_patients(Cohort(()))
    matched = match(people.theatre_lists, people.patients, Period(None, date(2030, 12, 31)))
    assert {one.state for one in matched.lines} == {*LineState}
    assert matched.not_listed
