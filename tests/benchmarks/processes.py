"""Start servers on loopback, wait for them, stop them."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
NO_DELAY = {"TCP_NODELAY": "1"}
"""Without it on both sides DCMTK waits for delayed acknowledgements on loopback."""

SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 30.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        return int(free.getsockname()[1])


@contextmanager
def server(
    command: Sequence[str],
    *,
    ports: Sequence[int],
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that listens on these ports while the block runs."""
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            env={**(os.environ if environment is None else environment), **NO_DELAY},
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            for port in ports:
                _wait_for(port, process, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()


def seconds_of(commands: Sequence[Sequence[str]]) -> float:
    """How long these commands take, all at once."""
    start = time.perf_counter()
    running = [
        subprocess.Popen(command, env=os.environ | NO_DELAY, stdout=subprocess.DEVNULL)
        for command in commands
    ]
    codes = [process.wait() for process in running]
    if any(codes):
        raise RuntimeError(f"{commands[0][0]} ended with {codes}")
    return time.perf_counter() - start


def storescu(folders: Sequence[Path], *, port: int, called: str = "ANY-SCP") -> float:
    """Send each folder on an association of its own; seconds until the last answer."""
    return seconds_of(
        [
            [
                *("storescu", "-pdu", "131072", "-aet", "BENCH", "-aec", called),
                *("+sd", LOOPBACK, str(port), str(folder)),
            ]
            for folder in folders
        ]
    )


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended: {log.read_text(errors='replace')[-2000:]}")
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")
