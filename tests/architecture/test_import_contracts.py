"""The directions of imports hold, and each contract has been seen to catch a breach."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT

BREACHES = {
    "config over registry over imaging": ("imaging/models/study.py", "import registry.vocabulary"),
    "inside the registry": ("registry/queries/patients.py", "import registry.actions.patients"),
    "inside imaging": ("imaging/dicom/geometry.py", "import imaging.archive.local_files"),
    "the registry reaches imaging through its public doors only": (
        "registry/views/home.py",
        "import imaging.ingest.door",
    ),
    "audit statistics know neither Django nor DICOM": (
        "registry/audit/intervals.py",
        "import django",
    ),
    "DICOM code knows no Django": ("imaging/dicom/geometry.py", "import django"),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    # The console script of the same environment; it has no `python -m` form.
    script = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(script), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy_of_the_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_is_kept():
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


def test_every_contract_has_a_breach_of_its_own():
    text = (ROOT / "pyproject.toml").read_text()
    assert text.count("[[tool.importlinter.contracts]]") == len(BREACHES)
    assert all(f'name = "{contract}"' in text for contract in BREACHES)


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_of_the_contract_is_caught(copy_of_the_tree, contract):
    name, statement = BREACHES[contract]
    path = copy_of_the_tree / name
    original = path.read_text()
    path.write_text(f"{original}\n{statement}\n")
    try:
        done = lint_imports(copy_of_the_tree)
    finally:
        path.write_text(original)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


def test_a_stray_module_fails_the_build(copy_of_the_tree):
    stray = copy_of_the_tree / "registry" / "odds_and_ends.py"
    stray.write_text('"""Belongs nowhere."""\n')
    try:
        assert lint_imports(copy_of_the_tree).returncode != 0
    finally:
        stray.unlink()
