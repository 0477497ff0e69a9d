"""The suspicion and its work-up; the end of an episode, and taking the end back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.actions.cases import NOTHING_FOUND, WorkupEntry
from registry.forms.base import MOST_ROWS, RecordForm, Section
from registry.forms.fields import choice, choices, day, edition, number, text, time_of_day, when
from registry.models import RevisionCase
from registry.models import WorkupStep as SavedStep
from registry.models.revision_case import MOST_RESIDUAL_ML
from registry.vocabulary import (
    CaseOutcome,
    CaseTrigger,
    PresentingSign,
    PumpAlarm,
    RadiographFinding,
    RotorResult,
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

    opened_on = day(_("Problem first raised on"))
    trigger = choice(CaseTrigger, label=_("Why was the case opened?"))
    presenting_signs = choices(PresentingSign, label=_("Presenting signs"))
    withdrawal_severity = choice(WithdrawalSeverity, required=False)
    remarks = text(
        _("Remarks"),
        lines=3,
        help_text=_("No names and no dates of birth: the case is pseudonymous."),
    )

    sections = (
        Section(_("Suspicion"), ("opened_on", "trigger")),
        Section(_("Signs"), ("presenting_signs", "withdrawal_severity", "remarks")),
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

    kind = choice(WorkupStep, label=_("Examination"), compact=True)
    performed_on = day(_("On"))
    performed_at = time_of_day(_("At"))
    result = choice(WorkupResult, label=_("Result"), compact=True)
    rotor_result = choice(
        RotorResult,
        required=False,
        compact=True,
        empty=None,
        applies=when("kind", WorkupStep.ROTOR_STUDY.value),
    )
    expected_residual_ml = number(
        _("Expected in the reservoir"),
        unit="ml",
        smallest=0,
        largest=MOST_RESIDUAL_ML,
        decimals=1,
        applies=when("kind", WorkupStep.RESERVOIR_CHECK.value),
    )
    aspirated_residual_ml = number(
        _("Aspirated from it"),
        unit="ml",
        smallest=0,
        largest=MOST_RESIDUAL_ML,
        decimals=1,
        applies=when("kind", WorkupStep.RESERVOIR_CHECK.value),
    )
    note = text(_("Note"), max_length=200)
    alarms = choices(
        PumpAlarm, label=_("Alarms"), applies=when("kind", WorkupStep.INTERROGATION.value)
    )
    radiograph_findings = choices(
        RadiographFinding,
        label=_("On the radiograph"),
        applies=when("kind", WorkupStep.PLAIN_RADIOGRAPH.value),
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for name in ("alarms", "radiograph_findings"):
            codes = answers.get(name) or []
            if len(codes) > 1 and NOTHING_FOUND.intersection(codes):
                self.add_error(name, _("“None” and a finding contradict each other."))
        return answers

    def entry(self) -> WorkupEntry:
        return WorkupEntry(**{name: self.cleaned_data[name] for name in self.answers})

    answers = (
        "kind", "performed_on", "performed_at", "result", "rotor_result", "expected_residual_ml",
        "aspirated_residual_ml", "note", "alarms", "radiograph_findings",
    )  # fmt: skip

    @classmethod
    def initial_of(cls, step: SavedStep) -> dict[str, Any]:
        """The answers of a saved examination."""
        several = ("alarms", "radiograph_findings")
        return {
            **{name: getattr(step, name) for name in cls.answers if name not in several},
            **{name: [row.code for row in getattr(step, name).all()] for name in several},
        }


WorkupFormSet = forms.formset_factory(
    WorkupForm, extra=1, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def workup_formset(
    data: Mapping[str, Any] | None, *, today: date, case: RevisionCase | None = None
) -> forms.BaseFormSet:
    """Rows of the work-up, those of a saved case first."""
    initial = [
        WorkupForm.initial_of(step)
        for step in (
            case.workup_steps.prefetch_related("alarms", "radiograph_findings") if case else ()
        )
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
    closed_on = day(_("Ended on"))
    outcome = choice(CaseOutcome, label=_("How did it end?"))

    def __init__(self, *args: Any, opened_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened_on = opened_on

    def clean_closed_on(self) -> date:
        closed_on: date = self.cleaned_data["closed_on"]
        if closed_on < self.opened_on:
            raise forms.ValidationError(
                gettext("The case was opened on %(opened_on)s; it cannot end before.")
                % {"opened_on": self.opened_on.isoformat()}
            )
        return closed_on


class ReopenForm(RecordForm):
    """Why the end is taken back."""

    edition = edition()
    reason = text(
        _("Reason"),
        max_length=200,
        required=True,
        help_text=_("It stands in the history of the case."),
    )
