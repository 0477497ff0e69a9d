"""A read: abstracted from a report, made on the images here, or correcting an earlier one."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.actions.reads import FindingEntry
from registry.forms.base import Picture, RecordForm, Section
from registry.forms.fields import UNDECIDED, choice, choices, number, text, when
from registry.forms.read_marks import Marks, MarksField
from registry.models import Adjudication, Read
from registry.vocabulary import (
    Certainty,
    ImagingFindingCode,
    ImagingSite,
    ReadAdequacy,
    SpinalLevel,
)

__all__ = [
    "AbstractedReadForm",
    "CorrectedImagesReadForm",
    "CorrectedReadForm",
    "ImagesReadForm",
    "ReadForm",
]

ANSWERS = (
    "adequacy",
    "certainty",
    "tip_level",
    "extent_mm",
    "extent_from_level",
    "extent_to_level",
    "remarks",
)
"""What `reads.sign` takes as it stands in the form, besides findings and marks."""

WHERE = {
    ImagingFindingCode.INADEQUATE_POOLING: _("Where is the inadequate pooling?"),
    ImagingFindingCode.LEAK: _("Where is the leak?"),
    ImagingFindingCode.OCCLUSION: _("Where is the occlusion?"),
    ImagingFindingCode.MALPOSITION: _("Where is the malposition?"),
}
LOCATED = tuple(WHERE)
"""Findings whose place is asked; a normal crescent lies at the tip and nowhere else."""


SEVERAL_EXEMPLARS = {
    ImagingFindingCode.LEAK: (
        ImagingSite.PUMP_POCKET_AROUND_PUMP,
        ImagingSite.LUMBAR_CANAL_BELOW_ENTRY,
        ImagingSite.LUMBAR_OUTSIDE_CANAL,
    )
}
"""Findings that look different from site to site: one exemplar for each of these."""


def _exemplars(finding: ImagingFindingCode) -> tuple[Picture, ...]:
    """Drawn from the phantom, by `imaging/dicom/exemplars.py`."""
    if sites := SEVERAL_EXEMPLARS.get(finding):
        return tuple(
            Picture(f"crescent/exemplars/{finding.code}_{site.code}.png", site.label)
            for site in sites
        )
    return (Picture(f"crescent/exemplars/{finding.code}.png", finding.label),)


def _sites(finding: ImagingFindingCode, *, of: str) -> forms.MultipleChoiceField:
    return choices(
        type(finding.sites[0]),
        only=finding.sites,
        label=WHERE[finding],
        required=finding is ImagingFindingCode.LEAK,
        help_text=_("Several may apply."),
        applies=when(of, finding.value),
    )


CERTAINTY = _("How certain is a defect of the catheter system?")


class ReadForm(RecordForm):
    """What the contrast study shows, as the written report gives it."""

    adequacy = choice(ReadAdequacy)
    primary_finding = choice(ImagingFindingCode, label=_("Primary finding"))
    sites_inadequate_pooling = _sites(ImagingFindingCode.INADEQUATE_POOLING, of="primary_finding")
    sites_leak = _sites(ImagingFindingCode.LEAK, of="primary_finding")
    sites_occlusion = _sites(ImagingFindingCode.OCCLUSION, of="primary_finding")
    sites_malposition = _sites(ImagingFindingCode.MALPOSITION, of="primary_finding")
    further_findings = choices(
        ImagingFindingCode,
        label=_("Further findings"),
        only=[code for code in ImagingFindingCode if code != "indeterminate"],
    )
    further_sites_inadequate_pooling = _sites(
        ImagingFindingCode.INADEQUATE_POOLING, of="further_findings"
    )
    further_sites_leak = _sites(ImagingFindingCode.LEAK, of="further_findings")
    further_sites_occlusion = _sites(ImagingFindingCode.OCCLUSION, of="further_findings")
    further_sites_malposition = _sites(ImagingFindingCode.MALPOSITION, of="further_findings")
    certainty = choice(
        Certainty,
        label=CERTAINTY,
        required=False,
        number=True,
        empty=None,
        unanswered=_("Not in the report"),
    )
    tip_level = choice(SpinalLevel, label=_("Level of the tip"), required=False)
    extent_from_level = choice(SpinalLevel, label=_("Contrast up to level"), required=False)
    extent_to_level = choice(SpinalLevel, label=_("Contrast down to level"), required=False)
    extent_mm = number(
        _("Extent of contrast"),
        unit="mm",
        smallest=1,
        largest=1000,
        help_text=_("Along the thecal sac, from its upper to its lower end."),
    )
    remarks = text(
        _("Remarks"),
        lines=3,
        help_text=_("No names and no dates of birth: the read is pseudonymous."),
    )

    sections = (
        Section(_("Images"), ("adequacy",)),
        Section(
            _("Finding"),
            (
                "primary_finding",
                *(f"sites_{code.value}" for code in LOCATED),
                "further_findings",
                *(f"further_sites_{code.value}" for code in LOCATED),
            ),
        ),
        Section(_("Certainty"), ("certainty",)),
        Section(
            _("Levels"),
            ("tip_level", "extent_from_level", "extent_to_level", "extent_mm"),
            columns=2,
        ),
        Section(_("Remarks"), ("remarks",)),
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        alone = ImagingFindingCode.INDETERMINATE.value
        if answers.get("primary_finding") == alone and answers.get("further_findings"):
            self.add_error(
                "further_findings",
                gettext(
                    "A study that cannot be read has no further findings. Choose the finding "
                    "that can "
                    "be told as the primary one, or remove these."
                ),
            )
        return answers

    def findings(self) -> list[FindingEntry]:
        """The primary finding first; a further one that repeats it adds nothing."""
        primary = self.cleaned_data["primary_finding"]
        entries = [self._entry(primary, "sites")]
        entries += [
            self._entry(code, "further_sites")
            for code in self.cleaned_data["further_findings"]
            if code != primary
        ]
        return entries

    def answers(self) -> dict[str, Any]:
        """What `reads.sign` takes besides the findings."""
        return {name: self.cleaned_data[name] for name in ANSWERS if name in self.fields}

    @staticmethod
    def initial_of(read: Read) -> dict[str, Any]:
        """The answers of a signed read, as the start of its correction."""
        return {name: getattr(read, name) for name in ANSWERS} | ReadForm.initial_findings(read)

    @staticmethod
    def initial_findings(signed: Read | Adjudication) -> dict[str, Any]:
        """The findings of a read or a decision with their sites, as answers."""
        initial: dict[str, Any] = {"further_findings": []}
        for finding in signed.findings.all():
            sites = [site.code for site in finding.sites.all()]
            if finding.is_primary:
                initial["primary_finding"] = finding.code
                initial[f"sites_{finding.code}"] = sites
            else:
                initial["further_findings"].append(finding.code)
                initial[f"further_sites_{finding.code}"] = sites
        return initial

    def _entry(self, code: str, prefix: str) -> FindingEntry:
        return FindingEntry(code=code, sites=tuple(self.cleaned_data.get(f"{prefix}_{code}") or ()))


class AbstractedReadForm(ReadForm):
    """The finding as the written report gives it."""


class ImagesReadForm(ReadForm):
    """The finding as the reader sees it on the images here, signed with the password."""

    adequacy = choice(
        ReadAdequacy,
        only=[code for code in ReadAdequacy if code is not ReadAdequacy.NOT_ASSESSED],
    )
    # Nothing is chosen beforehand: what is signed was said by the reader.
    certainty = choice(
        Certainty, label=CERTAINTY, number=True, empty=None, undecided=_("Not assessable")
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_(
            "It is your signature. Once signed, the read cannot be changed, only corrected "
            "by a new one."
        ),
        error_messages={"required": _("Sign with your password.")},
    )
    marks = MarksField()

    # The form stands beside the images: no titles, so that more of it is seen at once.
    sections = (
        *(Section("", section.fields, columns=section.columns) for section in ReadForm.sections),
        Section("", ("password",)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adequacy"].widget.keys = "789"
        self.fields["primary_finding"].widget.keys = "123456"
        self.fields["certainty"].widget.keys = [*(f"⇧{step.code}" for step in Certainty), "⇧6"]
        self.fields["primary_finding"].explained = True
        self.fields["primary_finding"].pictures = {
            finding.code: _exemplars(finding) for finding in ImagingFindingCode
        }

    def answers(self) -> dict[str, Any]:
        marks: Marks = self.cleaned_data["marks"]
        return super().answers() | {
            "measurements": marks.measurements,
            "key_images": marks.key_images,
            "images_shown": marks.shown,
        }


def _reason() -> forms.CharField:
    return text(
        _("Why is the read corrected?"),
        max_length=200,
        required=True,
        help_text=_("Both reads stay; the reason stands beside them."),
    )


class CorrectedReadForm(ReadForm):
    """A new read that stands beside the one it corrects, from the report."""

    correction_reason = _reason()
    sections = (Section(_("Correction"), ("correction_reason",)), *ReadForm.sections)


class CorrectedImagesReadForm(ImagesReadForm):
    """A new read of the images that stands beside the one it corrects."""

    correction_reason = _reason()
    sections = (Section("", ("correction_reason",)), *ImagesReadForm.sections)

    @staticmethod
    def initial_of(read: Read) -> dict[str, Any]:
        certainty = UNDECIDED if read.certainty is None else read.certainty
        return ReadForm.initial_of(read) | {"certainty": certainty}
