"""The records behind a frozen report that are others today, in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.audit.changed_facts import READS, Change, ChangedFacts, ChangedPatient
from registry.audit.fact_group import FactGroup
from registry.models import Patient

MOST_LINES: Final = 100
"""More are counted and not listed."""

PARTS: Final[Mapping[str, str | Promise]] = {
    "centre": _("centre"),
    "therapy_from": _("begin of therapy"),
    "therapy_to": _("end of therapy"),
    "died_on": _("day of death"),
    "synthetic": _("marks of synthetic values"),
    "studies": _("contrast studies"),
    READS: _("reads"),
    "surgeries": _("operations"),
    FactGroup.CASES.value: _("cases"),
    FactGroup.COMPLICATIONS.value: _("complications"),
    FactGroup.REVIEWS.value: _("reviews"),
    FactGroup.SECOND_LOOKS.value: _("reads"),
    FactGroup.COMPONENTS.value: _("components"),
    FactGroup.BACKGROUND.value: _("facts of the patient"),
    FactGroup.PROCEDURES.value: _("procedures"),
    FactGroup.DEPARTURES.value: _("end of observation"),
    FactGroup.SCREENING_TESTS.value: _("test doses"),
    FactGroup.SATISFACTION.value: _("satisfaction"),
    FactGroup.ASSESSMENTS.value: _("assessments"),
    FactGroup.DOSES.value: _("doses"),
    FactGroup.CENTRE_LOG.value: _("from when the log of the centre is complete"),
    FactGroup.ANSWERS.value: _("mandatory answers"),
    FactGroup.QUERIES.value: _("open queries"),
    FactGroup.THEATRE_LISTS.value: _("theatre lists"),
}


@dataclass(frozen=True)
class ChangedLine:
    """One patient; without number and page where the viewer may not open them."""

    number: str
    url: str
    words: str


@dataclass(frozen=True)
class ChangedRecords:
    """`more` are patients beyond the listed ones."""

    lines: list[ChangedLine]
    more: int
    theatre_lists: bool


def in_words(
    changed: ChangedFacts, *, patients: Collection[Patient], unread: Collection[str]
) -> ChangedRecords:
    """By registry number, those nobody may open last.

    Parameters
    ----------
    patients
        Those the viewer may see, in the order in which they are to be listed.
    unread
        Ids of patients of whose reads the viewer must not know anything.
    """
    by_id = {one.patient_id: one for one in changed.patients}
    lines = []
    for patient in patients:
        one = by_id.pop(str(patient.public_id), None)
        if one is not None:
            url = reverse("registry:patient-detail", args=[patient.public_id])
            lines.append(ChangedLine(patient.registry_number, url, _words(one, unread)))
    lines += [ChangedLine("", "", _words(one, unread)) for one in by_id.values()]
    return ChangedRecords(
        lines[:MOST_LINES], max(len(lines) - MOST_LINES, 0), changed.theatre_lists
    )


def _words(one: ChangedPatient, unread: Collection[str]) -> str:
    match one.change:
        case Change.NEW:
            return gettext("Not among the facts of the report")
        case Change.GONE:
            return gettext("Not counted any more")
    if one.patient_id in unread:
        return gettext("Records")
    # Reads and second looks have one name.
    return capfirst(", ".join(dict.fromkeys(str(PARTS[part]) for part in one.parts)))
