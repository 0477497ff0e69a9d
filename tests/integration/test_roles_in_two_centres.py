"""A role counts in its centre only, and nobody reaches another centre through a hidden field."""

import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from registry.models import Centre, Membership, Patient, Role, StudyLink
from tests.factories import case_forms, reading_rooms, stored_studies
from tests.factories import registry_records as make
from tests.factories.case_log_objects import case_log_objects
from tests.integration.test_centre_scope import OBJECT_OF, address

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

BACKEND = "registry.access.RoleBackend"
FACTS = {"sex": "female", "birth_year": "2009", "diagnosis": "cp_spastic"}


@pytest.fixture
def north():
    return make.centre("NORTH")


@pytest.fixture
def south():
    return make.centre("SOUTH")


@pytest.fixture
def stranger(south):
    return make.user(at_centre=south, roles=list(Role.values))


@pytest.fixture
def objects(south, stranger):
    """Of each kind one, all in SOUTH."""
    patient = make.patient(by=stranger, at_centre=south, local_number="4711")
    case = make.case(of=patient, by=stranger)
    study = make.contrast_study(of=case, by=stranger)
    images, linked = (stored_studies.study(centre_code="SOUTH") for _ in range(2))
    return {
        "patient": patient,
        "assessment": make.assessment(of=patient, by=stranger),
        "component": make.component(of=patient, by=stranger),
        "case": case,
        "contrast_study": study,
        "surgery": make.surgery(of=case, by=stranger),
        "study_link": make.study_link(of=study, study=linked, by=stranger, reason="why"),
        "read": make.read(of=study, by=stranger),
        "study": images,
        "series": images.series.get(),
        "run": stored_studies.run_of(images),
        **stored_studies.intake_objects(images, by=stranger, text="TEXT"),
        "report": make.report(of=south, by=stranger),
        "report_schedule": make.report_schedule(of=south, by=stranger),
        **case_log_objects(south, patient=patient, case=case, by=stranger, text="TEXT"),
        "person": stranger,
        **reading_rooms.objects(south, by=stranger),
    }


def answers_of(client, person, objects):
    """What each address answers; whether a refusal says 403 or 404 depends on the own centre."""
    client.force_login(person, backend=BACKEND)
    with transaction.atomic():
        answers = {
            (method, name): getattr(client, method)(
                address(name, objects[kind].public_id)
            ).status_code
            for name, kind in OBJECT_OF.items()
            for method in ("get", "post")
        }
        # What was done on the way, such as a rule retired, must not change the next answers.
        transaction.set_rollback(True)
    return {what: "refused" if code in {403, 404} else code for what, code in answers.items()}


@pytest.mark.parametrize("here", Role.values)
def test_a_role_elsewhere_opens_nothing_here(client, north, south, objects, here):
    """With every role in NORTH, each address of SOUTH answers as to the role in SOUTH alone."""
    person = make.user(at_centre=south, roles=[here])
    alone = answers_of(client, person, objects)
    for role in Role.values:
        Membership.objects.create(user=person, centre=north, role=role)
    assert answers_of(client, person, objects) == alone


@pytest.fixture
def insider(client, north, south):
    """Everything in NORTH; in SOUTH only what an auditor may."""
    person = make.user(at_centre=north, roles=list(Role.values))
    Membership.objects.create(user=person, centre=south, role=Role.AUDITOR)
    client.force_login(person, backend=BACKEND)
    return person


def test_a_patient_is_registered_only_where_one_may(client, insider, south):
    for centre in (str(south.pk), "SOUTH", "999999", "", "-1", "\x00"):
        answer = client.post(reverse("registry:patient-create"), FACTS | {"centre": centre})
        assert answer.status_code == 200
        answers = case_forms.whole_episode() | {"patient-centre": centre}
        client.post(reverse("registry:case-log"), answers)
    assert not Patient.objects.filter(centre=south).exists()


def test_a_case_is_logged_only_for_patients_one_may_log_for(client, insider, objects):
    answers = case_forms.whole_episode() | {
        "patient-known": "yes",
        "patient-known_number": objects["patient"].registry_number,
    }
    answer = client.post(reverse("registry:case-log"), answers)
    assert answer.status_code == 200
    assert objects["patient"].cases.count() == 1


def test_images_are_linked_only_to_studies_one_may_link(client, insider, objects):
    images = stored_studies.study(centre_code="NORTH")
    url = reverse("registry:study-link", args=[images.public_id])
    for foreign in (objects["contrast_study"].public_id, uuid.uuid4()):
        answer = client.post(url, {"contrast_study": str(foreign), "override_reason": "why"})
        assert answer.status_code == 404
    assert not StudyLink.objects.filter(study=images).exists()


def test_roles_are_given_only_where_one_is_administrator(client, insider, south):
    colleague = make.user(at_centre=Centre.objects.get(code="NORTH"), roles=[Role.READER])
    url = reverse("registry:person-update", args=[colleague.public_id])
    client.post(url, {"centre": "SOUTH", "SOUTH-roles": ["administrator"]})
    client.post(
        reverse("registry:person-create"),
        {
            "centre": str(south.pk),
            "username": "intruder",
            "password": make.PASSWORD,
            "roles": ["administrator"],
        },
    )
    client.post(
        reverse("registry:person-update", args=[insider.public_id]),
        {"centre": "SOUTH", "SOUTH-roles": ["administrator"]},
    )
    assert not Membership.objects.filter(centre=south).exclude(role=Role.AUDITOR).exists()


def test_fields_that_are_not_asked_are_not_taken(client, insider, north, south):
    """Who logged it, when, whose it is and that it is made up are no answers."""
    other = make.user(at_centre=south)
    smuggled = {
        "created_by": other.pk, "created_by_id": other.pk, "created_at": "2001-01-01",
        "edition": 7, "synthetic_fields": '["sex"]', "subject_key": "0" * 64,
        "registry_number": "CR-000777", "centre_id": south.pk, "id": 777,
        "public_id": other.public_id,
    }  # fmt: skip
    client.post(reverse("registry:patient-create"), FACTS | {"centre": north.pk} | smuggled)
    patient = Patient.objects.get()
    client.post(
        reverse("registry:patient-update", args=[patient.public_id]),
        FACTS | smuggled | {"sex": "male", "edition": 1, "centre": south.pk},
    )
    patient.refresh_from_db()
    assert (patient.sex, patient.edition) == ("male", 2)
    assert (patient.centre, patient.created_by, patient.synthetic_fields) == (north, insider, [])
    assert (patient.registry_number, patient.subject_key) == ("CR-000001", None)
    assert patient.created_at.year > 2001
    assert patient.public_id != other.public_id


def test_a_read_is_signed_by_whoever_is_signed_in(client, insider, north):
    case = make.case(of=make.patient(by=insider, at_centre=north), by=insider)
    study = make.contrast_study(of=case, by=insider)
    other = make.user(at_centre=north)
    client.post(
        reverse("registry:read-create", args=[study.public_id]),
        case_forms.leak()
        | {"reader": other.pk, "signed_at": "2001-01-01", "source": "images_here"}
        | {"information_shown": "images_only", "opened_at": "2001-01-01"},
    )
    read = study.reads.get()
    assert (read.reader, read.source) == (insider, "report_abstracted")
    assert read.information_shown == ["original_report"]
    assert min(read.signed_at, read.opened_at).year > 2001
