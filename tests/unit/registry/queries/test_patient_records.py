"""The records of a patient are fetched in a fixed number of questions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.queries import list_rules, patient_records
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
