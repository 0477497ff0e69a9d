"""Services that start at once, because everything they import is loaded already.

`python -m tests.faults.preloaded` reads one command of `manage.py` or gunicorn per line, as JSON,
forks a process of its own group for it and answers with its id. Many kills need many starts; what
is killed is the same code, and its reading processes start as ever.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.faults.installation import Installation


def log_of(installation: Installation) -> Path:
    """What its services say; beside the data folder, which a test may let fail."""
    return installation.data.parent / f"{installation.data.name}.services.log"


class Preloaded:
    """A process that forks services of one installation."""

    def __init__(self, installation: Installation) -> None:
        self._log = (log_of(installation)).open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.preloaded"],
            env=installation.environment(),
            cwd=installation.code,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )

    @property
    def log(self) -> Path:
        return Path(self._log.name)

    def start(self, command: list[str]) -> int:
        """Start a service; returns the id of its process, which leads a group of its own."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._log.close()


def main() -> None:
    import django

    django.setup()
    from django.core.management import execute_from_command_line
    from django.urls import get_resolver
    from gunicorn.app.wsgiapp import WSGIApplication

    import config.wsgi  # noqa: F401

    get_resolver().url_patterns  # noqa: B018 - loads every view
    for line in sys.stdin:
        command = json.loads(line)
        while os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG) if _has_children() else None:
            pass
        process = os.fork()
        if process:
            print(process, flush=True)
            continue
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        sys.argv = command
        if command[0] == "gunicorn":
            WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()
        else:
            execute_from_command_line(command)
        os._exit(0)


def _has_children() -> bool:
    return bool((Path("/proc/self/task") / str(os.getpid()) / "children").read_text().strip())


if __name__ == "__main__":
    main()
