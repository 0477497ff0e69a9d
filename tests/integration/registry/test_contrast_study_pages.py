"""Logging and correcting a contrast study: what follows from an answer is derived."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from registry import actions
from registry.forms.contrast_study import ContrastStudyForm
from registry.models import ContrastStudy, Role
from registry.presenters.contrast_studies import facts
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
            aspirated_ml="0,4", contrast_product="iohexol_180", contrast_ml="2"
        ),
    )

    study = ContrastStudy.objects.get()
    assert study.contrast_injected == "yes"
    assert study.mg_iodine_per_ml == 180
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


def test_what_is_possible_but_unusual_is_saved_once_somebody_confirms_it(client, case):
    """The product, the amount and the dose are asked back about; the confirmation is kept."""
    answers = case_forms.completed_study(
        contrast_product="iohexol_350", contrast_ml="5", daily_dose_ug="3500"
    )
    doubts = ["contrast_forbidden", "contrast_ml_unusual", "daily_dose_ug_exceptional"]

    html = create(client, case, answers).content.decode()
    assert "boxed warning" in html
    assert "5 ml of contrast is more than contrast studies use" in html
    create(client, case, answers | {"confirmed_doubts": doubts[:2]})
    assert not ContrastStudy.objects.exists()

    create(client, case, answers | {"confirmed_doubts": doubts})
    study = ContrastStudy.objects.get()
    assert (study.contrast_product, study.confirmed_doubts) == ("iohexol_350", doubts)

    url = reverse("registry:contrast-study-update", args=[study.public_id])
    asked = client.get(url).context["form"]["confirmed_doubts"]
    assert asked.value() == doubts
    client.post(url, answers | {"contrast_ml": "2", "confirmed_doubts": doubts, "edition": 1})
    study.refresh_from_db()
    assert study.confirmed_doubts == [doubts[0], doubts[2]]


@pytest.mark.one_database
def test_more_iodine_than_the_label_allows_is_refused_even_if_confirmed(client, case):
    """3,060 mg for a myelogram of an adult; the amount of a contrast study is far below."""
    answers = case_forms.completed_study(contrast_product="iohexol_300", contrast_ml="10.3")
    refused = create(client, case, answers | {"confirmed_doubts": ["contrast_ml_unusual"]})
    assert "3090 mg iodine" in refused.content.decode()
    assert not ContrastStudy.objects.exists()


def test_a_study_without_access_neither_aspirates_nor_injects(client, case):
    answers = case_forms.completed_study(
        outcome="stopped_other", port_access="no_port", stop_reason="no_access", aspiration="free"
    )
    create(client, case, answers)
    study = ContrastStudy.objects.get()
    assert (study.aspiration, study.contrast_injected) == ("not_tried", "no")
    url = reverse("registry:contrast-study-update", args=[study.public_id])
    html = client.get(url).content.decode()
    client.post(url, answers | {"edition": 1, "next_step": "mri"})
    study.refresh_from_db()
    assert (study.port_access, study.next_step) == ("no_port", "mri"), html


def test_a_delayed_scan_comes_after_the_first(client, case):
    answers = case_forms.completed_study(delay_min="30", delayed_min="20")
    assert "delayed_min" in create(client, case, answers).context["form"].errors
    gap = {"delayed_min": "120", "third_delayed_min": "240"}
    assert "third_delayed_min" in create(client, case, answers | gap).context["form"].errors
    create(client, case, answers | gap | {"second_delayed_min": "180"})
    study = ContrastStudy.objects.get()
    assert (study.delayed_min, study.second_delayed_min, study.third_delayed_min) == (120, 180, 240)
    assert "delayed CT 120, 180, 240 min after injection" in facts(study)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("born", "answers", "asked"),
    [
        (2008, {"contrast_product": "iohexol_180", "contrast_ml": "2"}, []),
        (2008, {"contrast_product": "iohexol_300", "contrast_ml": "2"}, ["strong_for_child"]),
        (2008, {"contrast_product": "iohexol_180", "contrast_ml": "15.1"},
         ["ml_unusual", "ml_of_child", "iodine_of_child"]),
        (2018, {"contrast_product": "iohexol_180", "contrast_ml": "10.5"},
         ["ml_unusual", "ml_of_child"]),
        (2005, {"contrast_product": "iohexol_300", "contrast_ml": "10"}, ["ml_unusual"]),
        (None, {"contrast_product": "iohexol_300", "contrast_ml": "2"}, []),
    ],
)  # fmt: skip
def test_what_the_label_allows_children_is_asked_back_about(born, answers, asked):
    """Label of iohexol, S24; the study is of March 2024."""
    answers = answers | {"performed_on": date(2024, 3, 5), "outcome": "completed"}
    answers["contrast_ml"] = Decimal(answers["contrast_ml"])
    form = ContrastStudyForm(None, today=date(2024, 3, 6), birth_year=born)
    codes = [doubt.code for doubt in form.doubts(answers)]
    assert [one for one, code in zip(asked, codes, strict=True) if one not in code] == []


def test_the_case_tells_which_bolus_stopping_avoided(client, surgeon, case):
    """352 µg at 2000 µg/ml in 0.176 ml (domain §4.3); the catheter is that of the day."""
    parts = {"kind": "spinal_segment", "reservoir_ml": None, "ml_per_cm": "0.0022"}
    make.component(of=case.patient, by=surgeon, length_cm=100, trimmed_cm=20, **parts)
    make.component(
        of=case.patient, by=surgeon, length_cm=60, **parts | {"implanted_on": date(2024, 4, 1)}
    )
    create(client, case, case_forms.not_aspirable_study(concentration_ug_per_ml="2000"))
    html = client.get(reverse("registry:case-detail", args=[case.public_id])).content.decode()
    assert "stopping avoided a bolus of 352 µg (0.176 ml of 2000 µg/ml)" in html


@pytest.mark.one_database
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


@pytest.mark.one_database
def test_what_was_typed_stays_when_the_form_is_refused(client, case):
    response = create(
        client, case, case_forms.completed_study(performed_on="2024-13-01", contrast_ml="180")
    )

    html = response.content.decode()
    assert 'value="2024-13-01"' in html
    assert 'value="180"' in html
    assert "Enter a day that exists, as year-month-day" in html
    assert "was the unit mistaken?" in html
