"""Screening tests, doses and refills on their pages."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from registry import actions
from registry.models import DoseSetting, Refill, Role, ScreeningTest
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon(client):
    person = make.user(at_centre=make.centre(), roles=[Role.SURGEON])
    client.force_login(person)
    return person


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.active_memberships[0].centre)


def page(client, name, of, answers=None):
    url = reverse(f"registry:{name}", args=[of.public_id])
    response = client.get(url) if answers is None else client.post(url, answers, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


DOSE = {
    "set_on": "2024-01-10",
    "mode": "simple_continuous",
    "dose_ug_per_day": "300,5",
    "concentration_ug_per_ml": "2000",
}


def test_a_dose_is_logged_with_a_decimal_comma_and_its_flow_is_shown(client, patient):
    shown = page(client, "dose-setting-create", patient, DOSE)
    assert DoseSetting.objects.get().dose_ug_per_day == Decimal("300.5")
    assert "0.150" in shown
    assert "300.5 µg a day since 2024-01-10" in shown


def test_what_a_mode_does_not_have_is_not_stored_whatever_is_sent(client, patient):
    page(client, "dose-setting-create", patient, DOSE | {"mode": "stopped", "steps_per_day": "3"})
    stopped = DoseSetting.objects.get()
    assert (stopped.dose_ug_per_day, stopped.steps_per_day) == (None, None)


@pytest.mark.one_database
def test_milligrams_are_refused_with_the_question_about_the_unit(client, patient):
    shown = page(client, "dose-setting-create", patient, DOSE | {"dose_ug_per_day": "0.3"})
    assert "was the unit mistaken?" in shown
    assert not DoseSetting.objects.exists()


def test_an_unusual_dose_is_asked_back_once_and_kept_with_the_confirmation(client, patient):
    unusual = DOSE | {"dose_ug_per_day": "2500"}
    shown = page(client, "dose-setting-create", patient, unusual)
    assert "More than 2000 µg a day is unusual" in shown
    assert not DoseSetting.objects.exists()
    shown = page(
        client, "dose-setting-create", patient, unusual | {"confirmed_doubts": "unusual_dose"}
    )
    assert DoseSetting.objects.get().confirmed_doubts == ["unusual_dose"]
    assert "unusual, confirmed" in shown


def test_the_only_pump_is_not_asked_for_and_taken(client, patient, surgeon):
    pump = make.component(of=patient, by=surgeon)
    assert 'name="pump"' not in page(client, "refill-create", patient)
    page(client, "refill-create", patient, {"performed_on": "2024-01-10", "filled_ml": "20"})
    assert Refill.objects.get().pump == pump


def test_of_two_pumps_one_is_chosen_the_newest_first(client, patient, surgeon):
    old = make.component(
        of=patient, by=surgeon, implanted_on=date(2012, 1, 1), removed_on=date(2019, 1, 1)
    )
    new = make.component(of=patient, by=surgeon)
    assert f'value="{new.public_id}" selected' in page(client, "refill-create", patient)
    answers = {"performed_on": "2015-01-10", "pump": str(old.public_id)}
    page(client, "refill-create", patient, answers)
    assert Refill.objects.get().pump == old
    shown = page(client, "refill-create", patient, answers | {"pump": str(new.public_id)})
    assert "not in place on that day" in shown
    assert Refill.objects.count() == 1


def test_a_pump_of_somebody_else_is_no_choice(client, patient, surgeon):
    make.component(
        of=patient, by=surgeon, implanted_on=date(2012, 1, 1), removed_on=date(2019, 1, 1)
    )
    make.component(of=patient, by=surgeon)
    other = make.patient(by=surgeon, at_centre=patient.centre)
    foreign = make.component(of=other, by=surgeon)
    page(
        client,
        "refill-create",
        patient,
        {"performed_on": "2024-01-10", "pump": str(foreign.public_id)},
    )
    assert not Refill.objects.exists()


def test_a_refill_is_compared_with_what_should_have_been_left(client, patient, surgeon):
    """20 ml, 60 days at 0.150 ml: 11.0 are due; 12.5 are 1.5 too much, 0.83 of what was due."""
    make.dose_setting(of=patient, by=surgeon)
    make.refill(of=patient, by=surgeon)
    shown = page(
        client,
        "refill-create",
        patient,
        {
            "performed_on": "2024-03-10",
            "aspirated_ml": "12.5",
            "filled_ml": "20",
            "concentration_ug_per_ml": "2000",
        },
    )
    for words in ("11.0", "+1.5", "0.83", "amber", "too much left", "computed"):
        assert words in shown
    assert "reservoir low since 2024-07-08" in shown


def test_more_than_the_reservoir_holds_is_asked_back(client, patient, surgeon):
    make.component(of=patient, by=surgeon, reservoir_ml=20)
    shown = page(
        client, "refill-create", patient, {"performed_on": "2024-01-10", "filled_ml": "40"}
    )
    assert "holds 20 ml" in shown
    assert not Refill.objects.exists()


def test_a_form_begins_with_the_strength_that_is_in_the_pump(client, patient, surgeon):
    make.refill(of=patient, by=surgeon, concentration_ug_per_ml=Decimal(500))
    assert 'value="500"' in page(client, "dose-setting-create", patient)


def test_a_screening_test_is_logged_and_corrected(client, patient):
    answers = {"performed_on": "2019-03-04", "bolus_ug": "50", "responded": "yes"}
    page(client, "screening-test-create", patient, answers)
    test = ScreeningTest.objects.get()
    shown = page(client, "screening-test-update", test, answers | {"edition": 1, "bolus_ug": "75"})
    assert "Saved." in shown
    shown = page(client, "screening-test-update", test, answers | {"edition": 1, "bolus_ug": "100"})
    assert "Somebody else saved this" in shown
    test.refresh_from_db()
    assert test.bolus_ug == 75


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["dose-setting-create", "refill-create", "screening-test-create"])
def test_who_only_looks_may_not_log(client, patient, name):
    auditor = make.user(at_centre=patient.centre, roles=[Role.AUDITOR])
    client.force_login(auditor)
    assert client.get(reverse(f"registry:{name}", args=[patient.public_id])).status_code == 403
    assert "New refill" not in page(client, "drug-course", patient)


@pytest.mark.parametrize(
    ("kind", "field", "mine", "theirs"),
    [
        ("dose_setting", "dose_ug_per_day", "310", "450.0"),
        ("refill", "filled_ml", "19", "17.5"),
        ("screening_test", "bolus_ug", "75", "100.0"),
    ],
)
def test_who_saves_in_the_same_moment_sees_what_the_other_saved(
    client, patient, surgeon, monkeypatch, kind, field, mine, theirs
):
    """The other is stored after the page has fetched the record, and before it saves."""
    record = getattr(make, kind)(of=patient, by=surgeon)
    module = getattr(actions, f"{kind}s")
    edit, argument = module.edit, {"screening_test": "test", "dose_setting": "setting"}

    def after_the_other(**given):
        of = {argument.get(kind, kind): given[argument.get(kind, kind)]}
        at_once = {"edition": 1, "by": surgeon, "at": make.NOW, "changes": {field: Decimal(theirs)}}
        edit(**of, **at_once)
        return edit(**given)

    monkeypatch.setattr(module, "edit", after_the_other)
    day = {"set_on": "2024-01-10", "performed_on": "2024-01-10", "edition": "1"}
    typed = DOSE | day | {"responded": "yes", field: mine}
    shown = page(client, f"{kind.replace('_', '-')}-update", record, typed)
    assert theirs in shown
    assert 'name="edition" value="2"' in shown


def test_a_new_concentration_tells_the_bridge_bolus(client, patient, surgeon):
    """0.199 ml of tubing [own] and 0.176 ml of catheter at 300 µg/day of 1000 µg/ml (§4.3)."""
    pump = make.component(of=patient, by=surgeon, model="medtronic_8637_40")
    make.component(
        of=patient, by=surgeon, kind="spinal_segment", reservoir_ml=None,
        length_cm=110, trimmed_cm=30, ml_per_cm=Decimal("0.0022"),
    )  # fmt: skip
    dose = DOSE | {"dose_ug_per_day": "300", "pump": str(pump.public_id)}
    page(client, "dose-setting-create", patient, dose | {"concentration_ug_per_ml": "1000"})
    assert "bridge bolus" not in page(client, "drug-course", patient)
    page(client, "dose-setting-create", patient, dose | {"set_on": "2024-02-10"})
    assert (
        "bridge bolus: 375 µg of the old drug (0.375 ml of 1000 µg/ml) at 0.300 ml/day for 30.0 h "
        "[own]" in page(client, "drug-course", patient)
    )
