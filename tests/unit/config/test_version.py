"""A number says which code made it: the release, the commit, and whether files were changed."""

import os
import subprocess
from pathlib import Path

import pytest

from config.version import code_version

NAMED = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.org",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env=os.environ | NAMED,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


@pytest.fixture
def release(tmp_path) -> Path:
    """The files of a release without a repository, as an archive of it unpacks."""
    folder = tmp_path / "crescent"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nname = "crescent"\nversion = "1.2.3"\n')
    return folder


@pytest.fixture
def checkout(release) -> Path:
    git(release, "init", "--quiet")
    git(release, "add", ".")
    git(release, "commit", "--quiet", "--message", "First")
    return release


def test_a_release_without_a_repository_is_its_number(release):
    assert code_version(base_dir=release) == "1.2.3"


def test_a_checkout_adds_its_commit(checkout):
    commit = git(checkout, "rev-parse", "--short=12", "HEAD")
    assert code_version(base_dir=checkout) == f"1.2.3+g{commit}"


def test_changed_files_are_said_to_be_changed(checkout):
    with (checkout / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    assert code_version(base_dir=checkout).endswith(".dirty")


def test_files_that_belong_to_nobody_change_no_number(checkout):
    (checkout / "notes.txt").write_text("of my own")
    assert not code_version(base_dir=checkout).endswith(".dirty")


def test_without_git_it_is_the_number_of_the_release(checkout, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert code_version(base_dir=checkout) == "1.2.3"


def test_a_release_inside_another_repository_does_not_take_its_commit(tmp_path, release):
    git(tmp_path, "init", "--quiet")
    (tmp_path / "note").write_text("of somebody else")
    git(tmp_path, "add", "note")
    git(tmp_path, "commit", "--quiet", "--message", "First")
    assert code_version(base_dir=release) == "1.2.3"


def test_the_environment_of_a_git_hook_does_not_lead_astray(checkout, tmp_path, monkeypatch):
    expected = code_version(base_dir=checkout)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere" / ".git"))
    assert code_version(base_dir=checkout) == expected
