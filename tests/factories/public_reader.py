"""A reader of a public edition who reckons: its numbers are equations over groups of people.

Written without the code that masks. The reader is given more than any reader has: which groups of
people there are in the report, by the numbers they are counted in, and for numbers nobody is in, in
what company other people are.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from registry.audit.protocols import PROTOCOLS

Key = tuple[str, ...]
Sets = Mapping[Key, frozenset[str]]


def who_is_counted(result: Any) -> dict[Key, frozenset[str]]:
    """The truth: every count of a result with its people, those never printed among them.

    A table that goes patient by patient counts nobody: it tells what became of one.
    """
    found: dict[Key, frozenset[str]] = {}
    for box in result.flow.boxes:
        found["flow", box.key] = frozenset(box.members)
    for one in result.estimates:
        key = one.estimate.key
        found["estimates", key, "numerator"] = frozenset(one.numerator)
        found["estimates", key, "denominator"] = frozenset(one.denominator)
    for table in result.tables:
        if not PROTOCOLS[result.protocol_key].table(table.key).public:
            continue
        for row in table.rows:
            for column, value in zip(table.columns, row, strict=True):
                people = table.cells.get((row[0], column))
                own = "study" not in table.columns or "This audit" in row
                if own and people is not None and value is not None:
                    found["tables", table.key, str(row[0]), column] = frozenset(people)
    return found


def published_in_json(content: Mapping[str, Any]) -> dict[Key, int | None]:
    """Every count as the JSON file prints it; None is masked."""
    found: dict[Key, int | None] = {("flow", box["key"]): box["n"] for box in content["flow"]}
    for one in content["estimates"]:
        for name in ("numerator", "denominator"):
            found["estimates", one["key"], name] = one[name]
    for table in content["tables"]:
        for row in table["rows"]:
            for column, cell in zip(table["columns"], row, strict=True):
                value = cell["value"] if isinstance(cell, dict) else cell
                if value is None or type(value) is int:
                    found["tables", table["key"], str(row[0]), column] = value
    return found


def published_in_csv(rows: Iterable[Mapping[str, str]]) -> dict[Key, int | None]:
    """The same of the CSV file."""
    found: dict[Key, int | None] = {}
    for row in rows:
        section, key = row["section"], row["key"]
        if section == "flow":
            found["flow", key] = _number(row["numerator"])
        elif section == "estimate":
            for name in ("numerator", "denominator"):
                found["estimates", key, name] = _number(row[name])
        elif key.startswith(f"{section}.") and row["numerator"]:
            middle, _, column = key.removeprefix(f"{section}.").rpartition(".")
            found["tables", section, middle, column] = _number(row["numerator"])
    return found


def _number(text: str) -> int | None:
    return None if text == "masked" else int(text)


def recovered(
    truth: Sets, published: Mapping[Key, int | None], others: Sets, *, limit: int = 5
) -> list[Key]:
    """Numbers below the limit that the reader knows, or knows to be below it."""
    known = {key: n for key, n in published.items() if n is not None and key in truth}
    wrong = [key for key, n in known.items() if n != len(truth[key])]
    assert not wrong, f"printed otherwise than counted: {wrong}"
    keys = sorted(known)
    groups = _groups(truth)
    found = [key for key in truth if key in known and known[key] < limit]
    targets: list[tuple[Key, list[frozenset[Key]], list[frozenset[Key]]]] = []
    for key, people in truth.items():
        if key in known or len(people) >= limit:
            continue
        if people:
            targets.append((key, list(groups), [g for g in groups if key in g]))
            continue
        company = _groups(others, of=others.get(key, frozenset()))
        if company:
            in_question = [frozenset(group & truth.keys()) for group in company]
            targets.append((key, [*groups, *in_question], in_question))
    for key, people in truth.items():
        # Whoever lacks what everybody else of a denominator has.
        whole = (*key[:-1], "denominator")
        if key[-1] != "numerator" or not people or truth.get(whole) != people:
            continue
        company = _groups(others, of=others[whole] - others[key])
        if company:
            in_question = [frozenset(group & truth.keys()) for group in company]
            targets.append(((*key, "rest"), [*groups, *in_question], in_question))
    for key, columns, target in targets:
        wanted = set(map(id, target))
        mask = np.array([float(id(group) in wanted) for group in columns])
        if not _may_reach(keys, known, columns, mask, limit):
            found.append(key)
    return found


def _groups(sets: Sets, of: frozenset[str] | None = None) -> list[frozenset[Key]]:
    within: dict[str, set[Key]] = {}
    for key, people in sets.items():
        for one in people if of is None else people & of:
            within.setdefault(one, set()).add(key)
    return list(dict.fromkeys(map(frozenset, within.values())))


def _may_reach(
    keys: list[Key],
    known: Mapping[Key, int],
    columns: list[frozenset[Key]],
    mask: Any,
    limit: int,
) -> bool:
    """Whether whole numbers of people fit all that is printed, the limit or more in question."""
    matrix = np.array([[float(key in group) for group in columns] for key in keys])
    counts = np.array([float(known[key]) for key in keys])
    if not len(keys):
        return True
    largest = linprog(-mask, A_eq=matrix, b_eq=counts, method="highs")
    if largest.status != 3 and -largest.fun < limit - 1e-6:
        return False
    whole = milp(
        np.zeros(len(columns)),
        integrality=np.ones(len(columns)),
        bounds=Bounds(0, np.inf),
        constraints=[LinearConstraint(matrix, counts, counts), LinearConstraint(mask, limit)],
    )
    return bool(whole.success)
