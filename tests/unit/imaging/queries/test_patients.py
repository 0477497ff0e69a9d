"""Whose images a delivery brought."""

import pytest

from imaging.actions.patients import confirm_patients
from imaging.actions.study_exclusions import exclude
from imaging.models import IngestedFile
from imaging.queries.patients import asks_about_patients, awaiting_answer, patients_of_run
from registry.models import HistoryEvent
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make.user(at_centre=make.centre())


@pytest.fixture
def delivery():
    """One run with studies of A (two images), of B, and of nobody."""
    studies = [
        stored_studies.study(centre_code="NORTH", slices=slices, PatientID=number)
        for number, slices in (("A-1", 2), ("B-2", 1), ("", 1))
    ]
    run = stored_studies.run_of(studies[0])
    for study in studies[1:]:
        IngestedFile.objects.filter(instance__series__study=study).update(
            run=run, position=run.files.count() + 1
        )
    return run, studies


def test_studies_are_listed_by_patient_with_those_of_nobody_last(person, delivery):
    run, (of_a, of_b, of_nobody) = delivery
    patients = patients_of_run(viewer=person, run=run)
    listed = [[(one.study, one.images) for one in patient.studies] for patient in patients]
    assert listed[-1] == [(of_nobody, 1)]
    assert sorted(listed[:2], key=str) == sorted([[(of_a, 2)], [(of_b, 1)]], key=str)
    assert asks_about_patients(run, patients) == 2
    stranger = make.user(at_centre=make.centre("SOUTH"))
    assert patients_of_run(viewer=stranger, run=run) == []


def test_every_study_of_the_delivery_waits_until_somebody_answers(person, delivery):
    run, studies = delivery
    alone = stored_studies.study(centre_code="NORTH", slices=1, PatientID="C-3")
    asked = [study.pk for study in (*studies, alone)]
    assert awaiting_answer(asked) == {study.pk: run for study in studies}
    for _ in range(2):
        run = confirm_patients(run=run, by=person, at=make.NOW)
    assert awaiting_answer(asked) == {}
    assert asks_about_patients(run, patients_of_run(viewer=person, run=run)) == 0
    assert HistoryEvent.objects.filter(action="confirm_patients").count() == 1


def test_excluding_what_does_not_belong_answers_it_too(person, delivery):
    run, (of_a, of_b, of_nobody) = delivery
    exclude(study=of_b, by=person, at=make.NOW, reason="was on the same disc")
    assert awaiting_answer([of_a.pk, of_nobody.pk]) == {}
    assert asks_about_patients(run, patients_of_run(viewer=person, run=run)) == 0


def test_a_study_that_was_only_sent_again_waits_for_nothing(person, delivery):
    """Its images came in another delivery, and that one held one patient."""
    run, (of_a, of_b, _) = delivery
    IngestedFile.objects.filter(instance__series__study=of_b).update(result="duplicate")
    assert awaiting_answer([of_a.pk, of_b.pk]) == {}
    assert asks_about_patients(run, patients_of_run(viewer=person, run=run)) == 0
