"""Ask every address and keep whole answers, so that two walks can be compared byte by byte."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client

from registry.models import User
from tests.factories.dicomweb import body

ANEW_EACH_TIME = (
    re.compile(rb'value="[A-Za-z0-9]{64}"'),
    re.compile(rb"'nonce-[^']+'"),
    re.compile(rb'nonce="[^"]+"'),
)
"""Tokens against forged requests, and nonces."""

BOUNDARY = re.compile(rb'boundary="?([^";\n]+)')
OF_THE_MOMENT = {"set-cookie", "expires"}

GARBAGE = {
    "garbage": "x", "marks": "{", "edition": "x", "adequacy": "x", "reason": "", "password": "",
}  # fmt: skip

OTHER_FORMS = {
    "fragment": {"HX-Request": "true", "X-Requested-With": "XMLHttpRequest"},
    "JSON": {"Accept": "application/json"},
}


@dataclass(frozen=True)
class Answer:
    """Status, and everything else that arrives, with what is made anew each time left out."""

    status: int
    content: bytes

    @classmethod
    def of(cls, response: Any) -> "Answer":
        headers = [
            f"{name}: {value}".encode()
            for name, value in sorted(response.headers.items())
            if name.lower() not in OF_THE_MOMENT
        ]
        content = b"\n".join([*headers, b"", body(response)])
        if found := BOUNDARY.search(content):
            content = content.replace(found[1], b"boundary")
        for pattern in ANEW_EACH_TIME:
            content = pattern.sub(b"", content)
        return cls(response.status_code, content)


Walk = Mapping[str, Answer]
"""Answers by what was asked: the method and the path."""


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def unlogged() -> Iterator[None]:
    """Thousands of refusals are meant here, and writing each traceback takes longer than asking."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


class Visitor:
    """Somebody signed in, who finds everything as it was at each visit."""

    def __init__(self, person: User) -> None:
        self._client = Client()
        self._client.force_login(person, backend="registry.access.RoleBackend")
        self._session = self._client.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(self, method: str, path: str, *args: Any, **given: Any) -> Answer:
        self._client.cookies.clear()
        self._client.cookies[settings.SESSION_COOKIE_NAME] = self._session
        with undone(), unlogged():
            return Answer.of(getattr(self._client, method)(path, *args, **given))


def pages(person: User, paths: Iterable[str]) -> Walk:
    """GET of everything but DICOMweb."""
    visitor = Visitor(person)
    return {
        f"GET {path}": visitor.ask("get", path)
        for path in paths
        if not path.startswith("/dicom-web/")
    }


def all_addresses(person: User, paths: Iterable[str]) -> Walk:
    """GET, HEAD and a POST of garbage at every address, and what opens in its other forms."""
    visitor = Visitor(person)
    answers: dict[str, Answer] = {}
    for path in paths:
        answers[f"GET {path}"] = opened = visitor.ask("get", path)
        answers[f"POST {path}"] = visitor.ask("post", path, GARBAGE)
        if opened.status == HTTPStatus.OK:
            answers[f"HEAD {path}"] = visitor.ask("head", path)
            for form, headers in OTHER_FORMS.items():
                answers[f"GET as {form} {path}"] = visitor.ask("get", path, headers=headers)
    return answers
