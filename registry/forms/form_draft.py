"""What a page sends of a form that is not sent yet."""

import re
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import Resolver404, resolve

LONGEST_ANSWER = 20_000
MOST_CHARACTERS = 200_000
LONGEST_PAGE = 200
NOT_KEPT = re.compile(r"(^|[-_])(csrfmiddlewaretoken|password\d*|confirmed|draft|page)$")
"""Names whose values are no answers, or must not be written down."""
OWN = ("_page", "_edition")
"""What the page says of the draft itself."""


class FormDraftNotUnderstoodError(Exception):
    """What was sent is no draft of a form of the product."""


@dataclass(frozen=True)
class SentFormDraft:
    """Field names to what was typed; a password is none of them."""

    page: str
    answers: dict[str, list[str]]
    edition: int

    @classmethod
    def of(cls, sent: QueryDict) -> "SentFormDraft":
        """Take the answers as they are; they may be incomplete.

        Raises
        ------
        FormDraftNotUnderstoodError
        """
        edition = sent.get("_edition") or "0"
        if not (edition.isascii() and edition.isdigit()) or len(edition) > 9:
            raise FormDraftNotUnderstoodError
        answers = {
            _plain(name): [_plain(value) for value in values]
            for name, values in sent.lists()
            if name not in OWN and not NOT_KEPT.search(name)
        }
        if sum(len(value) for values in answers.values() for value in values) > MOST_CHARACTERS:
            raise FormDraftNotUnderstoodError
        return cls(page=_page(sent.get("_page", "")), answers=answers, edition=int(edition))


def _plain(value: str) -> str:
    """As it was typed, without characters that no database stores."""
    return value.replace("\x00", "").encode(errors="replace").decode()[:LONGEST_ANSWER]


def _page(address: str) -> str:
    """An address of the product, and of nothing else: the list of drafts links to it."""
    path = address.partition("?")[0]
    if len(address) > LONGEST_PAGE or path.startswith("//") or not address.isprintable():
        raise FormDraftNotUnderstoodError
    try:
        resolve(path)
    except Resolver404:
        raise FormDraftNotUnderstoodError from None
    return address
