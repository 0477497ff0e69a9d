"""Who was counted, in every audit that says so, and in no report of before."""

from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.age_table import AGES_RULE, ages_table
from registry.audit.background_facts import BackgroundFacts
from registry.audit.baseline_table import (
    AGE_BANDS,
    BASELINE,
    BASELINE_RULE,
    DIAGNOSIS_LABELS,
    LABELS,
    SEX_LABELS,
    baseline_description,
    baseline_table,
)
from registry.audit.canonical import canonical_bytes
from registry.audit.comparison import compare, recompute
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.patient_limits import PatientLimits
from registry.audit.protocols import PROTOCOLS
from registry.audit.public_edition import public_edition
from registry.audit.run import run
from registry.audit.selection import Filters, Period
from registry.audit.stored_facts import canonical_json
from registry.vocabulary import Diagnosis, Sex
from tests.factories.backgrounds import with_background
from tests.factories.cohort_of_each import COHORTS
from tests.factories.cohorts import abousamra_cohort, study

AS_OF = date(2025, 12, 31)
PERIOD = Period(date(2015, 1, 1), date(2020, 12, 31))
TELLING = [key for key, one in PROTOCOLS.items() if any(t.key == "baseline" for t in one.tables)]


def somebody(name, *facts, centre="EAST", studied_on=()):
    studies = tuple(study(f"{name}-{n}", on=on) for n, on in enumerate(studied_on))
    return PatientFacts(patient_id=name, centre=centre, studies=studies, later=facts)


PEOPLE = Cohort(
    (
        # Five in the year of the first study of the period, though seven at its end.
        somebody(
            "a",
            BackgroundFacts(2010, "female", "cp_spastic"),
            studied_on=(date(2014, 1, 1), date(2015, 6, 1), date(2017, 6, 1)),
        ),
        # Without a study: at the end of the period, when just of age.
        somebody("b", BackgroundFacts(2002, "male", "cp_spastic"), centre="WEST"),
        somebody("c", BackgroundFacts(None, "unknown", "unknown")),
        somebody("d", BackgroundFacts(2022, "indeterminate", "of_a_newer_list")),
        # Nobody asked for it when these facts were stored.
        somebody("e"),
        # Not counted.
        somebody("f", BackgroundFacts(1950, "male", "ms"), centre="NORTH"),
    )
)


def by_key(table):
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def test_each_of_the_people_stands_where_a_hand_puts_them():
    table = baseline_table(BASELINE, PEOPLE, ("a", "b", "c", "d", "e"), PERIOD)
    assert {row[0]: row[2] for row in table.rows} == {
        "age_0": 1, "age_6": 0, "age_12": 0, "age_18": 1, "age_40": 0, "age_65": 0,
        "age_born_later": 1, "age_not_recorded": 2,
        "sex_female": 1, "sex_male": 1, "sex_indeterminate": 1, "sex_unknown": 1,
        "sex_not_recorded": 1,
        "diagnosis_cp_spastic": 2, "diagnosis_unknown": 1, "diagnosis_of_a_newer_list": 1,
        "diagnosis_not_recorded": 1,
        "centre_EAST": 4, "centre_WEST": 1,
    }  # fmt: skip
    assert table.cells["age_not_recorded", "n"] == ("c", "e")
    assert table.cells["diagnosis_cp_spastic", "n"] == ("a", "b")
    assert table.cells["age_0", "of"] == ("a", "b", "c", "d", "e")
    row = by_key(table)["diagnosis_cp_spastic"]
    assert (row["label"], row["of"], row["value"]) == (
        "Diagnosis: Cerebral palsy, spastic", 5, 0.4,
    )  # fmt: skip


def test_what_is_no_patient_is_counted_beside_the_patients_it_is_of():
    description = baseline_description("studies")
    table = baseline_table(description, PEOPLE, ("a-1", "a-2"), PERIOD)
    row = by_key(table)["age_0"]
    assert [row[one] for one in ("n", "of", "patients", "of_patients")] == [2, 2, 1, 1]
    assert table.cells["age_0", "n"] == ("a-1", "a-2")
    assert table.cells["age_0", "patients"] == ("a",)
    nobody = by_key(baseline_table(description, PEOPLE, (), PERIOD))
    assert nobody["age_0"]["value"] is None
    assert not [key for key in nobody if key.startswith("centre_")]


def test_labels_are_those_of_the_vocabulary_and_bands_leave_no_year_out():
    assert {one.code: one.term.label for one in Sex} == SEX_LABELS
    assert {one.code: one.term.label for one in Diagnosis} == DIAGNOSIS_LABELS
    ends = [last for _, last in AGE_BANDS]
    assert [first for first, _ in AGE_BANDS] == [0, *(last + 1 for last in ends[:-1])]
    assert ends[-1] is None


@cache
def counted(key):
    cohort = with_background(COHORTS[key]())
    return cohort, run(key, cohort, filters=Filters(), as_of=AS_OF, code_version="1")


@pytest.mark.parametrize("key", TELLING)
def test_the_rows_of_each_characteristic_add_up_to_everybody_in_the_first_box(key):
    cohort, result = counted(key)
    table = result.tables[0]
    rows, root = by_key(table), result.flow.boxes[0]
    assert (table.key, BASELINE_RULE in result.rules) == ("baseline", True)
    assert root.n or key == "data-quality"
    patients = {cohort.patient_of()[one] for one in root.members}
    for name in LABELS:
        of_it = {row: numbers for row, numbers in rows.items() if row.startswith(f"{name}_")}
        members = [one for row in of_it for one in table.cells[row, "n"]]
        assert sorted(members) == sorted(root.members)
        people = "n" if result.unit == "patients" else "patients"
        assert sorted(one for row in of_it for one in table.cells[row, people]) == sorted(patients)
        assert {numbers["of"] for numbers in of_it.values()} <= {root.n}
    assert result.members("baseline.sex_female.n") == table.cells["sex_female", "n"]


def test_only_the_audit_of_looks_at_studies_does_not_tell():
    assert set(PROTOCOLS) - set(TELLING) == {"reader-agreement"}


@settings(max_examples=25)
@given(st.integers(0, 80), st.integers(0, 80))
def test_whoever_a_limit_of_age_leaves_stands_in_the_bands_within_it(one, other):
    limits = PatientLimits(age_from=min(one, other), age_to=max(one, other))
    result = run(
        "abousamra-2016", with_background(abousamra_cohort()),
        filters=Filters(limits=limits), as_of=AS_OF, code_version="1",
    )  # fmt: skip
    ages = {row[0]: row[2] for row in result.tables[0].rows if row[0].startswith("age_")}
    reached = {
        f"age_{first}"
        for first, last in AGE_BANDS
        if first <= limits.age_to and (last is None or last >= limits.age_from)
    }
    assert {row for row, n in ages.items() if n} <= reached


@pytest.mark.parametrize("key", TELLING)
def test_a_report_of_before_comes_out_byte_for_byte(key):
    """Also where its filters had asked for age or sex, so that the facts are those of now."""
    cohort, now = counted(key)
    facts, new = canonical_json(cohort), now.to_json()
    assert canonical_bytes(recompute(facts=facts, frozen=new).to_json()) == canonical_bytes(new)
    before_both, before_ages = PROTOCOLS[key].earlier[-2:]
    for earlier, tables, rules in (
        (before_both, {"baseline", "ages"}, {BASELINE_RULE, AGES_RULE}),
        (before_ages, {"ages"}, {AGES_RULE}),
    ):
        old = run(
            key, cohort, filters=Filters(), as_of=AS_OF, code_version="1", version=earlier.version
        ).to_json()
        assert old["protocol"]["version"] == earlier.version
        assert canonical_bytes(recompute(facts=facts, frozen=old).to_json()) == canonical_bytes(old)
        # Nothing but the tables, their rules and the version tells the two apart.
        told = [one.path for one in compare(old, new) if not one.is_wording]
        assert told == ["protocol.version"]
        rest = {
            **new,
            "protocol": old["protocol"],
            "tables": [one for one in new["tables"] if one["key"] not in tables],
            "rules": [one for one in new["rules"] if one not in rules],
        }
        assert canonical_bytes(rest) == canonical_bytes(old)


def test_median_and_quartiles_are_of_each_patient_once_whose_age_is_known():
    """Of a (5), b (18), c without a year, d born later and e of whom nothing is known."""
    table = ages_table(PEOPLE, ("a", "b", "c", "d", "e"), PERIOD, unit="patients")
    assert table.rows == (("age", "Age in calendar years", 2, 5, 5, 5, 18),)
    assert table.cells["age", "patients"] == ("a", "b")
    of_studies = ages_table(PEOPLE, ("a-1", "a-2"), PERIOD, unit="studies")
    assert of_studies.rows[0][2:] == (1, 1, 5, 5, 5)
    assert ages_table(PEOPLE, ("c",), PERIOD, unit="patients").rows[0][2:] == (0, 1, *[None] * 3)
    assert ages_table(PEOPLE, (), PERIOD, unit="patients").rows[0][2:] == (0, 0, *[None] * 3)


@pytest.mark.parametrize("key", TELLING)
def test_whose_age_is_known_and_the_others_add_up_to_the_bands(key):
    cohort, result = counted(key)
    who, ages = result.tables[:2]
    people = "n" if result.unit == "patients" else "patients"
    known = {one for first, _ in AGE_BANDS for one in who.cells[f"age_{first}", people]}
    assert set(ages.cells["age", "patients"]) == known
    assert ages.cells["age", "of_patients"] == tuple(
        sorted({cohort.patient_of()[one] for one in result.flow.boxes[0].members})
    )


def test_facts_that_say_nothing_of_the_patients_tell_their_version_themselves():
    """As those of a report that was frozen before its version was read."""
    cohort = abousamra_cohort()
    result = run("abousamra-2016", cohort, filters=Filters(), as_of=AS_OF, code_version="1")
    assert result.protocol_version == "1"
    assert "baseline" not in [one.key for one in result.tables]
    unknown = {**result.to_json(), "protocol": {"key": "abousamra-2016", "version": "99"}}
    again = recompute(facts=canonical_json(cohort), frozen=unknown)
    assert again.protocol_version == "1"


def test_no_public_edition_has_it_and_those_of_before_do_not_speak_of_it():
    cohort, now = counted("ford-1996")
    edition = public_edition(now, cohort).content
    assert not {"baseline", "ages"} & {one["key"] for one in edition["tables"]}
    assert BASELINE.label in edition["edition"]["left_out"]
    assert not {BASELINE_RULE, AGES_RULE} & set(edition["rules"])
    old = run("ford-1996", cohort, filters=Filters(), as_of=AS_OF, code_version="1", version="1")
    assert BASELINE.label not in public_edition(old, cohort).content["edition"]["left_out"]
