"""A reader sees images and nothing of the case; what could have been known is worked out here."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registry import actions
from registry.actions.cases import WorkupEntry
from registry.models import Read, Role
from tests.factories import case_forms, stored_studies
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

LIST = reverse("registry:reading-list")


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def surgeon(centre):
    return make.user(at_centre=centre, roles=[Role.SURGEON], name="canary-surgeon")


@pytest.fixture
def case(centre, surgeon):
    patient = make.patient(by=surgeon, at_centre=centre, local_number="CANARY-LOCAL")
    return actions.cases.open_case(
        patient=patient,
        by=surgeon,
        at=make.NOW,
        fields={
            "opened_on": date(2024, 3, 1),
            "trigger": "suspected_malfunction",
            "remarks": "CANARY-CASE",
        },
        presenting_signs=["hallucinations"],
        workup=[WorkupEntry("rotor_study", make.NOW.date(), "abnormal", "CANARY-WORKUP")],
    )


@pytest.fixture
def study(centre, surgeon, case):
    study = make.contrast_study(of=case, by=surgeon, adverse_event_text="CANARY-EVENT")
    make.study_link(
        of=study,
        study=stored_studies.study(centre_code=centre.code, StudyDate="20240305"),
        by=surgeon,
        reason="CANARY-REASON",
    )
    make.surgery(of=case, by=surgeon, remarks="CANARY-SURGERY")
    make.read(of=study, by=surgeon, finding="occlusion", remarks="CANARY-READ")
    return study


@pytest.fixture
def reader(centre, client):
    person = make.user(at_centre=centre, roles=[Role.READER])
    client.force_login(person)
    return person


def room(study):
    return reverse("registry:reading-room", args=[study.public_id])


def signature(**changes):
    return case_forms.leak(certainty="4", password=make.PASSWORD) | changes


def test_the_list_names_a_neutral_code_and_how_long_the_study_waits(client, reader, study):
    html = client.get(LIST).content.decode()

    assert f"Study {study.public_id.hex[-6:].upper()}" in html
    assert room(study) in html


def test_nothing_of_the_case_reaches_a_reader(client, reader, case, study):
    """Planted words, every identifier, every date and every finding of others."""
    told = [
        "CANARY",
        "canary",
        case.patient.registry_number,
        str(case.public_id),
        str(case.patient.public_id),
        "2024-03-01",
        "2024-03-05",
        "2024-03-12",
        "20240305",
        "Hallucinations",
        "Rotor study",
        "Disconnection",
        "spastic",
    ]
    responses = [
        client.get(LIST),
        client.get(room(study)),
        client.post(room(study), signature(password="")),
        client.post(room(study), signature(), follow=True),
        client.get(room(study)),
    ]
    for response in responses:
        html = response.content.decode()
        assert response.status_code == 200
        assert [word for word in told if word in html] == []


def test_nothing_is_answered_before_the_reader_answers(client, reader, study):
    """Neither what another reader said nor a default: what is signed was chosen."""
    page = client.get(room(study))
    form = page.context["form"]
    assert [form[name].value() for name in ("adequacy", "primary_finding", "certainty")] == [
        None
    ] * 3
    assert " checked" not in page.content.decode().partition("reading-form")[2]


@pytest.mark.parametrize(("sent", "stored"), [("undecided", None), ("1", 1), ("", "refused")])
def test_that_no_certainty_can_be_told_is_said_and_not_left_out(
    client, reader, study, sent, stored
):
    answer = client.post(room(study), signature(certainty=sent))
    reads = Read.objects.filter(reader=reader)
    if stored == "refused":
        assert answer.context["form"].errors["certainty"] == ["Choose one answer."]
        assert not reads.exists()
    else:
        assert reads.get().certainty == stored


def test_a_signed_read_knew_the_images_only(client, reader, study):
    response = client.post(room(study), signature())

    read = Read.objects.get(reader=reader)
    assert response.url == LIST
    assert read.source == "images_here"
    assert read.information_shown == ["images_only"]
    assert read.findings.get().code == "leak"
    assert room(study) not in client.get(LIST).content.decode()


def test_whoever_could_open_the_case_knew_what_is_recorded_there(client, centre, study):
    client.force_login(make.user(at_centre=centre, roles=[Role.READER, Role.SURGEON]))

    client.post(room(study), signature())

    read = Read.objects.get(source="images_here")
    assert read.information_shown == [
        "clinical_question",
        "operation",
        "original_report",
        "study_conduct",
        "workup_results",
    ]


def test_the_clock_starts_when_the_images_are_first_opened(client, reader, study, monkeypatch):
    first = timezone.now()
    for minutes in (0, 3):
        monkeypatch.setattr(timezone, "now", lambda m=minutes: first + timedelta(minutes=m))
        client.get(room(study))
    monkeypatch.setattr(timezone, "now", lambda: first + timedelta(minutes=7))

    client.post(room(study), signature())

    read = Read.objects.get(reader=reader)
    assert read.opened_at == first
    assert read.signed_at == first + timedelta(minutes=7)


def test_a_clock_that_was_put_back_keeps_nobody_from_signing(client, reader, study, monkeypatch):
    first = timezone.now()
    client.get(room(study))
    monkeypatch.setattr(timezone, "now", lambda: first - timedelta(hours=1))

    client.post(room(study), signature())

    read = Read.objects.get(reader=reader)
    assert read.opened_at == read.signed_at == first - timedelta(hours=1)


def test_a_read_without_password_is_not_signed_and_keeps_its_answers(client, reader, study):
    response = client.post(room(study), signature(password="", remarks="bright rim"))

    html = response.content.decode()
    assert "Sign with your password" in html
    assert "bright rim" in html
    assert not Read.objects.filter(reader=reader).exists()


def test_a_study_is_not_signed_twice(client, reader, study):
    client.post(room(study), signature())

    html = client.post(room(study), signature()).content.decode()

    assert Read.objects.filter(reader=reader).count() == 1
    assert "You have signed your read of this study." in html


def test_a_reader_corrects_their_own_read_beside_the_images(client, reader, study):
    client.post(room(study), signature())
    read = Read.objects.get(reader=reader)
    url = reverse("registry:read-correct", args=[read.public_id])

    html = client.get(url).content.decode()
    assert 'data-island="viewer"' in html
    assert "CANARY" not in html

    client.post(url, signature(correction_reason="looked again", primary_finding="occlusion"))
    assert Read.objects.get(supersedes=read).findings.get().code == "occlusion"


def test_the_finding_keys_and_the_definition_of_the_chosen_finding_are_there(client, reader, study):
    html = client.get(room(study)).content.decode()

    for key in "123456":
        assert f'<kbd aria-hidden="true">{key}</kbd>' in html
    assert 'data-show-when="primary_finding=occlusion"' in html
    assert "a stopped study, not an occlusion" in html


def test_without_images_or_after_a_stop_there_is_nothing_to_read(client, reader, surgeon, case):
    for waiting in (
        make.contrast_study(of=case, by=surgeon),
        make.stopped_study(of=case, by=surgeon),
    ):
        assert client.get(room(waiting)).status_code == 404
    assert "No contrast study is waiting for your read" in client.get(LIST).content.decode()


def test_who_is_no_reader_has_no_reading_list(client, surgeon, study):
    client.force_login(surgeon)

    assert client.get(LIST).status_code == 403
    assert client.get(room(study)).status_code == 404
