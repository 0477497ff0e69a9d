"""Which code produced a number: the release and, in a checkout, the commit."""

import os
import subprocess
import tomllib
from pathlib import Path


def code_version(*, base_dir: Path) -> str:
    """For example "0.1.0+g1a2b3c4d5e6f", with ".dirty" after it when files were changed since."""
    project = tomllib.loads((base_dir / "pyproject.toml").read_text())["project"]
    top = _git(base_dir, "rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != base_dir.resolve():
        # Unpacked without its history, perhaps inside somebody else's repository.
        return str(project["version"])
    commit = _git(base_dir, "rev-parse", "--short=12", "HEAD")
    if not commit:
        return str(project["version"])
    changed = _git(base_dir, "status", "--porcelain", "--untracked-files=no")
    return f"{project['version']}+g{commit}{'.dirty' if changed else ''}"


def _git(base_dir: Path, *arguments: str) -> str:
    # A hook of another repository leaves its own GIT_DIR in the environment.
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    try:
        done = subprocess.run(
            ["git", "-C", str(base_dir), *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
            env=environment,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
