"""Instruments of assessment: what each of them grades, and with which grades.

No item text is shipped: items of licensed questionnaires are numbered. What the registry stores is
the grade of each item, as text; `1+` of the modified Ashworth scale is no number. Ashworth grades
from 0 to 4, from 1 to 5 and modified are three instruments.

References
----------
Domain reference 5; sources and licence of each instrument stand in the vocabulary. Regions and
weights of the Burke-Fahn-Marsden scale are [own]; they add up to its published ranges.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

NOT_ASSESSED: Final = "not_assessed"
"""The grade of an item that was looked at and could not be graded."""

Grades = Mapping[str, str]
"""Item code → grade as stored."""


class Instrument(StrEnum):
    """What was used; the codes of the registry's list `instrument`."""

    ASHWORTH_0_4 = "ashworth_0_4"
    ASHWORTH_1_5 = "ashworth_1_5"
    MODIFIED_ASHWORTH = "modified_ashworth"
    PENN_SPASM = "penn_spasm"
    BARRY_ALBRIGHT = "barry_albright"
    BFM_MOVEMENT = "bfm_movement"
    BFM_DISABILITY = "bfm_disability"
    BRIEF_PAIN = "brief_pain"
    EPWORTH = "epworth"
    FATIGUE_SEVERITY = "fatigue_severity"
    LISAT_9 = "lisat_9"
    LISAT_11 = "lisat_11"
    DIENER_SWLS = "diener_swls"
    COPM = "copm"
    CPCHILD = "cpchild"
    GMFCS = "gmfcs"
    MACS = "macs"


class Direction(StrEnum):
    """Which end of a score is the better one."""

    HIGHER_BETTER = "higher_better"
    HIGHER_WORSE = "higher_worse"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Item:
    """One thing that is graded.

    `grades` are all it may have, in order; empty where a number of `PLAIN_RANGE` is entered.
    """

    code: str
    label: str
    grades: tuple[str, ...]
    group: str = ""


PLAIN_RANGE: Final = (0, 100)
"""Smallest and largest domain score of the CPCHILD questionnaire."""

MODIFIED_ASHWORTH_GRADES: Final = ("0", "1", "1+", "2", "3", "4")
MODIFIED_ASHWORTH_VALUES: Final = {
    "0": Fraction(0),
    "1": Fraction(1),
    "1+": Fraction(3, 2),
    "2": Fraction(2),
    "3": Fraction(3),
    "4": Fraction(4),
}
"""The mapping used for a figure [proposal]; 1+ is stored and shown as 1+."""

LEVELS: Final = ("level_i", "level_ii", "level_iii", "level_iv", "level_v")
ROMAN: Final = ("I", "II", "III", "IV", "V")

MUSCLE_GROUPS: Final = {
    "shoulder_adductors": "Shoulder adductors",
    "elbow_flexors": "Elbow flexors",
    "wrist_flexors": "Wrist flexors",
    "finger_flexors": "Finger flexors",
    "hip_flexors": "Hip flexors",
    "hip_adductors": "Hip adductors",
    "knee_flexors": "Knee flexors",
    "knee_extensors": "Knee extensors",
    "plantar_flexors": "Plantar flexors",
}
"""Muscle groups graded on both sides [proposal]: no source names a set."""

BARRY_ALBRIGHT_REGIONS: Final = {
    "eyes": "Eyes",
    "mouth": "Mouth",
    "neck": "Neck",
    "trunk": "Trunk",
    "right_arm": "Right arm",
    "left_arm": "Left arm",
    "right_leg": "Right leg",
    "left_leg": "Left leg",
}

BFM_REGIONS: Final = {
    "eyes": ("Eyes", Fraction(1, 2)),
    "mouth": ("Mouth", Fraction(1, 2)),
    "speech": ("Speech and swallowing", Fraction(1)),
    "neck": ("Neck", Fraction(1, 2)),
    "right_arm": ("Right arm", Fraction(1)),
    "left_arm": ("Left arm", Fraction(1)),
    "trunk": ("Trunk", Fraction(1)),
    "right_leg": ("Right leg", Fraction(1)),
    "left_leg": ("Left leg", Fraction(1)),
}
"""Nine regions with their weights [own]."""

BFM_ABILITIES: Final = {
    "speech": ("Speech", 4),
    "writing": ("Writing", 4),
    "feeding": ("Feeding", 4),
    "eating": ("Eating and swallowing", 4),
    "hygiene": ("Hygiene", 4),
    "dressing": ("Dressing", 4),
    "walking": ("Walking", 6),
}
"""Seven abilities with their highest grade [own]; together 30."""

COPM_PROBLEMS: Final = 5
COPM_ASPECTS: Final = {
    "importance": "Importance",
    "performance": "Performance",
    "satisfaction": "Satisfaction",
}
CPCHILD_DOMAINS: Final = 6


def _numbers(lowest: int, highest: int) -> tuple[str, ...]:
    return tuple(str(grade) for grade in range(lowest, highest + 1))


def _numbered(count: int, prefix: str, label: str, grades: tuple[str, ...]) -> tuple[Item, ...]:
    return tuple(
        Item(f"{prefix}_{number}", f"{label} {number}", grades, label)
        for number in range(1, count + 1)
    )


def _by_muscle(grades: tuple[str, ...]) -> tuple[Item, ...]:
    return tuple(
        Item(f"{code}_{side}", f"{label}, {side}", grades, label)
        for code, label in MUSCLE_GROUPS.items()
        for side in ("right", "left")
    )


ITEMS: Final[Mapping[Instrument, tuple[Item, ...]]] = {
    Instrument.ASHWORTH_0_4: _by_muscle(_numbers(0, 4)),
    Instrument.ASHWORTH_1_5: _by_muscle(_numbers(1, 5)),
    Instrument.MODIFIED_ASHWORTH: _by_muscle(MODIFIED_ASHWORTH_GRADES),
    Instrument.PENN_SPASM: (
        Item("frequency", "Frequency", _numbers(0, 4)),
        Item("severity", "Severity", _numbers(1, 3)),
    ),
    Instrument.BARRY_ALBRIGHT: tuple(
        Item(code, label, _numbers(0, 4)) for code, label in BARRY_ALBRIGHT_REGIONS.items()
    ),
    Instrument.BFM_MOVEMENT: tuple(
        Item(f"{code}_{part}", f"{label}: {words}", _numbers(0, 4), label)
        for code, (label, _) in BFM_REGIONS.items()
        for part, words in (("provoking", "provoking factor"), ("severity", "severity"))
    ),
    Instrument.BFM_DISABILITY: tuple(
        Item(code, label, _numbers(0, highest)) for code, (label, highest) in BFM_ABILITIES.items()
    ),
    Instrument.BRIEF_PAIN: (
        *_numbered(4, "severity", "Severity", _numbers(0, 10)),
        *_numbered(7, "interference", "Interference", _numbers(0, 10)),
    ),
    Instrument.EPWORTH: _numbered(8, "item", "Item", _numbers(0, 3)),
    Instrument.FATIGUE_SEVERITY: _numbered(9, "item", "Item", _numbers(1, 7)),
    Instrument.LISAT_9: _numbered(9, "item", "Item", _numbers(1, 6)),
    Instrument.LISAT_11: _numbered(11, "item", "Item", _numbers(1, 6)),
    Instrument.DIENER_SWLS: _numbered(5, "item", "Item", _numbers(1, 7)),
    Instrument.GMFCS: (Item("level", "Level", LEVELS),),
    Instrument.MACS: (Item("level", "Level", LEVELS),),
    Instrument.COPM: tuple(
        Item(f"{aspect}_{problem}", f"Problem {problem}: {label.lower()}", _numbers(1, 10), label)
        for problem in range(1, COPM_PROBLEMS + 1)
        for aspect, label in COPM_ASPECTS.items()
    ),
    Instrument.CPCHILD: (
        *_numbered(CPCHILD_DOMAINS, "domain", "Domain", ()),
        Item("total", "Total", ()),
    ),
}
"""What each instrument grades, in the order of its form."""


def items_of(instrument: Instrument) -> tuple[Item, ...]:
    """The items of an instrument, in order."""
    return ITEMS[instrument]


def grade_words(grade: str) -> str:
    """A grade as people read it."""
    if grade == NOT_ASSESSED:
        return "not assessed"
    return ROMAN[LEVELS.index(grade)] if grade in LEVELS else grade
