"""Recognise images of phantoms and tests by rules, so that no patient's study holds them.

A hospital that sends its whole scanner sends the daily quality images, too. The rules are data:
those below hold everywhere, an installation adds its own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydicom.datadict import tag_for_keyword

from .acceptance import overrules
from .character_sets import undeclared_text
from .element_values import raw_bytes
from .errors import PhantomOrTestImageError
from .source_instance import SourceInstance

Match = Literal["equals", "starts_with", "word"]

KEYWORDS: tuple[str, ...] = (
    "PatientID",
    "PatientName",
    "PatientComments",
    "IssuerOfPatientID",
    "AccessionNumber",
    "StudyID",
    "StudyDescription",
    "SeriesDescription",
    "ProtocolName",
    "RequestedProcedureDescription",
    "PerformedProcedureStepDescription",
    "ImageComments",
    "StationName",
    "InstitutionName",
    "InstitutionalDepartmentName",
    "ReferringPhysicianName",
    "BodyPartExamined",
    "Manufacturer",
    "ManufacturerModelName",
)
"""What a rule may ask: text elements of the top level that say whom or what was scanned where."""

_TAGS = {keyword: tag for keyword in KEYWORDS if (tag := tag_for_keyword(keyword)) is not None}
_COMPONENTS = re.compile(r"[\\^=]")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """An image is a test image when the element matches the text.

    Case and the number of blanks make no difference. Each value, and each component of a
    person's name, is compared by itself; `equals` and `starts_with` look at the whole name,
    too.

    Raises
    ------
    ValueError
        The keyword is not one a rule may ask, the match is unknown or the text has no letter
        or digit and would match everything or nothing.
    """

    keyword: str
    match: Match
    text: str

    def __post_init__(self) -> None:
        if self.keyword not in _TAGS:
            raise ValueError(f"{self.keyword} is not one of the elements a rule may ask")
        if self.match not in ("equals", "starts_with", "word"):
            raise ValueError(f"{self.match} is not a way to compare")
        if not _WORDS.search(self.text):
            raise ValueError("the text has neither letter nor digit")


DEFAULT_RULES: tuple[Rule, ...] = tuple(
    Rule(keyword, "word", text)
    for keyword in ("PatientName", "PatientID")
    for text in (
        "phantom",
        "phantoms",
        "test",
        "testpatient",
        "qa",
        "qc",
        "dailyqa",
        "qualitycheck",
    )
)
"""Words in name or number of a patient that scanners and physicists use for tests [own].

Whole words only: Mr Tester and Mrs Testa are patients.
"""


def check(
    source: SourceInstance,
    rules: Iterable[Rule],
    *,
    overridden: frozenset[str] = frozenset(),
) -> None:
    """Refuse an image that a rule calls a test image.

    `overridden` holds the reason codes that a person has overruled for this file.

    Raises
    ------
    PhantomOrTestImageError
        A rule matches; the message names the element, not its value.
    """
    rules = tuple(rules)
    values = tuple([raw_bytes(source.dataset, tag) for tag in _asked(rules)])
    if sum(map(len, values)) > _LONGEST_REMEMBERED:
        keywords = _matching(rules, values)
    else:
        keywords = _remembered_matching(rules, values)
    for keyword in keywords:
        error = PhantomOrTestImageError(keyword)
        if not overrules(overridden, error):
            raise error


@lru_cache(maxsize=64)
def _asked(rules: tuple[Rule, ...]) -> tuple[int, ...]:
    """The tags that the rules ask, each once."""
    return tuple(dict.fromkeys(_TAGS[rule.keyword] for rule in rules))


def _matching(rules: tuple[Rule, ...], values: tuple[bytes, ...]) -> tuple[str, ...]:
    """Keywords of the rules that match; the slices of a series give the same answer."""
    texts = dict(zip(_asked(rules), map(undeclared_text, values), strict=True))
    return tuple(
        rule.keyword
        for rule in rules
        if texts[_TAGS[rule.keyword]] and _matches(rule, texts[_TAGS[rule.keyword]])
    )


_LONGEST_REMEMBERED = 2048
"""Bytes; what a sender varies without end must not fill the memory."""
_remembered_matching = lru_cache(maxsize=256)(_matching)


def _matches(rule: Rule, text: str) -> bool:
    if rule.match == "word":
        return _in_order(_words(rule.text), _words(text))
    wanted = _folded(rule.text)
    whole = text.split("\\")
    for part in (*whole, *_COMPONENTS.split(text)):
        found = _folded(part)
        if found == wanted or (rule.match == "starts_with" and found.startswith(wanted)):
            return True
    return False


def _folded(text: str) -> str:
    return " ".join(text.replace("\0", " ").casefold().split())


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _in_order(wanted: list[str], found: list[str]) -> bool:
    return any(
        found[start : start + len(wanted)] == wanted
        for start in range(len(found) - len(wanted) + 1)
    )
