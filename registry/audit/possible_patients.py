"""Synthetic patients of many kinds: which combinations of numbers can one person be behind?

A number nobody is behind tells nothing by itself about where its people would be counted as well.
So synthetic patients, and copies of them and of those of a report that were changed at random, are
counted by the same protocol. Nothing of them is ever shown.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from .errors import FactError
from .facts import Cohort, PatientFacts
from .stored_facts import cohort_from_json
from .theatre_facts import TheatreLine, TheatreListFacts
from .theatre_match import TOLERANCE_DAYS

SEEDS: Final = Path(__file__).parent / "synthetic_patients.json"
CHANGED_COPIES: Final = 1000
LARGEST_SAMPLE: Final = 150
"""Patients of the report that take part."""

SHARE_CHANGED: Final = 0.25
"""Of the fields of a copied patient, each by itself."""

FURTHEST_MOVE_DAYS: Final = 400

FIRST_LISTED: Final = date(1990, 1, 1)
LAST_LISTED: Final = date(2030, 12, 31)
"""Between them lie all days of synthetic people."""

Donors = dict[tuple[type, str], list[Any]]


def possible_patients(cohort: Cohort, *, seed: int = 1) -> Cohort:
    """Synthetic patients, some of the cohort, and changed copies of both, under new ids.

    The same cohort always gives the same patients.
    """
    chance = random.Random(seed)  # noqa: S311 (decides nothing that must not be guessed)
    own = list(cohort.patients)
    if len(own) > LARGEST_SAMPLE:
        own = chance.sample(own, LARGEST_SAMPLE)
    pool = [*own, *cohort_from_json(SEEDS.read_bytes()).patients]
    donors: Donors = {}
    for one in pool:
        _collect(one, donors)
    copies = [renamed(one, f"p{place}") for place, one in enumerate(pool)]
    for place in range(CHANGED_COPIES):
        try:
            changed = _changed(chance.choice(pool), donors, chance)
            copy = renamed(changed, f"c{place}")
            Cohort((copy,))
        except FactError:
            # Chance made something that no fact may say.
            continue
        copies.append(copy)
    return Cohort(tuple(copies), _lists(copies, chance))


def _lists(people: Sequence[PatientFacts], chance: random.Random) -> tuple[TheatreListFacts, ...]:
    """For each centre a theatre list in which lines of every state come up."""
    lines: dict[str, list[TheatreLine]] = {one.centre: [] for one in people}
    for one in people:
        found = lines[one.centre]
        days = [surgery.performed_on for surgery in one.surgeries]
        for day in chance.sample(days, chance.randint(0, len(days))):
            on = day + timedelta(days=chance.randint(-TOLERANCE_DAYS - 1, TOLERANCE_DAYS + 1))
            line = TheatreLine(len(found), on, one.patient_id, one.patient_id)
            found.append(line)
            if chance.random() < SHARE_CHANGED:
                other = chance.choice(_OTHER_LINES) | {"row": len(found)}
                found.append(replace(line, **other))
    return tuple(
        TheatreListFacts(
            f"list-{centre}", centre, FIRST_LISTED, FIRST_LISTED, LAST_LISTED, "", tuple(found)
        )
        for centre, found in lines.items()
    )


_OTHER_LINES: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"on": None},
    {"patient_id": "", "person": "nobody"},
    {"other_centre": True},
    {"opted_out": True},
    {"on": date(1970, 1, 1)},
)


def renamed(one: PatientFacts, prefix: str) -> PatientFacts:
    """The patient under other ids, the same for the same prefix; readers keep theirs."""
    found: PatientFacts = _renamed(one, prefix)
    return found


IDS: Final = frozenset(
    {"patient_id", "study_id", "case_id", "surgery_id", "read_id", "adjudicates", "removed_by"}
    | {"complication_id", "component_id", "assessment_id"}
)


def _is_id(name: str) -> bool:
    return name in IDS or (name.endswith("_id") and name != "reader_id")


def _renamed(one: Any, prefix: str) -> Any:
    if isinstance(one, tuple):
        return tuple(_renamed(each, prefix) for each in one)
    if not is_dataclass(one) or isinstance(one, type):
        return one
    new: dict[str, Any] = {}
    for field in fields(one):
        value = getattr(one, field.name)
        if not _is_id(field.name):
            new[field.name] = _renamed(value, prefix)
        elif isinstance(value, tuple):
            new[field.name] = tuple(f"{prefix}-{each}" for each in value)
        else:
            new[field.name] = f"{prefix}-{value}" if value else value
    return replace(one, **new)


def _collect(one: Any, donors: Donors) -> None:
    if isinstance(one, tuple):
        for each in one:
            _collect(each, donors)
    elif is_dataclass(one) and not isinstance(one, type):
        for field in fields(one):
            value = getattr(one, field.name)
            donors.setdefault((type(one), field.name), []).append(value)
            _collect(value, donors)


def _changed(one: Any, donors: Donors, chance: random.Random) -> Any:
    new: dict[str, Any] = {}
    for field in fields(one):
        if _is_id(field.name):
            continue
        value = getattr(one, field.name)
        if isinstance(value, tuple):
            value = tuple(_parts(value, donors[type(one), field.name], donors, chance))
        elif chance.random() < SHARE_CHANGED:
            value = _other(value, donors[type(one), field.name], chance)
        new[field.name] = value
    return replace(one, **new)


def _parts(
    parts: Sequence[Any], other: Sequence[Sequence[Any]], donors: Donors, chance: random.Random
) -> Iterator[Any]:
    """Parts may go, change, and come from somebody else; a part with ids comes only once."""
    for part in parts:
        if chance.random() < SHARE_CHANGED / 2:
            continue
        if is_dataclass(part) and not isinstance(part, type):
            yield _changed(part, donors, chance)
        else:
            yield _other(part, [each for whole in other for each in whole], chance)
    if chance.random() < SHARE_CHANGED:
        lent = chance.choice(other)
        for place, part in enumerate(lent):
            yield _renamed(part, f"lent{place}{chance.randrange(10**6)}")


def _other(value: Any, others: Sequence[Any], chance: random.Random) -> Any:
    if type(value) is date and chance.random() < SHARE_CHANGED * 2:
        return value + timedelta(days=chance.randint(-FURTHEST_MOVE_DAYS, FURTHEST_MOVE_DAYS))
    if isinstance(value, str) and value and chance.random() < SHARE_CHANGED * 2:
        said = {one for one in others if isinstance(one, str) and one}
        lists = [one for one in StrEnum.__subclasses__() if said <= one._value2member_map_.keys()]
        if lists:
            return str(chance.choice(list(chance.choice(lists))))
    return chance.choice(others)
