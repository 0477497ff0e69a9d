"""The suspicion and its work-up; the end of an episode, and taking the end back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from registry.actions.cases import WorkupEntry
from registry.forms.base import RecordForm, Section
from registry.forms.fields import choice, choices, day, edition, text
from registry.models import RevisionCase
from registry.vocabulary import (
    CaseOutcome,
    CaseTrigger,
    PresentingSign,
    WithdrawalSeverity,
    WorkupResult,
    WorkupStep,
)

__all__ = [
    "CaseForm",
    "CaseUpdateForm",
    "CloseForm",
    "ReopenForm",
    "WorkupForm",
    "WorkupFormSet",
    "workup_entries",
]

FACTS = ("opened_on", "trigger", "withdrawal_severity", "remarks")


class CaseForm(RecordForm):
    """Why the case was opened."""

    opened_on = day("Problem first raised on")
    trigger = choice(CaseTrigger, label="Why was the case opened?")
    presenting_signs = choices(PresentingSign, label="Presenting signs")
    withdrawal_severity = choice(WithdrawalSeverity, required=False)
    remarks = text(
        "Remarks",
        lines=3,
        help_text="No names and no dates of birth: the case is pseudonymous.",
    )

    sections = (
        Section("Suspicion", ("opened_on", "trigger")),
        Section("Signs", ("presenting_signs", "withdrawal_severity", "remarks")),
    )

    def facts(self) -> dict[str, Any]:
        """Fields of the case, without its signs."""
        return {name: self.cleaned_data[name] for name in FACTS if name in self.fields}

    @staticmethod
    def initial_of(case: RevisionCase) -> dict[str, Any]:
        """The answers of a saved case."""
        return {
            **{name: getattr(case, name) for name in FACTS},
            "presenting_signs": [sign.code for sign in case.presenting_signs.all()],
            "edition": case.edition,
        }


class CaseUpdateForm(CaseForm):
    edition = edition()


class WorkupForm(RecordForm):
    """One examination, one row."""

    kind = choice(WorkupStep, label="Examination", compact=True)
    performed_on = day("On")
    result = choice(WorkupResult, label="Result", compact=True)
    note = text("Note", max_length=200)

    def entry(self) -> WorkupEntry:
        return WorkupEntry(**{name: self.cleaned_data[name] for name in self.answers})

    answers = ("kind", "performed_on", "result", "note")


WorkupFormSet = forms.formset_factory(WorkupForm, extra=1, can_delete=True)


def workup_formset(
    data: Mapping[str, Any] | None, *, today: date, case: RevisionCase | None = None
) -> forms.BaseFormSet:
    """Rows of the work-up, those of a saved case first."""
    initial = [
        {name: getattr(step, name) for name in WorkupForm.answers}
        for step in (case.workup_steps.all() if case else ())
    ]
    return WorkupFormSet(data, prefix="workup", initial=initial, form_kwargs={"today": today})


def workup_entries(formset: forms.BaseFormSet) -> list[WorkupEntry]:
    """The rows that were filled in and not taken back."""
    return [
        form.entry()
        for form in formset.forms
        if form not in formset.deleted_forms and form.cleaned_data.get("kind")
    ]


class CloseForm(RecordForm):
    """How the episode ended."""

    edition = edition()
    closed_on = day("Ended on")
    outcome = choice(CaseOutcome, label="How did it end?")

    def __init__(self, *args: Any, opened_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened_on = opened_on

    def clean_closed_on(self) -> date:
        closed_on: date = self.cleaned_data["closed_on"]
        if closed_on < self.opened_on:
            raise forms.ValidationError(
                f"The case was opened on {self.opened_on.isoformat()}; it cannot end before."
            )
        return closed_on


class ReopenForm(RecordForm):
    """Why the end is taken back."""

    edition = edition()
    reason = text(
        "Reason",
        max_length=200,
        required=True,
        help_text="It stands in the history of the case.",
    )
