"""The commands people type work where they are told to type them."""

import os
import shutil
import subprocess

import pytest

from tests.architecture.source_tree import ROOT

INSTALLATION = {
    "CRESCENT_SECRET_KEY": "secret-of-a-test-and-of-nothing-else",
    "CRESCENT_DEID_KEY": "deid-of-a-test-and-of-nothing-else",
    "CRESCENT_HISTORY_KEY": "history-of-a-test-and-of-nothing-else",
    "CRESCENT_ALLOWED_HOSTS": "crescent.example.org",
    "CRESCENT_BEHIND_TLS_PROXY": "1",
}
"""What README and operations.md export before `make setup`."""


def settings_load(prefix: str) -> subprocess.CompletedProcess[str]:
    """Load the settings the way a recipe of the Makefile does."""
    make = shutil.which("make")
    assert make
    recipe = f"probe: ; @$({prefix}) $(MANAGE) diffsettings"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [make, "--silent", "--eval", recipe, "probe"],
        cwd=ROOT,
        env=kept | INSTALLATION,
        capture_output=True,
        text=True,
        check=False,
    )


def test_building_does_not_ask_whose_installation_it_is():
    """README exports the installation's environment first and runs `make setup` then."""
    done = settings_load("BUILDING")
    assert done.returncode == 0, done.stderr
    assert "crescent.example.org" not in done.stdout
    assert "deid-of-a-test-and-of-nothing-else" not in done.stdout
    assert str(ROOT / "build") in done.stdout


def test_the_demonstration_does_not_start_in_an_installation():
    done = settings_load("DEMO")
    assert done.returncode != 0
    assert "loopback only" in done.stderr


def test_building_again_leaves_a_server_that_runs_the_files_it_knows():
    """It read the names with their hashes when it started."""
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", "build/.collected"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    (collecting,) = [line for line in done.stdout.splitlines() if "collectstatic" in line]
    assert "--clear" not in collecting
    assert "rm -r" not in done.stdout


@pytest.mark.parametrize("target", ["setup", "demo", "test", "check", "fix", "run", "bench"])
def test_make_help_lists_every_command_of_the_documentation(target):
    helped = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert f"\n{target} " in f"\n{helped}"


def test_ci_checks_and_tests_and_nothing_else():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    made = [line.split()[1] for line in script.read_text().splitlines() if line.startswith("make ")]
    assert made == ["setup", "check", "test"]
