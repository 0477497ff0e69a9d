"""A whole episode on one page: who, why, what the study showed, what was found and done.

Seven small forms in one. A form whose question was answered with no is neither asked nor validated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry import queries
from registry.actions.case_logs import (
    CaseEntry,
    OutcomeEntry,
    PatientEntry,
    ReportEntry,
    StudyEntry,
    SurgeryEntry,
)
from registry.actions.errors import StepRefusedError
from registry.forms.base import RecordForm, Section, ShownField
from registry.forms.case import CaseForm
from registry.forms.contrast_study import COMPLETED, ContrastStudyForm
from registry.forms.fields import choice, day, number, text, when
from registry.forms.read import ReadForm
from registry.forms.surgery import SurgeryForm
from registry.forms.system_parts import ExchangeForm, SystemForm
from registry.models import Patient, User
from registry.vocabulary import CaseOutcome, Diagnosis, Sex, YesNoUnknown

__all__ = ["CaseLog", "SummaryLine"]

YES, NO = YesNoUnknown.YES.value, YesNoUnknown.NO.value
LOG_CASE = "registry.log_case"


def _yes_or_no(label: str, *, help_text: str = "") -> forms.Field:
    return choice(
        YesNoUnknown,
        label=label,
        help_text=help_text,
        only=[YesNoUnknown.YES, YesNoUnknown.NO],
    )


class WhoForm(RecordForm):
    """The patient: one of the registry, or a new one."""

    known = _yes_or_no(_("Is the patient in the registry?"))
    known_number = text(
        _("Registry number or hospital number"),
        max_length=64,
        required=True,
        applies=when("known", YES),
    )
    centre = forms.ChoiceField(label=_("Centre"))
    local_number = text(
        _("Hospital number"),
        max_length=64,
        help_text=_("Kept sealed. With it, images find their patient."),
        applies=when("known", NO),
    )
    sex = choice(Sex, applies=when("known", NO))
    birth_year = number(
        _("Year of birth"), smallest=1900, largest=2100, required=True, applies=when("known", NO)
    )
    diagnosis = choice(Diagnosis, applies=when("known", NO))

    def __init__(self, *args: Any, viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.centres = {
            centre.code: centre
            for centre in queries.centres.with_permission(viewer=viewer, permission=LOG_CASE)
        }
        self.patient: Patient | None = None
        if len(self.centres) == 1:
            del self.fields["centre"]
        else:
            self.fields["centre"].choices = [
                ("", gettext("Choose …")),
                *((code, centre.name) for code, centre in self.centres.items()),
            ]
            self.fields["centre"].applies = when("known", NO)

    def clean_birth_year(self) -> int:
        year: int = self.cleaned_data["birth_year"]
        if self.today and year > self.today.year:
            raise forms.ValidationError(gettext("This year lies in the future."))
        return year

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("known_number"):
            self._find(answers["known_number"])
        return answers

    def year_of_birth(self) -> int | None:
        """Of the patient found, or as it was typed; None where neither is known."""
        if self.patient:
            return self.patient.birth_year
        return self.cleaned_data.get("birth_year")

    def entry(self) -> Patient | PatientEntry:
        """The patient found, or what the registration of a new one takes."""
        if self.patient:
            return self.patient
        code = self.cleaned_data.get("centre") or next(iter(self.centres))
        return PatientEntry(
            centre=self.centres[code],
            fields={name: self.cleaned_data[name] for name in ("sex", "birth_year", "diagnosis")},
            local_number=self.cleaned_data["local_number"],
        )

    def _find(self, typed: str) -> None:
        found = queries.patients.by_number(viewer=self.viewer, permission=LOG_CASE, number=typed)
        if len(found) == 1:
            self.patient = found[0]
        elif found:
            numbers = ", ".join(patient.registry_number for patient in found)
            self.add_error(
                "known_number",
                gettext("Several patients have it: %(numbers)s. Choose one.")
                % {"numbers": numbers},
            )
        else:
            self.add_error(
                "known_number",
                gettext(
                    "No patient of your centres has this number. Check it, or answer that the "
                    "patient "
                    "is not in the registry yet."
                ),
            )


class CourseForm(RecordForm):
    """Which parts of the story there are."""

    study = _yes_or_no(_("Was a contrast study done or tried?"))
    operation = _yes_or_no(_("Was the patient operated on?"))
    ended = _yes_or_no(_("Has the case ended?"))


class LoggedCaseForm(CaseForm):
    """The suspicion; the work-up is logged on the case page."""

    sections = (
        Section("", ("opened_on", "trigger")),
        Section(
            _("Presenting signs and remarks"),
            ("presenting_signs", "withdrawal_severity", "remarks"),
            folds=True,
        ),
    )


class LoggedStudyForm(ContrastStudyForm):
    """The study without what can be added later."""

    guidance = needle = needle_text = csf_confirmed = contrast_lot = None
    delayed_min = second_delayed_min = third_delayed_min = None
    prime_bolus_given = prime_bolus_ml = prime_bolus_ug = None
    adverse_event = adverse_event_text = next_step = next_step_text = None

    sections = (
        Section("", (*ContrastStudyForm.sections[0].fields, "port_access")),
        *ContrastStudyForm.sections[1:2],
        *ContrastStudyForm.sections[3:5],
    )


class LoggedReportForm(ReadForm):
    """The finding as the report gives it."""

    tip_level = extent_mm = extent_from_level = extent_to_level = remarks = None

    sections = (
        Section("", (*ReadForm.sections[0].fields, *ReadForm.sections[1].fields, "certainty")),
    )


class LoggedSurgeryForm(SurgeryForm):
    """The operation without what can be added later."""

    secondary_indication = urgency = remarks = None
    approach = approach_text = techniques = integrity_tests = None

    sections = (
        Section("", ("performed_on", "indication", "planned", "imaging_known", "procedures")),
    )


class LoggedOutcomeForm(RecordForm):
    closed_on = day(_("Ended on"))
    outcome = choice(CaseOutcome, label=_("How did it end?"))


@dataclass(frozen=True)
class SummaryLine:
    """One answer that needs attention, with the place to go to; no place for the whole form."""

    anchor: str
    label: str
    sentence: str


class CaseLog:
    """The page's forms together.

    Parameters
    ----------
    data
        What was sent, or None for an empty page.
    today
        The latest day it is at any centre of the viewer; the actions check the exact one.
    known_number
        The patient the page was opened for.
    """

    def __init__(
        self, data: Mapping[str, Any] | None, *, viewer: User, today: date, known_number: str = ""
    ) -> None:
        self.who = WhoForm(
            data,
            prefix="patient",
            viewer=viewer,
            today=today,
            initial={"known": YES, "known_number": known_number} if known_number else None,
        )
        self.system = SystemForm(data, prefix="system", today=today)
        self.course = CourseForm(data, prefix="course")
        self.case = LoggedCaseForm(data, prefix="case", today=today)
        self.study = LoggedStudyForm(data, prefix="study", today=today)
        self.report = LoggedReportForm(data, prefix="report")
        self.surgery = LoggedSurgeryForm(data, prefix="surgery", today=today)
        self.exchange = ExchangeForm(data, prefix="exchange")
        self.outcome = LoggedOutcomeForm(data, prefix="outcome", today=today)

    @property
    def course_fields(self) -> dict[str, ShownField]:
        """The three questions that open or skip a part of the page."""
        return {shown.bound.name: shown for part in self.course.parts for shown in part.fields}

    @property
    def steps(self) -> dict[str, RecordForm]:
        """Every form by the name a refused step has in `case_logs`."""
        return {
            "patient": self.who,
            "system": self.system,
            "case": self.case,
            "course": self.course,
            "study": self.study,
            "report": self.report,
            "surgery": self.surgery,
            "outcome": self.outcome,
        }

    def asked(self) -> Iterator[RecordForm]:
        """The forms that apply, given the answers that were sent."""
        yield self.who
        if self.who["known"].data == NO:
            yield self.system
        yield from (self.case, self.course)
        if self._says("study"):
            yield self.study
            if self.study["outcome"].data == COMPLETED:
                yield self.report
        if self._says("operation"):
            yield from (self.surgery, self.exchange)
        if self._says("ended"):
            yield self.outcome

    def is_valid(self) -> bool:
        self.who.is_valid()
        self.study.birth_year = self.who.year_of_birth()
        # Every form is validated, so that one page names everything that is wrong.
        valid = [form.is_valid() for form in self.asked()]
        if all(valid):
            self._check_end()
        return not self.summary

    @property
    def summary(self) -> list[SummaryLine]:
        """Everything that needs attention, in the order of the page."""
        if not self.who.is_bound:
            return []
        lines = []
        for form in self.asked():
            lines += [SummaryLine("", "", text) for text in form.non_field_errors()]
            for bound in form:
                anchor = bound.id_for_label or f"{bound.auto_id}_field"
                lines += [SummaryLine(anchor, str(bound.label), text) for text in bound.errors]
        return lines

    def entries(self, *, public_id: UUID) -> dict[str, Any]:
        """What `case_logs.log` takes besides actor and times, with the id of the new case."""
        asked = list(self.asked())
        return {
            "patient": self.who.entry(),
            "case": CaseEntry(
                fields=self.case.facts() | {"public_id": public_id},
                presenting_signs=self.case.cleaned_data["presenting_signs"],
            ),
            "study": self._study(with_report=self.report in asked) if self.study in asked else None,
            "surgery": SurgeryEntry(
                fields=self.surgery.facts(),
                procedures=self.surgery.cleaned_data["procedures"],
                findings=self.surgery.findings(),
                removed_kinds=self.exchange.removed_kinds(),
                placed=self.exchange.placed(),
            )
            if self.surgery in asked
            else None,
            "components": self.system.components() if self.system in asked else (),
            "outcome": OutcomeEntry(**self.outcome.cleaned_data) if self.outcome in asked else None,
        }

    def add_refusal(self, error: StepRefusedError) -> None:
        """Show what an action refused in the form of its step."""
        form = self.steps[error.step]
        if error.step == "surgery" and set(error.error.errors) & set(self.exchange.fields):
            form = self.exchange
        form.add_action_errors(error.error)

    def _says(self, question: str) -> bool:
        return self.course[question].data == YES

    def _study(self, *, with_report: bool) -> StudyEntry:
        report = None
        if with_report:
            report = ReportEntry(findings=self.report.findings(), **self.report.answers())
        return StudyEntry(fields=self.study.facts(), report=report)

    def _check_end(self) -> None:
        if self.outcome not in list(self.asked()):
            return
        opened_on = self.case.cleaned_data["opened_on"]
        if self.outcome.cleaned_data["closed_on"] < opened_on:
            self.outcome.add_error(
                "closed_on",
                gettext("The problem was first raised on %(opened_on)s; it cannot end before.")
                % {"opened_on": opened_on},
            )
