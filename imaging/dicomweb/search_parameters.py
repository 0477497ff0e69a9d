"""What a search asks for, read from its address.

References
----------
DICOM PS3.18 8.3.4 (parameters), 10.6.1 (keys); PS3.4 C.2.2.2 (how they match).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from pydicom.datadict import keyword_for_tag, tag_for_keyword

from imaging.dicom.element_values import date_of
from imaging.dicom.kept_attributes import KEPT_BY_KEYWORD
from imaging.dicomweb.refusal import bad_request
from imaging.queries.dicomweb_search import (
    INSTANCE_KINDS,
    SERIES_KINDS,
    STUDY_KINDS,
    Days,
    Matches,
    Number,
    OneOf,
    Texts,
    Times,
    Wanted,
)

MOST_RESULTS: Mapping[str, int] = {"studies": 200, "series": 1000, "instances": 5000}
"""On one page, by level; without a limit that many are given, too."""

KINDS: Mapping[str, Mapping[str, type]] = {
    "studies": STUDY_KINDS,
    "series": SERIES_KINDS,
    "instances": INSTANCE_KINDS,
}

ALL = "all"
LONGEST_VALUE = 16_000
MOST_VALUES = 200
MOST_WILDCARDS = 4
LARGEST_OFFSET = 10**6
LARGEST_NUMBER = 2**31 - 1

NO_FUZZY_MATCHING = (
    "The fuzzymatching parameter is not supported. Only literal matching has been performed."
)
"""PS3.18 8.3.4.2 words it so."""

_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_UID = re.compile(r"[0-9.]{1,64}")
_TIME = re.compile(r"([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(\.[0-9]{1,6})?)?)?")
_PRINTABLE = re.compile(r"[\x20-\x7e\u00a0-\uffff]*")


@dataclass(frozen=True)
class Search:
    """What is searched for, and how much of it is given.

    Attributes
    ----------
    nothing
        No stored study can match: a key asks for what de-identification removes.
    include
        Tags of attributes that are wanted on top; None: all there are.
    """

    matches: Matches
    limit: int
    offset: int
    include: frozenset[int] | None
    nothing: bool = False
    warnings: tuple[str, ...] = ()


@dataclass
class _Found:
    matches: dict[str, Wanted] = field(default_factory=dict)
    nothing: bool = False


def search(query: QueryDict, *, level: str) -> Search:
    """Read the parameters of a search for studies, series or instances.

    Raises
    ------
    RefusedError
        400; the sentence names the parameter.
    """
    found = _Found()
    warnings = []
    limit, offset, include = MOST_RESULTS[level], 0, _include(query)
    for name, values in query.lists():
        if name == "limit":
            limit = min(limit, _count(name, values, most=LARGEST_NUMBER))
        elif name == "offset":
            offset = _count(name, values, most=LARGEST_OFFSET)
        elif name == "fuzzymatching":
            if _only(name, values) not in ("true", "false"):
                raise bad_request("fuzzymatching is true or false.")
            if values[0] == "true":
                warnings.append(NO_FUZZY_MATCHING)
        elif name not in ("includefield", "accept", "charset"):
            _match(found, name, values, level=level)
    return Search(
        matches=found.matches,
        limit=limit,
        offset=offset,
        include=include,
        nothing=found.nothing,
        warnings=tuple(warnings),
    )


def _match(found: _Found, name: str, values: list[str], *, level: str) -> None:
    keyword = _keyword(name)
    text = ",".join(values)
    if len(text) > LONGEST_VALUE or _PRINTABLE.fullmatch(text) is None:
        raise bad_request(f"The value of {keyword} is too long or has characters that none has.")
    if not text.strip("* "):
        return
    kind = KINDS[level].get(keyword)
    if kind is not None:
        if keyword in found.matches:
            raise bad_request(f"{keyword} is given twice.")
        found.matches[keyword] = _READ[kind](keyword, text)
        return
    level_of = next((name for name, kinds in KINDS.items() if keyword in kinds), None)
    if level_of is not None:
        raise bad_request(f"{keyword} is searched for at /{level_of}.")
    kept = KEPT_BY_KEYWORD.get(keyword)
    if kept is not None and kept.reason != "empty":
        raise bad_request(
            f"{keyword} is not searched for here. What is: {', '.join(sorted(KINDS[level]))}."
        )
    # De-identification removes it, so it is empty in every stored image.
    found.nothing = True


def _keyword(name: str) -> str:
    """The keyword of a key, of a nested one that of its sequence."""
    first, *nested = name.split(".")
    for part in (first, *nested):
        if _TAG.fullmatch(part) is None and tag_for_keyword(part) is None:
            raise bad_request(f"{_shown(name)} is neither a parameter nor an attribute of DICOM.")
    if _TAG.fullmatch(first) is None:
        return first
    return keyword_for_tag(int(first, 16)) or first.upper()


def _include(query: QueryDict) -> frozenset[int] | None:
    tags = set()
    for name in ",".join(query.getlist("includefield")).split(","):
        if name == ALL:
            return None
        if not name:
            continue
        last = name.split(".")[0]
        tag = int(last, 16) if _TAG.fullmatch(last) else tag_for_keyword(last)
        if tag is None:
            raise bad_request(f"includefield names {_shown(name)}, which is no attribute of DICOM.")
        tags.add(int(tag))
    return frozenset(tags)


def _uids(keyword: str, text: str) -> OneOf:
    uids = tuple(_split(text))
    if len(uids) > MOST_VALUES or any(_UID.fullmatch(uid) is None for uid in uids):
        raise bad_request(f"{keyword} takes at most {MOST_VALUES} UIDs, separated by commas.")
    return OneOf(uids)


def _texts(keyword: str, text: str) -> Texts:
    patterns = [re.sub(r"\*+", "*", part) for part in _split(text)]
    if len(patterns) > MOST_VALUES or any(
        len(pattern) > 64 or pattern.count("*") > MOST_WILDCARDS for pattern in patterns
    ):
        raise bad_request(
            f"{keyword} takes texts of at most 64 characters and {MOST_WILDCARDS} asterisks."
        )
    return Texts(tuple(patterns))


def _number(keyword: str, text: str) -> Number:
    if re.fullmatch(r"-?[0-9]{1,10}", text) is None or abs(int(text)) > LARGEST_NUMBER:
        raise bad_request(f"{keyword} takes a whole number.")
    return Number(int(text))


def _days(keyword: str, text: str) -> Days:
    ends = _ends(text)
    days: list[date | None] = [date_of(end) for end in ends]
    if any(end and day is None for end, day in zip(ends, days, strict=True)):
        raise bad_request(f"{keyword} takes a day as YYYYMMDD, or a range with a hyphen.")
    return Days(days[0], days[1])


def _times(keyword: str, text: str) -> Times:
    ends = _ends(text)
    found = [_TIME.fullmatch(end) for end in ends]
    if any(end and time is None for end, time in zip(ends, found, strict=True)):
        raise bad_request(f"{keyword} takes a time as HHMMSS, or a range with a hyphen.")
    return Times(*(_iso(time, last=bool(at)) for at, time in enumerate(found)))


def _iso(found: re.Match[str] | None, *, last: bool) -> str | None:
    """The first or last moment that is written so.

    Moments are compared as text, and one on the full second is stored without a fraction.
    """
    if found is None:
        return None
    filling = "59" if last else "00"
    hour, minute, second, fraction = found.groups()
    whole = f"{hour}:{minute or filling}:{second or filling}"
    fraction = fraction or "."
    return whole + (fraction.ljust(len(".999999"), "9") if last else fraction.rstrip(".0"))


def _ends(text: str) -> tuple[str, str]:
    first, hyphen, last = text.strip().partition("-")
    return (first, last) if hyphen else (first, first)


def _split(text: str) -> Iterator[str]:
    return (part.strip() for part in re.split(r"[,\\]", text) if part.strip())


_READ: Mapping[type, Callable[[str, str], Any]] = {
    OneOf: _uids,
    Texts: _texts,
    Number: _number,
    Days: _days,
    Times: _times,
}


def _only(name: str, values: list[str]) -> str:
    if len(values) != 1:
        raise bad_request(f"{name} is given twice.")
    return values[0]


def _count(name: str, values: list[str], *, most: int) -> int:
    text = _only(name, values)
    if re.fullmatch(r"[0-9]{1,10}", text) is None or int(text) > most:
        raise bad_request(f"{name} takes a whole number from 0 to {most}.")
    return int(text)


def _shown(name: str) -> str:
    return repr(name[:64])
