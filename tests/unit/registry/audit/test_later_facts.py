from dataclasses import replace
from datetime import date

import pytest

from registry.audit.errors import DuplicateIdError
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.later_facts import KINDS, later_from, later_json
from registry.audit.review_facts import ReviewFacts
from registry.audit.stored_facts import canonical_json
from tests.factories.cohorts import patient

EARLY, LATE = (ReviewFacts("case-1", date(2023, 5, day), "resolved") for day in (4, 5))


class Counted(ReviewFacts):
    """A fact that an audit counts by itself."""

    @property
    def fact_id(self) -> str:
        return self.case_id


def test_they_are_kept_by_group_in_their_order_and_nothing_where_there_are_none():
    one = replace(patient("p"), later=(LATE, EARLY))
    assert one.of(ReviewFacts) == (EARLY, LATE)
    stored = later_json(one.later)
    assert stored == {"reviews": [EARLY.to_json(), LATE.to_json()]}
    assert later_from(stored) == one.later
    assert later_json(()) == {}


def test_a_group_is_no_key_that_every_patient_has():
    """Or facts stored before would be read as something else."""
    stored = canonical_json(Cohort(patients=(patient("p"),))).decode()
    assert not [group for group in FactGroup if f'"{group.value}"' in stored]
    assert all(kind.group is group for group, kind in KINDS.items())


def test_who_is_behind_a_counted_fact_is_known_and_its_id_is_one():
    counted = Counted("fact-1", EARLY.reviewed_on, "resolved")
    one = replace(patient("p"), later=(counted,))
    assert Cohort(patients=(one,)).patient_of()["fact-1"] == "p"
    with pytest.raises(DuplicateIdError):
        Cohort(patients=(one, replace(patient("q"), later=(counted,))))
