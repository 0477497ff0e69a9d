"""A request that is answered with a status and a sentence."""

from collections.abc import Mapping
from http import HTTPStatus


class RefusedError(Exception):
    """The request is not served; the message says what is wrong and what to do."""

    def __init__(
        self, status: HTTPStatus, sentence: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = dict(headers or {})


def not_acceptable(sentence: str) -> RefusedError:
    return RefusedError(HTTPStatus.NOT_ACCEPTABLE, sentence)


def bad_request(sentence: str) -> RefusedError:
    return RefusedError(HTTPStatus.BAD_REQUEST, sentence)
