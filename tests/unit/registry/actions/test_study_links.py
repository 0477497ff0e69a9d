"""A person says which images show which contrast study."""

import pytest

from imaging.actions.patients import confirm_patients
from imaging.actions.study_exclusions import StudyInUseError, exclude, readmit
from imaging.models import IngestedFile
from registry import actions
from registry.actions.errors import (
    AlreadyLinkedError,
    CaseMismatchError,
    OtherCentreError,
    StudyNotOfferedError,
)
from registry.models import HistoryEvent, StudyLink
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db

LOCAL_NUMBER = "LOCAL-1"


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


def contrast_study(surgeon, *, local_number=""):
    centre = surgeon.active_memberships[0].centre
    patient = make.patient(by=surgeon, at_centre=centre, local_number=local_number)
    return make.contrast_study(of=make.case(of=patient, by=surgeon), by=surgeon)


def images(patient_id, *, centre_code="NORTH", **attributes):
    return stored_studies.study(
        centre_code=centre_code, slices=1, PatientID=patient_id, **attributes
    )


@pytest.mark.parametrize(
    ("local_number", "patient_id", "agrees"),
    [
        (LOCAL_NUMBER, LOCAL_NUMBER, "yes"),
        ("", LOCAL_NUMBER, "unknown"),
        (LOCAL_NUMBER, "", "unknown"),
    ],
)
def test_a_link_keeps_whether_the_numbers_agree(surgeon, local_number, patient_id, agrees):
    study = contrast_study(surgeon, local_number=local_number)
    link = make.study_link(of=study, study=images(patient_id), by=surgeon)
    assert link.subject_agrees == agrees
    event = HistoryEvent.objects.get(action="study_link.confirm")
    assert event.changes["subject_agrees"] == [None, agrees]


def test_images_of_another_number_need_a_reason_and_keep_it(surgeon):
    study, foreign = contrast_study(surgeon, local_number=LOCAL_NUMBER), images("SOMEBODY-ELSE")
    for reason in ("", "   "):
        with pytest.raises(CaseMismatchError, match=r"patient number.*say why"):
            make.study_link(of=study, study=foreign, by=surgeon, reason=reason)
    assert not StudyLink.objects.exists()
    link = make.study_link(of=study, study=foreign, by=surgeon, reason=" number changed ")
    assert (link.subject_agrees, link.override_reason) == ("no", "number changed")


def test_images_serve_one_contrast_study(surgeon):
    stored = images("")
    make.study_link(of=contrast_study(surgeon), study=stored, by=surgeon)
    with pytest.raises(AlreadyLinkedError):
        make.study_link(of=contrast_study(surgeon), study=stored, by=surgeon)


def test_a_contrast_study_may_have_images_from_two_deliveries(surgeon):
    study = contrast_study(surgeon)
    for _ in range(2):
        make.study_link(of=study, study=images(""), by=surgeon)
    assert study.study_links.count() == 2


def test_images_of_another_centre_are_never_joined(surgeon):
    make.centre("SOUTH")
    with pytest.raises(OtherCentreError):
        make.study_link(
            of=contrast_study(surgeon), study=images("", centre_code="SOUTH"), by=surgeon
        )
    assert not StudyLink.objects.exists()


def test_a_withdrawn_link_leaves_its_reason_and_the_images_free(surgeon):
    study, stored = contrast_study(surgeon), images("")
    link = make.study_link(of=study, study=stored, by=surgeon)
    actions.study_links.withdraw(link=link, by=surgeon, at=make.NOW, reason="the wrong patient")
    event = HistoryEvent.objects.get(action="study_link.withdraw")
    assert event.reason == "the wrong patient"
    assert event.changes["subject_agrees"] == ["unknown", None]
    assert make.study_link(of=study, study=stored, by=surgeon).pk


@pytest.mark.parametrize(
    ("attributes", "differing"),
    [
        ({"PatientBirthDate": "19530717"}, "year of birth"),
        ({"PatientSex": "M"}, "sex"),
        ({"StudyDate": "20240313"}, "date of the study"),
        ({"StudyDate": "20240101"}, "date of the study and dates of the case"),
        ({"PatientSex": "O", "PatientBirthDate": "20100101"}, "year of birth and sex"),
        ({"BodyPartExamined": "HEAD"}, "body part"),
        ({"BodyPartExamined": "KNEE"}, "body part"),
    ],
)
def test_images_that_contradict_the_case_need_a_reason(surgeon, attributes, differing):
    study, foreign = contrast_study(surgeon), images("", **attributes)
    with pytest.raises(CaseMismatchError, match=f"differ in {differing}\\."):
        make.study_link(of=study, study=foreign, by=surgeon)
    assert not StudyLink.objects.exists()
    link = make.study_link(of=study, study=foreign, by=surgeon, reason="typed wrong at the scanner")
    assert (link.subject_agrees, link.override_reason) == ("unknown", "typed wrong at the scanner")


@pytest.mark.parametrize(
    ("attributes", "fact", "agreement"),
    [
        ({"StudyDate": "20240308"}, "date of the study", "differs"),
        ({"BodyPartExamined": ""}, "body part", "unknown"),
        ({"BodyPartExamined": "SEE LETTER"}, "body part", "unknown"),
    ],
)
def test_a_near_day_and_an_unknown_body_part_are_told_and_do_not_stop(
    surgeon, attributes, fact, agreement
):
    study = contrast_study(surgeon)
    link = make.study_link(of=study, study=images("", **attributes), by=surgeon)
    assert link.override_reason == ""
    event = HistoryEvent.objects.get(action="study_link.confirm")
    assert {"fact": fact, "agreement": agreement} in event.changes["case_match"][1]


def test_the_reason_for_an_override_stands_in_the_history(surgeon):
    study, knee = contrast_study(surgeon), images("", BodyPartExamined="KNEE")
    make.study_link(of=study, study=knee, by=surgeon, reason="the protocol says KNEE for all")
    event = HistoryEvent.objects.get(action="study_link.confirm")
    assert event.reason == "the protocol says KNEE for all"
    assert {"fact": "body part", "agreement": "differs"} in event.changes["case_match"][1]


def test_the_history_tells_what_was_compared_and_no_value(surgeon):
    study = contrast_study(surgeon, local_number=LOCAL_NUMBER)
    make.study_link(of=study, study=images(LOCAL_NUMBER), by=surgeon)
    event = HistoryEvent.objects.get(action="study_link.confirm")
    assert event.changes["case_match"][1][:3] == [
        {"fact": "patient number", "agreement": "agrees"},
        {"fact": "year of birth", "agreement": "agrees"},
        {"fact": "sex", "agreement": "agrees"},
    ]
    assert "2009" not in str(event.changes)


def test_excluded_images_are_refused_until_they_are_taken_back(surgeon):
    study, stored = contrast_study(surgeon), images("")
    exclude(study=stored, by=surgeon, at=make.NOW, reason="a volunteer")
    with pytest.raises(StudyNotOfferedError, match="excluded"):
        make.study_link(of=study, study=stored, by=surgeon)
    readmit(study=stored, by=surgeon, at=make.NOW, reason="not a volunteer")
    assert make.study_link(of=study, study=stored, by=surgeon).pk


def test_images_that_serve_a_contrast_study_are_not_excluded(surgeon):
    stored = images("")
    make.study_link(of=contrast_study(surgeon), study=stored, by=surgeon)
    with pytest.raises(StudyInUseError, match="Withdraw the link first"):
        exclude(study=stored, by=surgeon, at=make.NOW, reason="a volunteer")


def test_images_that_came_with_another_patient_wait_for_an_answer(surgeon):
    study = contrast_study(surgeon, local_number=LOCAL_NUMBER)
    ours, theirs = images(LOCAL_NUMBER), images("SOMEBODY-ELSE")
    run = stored_studies.run_of(ours)
    IngestedFile.objects.filter(instance__series__study=theirs).update(run=run, position=9)
    with pytest.raises(StudyNotOfferedError, match="other patients"):
        make.study_link(of=study, study=ours, by=surgeon)
    confirm_patients(run=run, by=surgeon, at=make.NOW)
    assert make.study_link(of=study, study=ours, by=surgeon).pk
