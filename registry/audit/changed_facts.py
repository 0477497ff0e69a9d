"""Which records are others today than those a report was counted from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from .fact_group import FactGroup

READS: Final = "reads"
"""A part of its own here; the facts keep reads with their study."""

Stored = Mapping[str, Any]


class Change(StrEnum):
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class ChangedPatient:
    """One patient whose facts differ; `parts` are the keys that do, of one who is in both."""

    patient_id: str
    change: Change
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChangedFacts:
    """Patients by id, and whether the theatre lists are others."""

    patients: tuple[ChangedPatient, ...]
    theatre_lists: bool


def parts_of(facts: Stored) -> frozenset[str]:
    """Every part that any patient of stored facts has."""
    return frozenset(part for patient in facts["patients"] for part in _parts(patient))


def changed_facts(
    frozen: Stored, now: Stored, *, only: Collection[str] | None = None
) -> ChangedFacts:
    """What differs between two cohorts as `stored_facts.canonical_json` writes them.

    Parameters
    ----------
    only
        Parts that are compared: facts that an earlier version did not ask for have not changed.
    """
    old, new = (_by_id(facts) for facts in (frozen, now))
    found = []
    for patient_id in sorted({*old, *new}):
        if patient_id not in new:
            found.append(ChangedPatient(patient_id, Change.GONE))
        elif patient_id not in old:
            found.append(ChangedPatient(patient_id, Change.NEW))
        elif parts := _differing(old[patient_id], new[patient_id], only):
            found.append(ChangedPatient(patient_id, Change.CHANGED, parts))
    lists = FactGroup.THEATRE_LISTS.value
    return ChangedFacts(tuple(found), frozen.get(lists, []) != now.get(lists, []))


def _by_id(facts: Stored) -> dict[str, dict[str, Any]]:
    return {patient["patient_id"]: _parts(patient) for patient in facts["patients"]}


def _parts(patient: Stored) -> dict[str, Any]:
    of_reads = (READS, FactGroup.SECOND_LOOKS.value)
    studies = patient["studies"]
    parts = {part: value for part, value in patient.items() if part != "patient_id"}
    parts["studies"] = [
        {name: value for name, value in study.items() if name not in of_reads} for study in studies
    ]
    parts[READS] = [
        [read for name in of_reads for read in study.get(name, ())] for study in studies
    ]
    return parts


def _differing(old: Stored, new: Stored, only: Collection[str] | None) -> tuple[str, ...]:
    return tuple(
        part
        for part in sorted({*old, *new})
        if old.get(part) != new.get(part) and (only is None or part in only)
    )
