"""The tables and curves of the times: per step, by day, by path, and who waits longest."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from .aalen_johansen import IncidenceCurve, cumulative_incidence
from .case_course import STEP_LABELS, CaseCourse, End, Span, quantile, spans
from .follow_up import FollowUp
from .protocol import Column, TableDescription
from .result import Cell, Curve, Table

Ids = tuple[str, ...]
Courses = Mapping[str, CaseCourse]

CHECKED_DAYS: Final = (7, 30, 90, 180, 365)
REACHED: Final = 1
ENDED: Final = 2
LONGEST: Final = 20

TIMES: Final = TableDescription(
    key="times",
    label="Days for each step",
    columns=(
        Column("key", "Key"),
        Column("label", "Step"),
        Column("started", "Began", counts=True),
        Column("reached", "Got there", counts=True),
        Column("ended", "Ended without", counts=True),
        Column("waiting", "Still waiting", counts=True),
        Column("first_quartile", "First quartile"),
        Column("median", "Median"),
        Column("third_quartile", "Third quartile"),
        Column("longest", "Longest"),
        Column("half_by", "Half of all by day"),
    ),
    note=(
        "Quartiles are of those who got there, in days, and so flatter a centre where many wait. "
        "The last column is the day by which half of all who began had got there (Aalen-Johansen); "
        "a dash: not half of them have."
    ),
)

BY_DAY: Final = TableDescription(
    key="by_day",
    label="Who had got there by a day",
    columns=(
        Column("key", "Key"),
        Column("label", "Step"),
        Column("day", "Day"),
        Column("at_risk", "Still waiting then"),
        Column("value", "Had got there"),
        Column("lower", "Lower limit"),
        Column("upper", "Upper limit"),
    ),
    note=(
        "Cumulative incidence (Aalen-Johansen, complementary log-log interval): those who still "
        "wait count up to the cut-off, those whose case ended in another way stay in the "
        "denominator. Nothing is said of days beyond which nobody was watched."
    ),
)

PATHS: Final = TableDescription(
    key="paths",
    label="Ways and ends",
    columns=(
        Column("key", "Key"),
        Column("label", "Way"),
        Column("restored", "Therapy restored", counts=True),
        Column("ended", "Ended otherwise", counts=True),
        Column("waiting", "Still open", counts=True),
        Column("cases", "Cases", counts=True),
    ),
)

WAITING: Final = TableDescription(
    key="longest_waits",
    label="Who waits longest",
    columns=(
        Column("key", "Key"),
        Column("label", "Waits for"),
        Column("days", "Days since suspicion"),
        Column("cases", "Case", counts=True),
    ),
    note=f"Open cases at the cut-off, at most {LONGEST}.",
)

NOTES: Final = TableDescription(
    key="case_notes",
    label="Notes on the data",
    columns=(
        Column("key", "Key"),
        Column("label", "Note"),
        Column("cases", "Cases", counts=True),
    ),
)

PATH_LABELS: Final = {
    (True, True): ("ct_operated", "CT, then operation"),
    (True, False): ("ct_only", "CT, no operation"),
    (False, True): ("operated_only", "Operation without CT"),
    (False, False): ("neither", "Neither"),
}

NOTE_WORDS: Final[Mapping[str, tuple[str, Callable[[CaseCourse], bool]]]] = {
    "synthetic": ("Record contains synthetic values", lambda one: one.patient.synthetic),
    "ct_before_suspicion": (
        "CT before the day the problem was raised; no step",
        lambda one: any(s.performed_on < one.case.opened_on for s in one.studies),
    ),
    "operated_before_suspicion": (
        "Operation before the day the problem was raised; no step",
        lambda one: any(s.performed_on < one.case.opened_on for s in one.surgeries),
    ),
    "ct_after_operation": (
        "CT after the operation; no step",
        lambda one: any(
            one.operated is not None and s.performed_on > one.operated for s in one.studies
        ),
    ),
    "several_studies": ("Several CT contrast studies", lambda one: len(one.studies) > 1),
    "several_operations": ("Several operations", lambda one: len(one.surgeries) > 1),
}


def times_table(courses: Courses) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for step, label in STEP_LABELS.items():
        every = spans(courses.values(), step)
        days = [span.days for span in every if span.reached]
        members = {
            "started": _ids(every),
            "reached": _ids([span for span in every if span.reached]),
            "ended": _ids([span for span in every if span.ended]),
            "waiting": _ids([span for span in every if not span.reached and not span.ended]),
        }
        cells |= {(step.value, column): found for column, found in members.items()}
        quartiles = (quantile(days, share) for share in (0.25, 0.5, 0.75))
        half = next((p.day for p in _incidence(every).points if p.incidence >= 0.5), None)
        spent = (*quartiles, max(days, default=None), half)
        rows.append((step.value, label, *map(len, members.values()), *spent))
    return TIMES.filled(rows, cells)


def by_day_table(courses: Courses) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for step, label in STEP_LABELS.items():
        curve = _incidence(spans(courses.values(), step))
        for day in CHECKED_DAYS:
            at = curve.at(day) if curve.follow_up.observed else None
            known = at is not None and at.at_risk is not None
            found = (at.at_risk, at.value, at.lower, at.upper) if at and known else (None,) * 4
            rows.append((f"{step.value}_{day}", label, day, *found))
    return BY_DAY.filled(rows, {})


def paths_table(courses: Courses) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for (ct, operated), (key, label) in PATH_LABELS.items():
        here = {
            case_id: one
            for case_id, one in courses.items()
            if (one.ct is not None, one.operated is not None) == (ct, operated)
        }
        members = {
            end.value: tuple(sorted(i for i, one in here.items() if one.end is end)) for end in End
        } | {"cases": tuple(sorted(here))}
        cells |= {(key, column): found for column, found in members.items()}
        rows.append((key, label, *map(len, members.values())))
    return PATHS.filled(rows, cells)


def longest_waits_table(courses: Courses) -> Table:
    waiting = sorted(
        (one for one in courses.values() if one.end is End.WAITING),
        key=lambda one: (one.case.opened_on, one.case.case_id),
    )[:LONGEST]
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], Ids] = {}
    for number, one in enumerate(waiting, start=1):
        key = f"wait_{number}"
        rows.append((key, _waits_for(one), (one.as_of - one.case.opened_on).days, 1))
        cells[key, "cases"] = (one.case.case_id,)
    return WAITING.filled(rows, cells)


def notes_table(courses: Courses) -> Table:
    found = {
        key: tuple(sorted(case_id for case_id, one in courses.items() if concerns(one)))
        for key, (_, concerns) in NOTE_WORDS.items()
    }
    return NOTES.filled(
        rows=[(key, NOTE_WORDS[key][0], len(members)) for key, members in found.items()],
        cells={(key, "cases"): members for key, members in found.items()},
    )


def curves(courses: Courses) -> tuple[Curve, ...]:
    """Share who had got there by each day, and how many took how many days."""
    drawn: list[Curve] = []
    for step, label in STEP_LABELS.items():
        every = spans(courses.values(), step)
        points = [
            (point.day, point.incidence, point.lower, point.upper, point.at_risk)
            for point in _incidence(every).points
        ]
        columns = ("day", "share", "lower", "upper", "at_risk")
        drawn.append(Curve(f"reached_{step.value}", label, columns, tuple(points)))
        taken = Counter(span.days for span in every if span.reached)
        drawn.append(
            Curve(f"days_{step.value}", label, ("day", "cases"), tuple(sorted(taken.items())))
        )
    return tuple(drawn)


def _incidence(every: list[Span]) -> IncidenceCurve:
    causes = [REACHED if span.reached else ENDED if span.ended else 0 for span in every]
    followed = FollowUp.of(exit_day=[span.days for span in every], cause=causes)
    return cumulative_incidence(followed, cause=REACHED, unit="cases")


def _waits_for(one: CaseCourse) -> str:
    if one.operated is not None:
        return "Restored therapy, after an operation"
    return "A CT or operation" if one.ct is None else "What follows the CT"


def _ids(found: list[Span]) -> Ids:
    return tuple(sorted(span.case_id for span in found))
