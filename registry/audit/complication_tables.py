"""The tables of complications: by kind, by grade and care, after which operation, per year."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from .complication_course import (
    ADMITTED,
    CARE,
    DEEP_INFECTIONS,
    EARLY_DAYS,
    GRADES,
    INFECTIONS,
    KIND_LABELS,
    SHORTER_DAYS,
    ComplicationCourse,
    ComplicationKind,
    Event,
    Operation,
    OperationKind,
    Timing,
    window_closed,
)
from .event_rates import event_rate
from .intervals import clopper_pearson
from .protocol import Column, Form, TableDescription
from .result import Cell, Table

Ids = tuple[str, ...]
Courses = Mapping[str, ComplicationCourse]

KINDS: Final = TableDescription(
    key="kinds",
    label="Complications by kind",
    columns=(
        Column("key", "Key"),
        Column("label", "Kind"),
        Column("events", "Events", counts=True, unit="events"),
        Column("early", f"Within {EARLY_DAYS} days", counts=True, unit="events"),
        Column("late", "Later", counts=True, unit="events"),
        Column("no_operation", "No operation", counts=True, unit="events"),
        Column("admitted", "Admitted", counts=True, unit="events"),
        Column("needed_surgery", "Needed surgery", counts=True, unit="events"),
        Column("patients", "Patients", counts=True),
        Column("of_patients", "Of patients"),
        Column("value", "Proportion"),
        Column("lower", "Lower limit"),
        Column("upper", "Upper limit"),
    ),
    note=(
        f"Events of the period, within {EARLY_DAYS} days of operation, later, or with no operation "
        "known before; a patient may have several. The proportion is of all patients counted, "
        "whatever the length of their therapy in the period."
    ),
)

INFECTION_KINDS: Final = TableDescription(
    key="infections",
    label="Infections by place",
    columns=(
        Column("key", "Key"),
        Column("label", "Infection"),
        Column("early", f"Within {EARLY_DAYS} days of operation", counts=True, unit="events"),
        Column("late", f"Later than {EARLY_DAYS} days", counts=True, unit="events"),
        Column("no_operation", "No operation before", counts=True, unit="events"),
        Column("events", "Events", counts=True, unit="events"),
    ),
    note="One event may have several places, so the rows may add up to more than the total.",
)

NOT_GRADED: Final = "not_graded"
NOT_KNOWN: Final = "not_known"

GRADES_AND_CARE: Final = TableDescription(
    key="grades",
    label="Grade and hospital care",
    columns=(
        Column("key", "Key"),
        Column("label", "Clavien-Dindo-Sink"),
        *(
            Column(f"care_{code}", label, counts=True, unit="events")
            for code, label in CARE.items()
        ),
        Column("care_not_known", "Not recorded", counts=True, unit="events"),
        Column("total", "Events", counts=True, unit="events"),
    ),
    note=(
        "Every revision is grade III by definition, so the grade alone tells little: it stands "
        "beside the care that was needed."
    ),
)

AFTER: Final = TableDescription(
    key="after_operation",
    label="Infection after operation",
    columns=(
        Column("key", "Key"),
        Column("label", "Operation"),
        Column("operations", "Operations", counts=True, unit="operations"),
        Column("closed", f"With {EARLY_DAYS} days behind them", counts=True, unit="operations"),
        Column(
            "infected_60",
            f"Of these infected within {SHORTER_DAYS} days",
            counts=True,
            unit="operations",
        ),
        Column(
            "infected_90",
            f"Of these infected within {EARLY_DAYS} days",
            counts=True,
            unit="operations",
        ),
        Column("value", f"Infected within {EARLY_DAYS} days"),
        Column("lower", "Lower limit"),
        Column("upper", "Upper limit"),
    ),
    note=(
        f"An operation whose {EARLY_DAYS} days were not over at the cut-off is in no denominator. "
        "Exact 95 % intervals (Clopper-Pearson)."
    ),
)

RATES: Final = TableDescription(
    key="rates",
    label="Events per 100 patient-years",
    columns=(
        Column("key", "Key"),
        Column("label", "Events"),
        Column("events", "Events in therapy", counts=True, unit="events"),
        Column("patients", "Patients at risk", counts=True),
        Column("patient_years", "Patient-years", form=Form.RATIO),
        Column("rate", "Per 100 patient-years", form=Form.RATIO),
        Column("rate_lower", "95 % interval", form=Form.RATIO),
        Column("rate_upper", "Upper limit", form=Form.RATIO),
    ),
    note=(
        "Events and days of therapy within the period; exact Poisson intervals (Garwood), which "
        "suppose that events are independent. Early infections per year say little: they belong to "
        "operations, not to time."
    ),
)

NOTES: Final = TableDescription(
    key="complication_notes",
    label="Notes on the data",
    columns=(
        Column("key", "Key"),
        Column("label", "Note"),
        Column("counted", "Concerned", counts=True),
        Column("unit", "Counts"),
    ),
)

RATE_LABELS: Final = {
    "infection": "Infection, any time",
    "early_infection": f"Infection within {EARLY_DAYS} days of operation",
    "late_infection": f"Infection after {EARLY_DAYS} days or without operation",
    "catheter": "Catheter complication",
    "pump": "Pump complication",
    "any": "Any complication",
}


def is_infection(event: Event) -> bool:
    return event.kind is ComplicationKind.INFECTION


RATED: Final[Mapping[str, Callable[[Event], bool]]] = {
    "infection": is_infection,
    "early_infection": lambda e: is_infection(e) and e.timing is Timing.EARLY,
    "late_infection": lambda e: is_infection(e) and e.timing is not Timing.EARLY,
    "catheter": lambda e: e.kind is ComplicationKind.CATHETER,
    "pump": lambda e: e.kind is ComplicationKind.PUMP,
    "any": lambda e: True,
}

OPERATION_LABELS: Final[Mapping[str, str]] = {
    OperationKind.PRIMARY.value: "First pump",
    OperationKind.REPLACEMENT.value: "Pump replaced",
    OperationKind.OTHER.value: "Other operation",
    "total": "All",
}


def events_of(courses: Courses) -> list[Event]:
    return [event for _, one in sorted(courses.items()) for event in one.events]


def ids(events: Iterable[Event]) -> Ids:
    return tuple(sorted(event.event_id for event in events))


def patients_with(courses: Courses, holds: Callable[[Event], bool]) -> Ids:
    return tuple(sorted(key for key, one in courses.items() if any(map(holds, one.events))))


def share(numerator: int, denominator: int) -> tuple[float | None, float | None, float | None]:
    limits = clopper_pearson(numerator, denominator)
    if limits is None:
        return None, None, None
    return numerator / denominator, limits.lower, limits.upper


def kinds_table(courses: Courses) -> Table:
    shown: dict[str, tuple[str, Callable[[Event], bool]]] = {
        kind.value: (label, lambda event, kind=kind: event.kind is kind)  # type: ignore[misc]
        for kind, label in KIND_LABELS.items()
    }
    shown["total"] = "Any", lambda event: True
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for key, (label, holds) in shown.items():
        events = [event for event in events_of(courses) if holds(event)]
        members = {"events": ids(events), **_by_timing(events)} | {
            "admitted": ids(event for event in events if event.care in ADMITTED),
            "needed_surgery": ids(event for event in events if event.needed_surgery),
            "patients": patients_with(courses, holds),
        }
        cells |= {(key, column): found for column, found in members.items()}
        n = len(members["patients"])
        rows.append(
            (key, label, *map(len, members.values()), len(courses), *share(n, len(courses)))
        )
    return KINDS.filled(rows, cells)


def infections_table(courses: Courses) -> Table:
    infections = [event for event in events_of(courses) if is_infection(event)]
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for key, label in {**INFECTIONS, "total": "Any"}.items():
        events = [event for event in infections if key in event.codes or key == "total"]
        members = {**_by_timing(events), "events": ids(events)}
        cells |= {(key, column): found for column, found in members.items()}
        rows.append((key, label, *map(len, members.values())))
    return INFECTION_KINDS.filled(rows, cells)


def grades_table(courses: Courses) -> Table:
    events = events_of(courses)
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for key, label in {**GRADES, NOT_GRADED: "Not graded", "total": "All"}.items():
        graded = [one for one in events if key in (one.grade or NOT_GRADED, "total")]
        members = {
            f"care_{code}": ids(one for one in graded if (one.care or NOT_KNOWN) == code)
            for code in (*CARE, NOT_KNOWN)
        } | {"total": ids(graded)}
        cells |= {(key, column): found for column, found in members.items()}
        rows.append((key, label, *map(len, members.values())))
    return GRADES_AND_CARE.filled(rows, cells)


def after_operation_table(courses: Courses, as_of: date) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for key, label in OPERATION_LABELS.items():
        operations = [
            (one, operation)
            for one in courses.values()
            for operation in one.operations
            if key in (operation.kind, "total")
        ]
        closed = [(one, o) for one, o in operations if window_closed(o, as_of)]
        members = {
            "operations": _operation_ids(o for _, o in operations),
            "closed": _operation_ids(o for _, o in closed),
            "infected_60": followed_by(closed, is_infection, SHORTER_DAYS),
            "infected_90": followed_by(closed, is_infection, EARLY_DAYS),
        }
        cells |= {(key, column): found for column, found in members.items()}
        proportion = share(len(members["infected_90"]), len(closed))
        rows.append((key, label, *map(len, members.values()), *proportion))
    return AFTER.filled(rows, cells)


def followed_by(
    operations: Sequence[tuple[ComplicationCourse, Operation]],
    holds: Callable[[Event], bool],
    within_days: int | None = None,
) -> Ids:
    """Those of the operations to which such an event belongs, at any time unless days are given."""
    return _operation_ids(
        operation
        for one, operation in operations
        if any(
            event.after == operation
            and holds(event)
            and (within_days is None or (event.days_after or 0) <= within_days)
            for event in one.ever
        )
    )


def rates_table(courses: Courses) -> Table:
    at_risk = {key: one for key, one in courses.items() if one.days_at_risk}
    days = sum(one.days_at_risk or 0 for one in at_risk.values())
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for key, label in RATE_LABELS.items():
        events = ids(
            event for one in at_risk.values() for event in one.events_at_risk if RATED[key](event)
        )
        rate = event_rate(len(events), days, unit="events per 100 patient-years")
        cells |= {(key, "events"): events, (key, "patients"): tuple(sorted(at_risk))}
        years = rate.denominator_years
        rows.append(
            (key, label, len(events), len(at_risk), years, rate.value, rate.lower, rate.upper)
        )
    return RATES.filled(rows, cells)


def notes_table(courses: Courses, as_of: date) -> Table:
    everyone = sorted(courses.items())
    found: dict[str, tuple[str, str, Ids]] = {
        "synthetic": (
            "Record contains synthetic values", "patients",
            tuple(key for key, one in everyone if one.patient.synthetic),
        ),
        "without_time_at_risk": (
            "No day of therapy in the period is known; in no rate per year", "patients",
            tuple(key for key, one in everyone if not one.days_at_risk),
        ),
        "outside_therapy": (
            "Complication outside the known days of therapy; in no rate per year", "events",
            ids(e for _, one in everyone for e in set(one.events) - set(one.events_at_risk)),
        ),
        "window_open": (
            f"Operation whose {EARLY_DAYS} days were not over at the cut-off", "operations",
            _operation_ids(
                o for _, one in everyone for o in one.operations if not window_closed(o, as_of)
            ),
        ),
        "died_within_window": (
            f"Operation whose patient died within {EARLY_DAYS} days; kept in the denominators",
            "operations",
            _operation_ids(o for _, one in everyone for o in one.operations if _died(one, o)),
        ),
        "not_graded": (
            "Complication without a grade", "events",
            ids(event for event in events_of(courses) if not event.grade),
        ),
        "several_records": (
            "Several records of one kind and day, counted as one event", "events",
            ids(event for event in events_of(courses) if len(event.records) > 1),
        ),
    }  # fmt: skip
    return NOTES.filled(
        rows=[(key, label, len(members), unit) for key, (label, unit, members) in found.items()],
        cells={(key, "counted"): members for key, (_, _, members) in found.items()},
    )


def is_deep(event: Event) -> bool:
    return bool(event.codes & DEEP_INFECTIONS)


def _died(one: ComplicationCourse, operation: Operation) -> bool:
    died_on = one.patient.died_on
    return died_on is not None and (died_on - operation.performed_on).days <= EARLY_DAYS


def _by_timing(events: Sequence[Event]) -> dict[str, Ids]:
    return {
        timing.value: ids(event for event in events if event.timing is timing) for timing in Timing
    }


def _operation_ids(operations: Iterable[Operation]) -> Ids:
    return tuple(sorted(operation.operation_id for operation in operations))
