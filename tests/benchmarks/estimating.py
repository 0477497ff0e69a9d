"""`make bench`: survival with interval and delayed entry, beside lifelines, statsmodels and R.

Processor seconds, not those of the clock: each computes in one thread, and what else the machine
does would hit the shortest hardest.
"""

import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from registry.audit.follow_up import FollowUp
from registry.audit.kaplan_meier import kaplan_meier

HERE = Path(__file__).parent
PEERS_PYTHON = HERE.parents[1] / "build" / "bench" / "bin" / "python"

ROWS = 1_000_000
SIZES = (1_000, 10_000, 100_000, 1_000_000, 4_000_000)
"""For the growth of the cost."""

FIVE_YEARS = 1826
OURS = "Crescent"
AIMS = (("lifelines", 10.0), ("statsmodels", 5.0), ("R survival", None))


def cohort(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Entry, exit and event; three in five enter late, follow-up up to 15 years in whole days."""
    random = np.random.default_rng(19960101)
    entry = random.integers(0, 1500, rows) * (random.random(rows) < 0.6)
    leave = np.minimum(entry + 1 + random.exponential(2000, rows).astype(np.int64), 5479)
    return entry, leave, (random.random(rows) < 0.35).astype(np.int64)


def ours(entry: np.ndarray, leave: np.ndarray, event: np.ndarray) -> float | None:
    """From plain arrays to the finished curve, checks included."""
    follow_up = FollowUp.of(entry_day=entry, exit_day=leave, cause=event)
    return kaplan_meier(follow_up).at(FIVE_YEARS).value


def measured(folder: Path, *, rounds: int, rows: int = ROWS) -> dict[str, dict[str, object]]:
    """Seconds and survival at five years of everybody who is there."""
    arrays = cohort(rows)
    for name, array in zip(("entry", "exit", "event"), arrays, strict=True):
        np.save(folder / f"{name}.npy", array)
        array.astype("<i4").tofile(folder / f"{name}.i32")
    found: dict[str, dict[str, object]] = {}
    if PEERS_PYTHON.exists():
        for peer in ("lifelines", "statsmodels"):
            script = str(HERE / "survival_peers.py")
            found[peer] = _asked([str(PEERS_PYTHON), script, peer, str(folder), str(rounds)])
    if shutil.which("Rscript"):
        script = str(HERE / "survival_peer.R")
        found["R survival"] = _asked(["Rscript", script, str(folder), str(rounds), str(rows)])
    seconds = []
    survival = ours(*arrays)
    for _ in range(rounds):
        start = time.process_time()
        ours(*arrays)
        seconds.append(time.process_time() - start)
    return {OURS: {"seconds": seconds, "survival": survival}, **found}


def _asked(command: list[str]) -> dict[str, object]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def growth(rounds: int) -> dict[int, float]:
    """Median seconds of ours by the number of rows."""
    found = {}
    for rows in SIZES:
        arrays = cohort(rows)
        seconds = []
        for _ in range(rounds):
            start = time.process_time()
            ours(*arrays)
            seconds.append(time.process_time() - start)
        found[rows] = statistics.median(seconds)
    return found


def report(found: Mapping[str, Mapping[str, object]], cost: Mapping[int, float]) -> str:
    """Times, ratios against the aims, and the cost by size as bars of a plot."""
    medians = {peer: statistics.median(one["seconds"]) for peer, one in found.items()}
    lines = [
        "",
        f"Kaplan-Meier, log-log interval, delayed entry: {ROWS:,} rows, median processor seconds",
        f"{'':14} {'seconds':>9} {'at 5 years':>18} {'times ours':>11} {'aim':>5}",
    ]
    aims = dict(AIMS)
    for peer, median in medians.items():
        aim = aims.get(peer)
        lines.append(
            f"{peer:14} {median:9.4f} {found[peer]['survival']:18.15f}"
            f" {median / medians[OURS]:11.1f} {'' if aim is None else f'{aim:.0f}':>5}"
        )
    lines += [f"{peer} is not installed: left out." for peer, _ in AIMS if peer not in found]
    lines += ["", f"{'rows':>12} {'ms':>9} {'ns per row':>11}  (one # is a factor of 1.6)"]
    least = min(cost.values())
    for rows, seconds in cost.items():
        bar = "#" * (1 + round(np.log(seconds / least) / np.log(1.6)))
        lines.append(f"{rows:12,} {seconds * 1e3:9.2f} {seconds / rows * 1e9:11.0f}  {bar}")
    return "\n".join(lines)


def plot(cost: Mapping[int, float], file: Path) -> None:
    """Cost by size on logarithmic axes, beside a line of slope 1, as SVG."""
    import altair as alt

    largest = max(cost)
    values = [
        {"rows": rows, "ms": seconds * 1e3, "line": OURS} for rows, seconds in cost.items()
    ] + [
        {"rows": rows, "ms": cost[largest] * 1e3 * rows / largest, "line": "as much as rows"}
        for rows in cost
    ]
    chart = (
        alt.Chart(alt.Data(values=values), width=520, height=320)
        .mark_line(point=True)
        .encode(
            x=alt.X("rows:Q", scale=alt.Scale(type="log"), title="rows"),
            y=alt.Y("ms:Q", scale=alt.Scale(type="log"), title="milliseconds, median"),
            color=alt.Color("line:N", title=None),
            strokeDash=alt.StrokeDash("line:N", title=None),
        )
    )
    chart.save(str(file))
