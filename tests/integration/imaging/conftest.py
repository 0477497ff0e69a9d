"""Two centres, people in them, and the ingest command."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from registry.models import Centre, User
from tests.factories import registry_records


@dataclass(frozen=True)
class Ingested:
    """What an ingest said: exit code, lines, and the counts of its last line."""

    exit_code: int
    lines: list[str]
    counts: dict[str, Any]

    @property
    def results(self) -> dict[str, str]:
        """Result and reason code by place in the delivery."""
        results = {}
        for line in self.lines:
            place, result, *reason = line.split(" ", 3)
            results[place] = f"{result} {reason[0].rstrip(':')}" if reason else result
        return results


Ingest = Callable[..., Ingested]


@pytest.fixture
def centre(db: None) -> Centre:
    return registry_records.centre("DEMO")


@pytest.fixture
def other_centre(db: None) -> Centre:
    return registry_records.centre("OTHER")


@pytest.fixture
def person(centre: Centre) -> User:
    return registry_records.user(at_centre=centre)


@pytest.fixture
def stranger(other_centre: Centre) -> User:
    return registry_records.user(at_centre=other_centre)


@pytest.fixture
def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="registry.access.RoleBackend")
    return client


@pytest.fixture
def strange_browser(stranger: User) -> Client:
    client = Client()
    client.force_login(stranger, backend="registry.access.RoleBackend")
    return client


@pytest.fixture
def ingest(centre: Centre) -> Ingest:
    def run(*paths: Path, centre_code: str = "DEMO", **options: Any) -> Ingested:
        output = StringIO()
        exit_code = 0
        try:
            call_command(
                "ingest",
                *map(str, paths),
                centre=centre_code,
                json=True,
                workers=1,
                stdout=output,
                **options,
            )
        except SystemExit as exit_:
            exit_code = int(str(exit_.code))
        first, *lines, last = output.getvalue().splitlines()
        assert first.startswith("run ")
        return Ingested(exit_code, lines, json.loads(last))

    return run
