"""A person says which images show which contrast study."""

import pytest

from registry import actions
from registry.actions.errors import AlreadyLinkedError, OtherCentreError, SubjectMismatchError
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


def images(patient_id, *, centre_code="NORTH"):
    return stored_studies.study(centre_code=centre_code, slices=1, PatientID=patient_id)


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
        with pytest.raises(SubjectMismatchError, match="say why"):
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
