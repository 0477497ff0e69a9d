"""One migrated installation, copied for each test, and a series to send."""

from pathlib import Path

import pytest

from tests.factories.dicom_files import SeriesPlan, ct_series
from tests.faults.installation import Installation

SLICES = 40


@pytest.fixture(scope="session")
def empty_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("installation") / "data")
    installation.create()
    return installation


@pytest.fixture(scope="session")
def series_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("series")
    ct_series(folder, SeriesPlan(slices=SLICES), rows=64, columns=64)
    return folder
