"""Whom a number means, so that one sees the mistake before the case is logged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from registry import queries
from registry.models import Patient, RevisionCase, User
from registry.presenters import patient as patient_page


@dataclass(frozen=True)
class KnownPatient:
    """A patient in one line; open cases are named, since one of them may be meant."""

    patient: Patient
    facts: Sequence[str]
    cases: int
    open_cases: Sequence[RevisionCase]


def known_patients(patients: Iterable[Patient], *, viewer: User) -> list[KnownPatient]:
    known = []
    for patient in patients:
        cases = list(queries.cases.visible(viewer=viewer).filter(patient=patient))
        known.append(
            KnownPatient(
                patient=patient,
                facts=patient_page.facts(patient),
                cases=len(cases),
                open_cases=[case for case in cases if case.outcome is None],
            )
        )
    return known
