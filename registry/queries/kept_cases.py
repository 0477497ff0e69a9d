"""Who is behind each number of a kept answer, so that opening one counts nothing anew.

Kept beside the answers of audits that are too long for a request, and valid for as long. A file
holds the registry's own random ids, and for each number who counts, a bit each.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy

from registry.audit.errors import UnknownNumberError
from registry.audit.facts import Cohort
from registry.audit.result import AuditResult

from . import kept_answers, registry_state
from .kept_answers import Question

SUFFIX: Final = ".cases"


@dataclass(frozen=True)
class Counted:
    """What one number counts.

    Attributes
    ----------
    members
        Ids of patients, studies, operations, components or theatre lines, sorted.
    patient_of
        From each of them to the id of its patient; lines of theatre lists have none.
    """

    members: tuple[str, ...]
    patient_of: Mapping[str, str]


def counted(result: AuditResult, cohort: Cohort, number: str) -> Counted:
    """What a number counts of a result that is at hand with its facts.

    Raises
    ------
    UnknownNumberError
        The result has no such number.
    """
    patient_of = cohort.patient_of()
    members = result.members(number)
    return Counted(members, {one: patient_of[one] for one in members if one in patient_of})


def keep(question: Question, *, state: str, result: AuditResult, cohort: Cohort) -> None:
    """Keep what all numbers of the result count, in place of what was kept before.

    Parameters
    ----------
    state
        `registry_state` of the centres when the facts were read.

    Raises
    ------
    OSError
        The disk is full.
    """
    numbers = result.numbers()
    units = sorted(set().union(*numbers.values()))
    place = {unit: index for index, unit in enumerate(units)}
    patient_of = cohort.patient_of()
    patients = sorted({patient_of[unit] for unit in units if unit in patient_of})
    patient_place = {patient: index for index, patient in enumerate(patients)}
    owners = [patient_place.get(patient_of.get(unit, ""), -1) for unit in units]
    packed = {}
    for index, members in enumerate(numbers.values()):
        counts = numpy.zeros(len(units), dtype=bool)
        counts[[place[member] for member in members]] = True
        packed[_entry(index)] = numpy.packbits(counts)
    about = json.dumps({"state": state, "numbers": list(numbers)}).encode()
    file = io.BytesIO()
    numpy.savez_compressed(
        file,
        allow_pickle=False,
        about=numpy.frombuffer(about, dtype=numpy.uint8),
        units=numpy.array(units, dtype=bytes),
        patients=numpy.array(patients, dtype=bytes),
        owners=numpy.array(owners, dtype=numpy.int32),
        **packed,
    )
    kept_answers.write_sealed(_file(question), file.getvalue())


def find(question: Question, number: str) -> Counted | None:
    """What a number counts; None where it is not kept, or a fact has changed since.

    Raises
    ------
    UnknownNumberError
        The result has no such number.
    """
    content = kept_answers.unsealed(_file(question))
    if content is None:
        return None
    with numpy.load(io.BytesIO(content), allow_pickle=False) as kept:
        about = json.loads(kept["about"].tobytes())
        if about["state"] != registry_state.of_centres(question.centres, needs=question.needs):
            return None
        if number not in about["numbers"]:
            raise UnknownNumberError(key=number)
        units, patients, owners = kept["units"], kept["patients"], kept["owners"]
        bits = kept[_entry(about["numbers"].index(number))]
    chosen = numpy.flatnonzero(numpy.unpackbits(bits, count=len(units)))
    members = [unit.decode() for unit in units[chosen].tolist()]
    patient_of = {
        member: patients[owner].decode()
        for member, owner in zip(members, owners[chosen].tolist(), strict=True)
        if owner >= 0
    }
    return Counted(tuple(members), patient_of)


def _entry(index: int) -> str:
    return f"number-{index}"


def _file(question: Question) -> Path:
    return kept_answers.folder() / f"{question.digest}{SUFFIX}"
