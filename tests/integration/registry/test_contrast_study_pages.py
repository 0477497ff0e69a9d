"""Logging and correcting a contrast study: what follows from an answer is derived."""

from decimal import Decimal

import pytest
from django.urls import reverse

from registry import actions
from registry.models import ContrastStudy, Role
from tests.factories import case_forms
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


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
    url = reverse("registry:contrast-study-create", args=[case.public_id])
    return client.post(url, answers, follow=True)


def test_a_completed_study_was_injected(client, case):
    create(
        client,
        case,
        case_forms.completed_study(
            aspirated_ml="0,4", contrast_product="iohexol_240", contrast_ml="2"
        ),
    )

    study = ContrastStudy.objects.get()
    assert study.contrast_injected == "yes"
    assert study.mg_iodine_per_ml == 240
    assert study.aspirated_ml == Decimal("0.4")


def test_a_study_that_cannot_be_aspirated_stops_without_contrast(client, case):
    sent_along = {"aspiration": "free", "contrast_ml": "2", "contrast_product": "iohexol_240"}

    create(client, case, case_forms.not_aspirable_study(**sent_along))

    study = ContrastStudy.objects.get()
    assert (study.aspiration, study.contrast_injected, study.stop_reason) == (
        "none",
        "no",
        "not_aspirable",
    )
    assert study.contrast_ml is None
    assert study.contrast_product is None


def test_a_study_stopped_for_another_reason_says_why(client, case):
    answers = case_forms.completed_study(outcome="stopped_other", aspiration="not_tried")

    refused = create(client, case, answers)
    assert set(refused.context["form"].errors) == {"stop_reason", "contrast_injected"}

    create(client, case, answers | {"stop_reason": "no_access", "contrast_injected": "no"})
    assert ContrastStudy.objects.get().stop_reason == "no_access"


def test_a_product_that_must_not_be_given_is_recorded_and_asked_about(client, case):
    response = create(
        client, case, case_forms.completed_study(contrast_product="iohexol_350", contrast_ml="5")
    )

    html = response.content.decode()
    assert "boxed warning" in html
    assert "5 ml of contrast is more than contrast studies use" in html
    assert ContrastStudy.objects.get().contrast_product == "iohexol_350"


def test_the_form_says_why_the_study_must_stop(client, case):
    url = reverse("registry:contrast-study-create", args=[case.public_id])

    html = client.get(url).content.decode()

    assert "contrast would push it in as a bolus" in html
    assert "Not aspirable is not occlusion" in html


def test_two_editors_at_once_see_both_versions(client, surgeon, case):
    study = make.contrast_study(of=case, by=surgeon)
    actions.contrast_studies.edit(
        study=study, edition=1, by=surgeon, at=make.NOW, changes={"aspiration": "slow"}
    )
    url = reverse("registry:contrast-study-update", args=[study.public_id])

    response = client.post(url, case_forms.completed_study(edition=1, next_step="mri"))

    rows = {row.label: (row.saved, row.typed) for row in response.context["form"].conflict}
    assert rows == {
        "Fluid on aspiration": ("Slow", "Free"),
        "Next step that was decided": ("not recorded", "MRI"),
    }
    study.refresh_from_db()
    assert (study.aspiration, study.edition) == ("slow", 2)


def test_a_completed_study_turned_into_a_stopped_one_loses_its_contrast(client, surgeon, case):
    study = make.contrast_study(of=case, by=surgeon, contrast_ml=2)
    url = reverse("registry:contrast-study-update", args=[study.public_id])

    client.post(url, case_forms.not_aspirable_study(edition=1))

    study.refresh_from_db()
    assert (study.outcome, study.contrast_ml) == ("stopped_not_aspirable", None)


def test_what_was_typed_stays_when_the_form_is_refused(client, case):
    response = create(
        client, case, case_forms.completed_study(performed_on="2024-13-01", contrast_ml="180")
    )

    html = response.content.decode()
    assert 'value="2024-13-01"' in html
    assert 'value="180"' in html
    assert "Enter a day that exists, as year-month-day" in html
    assert "was the unit mistaken?" in html
