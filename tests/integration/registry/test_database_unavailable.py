"""A database that does not answer: a page that says so, and 503, whoever asks for what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from registry.models import User
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make.user(at_centre=make.centre())


def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    raise OperationalError("the server closed the connection")


@pytest.mark.parametrize("address", ["/", "/imaging/runs/", "/imaging/uploads/new/", "/patients/"])
def test_every_page_answers_503_and_says_what_is_safe(person: User, address: str):
    browser = Client(raise_request_exception=False)
    browser.force_login(person, backend="registry.access.RoleBackend")
    with connection.execute_wrapper(refuse):
        answer = browser.get(address)
    assert answer.status_code == 503
    assert b"What you had saved before is safe" in answer.content


def test_another_fault_stays_a_500(person: User):
    def fail(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        raise ZeroDivisionError

    browser = Client(raise_request_exception=False)
    browser.force_login(person, backend="registry.access.RoleBackend")
    with connection.execute_wrapper(fail):
        answer = browser.get("/")
    assert answer.status_code == 500


def test_whether_the_process_lives_needs_no_database():
    with connection.execute_wrapper(refuse):
        assert Client().get("/health/live").status_code == 200
        assert Client().get("/health/ready").status_code == 503
