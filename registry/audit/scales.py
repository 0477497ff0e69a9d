"""Totals, means and medians of assessments, by code.

A total or a mean needs every item and is undefined, None, otherwise. Ashworth grades from 0 to 4,
from 1 to 5 and modified never meet in one number: each is an instrument of its own.

References
----------
Domain reference 5.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from registry.audit.instruments import (
    BFM_REGIONS,
    LEVELS,
    MODIFIED_ASHWORTH_GRADES,
    MODIFIED_ASHWORTH_VALUES,
    NOT_ASSESSED,
    PLAIN_RANGE,
    ROMAN,
    Direction,
    Grades,
    Instrument,
    Item,
    items_of,
)

PLAIN_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9])?")


@dataclass(frozen=True)
class Score:
    """A total, mean, median or level.

    `value` is for arithmetic and figures, `text` for people; None and "" where it is undefined.
    """

    code: str
    label: str
    value: Fraction | None
    text: str
    lowest: int
    highest: int
    direction: Direction
    graded: int


def problems(instrument: Instrument, grades: Grades) -> dict[str, str]:
    """What is wrong with the grades: item code → sentence; "" for the assessment as a whole."""
    wrong: dict[str, str] = {}
    known = {item.code: item for item in items_of(instrument)}
    for code, grade in grades.items():
        item = known.get(code)
        if item is None:
            wrong[code] = "This instrument has no such item."
        elif grade != NOT_ASSESSED and not _fits(item, grade):
            wrong[code] = f"Not a grade of this item: {_range_words(item)}."
    if not grades:
        wrong[""] = "Grade at least one item."
    unasked = instrument is Instrument.PENN_SPASM and grades.get("frequency") == "0"
    if unasked and "severity" in grades:
        wrong["severity"] = "Without spasms their severity is not asked."
    return wrong


def scores(
    instrument: Instrument, grades: Grades, *, direction: Direction = Direction.UNKNOWN
) -> tuple[Score, ...]:
    """Totals, means, medians or the level of one assessment, undefined ones with value None.

    Parameters
    ----------
    grades
        As stored, without problems.
    direction
        Of the CPCHILD questionnaire, whose versions differ; every other instrument knows its own.
    """
    if instrument is Instrument.CPCHILD:
        return (_cpchild_total(grades, direction),)
    return SCORING[instrument](grades)


def _fits(item: Item, grade: str) -> bool:
    if item.grades:
        return grade in item.grades
    lowest, highest = PLAIN_RANGE
    return bool(PLAIN_NUMBER.fullmatch(grade)) and lowest <= Decimal(grade) <= highest


def _range_words(item: Item) -> str:
    if not item.grades:
        return f"{PLAIN_RANGE[0]} to {PLAIN_RANGE[1]}, one decimal at most"
    if item.grades == LEVELS:
        return "I to V"
    if item.grades == MODIFIED_ASHWORTH_GRADES:
        return ", ".join(item.grades)
    return f"{item.grades[0]} to {item.grades[-1]}"


def _given(grades: Grades, aspect: str) -> list[str]:
    """The problems that were graded: a person names one to five."""
    return [code for code in grades if code.startswith(f"{aspect}_")]


def _as_values(grades: Iterable[int]) -> dict[str, Fraction]:
    return {str(grade): Fraction(grade) for grade in grades}


def _number(grades: Grades, code: str) -> Fraction | None:
    grade = grades.get(code)
    return None if grade is None or grade == NOT_ASSESSED else Fraction(grade)


def _numbers_of(grades: Grades, codes: Sequence[str]) -> list[Fraction]:
    return [number for code in codes if (number := _number(grades, code)) is not None]


def _text(value: Fraction | None) -> str:
    """A whole number as it is, anything else with one decimal, halves away from zero."""
    if value is None:
        return ""
    if value.denominator == 1:
        return str(value.numerator)
    tenths = (value * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}"


def _total(
    grades: Grades, instrument: Instrument, lowest: int, highest: int, direction: Direction
) -> Score:
    codes = [item.code for item in items_of(instrument)]
    numbers = _numbers_of(grades, codes)
    value = sum(numbers, Fraction(0)) if len(numbers) == len(codes) else None
    return Score("total", "Total", value, _text(value), lowest, highest, direction, len(numbers))


def _mean(
    grades: Grades,
    codes: Sequence[str],
    code: str,
    label: str,
    lowest: int,
    highest: int,
    direction: Direction,
) -> Score:
    numbers = _numbers_of(grades, codes)
    complete = bool(codes) and len(numbers) == len(codes)
    value = sum(numbers, Fraction(0)) / len(numbers) if complete else None
    return Score(code, label, value, _text(value), lowest, highest, direction, len(numbers))


def _single(grades: Grades, code: str, label: str, lowest: int, highest: int) -> Score:
    value = _number(grades, code)
    return Score(
        code,
        label,
        value,
        _text(value),
        lowest,
        highest,
        Direction.HIGHER_WORSE,
        int(value is not None),
    )


def _median(grades: Grades, values: Mapping[str, Fraction], lowest: int, highest: int) -> Score:
    """The median of the graded muscles; between two grades both are named, none is made up."""
    order = list(values)
    graded = sorted((grade for grade in grades.values() if grade in values), key=order.index)
    value, text = None, ""
    if graded:
        low, high = graded[(len(graded) - 1) // 2], graded[len(graded) // 2]
        value = (values[low] + values[high]) / 2
        text = low if low == high else f"{low} to {high}"
    return Score(
        "median", "Median", value, text, lowest, highest, Direction.HIGHER_WORSE, len(graded)
    )


def _bfm_movement(grades: Grades) -> Score:
    """Provoking factor times severity times weight, over nine regions."""
    parts = []
    for code, (_, weight) in BFM_REGIONS.items():
        provoking = _number(grades, f"{code}_provoking")
        severity = _number(grades, f"{code}_severity")
        if provoking is not None and severity is not None:
            parts.append(provoking * severity * weight)
    value = sum(parts, Fraction(0)) if len(parts) == len(BFM_REGIONS) else None
    return Score("total", "Total", value, _text(value), 0, 120, Direction.HIGHER_WORSE, len(parts))


def _level(grades: Grades) -> Score:
    grade = grades.get("level")
    known = grade in LEVELS
    value = Fraction(LEVELS.index(grade) + 1) if grade is not None and known else None
    text = ROMAN[LEVELS.index(grade)] if grade is not None and known else ""
    return Score("level", "Level", value, text, 1, 5, Direction.HIGHER_WORSE, int(known))


def _cpchild_total(grades: Grades, direction: Direction) -> Score:
    """The total as the scoring manual gave it: the manual is licensed and not shipped."""
    value = _number(grades, "total")
    return Score(
        "total", "Total", value, _text(value), *PLAIN_RANGE, direction, int(value is not None)
    )


def _penn_spasm(grades: Grades) -> tuple[Score, ...]:
    return (
        _single(grades, "frequency", "Spasm frequency", 0, 4),
        _single(grades, "severity", "Spasm severity", 1, 3),
    )


def _brief_pain(grades: Grades) -> tuple[Score, ...]:
    severity, interference = (
        [item.code for item in items_of(Instrument.BRIEF_PAIN) if item.group == group]
        for group in ("Severity", "Interference")
    )
    worse = Direction.HIGHER_WORSE
    return (
        _mean(grades, severity, "severity", "Mean pain severity", 0, 10, worse),
        _mean(grades, interference, "interference", "Mean pain interference", 0, 10, worse),
    )


def _copm(grades: Grades) -> tuple[Score, ...]:
    return tuple(
        _mean(grades, _given(grades, aspect), aspect, label, 1, 10, Direction.HIGHER_BETTER)
        for aspect, label in (
            ("performance", "Mean performance"),
            ("satisfaction", "Mean satisfaction"),
        )
    )


Scoring = Callable[[Grades], tuple[Score, ...]]


def _totalled(
    instrument: Instrument, lowest: int, highest: int, direction: Direction
) -> tuple[Instrument, Scoring]:
    return instrument, lambda grades: (_total(grades, instrument, lowest, highest, direction),)


def _averaged(
    instrument: Instrument, lowest: int, highest: int, direction: Direction
) -> tuple[Instrument, Scoring]:
    codes = [item.code for item in items_of(instrument)]
    return instrument, lambda grades: (
        _mean(grades, codes, "mean", "Mean", lowest, highest, direction),
    )


SCORING: Mapping[Instrument, Scoring] = {
    Instrument.ASHWORTH_0_4: lambda grades: (_median(grades, _as_values(range(5)), 0, 4),),
    Instrument.ASHWORTH_1_5: lambda grades: (_median(grades, _as_values(range(1, 6)), 1, 5),),
    Instrument.MODIFIED_ASHWORTH: lambda grades: (_median(grades, MODIFIED_ASHWORTH_VALUES, 0, 4),),
    Instrument.PENN_SPASM: _penn_spasm,
    Instrument.BFM_MOVEMENT: lambda grades: (_bfm_movement(grades),),
    Instrument.BRIEF_PAIN: _brief_pain,
    Instrument.GMFCS: lambda grades: (_level(grades),),
    Instrument.MACS: lambda grades: (_level(grades),),
    Instrument.COPM: _copm,
    **dict(
        [
            _totalled(Instrument.BARRY_ALBRIGHT, 0, 32, Direction.HIGHER_WORSE),
            _totalled(Instrument.BFM_DISABILITY, 0, 30, Direction.HIGHER_WORSE),
            _totalled(Instrument.EPWORTH, 0, 24, Direction.HIGHER_WORSE),
            _totalled(Instrument.DIENER_SWLS, 5, 35, Direction.HIGHER_BETTER),
            _averaged(Instrument.FATIGUE_SEVERITY, 1, 7, Direction.HIGHER_WORSE),
            _averaged(Instrument.LISAT_9, 1, 6, Direction.HIGHER_BETTER),
            _averaged(Instrument.LISAT_11, 1, 6, Direction.HIGHER_BETTER),
        ]
    ),
}
"""How each instrument but CPCHILD is scored."""
