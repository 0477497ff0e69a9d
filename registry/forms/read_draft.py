"""What a page sends of a read that is not signed yet."""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from registry.forms.read import ReadForm
from registry.forms.read_marks import MOST_CHARACTERS, Marks

LONGEST_ANSWER = 20_000


class DraftNotUnderstoodError(Exception):
    """What was sent is no draft of this form."""


@dataclass(frozen=True)
class SentDraft:
    """Answers are field names to what was sent; a password is none of them."""

    answers: dict[str, str | list[str]]
    marks: dict[str, Any]
    edition: int

    @classmethod
    def of(cls, sent: QueryDict, *, form: type[ReadForm]) -> "SentDraft":
        """Take the answers of the form's own fields; they may be incomplete.

        Raises
        ------
        DraftNotUnderstoodError
        """
        edition = sent.get("edition") or "0"
        if not (edition.isascii() and edition.isdigit()) or len(edition) > 9:
            raise DraftNotUnderstoodError
        return cls(
            answers={
                name: _plain(sent.getlist(name), several=_several(field))
                for name, field in form.base_fields.items()
                if name in sent and name != "marks" and not _is_password(field)
            },
            marks=_marks(sent.get("marks") or "{}"),
            edition=int(edition),
        )


def _plain(values: list[str], *, several: bool) -> str | list[str]:
    """As it was typed, without characters that no database stores."""
    kept = [
        value.replace("\x00", "").encode(errors="replace").decode()[:LONGEST_ANSWER]
        for value in values[:100]
    ]
    return kept if several else kept[-1]


def _marks(text: str) -> dict[str, Any]:
    if len(text) > MOST_CHARACTERS:
        raise DraftNotUnderstoodError
    try:
        marks = json.loads(text)
        Marks.of(marks)
        # Infinity and lone surrogates can be read and not be stored.
        if "\\u0000" in json.dumps(marks, allow_nan=False, ensure_ascii=False).encode().decode():
            raise DraftNotUnderstoodError
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, RecursionError):
        raise DraftNotUnderstoodError from None
    found: dict[str, Any] = marks
    return found


def _several(field: forms.Field) -> bool:
    return isinstance(field, forms.MultipleChoiceField)


def _is_password(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.PasswordInput)
