"""`make bench`: how fast the intake is, as ratios against peers in the same run.

The same generated study goes alternately through `cp` with a flush (what copying can reach at
most), DCMTK's storescu → storescp (stores, keeps no promise on power loss, de-identifies nothing)
and Crescent's command line (durable, de-identified, indexed). Seconds move from machine to machine;
the ratios are what counts.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = COLUMNS = 512


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--slices", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crescent-bench-") as name:
        folder = Path(name)
        source = folder / "study"
        generate(source, slices=options.slices)
        peers: dict[str, Callable[[Path], float]] = {
            "cp -r, then sync": lambda run: copy_and_sync(source, run),
            "storescu to storescp": lambda run: storescu_to_storescp(source, run),
            "crescent ingest, 1 worker": lambda run: ingest(source, run, workers=1),
            "crescent ingest, all cores": lambda run: ingest(
                source, run, workers=os.cpu_count() or 1
            ),
        }
        seconds: dict[str, list[float]] = {peer: [] for peer in peers}
        for number in range(options.rounds):
            for peer, measure in peers.items():
                run = folder / f"run-{number}"
                run.mkdir()
                seconds[peer].append(measure(run))
                shutil.rmtree(run)
    report(seconds, slices=options.slices)


def generate(folder: Path, *, slices: int) -> None:
    """One CT series of 512 x 512 slices, about 527 kB each."""
    sys.path.insert(0, str(ROOT))
    from tests.factories.dicom_files import ct_instance

    folder.mkdir()
    for index in range(slices):
        ct_instance(folder / f"{index:05}.dcm", index=index, rows=ROWS, columns=COLUMNS)


def copy_and_sync(source: Path, run: Path) -> float:
    start = time.perf_counter()
    subprocess.run(["cp", "-r", str(source), str(run / "copy")], check=True)
    os.sync()
    return time.perf_counter() - start


def storescu_to_storescp(source: Path, run: Path) -> float:
    """Without TCP_NODELAY on both sides DCMTK waits for delayed acknowledgements on loopback."""
    received = run / "received"
    received.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"TCP_NODELAY": "1"}
    with subprocess.Popen(
        ["storescp", "-od", str(received), "-pdu", "131072", str(port)], env=environment
    ) as server:
        _wait_for(port)
        start = time.perf_counter()
        subprocess.run(
            ["storescu", "-pdu", "131072", "+sd", "127.0.0.1", str(port), str(source)],
            env=environment,
            check=True,
        )
        elapsed = time.perf_counter() - start
        server.terminate()
    return elapsed


def ingest(source: Path, run: Path, *, workers: int) -> float:
    """The command's own time, less that of starting Python and Django for an empty folder."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
        "CRESCENT_DEMO": "1",
        "CRESCENT_DATA": str(run / "data"),
    }

    def manage(*arguments: str) -> float:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - start

    manage("migrate", "--verbosity", "0")
    manage("add_centre", "BENCH", "Benchmark", "--time-zone", "UTC")
    nothing = run / "nothing"
    nothing.mkdir()
    command = ("--centre", "BENCH", "--workers", str(workers), "--json")
    start_up = manage("ingest", str(nothing), *command)
    return manage("ingest", str(source), *command) - start_up


def report(seconds: dict[str, list[float]], *, slices: int) -> None:
    limit = statistics.median(seconds["cp -r, then sync"])
    print(f"{slices} slices of 527 kB, {os.cpu_count()} cores, median of each (smallest, largest)")
    print(f"{'':28} {'seconds':>22} {'slices/s':>9} {'of cp with sync':>16}")
    for peer, times in seconds.items():
        median = statistics.median(times)
        spread = f"{median:.2f} ({min(times):.2f}, {max(times):.2f})"
        print(f"{peer:28} {spread:>22} {slices / median:9.0f} {limit / median:15.2f}x")


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"storescp did not listen on port {port}")


if __name__ == "__main__":
    main()
