"""The same study by storescu, dcmsend, Orthanc, dicomweb-client, pages and commands is one study.

`CRESCENT_WAYS_SLICES` is the number of its slices.
"""

import os
import random
from pathlib import Path

import pytest

from tests.faults.every_way_in import EveryWayIn
from tests.faults.installation import Installation
from tests.faults.unique_series import unique_series

pytestmark = pytest.mark.faults

SLICES = int(os.environ.get("CRESCENT_WAYS_SLICES", "6"))
WAYS = 12
SEED = 20240604
RESULTS = ("indexed", "duplicate", "conflict", "quarantined", "rejected", "ignored")


@pytest.fixture
def studies(tmp_path: Path) -> list[Path]:
    """One for each way, all of one patient."""
    chance = random.Random(SEED)
    return [
        unique_series(tmp_path / "sent", number=number, slices=SLICES, chance=chance)[0].parent
        for number in range(WAYS)
    ]


@pytest.fixture
def expected(empty_service: Installation, studies: list[Path], tmp_path: Path) -> set[str]:
    """The hashes of what the command line stores elsewhere."""
    copy = empty_service.copy_to(tmp_path / "elsewhere")
    done = copy.ingest(*studies)
    assert done.returncode == 0, done.stderr
    hashes = set(copy.stored_hashes())
    copy.database.drop()
    assert len(hashes) == WAYS * SLICES
    return hashes


def test_whichever_way_comes_first_the_same_bytes_are_stored_and_later_ones_are_duplicates(
    service: Installation, studies: list[Path], expected: set[str], tmp_path: Path
):
    """Each way is the first for a study of its own; then each sends all of them."""
    with EveryWayIn(service, studies=studies, folder=tmp_path / "senders") as every:
        assert len(every.ways) == WAYS
        for number, (way, send) in enumerate(every.ways.items(), start=1):
            send([studies[number - 1]])
            stored = service.stored_hashes()
            assert len(stored) == number * SLICES, way
            assert set(stored) <= expected, way
        assert every.results() == {"indexed": WAYS * SLICES}
        for number, (way, send) in enumerate(every.ways.items(), start=1):
            send(studies)
            assert every.results() == {
                "indexed": WAYS * SLICES,
                "duplicate": WAYS * SLICES * number,
            }, way
        shown = every.shown_on_run_pages()
    assert sorted(service.stored_hashes()) == sorted(expected)
    for page in shown:
        assert page["files"] == sum(page[word] for word in RESULTS)
    assert sum(page["indexed"] for page in shown) == WAYS * SLICES
    assert sum(page["duplicate"] for page in shown) == WAYS * WAYS * SLICES
    done = service.manage("verify_archive")
    assert done.returncode == 0, done.stderr
