"""A full or failing disk under a running service: no success that is not true, reading goes on.

When space returns the service takes images in again by itself. After a failed fsync it does so
only once it was started anew: the kernel forgets the error, so that a second fsync lies.
"""

import errno
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.faults.database import PostgreSqlDatabase
from tests.faults.installation import Installation, assert_all_kept, assert_no_row_without_bytes
from tests.faults.routes import ROUTES, Route
from tests.faults.senders import Browser, Sender
from tests.faults.services import Service, WebService
from tests.faults.test_durability_order import TRACER
from tests.faults.unique_series import unique_series

pytestmark = pytest.mark.faults

WRITES = "write,pwrite64,mkdir,mkdirat"
FLUSHES = "fsync,fdatasync"
NOT_STORED = {
    "upload": {"503", "507"},
    "STOW-RS": {"503", "507"},
    "C-STORE": {"Refused: OutOfResources"},
}
"""What each way in answers: HTTP 507 or 503, and status A700 in DCMTK's words."""

SEED = 20240603


class Disk:
    """The data folder of an installation, or what begins so below it; calls fail on demand."""

    def __init__(
        self, installation: Installation, *, number: int, calls: str, part: str = ""
    ) -> None:
        self._flag = installation.data.parent / "failing"
        self.below = [
            sys.executable,
            str(TRACER),
            str(installation.data.parent / "trace"),
            f"while:{self._flag}:{installation.data}/{part}:{number}:{calls}",
            "--",
        ]

    def fail(self) -> None:
        self._flag.touch()

    def recover(self) -> None:
        self._flag.unlink()


class FullPostgreSql:
    """A database that finds no space for the rows of files, at the latest moment: the commit."""

    below: Sequence[str] = ()

    def __init__(self, installation: Installation) -> None:
        assert isinstance(installation.database, PostgreSqlDatabase)
        self._database = installation.database

    def fail(self) -> None:
        self._database.execute(
            "CREATE OR REPLACE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"
        )
        self._database.execute(
            "CREATE CONSTRAINT TRIGGER no_space AFTER INSERT ON imaging_ingestedfile"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_space()"
        )

    def recover(self) -> None:
        self._database.execute("DROP TRIGGER no_space ON imaging_ingestedfile")


def disk_of_database(installation: Installation) -> Disk | FullPostgreSql:
    """PostgreSQL's lies elsewhere, where its own server meets it."""
    if isinstance(installation.database, PostgreSqlDatabase):
        return FullPostgreSql(installation)
    return Disk(installation, number=errno.ENOSPC, calls=WRITES, part="crescent.sqlite3")


def disk_of_everything(installation: Installation) -> Disk:
    return Disk(installation, number=errno.ENOSPC, calls=WRITES)


@pytest.fixture
def files(tmp_path: Path) -> list[list[Path]]:
    chance = random.Random(SEED)
    return [
        unique_series(tmp_path / "sent", number=number, slices=6, chance=chance)
        for number in range(3)
    ]


@pytest.mark.parametrize("full", [disk_of_everything, disk_of_database])
@pytest.mark.parametrize("name", ROUTES)
def test_a_full_disk_is_never_a_success_and_ends_by_itself(
    name: str,
    full: Callable[[Installation], Disk | FullPostgreSql],
    service: Installation,
    files: list[list[Path]],
):
    before, meanwhile, after = files
    disk = full(service)
    route = ROUTES[name](service)
    with route.service(service, below=disk.below) as running:
        assert _sent(route, running, before).refusals == []
        disk.fail()
        refused = _sent(route, running, meanwhile)
        assert refused.acknowledged == []
        assert set(refused.refusals) <= NOT_STORED[name]
        assert refused.refusals
        _assert_reading_goes_on(service, running)
        disk.recover()
        again = _sent(route, running, meanwhile + after)
        assert again.refusals == []
        assert set(again.acknowledged) == {*meanwhile, *after}
        running.stop()
    _assert_sound(service, [*before, *meanwhile, *after])


@pytest.mark.parametrize("name", ROUTES)
def test_after_a_failed_fsync_nothing_is_answered_with_success_until_a_restart(
    name: str, service: Installation, files: list[list[Path]]
):
    before, meanwhile, after = files
    disk = Disk(service, number=errno.EIO, calls=FLUSHES, part="spool/")
    route = ROUTES[name](service)
    with route.service(service, below=disk.below) as running:
        assert _sent(route, running, before).refusals == []
        disk.fail()
        refused = _sent(route, running, meanwhile)
        assert refused.acknowledged == []
        assert set(refused.refusals) <= NOT_STORED[name]
        _assert_reading_goes_on(service, running)
        disk.recover()
        assert _sent(route, running, after).acknowledged == []
        running.stop()
    with route.service(service) as running:
        again = _sent(route, running, meanwhile + after)
        assert set(again.acknowledged) == {*meanwhile, *after}
        running.stop()
    _assert_sound(service, [*before, *meanwhile, *after])


def _sent(route: Route, running: Service, files: list[Path]) -> Sender:
    sender = route.sender(running, files)
    sender.start()
    sender.join(timeout=120)
    assert not sender.is_alive()
    return sender


def _assert_reading_goes_on(service: Installation, running: Service) -> None:
    """The service still answers; where it has pages, so do they, with what was stored before."""
    assert running.answers()
    if isinstance(running, WebService):
        status, _ = Browser(running.port).ask("GET", "/health/ready")
        # SQLite opens its log anew when nobody had it open, and cannot on a disk without a byte
        # left; the free-space floor keeps the intake from using that up.
        on_sqlite = service.database.url.startswith("sqlite")
        assert status in ({200, 503} if on_sqlite else {200})
    assert_no_row_without_bytes(service)


def _assert_sound(service: Installation, everything: list[Path]) -> None:
    assert_all_kept(service, sources=everything)
    assert len(service.stored_hashes()) == len(everything)
    for command in (["recover"], ["verify_archive"], ["verify_history", "--skip-checks"]):
        checked = service.manage(*command)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    assert not list((service.data / "spool").iterdir())
