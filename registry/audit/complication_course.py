"""A patient's operations and what went wrong after them.

Early and late are no property of a complication: they follow from its day, the operation it
belongs to, and the window.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from .complication_facts import ComplicationFacts
from .component_facts import ComponentFacts
from .departure_facts import DepartureFacts
from .facts import PatientFacts
from .procedure_facts import ProcedureFacts
from .selection import Period, in_therapy

EARLY_DAYS: Final = 90
"""J Child Orthop 2019;13:529-535 and J Pediatr Orthop 2016;36:305-309."""

SHORTER_DAYS: Final = 60
"""J Pediatr Orthop 2010;30:76-81."""

OPERATIONS_RULE: Final = (
    "operations-1: every logged operation is one, and every day on which a pump was implanted and "
    "no operation is logged [proposal]."
)
ATTRIBUTION_RULE: Final = (
    "attribution-1: a complication belongs to the operation it is logged to have followed; where "
    "none is named, to the latest operation of the patient on or before its day [proposal]. Early "
    f"is within {EARLY_DAYS} days of that operation, late is later."
)
EVENT_RULE: Final = (
    "event-1: records of one kind, one patient and one day are one event [proposal]; it counts "
    "with the highest grade and the highest level of care among them."
)
TIME_RULE: Final = (
    "time-at-risk-1: a patient is at risk on the days of therapy within the period, both ends "
    "included, until death, transfer to another centre or loss to follow-up. Where the start of "
    "therapy is unknown, from the first day of the period; where that is open, too, not at all "
    "[proposal]."
)


class ComplicationKind(StrEnum):
    """Groups of the registry's list; infection is told from the other events of a wound."""

    INFECTION = "infection"
    WOUND = "wound"
    FLUID = "fluid"
    CATHETER = "catheter"
    PUMP = "pump"
    WITHDRAWAL = "withdrawal"
    OVERDOSE = "overdose"
    GENERAL = "general"


KIND_LABELS: Final = {
    ComplicationKind.INFECTION: "Infection",
    ComplicationKind.WOUND: "Wound, no infection named",
    ComplicationKind.FLUID: "CSF and fluid",
    ComplicationKind.CATHETER: "Catheter",
    ComplicationKind.PUMP: "Pump",
    ComplicationKind.WITHDRAWAL: "Withdrawal",
    ComplicationKind.OVERDOSE: "Overdose",
    ComplicationKind.GENERAL: "Of the operation and therapy",
}

INFECTIONS: Final = {
    "infection_superficial": "Superficial infection",
    "infection_pocket": "Infection of the pocket",
    "infection_track": "Infection of the track",
    "meningitis": "Meningitis",
}
"""What counts as an infection; erythema, discharge, dehiscence and the like do not [proposal]."""

DEEP_INFECTIONS: Final = frozenset({"infection_pocket", "infection_track", "meningitis"})

CSF_LEAKS: Final = frozenset(
    {"csf_wound_leak", "csf_leak_dural_entry", "pseudomeningocele", "pocket_csf_collection"}
)

GRADES: Final = {
    "grade_i": "I",
    "grade_ii": "II",
    "grade_iii": "III",
    "grade_iva": "IVa",
    "grade_ivb": "IVb",
    "grade_v": "V",
}
CARE: Final = {
    "none": "None",
    "ed_only": "Emergency department only",
    "ward": "Ward",
    "hdu": "High dependency unit",
    "icu": "Intensive care unit",
}
ADMITTED: Final = frozenset({"ward", "hdu", "icu"})


PUMP: Final = "pump"


class OperationKind(StrEnum):
    PRIMARY = "primary"
    REPLACEMENT = "replacement"
    OTHER = "other"


class Timing(StrEnum):
    EARLY = "early"
    LATE = "late"
    NO_OPERATION = "no_operation"


@dataclass(frozen=True, slots=True)
class Operation:
    operation_id: str
    performed_on: date
    kind: OperationKind


@dataclass(frozen=True, slots=True)
class Event:
    """Records of one kind on one day; `after` is the operation they belong to."""

    records: tuple[ComplicationFacts, ...]
    kind: ComplicationKind
    after: Operation | None

    @property
    def event_id(self) -> str:
        return self.records[0].complication_id

    @property
    def on(self) -> date:
        return self.records[0].occurred_on

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(record.code for record in self.records)

    @property
    def days_after(self) -> int | None:
        return None if self.after is None else (self.on - self.after.performed_on).days

    @property
    def timing(self) -> Timing:
        if self.days_after is None:
            return Timing.NO_OPERATION
        return Timing.EARLY if self.days_after <= EARLY_DAYS else Timing.LATE

    @property
    def grade(self) -> str:
        """The highest; empty if none was given."""
        return _highest((record.grade for record in self.records), GRADES)

    @property
    def care(self) -> str:
        """The highest level of hospital care; empty if none is known."""
        return _highest((record.hospitalisation for record in self.records), CARE)

    @property
    def needed_surgery(self) -> bool:
        return any(record.needed_surgery == "yes" for record in self.records)


@dataclass(frozen=True, slots=True)
class ComplicationCourse:
    """A patient with operations and events of the period.

    `ever` are all events known, for the operations of the period whose window ends after it.
    `days_at_risk` is None where the start of therapy is unknown and the period open.
    """

    patient: PatientFacts
    operations: tuple[Operation, ...]
    events: tuple[Event, ...]
    ever: tuple[Event, ...]
    at_risk: Period | None

    @property
    def counted(self) -> bool:
        return bool(self.operations or self.events)

    @property
    def days_at_risk(self) -> int | None:
        if self.at_risk is None or self.at_risk.first is None:
            return None
        return max(0, (self.at_risk.last - self.at_risk.first).days + 1)

    @property
    def events_at_risk(self) -> tuple[Event, ...]:
        return tuple(
            one for one in self.events if self.at_risk is not None and self.at_risk.contains(one.on)
        )

    def of(self, *kinds: ComplicationKind) -> tuple[Event, ...]:
        return tuple(one for one in self.events if one.kind in kinds)


def kind_of(record: ComplicationFacts) -> ComplicationKind:
    if record.code in INFECTIONS:
        return ComplicationKind.INFECTION
    if record.code_group == ComplicationKind.INFECTION:
        return ComplicationKind.WOUND
    return ComplicationKind(record.code_group)


def courses(patients: Sequence[PatientFacts], period: Period) -> dict[str, ComplicationCourse]:
    """Everybody in therapy, operated on or with a complication in the period, by id."""
    found = {}
    for patient in patients:
        one = course(patient, period)
        if one.counted or in_therapy(patient, period):
            found[patient.patient_id] = one
    return found


def course(patient: PatientFacts, period: Period) -> ComplicationCourse:
    operations = _operations(patient)
    events = _events(patient.of(ComplicationFacts), operations)
    return ComplicationCourse(
        patient=patient,
        operations=tuple(one for one in operations if period.contains(one.performed_on)),
        events=tuple(one for one in events if period.contains(one.on)),
        ever=events,
        at_risk=_at_risk(patient, period),
    )


def window_closed(operation: Operation, as_of: date, days: int = EARLY_DAYS) -> bool:
    """Whether everything that could happen within the window is known by the cut-off."""
    return operation.performed_on + timedelta(days=days) <= as_of


def _operations(patient: PatientFacts) -> tuple[Operation, ...]:
    found = [
        Operation(one.surgery_id, one.performed_on, _kind(one.procedures))
        for one in patient.of(ProcedureFacts)
    ]
    days = {one.performed_on for one in found}
    for pump in patient.of(ComponentFacts):
        on = pump.implanted_on
        if pump.kind == PUMP and pump.precision == "day" and on is not None and on not in days:
            first = on == patient.therapy_from
            kind = OperationKind.PRIMARY if first else OperationKind.REPLACEMENT
            found.append(Operation(pump.component_id, on, kind))
            days.add(on)
    return tuple(sorted(found, key=lambda one: (one.performed_on, one.operation_id)))


def _kind(procedures: Sequence[str]) -> OperationKind:
    if "pump_implant_primary" in procedures:
        return OperationKind.PRIMARY
    if any(code.startswith("pump_replacement_") for code in procedures):
        return OperationKind.REPLACEMENT
    return OperationKind.OTHER


def _events(
    records: Iterable[ComplicationFacts], operations: Sequence[Operation]
) -> tuple[Event, ...]:
    together: dict[tuple[ComplicationKind, date], list[ComplicationFacts]] = defaultdict(list)
    for record in records:
        together[kind_of(record), record.occurred_on].append(record)
    return tuple(
        Event(tuple(same), kind, _after(same, on, operations))
        for (kind, on), same in together.items()
    )


def _after(
    records: Sequence[ComplicationFacts], on: date, operations: Sequence[Operation]
) -> Operation | None:
    before = [one for one in operations if one.performed_on <= on]
    named = {record.surgery_id for record in records}
    return next(
        (one for one in before if one.operation_id in named), before[-1] if before else None
    )


def _at_risk(patient: PatientFacts, period: Period) -> Period | None:
    starts = [day for day in (patient.therapy_from, period.first) if day is not None]
    if not starts:
        return None
    ends = (period.last, patient.therapy_to, patient.died_on, _left_on(patient))
    return Period(first=max(starts), last=min(day for day in ends if day is not None))


def _left_on(patient: PatientFacts) -> date | None:
    """The last departure, unless the patient was seen again."""
    left = max((one.left_on for one in patient.of(DepartureFacts)), default=None)
    seen = (
        *(study.performed_on for study in patient.studies),
        *(one.performed_on for one in patient.of(ProcedureFacts)),
        *(one.occurred_on for one in patient.of(ComplicationFacts)),
    )
    return None if left is None or any(day > left for day in seen) else left


def _highest(codes: Iterable[str], order: Mapping[str, str]) -> str:
    ranks = list(order)
    return max((code for code in codes if code in order), key=ranks.index, default="")
