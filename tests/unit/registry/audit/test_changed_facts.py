"""What differs between the facts of a report and those of today, patient by patient."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from registry.audit.changed_facts import READS, Change, ChangedPatient, changed_facts, parts_of
from registry.audit.facts import Cohort
from registry.audit.review_facts import ReviewFacts
from registry.audit.stored_facts import canonical_json
from tests.factories.cohorts import cohorts, studied_patient, surgery

ONE = studied_patient("p1", finding="leak", operated_after_days=9)
TWO = studied_patient("p2", finding="occlusion")


def stored(*patients):
    return json.loads(canonical_json(Cohort(patients=patients)))


def reread(patient):
    (study,) = patient.studies
    (read,) = study.reads
    again = replace(read, primary_finding="occlusion", leak_sites=())
    return replace(patient, studies=(replace(study, reads=(again,)),))


def moved(patient):
    (study,) = patient.studies
    return replace(patient, studies=(replace(study, performed_on=date(2023, 2, 28)),))


def operated_again(patient):
    return replace(patient, surgeries=(*patient.surgeries, surgery("s9", on=date(2024, 1, 1))))


def died(patient):
    return replace(patient, died_on=date(2024, 2, 2))


@pytest.mark.parametrize(
    ("change", "part"),
    [(reread, READS), (moved, "studies"), (operated_again, "surgeries"), (died, "died_on")],
)
def test_the_part_that_differs_is_named_of_the_patient_that_does(change, part):
    found = changed_facts(stored(ONE, TWO), stored(change(ONE), TWO))
    assert found.patients == (ChangedPatient("p1", Change.CHANGED, (part,)),)
    assert not found.theatre_lists


def test_who_came_and_who_went_is_named():
    found = changed_facts(stored(ONE), stored(TWO))
    assert found.patients == (
        ChangedPatient("p1", Change.GONE),
        ChangedPatient("p2", Change.NEW),
    )


def test_what_an_earlier_version_did_not_ask_for_has_not_changed():
    review = ReviewFacts("p1-case", date(2024, 1, 1), "resolved")
    frozen, now = stored(ONE), stored(replace(ONE, later=(review,)))
    assert [one.parts for one in changed_facts(frozen, now).patients] == [("reviews",)]
    assert changed_facts(frozen, now, only=parts_of(frozen)).patients == ()


@given(cohorts())
def test_the_same_facts_never_differ(cohort):
    facts = json.loads(canonical_json(cohort))
    assert changed_facts(facts, facts) == changed_facts(facts, facts, only=())
    assert changed_facts(facts, facts).patients == ()
