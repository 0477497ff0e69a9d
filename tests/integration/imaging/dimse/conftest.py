"""The network service in a thread of the test, and senders that are not ours."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from imaging.actions import peers
from imaging.archive.archive import Archive
from imaging.archive.configured import configured_archive
from imaging.ingest.dimse.service import Service
from imaging.ingest.intake import Intake
from imaging.ingest.pool import Pool, new_pool
from imaging.models import IngestedFile, Instance, Peer
from registry.models import Centre
from tests.factories import registry_records
from tests.factories.dicom_files import ct_instance

CALLING, CALLED = "STORESCU", "CRESCENT"
STATUS = re.compile(r"Received Store Response \((.+)\)")


@pytest.fixture(scope="session")
def reading_pool() -> Iterator[Pool]:
    with new_pool(size=1) as pool:
        yield pool


@pytest.fixture
def centre(transactional_db: None) -> Centre:
    return registry_records.centre("DEMO")


def register(name: str = "ct", **given: str) -> Peer:
    known = {
        "centre_code": "DEMO",
        "calling_ae_title": CALLING,
        "called_ae_title": CALLED,
        "network": "127.0.0.1",
    }
    return peers.register_dimse(name=name, by=None, at=timezone.now(), **(known | given))


@pytest.fixture
def peer(centre: Centre) -> Peer:
    return register()


Serve = Callable[..., Any]


@pytest.fixture
def serve(reading_pool: Pool) -> Serve:
    @contextmanager
    def serving(*, archive: Archive | None = None, **options: Any) -> Iterator[Service]:
        archive = archive or configured_archive()
        with Intake(pool=reading_pool, archive=archive, clock=timezone.now) as intake:
            service = Service(
                host="127.0.0.1",
                port=0,
                tls=options.pop("tls", None),
                intake=options.pop("intake", intake),
                archive=archive,
                clock=timezone.now,
                **options,
            )
            thread = threading.Thread(target=_run, args=(service,))
            thread.start()
            try:
                yield service
            finally:
                service.stop()
                thread.join(90)
                assert not thread.is_alive()

    return serving


def _run(service: Service) -> None:
    try:
        service.run()
    finally:
        connections.close_all()


@pytest.fixture
def service(serve: Serve, peer: Peer) -> Iterator[Service]:
    with serve() as running:
        yield running


def slices(folder: Path, count: int, **overrides: Any) -> list[Path]:
    folder.mkdir(exist_ok=True)
    return [
        ct_instance(folder / f"{index:03}.dcm", index=index, **overrides) for index in range(count)
    ]


def storescu(
    port: int, *files: Path, options: tuple[str, ...] = (), calling: str = CALLING
) -> tuple[int, list[str]]:
    """DCMTK's sender: its exit code, and what it was told about each file."""
    done = subprocess.run(
        ["storescu", "-v", "-nh", *options, "-aet", calling, "-aec", CALLED, "127.0.0.1",
         str(port), *map(str, files)],
        env=os.environ | {"TCP_NODELAY": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    return done.returncode, STATUS.findall(done.stdout)


def echoscu(
    port: int, *, calling: str = CALLING, called: str = CALLED, options: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["echoscu", "-v", *options, "-aet", calling, "-aec", called, "127.0.0.1", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )


def results() -> list[str]:
    """Result and reason of every file, in the order they were recorded."""
    rows = IngestedFile.objects.order_by("id").values_list("result", "reason_code")
    return [" ".join(filter(None, row)) for row in rows]


def stored() -> dict[str, str]:
    """Hash of the stored bytes by pseudonymous SOP Instance UID."""
    return dict(Instance.objects.values_list("sop_instance_uid", "stored_sha256"))


def spool_is_empty(data: Path) -> bool:
    return not [path for path in (data / "spool").rglob("*") if path.is_file()
                and path.name != "lock"]  # fmt: skip


def eventually(true: Callable[[], bool], *, seconds: float = 20.0) -> bool:
    """Whether it becomes true; the wait is far longer than it should take."""
    deadline = time.monotonic() + seconds
    while not (outcome := true()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return outcome
