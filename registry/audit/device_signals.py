"""The tables of the device-signal rule: every input, every condition, and what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from .component_groups import Group
from .component_tables import ENDPOINTS, Endpoint
from .device_signal import RULE, DeviceExperience, DeviceSignal, device_signal
from .protocol import Column, Form, TableDescription
from .result import Cell, Table

SIGNAL_RULE: Final = (
    f"{RULE} Here every component watched is a primary, also one that replaced another, and the "
    "group is all models of its kind in the chosen centres and period; where nothing happened in "
    "the group there is no rate to compare with [proposal]. A signal is a reason to look, no "
    "verdict; no signal is no all-clear."
)

RULE_VERSION: Final = "signal-1"
"""Raised when the same numbers could be judged otherwise; dispositions keep it."""

YES: Final = {True: "yes", False: "no", None: "–"}
FLAGS: Final = {True: "SIGNAL", False: "none", None: "cannot be told"}

SIGNALS: Final = TableDescription(
    key="signals",
    label="Device signals",
    columns=(
        Column("key", "Key"),
        Column("label", "Model and event"),
        Column("primaries", "n", counts=True),
        Column("revised", "Events", counts=True),
        Column("ratio", "Rate over group's", form=Form.RATIO),
        Column("p", "p", form=Form.P_VALUE),
        Column("ratio_exceeded", "above 2"),
        Column("p_small", "p < 0.05"),
        Column("enough", "10 or more"),
        Column("mostly", "75 % revised"),
        Column("signal", "Signal"),
    ),
    note=SIGNAL_RULE,
)

INPUTS: Final = TableDescription(
    key="signal_inputs",
    label="What the device signals were computed from",
    columns=(
        Column("key", "Key"),
        Column("label", "Model and event"),
        Column("years", "Component-years", form=Form.RATIO),
        Column("rate", "per 100 years", form=Form.RATIO),
        Column("rate_lower", "95 % interval", form=Form.RATIO),
        Column("rate_upper", "Upper limit", form=Form.RATIO),
        Column("group_n", "Group n"),
        Column("group_events", "Group events"),
        Column("group_years", "Group years", form=Form.RATIO),
        Column("group_rate", "Group rate", form=Form.RATIO),
        Column("expected", "Events expected", form=Form.RATIO),
        Column("left_out", "Left out of the group"),
    ),
    note=(
        "A model with more than a quarter of the group is left out of the group's rate. Expected "
        "are the events of the model's own component-years at the group's rate."
    ),
)


def signal_tables(kinds: Mapping[str, Sequence[Group]]) -> tuple[Table, Table]:
    """`kinds` holds the models of each kind of component."""
    rows: list[tuple[Cell, ...]] = []
    inputs: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for groups in kinds.values():
        labels = {group.key: group.label for group in groups}
        for endpoint in ENDPOINTS:
            experience = {group.key: _experience(group, endpoint) for group in groups}
            for group in groups:
                if not experience[group.key].component_days:
                    continue
                found = device_signal(group.key, experience)
                key = f"{group.key}-{endpoint.key}"
                label = f"{group.label}, {endpoint.label}"
                members = endpoint.members(group.courses)
                rows.append(_row(key, label, found))
                inputs.append(_inputs(key, label, found, labels))
                cells[key, "primaries"] = group.ids
                cells[key, "revised"] = members
    return SIGNALS.filled(rows, cells), INPUTS.filled(inputs, {})


def _experience(group: Group, endpoint: Endpoint) -> DeviceExperience:
    return DeviceExperience(
        primaries=len(group.courses),
        revisions=len(endpoint.members(group.courses)),
        component_days=sum(one.days for one in group.courses),
    )


def _row(key: str, label: str, found: DeviceSignal) -> tuple[Cell, ...]:
    if not found.group_rate.numerator:
        found = replace(found, p_value=None, ratio_exceeded=None, p_small=None, flagged=None)
    return (
        key,
        label,
        found.primaries,
        found.rate.numerator,
        found.ratio,
        found.p_value,
        YES[found.ratio_exceeded],
        YES[found.p_small],
        YES[found.enough_primaries],
        YES[found.mostly_revised],
        FLAGS[found.flagged],
    )


def _inputs(
    key: str, label: str, found: DeviceSignal, labels: Mapping[str, str]
) -> tuple[Cell, ...]:
    return (
        key,
        label,
        found.rate.denominator_years,
        *(found.rate.value, found.rate.lower, found.rate.upper),
        found.group_primaries,
        found.group_rate.numerator,
        found.group_rate.denominator_years,
        found.group_rate.value,
        found.expected,
        ", ".join(labels[one].partition(": ")[2] for one in found.left_out) or "none",
    )
