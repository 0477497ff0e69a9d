"""Send mutated associations to `manage.py receive`, and open and end many more.

`python -m tests.faults.stream_run 20000 10000` sends 20,000 mutated streams and runs 10,000
associations that are released, aborted or dropped; it prints what the service lost or kept.
"""

import json
import os
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.factories.dicom_files import ct_instance
from tests.factories.dimse import ABORT, ECHO, RELEASE, associate_request, receive_pdu
from tests.faults.installation import Installation
from tests.faults.memory import resident_kib
from tests.faults.orthanc import AE_TITLE
from tests.faults.preloaded import log_of
from tests.faults.routes import CALLED, CALLING, CStore
from tests.faults.senders import StorescuSender
from tests.faults.services import ReceiveService
from tests.faults.stream_mutations import Pdus, mutated, pdus_of
from tests.faults.stream_seeds import recorded_streams

AT_ONCE = 4
LONGEST_SECONDS = 30.0
SETTLED_SECONDS = 20.0
NAMES = {0: "closed", 2: "accepted", 3: "rejected", 4: "answered", 6: "released", 7: "aborted"}


@dataclass(frozen=True)
class Held:
    """What the service's own process holds; its database files come and go."""

    descriptors: int
    threads: int
    memory_kib: int

    @classmethod
    def by(cls, pid: int) -> "Held":
        named = [_target(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()]
        return cls(
            descriptors=len([name for name in named if name and ".sqlite3" not in name]),
            threads=len(list(Path(f"/proc/{pid}/task").iterdir())),
            memory_kib=resident_kib(pid),
        )


def _target(entry: Path) -> str:
    try:
        return os.readlink(entry)
    except FileNotFoundError:
        return ""


@dataclass
class Result:
    """How the conversations ended; `wrong` must stay empty."""

    ends: Counter[str] = field(default_factory=Counter)
    slowest_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


class StreamRun:
    """One service, and conversations with it that are not what they should be."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        CStore(installation)
        CStore(installation, name="orthanc", calling=AE_TITLE)
        self._installation = installation
        self._folder = folder
        self._sent = 0
        self.service = ReceiveService(installation)
        self.seeds: list[Pdus] = []

    def record(self) -> None:
        streams = recorded_streams(self._folder / "seeds", port=self.service.port)
        self.seeds = [pdus_of(stream) for stream in streams.values()]

    def send_mutated(self, numbers: range) -> Result:
        return self._run(numbers, lambda number: [mutated(number, self.seeds)])

    def cycle(self, numbers: range) -> Result:
        """Associations that end in each way there is."""
        request = associate_request(calling=CALLING, called=CALLED)
        ways: tuple[list[bytes], ...] = (
            [request, RELEASE],
            [request, ECHO, RELEASE],
            [request, ABORT],
            [request, ECHO],
            [request, ECHO[:20]],
            [request[:90]],
            [associate_request(calling="NOBODY")],
            [],
        )
        return self._run(numbers, lambda number: ways[number % len(ways)])

    def assert_serves(self) -> None:
        """An honest sender is answered, whatever went before."""
        self._sent += 1
        image = ct_instance(self._folder / f"honest{self._sent}.dcm", index=1000 + self._sent)
        sender = StorescuSender([image], port=self.service.port, calling=CALLING, called=CALLED)
        sender.send()
        assert sender.acknowledged == [image], sender.refusals

    def held(self, *, at_most: Held | None = None) -> Held:
        """What the service holds, once it is back at so few threads and descriptors."""
        deadline = time.monotonic() + SETTLED_SECONDS
        while True:
            held = Held.by(self.service.pid)
            settled = at_most is None or (
                held.descriptors <= at_most.descriptors and held.threads <= at_most.threads
            )
            if settled or time.monotonic() > deadline:
                return held
            time.sleep(0.1)

    def left_over(self) -> list[str]:
        """Files in the spool and exceptions in the log; there must be none."""
        spool = self._installation.data / "spool"
        files = [path for path in spool.rglob("*") if path.is_file() and path.name != "lock"]
        log = log_of(self._installation).read_text()
        return [str(path) for path in files] + [
            line for line in log.splitlines() if "Traceback" in line or "was not stored" in line
        ]

    def _run(self, numbers: range, said: Callable[[int], list[bytes]]) -> Result:
        result = Result()
        with ThreadPoolExecutor(AT_ONCE) as senders:
            for number, (end, seconds) in zip(
                numbers, senders.map(lambda number: self._talk(said(number)), numbers), strict=True
            ):
                result.ends[end] += 1
                result.slowest_seconds = max(result.slowest_seconds, seconds)
                if end == "stalled":
                    result.wrong.append(f"{number}: the service did not end the association")
        return result

    def _talk(self, pieces: list[bytes]) -> tuple[str, float]:
        """Say it all, waiting for an answer between two pieces; how it ended."""
        start = time.monotonic()
        last = 0
        try:
            with socket.create_connection(
                ("127.0.0.1", self.service.port), timeout=LONGEST_SECONDS
            ) as caller:
                for piece in pieces[:-1]:
                    caller.sendall(piece)
                    last = receive_pdu(caller)[0]
                if pieces:
                    caller.sendall(pieces[-1])
                caller.shutdown(socket.SHUT_WR)
                while (kind := receive_pdu(caller)[0]) != 0:
                    last = kind
        except TimeoutError:
            return "stalled", LONGEST_SECONDS
        except (OSError, struct.error):
            last = 0
        return NAMES.get(last, "unknown"), time.monotonic() - start


def main() -> int:
    streams, cycles = int(sys.argv[1]), int(sys.argv[2])
    with TemporaryDirectory() as folder:
        installation = Installation(Path(folder) / "data")
        installation.create()
        run = StreamRun(installation, Path(folder))
        with run.service:
            run.record()
            run.cycle(range(500))
            run.assert_serves()
            before = run.held()
            start = time.monotonic()
            cycled = run.cycle(range(cycles))
            cycled_seconds = time.monotonic() - start
            after_cycles = run.held(at_most=before)
            start = time.monotonic()
            sent = run.send_mutated(range(streams))
            sent_seconds = time.monotonic() - start
            run.assert_serves()
            after = run.held(at_most=before)
            left_over = run.left_over()
    print(
        json.dumps(
            {
                "seeds": len(run.seeds),
                "cycles": dict(cycled.ends.most_common()),
                "cycles_seconds": round(cycled_seconds),
                "streams": dict(sent.ends.most_common()),
                "streams_seconds": round(sent_seconds),
                "slowest_seconds": round(max(cycled.slowest_seconds, sent.slowest_seconds), 2),
                "before": vars(before),
                "after_cycles": vars(after_cycles),
                "after_streams": vars(after),
                "wrong": cycled.wrong + sent.wrong + left_over[:50],
            },
            indent=1,
        )
    )
    return 1 if cycled.wrong or sent.wrong or left_over else 0


if __name__ == "__main__":
    sys.exit(main())
