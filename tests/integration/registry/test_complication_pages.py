"""Logging and correcting a complication, in a case and between cases."""

from datetime import date

import pytest
from django.urls import reverse

from registry import actions
from registry.models import Complication, Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

SEROMA = {"occurred_on": "2024-03-20", "code": "seroma"}


@pytest.fixture
def surgeon(client):
    person = make.user(at_centre=make.centre(), roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def case(surgeon):
    centre = surgeon.active_memberships[0].centre
    return make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)


def create(client, case, answers):
    return client.post(reverse("registry:complication-of-case", args=[case.public_id]), answers)


def test_the_case_tells_what_went_wrong_after_what_and_how_badly(client, surgeon, case):
    surgery = make.surgery(of=case, by=surgeon)
    response = create(
        client,
        case,
        SEROMA
        | {
            "followed": str(surgery.public_id),
            "grade": "grade_iii",
            "hospitalisation": "icu",
            "hospital_nights": "5",
            "icu_nights": "2",
            "serious": "yes",
            "relations": ["procedure", "device"],
        },
    )
    html = client.get(response.url).content.decode()
    for words in (
        "Seroma",
        "8 d after the operation of 2024-03-12",
        "Clavien-Dindo-Sink III",
        "5 nights",
        "2 of them in intensive care",
        "serious adverse event",
        "relation: device, procedure",
    ):
        assert words in html
    complication = Complication.objects.get()
    assert (complication.case, complication.surgery) == (case, surgery)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"code": "other"}, "code_text"),
        ({"code": "death", "grade": "grade_ii"}, "grade"),
        ({"resolved_on": "2024-03-19"}, "resolved_on"),
        ({"hospitalisation": "icu", "hospital_nights": "1", "icu_nights": "2"}, "icu_nights"),
        ({"relations": ["unknown", "device"]}, "relations"),
        ({"followed": "the day before"}, "followed"),
    ],
)
def test_what_contradicts_itself_is_refused_beside_its_field(client, case, answers, field):
    response = create(client, case, SEROMA | answers)
    assert set(response.context["form"].errors) == {field}
    assert not Complication.objects.exists()


def test_nights_that_are_not_asked_for_are_not_stored(client, case):
    create(client, case, SEROMA | {"hospitalisation": "ed_only", "hospital_nights": "4"})
    assert Complication.objects.get().hospital_nights is None


def test_a_patient_has_complications_between_cases_too(client, surgeon, case):
    study = make.contrast_study(of=case, by=surgeon)
    url = reverse("registry:complication-of-patient", args=[case.patient.public_id])
    home = reverse("registry:patient-detail", args=[case.patient.public_id])
    assert url in client.get(home).content.decode()
    answers = SEROMA | {"followed": str(study.public_id), "withdrawal_severity": "mild"}
    response = client.post(url, answers)
    assert response.url == reverse("registry:patient-detail", args=[case.patient.public_id])
    complication = Complication.objects.get()
    assert (complication.case, complication.contrast_study) == (None, study)
    assert complication.withdrawal_severity == ""


def test_two_editors_at_once_see_both_versions(client, surgeon, case):
    complication = make.complication(of=case.patient, by=surgeon, case=case)
    actions.complications.edit(
        complication=complication, edition=1, by=surgeon, at=make.NOW,
        changes={"grade": "grade_ii"}, relations=["device"],
    )  # fmt: skip
    url = reverse("registry:complication-update", args=[complication.public_id])
    answers = SEROMA | {"edition": 1, "relations": ["device"], "grade": "grade_iii"}
    response = client.post(url, answers)
    rows = {row.label: (row.saved, row.typed) for row in response.context["form"].conflict}
    assert rows == {"Clavien-Dindo-Sink grade": ("II", "III")}
    assert client.post(url, answers | {"edition": 2}).status_code == 302
    complication.refresh_from_db()
    assert (complication.grade, complication.edition) == ("grade_iii", 3)


def test_an_operation_of_another_patient_is_not_offered(client, surgeon, case):
    another = make.patient(by=surgeon, at_centre=case.patient.centre)
    foreign = make.surgery(of=make.case(of=another, by=surgeon), by=surgeon)
    response = create(client, case, SEROMA | {"followed": str(foreign.public_id)})
    assert set(response.context["form"].errors) == {"followed"}
    assert foreign.performed_on == date(2024, 3, 12)
