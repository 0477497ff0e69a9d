import hashlib
from datetime import date

import pytest

from registry.audit.errors import DuplicateIdError
from registry.audit.facts import Cohort
from registry.audit.stored_facts import canonical_json, cohort_from_json, facts_sha256
from registry.audit.theatre_facts import TheatreListFacts
from tests.factories.cohorts import AS_OF, patient
from tests.factories.quality_cohorts import line, listed_by_hand, theatre_list


def test_a_list_is_read_as_it_was_written_whatever_the_order_of_its_lines():
    (one,) = listed_by_hand().theatre_lists
    assert TheatreListFacts.from_json(one.to_json()) == one
    assert theatre_list("l", line(3), line(2)) == theatre_list("l", line(2), line(3))


def test_facts_without_lists_keep_the_bytes_they_had():
    without = Cohort((patient("p"),))
    assert b"theatre_lists" not in canonical_json(without)
    listed = Cohort((patient("p"),), (theatre_list("l", line(2)),))
    assert facts_sha256(listed) == hashlib.sha256(canonical_json(listed)).hexdigest()
    assert facts_sha256(listed) != facts_sha256(without)
    assert cohort_from_json(canonical_json(listed)) == listed


def test_every_line_has_an_id_of_its_own():
    cohort = Cohort((), (theatre_list("l", line(2)), theatre_list("m", line(2))))
    assert set(cohort.line_of()) == {"l:2", "m:2"}
    with pytest.raises(DuplicateIdError):
        Cohort((), (theatre_list("l", line(2), line(2, date(2024, 1, 1))),))
    with pytest.raises(DuplicateIdError):
        Cohort((), (theatre_list("l"), theatre_list("l")))


def test_the_days_a_list_covers_are_both_included():
    one = theatre_list("l")
    assert one.covers(date(2024, 1, 1))
    assert one.covers(AS_OF)
    assert not one.covers(date(2023, 12, 31))
