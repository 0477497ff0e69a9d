"""Stored facts are of the kinds that the classes of facts say, before any fact is made of them.

Python would take 0 for no, the letters of a word for a list of codes, and a null where there must
be text: facts that are counted, and say something else than the bytes they were read from.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from .errors import MalformedFactsError
from .facts import PatientFacts
from .later_facts import KINDS

DOSE: Final = re.compile(r"[0-9]{1,9}\.[0-9]")

Fits = Callable[[object], bool]


def check(stored: object, kind: type, *, path: str) -> None:
    """One record with all that lies in it.

    Keys may be missing here: facts that were stored before somebody asked for more lack some.

    Parameters
    ----------
    path
        Where it stands, by names alone, for the message.

    Raises
    ------
    MalformedFactsError
        A value is of another kind, or a key is not known.
    """
    if not isinstance(stored, dict):
        raise _another_shape(path)
    known = _known(kind)
    for name, value in stored.items():
        if name not in known:
            raise MalformedFactsError(f"the stored facts have a key in {path} that is not known")
        test = known[name]
        if isinstance(test, type):
            check_all(value, test, path=f"{path}.{name}")
        elif not test(value):
            raise _another_shape(f"{path}.{name}")


def check_all(stored: object, kind: type, *, path: str) -> None:
    """The same of a list of records."""
    if not isinstance(stored, list):
        raise _another_shape(path)
    for one in stored:
        check(one, kind, path=path)


def _another_shape(path: str) -> MalformedFactsError:
    return MalformedFactsError(f"the stored facts have another shape at {path}")


@cache
def _known(kind: type) -> Mapping[str, Fits | type]:
    """The keys of a record: what their values must be, or the class of the records there."""
    hints = get_type_hints(kind)
    own = {field.name: hints[field.name] for field in fields(kind)}
    if kind is PatientFacts:
        del own["later"]
    known = {name: _test(hint) for name, hint in own.items()}
    later: Mapping[str, type] = {group.value: one for group, one in KINDS.items()}
    return {**known, **later} if kind is PatientFacts else known


def _test(hint: Any) -> Fits | type:
    if hint in TESTS:
        return TESTS[hint]
    record: type = get_args(hint)[0]
    assert is_dataclass(record)
    return record


def _is_text(value: object) -> bool:
    return isinstance(value, str) and (value.isascii() or _is_unicode(value))


def _is_unicode(text: str) -> bool:
    """Half a surrogate pair, which JSON can write and UTF-8 cannot, is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_number(value: object) -> bool:
    return type(value) is int


def _is_dose(value: object) -> bool:
    return isinstance(value, str) and DOSE.fullmatch(value) is not None


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_pairs(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, (*value, *value.values())))


def _or_null(test: Fits) -> Fits:
    return lambda value: value is None or test(value)


def _is_yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


TESTS: Final[Mapping[Any, Fits]] = {
    str: _is_text,
    bool: _is_yes_or_no,
    bool | None: _or_null(_is_yes_or_no),
    int: _is_number,
    int | None: _or_null(_is_number),
    # Days, times and doses are text there; whether they can be read is found where they are.
    date: _is_text,
    date | None: _or_null(_is_text),
    datetime: _is_text,
    Decimal: _is_dose,
    tuple[str, ...]: _are_texts,
    tuple[tuple[str, str], ...]: _are_pairs,
}
