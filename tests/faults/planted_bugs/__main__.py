"""`python -m tests.faults.planted_bugs [WORD…]`: plant each bug, run its tests, tell the result.

With words, only bugs whose names contain one of them. The tests run in a copy of the tree, first
without any bug: a test that is red by itself notices nothing. Exit code 1: a bug was not noticed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.installation import PROJECT
from tests.faults.planted_bugs.bug import Bug
from tests.faults.planted_bugs.bugs import BUGS

COPIED = ("config", "imaging", "registry", "tests", "docs", "manage.py", "pyproject.toml")
SHARED = (".venv", "build", "node_modules")
TESTS_FAILED = 1
"""pytest's exit code; another one means that the tests did not run."""

FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def main(words: list[str]) -> int:
    bugs = [bug for bug in BUGS if not words or any(word in bug.name for word in words)]
    unnoticed = 0
    sound: dict[tuple[str, ...], bool] = {}
    with TemporaryDirectory(prefix="planted-") as folder:
        tree = Path(folder) / "tree"
        _copy(tree)
        print("| bug | noticed by |\n|---|---|", flush=True)
        for bug in bugs:
            if bug.tests not in sound:
                sound[bug.tests] = _run(bug.tests, tree).returncode == 0
            noticed = _noticed(bug, tree) if sound[bug.tests] else ""
            unnoticed += not noticed
            why = "" if sound[bug.tests] else " (its tests are red without it)"
            print(f"| {bug.name} | {noticed or '**nothing**' + why} |", flush=True)
    print(f"\n{len(bugs) - unnoticed} of {len(bugs)} bugs noticed")
    return 1 if unnoticed else 0


def _noticed(bug: Bug, tree: Path) -> str:
    """The first test that turns red, or nothing."""
    file = tree / bug.file
    sound = file.read_bytes()
    bug.plant(tree)
    try:
        done = _run(bug.tests, tree)
    finally:
        file.write_bytes(sound)
    found = FAILED.search(done.stdout)
    if done.returncode != TESTS_FAILED or found is None:
        return ""
    return f"`{found[1].split('[')[0]}`"


def _copy(tree: Path) -> None:
    tree.mkdir()
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, tree / name)
    for name in SHARED:
        (tree / name).symlink_to((PROJECT / name).resolve())


def _run(tests: tuple[str, ...], tree: Path) -> "subprocess.CompletedProcess[str]":
    python = tree / ".venv" / "bin" / "python"
    return subprocess.run(
        [str(python), "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", *tests],
        cwd=tree,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
