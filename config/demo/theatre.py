"""The made-up list of the operating theatre: what was operated on at DEMO in two years.

It is the planned operations with what real lists get wrong, once each, so that the audit of data
quality has something to say about how complete the registry is.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from config.demo.marks import THEATRE_LIST_LOADED, mark
from config.demo.people import DEMO
from config.demo.plan import PatientPlan
from registry import actions, queries
from registry.actions.theatre_lists import SentLine

SENDER: Final = "manager"
COVERS_FROM: Final = date(2012, 1, 1)
COVERS_TO: Final = date(2013, 12, 31)
NOBODYS_NUMBER: Final = "DEMO-9999"


def load_theatre_list(plans: Iterable[PatientPlan], *, at: datetime) -> None:
    """Send the list once, in one transaction."""
    lines = planned_lines(plans)
    with transaction.atomic():
        centre = queries.centres.by_code(DEMO)
        actions.theatre_lists.send(
            centre=centre,
            by=queries.people.by_username(SENDER),
            at=at,
            file_sha256=_digest(lines),
            covers_from=COVERS_FROM,
            covers_to=COVERS_TO,
            lines=lines,
        )
        mark(THEATRE_LIST_LOADED, centre=centre, at=at)


def planned_lines(plans: Iterable[PatientPlan]) -> tuple[SentLine, ...]:
    """The operations by day: one left out, one a day late, one twice, two that nobody logged."""
    of_centre = [plan for plan in plans if plan.centre_code == DEMO]
    operated = sorted(
        (surgery.performed_on, plan.local_number)
        for plan in of_centre
        for episode in plan.episodes
        for surgery in episode.surgeries
        if COVERS_FROM <= surgery.performed_on <= COVERS_TO
    )
    _left_out, late, twice, *others = operated
    never_logged = next(plan.local_number for plan in of_centre if plan.episode is None)
    listed = [
        (late[0] + timedelta(days=1), late[1]),
        twice,
        twice,
        *others,
        (others[0][0] + timedelta(days=9), never_logged),
        (others[-1][0] + timedelta(days=9), NOBODYS_NUMBER),
    ]
    return tuple(
        SentLine(row=row, performed_on=day, number=number)
        for row, (day, number) in enumerate(sorted(listed), start=2)
    )


def _digest(lines: Iterable[SentLine]) -> str:
    text = "".join(f"{line.performed_on},{line.number}\n" for line in lines)
    return hashlib.sha256(f"day,number\n{text}".encode()).hexdigest()
