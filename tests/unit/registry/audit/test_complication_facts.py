from dataclasses import replace
from datetime import date

from registry.audit.complication_course import (
    CARE,
    CSF_LEAKS,
    DEEP_INFECTIONS,
    GRADES,
    INFECTIONS,
    KIND_LABELS,
    ComplicationKind,
    kind_of,
)
from registry.audit.complication_facts import ComplicationFacts
from registry.vocabulary import ClavienDindoSink, ComplicationCode, Hospitalisation

FACT = ComplicationFacts(
    complication_id="c",
    occurred_on=date(2024, 3, 1),
    code="meningitis",
    code_group="infection",
    grade="grade_iva",
    hospitalisation="icu",
    hospital_nights=9,
    needed_surgery="yes",
    surgery_id="s",
    resolved_on=date(2024, 3, 20),
)


def test_it_is_read_as_it_was_written_and_cut_where_the_report_cuts():
    assert ComplicationFacts.from_json(FACT.to_json()) == FACT
    unresolved = replace(FACT, resolved_on=None)
    assert ComplicationFacts.from_json(unresolved.to_json()) == unresolved
    assert FACT.known_by(date(2024, 3, 20)) is FACT
    assert FACT.known_by(date(2024, 3, 19)) == unresolved
    assert FACT.known_by(date(2024, 2, 29)) is None


def test_every_code_has_a_kind_and_every_list_is_that_of_the_vocabulary():
    kinds = {
        code.value: kind_of(replace(FACT, code=code.value, code_group=code.group.value))
        for code in ComplicationCode
    }
    assert set(kinds.values()) == set(ComplicationKind) == set(KIND_LABELS)
    infections = {code for code, kind in kinds.items() if kind is ComplicationKind.INFECTION}
    assert infections == set(INFECTIONS) > DEEP_INFECTIONS
    assert {kinds[code] for code in CSF_LEAKS} == {ComplicationKind.FLUID}
    assert list(GRADES.items()) == [(one.value, str(one.label)) for one in ClavienDindoSink]
    care = {one.value: str(one.label) for one in Hospitalisation}
    assert {code: label for code, label in care.items() if code != "unknown"} == CARE
