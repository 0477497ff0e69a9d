"""Who was operated on, by what the study showed, and whether the read was blind to it."""

from collections.abc import Mapping
from typing import Final

from .codes import StudyOutcome
from .index_study import NOT_READ, RESULT_LABELS, Group, IndexedPatient, joined
from .protocol import Column, TableDescription
from .result import Cell, Table

TOTAL: Final = "total"

WITHOUT_READ: Final = (
    StudyOutcome.STOPPED_NOT_ASPIRABLE,
    StudyOutcome.STOPPED_OTHER,
    NOT_READ,
)

VERIFICATION: Final = TableDescription(
    key="verification",
    label="Operation by result of the study",
    columns=(
        Column("key", "Key"),
        Column("label", "Result of the study"),
        Column("studied", "Studied", counts=True),
        Column("operated", "Operated", counts=True),
        Column("not_operated", "Not operated", counts=True),
        Column("read_blind", "Read before the day of operation", counts=True),
        Column("read_not_blind", "Read on that day or later", counts=True),
    ),
    note=(
        "Who is operated on depends on the result. A study that was stopped or not read has no "
        "read to be blind, which is left empty rather than 0."
    ),
)


def verification_table(cohort: Mapping[str, IndexedPatient], groups: Mapping[str, Group]) -> Table:
    """One row per result a study can have, and their total."""
    lines = [(result, label, groups[result]) for result, label in RESULT_LABELS.items()]
    lines.append((TOTAL, "All studied patients", joined(groups, RESULT_LABELS)))
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for key, label, group in lines:
        shares = {
            "studied": group.everybody,
            "operated": group.operated,
            "not_operated": group.not_operated,
        }
        if key not in WITHOUT_READ:
            shares["read_blind"] = _operated_with(cohort, group, blind=True)
            shares["read_not_blind"] = _operated_with(cohort, group, blind=False)
        counts = [
            len(shares[column.key]) if column.key in shares else None
            for column in VERIFICATION.columns
            if column.counts
        ]
        rows.append((str(key), label, *counts))
        cells |= {(str(key), column): share for column, share in shares.items()}
    return VERIFICATION.filled(rows, cells)


def _operated_with(
    cohort: Mapping[str, IndexedPatient], group: Group, *, blind: bool
) -> tuple[str, ...]:
    return tuple(one for one in group.operated if _blind(cohort[one]) is blind)


def _blind(one: IndexedPatient) -> bool | None:
    """Whether the counted read was blind; None if there is no such read or no operation."""
    return None if one.read is None or one.pair is None else one.pair.blind
