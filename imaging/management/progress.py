"""How far a delivery or a check has come, on a terminal."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import OutputWrapper

from imaging.ingest.arrival import Arrival, Ignored

MB = 10**6
SHOW_EVERY_SECONDS = 0.2


class Progress:
    """Files, megabytes, rate and time left, on one line that is written over.

    It counts what was handed to the door; up to a window of files more than are durable yet.
    Nothing is shown, and nothing counted beforehand, where the output is no terminal.
    """

    def __init__(self, paths: Iterable[Path], *, to: OutputWrapper) -> None:
        self._to = to
        self._is_shown = to.isatty()
        self._all_bytes = sum(map(_size_below, paths)) if self._is_shown else 0
        self._begun_bytes = 0
        self._started_seconds = self._shown_seconds = time.monotonic()

    def counted(self, arrivals: Iterable[Arrival | Ignored]) -> Iterator[Arrival | Ignored]:
        for arrival in arrivals:
            yield arrival
            if isinstance(arrival, Arrival):
                self._begun_bytes += arrival.size_bytes

    def show(self, files: int) -> None:
        now_seconds = time.monotonic()
        if not self._is_shown or now_seconds - self._shown_seconds < SHOW_EVERY_SECONDS:
            return
        self._shown_seconds = now_seconds
        line = progress_line(
            files=files,
            begun_bytes=self._begun_bytes,
            all_bytes=self._all_bytes,
            seconds=now_seconds - self._started_seconds,
        )
        self._to.write(f"\r\x1b[K{line}", ending="")
        self._to.flush()

    def end(self) -> None:
        if self._is_shown:
            self._to.write("")


class Countdown:
    """How many of a known number are done, and the time left, on one line that is written over."""

    def __init__(self, *, of: int, to: OutputWrapper) -> None:
        self.is_shown = to.isatty()
        self._of = of
        self._to = to
        self._started_seconds = self._shown_seconds = time.monotonic()

    def show(self, done: int) -> None:
        now_seconds = time.monotonic()
        if not self.is_shown or now_seconds - self._shown_seconds < SHOW_EVERY_SECONDS:
            return
        self._shown_seconds = now_seconds
        line = countdown_line(done=done, of=self._of, seconds=now_seconds - self._started_seconds)
        self._to.write(f"\r\x1b[K{line}", ending="")
        self._to.flush()

    def end(self) -> None:
        if self.is_shown:
            self._to.write("\r\x1b[K", ending="")
            self._to.flush()


def countdown_line(*, done: int, of: int, seconds: float) -> str:
    """Such as `4000/100000 files · 96 s left`."""
    left = f" · {max(of - done, 0) * seconds / done:.0f} s left" if done else ""
    return f"{done}/{of} files{left}"


def progress_line(*, files: int, begun_bytes: int, all_bytes: int, seconds: float) -> str:
    """Such as `120 files · 63/211 MB · 45.2 MB/s · 4 s left`."""
    parts = [f"{files} files", f"{begun_bytes / MB:.0f}/{all_bytes / MB:.0f} MB"]
    if seconds > 0 and begun_bytes > 0:
        rate = begun_bytes / seconds
        parts.append(f"{rate / MB:.1f} MB/s")
        parts.append(f"{max(all_bytes - begun_bytes, 0) / rate:.0f} s left")
    return " · ".join(parts)


def _size_below(path: Path) -> int:
    if not path.is_dir():
        return path.stat().st_size if path.is_file() else 0
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += (Path(folder) / name).stat().st_size
            except OSError:
                continue  # told when it arrives
    return total
