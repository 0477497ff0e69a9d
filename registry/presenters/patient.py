"""A patient in one line, on one page, and in the list."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from registry import queries
from registry.models import Patient, User
from registry.vocabulary import GmfcsLevel, Sex

PER_PAGE = 50


@dataclass(frozen=True)
class ListPage:
    """Patients newest first; `next_before` continues where the page ends."""

    patients: list[Patient]
    search: str
    next_before: str
    only_match: Patient | None


def url(patient: Patient) -> str:
    return reverse("registry:patient-detail", args=[patient.public_id])


def facts(patient: Patient) -> list[str]:
    """Facts in one line; what is not recorded is left out, what is unknown says so."""
    gmfcs = patient.gmfcs and f"GMFCS {GmfcsLevel.get(patient.gmfcs).label}"
    born = (
        gettext("born %(birth_year)s") % {"birth_year": patient.birth_year}
        if patient.birth_year
        else ""
    )
    died = gettext("died %(died_on)s") % {"died_on": patient.died_on} if patient.died_on else ""
    known = [
        Sex.get(patient.sex).label.lower(),
        born,
        patient.get_diagnosis_display(),
        gmfcs,
        died,
        patient.centre.name,
    ]
    return [fact for fact in known if fact]


def listing(*, viewer: User, search: str, before: str) -> ListPage:
    """A page of the list by keyset: the depth of the page costs nothing.

    Parameters
    ----------
    before
        Registry number after which the page starts; empty for the newest.
    """
    page = queries.patients.page(viewer=viewer, search=search, before=before, size=PER_PAGE)
    return ListPage(
        patients=page.rows,
        search=search.strip(),
        next_before=page.next_after,
        only_match=page.rows[0] if len(page.rows) == 1 and not before else None,
    )
