"""The patient at a glance."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from registry.models import Role
from registry.presenters.patient_glance import glance
from tests.factories import long_course
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

TODAY = datetime(2024, 6, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.active_memberships[0].centre)


def page_of(client, viewer, patient, monkeypatch, **asked):
    monkeypatch.setattr(timezone, "now", lambda: TODAY)
    client.force_login(viewer, backend="registry.access.RoleBackend")
    return client.get(reverse("registry:patient-detail", args=[patient.public_id]), asked)


def test_fifteen_years_are_on_one_page(client, surgeon, monkeypatch):
    """4 pumps, 6 catheters, 60 refills, 5 operations: all of them are drawn, and in the table."""
    answer = page_of(client, surgeon, long_course.patient(by=surgeon), monkeypatch)
    figure = answer.context["page"].figure
    assert [len(figure.screen.bars), len(figure.sheet.bars)] == [10, 10]
    kinds = [mark.kind for mark in figure.screen.marks]
    counted = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counted == {"refill": 60, "case": 5, "study": 5, "surgery": 5, "complication": 2}
    assert sum(mark.flagged for mark in figure.screen.marks) == 3
    assert {mark.glyph for mark in figure.screen.marks if mark.kind == "study"} == {
        "blocked_line", "crescent", "drop", "line_beside_canal", "pool",
    }  # fmt: skip
    content = answer.content.decode()
    assert all(escape(one.text) in content for one in figure.happenings)


def test_years_that_are_asked_for_are_shown_alone(client, surgeon, monkeypatch):
    patient = long_course.patient(by=surgeon)
    answer = page_of(client, surgeon, patient, monkeypatch, years="2", until="2016-06-01")
    figure = answer.context["page"].figure
    assert (figure.zoom.window.first, figure.zoom.window.last) == (
        date(2014, 6, 2),
        date(2016, 6, 1),
    )
    assert [mark.kind for mark in figure.screen.marks].count("surgery") == 1


def test_a_patient_without_a_day_has_no_figure_and_says_what_is_missing(
    client, surgeon, patient, monkeypatch
):
    answer = page_of(client, surgeon, patient, monkeypatch)
    assert answer.context["page"].figure is None
    content = answer.content.decode()
    for words in ("No case yet.", "No component is logged.", "None yet."):
        assert words in content


def due(viewer, patient):
    page = glance(viewer=viewer, patient=patient, now=TODAY)
    return {line.label: (line.when, line.state.value) for line in page.due}


def test_a_pump_is_due_six_months_before_its_service_ends(surgeon, patient):
    make.component(
        of=patient, by=surgeon, model="medtronic_8637_40", implanted_on=date(2018, 4, 10)
    )
    assert due(surgeon, patient)["Elective replacement of the pump"] == ("2024-10-10", "soon")


def test_a_pump_of_an_unknown_model_has_no_due_date(surgeon, patient):
    make.component(of=patient, by=surgeon, implanted_on=date(2018, 4, 10))
    assert "Elective replacement of the pump" not in due(surgeon, patient)


def test_a_refill_is_due_when_the_reservoir_reaches_its_alarm(surgeon, patient):
    """(20 - 2) / 0.150 = 120 days, domain reference 4.3."""
    make.dose_setting(of=patient, by=surgeon, set_on=date(2024, 1, 10))
    make.refill(of=patient, by=surgeon, performed_on=date(2024, 3, 1))
    assert due(surgeon, patient)["Refill"] == ("2024-06-29", "later")


def test_a_changed_dose_moves_the_refill(surgeon, patient):
    """60 days at 0.150 leave 11 ml; (11 - 2) / 0.300 = 30 days."""
    make.dose_setting(of=patient, by=surgeon, set_on=date(2024, 1, 10))
    make.refill(of=patient, by=surgeon, performed_on=date(2024, 3, 1))
    make.dose_setting(of=patient, by=surgeon, set_on=date(2024, 4, 30), dose_ug_per_day=600)
    assert due(surgeon, patient)["Refill"] == ("2024-05-30", "overdue")


def test_a_stopped_pump_needs_no_refill(surgeon, patient):
    make.refill(of=patient, by=surgeon, performed_on=date(2024, 3, 1))
    make.dose_setting(
        of=patient, by=surgeon, set_on=date(2024, 3, 2), mode="stopped", dose_ug_per_day=None
    )
    assert "Refill" not in due(surgeon, patient)


def test_reviews_are_due_until_they_are_logged(surgeon, patient):
    case = make.case(of=patient, by=surgeon)
    surgery = make.surgery(of=case, by=surgeon, performed_on=date(2024, 3, 12))
    assert due(surgeon, patient)["Review at 6 weeks"] == ("2024-04-23", "overdue")
    assert due(surgeon, patient)["Review at 3 months"] == ("2024-06-12", "soon")
    make.review(of=case, by=surgeon, surgery=surgery, time="week_6")
    assert "Review at 6 weeks" not in due(surgeon, patient)


def test_a_child_moves_to_adult_care_in_the_year_of_the_birthday(surgeon, patient):
    assert due(surgeon, patient)["Move to adult care"] == ("2027", "later")


def test_nothing_is_due_for_who_has_died(surgeon, patient):
    make.component(
        of=patient, by=surgeon, model="medtronic_8637_40", implanted_on=date(2016, 4, 10)
    )
    patient.died_on = date(2024, 5, 1)
    assert due(surgeon, patient) == {}


def test_an_auditor_sees_the_figure_without_ways_to_write(client, surgeon, patient, monkeypatch):
    make.component(of=patient, by=surgeon)
    auditor = make.user(at_centre=patient.centre, roles=[Role.AUDITOR])
    answer = page_of(client, auditor, patient, monkeypatch)
    assert not any(bar.url for bar in answer.context["page"].figure.screen.bars)
    assert b"Log an assessment" not in answer.content
