"""The tables behind the swimmer plot: each lane with its parts, and who is not drawn."""

from collections.abc import Mapping
from typing import Final

from .component_course import END_LABELS
from .devices import KIND_LABELS, ComponentKind
from .lanes import CAUSE_CODES, MOST_LANES, Fits, How, LaneChoice, Left, Part, left, parts_of
from .protocol import Column, Form, TableDescription
from .result import Cell, Table

PATIENT: Final = "patient"
"""In the key of a row, what stands in the place of the kind of a component."""

LEFT_LABELS: Final[Mapping[Left, str]] = {
    Left.WATCHED: "Watched to the end",
    Left.GONE: "Lost or transferred",
    Left.DIED: "Died",
}
HOW_LABELS: Final[Mapping[How, str]] = {
    How.REPLACED: "Replaced",
    How.EXPLANTED: "Explanted",
    How.REMOVED: "Removed; whether replaced is not known",
    How.MOVED: "Moved, left in place",
    How.IN_PLACE: "In place",
    How.NO_DAY: "Day of implantation not known",
}

LANES: Final = TableDescription(
    key="lanes",
    label="Pump systems, patient by patient",
    columns=(
        Column("key", "Key"),
        Column("label", "Patient and part"),
        Column("from_day", "From day", form=Form.WHOLE),
        Column("to_day", "To day", form=Form.WHOLE),
        Column("ended", "How it ended"),
        Column("revisions", "Revisions", form=Form.WHOLE),
        Column("components", "Components", counts=True),
    ),
    note=(
        f"At most {MOST_LANES} patients [own]: those with most revisions first, then those watched "
        "longest; not a sample, and no rate can be read from it. Days count from the first "
        "component of the patient that is dated, "
        "which is day 0; one known to the month or year counts from its first day. A patient who "
        "came under observation later begins on the day before. A part that was moved goes on in a "
        "row of its own. Replaced: another of its kind was put in on that day or later; explanted: "
        "none was; removed: one may have been, and its day is not known. A part "
        "without a first day is not dated, not logged, or outside the limits."
    ),
    public=False,
)

LANES_DRAWN: Final = TableDescription(
    key="lanes_drawn",
    label="Patients drawn one by one, and the others",
    columns=(
        Column("key", "Key"),
        Column("label", "Patients"),
        Column("drawn", "Drawn", counts=True, unit="patients"),
        Column("left_out", "Not drawn", counts=True, unit="patients"),
        Column("all", "All", counts=True, unit="patients"),
    ),
    note="Patients under observation for repeated revisions.",
    public=False,
)


def lane_tables(choice: LaneChoice, fits: Fits) -> tuple[Table, Table]:
    """Both tables; `choice` has seen everybody."""
    return _lanes(choice, fits), _drawn(choice)


def _lanes(choice: LaneChoice, fits: Fits) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for number, lane in enumerate(choice.lanes, start=1):
        parts = parts_of(lane, fits)
        ended = left(lane)
        key = f"{number}:0:{PATIENT}:{ended}"
        ids = tuple(sorted(part.component_id for part in parts if part.component_id))
        cells[key, "components"] = ids
        rows.append(
            (
                key,
                f"Patient {number}",
                lane.entry_day,
                lane.exit_day,
                LEFT_LABELS[ended],
                len(lane.revision_days),
                len(ids),
            )
        )
        for place, part in enumerate(parts, start=1):
            key = ":".join([str(number), str(place), part.kind, *_ending(part)])
            if part.component_id:
                cells[key, "components"] = (part.component_id,)
            rows.append(
                (
                    key,
                    f"Patient {number}, {_words(part)}",
                    part.from_day,
                    part.to_day,
                    _ended(part),
                    None,
                    1 if part.component_id else None,
                )
            )
    return LANES.filled(rows, cells)


def _ending(part: Part) -> list[str]:
    return [part.how] if part.cause is None else [part.how, CAUSE_CODES[part.cause]]


def _words(part: Part) -> str:
    words = KIND_LABELS[ComponentKind(part.kind)].lower()
    return words if part.precision == "day" else f"{words} (day known to the {part.precision})"


def _ended(part: Part) -> str:
    words = HOW_LABELS[part.how]
    return words if part.cause is None else f"{words}: {END_LABELS[part.cause].lower()}"


def _drawn(choice: LaneChoice) -> Table:
    drawn = {lane.patient.patient_id for lane in choice.lanes}
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for key, label, ids in (
        ("revised", "With a revision", choice.revised),
        ("not_revised", "Without", choice.not_revised),
        ("total", "All", [*choice.revised, *choice.not_revised]),
    ):
        shares = {
            "drawn": tuple(one for one in ids if one in drawn),
            "left_out": tuple(one for one in ids if one not in drawn),
            "all": tuple(ids),
        }
        rows.append((key, label, *(len(members) for members in shares.values())))
        cells |= {(key, column): members for column, members in shares.items()}
    return LANES_DRAWN.filled(rows, cells)
