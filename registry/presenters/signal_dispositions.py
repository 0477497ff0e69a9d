"""Device signals with what people made of them: for page, paper, CSV and JSON alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from registry.audit.device_signals import INPUTS, SIGNALS
from registry.audit.printed_signals import (
    Printed,
    PrintedSignal,
    has_signals,
    printed_signals,
    same_numbers,
)
from registry.audit.protocol import Form
from registry.models import SignalDisposition
from registry.queries import signal_dispositions
from registry.vocabulary import SignalDispositionCode

from .audit_tables import NOTHING, Cell, Column, Row, TableInWords
from .audit_words import Result, filter_line, limits_words, p_value, ratio

Stated = Mapping[str, Any]
"""A disposition as `queries.signal_dispositions.stated` and frozen reports give it."""

TABLE_KEY = "signal_dispositions"


@dataclass(frozen=True)
class Decision:
    """What one person made of a signal, and whether they had other numbers than those beside it."""

    label: str
    is_own: bool
    reason: str
    by: str
    on: str
    as_of: str
    rule: str
    numbers: str
    other_numbers: bool


@dataclass(frozen=True)
class SignalLine:
    """One signal; `decision` is None while it is open, `former` are those superseded, newest first.

    `numbers` is empty where the audit no longer has the device, `is_signal` false where the rule
    raises none now and people had decided about one.
    """

    key: str
    label: str
    is_signal: bool
    numbers: str
    decision: Decision | None
    former: tuple[Decision, ...]
    href: str | None


@dataclass(frozen=True)
class SignalPanel:
    lines: tuple[SignalLine, ...]

    @property
    def signals(self) -> int:
        return sum(line.is_signal for line in self.lines)

    @property
    def open(self) -> int:
        return sum(line.is_signal and line.decision is None for line in self.lines)


def panel(
    result: Result, decided: Sequence[Stated], *, href: Callable[[str], str] | None = None
) -> SignalPanel | None:
    """The signals of a result, those about which somebody must decide first; None without a rule.

    Parameters
    ----------
    decided
        Newest first.
    href
        From the key of a signal to the page that decides about it; None where nobody may.
    """
    if not has_signals(result):
        return None
    printed = printed_signals(result)
    about: dict[str, list[Stated]] = {}
    for one in decided:
        about.setdefault(one["signal"], []).append(one)
    raised = [key for key, signal in printed.items() if signal.flagged]
    lines = [
        _line(key, printed.get(key), about.get(key, []), href)
        for key in [*raised, *(key for key in about if key not in raised)]
    ]
    return SignalPanel(tuple(sorted(lines, key=lambda line: line.decision is not None)))


def _line(
    key: str,
    signal: PrintedSignal | None,
    decided: Sequence[Stated],
    href: Callable[[str], str] | None,
) -> SignalLine:
    decisions = [decision(one, None if signal is None else signal.inputs) for one in decided]
    is_signal = signal is not None and signal.flagged is True
    return SignalLine(
        key=key,
        label=decided[0]["label"] if signal is None else signal.label,
        is_signal=is_signal,
        numbers="" if signal is None else numbers_in_words(signal.inputs),
        decision=decisions[0] if decisions else None,
        former=tuple(decisions[1:]),
        href=href(key) if href and is_signal else None,
    )


def decision(one: Stated, now: Printed | None) -> Decision:
    """In words, beside the numbers as they are now; None: the audit has the device no longer."""
    term = SignalDispositionCode(one["disposition"]).term
    decided_at = datetime.fromisoformat(one["decided_at"]).astimezone(UTC)
    return Decision(
        label=term.label,
        is_own=term.status == "own",
        reason=one["reason"],
        by=one["decided_by"],
        on=f"{decided_at:%Y-%m-%d}",
        as_of=one["as_of"],
        rule=one["rule"],
        numbers=numbers_in_words(one["inputs"]),
        other_numbers=now is None or not same_numbers(one["inputs"], now),
    )


def of_record(one: SignalDisposition) -> Decision:
    """A stored one by itself, beside its own numbers."""
    return decision(signal_dispositions.stated(one), one.inputs)


def scope_words(one: SignalDisposition) -> str:
    """Centres, period and limits it was decided for."""
    # Signals are raised over components alone.
    return filter_line(
        {"filters": one.filters, "as_of": one.as_of.isoformat(), "unit": "components"}
    )


def numbers_in_words(inputs: Printed) -> str:
    """Every number the rule looked at, in one sentence."""
    row, further = inputs[SIGNALS.key], inputs[INPUTS.key]
    limits = limits_words(further["rate_lower"], further["rate_upper"], Form.RATIO)  # type: ignore[arg-type]
    p = row["p"]
    return (
        f"{row['revised']} events in {row['primaries']} components and {_two(further['years'])} "
        f"component-years: {_two(further['rate'])} per 100 years ({limits or NOTHING}). Group: "
        f"{further['group_events']} in {further['group_n']} and {_two(further['group_years'])} "
        f"years, {_two(further['group_rate'])} per 100; left out of it: {further['left_out']}. "
        f"Rate over group's {_two(row['ratio'])}, events expected {_two(further['expected'])}, "
        f"p {NOTHING if p is None else p_value(float(p))}."
    )


def _two(value: Any) -> str:
    return ratio(value) or NOTHING


def count_words(found: SignalPanel) -> str:
    if not found.signals:
        return "The rule raises no signal. That is no all-clear."
    what = "signal" if found.signals == 1 else "signals"
    return f"{found.signals} {what}, {found.open} open: nobody decided yet what it means."


def on_paper(result: Result, decided: Sequence[Stated] | None) -> list[TableInWords]:
    """The table of the signals, where there are any."""
    found = None if decided is None else panel(result, decided)
    return [table(found)] if found and found.lines else []


def in_json(result: Result, decided: Sequence[Stated] | None) -> dict[str, Any]:
    """The result, with the dispositions where its audit can have any."""
    return dict(result) | ({} if decided is None else {"dispositions": list(decided)})


def table(found: SignalPanel) -> TableInWords:
    """For paper: everything the page says of the signals."""
    rows = []
    for line in found.lines:
        rows.append(
            Row(
                (
                    Cell(line.label if line.is_signal else f"{line.label} (no signal now)"),
                    Cell(line.numbers or "The audit no longer has the device."),
                    Cell("OPEN" if line.decision is None else _decided(line.decision)),
                    Cell("" if line.decision is None else _compared(line.decision)),
                )
            )
        )
        rows += [
            Row(
                (
                    Cell("\N{EM SPACE}before that"),
                    Cell(former.numbers),
                    Cell(_decided(former)),
                    Cell("superseded"),
                )
            )
            for former in line.former
        ]
    return TableInWords(
        key=TABLE_KEY,
        title="Device signals and what people decided",
        note=(
            f"{count_words(found)} Dispositions are a list of our own [own]; each was decided for "
            "these centres, this period and these limits."
        ),
        columns=tuple(
            Column(label) for label in ("Signal", "Numbers", "Disposition", "On which numbers")
        ),
        rows=tuple(rows),
    )


def _decided(one: Decision) -> str:
    own = " [own]" if one.is_own else ""
    return f"{one.label}{own}: {one.reason} ({one.by}, {one.on})"


def _compared(one: Decision) -> str:
    if one.other_numbers:
        return f"Decided on other numbers, data as of {one.as_of}: {one.numbers}"
    return f"On these numbers, data as of {one.as_of}"
