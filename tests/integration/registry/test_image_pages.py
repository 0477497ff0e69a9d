"""Images are proposed with reasons, linked by a person, and taken back with a reason."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from imaging.models import IngestRun, Study
from registry.models import HistoryEvent, Role, StudyLink
from tests.factories import registry_records as make
from tests.factories import stored_studies
from tests.factories.dicom_files import ROOT, ct_instance

pytestmark = pytest.mark.django_db

LIST = reverse("registry:image-list")


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def surgeon(centre, client):
    person = make.user(at_centre=centre, roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def contrast_study(centre, surgeon):
    patient = make.patient(by=surgeon, at_centre=centre, local_number="H-1")
    return make.contrast_study(of=make.case(of=patient, by=surgeon), by=surgeon)


def images(centre, **attributes):
    return stored_studies.study(
        centre_code=centre.code, **{"PatientID": "H-1", "StudyDate": "20240304"} | attributes
    )


def link_url(study):
    return reverse("registry:study-link", args=[study.public_id])


def confirm(client, study, contrast_study, **answers):
    return client.post(
        link_url(study), {"contrast_study": str(contrast_study.public_id)} | answers, follow=True
    )


def two_patients(centre, folder):
    """One delivery with images of H-1 and of H-2."""
    folder.mkdir()
    for number in (1, 2):
        ct_instance(
            folder / f"{number}.dcm", index=number, PatientID=f"H-{number}",
            StudyInstanceUID=f"{ROOT}.9.{number}", SeriesInstanceUID=f"{ROOT}.9.{number}.1",
            PatientSex="F", PatientBirthDate="20090101",
        )  # fmt: skip
    call_command("ingest", folder, centre=centre.code, workers=1, stdout=StringIO())
    return IngestRun.objects.get()


def test_images_are_proposed_with_their_reasons(client, centre, contrast_study):
    images(centre)

    html = client.get(LIST).content.decode()

    assert contrast_study.case.patient.registry_number in html
    assert "same patient number" in html
    assert "images 1 day before the contrast study" in html


def test_a_person_confirms_and_the_images_are_on_the_case_page(client, centre, contrast_study):
    study = images(centre)

    response = confirm(client, study, contrast_study)

    assert "The images are linked." in response.content.decode()
    link = StudyLink.objects.get()
    assert (link.contrast_study, link.subject_agrees) == (contrast_study, "yes")
    assert "No images wait to be linked" in client.get(LIST).content.decode()


def test_another_patient_number_needs_a_reason(client, centre, contrast_study):
    study = images(centre, PatientID="H-2")

    response = confirm(client, study, contrast_study)

    html = response.content.decode()
    assert "Images and case differ in patient number." in html
    assert 'name="override_reason"' in html
    assert contrast_study.case.patient.registry_number in html
    assert not StudyLink.objects.exists()

    confirm(client, study, contrast_study, override_reason="number changed at transfer")

    assert StudyLink.objects.get().override_reason == "number changed at transfer"


def test_images_without_a_number_are_linked_with_a_word_of_it(client, centre, contrast_study):
    response = confirm(client, images(centre, PatientID=""), contrast_study)

    assert "could not be compared" in response.content.decode()
    assert StudyLink.objects.get().subject_agrees == "unknown"


def test_another_contrast_study_is_found_by_registry_number(client, centre, contrast_study):
    study = images(centre, PatientID="H-9", StudyDate="20200101")
    number = contrast_study.case.patient.registry_number

    assert "within 7 days" in client.get(link_url(study)).content.decode()
    html = client.get(link_url(study), {"number": number}).content.decode()

    assert f'value="{contrast_study.public_id}"' in html
    assert "another patient number" in html


def test_a_contrast_study_of_another_centre_is_neither_found_nor_linked(client, centre, surgeon):
    elsewhere = make.centre("SOUTH")
    colleague = make.user(at_centre=elsewhere)
    patient = make.patient(by=colleague, at_centre=elsewhere)
    foreign = make.contrast_study(of=make.case(of=patient, by=colleague), by=colleague)
    study = images(centre)

    found = client.get(link_url(study), {"number": patient.registry_number}).content.decode()

    assert str(foreign.public_id) not in found
    assert confirm(client, study, foreign).status_code == 404
    assert not StudyLink.objects.exists()


def test_images_that_are_linked_cannot_be_linked_again(client, centre, contrast_study):
    study = images(centre)
    confirm(client, study, contrast_study)

    assert confirm(client, study, contrast_study).status_code == 404


def test_a_stopped_study_gets_no_images(client, centre, surgeon, contrast_study):
    stopped = make.stopped_study(of=contrast_study.case, by=surgeon)

    assert confirm(client, images(centre), stopped).status_code == 404


def test_a_link_is_withdrawn_with_a_reason_and_the_images_wait_again(
    client, centre, contrast_study
):
    study = images(centre)
    confirm(client, study, contrast_study)
    url = reverse("registry:study-link-withdraw", args=[StudyLink.objects.get().public_id])

    assert "Say it in words." in client.post(url, {"reason": ""}).content.decode()
    client.post(url, {"reason": "belongs to the other study"})

    assert not StudyLink.objects.exists()
    assert HistoryEvent.objects.get(action="study_link.withdraw").reason == (
        "belongs to the other study"
    )
    assert link_url(study) in client.get(LIST).content.decode()


def test_who_may_not_link_sees_no_list_and_withdraws_nothing(client, centre, contrast_study):
    confirm(client, images(centre), contrast_study)
    url = reverse("registry:study-link-withdraw", args=[StudyLink.objects.get().public_id])
    client.force_login(make.user(at_centre=centre, roles=[Role.AUDITOR]))

    assert client.get(LIST).status_code == 403
    assert client.post(url, {"reason": "x"}).status_code == 403
    assert StudyLink.objects.exists()


def test_each_fact_is_compared_with_glyph_and_word(client, centre, contrast_study):
    study = images(centre, PatientSex="M", BodyPartExamined="HEAD")

    html = client.get(link_url(study)).content.decode()

    for fact, agreement, word in (
        ("Patient number", "agrees", "agrees"),
        ("Year of birth", "agrees", "agrees"),
        ("Sex", "differs", "differs"),
        # One day apart: told, but not what stops the link.
        ("Date of the study", "note", "differs, does not stop"),
        ("Dates of the case", "agrees", "agrees"),
        ("Body part", "differs", "differs"),
    ):
        row = html[html.index(f">{fact}</th>") :].partition("</tr>")[0]
        assert f'class="agreement {agreement}">{word}<' in row, fact


def test_images_of_a_delivery_with_two_patients_wait_for_the_answer(
    client, centre, surgeon, contrast_study, tmp_path
):
    run = two_patients(centre, tmp_path / "disc")
    study = Study.objects.get(subject_key=contrast_study.case.patient.subject_key)
    run_page = reverse("imaging:run-detail", args=[run.public_id])

    assert "2 patients arrived in one delivery" in client.get(run_page).content.decode()
    for url in (LIST, link_url(study)):
        assert run_page in client.get(url).content.decode()
    assert "other patients" in confirm(client, study, contrast_study).content.decode()
    assert not StudyLink.objects.exists()

    client.post(reverse("imaging:run-confirm-patients", args=[run.public_id]))

    assert "meant so" in client.get(run_page).content.decode()
    confirm(client, study, contrast_study)
    assert StudyLink.objects.get().study == study


def test_excluding_the_other_patient_answers_the_question_too(
    client, centre, surgeon, contrast_study, tmp_path
):
    run = two_patients(centre, tmp_path / "disc")
    ours = Study.objects.get(subject_key=contrast_study.case.patient.subject_key)
    theirs = Study.objects.exclude(pk=ours.pk).get()
    client.post(
        reverse("imaging:study-exclude", args=[theirs.public_id]),
        {"reason": "was on the same disc", "run": str(run.public_id)},
    )

    html = client.get(reverse("imaging:run-detail", args=[run.public_id])).content.decode()
    assert "arrived in one delivery" not in html
    assert "was on the same disc" in html
    assert link_url(theirs) not in client.get(LIST).content.decode()
    assert "was on the same disc" in client.get(link_url(theirs)).content.decode()
    assert "excluded" in confirm(client, theirs, contrast_study).content.decode()
    confirm(client, ours, contrast_study)
    assert StudyLink.objects.get().study == ours
