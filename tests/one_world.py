"""A world that is built once for the tests of a module; each of them finds it as it was built."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import TestCase, override_settings


@contextmanager
def one_world() -> Iterator[None]:
    """As a test case does, so that what asks for the outermost transaction gets it."""
    atomics = TestCase._enter_atomics()
    try:
        yield
    finally:
        TestCase._rollback_atomics(atomics)


def built_once(build: Callable[[], Any]) -> Any:
    """A fixture of a module with what `build` returns.

    What a test changes in the database is taken back after it, what it changes in memory is not:
    whoever hands the world to tests that write gives each a copy of its own.
    """

    @pytest.fixture(scope="module")
    def built(
        django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[Any]:
        with django_db_blocker.unblock(), one_world():
            with data_folder(tmp_path_factory.mktemp("built")):
                world = build()
            yield world

    return built


@contextmanager
def data_folder(data: Path) -> Iterator[Path]:
    """A folder for what is kept beside the database."""
    (data / "spool").mkdir()
    with override_settings(CRESCENT_DATA=data, FILE_UPLOAD_TEMP_DIR=data / "spool"):
        yield data
