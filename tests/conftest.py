"""What every test of the suite gets."""

import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from tests.faults.installation import Installation

TESTS = Path(__file__).parent
ALWAYS_WITH_DATABASE = {"faults", "integration"}
"""They start processes, which open the database themselves."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches no database, so that it need not run again on the second one."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in ALWAYS_WITH_DATABASE or item.get_closest_marker("django_db"):
            continue
        if not {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.no_database)


@pytest.fixture(scope="session", autouse=True)
def _flushable_between_tests() -> None:
    """Lift the append-only triggers for the moment a transactional test is swept up after."""
    from django.db import connection
    from django.test import TransactionTestCase

    triggers = importlib.import_module("registry.migrations.0023_signal_dispositions")
    sweep = TransactionTestCase._fixture_teardown

    def sweep_without_triggers(self: TransactionTestCase) -> None:
        with connection.schema_editor() as editor:
            triggers.drop_triggers(None, editor)
        try:
            sweep(self)
        finally:
            with connection.schema_editor() as editor:
                triggers.create_triggers(None, editor)

    TransactionTestCase._fixture_teardown = sweep_without_triggers  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """End sessions that a live server's threads still hold; they would keep the database."""
    from django.db import connection

    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def _one_reading_process() -> Iterator[None]:
    """Lend one reading process to every `ingest` that is called within the tests.

    To start one takes longer than most tests. What a test does to it, it does to the next one as
    well: it is replaced when it dies, as always.
    """
    from django.conf import settings

    from imaging.ingest.pool import Pool, new_pool
    from imaging.management.commands import ingest

    lent: dict[str, Pool] = {}

    def lend(*, size: int) -> AbstractContextManager[Pool]:
        if size != 1:
            return new_pool(size=size)
        key = settings.CRESCENT_DEID_KEY
        if key not in lent:
            lent[key] = new_pool(size=1)
        return nullcontext(lent[key])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ingest, "new_pool", lend)
        yield
    for pool in lent.values():
        pool.close()


@pytest.fixture(scope="session")
def empty_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One on SQLite, migrated once; a test takes a copy of it."""
    installation = Installation(tmp_path_factory.mktemp("installation") / "data")
    installation.create()
    return installation


@pytest.fixture(autouse=True)
def crescent_data(settings: object, tmp_path: Path) -> Iterator[Path]:
    """Every test has its own data folder, so none sees another's archive or checkpoints."""
    from imaging.archive.configured import configured_archive
    from imaging.archive.local_files import LocalFiles

    data = tmp_path / "data"
    (data / "spool").mkdir(parents=True)
    settings.CRESCENT_DATA = data  # type: ignore[attr-defined]
    settings.FILE_UPLOAD_TEMP_DIR = data / "spool"  # type: ignore[attr-defined]
    yield data
    # It holds a file open, and pynetdicom waits with select, which takes no more than 1,024.
    archive = configured_archive()
    assert isinstance(archive, LocalFiles)
    archive.spool.close()
