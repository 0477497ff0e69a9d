"""The same study by storescu, dcmsend, Orthanc, dicomweb-client, pages and commands is one study.

`CRESCENT_WAYS_SLICES` is the number of its slices.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories.dicom_files import SeriesPlan, ct_series
from tests.faults.every_way_in import EveryWayIn
from tests.faults.installation import Installation

pytestmark = pytest.mark.faults

SLICES = int(os.environ.get("CRESCENT_WAYS_SLICES", "6"))
WAYS = (
    "storescu",
    "storescu, implicit",
    "dcmsend",
    "Orthanc, C-STORE",
    "Orthanc, STOW-RS",
    "dicomweb-client",
    "upload",
    "zip upload in parts",
    "command line",
    "zip, command line",
    "watched folder",
    "pull from Orthanc",
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("study")
    return ct_series(folder, SeriesPlan(slices=SLICES), rows=64, columns=64)


@pytest.fixture(scope="module")
def expected(
    empty_service: Installation, study: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    """The hashes of what the command line stores into an empty installation."""
    copy = empty_service.copy_to(tmp_path_factory.mktemp("expected") / "service")
    done = copy.ingest(study[0].parent)
    assert done.returncode == 0, done.stderr
    hashes = sorted(copy.stored_hashes())
    copy.database.drop()
    assert len(set(hashes)) == SLICES
    return hashes


@pytest.mark.parametrize("start", range(len(WAYS)))
def test_whichever_way_comes_first_all_others_are_duplicates(
    service: Installation, study: list[Path], expected: list[str], tmp_path: Path, start: int
):
    """Three ways each time, so that every way is the first, the second and the third once."""
    order = [WAYS[(start + step) % len(WAYS)] for step in (0, 5, 10)]
    with EveryWayIn(service, files=study, folder=tmp_path / "senders") as every:
        assert set(every.ways) == set(WAYS)
        for sent, way in enumerate(order):
            every.ways[way]()
            assert sorted(service.stored_hashes()) == expected, way
            assert every.results() == {"indexed": SLICES} | (
                {"duplicate": SLICES * sent} if sent else {}
            )


def _forwards(ways: list[str]) -> list[str]:
    return ways


def _backwards(ways: list[str]) -> list[str]:
    return ways[::-1]


def _from_the_middle(ways: list[str]) -> list[str]:
    return ways[5:] + ways[:5]


@pytest.mark.parametrize("ordered", [_forwards, _backwards, _from_the_middle])
def test_all_ways_one_after_the_other_end_as_one_study_and_pages_that_add_up(
    service: Installation,
    study: list[Path],
    expected: list[str],
    tmp_path: Path,
    ordered: Callable[[list[str]], list[str]],
):
    order = ordered(list(WAYS))
    with EveryWayIn(service, files=study, folder=tmp_path / "senders") as every:
        for way in order:
            every.ways[way]()
        assert every.results() == {"indexed": SLICES, "duplicate": SLICES * (len(WAYS) - 1)}
        shown = every.shown_on_run_pages()
    assert sorted(service.stored_hashes()) == expected
    for page in shown:
        assert page["files"] == sum(
            page[word]
            for word in ("indexed", "duplicate", "conflict", "quarantined", "rejected", "ignored")
        )
    assert sum(page["indexed"] for page in shown) == SLICES
    assert sum(page["duplicate"] for page in shown) == SLICES * (len(WAYS) - 1)
    done = service.manage("verify_archive")
    assert done.returncode == 0, done.stderr
