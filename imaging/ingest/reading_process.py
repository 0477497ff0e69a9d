"""One child process as its parent sees it: ask, wait so long and no longer, replace."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imaging.dicom.claimed_uids import ClaimedUids
from imaging.ingest.manifests_told import ManifestsTold

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
SECONDS_PER_TASK = 10.0
SLOWEST_BYTES_PER_SECOND = 20_000_000
"""Large files get more time: one that is read more slowly than this counts as stuck."""
LONGEST_ANSWER_BYTES = 64 * 1024 * 1024
MOST_TOLD = 32
"""So often the child is told something before it answers again: the pipe must never be full."""


@dataclass(frozen=True)
class Done:
    """The child did what it was asked."""

    value: Any


@dataclass(frozen=True)
class Refused:
    """The file is not taken in; which object it says it is, where that could be read."""

    reason_code: str
    claimed: ClaimedUids | None = None


@dataclass(frozen=True)
class Fault:
    """The storage failed while the child wrote."""

    errno: int


Answer = Done | Refused | Fault


class ReadingProcessUnavailableError(Exception):
    """The reading process does not start; no file is to blame."""


class ReadingProcess:
    """A child that is started when first asked and started anew after it failed."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        self._manifests = ManifestsTold()
        self._told = 0

    def tell(self, request: Mapping[str, Any]) -> None:
        """Say what needs no answer; a child that does not run, or has heard enough, is not told."""
        if self._process is None or self._told >= MOST_TOLD:
            return
        self._told += 1
        # a child that is gone is noticed by whoever asks next
        with suppress(_DiedError):
            self._write(self._process, request)

    def ask(self, request: Mapping[str, Any], *, size_bytes: int = 0) -> Answer:
        """One answer to one request; a child that dies or stalls refuses the file by that.

        Not if it was told of other files before: then a new one is asked.

        Raises
        ------
        ReadingProcessUnavailableError
        """
        was_told = self._told > 0
        answer = self._asked(request, size_bytes=size_bytes)
        if was_told and self._process is None:
            return self._asked(request, size_bytes=size_bytes)
        return answer

    def _asked(self, request: Mapping[str, Any], *, size_bytes: int) -> Answer:
        self.start()
        seconds = SECONDS_PER_TASK + size_bytes / SLOWEST_BYTES_PER_SECOND
        try:
            answer = self._exchange(request, seconds=seconds)
        except _StalledError:
            self.close()
            return Refused("parser_timeout")
        except _DiedError:
            used_up_its_time = self.close() == -signal.SIGXCPU
            return Refused("parser_timeout" if used_up_its_time else "parser_crashed")
        if "refused" in answer:
            claimed = answer.get("claimed")
            return Refused(
                answer["refused"], claimed=ClaimedUids.from_json(claimed) if claimed else None
            )
        if "fault" in answer:
            return Fault(answer["fault"])
        return Done(self._manifests.completed(answer["done"]))

    def start(self) -> None:
        """Start the child unless it runs.

        Raises
        ------
        ReadingProcessUnavailableError
        """
        if self._process is None:
            self._start()

    def close(self) -> int | None:
        """End the child at once; its exit code, None when there is none."""
        process, self._process = self._process, None
        if process is None:
            return None
        assert process.stdin is not None
        assert process.stdout is not None
        if process.poll() is None:
            # A closed pipe may be seen a moment before the end of the process itself.
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
        process.kill()
        code = process.wait()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        return code

    def _start(self) -> None:
        self._buffer.clear()
        self._manifests = ManifestsTold()
        self._told = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "imaging.ingest.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT_FOLDER,
            # Nothing of our environment: it holds the secrets.
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "LANG": "C.UTF-8",
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
            },
        )
        try:
            self._exchange(self._keys, seconds=START_SECONDS)
        except (_StalledError, _DiedError) as error:
            self.close()
            raise ReadingProcessUnavailableError(
                "The reading process does not start. Run `python -m imaging.ingest.child` in the "
                "project folder to see why."
            ) from error

    def _exchange(self, request: Mapping[str, Any], *, seconds: float) -> dict[str, Any]:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        deadline = time.monotonic() + seconds
        self._write(process, request)
        descriptor = process.stdout.fileno()
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        while (end := self._buffer.find(b"\n")) < 0:
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                raise _StalledError
            chunk = os.read(descriptor, 1 << 20)
            if not chunk or len(self._buffer) > LONGEST_ANSWER_BYTES:
                raise _DiedError
            self._buffer += chunk
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._told = 0
        answer: dict[str, Any] = json.loads(line)
        return answer

    @staticmethod
    def _write(process: "subprocess.Popen[bytes]", request: Mapping[str, Any]) -> None:
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError as error:
            raise _DiedError from error


class _StalledError(Exception):
    """The child did not answer in time."""


class _DiedError(Exception):
    """The child ended without an answer."""
