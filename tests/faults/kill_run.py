"""Kill services again and again while clients send, and check what the clients were told.

`python -m tests.faults.kill_run KILLS [ROUTE…] [--seed N]` runs it on SQLite, or, below
`tests/postgresql.py`, on PostgreSQL, and prints what it saw. All ways in that are named are used at
the same time and their services killed at the same moment.
"""

import argparse
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.database import database_below
from tests.faults.installation import (
    LONGEST_SECONDS,
    Installation,
    assert_all_kept,
    assert_no_row_without_bytes,
)
from tests.faults.preloaded import Preloaded
from tests.faults.routes import ROUTES, Route
from tests.faults.senders import Sender
from tests.faults.services import Service
from tests.faults.unique_series import unique_series

FILES = 16
FIRST_LONGEST_SECONDS = 4.0
SLACK = 1.2
"""The last moments lie behind the last answer."""


class KillRun:
    """One installation, and one way in or several at once.

    Attributes
    ----------
    kills, killed_midway
        How often the services were killed, and for each way in, how often after some answers but
        not all.
    acknowledged
        How many files the clients were told were stored by a service that was killed later.
    """

    def __init__(
        self,
        installation: Installation,
        routes: Mapping[str, Route],
        *,
        folder: Path,
        seed: int,
        preloaded: Preloaded | None = None,
    ) -> None:
        self.kills = 0
        self.killed_midway: Counter[str] = Counter()
        self.acknowledged: Counter[str] = Counter()
        self._installation = installation
        self._routes = routes
        self._folder = folder
        self._preloaded = preloaded
        self._chance = random.Random(seed)
        self._series = 0
        self._sent: dict[str, list[Path]] = {name: [] for name in routes}
        self._unconfirmed: dict[str, list[Path]] = {name: [] for name in routes}
        self._longest_seconds = FIRST_LONGEST_SECONDS

    def kill(self) -> None:
        """Send new series and all not confirmed yet; kill at a uniformly random moment."""
        for name in self._routes:
            self._add_series(name)
        services, senders = self._start(self._unconfirmed)
        moment = self._chance.uniform(0, self._longest_seconds)
        start = time.monotonic()
        for sender in senders.values():
            sender.start()
        for sender in senders.values():
            sender.join(timeout=max(0.0, start + moment - time.monotonic()))
        if any(sender.is_alive() for sender in senders.values()):
            self._longest_seconds = max(self._longest_seconds, SLACK * moment)
        else:
            # They were done earlier: draw the next moments from as long as it really takes.
            self._longest_seconds = SLACK * (time.monotonic() - start)
        for service in services:
            service.send(signal.SIGKILL)
        for service in services:
            service.kill()
        for name, sender in senders.items():
            self._judge(name, sender)
        assert_no_row_without_bytes(self._installation)
        self.kills += 1

    def finish(self) -> None:
        """Send everything once more: all is stored, once; nothing lies about; history is whole."""
        services, senders = self._start(self._sent)
        for sender in senders.values():
            sender.start()
        for sender in senders.values():
            sender.join(timeout=LONGEST_SECONDS)
            assert not sender.is_alive()
        for service in services:
            service.stop()
        for name, sender in senders.items():
            assert sender.refusals == []
            assert set(sender.acknowledged) == set(self._sent[name])
        everything = [file for files in self._sent.values() for file in files]
        assert_all_kept(self._installation, sources=everything)
        assert len(self._installation.stored_hashes()) == len(everything)
        for command in (["recover"], ["verify_archive"], ["verify_history", "--skip-checks"]):
            checked = self._installation.manage(*command)
            assert checked.returncode == 0, checked.stdout + checked.stderr
        assert not list((self._installation.data / "spool").iterdir())

    def _add_series(self, name: str) -> None:
        files = unique_series(self._folder, number=self._series, slices=FILES, chance=self._chance)
        self._series += 1
        self._sent[name] += files
        self._unconfirmed[name] += files

    def _start(self, files: Mapping[str, list[Path]]) -> tuple[list[Service], dict[str, Sender]]:
        """Every service that the routes need, once, and a client for each route."""
        services: dict[type[Service], Service] = {}
        senders = {}
        for name, route in self._routes.items():
            if route.service not in services:
                services[route.service] = route.service(
                    self._installation, preloaded=self._preloaded
                )
            senders[name] = route.sender(services[route.service], files[name])
        return list(services.values()), senders

    def _judge(self, name: str, sender: Sender) -> None:
        sender.join(timeout=120)
        assert not sender.is_alive()
        assert sender.refusals == []
        assert_all_kept(self._installation, sources=sender.acknowledged)
        confirmed = set(sender.acknowledged)
        self.acknowledged[name] += len(confirmed)
        self.killed_midway[name] += 0 < len(confirmed) < len(self._unconfirmed[name])
        self._unconfirmed[name] = [
            file for file in self._unconfirmed[name] if file not in confirmed
        ]


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("kills", type=int)
    arguments.add_argument("routes", nargs="*", default=list(ROUTES))
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    with TemporaryDirectory(prefix="kills-") as folder:
        data = Path(folder) / "data"
        installation = Installation(data, database=database_below(data))
        installation.create()
        preloaded = Preloaded(installation)
        run = KillRun(
            installation,
            {name: ROUTES[name](installation) for name in options.routes},
            folder=Path(folder) / "sent",
            seed=options.seed,
            preloaded=preloaded,
        )
        try:
            for _ in range(options.kills):
                run.kill()
            run.finish()
            print("sound")
        finally:
            preloaded.close()
            print(f"{run.kills} kills on {type(installation.database).__name__}")
            for name in options.routes:
                print(
                    f"{name}: {run.killed_midway[name]} midway,"
                    f" {run.acknowledged[name]} files acknowledged before a kill",
                    flush=True,
                )
        installation.database.drop()


if __name__ == "__main__":
    sys.exit(main())
