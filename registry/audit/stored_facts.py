"""Facts as bytes: what a frozen report keeps, and what its hash is taken of."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from . import fact_shape
from .canonical import canonical_bytes
from .errors import MalformedFactsError
from .fact_group import FactGroup
from .fact_text import patient_text
from .facts import Cohort, OperativeFacts, PatientFacts, ReadFacts, StudyFacts, SurgeryFacts
from .later_facts import KINDS, later_from, later_json
from .theatre_facts import TheatreListFacts

FACTS_VERSION: Final = 1
"""Shape of the stored facts; a change that an old report could not survive raises it."""

TOP: Final[Mapping[str, type]] = {
    "patients": PatientFacts,
    FactGroup.THEATRE_LISTS.value: TheatreListFacts,
}
"""The lists of records beside the version."""

AT_ONCE: Final = 500
"""So many patients are written at once where only their hash is wanted."""


def canonical_json(cohort: Cohort) -> bytes:
    """The cohort as UTF-8 JSON, byte for byte the same for the same facts.

    Keys and records are sorted and no white space is added, in the spirit of RFC 8785
    (all keys are ASCII and all numbers integers, where RFC 8785 and this agree).
    """
    facts: dict[str, Any] = {
        "facts_version": FACTS_VERSION,
        "patients": [_patient(p) for p in cohort.patients],
    }
    # Left out where there are none, so that facts stored before keep their hash.
    if cohort.theatre_lists:
        facts[FactGroup.THEATRE_LISTS.value] = [one.to_json() for one in cohort.theatre_lists]
    return canonical_bytes(facts)


def facts_sha256(cohort: Cohort) -> str:
    """SHA-256 of the canonical form, hexadecimal; the form as a whole is never in memory."""
    # The first such key is the cohort's own: keys are sorted, and only a number stands before it.
    before, opening, after = canonical_json(replace(cohort, patients=())).partition(b'"patients":[')
    digest = hashlib.sha256(before + opening)
    for start in range(0, len(cohort.patients), AT_ONCE):
        some = [patient_text(one) for one in cohort.patients[start : start + AT_ONCE]]
        digest.update(b"," if start else b"")
        digest.update(",".join(some).encode())
    digest.update(after)
    return digest.hexdigest()


def cohort_from_json(stored: bytes | str) -> Cohort:
    """Read facts that `canonical_json` wrote.

    Raises
    ------
    MalformedFactsError
        No JSON, another version, a key missing or unknown, or a value of another kind.
    FactError
        A code, date or id that no fact may hold.
    """
    try:
        facts = json.loads(stored)
    except (ValueError, RecursionError) as error:
        raise MalformedFactsError("the stored facts are no JSON") from error
    version = facts.get("facts_version") if isinstance(facts, dict) else None
    # True and 1.0 equal 1.
    if type(version) is not int or version != FACTS_VERSION:
        raise MalformedFactsError(f"the stored facts are not of version {FACTS_VERSION}")
    if not {"facts_version", *TOP} >= facts.keys():
        raise MalformedFactsError("the stored facts have a key that is not known")
    try:
        for name, kind in TOP.items():
            fact_shape.check_all(facts.get(name, []), kind, path=name)
        lists = facts.get(FactGroup.THEATRE_LISTS.value, ())
        return Cohort(
            patients=tuple(_to_patient(p) for p in facts["patients"]),
            theatre_lists=tuple(TheatreListFacts.from_json(one) for one in lists),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedFactsError("the stored facts have another shape") from error


def _patient(patient: PatientFacts) -> dict[str, Any]:
    return later_json(patient.later) | {
        "patient_id": patient.patient_id,
        "centre": patient.centre,
        "therapy_from": _day(patient.therapy_from),
        "therapy_to": _day(patient.therapy_to),
        "died_on": _day(patient.died_on),
        "synthetic": patient.synthetic,
        "studies": [_study(study) for study in patient.studies],
        "surgeries": [_surgery(surgery) for surgery in patient.surgeries],
    }


def _study(study: StudyFacts) -> dict[str, Any]:
    # What came later is left out where there is none, so that facts stored before keep their hash.
    later: dict[str, Any] = {}
    if study.second_looks:
        later["second_looks"] = [_read(read) for read in study.second_looks]
    return later | {
        "study_id": study.study_id,
        "case_id": study.case_id,
        "suspected_on": _day(study.suspected_on),
        "performed_on": _day(study.performed_on),
        "outcome": study.outcome,
        "reads": [_read(read) for read in study.reads],
    }


def _read(read: ReadFacts) -> dict[str, Any]:
    later: dict[str, Any] = {}
    if read.vocabulary_version:
        later["vocabulary_version"] = read.vocabulary_version
    if read.adjudicates:
        later["adjudicates"] = list(read.adjudicates)
    return later | {
        "read_id": read.read_id,
        "reader_id": read.reader_id,
        "signed_at": read.signed_at.isoformat(),
        "primary_finding": read.primary_finding,
        "leak_sites": list(read.leak_sites),
        "certainty": read.certainty,
        "adequacy": read.adequacy,
        "information_shown": read.information_shown,
    }


def _surgery(surgery: SurgeryFacts) -> dict[str, Any]:
    return {
        "surgery_id": surgery.surgery_id,
        "case_id": surgery.case_id,
        "performed_on": _day(surgery.performed_on),
        "indication": surgery.indication,
        "planned": surgery.planned,
        "imaging_known": surgery.imaging_known,
        "findings": [
            {
                "component": f.component,
                "site": f.site,
                "status": f.status,
                "finding": f.finding,
            }
            for f in surgery.findings
        ],
    }


def _to_patient(stored: Mapping[str, Any]) -> PatientFacts:
    first = {key: stored[key] for key in stored if key not in KINDS}
    return PatientFacts(
        **_with_days(first, "therapy_from", "therapy_to", "died_on")
        | {
            "studies": tuple(_to_study(study) for study in stored["studies"]),
            "surgeries": tuple(_to_surgery(surgery) for surgery in stored["surgeries"]),
            "later": later_from(stored),
        }
    )


def _to_study(stored: Mapping[str, Any]) -> StudyFacts:
    return StudyFacts(
        **_with_days(stored, "suspected_on", "performed_on")
        | {
            "reads": tuple(_to_read(read) for read in stored["reads"]),
            "second_looks": tuple(_to_read(read) for read in stored.get("second_looks", ())),
        }
    )


def _to_read(stored: Mapping[str, Any]) -> ReadFacts:
    return ReadFacts(
        **dict(stored)
        | {
            "signed_at": datetime.fromisoformat(stored["signed_at"]),
            "leak_sites": tuple(stored["leak_sites"]),
            "adjudicates": tuple(stored.get("adjudicates", ())),
        }
    )


def _to_surgery(stored: Mapping[str, Any]) -> SurgeryFacts:
    findings: Sequence[Mapping[str, Any]] = stored["findings"]
    return SurgeryFacts(
        **_with_days(stored, "performed_on")
        | {"findings": tuple(OperativeFacts(**finding) for finding in findings)}
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _with_days(stored: Mapping[str, Any], *names: str) -> dict[str, Any]:
    days = {
        name: None if stored[name] is None else date.fromisoformat(stored[name]) for name in names
    }
    return dict(stored) | days
