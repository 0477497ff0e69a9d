"""kill -9 of a service while real clients send: what they were told is true afterwards."""

import os
import random
import time
from pathlib import Path

import pytest

from tests.faults.installation import (
    Installation,
    assert_all_kept,
    assert_no_row_without_bytes,
)
from tests.faults.senders import Browser, Sender, UploadSender
from tests.faults.services import WebService
from tests.faults.unique_series import unique_series

pytestmark = pytest.mark.faults

KILLS = int(os.environ.get("CRESCENT_SERVICE_KILLS", "4"))
SEED = int(os.environ.get("CRESCENT_SEED", "20240602"))
FILES = 24
LONGEST_SECONDS = 1.2
"""About what the files take on an idle machine; some kills come after the last answer."""


class Uploads:
    """Killed: the web service. Sending: a browser."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._browser: Browser | None = None

    def start(self) -> WebService:
        service = WebService(self._installation)
        if self._browser is None:
            self._browser = Browser(service.port)
            self._browser.sign_in()
        return service

    def sender(self, service: WebService, files: list[Path]) -> Sender:
        assert self._browser is not None
        return UploadSender(files, browser=self._browser.at(service.port))


ROUTES = {"upload": Uploads}


@pytest.mark.parametrize("name", ROUTES)
def test_nothing_acknowledged_is_lost_when_a_service_is_killed(
    name: str, service: Installation, tmp_path: Path
):
    """Each killed service is followed by the next one, which also gets what was not confirmed."""
    route = ROUTES[name](service)
    chance = random.Random(f"{SEED} {name}")
    everything: list[Path] = []
    confirmed: set[Path] = set()
    killed_midway = 0
    for number in range(KILLS):
        everything += unique_series(tmp_path / "sent", number=number, slices=FILES, chance=chance)
        unconfirmed = [file for file in everything if file not in confirmed]
        running = route.start()
        sender = route.sender(running, unconfirmed)
        sender.start()
        time.sleep(chance.uniform(0, LONGEST_SECONDS))
        running.kill()
        sender.join(timeout=60)
        assert not sender.is_alive()
        assert_all_kept(service, sources=sender.acknowledged)
        assert_no_row_without_bytes(service)
        killed_midway += 0 < len(sender.acknowledged) < len(unconfirmed)
        confirmed |= set(sender.acknowledged)

    running = route.start()
    sender = route.sender(running, everything)
    sender.start()
    sender.join(timeout=300)
    running.stop()
    assert sender.refusals == []
    assert set(sender.acknowledged) == set(everything)
    assert_all_kept(service, sources=everything)
    assert_recovers(service, images=len(everything))
    # Otherwise the moments prove nothing.
    assert killed_midway >= KILLS // 5


def assert_recovers(installation: Installation, *, images: int) -> None:
    """Nothing is left over, every row has its bytes, and the history is whole."""
    assert len(installation.stored_hashes()) == images
    for command in (["recover"], ["verify_archive"], ["verify_history", "--skip-checks"]):
        checked = installation.manage(*command)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    assert not list((installation.data / "spool").iterdir())
