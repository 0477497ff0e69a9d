"""Conversations on the DICOM network that go wrong end themselves, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Installation
from tests.faults.stream_run import StreamRun

pytestmark = [pytest.mark.faults, pytest.mark.one_database]

STREAMS, CYCLES = 400, 400
MOST_GROWN_KIB = 64 * 1024
MOST_MORE_THREADS = 2
"""Of the intake, which begin when they are needed."""


@pytest.fixture
def run(service: Installation, tmp_path: Path) -> Iterator[StreamRun]:
    run = StreamRun(service, tmp_path)
    with run.service:
        run.record()
        yield run


def test_mutated_streams_leave_nothing_behind_and_honest_senders_get_through(run: StreamRun):
    """Recordings of DCMTK, pynetdicom and Orthanc; bytes, PDUs and lengths changed."""
    run.assert_serves()
    before = run.held()
    result = run.send_mutated(range(STREAMS))
    run.assert_serves()
    after = run.held(at_most=before)
    assert result.wrong == []
    assert run.left_over() == []
    assert after.descriptors <= before.descriptors
    assert after.threads <= before.threads + MOST_MORE_THREADS
    assert len(result.ends) > 3


def test_associations_that_end_in_every_way_keep_nothing(run: StreamRun):
    """Released, aborted, dropped: no descriptor, no thread, no memory."""
    run.cycle(range(40))
    run.assert_serves()
    before = run.held()
    result = run.cycle(range(CYCLES))
    after = run.held(at_most=before)
    assert result.wrong == []
    assert after.descriptors <= before.descriptors
    assert after.threads <= before.threads + MOST_MORE_THREADS
    assert after.memory_kib - before.memory_kib < MOST_GROWN_KIB
    assert {"released", "rejected", "accepted", "answered"} <= result.ends.keys()
