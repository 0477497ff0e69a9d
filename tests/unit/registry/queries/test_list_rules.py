"""Which lines the records of one patient make."""

from datetime import date, timedelta

import pytest

from registry import actions
from registry.queries import patient_records
from registry.queries.list_rules import (
    Term,
    entries,
    serial_term,
    tells_of_reads,
)
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def lines(patient, term):
    found = entries(patient_records.fetched(patient_pks=[patient.pk])[0])
    return [(line.on, line.detail) for line in found if line.term == term]


def test_an_outcome_is_due_six_weeks_after(north):
    days = timedelta(weeks=6)
    assert lines(north.patient, Term.CASE_WITHOUT_OUTCOME) == [(north.case.opened_on + days, "")]
    assert lines(north.patient, Term.CT_WITHOUT_OUTCOME) == [(north.study.performed_on + days, "")]


def test_three_reviews_are_due_after_an_operation_while_the_patient_lives(north):
    due = [detail for _, detail in lines(north.patient, Term.REVIEW_DUE)]
    assert due == ["week_6", "month_3", "month_12"]
    actions.patients.edit(
        patient=north.patient,
        edition=1,
        by=north.logged_by,
        at=make.NOW,
        changes={"died_on": north.surgery.performed_on},
    )
    assert lines(north.patient, Term.REVIEW_DUE) == []


def test_a_pump_is_due_by_the_service_life_of_its_model_until_it_is_removed(north):
    """SynchroMed II: seven years, and half a year before (domain 3.1)."""
    pump = actions.components.edit(
        component=north.component,
        edition=1,
        by=north.logged_by,
        at=make.NOW,
        changes={"model": "medtronic_8637_40", "implanted_on": date(2019, 5, 2)},
    )
    assert lines(north.patient, Term.REPLACEMENT_DUE) == [(date(2025, 11, 2), "")]
    actions.components.edit(
        component=pump,
        edition=2,
        by=north.logged_by,
        at=make.NOW,
        changes={"removed_on": date(2024, 3, 12)},
    )
    assert lines(north.patient, Term.REPLACEMENT_DUE) == []


@pytest.mark.parametrize(
    ("consent", "term"),
    [
        ("", Term.CONSENT_OPEN),
        ("not_asked", Term.CONSENT_OPEN),
        ("declined", Term.OPTED_OUT),
        ("withdrawn", Term.OPTED_OUT),
        ("given", None),
        ("waived", None),
    ],
)
def test_consent_is_open_or_refused_or_settled(north, consent, term):
    actions.patients.edit(
        patient=north.patient,
        edition=1,
        by=north.logged_by,
        at=make.NOW,
        changes={"consent": consent},
    )
    found = [one for one in (Term.CONSENT_OPEN, Term.OPTED_OUT) if lines(north.patient, one)]
    assert found == ([term] if term else [])


def test_a_serial_number_is_one_however_it_is_typed():
    assert serial_term(" ngp 123 h") == serial_term("NGP123H") == "serial:NGP123H"


@pytest.mark.parametrize(
    ("term", "tells"),
    [("no_read", True), ("finding:leak", True), ("study", False), ("surgery", False)],
)
def test_what_would_tell_a_reader_is_known(term, tells):
    assert tells_of_reads(term) is tells
