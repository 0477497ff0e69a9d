"""How long each component was watched within a period, and how watching it ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final

from .component_facts import ComponentFacts
from .devices import ComponentKind
from .follow_up import CENSORED, FollowUp
from .selection import Period


class End(IntEnum):
    """How watching a component ended; the codes are the causes of a `FollowUp`."""

    WATCHED = CENSORED
    FAILURE = 1
    BATTERY = 2
    INFECTION = 3
    OTHER = 4
    NO_REASON = 5
    DEATH = 6


END_LABELS: Final = {
    End.FAILURE: "Device failure",
    End.BATTERY: "Planned for its battery",
    End.INFECTION: "Infection",
    End.OTHER: "Another reason",
    End.NO_REASON: "Reason not recorded",
    End.DEATH: "Death",
}

REVISED: Final = frozenset({End.FAILURE, End.BATTERY, End.INFECTION, End.OTHER, End.NO_REASON})

PUMP_FAILURES: Final = frozenset({"motor_stall", "battery_premature"})
CATHETER_FAILURES: Final = frozenset(
    {
        "catheter_occlusion",
        "catheter_kink",
        "catheter_fracture_or_tear",
        "catheter_disconnection_pump",
        "catheter_disconnection_splice",
        "catheter_migration_intraspinal",
        "catheter_out_of_canal",
    }
)
PLANNED_BATTERY: Final = frozenset({"battery_eri", "battery_eos"})
INFECTIONS: Final = frozenset({"infection_superficial", "infection_deep_pocket", "meningitis"})

MOVES: Final[Mapping[str, ComponentKind]] = {
    "pump_reposition": ComponentKind.PUMP,
    "tip_reposition": ComponentKind.SPINAL_SEGMENT,
    "catheter_reanchor": ComponentKind.SPINAL_SEGMENT,
}
"""Procedures that move a component and leave it in."""

ENDPOINT_RULE: Final = (
    "endpoint-1 [proposal]: any-cause revision is the first removal, replacement or reposition of "
    "a component, for any reason; a pump is moved by its reposition, a spinal segment by a "
    "reposition of the tip or a new anchor. Device failure is a revision for motor stall or "
    "premature battery of a pump, and for occlusion, kink, fracture or tear, disconnection or "
    "migration of a catheter. A pump that lies wrongly, a failed reservoir and a repair that "
    "leaves the part in place are no device failure here. The reason is that of the removal, else "
    "the indication of the operation."
)

ENTRY_RULE: Final = (
    "entry-2 [proposal]: a component is watched from its implantation. One that was implanted "
    "before the log of its centre was complete, as the centre says, or before the first day of the "
    "period, is at risk from the later of these days on (delayed entry); revisions per patient "
    "count from the same day. Where a centre has not said, its log is taken as complete from the "
    "first day of the period, or ever since if the period has none. Watching ends with revision, "
    "death, loss or transfer of the patient, or the end of the period. A component of which no end "
    "is logged counts as in place."
)

FIRST_ENTRY_RULE: Final = (
    "entry-1 [proposal]: the registry does not know when a centre began to log. A component is "
    "watched from its implantation, and one implanted before the first day of the period from that "
    "day on (delayed entry); so begin the period where the centre's log is complete. Watching ends "
    "with revision, death, loss or transfer of the patient, or the end of the period. A component "
    "of which no end is logged counts as in place."
)


@dataclass(frozen=True, slots=True)
class Move:
    """A component of this kind was moved and left in."""

    moved_on: date
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Course:
    """One component as it was watched in the period; days count from its implantation.

    `ended_on` is the day of `exit_day`.
    """

    component: ComponentFacts
    patient_id: str
    centre: str
    entry_day: int
    exit_day: int
    end: End
    ended_on: date

    @property
    def implanted_on(self) -> date:
        day = self.component.implanted_on
        assert day is not None
        return day

    @property
    def days(self) -> int:
        return self.exit_day - self.entry_day


def cause_of(kind: str, reason: str) -> End:
    """Which kind of revision a reason makes of the end of a component."""
    if not reason:
        return End.NO_REASON
    if reason in (PUMP_FAILURES if kind == ComponentKind.PUMP else CATHETER_FAILURES):
        return End.FAILURE
    if kind == ComponentKind.PUMP and reason in PLANNED_BATTERY:
        return End.BATTERY
    return End.INFECTION if reason in INFECTIONS else End.OTHER


def course(
    component: ComponentFacts,
    *,
    patient_id: str,
    centre: str,
    moves: Iterable[Move],
    reason_of_surgery: Mapping[str, str],
    gone_on: date | None,
    died_on: date | None,
    period: Period,
) -> Course | None:
    """The component within the period; None if it was not watched in it.

    Parameters
    ----------
    reason_of_surgery
        Indication by operation, for a removal without a reason of its own.
    gone_on
        When the centre lost the patient, to another centre or out of sight.
    """
    implanted_on = component.implanted_on
    if implanted_on is None or implanted_on > period.last:
        return None
    ends = [(period.last, 2, End.WATCHED)]
    if gone_on is not None:
        ends.append((gone_on, 2, End.WATCHED))
    if died_on is not None:
        ends.append((died_on, 1, End.DEATH))
    if component.removed_on is not None:
        reason = component.removal_reason or reason_of_surgery.get(component.removed_by, "")
        ends.append((component.removed_on, 0, cause_of(component.kind, reason)))
    ends += [
        (move.moved_on, 0, cause_of(component.kind, move.reason))
        for move in moves
        if move.kind == component.kind and move.moved_on > implanted_on
    ]
    # On one day a revision comes before a death, and both before the end of watching.
    ended_on, _, end = min(ends)
    first = period.first
    if ended_on < implanted_on or (first is not None and ended_on < first):
        return None
    # At risk on the days after the entry, so the first day of the period is one of them.
    entry_day = 0 if first is None else max((first - implanted_on).days - 1, 0)
    exit_day = (ended_on - implanted_on).days
    return Course(component, patient_id, centre, entry_day, exit_day, end, ended_on)


def follow_up(courses: Sequence[Course]) -> FollowUp:
    """By how each ended: every `End` is a cause of its own."""
    return FollowUp.of(
        entry_day=[one.entry_day for one in courses],
        exit_day=[one.exit_day for one in courses],
        cause=[int(one.end) for one in courses],
    )


def revised(courses: Sequence[Course]) -> FollowUp:
    """Any-cause revision as cause 1, death as cause 2."""
    return FollowUp.of(
        entry_day=[one.entry_day for one in courses],
        exit_day=[one.exit_day for one in courses],
        cause=[
            1 if one.end in REVISED else 2 if one.end is End.DEATH else CENSORED for one in courses
        ],
    )
