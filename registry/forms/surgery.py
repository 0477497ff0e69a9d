"""The operation: indication, procedures, and what was found at each component."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.actions.surgeries import IntraoperativeEntry
from registry.forms.base import MOST_ROWS, RecordForm, Section, ShownField
from registry.forms.fields import choice, choices, day, edition, text, when
from registry.models import RevisionSurgery
from registry.vocabulary import (
    ComponentKind,
    ImagingKnown,
    IntegrityTest,
    IntraoperativeFindingCode,
    IntraoperativeSite,
    IntraoperativeStatus,
    Planning,
    Procedure,
    ProofMethod,
    RevisionIndication,
    SurgicalApproach,
    TechniqueModifier,
    Urgency,
)

__all__ = [
    "ComponentRow",
    "FurtherFindingForm",
    "FurtherFindingFormSet",
    "SurgeryForm",
    "SurgeryUpdateForm",
    "further_entries",
    "further_formset",
]

FACTS = (
    "performed_on",
    "indication",
    "secondary_indication",
    "planned",
    "urgency",
    "imaging_known",
    "approach",
    "approach_text",
    "remarks",
)
PARTS = ("status", "code", "site", "how_proven", "note")
CONFIRMED = IntraoperativeStatus.CONFIRMED.value
EXCLUDED = IntraoperativeStatus.EXCLUDED.value
FOUND = [
    code
    for code in IntraoperativeFindingCode
    if code is not IntraoperativeFindingCode.NO_ABNORMALITY_FOUND
]
"""At a component, nothing found is the status "excluded"."""


@dataclass(frozen=True)
class ComponentRow:
    """One component of the table, with its fields by what they ask."""

    kind: ComponentKind
    status: ShownField
    code: ShownField
    site: ShownField
    how_proven: ShownField
    note: ShownField


def check_site(form: forms.Form, *, code: str | None, site: str, field: str) -> None:
    """Refuse a site that the finding cannot have, with the sites it can have."""
    if not code or not site:
        return
    finding = IntraoperativeFindingCode.get(code)
    if finding.sites and site not in [allowed.value for allowed in finding.sites]:
        allowed = ", ".join(allowed.label_in_sentence for allowed in finding.sites)
        form.add_error(
            field,
            gettext("%(label)s may lie here: %(allowed)s.")
            % {"label": finding.label, "allowed": allowed},
        )


class SurgeryForm(RecordForm):
    """What the surgeon found and did."""

    performed_on = day(_("Date of the operation"))
    indication = choice(RevisionIndication, label=_("Primary indication"))
    secondary_indication = choice(
        RevisionIndication, label=_("Secondary indication"), required=False
    )
    planned = choice(Planning)
    urgency = choice(Urgency, required=False)
    approach = choice(SurgicalApproach, required=False)
    approach_text = text(
        _("Which approach"),
        max_length=200,
        applies=when("approach", SurgicalApproach.OTHER.value),
    )
    imaging_known = choice(
        ImagingKnown,
        label=_("Did the surgeon know the result of the contrast study?"),
        help_text=_("An operation by a surgeon who knew it is a weaker reference standard."),
    )
    procedures = choices(Procedure, label=_("Procedures"), required=True)
    techniques = choices(TechniqueModifier, label=_("Technique"))
    integrity_tests = choices(
        IntegrityTest,
        label=_("What was tested?"),
        help_text=_("Without a test, “no abnormality” says little."),
    )
    remarks = text(
        _("Remarks"),
        lines=3,
        help_text=_("No names and no dates of birth: the case is pseudonymous."),
    )

    sections = (
        Section(
            _("Operation"),
            (
                "performed_on",
                "indication",
                "secondary_indication",
                "planned",
                "urgency",
                "imaging_known",
            ),
        ),
        Section(
            _("Procedures"),
            ("procedures", "approach", "approach_text", "techniques", "integrity_tests", "remarks"),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in ComponentKind:
            self._add_component(kind)

    @property
    def component_rows(self) -> list[ComponentRow]:
        """The table of components explored."""
        return [
            ComponentRow(kind=kind, **{part: self._shown(f"{kind.value}_{part}") for part in PARTS})
            for kind in ComponentKind
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("indication") and answers["indication"] == answers.get(
            "secondary_indication"
        ):
            self.add_error(
                "secondary_indication", gettext("This is the primary indication already.")
            )
        for kind in ComponentKind:
            check_site(
                self,
                code=answers.get(f"{kind.value}_code"),
                site=answers.get(f"{kind.value}_site") or "",
                field=f"{kind.value}_site",
            )
        tests = answers.get("integrity_tests") or []
        if len(tests) > 1 and IntegrityTest.NONE.value in tests:
            self.add_error(
                "integrity_tests", _("“Nothing tested” stands alone: take back the others.")
            )
        statuses = [f"{kind.value}_status" for kind in ComponentKind]
        if not any(answers.get(name) or name in self.errors for name in statuses):
            self.add_error(
                statuses[0],
                gettext(
                    "Say of at least one component whether a defect was confirmed or excluded, "
                    "or that "
                    "it was not explored."
                ),
            )
        return answers

    def facts(self) -> dict[str, Any]:
        """Fields of the operation, without procedures and findings."""
        return {name: self.cleaned_data[name] for name in FACTS if name in self.fields}

    def findings(self) -> list[IntraoperativeEntry]:
        """One entry for each component that was answered for."""
        return [
            IntraoperativeEntry(
                component=kind.value,
                **{part: self.cleaned_data[f"{kind.value}_{part}"] for part in PARTS},
            )
            for kind in ComponentKind
            if self.cleaned_data[f"{kind.value}_status"]
        ]

    @staticmethod
    def initial_of(surgery: RevisionSurgery) -> dict[str, Any]:
        """The answers of a saved operation; the first finding of a component fills its row."""
        initial = {name: getattr(surgery, name) for name in (*FACTS, "edition")}
        for name in ("procedures", "techniques", "integrity_tests"):
            initial[name] = [row.code for row in getattr(surgery, name).all()]
        for finding in reversed(surgery.findings.all()):
            initial |= {f"{finding.component}_{part}": getattr(finding, part) for part in PARTS}
        return initial

    def _add_component(self, kind: ComponentKind) -> None:
        status = f"{kind.value}_status"
        confirmed = when(status, CONFIRMED)
        self.fields |= {
            status: choice(
                IntraoperativeStatus,
                label=kind.label,
                required=False,
                unanswered=gettext("Not recorded"),
            ),
            f"{kind.value}_code": choice(
                IntraoperativeFindingCode,
                only=FOUND,
                label=gettext("%(label)s: finding") % {"label": kind.label},
                applies=confirmed,
                empty=None,
            ),
            f"{kind.value}_site": choice(
                IntraoperativeSite,
                label=gettext("%(label)s: site") % {"label": kind.label},
                required=False,
                applies=confirmed,
            ),
            f"{kind.value}_how_proven": choice(
                ProofMethod,
                label=gettext("%(label)s: how shown") % {"label": kind.label},
                required=False,
                compact=True,
                applies=when(status, CONFIRMED, EXCLUDED),
            ),
            f"{kind.value}_note": text(
                gettext("%(label)s: note") % {"label": kind.label},
                max_length=200,
                applies=when(status, CONFIRMED, EXCLUDED),
            ),
        }


class SurgeryUpdateForm(SurgeryForm):
    edition = edition()


class FurtherFindingForm(RecordForm):
    """A second finding at a component that has one already."""

    component = choice(ComponentKind, compact=True)
    code = choice(IntraoperativeFindingCode, only=FOUND, label=_("Finding"), empty=None)
    site = choice(IntraoperativeSite, label=_("Site"), required=False)
    how_proven = choice(ProofMethod, label=_("How shown"), required=False, compact=True)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        check_site(self, code=answers.get("code"), site=answers.get("site") or "", field="site")
        return answers

    def entry(self) -> IntraoperativeEntry:
        return IntraoperativeEntry(
            status=CONFIRMED,
            **{name: self.cleaned_data[name] for name in self.answers},
        )

    answers = ("component", "code", "site", "how_proven")


FurtherFindingFormSet = forms.formset_factory(
    FurtherFindingForm, extra=1, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def further_formset(
    data: Mapping[str, Any] | None, *, surgery: RevisionSurgery | None = None
) -> forms.BaseFormSet:
    """Rows for second findings, those of a saved operation first."""
    seen: set[str] = set()
    initial = []
    for finding in surgery.findings.all() if surgery else ():
        if finding.component in seen:
            initial.append({name: getattr(finding, name) for name in FurtherFindingForm.answers})
        seen.add(finding.component)
    return FurtherFindingFormSet(data, prefix="further", initial=initial)


def further_entries(
    formset: forms.BaseFormSet,
) -> list[IntraoperativeEntry]:
    """The rows that were filled in and not taken back."""
    return [
        form.entry()
        for form in formset.forms
        if form not in formset.deleted_forms and form.cleaned_data.get("component")
    ]
