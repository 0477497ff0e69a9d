"""Two reads of one study, compared answer by answer, and when a third person must decide.

Nothing here says which of two readers is right: only where they part.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

EXTENT_TOLERANCE_MM: Final = 10
"""Two measured extents agree within it [proposal]; no source gives a limit."""

ADJUDICATION_RULE: Final = (
    "adjudication-1: two first reads of the images need an adjudication when they differ in the "
    "primary finding, in the sites of the primary finding they share, or in whether the images "
    "answer the question at all. Other differences are shown and need none [proposal]."
)

INADEQUATE: Final = "inadequate"
NOT_ASSESSED: Final = "not_assessed"
"""Codes of the vocabulary's list `read_adequacy`; a test compares them."""


class ReadField(StrEnum):
    """What is compared, in the order of the form."""

    ADEQUACY = "adequacy"
    PRIMARY_FINDING = "primary_finding"
    SITES = "sites"
    FURTHER_FINDINGS = "further_findings"
    TIP_LEVEL = "tip_level"
    EXTENT_MM = "extent_mm"
    EXTENT_LEVELS = "extent_levels"
    CERTAINTY = "certainty"


class Agreement(StrEnum):
    """How two answers stand to each other. No answer is never taken for an answer."""

    AGREE = "agree"
    DIFFER = "differ"
    ONE_NOT_ANSWERED = "one_not_answered"
    NEITHER_ANSWERED = "neither_answered"


@dataclass(frozen=True, slots=True)
class FindingAnswer:
    """A finding with the codes of its sites; none means that none was named."""

    code: str
    sites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """What one read says, as codes; "" and None are not answered."""

    primary: FindingAnswer
    adequacy: str = ""
    further: frozenset[FindingAnswer] = frozenset()
    tip_level: str = ""
    extent_mm: int | None = None
    extent_levels: tuple[str, str] | None = None
    certainty: int | None = None


def compare(one: ReadAnswers, other: ReadAnswers) -> dict[ReadField, Agreement]:
    """Each field of two reads; the same whichever comes first."""
    return {
        ReadField.ADEQUACY: _agreement(_assessed(one.adequacy), _assessed(other.adequacy)),
        ReadField.PRIMARY_FINDING: _agreement(one.primary.code, other.primary.code),
        ReadField.SITES: _agreement(one.primary.sites, other.primary.sites),
        # That there is nothing further is an answer.
        ReadField.FURTHER_FINDINGS: _same(one.further == other.further),
        ReadField.TIP_LEVEL: _agreement(one.tip_level, other.tip_level),
        ReadField.EXTENT_MM: _extents(one.extent_mm, other.extent_mm),
        ReadField.EXTENT_LEVELS: _agreement(one.extent_levels, other.extent_levels),
        ReadField.CERTAINTY: _agreement(one.certainty, other.certainty),
    }


def disputed_fields(one: ReadAnswers, other: ReadAnswers) -> tuple[ReadField, ...]:
    """The fields for which `ADJUDICATION_RULE` asks for an adjudication; none if none is needed."""
    fields = []
    adequacies = {_assessed(one.adequacy), _assessed(other.adequacy)}
    if INADEQUATE in adequacies and adequacies - {INADEQUATE, ""}:
        fields.append(ReadField.ADEQUACY)
    if one.primary.code != other.primary.code:
        fields.append(ReadField.PRIMARY_FINDING)
    elif _agreement(one.primary.sites, other.primary.sites) is Agreement.DIFFER:
        fields.append(ReadField.SITES)
    return tuple(fields)


def _assessed(adequacy: str) -> str:
    return "" if adequacy == NOT_ASSESSED else adequacy


def _extents(one: int | None, other: int | None) -> Agreement:
    if one is None or other is None:
        return _agreement(one, other)
    return _same(abs(one - other) <= EXTENT_TOLERANCE_MM)


def _agreement(one: object, other: object) -> Agreement:
    unanswered = [answer is None or answer in ("", frozenset()) for answer in (one, other)]
    if all(unanswered):
        return Agreement.NEITHER_ANSWERED
    if any(unanswered):
        return Agreement.ONE_NOT_ANSWERED
    return _same(one == other)


def _same(equal: bool) -> Agreement:
    return Agreement.AGREE if equal else Agreement.DIFFER
