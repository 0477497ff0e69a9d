"""`make bench`: how fast the intake is, as ratios against peers in the same run.

The same generated study goes through everybody in turn, several times over. Seconds move from
machine to machine and from hour to hour; ratios of one run are what counts.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.benchmarks import (
    crescent,
    estimating,
    memory,
    peers,
    reading,
    reading_report,
    report,
    scale,
    viewing,
)
from tests.benchmarks.generated_study import generate

Measure = Callable[[Path, Path], float]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--slices", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="part of the names of those who take part")
    parser.add_argument("--json", type=Path, help="write every measured second there, too")
    parser.add_argument(
        "--memory",
        action="store_true",
        help="instead: memory of the C-STORE service while --slices arrive on 4 associations",
    )
    parser.add_argument(
        "--reading", action="store_true", help="only how fast images are read and shown"
    )
    parser.add_argument(
        "--estimating", action="store_true", help="only how fast survival is estimated"
    )
    parser.add_argument("--plot", type=Path, help="write cost by rows there, as SVG")
    parser.add_argument(
        "--scale",
        action="store_true",
        help="only whether pages take longer with 100,000 patients than with 1,000",
    )
    parser.add_argument("--patients", type=int, default=scale.LARGE, help="of the large registry")
    parser.add_argument(
        "--keep", type=Path, help="for --scale: the registries stay there for the next time"
    )
    parser.add_argument(
        "--databases", nargs="+", default=["SQLite", "PostgreSQL"], help="for --scale"
    )
    options = parser.parse_args()
    if options.scale:
        rounds = max(options.rounds, scale.FEWEST_ROUNDS)
        found = scale.measured(
            rounds=rounds,
            large=options.patients,
            databases=options.databases,
            keep=options.keep,
            only=options.only,
        )
        print(scale.report(found))
        return
    with tempfile.TemporaryDirectory(prefix="crescent-bench-") as name:
        folder = Path(name)
        if options.estimating:
            estimate(folder, rounds=options.rounds, plot=options.plot)
            return
        source = folder / "study"
        generate(source, slices=options.slices)
        if options.memory:
            run = folder / "run"
            run.mkdir()
            largest = memory.largest_pss_mib(source, run)
            print(
                f"{options.slices} slices on {memory.ASSOCIATIONS} associations: {largest:.0f} MiB"
            )
            return
        if not options.reading:
            seconds = measured(source, folder, rounds=options.rounds, only=options.only)
            print(report.report(seconds, slices=options.slices))
            if options.json:
                options.json.write_text(report.as_json(seconds, slices=options.slices))
        if not options.only:
            run = folder / "reading"
            run.mkdir()
            times = reading.measured(source, run, rounds=options.rounds)
            print(reading_report.report(times, slices=options.slices))
            run = folder / "viewing"
            run.mkdir()
            found = viewing.measured(source, run, rounds=options.rounds)
            print(viewing.report(found, slices=options.slices))
            run = folder / "estimating"
            run.mkdir()
            estimate(run, rounds=options.rounds, plot=options.plot)


def estimate(folder: Path, *, rounds: int, plot: Path | None) -> None:
    """Survival beside lifelines, statsmodels and R, and its cost by the number of rows."""
    found = estimating.measured(folder, rounds=rounds)
    cost = estimating.growth(rounds)
    print(estimating.report(found, cost))
    if plot:
        estimating.plot(cost, plot)


def participants() -> dict[str, Measure]:
    """Those that are there; who is missing is named."""
    found: dict[str, Measure] = {report.CP: peers.copy_and_sync}
    for what, there, some in (
        ("DCMTK", shutil.which("storescp") is not None, {report.STORESCP: peers.storescp}),
        (
            "Orthanc",
            peers.has_orthanc(),
            {
                report.ORTHANC_C_STORE: peers.orthanc_c_store,
                report.ORTHANC_ANONYMISED: peers.orthanc_c_store_and_anonymise,
                report.ORTHANC_REST: peers.orthanc_rest,
            },
        ),
        (
            "Orthanc's DICOMweb plugin",
            peers.has_orthanc_dicomweb(),
            {report.ORTHANC_STOW: peers.orthanc_stow},
        ),
    ):
        if there:
            found |= some
        else:
            print(f"{what} is not installed: its rows are left out.", file=sys.stderr)
    workers = os.cpu_count() or 1
    return found | {
        report.COMMAND_1: partial(crescent.command_line, workers=1),
        report.COMMAND_ALL: partial(crescent.command_line, workers=workers),
        report.C_STORE_1: partial(crescent.c_store, associations=1),
        report.C_STORE_4: partial(crescent.c_store, associations=4),
        report.STOW: crescent.stow_rs,
    }


def measured(source: Path, folder: Path, *, rounds: int, only: str) -> dict[str, list[float]]:
    """Seconds of each, in turn, so that a busy minute of the machine hits all alike."""
    chosen = {name: measure for name, measure in participants().items() if only in name}
    seconds: dict[str, list[float]] = {name: [] for name in chosen}
    for number in range(rounds):
        for name, measure in chosen.items():
            run = folder / f"run-{number}"
            run.mkdir()
            os.sync()
            seconds[name].append(measure(source, run))
            shutil.rmtree(run)
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return seconds


if __name__ == "__main__":
    main()
