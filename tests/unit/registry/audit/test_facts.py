from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from registry.audit.errors import (
    DuplicateIdError,
    FactError,
    InvalidFactError,
    UnknownCodeError,
)
from registry.audit.facts import (
    Cohort,
    OperativeFacts,
    PatientFacts,
    StudyFacts,
)
from tests.factories.cohorts import (
    patient,
    read,
    study,
    surgery,
)

DAY = date(2023, 5, 4)


def test_leak_sites_are_a_set():
    one = read("r", "leak", signed_on=DAY, leak_sites=("other", "epidural", "other"))
    assert one.leak_sites == ("epidural", "other")


@pytest.mark.parametrize(
    "make",
    [
        lambda: study("s", on=DAY, outcome="not_aspirable"),
        lambda: read("r", "NORMAL_CRESCENT", signed_on=DAY),
        lambda: read("r", "leak", signed_on=DAY, leak_sites=("pocket",)),
        lambda: OperativeFacts("pump", "pocket", "absent", "kink"),
    ],
    ids=["study outcome", "finding", "leak site", "operative status"],
)
def test_a_code_outside_its_closed_list_is_refused(make):
    with pytest.raises(UnknownCodeError, match="must be one of"):
        make()


def test_a_signature_without_an_offset_from_utc_is_refused():
    signed = read("r", "leak", signed_on=DAY)
    with pytest.raises(InvalidFactError, match="offset from UTC"):
        replace(signed, signed_at=datetime(2023, 5, 4, 12))


@pytest.mark.parametrize("certainty", [0, 6, -1])
def test_a_certainty_outside_one_to_five_is_refused(certainty):
    with pytest.raises(InvalidFactError, match="1 to 5"):
        replace(read("r", "leak", signed_on=DAY), certainty=certainty)


def test_a_time_where_a_day_belongs_is_refused():
    with pytest.raises(InvalidFactError, match="calendar date"):
        surgery("s", on=datetime(2023, 5, 4, tzinfo=UTC))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: (patient("p"), patient("p")), "patients"),
        (
            lambda: tuple(patient(p, studies=(study("s", on=DAY),)) for p in ("p", "q")),
            "contrast studies",
        ),
        (
            lambda: tuple(patient(p, surgeries=(surgery("s", on=DAY),)) for p in ("p", "q")),
            "surgeries",
        ),
    ],
    ids=["patients", "studies", "surgeries"],
)
def test_an_id_used_twice_is_refused(make, kind):
    with pytest.raises(DuplicateIdError, match=kind):
        Cohort(patients=make())


def test_a_read_given_to_two_studies_is_refused():
    one_read = read("r", "leak", signed_on=DAY)
    studies = tuple(replace(study(s, on=DAY), reads=(one_read,)) for s in ("s", "t"))
    with pytest.raises(DuplicateIdError, match="reads"):
        Cohort(patients=(patient("p", studies=studies),))


def test_no_error_repeats_an_id():
    with pytest.raises(FactError) as caught:
        Cohort(patients=(patient("secret"), patient("secret")))
    assert "secret" not in str(caught.value)


def test_facts_cannot_be_changed():
    one = patient("p")
    with pytest.raises(AttributeError):
        one.centre = "WEST"
    assert not hasattr(PatientFacts, "__dict__") or "__slots__" in PatientFacts.__dict__
    assert "__slots__" in StudyFacts.__dict__
