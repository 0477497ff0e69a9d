"""A migrated installation on the database of the suite, to be copied, and a series to send."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.dicom_files import SeriesPlan, ct_series
from tests.faults.database import database_below
from tests.faults.installation import Installation

SLICES = 40


@pytest.fixture(scope="session")
def empty_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation on the database that the suite runs against: SQLite or PostgreSQL."""
    data = tmp_path_factory.mktemp("service") / "data"
    installation = Installation(data, database=database_below(data))
    installation.create()
    yield installation
    installation.database.drop()


@pytest.fixture
def service(empty_service: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A copy of it that the test may kill."""
    copy = empty_service.copy_to(tmp_path / "service")
    yield copy
    copy.database.drop()


@pytest.fixture(scope="session")
def series_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("series")
    ct_series(folder, SeriesPlan(slices=SLICES), rows=64, columns=64)
    return folder
