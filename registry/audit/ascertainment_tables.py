"""The tables of ascertainment: what became of every line, and which lists were counted."""

from collections.abc import Sequence
from typing import Final

from .capture_recapture import FEWEST_FOR_CERTAINTY, chapman
from .intervals import proportion
from .protocol import Column, Form, TableDescription
from .result import Cell, ComparedEstimate, Table
from .theatre_facts import TheatreListFacts
from .theatre_match import MISSED, STATE_LABELS, LineState, Match

ALL: Final = "all"

LINES: Final = TableDescription(
    key="theatre_lines",
    label="What became of every line of the theatre lists",
    columns=(
        Column("key", "Key"),
        Column("label", "Line"),
        Column("lines", "Lines", counts=True, unit="lines"),
    ),
    note="Each line is in exactly one row; a number opens the lines with their rows in the file.",
)

ASCERTAINMENT: Final = TableDescription(
    key="ascertainment",
    label="Theatre lists and registry, matched both ways",
    columns=(
        Column("key", "Key"),
        Column("label", "Centre"),
        Column("only_listed", "Listed, not logged", counts=True, unit="lines"),
        Column("both", "In both", counts=True, unit="lines"),
        Column("only_logged", "Logged, not listed", counts=True, unit="operations"),
        Column("value", "Of the list, logged", form=Form.PERCENT),
        Column("value_lower", "95 % interval", form=Form.PERCENT),
        Column("value_upper", "Upper limit", form=Form.PERCENT),
        Column("other_day", "On another day", counts=True, unit="lines"),
    ),
    note=(
        "Exact interval (Clopper-Pearson). A pair whose days differ is in both, and counted once "
        "more as on another day."
    ),
)

IN_ALL: Final = TableDescription(
    key="in_all",
    label="How many operations there are in all, estimated from both sources",
    columns=(
        Column("key", "Key"),
        Column("label", "Centre"),
        Column("seen", "In either"),
        Column("in_all", "Estimated in all", form=Form.RATIO),
        Column("in_all_lower", "95 % interval", form=Form.RATIO),
        Column("in_all_upper", "Upper limit", form=Form.RATIO),
        Column("reason", "Why not"),
    ),
    note=(
        "Two-source capture-recapture: Chapman 1951, variance Seber 1970, log-normal interval of "
        "those not seen, Chao 1989. It supposes that list and registry are independent, that each "
        "operation had the same chance to be in either, and that every match was made and none "
        f"wrongly. Sources that miss the same operations make it too small. With fewer than "
        f"{FEWEST_FOR_CERTAINTY} in both it is biased (Robson and Regier 1964)."
    ),
)

LISTS: Final = TableDescription(
    key="theatre_lists",
    label="Theatre lists that were counted",
    columns=(
        Column("key", "Key"),
        Column("label", "List"),
        Column("lines", "Lines", counts=True, unit="lines"),
        Column("left_out", "Left out by words"),
        Column("list_id", "Id"),
        Column("file_sha256", "SHA-256 of the file"),
    ),
    note="Withdrawn lists are not counted. Only day and keyed hash of each line were kept.",
)


def lines_table(match: Match) -> Table:
    """Nothing where no list was counted."""
    if not match.lines:
        return LINES.filled(rows=(), cells={})
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for state in LineState:
        ids = match.in_state(state)
        cells[state.value, "lines"] = ids
        rows.append((state.value, STATE_LABELS[state], len(ids)))
    ids = match.in_state(*LineState)
    cells["total", "lines"] = ids
    rows.append(("total", "All lines", len(ids)))
    return LINES.filled(rows=rows, cells=cells)


def ascertainment_table(match: Match, lists: Sequence[TheatreListFacts]) -> Table:
    """A row for each centre with a list, and one of all where there are several."""
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for key, label, part in _parts(match, lists):
        both, only_listed = part.in_state(LineState.FOUND), part.in_state(*MISSED)
        other_day = tuple(sorted(one.line_id for one in part.lines if one.days_apart))
        cells |= {
            (key, "only_listed"): only_listed,
            (key, "both"): both,
            (key, "only_logged"): part.unlisted,
            (key, "other_day"): other_day,
        }
        share = proportion(
            key=key,
            label=label,
            numerator=len(both),
            denominator=len(both) + len(only_listed),
            unit="lines",
        )
        counts = (len(only_listed), len(both), len(part.unlisted))
        limits = (share.value, share.lower, share.upper)
        rows.append((key, label, *counts, *limits, len(other_day)))
    return ASCERTAINMENT.filled(rows=rows, cells=cells)


def in_all_table(match: Match, lists: Sequence[TheatreListFacts]) -> Table:
    """Chapman's estimate for the same rows; why there is none stands in its place."""
    rows: list[tuple[Cell, ...]] = []
    for key, label, part in _parts(match, lists):
        both = len(part.in_state(LineState.FOUND))
        listed, logged = both + len(part.in_state(*MISSED)), both + len(part.unlisted)
        found = chapman(listed, logged, both)
        why = "nothing is in both" if found.value is None else None
        rows.append((key, label, found.seen, found.value, found.lower, found.upper, why))
    return IN_ALL.filled(rows=rows, cells={})


def lists_table(lists: Sequence[TheatreListFacts]) -> Table:
    ordered = sorted(lists, key=lambda one: (one.centre, one.covers_from, one.list_id))
    return LISTS.filled(
        rows=[
            (one.list_id, _words(one), len(one.lines), one.left_out, one.list_id, one.file_sha256)
            for one in ordered
        ],
        cells={
            (one.list_id, "lines"): tuple(sorted(map(one.line_id, one.lines))) for one in ordered
        },
    )


def _words(one: TheatreListFacts) -> str:
    kept = f"; only procedures with: {one.kept_words}" if one.kept_words else ""
    return f"{one.centre}, {one.covers_from} to {one.covers_to}, sent {one.sent_on}{kept}"


def _parts(match: Match, lists: Sequence[TheatreListFacts]) -> list[tuple[str, str, Match]]:
    centres = sorted({one.centre for one in lists})
    parts = [(centre, centre, match.of_centre(centre)) for centre in centres]
    return parts if len(parts) < 2 else [*parts, (ALL, "All centres", match)]


def ascertainment_estimates(match: Match) -> tuple[ComparedEstimate, ...]:
    """Both ways: of the lists, what was logged; of what was logged, what the lists hold."""
    both, missed = match.in_state(LineState.FOUND), match.in_state(*MISSED)
    logged = tuple(sorted(one.surgery.surgery_id for one in match.lines if one.surgery is not None))
    return (
        _estimate(
            "ascertained",
            "Operations of the theatre lists that were logged",
            both,
            tuple(sorted((*both, *missed))),
            "lines",
        ),
        _estimate(
            "listed",
            "Logged operations that the theatre lists hold",
            logged,
            tuple(sorted((*logged, *match.unlisted))),
            "operations",
        ),
    )


def _estimate(
    key: str, label: str, numerator: tuple[str, ...], denominator: tuple[str, ...], unit: str
) -> ComparedEstimate:
    estimate = proportion(
        key=key, label=label, numerator=len(numerator), denominator=len(denominator), unit=unit
    )
    return ComparedEstimate(estimate, numerator, denominator, published=None)
