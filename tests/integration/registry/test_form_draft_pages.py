"""A form is kept as a draft by its page, offered when it is opened again, and gone once sent."""

import json
import re
import uuid
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.models import CaseImport, FormDraft, Patient, Role
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db

NEW_PATIENT = reverse("registry:patient-create")
FORM = uuid.UUID("01900000-0000-4000-8000-000000000001")
KEEP = reverse("registry:form-draft", args=[FORM])
DATA = re.compile(r'data-drafts="(.*?)"', re.DOTALL)


@pytest.fixture
def author(client):
    person = make.user(at_centre=make.centre())
    client.force_login(person)
    return person


def keep(client, *, page=NEW_PATIENT, edition=0, url=KEEP, **answers):
    return client.post(url, {"_page": page, "_edition": edition} | answers)


def send(client, answers):
    """As a browser does."""
    return client.post(NEW_PATIENT, urlencode(answers), "application/x-www-form-urlencoded")


def told(response) -> dict:
    """What the page says to its script."""
    (text,) = DATA.findall(response.content.decode())
    return json.loads(unescape(text))


def test_what_was_typed_is_kept_and_offered_on_the_same_page(client, author):
    assert keep(client, sex="female", birth_year="20").json()["edition"] == 1
    (left,) = told(client.get(NEW_PATIENT))["left"]
    assert left["answers"] == {"sex": ["female"], "birth_year": ["20"]}
    assert left["form_id"] == str(FORM)
    assert told(client.get(reverse("registry:case-log")))["left"] == []


@pytest.mark.parametrize("name", ["person-create", "advisory-create"])
def test_forms_of_people_and_advisories_keep_drafts(client, name):
    client.force_login(make.user(at_centre=make.centre(), roles=list(Role.values)))
    page = reverse(f"registry:{name}")
    keep(client, page=page, username="jane", title="Recall", password="secret")
    (left,) = told(client.get(page))["left"]
    assert left["answers"] == {"username": ["jane"], "title": ["Recall"]}


def test_the_mapping_of_an_import_keeps_drafts(client):
    person, centre = make.user(at_centre=make.centre()), make.Centre.objects.get()
    client.force_login(person)
    table = SimpleUploadedFile("table.csv", b"Code,Sex\n1,female\n")
    client.post(reverse("registry:case-import-create"), {"centre": centre.pk, "file": table})
    page = reverse("registry:case-import", args=[CaseImport.objects.get().public_id])
    keep(client, page=page, **{"target-0": "patient.local_number"})
    (left,) = told(client.get(page))["left"]
    assert left["answers"] == {"target-0": ["patient.local_number"]}


def test_the_reason_of_a_link_is_offered_again_although_its_form_opens_by_a_button(client):
    """The form stands in the answer to a button, which names no draft."""
    centre = make.centre()
    person = make.user(at_centre=centre)
    client.force_login(person)
    patient = make.patient(by=person, at_centre=centre, local_number="H-1")
    study = make.contrast_study(of=make.case(of=patient, by=person), by=person)
    images = stored_studies.study(centre_code=centre.code, slices=1, PatientID="H-2")
    page = reverse("registry:study-link", args=[images.public_id])
    press = {"contrast_study": str(study.public_id)}
    assert told(client.post(page, press))["left"] == []
    keep(client, page=page, override_reason="number changed", **press)
    (left,) = told(client.post(page, press))["left"]
    assert left["answers"]["override_reason"] == ["number changed"]


def test_a_draft_is_offered_to_nobody_else(client, author):
    keep(client, sex="female")
    client.force_login(make.user(at_centre=make.Centre.objects.get()))
    assert told(client.get(NEW_PATIENT))["left"] == []
    client.post(reverse("registry:form-draft-discard", args=[FORM]))
    assert FormDraft.objects.count() == 1


def test_neither_password_nor_token_is_kept(client, author):
    keep(client, csrfmiddlewaretoken="t", password="p", new_password1="p", confirmed="on", sex="m")
    assert json.loads(FormDraft.objects.get().answers) == {"sex": ["m"]}


def test_the_draft_is_gone_when_the_form_is_accepted_and_stays_when_it_is_refused(client, author):
    keep(client, sex="female")
    sent = {
        "draft": str(FORM),
        "centre": make.Centre.objects.get().pk,
        "sex": "female",
        "birth_year": "nonsense",
        "diagnosis": "cp_spastic",
    }
    refused = send(client, sent)
    assert refused.status_code == 200
    assert FormDraft.objects.exists()
    assert told(refused) == {"page": NEW_PATIENT, "edition": 1, "left": []}
    assert str(FORM) in refused.content.decode()
    accepted = send(client, sent | {"birth_year": "2010"})
    assert accepted.status_code == 302
    assert Patient.objects.exists()
    assert not FormDraft.objects.exists()


def test_another_window_overwrites_nothing(client, author):
    keep(client, sex="female")
    conflict = keep(client, sex="male")
    assert conflict.status_code == 409
    assert conflict.json()["answers"] == {"sex": ["female"]}


@pytest.mark.parametrize(
    ("page", "edition"),
    [
        ("https://elsewhere.example/", "0"),
        ("//elsewhere.example/", "0"),
        ("/no/such/page/", "0"),
        (NEW_PATIENT + "?" + "x" * 200, "0"),
        (NEW_PATIENT, "-1"),
        (NEW_PATIENT, "x"),
    ],
)
def test_what_is_no_draft_of_a_form_is_refused_in_words(client, author, page, edition):
    refused = keep(client, page=page, edition=edition, sex="female")
    assert refused.status_code == 400
    assert "Copy" in refused.json()["error"]
    assert not FormDraft.objects.exists()


def test_a_text_no_database_takes_is_kept_without_what_it_cannot_hold(client, author):
    keep(client, remarks="a\x00b")
    assert json.loads(FormDraft.objects.get().answers) == {"remarks": ["ab"]}


def test_a_book_is_no_draft(client, author):
    fields = {f"remarks-{number}": "x" * 19_999 for number in range(11)}
    assert keep(client, **fields).status_code == 400


def test_the_session_must_still_be_there(client):
    assert keep(client, sex="female").status_code == 302
    assert not FormDraft.objects.exists()
