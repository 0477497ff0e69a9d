"""Every part of the facts has a name, and nobody learns from it what they still have to read."""

from dataclasses import fields

from registry.audit.changed_facts import READS, Change, ChangedFacts, ChangedPatient
from registry.audit.fact_group import FactGroup
from registry.audit.facts import PatientFacts
from registry.presenters import changed_records


def test_every_part_has_words():
    of_patients = {field.name for field in fields(PatientFacts)} - {"patient_id", "later"}
    assert set(changed_records.PARTS) == of_patients | {READS} | {one.value for one in FactGroup}


def test_whose_images_are_to_be_read_is_not_said_to_have_been_read():
    changed = ChangedFacts((ChangedPatient("p1", Change.CHANGED, (READS, "studies")),), False)
    told, hidden = (
        changed_records.in_words(changed, patients=[], unread=unread).lines[0].words
        for unread in ((), ("p1",))
    )
    assert told == "Reads, contrast studies"
    assert hidden == "Records"


def test_beyond_a_hundred_patients_are_counted():
    many = tuple(ChangedPatient(f"p{n}", Change.NEW) for n in range(103))
    records = changed_records.in_words(ChangedFacts(many, False), patients=[], unread=())
    assert (len(records.lines), records.more) == (100, 3)
