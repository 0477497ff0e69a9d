"""Pump systems patient by patient, drawn from the table of the lanes."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.audit.devices import KIND_LABELS, ComponentKind
from registry.audit.lane_tables import LANES, LANES_DRAWN, PATIENT
from registry.audit.lanes import How

from .audit_words import Result
from .chart_parts import Chart, Medium, address
from .swimmer_plot import Lane, Stop, Stretch, draw

Row = Mapping[str, Any]


def lanes(result: Result, medium: Medium) -> list[Chart]:
    """Nothing of nobody, and of results that were frozen before there was the table."""
    rows = _rows(result, LANES.key)
    if not rows:
        return []
    whole: list[Row] = []
    parts: dict[str, list[Row]] = {}
    for row in rows:
        number, _, what = row["key"].split(":")[:3]
        if what == PATIENT:
            whole.append(row)
        else:
            parts.setdefault(number, []).append(row)
    present = {row["key"].split(":")[2] for some in parts.values() for row in some}
    kinds = [kind for kind in ComponentKind if kind in present]
    drawn = [_lane(row, parts.get(row["key"].split(":")[0], []), kinds, medium) for row in whole]
    return [
        Chart(
            "lanes",
            "Pump systems, patient by patient",
            _caption(result, len(drawn)),
            {},
            LANES.key,
            wide=True,
            drawing=draw(
                drawn,
                kinds=[KIND_LABELS[kind].lower() for kind in kinds],
                font_family=medium.font,
            ),
        )
    ]


def _caption(result: Result, drawn: int) -> str:
    """Who is drawn and by which rule; n, and how many are not."""
    counts = {row["key"]: row for row in _rows(result, LANES_DRAWN.key)}
    all_of_them, revised = counts["total"]["all"], counts["revised"]
    n = f"n = {all_of_them} patients, {revised['all']} with a revision. "
    if drawn == all_of_them:
        chosen = "All are drawn, those with most revisions first. "
    else:
        without = counts["not_revised"]
        chosen = (
            f"Drawn are {drawn} of them, {revised['drawn']} with a revision: most revisions "
            "first, then watched longest. They are no sample, and no rate can be read from them. "
            f"{revised['left_out']} with a revision and {without['left_out']} without are in the "
            "table of counts only. "
        )
    return (
        f"{n}{chosen}A mark is a revision; a bar ends where its component was removed. An arrow is "
        "no event: watching ended. Patients are named by their place in this list only."
    )


def _rows(result: Result, key: str) -> list[Row]:
    found = next((table for table in result["tables"] if table["key"] == key), None)
    if found is None:
        return []
    return [dict(zip(found["columns"], cells, strict=True)) for cells in found["rows"]]


def _lane(row: Row, parts: Sequence[Row], kinds: Sequence[str], medium: Medium) -> Lane:
    number, _, _, ended = row["key"].split(":")
    stretches = []
    undated = []
    stops: dict[tuple[int, str, str], list[tuple[int, str]]] = {}
    for part in parts:
        _, _, kind, how, *cause = part["key"].split(":")
        track = kinds.index(kind)
        title = _title(part)
        if part["from_day"] is not None:
            stretches.append(Stretch(track, part["from_day"], part["to_day"], title))
        elif how == How.NO_DAY:
            undated.append(title)
        if cause:
            stops.setdefault((part["to_day"], cause[0], how), []).append((track, title))
    revisions = row["revisions"]
    return Lane(
        number=number,
        entry=row["from_day"],
        exit=row["to_day"],
        ended=ended,
        revisions=revisions,
        title=f"{_title(row)}, {revisions} {'revision' if revisions == 1 else 'revisions'}",
        stretches=tuple(stretches),
        stops=tuple(
            Stop(
                day,
                tuple(track for track, _ in those),
                cause,
                how,
                "; ".join(title for _, title in those),
            )
            for (day, cause, how), those in sorted(stops.items())
        ),
        undated=tuple(undated),
        href=address(medium, f"{LANES.key}.{row['key']}.components"),
    )


def _title(row: Row) -> str:
    """A row of the table in words: what, when, how it ended."""
    first, last = row["from_day"], row["to_day"]
    if first is None:
        when = "" if last is None else f"day {last}, "
    else:
        when = f"days {first} to {last}, "
    return f"{row['label']}: {when}{row['ended'][:1].lower()}{row['ended'][1:]}"
