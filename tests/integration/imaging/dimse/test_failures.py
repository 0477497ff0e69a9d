"""What senders are told when something of ours fails: never success."""

import errno

import pytest
from django.db import OperationalError
from django.utils import timezone

from imaging import actions
from imaging.actions import runs
from imaging.archive.configured import configured_archive
from imaging.archive.errors import QuotaExceededError, storage_fault
from imaging.ingest.dimse import association, incoming_file
from imaging.ingest.dimse.service import Service, close_abandoned
from imaging.models import IngestedFile, IngestRun, Peer
from tests.factories.dicom_files import ct_instance
from tests.integration.imaging.dimse.conftest import (
    echoscu,
    eventually,
    results,
    slices,
    spool_is_empty,
    storescu,
)

OUT_OF_RESOURCES = "Refused: OutOfResources"


class FailingAtFirst:
    """An intake whose first answers are failures; then the real one."""

    def __init__(self, intake, *errors):
        self._intake = intake
        self._errors = list(errors)

    def rules_of(self, run):
        return self._intake.rules_of(run)

    def early(self, arrival, *, run):
        return self._intake.early(arrival, run=run)

    def take_in(self, arrival, **given):
        if self._errors:
            raise self._errors.pop(0)
        return self._intake.take_in(arrival, **given)


@pytest.fixture
def failing(serve, monkeypatch):
    """A service whose intake fails with these errors first."""

    def start(*errors):
        original = Service.__init__

        def init(self, *, intake, **given):
            original(self, intake=FailingAtFirst(intake, *errors), **given)

        monkeypatch.setattr(Service, "__init__", init)
        return serve()

    return start


@pytest.mark.parametrize(
    "error",
    [storage_fault(errno.ENOSPC), storage_fault(errno.EIO), OperationalError("gone"),
     QuotaExceededError("used")],
    ids=["disk full", "disk failing", "database away", "quota used"],
)  # fmt: skip
def test_a_failure_that_passes_is_out_of_resources_and_the_association_goes_on(
    failing, peer, tmp_path, error, crescent_data
):
    """N12: A700, never 0000."""
    with failing(error) as service:
        _, told = storescu(service.port, *slices(tmp_path / "ct", 3))
    assert [words.split(" ")[0] for words in told] == ["Refused:", "Success", "Success"]
    assert results() == ["indexed"] * 2
    assert spool_is_empty(crescent_data)


@pytest.mark.parametrize("error", [RuntimeError("Canaryname"), TypeError])
def test_an_internal_error_is_told_as_one_and_the_association_goes_on(
    failing, peer, tmp_path, error, caplog
):
    """N13: C211."""
    with failing(error) as service:
        _, told = storescu(service.port, *slices(tmp_path / "ct", 2))
    assert "0xc211" in told[0].lower() or "Error" in told[0]
    assert told[1] == "Success"
    assert "Canaryname" not in "".join(caplog.messages)


def test_a_disk_that_fills_while_an_object_arrives(service, tmp_path, monkeypatch, crescent_data):
    """The rest of the object is passed over, the answer is A700, and the next one goes in."""
    files = slices(tmp_path / "ct", 2)
    left = [2000]

    def write(descriptor, content):
        left[0] -= len(content)
        if -10_000 < left[0] < 0:
            raise OSError(errno.ENOSPC, "no space left on device")
        return real_write(descriptor, content)

    real_write = incoming_file.os.write
    monkeypatch.setattr(incoming_file.os, "write", write)
    _, told = storescu(service.port, files[0])
    monkeypatch.setattr(incoming_file.os, "write", real_write)
    assert told[0].startswith("Refused:")
    assert spool_is_empty(crescent_data)
    assert storescu(service.port, files[1]) == (0, ["Success"])
    assert results() == ["indexed"]


def test_while_the_database_is_away_callers_are_told_to_come_again(service, monkeypatch):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr(association, "dimse_peers", away)
    assert "Temporary Congestion" in echoscu(service.port).stdout
    monkeypatch.undo()
    assert echoscu(service.port).returncode == 0


def test_a_delivery_that_cannot_be_closed_now_is_closed_later(service, tmp_path, monkeypatch):
    """The sender has its answers already; the series must still be judged."""
    failures = [OperationalError("away")]

    def finish_run(**given):
        if failures:
            raise failures.pop()
        return runs.finish_run(**given)

    monkeypatch.setattr(actions, "finish_run", finish_run)
    assert storescu(service.port, *slices(tmp_path / "ct", 2)) == (0, ["Success"] * 2)
    assert eventually(lambda: not IngestRun.objects.filter(finished_at=None).exists(), seconds=40)
    assert failures == []


def test_deliveries_that_a_crash_left_open_are_closed_at_the_start(peer, settings):
    run = actions.start_run(
        centre_code="DEMO",
        source=IngestRun.Source.C_STORE,
        peer=peer,
        by=None,
        at=timezone.now() - timezone.timedelta(hours=5),
    )
    fresh = actions.start_run(
        centre_code="DEMO", source=IngestRun.Source.C_STORE, peer=peer, by=None, at=timezone.now()
    )
    assert close_abandoned(clock=timezone.now) == 1
    run.refresh_from_db()
    fresh.refresh_from_db()
    assert run.finished_at is not None
    assert fresh.finished_at is None


def test_refusals_name_their_reason_and_no_patient(service, tmp_path):
    """The status says failure, the error comment the reason code."""
    first = ct_instance(tmp_path / "1.dcm", index=1)
    other_pixels = ct_instance(tmp_path / "2.dcm", index=1, rows=16, columns=16)
    marked = ct_instance(tmp_path / "3.dcm", index=3, BurnedInAnnotation="YES")
    _, told = storescu(service.port, first, other_pixels, marked)
    assert told[0] == "Success"
    assert not any(words.startswith(("Success", "Warning")) for words in told[1:])
    assert results() == [
        "indexed",
        "conflict pixel_conflict",
        "quarantined burned_in_annotation",
    ]
    assert IngestedFile.objects.filter(quarantine_key__isnull=False).count() == 2


def test_each_object_ends_as_one_row_whatever_it_is(service, tmp_path, crescent_data):
    """A file that nothing can be read of is rejected, not lost."""
    broken = ct_instance(tmp_path / "1.dcm", index=1, Rows=9999)
    sound = ct_instance(tmp_path / "2.dcm", index=2)
    _, told = storescu(service.port, broken, sound)
    assert told[0].startswith(("Error", "Failure", "Refused"))
    assert told[1] == "Success"
    assert results()[1] == "indexed"
    assert results()[0].startswith("rejected ")
    with configured_archive().abandoned_spool() as abandoned:
        assert not abandoned
    assert Peer.objects.get().runs.count() == 1
