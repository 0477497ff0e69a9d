"""What a protocol counts under one of its versions."""

from dataclasses import replace
from datetime import date

from . import age_table, baseline_table
from .facts import Cohort
from .protocol import Protocol
from .result import Tally
from .selection import Filters


def counted(
    protocol: Protocol, known: Cohort, filters: Filters, as_of: date, *, version: str
) -> Tally:
    """The numbers of the protocol, and first among its tables who was counted and how old.

    Parameters
    ----------
    known
        Facts that have been limited to centres and `as_of`.
    version
        One of the protocol's; an earlier one may not have told who was counted.
    """
    tally = protocol.count(known, filters, as_of)
    if not protocol.prints(baseline_table.KEY, version=version):
        return tally
    members, period = tally.flow.boxes[0].members, filters.period(as_of)
    told = [
        baseline_table.baseline_table(protocol.table(baseline_table.KEY), known, members, period)
    ]
    if protocol.prints(age_table.KEY, version=version):
        told.append(age_table.ages_table(known, members, period, unit=protocol.unit))
    return replace(tally, tables=(*told, *tally.tables))
