"""The records of a patient are fetched in a fixed number of questions."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import MaskedReread
from registry.queries import list_rules, mandatory_answers, patient_records
from registry.queries.patient_records import PatientRecords
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def questions(patient):
    with CaptureQueriesContext(connection) as captured:
        list(list_rules.entries(patient_records.fetched(patient_pks=[patient.pk])[0]))
    return len(captured)


def test_more_records_ask_no_more_often(north):
    few = questions(north.patient)
    for _ in range(2):
        case = make.case(of=north.patient, by=north.logged_by)
        make.read(of=make.contrast_study(of=case, by=north.logged_by), by=north.logged_by)
        make.surgery(of=case, by=north.logged_by)
    # The first read brings its findings, their sites, and its second look.
    assert questions(north.patient) <= few + 3


def test_rules_find_in_it_what_they_find_in_whole_models(north):
    read = make.read(of=make.contrast_study(of=north.case, by=north.logged_by), by=north.logged_by)
    MaskedReread.objects.create(
        first_read=read, public_id=uuid4(), queued_at=make.NOW, due_at=make.NOW
    )
    patient = north.patient
    patient.refresh_from_db()
    whole = PatientRecords(patient, list(patient.cases.all()), list(patient.components.all()))
    (fetched,) = patient_records.fetched(patient_pks=[patient.pk])
    lines = list(list_rules.entries(whole))
    assert any(line.term.startswith("waits:again:") for line in lines)
    assert list(list_rules.entries(fetched)) == lines
    assert list(mandatory_answers.asked(fetched)) == list(mandatory_answers.asked(whole))
