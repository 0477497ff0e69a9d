import copy
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from registry.audit.canonical import canonical_bytes
from registry.audit.comparison import Difference, compare, recompute
from registry.audit.errors import AuditError, MalformedFactsError, UnknownProtocolError
from registry.audit.facts import Cohort
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.audit.stored_facts import canonical_json
from tests.factories.cohorts import AS_OF, abousamra_cohort, cohorts, filters

EVERYTHING = Filters()


def frozen_result(cohort, limits=EVERYTHING):
    result = run("abousamra-2016", cohort, filters=limits, as_of=AS_OF, code_version="1.0")
    return json.loads(canonical_bytes(result.to_json()))


@given(cohorts(), filters)
def test_a_frozen_report_recomputed_from_its_facts_is_the_same(cohort, limits):
    frozen = frozen_result(cohort, limits)
    again = recompute(facts=canonical_json(cohort), frozen=frozen).to_json()
    assert compare(frozen, again, ignore=()) == []
    assert canonical_bytes(again) == canonical_bytes(frozen)


def test_a_changed_fact_is_found_by_hash_and_by_number():
    cohort = abousamra_cohort()
    frozen = frozen_result(cohort)
    gone = Cohort(patients=cohort.patients[1:])
    paths = [
        d.path
        for d in compare(frozen, recompute(facts=canonical_json(gone), frozen=frozen).to_json())
    ]
    assert "facts_sha256" in paths
    assert "flow[patients].n" in paths
    assert "estimates[ct_rate].denominator" in paths


def test_a_report_tampered_with_is_found_where_it_was_touched():
    frozen = frozen_result(abousamra_cohort())
    touched = copy.deepcopy(frozen)
    touched["flow"][2]["n"] = 2
    assert compare(touched, frozen) == [Difference("flow[stopped_not_aspirable].n", 2, 3)]


def test_a_box_left_out_or_moved_is_found():
    frozen = frozen_result(abousamra_cohort())
    shorter = frozen | {"flow": frozen["flow"][:-1]}
    assert [d.path for d in compare(shorter, frozen)] == ["flow[operated_occlusion]"]
    swapped = frozen | {"flow": [*frozen["flow"][:-2], *frozen["flow"][:-3:-1]]}
    assert [d.path for d in compare(swapped, frozen)] == ["flow (order)"]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (0.1, 0.1 * (1 + 1e-12), True),
        (0.1, 0.1 * (1 + 1e-6), False),
        (1, 1.0, False),
        (1, True, False),
        (0, None, False),
        (None, None, True),
        ("1", 1, False),
        ([1, 2], [1], False),
        ([1, 2], [2, 1], False),
        ({"a": 1}, [1], False),
    ],
)
def test_only_the_last_digits_of_an_interval_may_differ(old, new, same):
    assert (compare({"x": old}, {"x": new}) == []) is same


def test_entries_sharing_a_key_are_compared_by_position():
    twice = [{"key": "a", "n": 1}, {"key": "a", "n": 2}]
    assert compare({"x": twice}, {"x": copy.deepcopy(twice)}) == []
    assert [d.path for d in compare({"x": twice}, {"x": twice[:1]})] != []


def test_newer_code_may_give_the_same_report():
    frozen = frozen_result(abousamra_cohort())
    newer = frozen | {"code_version": "2.0"}
    assert compare(frozen, newer) == []
    assert [d.path for d in compare(frozen, newer, ignore=())] == ["code_version"]


def test_a_report_of_an_unknown_protocol_or_with_broken_facts_cannot_be_recomputed():
    frozen = frozen_result(abousamra_cohort())
    unknown = frozen | {"protocol": {"key": "nobody-1900", "version": "1"}}
    with pytest.raises(UnknownProtocolError):
        recompute(facts=canonical_json(abousamra_cohort()), frozen=unknown)
    with pytest.raises(MalformedFactsError):
        recompute(facts=b"{}", frozen=frozen)


def test_recomputing_keeps_the_cut_of_the_report():
    frozen = frozen_result(abousamra_cohort()) | {"as_of": "2022-06-01"}
    assert recompute(facts=canonical_json(abousamra_cohort()), frozen=frozen).as_of == date(
        2022, 6, 1
    )


def test_a_death_after_the_cut_changes_the_hash_only():
    """The report is sealed over all its facts, also those it does not count."""
    cohort = abousamra_cohort()
    first, *rest = cohort.patients
    later = Cohort(patients=(replace(first, died_on=date(2025, 5, 1)), *rest))
    frozen = frozen_result(cohort)
    assert [d.path for d in compare(frozen, frozen_result(later))] == ["facts_sha256"]


@pytest.mark.parametrize(
    "damage",
    [
        {"protocol": "abousamra-2016"},
        {"protocol": {"key": ["abousamra-2016"]}},
        {"as_of": None},
        {"as_of": "yesterday"},
        {"filters": None},
    ],
    ids=lambda damage: str(damage),
)
def test_results_that_do_not_say_what_was_counted_are_refused(damage):
    cohort = abousamra_cohort()
    with pytest.raises(AuditError):
        recompute(facts=canonical_json(cohort), frozen=frozen_result(cohort) | damage)


@pytest.mark.parametrize("part", ["protocol", "as_of", "filters", "code_version"])
def test_results_that_lack_a_part_are_refused(part):
    cohort = abousamra_cohort()
    frozen = frozen_result(cohort)
    del frozen[part]
    with pytest.raises(AuditError):
        recompute(facts=canonical_json(cohort), frozen=frozen)


def test_a_key_that_is_no_text_is_compared_all_the_same():
    frozen = frozen_result(abousamra_cohort())
    odd = frozen | {"flow": [{"key": ["patients"]}]}
    assert compare(odd, frozen)


@pytest.mark.parametrize(
    ("path", "frozen", "now", "wording"),
    [
        ("flow[patients].label", "Patients", "People with a pump", True),
        ("estimates[ct_rate].label", "CT, of all", "CT of everybody", True),
        ("tables[findings].rows[2][1]", "Leak", "A leak", True),
        ("rules[0]", "The first study.", "Each patient's first study.", True),
        ("caveats[9]", "(absent)", "In 2016 nobody asked.", True),
        ("pairing.text", "up to 180 days", "at most 180 days", True),
        ("pairing.text", "up to 180 days", "up to 90 days", False),
        ("synthetic", "295 of the 295 are invented", "294 of the 295 are invented", False),
        ("synthetic", "295 of the 295 are invented", None, False),
        ("synthetic", "(absent)", "all are invented", False),
        ("flow[patients].key", "patients", "people", False),
        ("flow[patients].n", 295, 294, False),
        ("flow[patients].parent", None, "all", False),
        ("estimates[ct_rate].method", "Clopper-Pearson", "Wilson", False),
        ("estimates[ct_rate].lower", 0.1, 0.2, False),
        ("tables[findings].rows[2][0]", "leak", "leaks", False),
        ("tables[findings].columns[1]", "label", "words", False),
        ("protocol.version", "1", "2", False),
        ("tables[ways]", "(absent)", {"key": "ways"}, True),
        ("tables[ways]", {"key": "ways"}, "(absent)", False),
        ("unit", "patients", "operations", False),
        ("results_sha256", "0", "1", False),
    ],
)
def test_other_words_for_the_same_numbers_are_told_from_damage(path, frozen, now, wording):
    assert Difference(path, frozen, now).is_wording is wording


def test_every_text_of_a_result_is_worded_a_key_or_a_name():
    """A new text is sorted here, or a rewording of it would count as damage."""
    frozen = frozen_result(abousamra_cohort())
    reworded = json.loads(canonical_bytes(frozen))
    for box in (*reworded["flow"], *reworded["estimates"]):
        box["label"] += "!"
    for table in reworded["tables"]:
        for row in table["rows"]:
            row[1] += "!"
    for texts in (reworded["rules"], reworded["caveats"]):
        texts[:] = [f"{text}!" for text in texts]
    reworded["pairing"]["text"] += "!"
    found = compare(frozen, reworded)
    assert len(found) > 50
    assert all(difference.is_wording for difference in found)
