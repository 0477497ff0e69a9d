"""What each centre says of its log, and what is assumed where it says nothing."""

from collections.abc import Mapping, Sequence
from typing import Final

from .centre_log_facts import CentreLogFacts
from .facts import PatientFacts
from .protocol import Column, TableDescription
from .result import Cell, Table
from .selection import Period

CENTRE_LOGS: Final = TableDescription(
    key="centre_logs",
    label="From when the log of each centre is complete",
    columns=(
        Column("key", "Key"),
        Column("label", "Centre"),
        Column("components", "Components", counts=True),
        Column("complete_from", "Complete from, as the centre says"),
        Column("assumed", "Components are at risk from"),
    ),
    note=(
        "Whoever manages the centre says from when every operation is logged. A dash: nobody has "
        "said, and the curves are too good if earlier operations are missing."
    ),
)

FROM_IMPLANTATION: Final = "their implantation"


def log_of(patient: PatientFacts) -> CentreLogFacts | None:
    """None for facts that were stored before anybody asked."""
    return next(iter(patient.of(CentreLogFacts)), None)


def watched_period(patient: PatientFacts, period: Period) -> Period:
    """The part of the period in which the log of the patient's centre is complete.

    Where the centre has not said, the whole period.
    """
    log = log_of(patient)
    days = [] if log is None else [log.complete_from]
    known = [day for day in (period.first, *days) if day is not None]
    return Period(max(known, default=None), period.last)


def centre_logs_table(
    patients: Sequence[PatientFacts], components: Mapping[str, Sequence[str]], period: Period
) -> Table | None:
    """One row for each centre; None where the facts never heard of logs.

    Parameters
    ----------
    components
        Ids by centre.
    """
    one_of = {one.centre: one for one in patients}
    if all(log_of(one) is None for one in one_of.values()):
        return None
    rows: list[tuple[Cell, ...]] = []
    for centre, patient in sorted(one_of.items()):
        log = log_of(patient)
        said = None if log is None else log.complete_from
        first = watched_period(patient, period).first
        rows.append(
            (
                centre,
                centre,
                len(components.get(centre, ())),
                None if said is None else said.isoformat(),
                FROM_IMPLANTATION if first is None else first.isoformat(),
            )
        )
    cells = {(centre, "components"): tuple(sorted(ids)) for centre, ids in components.items()}
    return CENTRE_LOGS.filled(rows, cells)
