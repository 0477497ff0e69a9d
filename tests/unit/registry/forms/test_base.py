"""What every form does with conditions, conflicts and refusals."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from registry.actions.errors import InvalidRecordError
from registry.forms.base import RecordForm, Section, words_of
from registry.forms.fields import choice, choices, day, edition, number, text, when
from registry.vocabulary import (
    AspirationResult,
    ImagingFindingCode,
    PresentingSign,
    StopReason,
    StudyOutcomeCode,
    WithdrawalSeverity,
)


class StudyForm(RecordForm):
    edition = edition()
    performed_on = day("Date of study")
    outcome = choice(StudyOutcomeCode)
    reason = choice(StopReason, applies=when("outcome", "stopped_other"), empty=None)
    reason_text = text("Which reason", required=True, applies=when("reason", "other"))
    contrast_ml = number("Contrast", unit="ml", smallest=0.1, largest=20, decimals=2)
    signs = choices(PresentingSign)
    severity = choice(WithdrawalSeverity, required=False)

    sections = (
        Section("Study", ("performed_on", "outcome", "reason", "reason_text", "contrast_ml")),
        Section("Signs", ("signs", "severity"), applies=when("outcome", "completed")),
    )


def sent(text: str) -> QueryDict:
    return QueryDict(text)


def a_form(query: str, **kwargs: object) -> StudyForm:
    return StudyForm(sent(query), **kwargs)


def test_a_field_that_does_not_apply_is_neither_asked_nor_kept():
    form = a_form("edition=1&performed_on=2024-03-05&outcome=completed&reason=other&reason_text=x")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["reason"] is None
    assert form.cleaned_data["reason_text"] == ""


def test_a_condition_hangs_on_another_condition():
    form = a_form("edition=1&performed_on=2024-03-05&outcome=completed&reason=other")

    assert not form.applies("reason_text")


def test_a_mandatory_field_is_asked_once_its_question_is_shown():
    form = a_form("edition=1&performed_on=2024-03-05&outcome=stopped_other&reason=other")

    assert set(form.errors) == {"reason_text"}


def test_fields_of_a_section_that_does_not_apply_come_out_empty():
    form = a_form(
        "edition=1&performed_on=2024-03-05&outcome=stopped_other&reason=unknown"
        "&signs=fever&severity=mild"
    )

    assert form.is_valid(), form.errors
    assert form.cleaned_data["signs"] == []
    assert form.cleaned_data["severity"] == ""


def test_a_day_before_1900_is_a_slip_of_the_hand():
    form = a_form("edition=1&performed_on=0204-03-05&outcome=completed", today=date(2024, 3, 5))

    assert form.errors["performed_on"] == ["This day lies before 1900: was the year mistaken?"]


def test_a_day_in_the_future_is_refused():
    form = a_form("edition=1&performed_on=2024-03-06&outcome=completed", today=date(2024, 3, 5))

    assert form.errors["performed_on"] == ["This day lies in the future. Today is 2024-03-05."]


@pytest.mark.parametrize("typed", ["1,5", "1.5"])
def test_a_number_may_be_typed_with_comma_or_point(typed: str):
    form = a_form(f"edition=1&performed_on=2024-03-05&outcome=completed&contrast_ml={typed}")

    assert form.is_valid(), form.errors
    assert form.cleaned_data["contrast_ml"] == Decimal("1.5")


def test_an_implausible_number_asks_about_its_unit():
    form = a_form("edition=1&performed_on=2024-03-05&outcome=completed&contrast_ml=180")

    assert form.errors["contrast_ml"] == ["Plausible up to 20 ml; was the unit mistaken?"]


def test_a_conflict_shows_both_versions_and_keeps_what_was_typed():
    form = a_form("edition=1&performed_on=2024-03-05&outcome=completed&contrast_ml=2")
    assert form.is_valid()

    form.show_conflict(
        saved={"performed_on": date(2024, 3, 5), "outcome": "completed", "contrast_ml": None},
        edition=3,
    )

    assert [(row.label, row.saved, row.typed) for row in form.conflict] == [
        ("Contrast", "not recorded", "2 ml")
    ]
    assert form["edition"].value() == "3"
    assert form["contrast_ml"].value() == "2"


def test_errors_of_an_action_stand_beside_their_field_or_in_the_summary():
    form = a_form("edition=1&performed_on=2024-03-05&outcome=completed")
    assert form.is_valid()

    form.add_action_errors(InvalidRecordError({"outcome": ["No."], "elsewhere": ["Nor this."]}))

    assert form.errors == {"outcome": ["No."], "__all__": ["Nor this."]}


def test_answers_are_told_in_the_words_of_their_list():
    form = StudyForm()

    assert words_of(form.fields["outcome"], "stopped_not_aspirable") == "Stopped, not aspirable"
    assert words_of(form.fields["signs"], ["fever", "seizure"]) == "Fever, Seizure"
    assert words_of(form.fields["reason"], None) == "not recorded"


def test_the_template_labels_conditions_definitions_and_group_headings():
    html = render_to_string("registry/form.html", {"form": StudyForm()})

    assert 'data-show-when="outcome=stopped_other"' in html
    assert '<fieldset class="group" data-show-when="outcome=completed">' in html
    assert "Not aspirable is not occlusion" in html
    assert '<label for="id_performed_on">Date of study</label>' in html


def test_a_short_list_is_chips_and_a_long_one_a_select():
    assert choice(AspirationResult).widget.input_type == "radio"
    assert choice(PresentingSign).widget.input_type == "select"


def test_finding_chips_show_the_glyph_and_the_word():
    class FindingForm(RecordForm):
        finding = choice(ImagingFindingCode)

    html = render_to_string("registry/form.html", {"form": FindingForm()})

    assert "glyphs.svg#crescent" in html
    assert "Normal crescent" in html
