"""Whose a line is comes from the hash; the facts hold neither number nor hash."""

from datetime import date, timedelta

from registry import actions
from registry.actions.theatre_lists import SentLine
from registry.audit.fact_group import FactGroup
from registry.audit.stored_facts import canonical_json
from registry.queries import audit_facts, theatre_facts
from tests.factories import registry_records as make

DAY = date(2024, 3, 12)


def sent(north, *numbers, **fields):
    lines = [SentLine(row, DAY, number) for row, number in enumerate(numbers, start=2)]
    make.theatre_list(of=north.centre, by=north.logged_by, lines=lines, **fields)
    return theatre_facts.of_centres(["NORTH"])


def test_a_line_names_its_patient_and_nothing_that_tells_who_others_are(north, south):
    (one,) = sent(north, "LOCAL-1", "LOCAL-2", "LOCAL-2", "")
    known, *others, empty = one.lines
    assert known.patient_id == str(north.patient.public_id)
    assert [(line.patient_id, line.person) for line in others] == [("", others[0].person)] * 2
    assert others[0].person == f"{one.list_id}:3"
    assert (empty.patient_id, empty.person) == ("", "")


def test_a_person_is_the_same_in_every_list_of_a_centre(north):
    sent(north, "LOCAL-9")
    first, second = sent(north, "LOCAL-9", file_sha256="1" * 64)
    assert first.lines[0].person == second.lines[0].person


def test_a_merged_number_leads_to_the_patient_it_was_merged_into(north):
    other = make.patient(by=north.logged_by, at_centre=north.centre, local_number="OLD")
    actions.patient_merges.merge(
        kept=north.patient, merged=other, reason="one person", by=north.logged_by, at=make.NOW
    )
    (one,) = sent(north, "OLD")
    assert one.lines[0].patient_id == str(north.patient.public_id)


def test_who_declined_is_named_by_nothing(north):
    actions.patients.edit(
        patient=north.patient, edition=north.patient.edition, by=north.logged_by, at=make.NOW,
        changes={"consent": "declined"},
    )  # fmt: skip
    (one,) = sent(north, "LOCAL-1")
    assert (one.lines[0].patient_id, one.lines[0].opted_out) == ("", True)


def test_withdrawn_lists_and_those_of_other_centres_are_no_facts(north, south):
    one = make.theatre_list(of=south.centre, by=south.logged_by)
    assert theatre_facts.of_centres(["NORTH"]) == ()
    assert len(theatre_facts.of_centres(["SOUTH"])) == 1
    actions.theatre_lists.withdraw(
        theatre_list=one, reason="wrong", by=south.logged_by, at=make.NOW + timedelta(1)
    )
    assert theatre_facts.of_centres(["SOUTH"]) == ()


def test_only_the_audit_that_asks_for_lists_gets_them_and_no_hash_leaves(north):
    sent(north, "LOCAL-1")
    asked = {"viewer": north.logged_by, "centre_codes": ["NORTH"]}
    assert audit_facts.cohort(**asked).theatre_lists == ()
    cohort = audit_facts.cohort(**asked, needs={FactGroup.THEATRE_LISTS})
    stored = canonical_json(cohort).decode()
    assert len(cohort.theatre_lists) == 1
    assert north.patient.subject_key not in stored
    assert "LOCAL-1" not in stored
