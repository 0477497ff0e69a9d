"""Assessments: the instrument decides what is asked; totals are computed."""

import pytest
from django.urls import reverse

from registry.audit.instruments import Instrument, items_of
from registry.models import Assessment
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.active_memberships[0].centre)


@pytest.fixture
def signed_in(client, surgeon):
    client.force_login(surgeon, backend="registry.access.RoleBackend")
    return client


def create(client, patient, **answers):
    page = reverse("registry:assessment-create", args=[patient.public_id])
    opened = client.get(page, {"instrument": answers["instrument"]})
    return client.post(
        page,
        {"performed_on": "2024-03-20", "once": opened.wsgi_request.once} | answers,
        follow=True,
    )


@pytest.mark.one_database
@pytest.mark.parametrize("instrument", list(Instrument))
def test_every_instrument_has_a_form_with_its_items(signed_in, patient, instrument):
    page = reverse("registry:assessment-create", args=[patient.public_id])
    content = signed_in.get(page, {"instrument": instrument.value}).content.decode()
    for item in items_of(instrument):
        assert f'name="{item.code}"' in content
    assert ('name="direction"' in content) == (instrument is Instrument.CPCHILD)
    assert ('name="age_band"' in content) == (instrument is Instrument.GMFCS)


@pytest.mark.one_database
def test_without_an_instrument_it_is_asked_for(signed_in, patient):
    page = reverse("registry:assessment-create", args=[patient.public_id])
    for asked in ({}, {"instrument": "snow"}):
        assert b'name="performed_on"' not in signed_in.get(page, asked).content


def test_one_plus_is_kept_and_the_median_is_shown(signed_in, patient):
    answer = create(
        signed_in,
        patient,
        instrument="modified_ashworth",
        hip_adductors_right="1+",
        hip_adductors_left="1+",
        plantar_flexors_left="not_assessed",
    )
    assert "Median 1+ (2 muscle groups)" in answer.content.decode()
    stored = {row.item: row.grade for row in Assessment.objects.get().grades.all()}
    assert stored == {
        "hip_adductors_right": "1+",
        "hip_adductors_left": "1+",
        "plantar_flexors_left": "not_assessed",
    }


def test_an_incomplete_questionnaire_has_no_total_and_says_why(signed_in, patient):
    answer = create(signed_in, patient, instrument="epworth", item_1="3")
    assert "Total undefined: not every item is graded" in answer.content.decode()


@pytest.mark.one_database
def test_a_form_without_a_grade_is_refused(signed_in, patient):
    answer = create(signed_in, patient, instrument="epworth")
    assert "Grade at least one item." in answer.content.decode()
    assert not Assessment.objects.exists()


def test_the_severity_of_no_spasms_is_dropped_as_it_is_not_asked(signed_in, patient):
    create(signed_in, patient, instrument="penn_spasm", frequency="0", severity="2")
    assert [row.item for row in Assessment.objects.get().grades.all()] == ["frequency"]


@pytest.mark.one_database
def test_cpchild_needs_its_version_and_direction(signed_in, patient):
    answers = {"instrument": "cpchild", "total": "59,3"}
    create(signed_in, patient, **answers)
    assert not Assessment.objects.exists()
    create(signed_in, patient, version="2006", direction="higher_worse", **answers)
    assert [row.as_text for row in Assessment.objects.get().grades.all()] == ["59.3"]


def test_a_correction_that_meets_another_one_shows_both(signed_in, patient, surgeon):
    assessment = make.assessment(of=patient, by=surgeon)
    page = reverse("registry:assessment-update", args=[assessment.public_id])
    answers = {"performed_on": "2024-03-20", "edition": "1"}
    saved = signed_in.post(page, answers | {"hip_adductors_right": "3"})
    assert saved.status_code == 302
    refused = signed_in.post(page, answers | {"hip_adductors_right": "4"})
    assert refused.status_code == 200
    rows = {row.label: (row.saved, row.typed) for row in refused.context["form"].conflict}
    assert rows == {"Hip adductors, right": ("3", "4")}
    assert Assessment.objects.get().grades.get().grade == "3"


def test_the_list_shows_each_assessment_with_its_score(signed_in, patient, surgeon):
    page = reverse("registry:assessment-list", args=[patient.public_id])
    assert "No assessment yet" in signed_in.get(page).content.decode()
    make.assessment(of=patient, by=surgeon, instrument="gmfcs", grades={"level": "level_iv"})
    content = signed_in.get(page).content.decode()
    assert "Level IV" in content
    assert "GMFCS-E&amp;R" in content
