"""Checklists of a protocol, filled from a result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.audit.protocol import Protocol

from .answers import Answer
from .checklist import Checklist, Item
from .printed import Printed, PrintedTable


@dataclass(frozen=True, slots=True)
class Filled:
    """A checklist with the answer to each of its items, in their order."""

    checklist: Checklist
    answers: tuple[tuple[Item, Answer], ...]


def filled(result: Mapping[str, Any], protocol: Protocol) -> tuple[Filled, ...]:
    """The checklists the protocol declares.

    Parameters
    ----------
    result
        `AuditResult.to_json()`, fresh or from a frozen report: page, paper and bundle are filled
        from the same.
    """
    printed = Printed(result, _tables(result, protocol))
    return tuple(
        Filled(
            checklist,
            tuple(
                (item, replies[item.number].answer(printed))
                for item in checklist.items
            ),
        )
        for checklist, replies in protocol.reporting
    )  # fmt: skip


def _tables(result: Mapping[str, Any], protocol: Protocol) -> dict[str, PrintedTable]:
    """By key; a table an older protocol printed with other columns is called by its key."""
    printed = {one["key"]: one["columns"] for one in result["tables"]}
    return {
        one.key: PrintedTable(
            one.label if printed.get(one.key, keys) == keys else one.key,
            frozenset(column.key for column in one.columns if column.counts),
            frozenset(column.key for column in one.columns if column.form is not None),
        )
        for one in protocol.tables
        for keys in [[column.key for column in one.columns]]
    }
