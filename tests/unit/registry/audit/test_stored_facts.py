import hashlib
import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit import stored_facts
from registry.audit.errors import (
    FactError,
    MalformedFactsError,
)
from registry.audit.facts import (
    Cohort,
    ReadFacts,
)
from registry.audit.possible_patients import SEEDS
from registry.audit.review_facts import ReviewFacts
from registry.audit.stored_facts import canonical_json, cohort_from_json, facts_sha256
from tests.factories.cohorts import (
    abousamra_cohort,
    cohorts,
    patient,
    read,
    study,
)

DAY = date(2023, 5, 4)


def shuffled(cohort: Cohort, seed: int) -> Cohort:
    """The same facts, every collection in another order."""
    order = random.Random(seed)

    def mixed(items):
        return tuple(order.sample(items, len(items)))

    return Cohort(
        patients=mixed(
            [
                replace(
                    one,
                    studies=mixed([replace(s, reads=mixed(s.reads)) for s in one.studies]),
                    surgeries=mixed(one.surgeries),
                )
                for one in cohort.patients
            ]
        )
    )


@given(cohorts(), st.integers(0, 1000))
def test_same_facts_in_another_order_are_equal_and_have_the_same_hash(cohort, seed):
    other = shuffled(cohort, seed)
    assert other == cohort
    assert facts_sha256(other) == facts_sha256(cohort)


@given(cohorts())
def test_facts_survive_being_stored(cohort):
    assert cohort_from_json(canonical_json(cohort)) == cohort
    assert cohort_from_json(canonical_json(cohort).decode()) == cohort


def test_a_changed_fact_changes_the_hash():
    cohort = abousamra_cohort()
    first, *rest = cohort.patients
    changed = Cohort(patients=(replace(first, died_on=DAY), *rest))
    assert facts_sha256(changed) != facts_sha256(cohort)


def test_the_canonical_form_has_sorted_keys_and_no_white_space():
    stored = canonical_json(Cohort(patients=(patient("Jörg", therapy_from=None),)))
    assert stored.decode() == (
        '{"facts_version":1,"patients":[{"centre":"EAST","died_on":null,"patient_id":"Jörg",'
        '"studies":[],"surgeries":[],"synthetic":false,"therapy_from":null,"therapy_to":null}]}'
    )


def test_the_hash_of_the_published_cohort_is_stable():
    """A new value means that every frozen report would be reported as changed."""
    stable = "4e4c23c1169b15e59911ed972690e1e13dc65b7c93e8ae413734d1c2c187f455"
    assert facts_sha256(abousamra_cohort()) == stable


def test_the_offset_of_a_signature_is_kept_because_it_decides_the_day():
    east = timezone(timedelta(hours=13))
    late = ReadFacts(
        read_id="r",
        reader_id="reader-1",
        signed_at=datetime(2023, 5, 4, 1, tzinfo=east),
        primary_finding="leak",
    )
    one_study = replace(study("s", on=DAY), reads=(late,))
    cohort = Cohort(patients=(patient("p", studies=(one_study,)),))
    stored = cohort_from_json(canonical_json(cohort)).patients[0].studies[0].reads[0]
    assert stored.signed_at.date() == date(2023, 5, 4)
    assert stored.signed_at.astimezone(UTC).date() == date(2023, 5, 3)


def test_the_vocabulary_of_a_read_is_kept_and_one_stored_without_keeps_its_bytes():
    def stored(vocabulary_version):
        one = replace(read("r", "leak", signed_on=DAY), vocabulary_version=vocabulary_version)
        return canonical_json(
            Cohort(patients=(patient("p", studies=(replace(study("s", on=DAY), reads=(one,)),)),))
        )

    assert cohort_from_json(stored("2")).patients[0].studies[0].reads[0].vocabulary_version == "2"
    assert b"vocabulary_version" not in stored("")
    assert canonical_json(cohort_from_json(stored(""))) == stored("")


def test_an_adjudication_is_kept_and_a_read_keeps_its_bytes():
    """Facts frozen before there were adjudications have the same hash as ever."""

    def stored(adjudicates):
        one = replace(read("r", "leak", signed_on=DAY), adjudicates=adjudicates)
        return canonical_json(
            Cohort(patients=(patient("p", studies=(replace(study("s", on=DAY), reads=(one,)),)),))
        )

    (again,) = cohort_from_json(stored(("z", "b"))).patients[0].studies[0].reads
    assert again.adjudicates == ("b", "z")
    assert b"adjudicates" not in stored(())
    assert canonical_json(cohort_from_json(stored(()))) == stored(())


def test_reviews_and_second_looks_are_kept_and_facts_without_keep_their_bytes():
    """Reports that were frozen before anybody asked for them still verify."""
    review = ReviewFacts("case-1", DAY, "resolved")
    look = read("again", "leak", signed_on=DAY)
    one_study = replace(study("s", on=DAY), second_looks=(look,))
    rich = Cohort(patients=(replace(patient("p", studies=(one_study,)), later=(review,)),))
    assert cohort_from_json(canonical_json(rich)) == rich
    plain = canonical_json(Cohort(patients=(patient("p", studies=(study("s", on=DAY),)),)))
    assert b"reviews" not in plain
    assert b"second_looks" not in plain


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"not json",
        b"[]",
        b'{"patients":[]}',
        b'{"facts_version":2,"patients":[]}',
        b'{"facts_version":1}',
        b'{"facts_version":1,"patients":[{}]}',
        b'{"facts_version":1,"patients":[7]}',
        b"\xff",
    ],
)
def test_stored_facts_of_another_shape_are_refused(stored):
    with pytest.raises(MalformedFactsError):
        cohort_from_json(stored)


def test_a_stored_key_nobody_knows_is_refused():
    facts = json.loads(canonical_json(Cohort(patients=(patient("p"),))))
    facts["patients"][0]["name"] = "x"
    with pytest.raises(MalformedFactsError):
        cohort_from_json(json.dumps(facts))


def test_a_stored_day_that_is_none_is_refused():
    facts = json.loads(canonical_json(Cohort(patients=(patient("p"),))))
    facts["patients"][0]["died_on"] = "2023-02-30"
    with pytest.raises(MalformedFactsError):
        cohort_from_json(json.dumps(facts))


OTHER_KINDS = {
    ("patients", "synthetic"): [0, "no", None],
    ("patients", "centre"): [None, 1, "\ud800"],
    ("patients", "later"): [[]],
    ("patients", "studies"): [{}, None],
    ("patients", "surgeries", "planned"): [1, 2, "yes"],
    ("patients", "studies", "reads", "certainty"): [True, 2.0],
    ("patients", "studies", "reads", "leak_sites"): ["leak", [1]],
    ("patients", "studies", "reads", "reader_id"): [None],
    ("patients", "background", "sex"): [None],
    ("patients", "background", "birth_year"): [True, "1960"],
    ("patients", "components", "model"): [None],
    ("patients", "components", "kind"): ["pump2", []],
    ("patients", "procedures", "procedures"): ["abc"],
    ("patients", "assessments", "grades"): [{"item": 1}, {"\ud800": "1"}],
    ("patients", "assessments", "more"): ["x"],
    ("patients", "doses", "dose_ug_per_day"): ["NaN", "1e9", 1],
    ("theatre_lists", "lines", "opted_out"): [0],
    ("facts_version",): [True, 1.0],
    ("names",): [["somebody"]],
}


@pytest.mark.parametrize("path", OTHER_KINDS, ids=".".join)
def test_a_stored_value_of_another_kind_is_refused(path):
    """Counting would take some of them, and hash another word than was stored."""
    line = {"row": 1, "on": None, "person": "", "patient_id": "", "other_centre": False}
    lists = {
        "list_id": "l", "centre": "EAST", "sent_on": "2023-05-04", "covers_from": "2023-05-04",
        "covers_to": "2023-05-04", "file_sha256": "", "lines": [line | {"opted_out": False}],
    }  # fmt: skip
    stored = json.loads(SEEDS.read_bytes()) | {"theatre_lists": [lists]}
    cohort_from_json(json.dumps(stored))
    for value in OTHER_KINDS[path]:
        with pytest.raises(FactError):
            cohort_from_json(json.dumps(changed(stored, path, value)))


def changed(record, path, value):
    """A copy of which all records under the path have another value."""
    name, *rest = path
    if not rest:
        return record | {name: value}
    return record | {name: [changed(one, rest, value) for one in record.get(name, [])]}


@given(cohorts())
def test_the_hash_of_parts_is_that_of_the_whole(cohort):
    with pytest.MonkeyPatch.context() as few:
        few.setattr(stored_facts, "AT_ONCE", 2)
        assert facts_sha256(cohort) == hashlib.sha256(canonical_json(cohort)).hexdigest()
