"""Two patients side by side, and what a merge moved."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registry import queries
from registry.models import Patient, PatientMerge, User

FACTS = (
    "sex", "birth_year", "diagnosis", "origin", "tone_pattern", "gmfcs", "weight_kg", "consent",
    "died_on",
)  # fmt: skip


@dataclass(frozen=True)
class ComparedRow:
    label: str
    kept: list[str]
    other: list[str]

    @property
    def differs(self) -> bool:
        return self.kept != self.other


def rows(kept: Patient, other: Patient, *, viewer: User) -> list[ComparedRow]:
    """Facts, components and cases of both; nothing sealed."""
    found = [
        ComparedRow(_field_label(name), _words(kept, name), _words(other, name)) for name in FACTS
    ]
    parts = [_components(one, viewer) for one in (kept, other)]
    cases = [_cases(one, viewer) for one in (kept, other)]
    return [
        *found,
        ComparedRow(_("Pump system"), *parts),
        ComparedRow(_("Cases"), *cases),
    ]


def moved(merge: PatientMerge) -> list[str]:
    """How many records of each kind were moved."""
    return [
        f"{len(ids)} {kind if len(ids) == 1 else f'{kind}s'}"
        for name, ids in sorted(merge.moved.items())
        for kind in [_(KINDS.get(name, name))]
    ]


KINDS = {
    "revisioncase": gettext_noop("case"),
    "component": gettext_noop("component"),
    "complication": gettext_noop("complication"),
    "assessment": gettext_noop("assessment"),
    "dosesetting": gettext_noop("dose setting"),
    "refill": gettext_noop("refill"),
    "screeningtest": gettext_noop("screening test"),
    "patient": gettext_noop("number merged before"),
}
"""Names of the records in words."""


def _field_label(name: str) -> str:
    field = Patient._meta.get_field(name)
    return capfirst(getattr(field, "verbose_name", name))


def _words(patient: Patient, name: str) -> list[str]:
    display = getattr(patient, f"get_{name}_display", None)
    value = display() if display else getattr(patient, name)
    return [] if value in (None, "") else [str(value)]


def _components(patient: Patient, viewer: User) -> list[str]:
    found = queries.components.visible(viewer=viewer).filter(patient=patient)
    return [
        _joined(
            [
                part.get_kind_display(),
                part.get_model_display() or part.model_text,
                part.serial_number,
                f"{part.implanted_on or '?'} – {part.removed_on or ''}",
            ]
        )
        for part in found
    ]


def _cases(patient: Patient, viewer: User) -> list[str]:
    found = (
        queries.cases.visible(viewer=viewer)
        .filter(patient=patient)
        .prefetch_related("contrast_studies", "surgeries")
    )
    return [
        _joined(
            [
                f"{case.opened_on} {case.get_trigger_display()}",
                *(f"CT {study.performed_on}" for study in case.contrast_studies.all()),
                *(
                    _("operation %(performed_on)s") % {"performed_on": surgery.performed_on}
                    for surgery in case.surgeries.all()
                ),
            ]
        )
        for case in found
    ]


def _joined(words: Iterable[str]) -> str:
    return " · ".join(word for word in words if word)
