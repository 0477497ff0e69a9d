"""Facts written at once have the bytes of those written by way of dictionaries."""

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest

from registry.audit.background_facts import BackgroundFacts
from registry.audit.errors import InvalidFactError
from registry.audit.fact_text import WRITERS, patient_text
from registry.audit.facts import Cohort
from registry.audit.later_facts import KINDS
from registry.audit.possible_patients import SEEDS
from registry.audit.stored_facts import canonical_json, cohort_from_json, facts_sha256
from tests.factories.cohorts import patient, surgery

HARD = 'Jörg "\\\n\x00\N{LINE SEPARATOR}\N{TELEPHONE RECEIVER}'


def test_every_kind_of_fact_has_the_bytes_of_its_dictionary():
    cohort = cohort_from_json(SEEDS.read_bytes())
    kinds = {type(fact) for one in cohort.patients for fact in one.later}
    assert kinds == WRITERS.keys() == set(KINDS.values())
    written = f"[{','.join(map(patient_text, cohort.patients))}]"
    assert json.loads(written) == json.loads(canonical_json(cohort))["patients"]
    assert facts_sha256(cohort) == hashlib.sha256(canonical_json(cohort)).hexdigest()


def test_text_is_escaped_as_in_the_canonical_form():
    cohort = cohort_from_json(SEEDS.read_bytes())
    hard = Cohort(
        tuple(
            replace(one, patient_id=f"{number} {HARD}", centre=HARD)
            for number, one in enumerate(cohort.patients)
        )
    )
    assert facts_sha256(hard) == hashlib.sha256(canonical_json(hard)).hexdigest()


@pytest.mark.parametrize(
    "one",
    [
        replace(patient("p"), synthetic=0),
        replace(patient("p"), surgeries=(replace(surgery("s", on=date(2020, 1, 1)), planned=1),)),
        replace(patient("p"), later=(BackgroundFacts(True, "female", "ms"),)),
    ],
    ids=["synthetic", "planned", "birth_year"],
)
def test_a_number_that_stands_for_yes_or_no_has_no_text(one):
    """Python takes 0 for no; the dictionary would hold another word."""
    with pytest.raises(InvalidFactError):
        patient_text(one)
