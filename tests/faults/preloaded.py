"""Processes that start at once, because everything they import is loaded already.

`python -m tests.faults.preloaded` reads one order per line, as JSON, and forks a process of its
own group for the command of `manage.py` or gunicorn that it names. Of a service it answers the id;
of a command that ends, its exit code and what it said. Many kills need many starts; what is killed
is the same code, and its reading processes start as ever.
"""

import gc
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from tests.faults.installation import Installation
from tests.faults.syscall_trace import trace


def log_of(installation: Installation) -> Path:
    """What its services say; beside the data folder, which a test may let fail."""
    return installation.data.parent / f"{installation.data.name}.services.log"


class Preloaded:
    """A process that forks services and commands of one installation."""

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
        return int(self._ask({"command": command})["pid"])

    def run(self, *arguments: str, fault: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of `manage.py` to its end, below the tracer when it is to meet a fault."""
        command = ["manage.py", *arguments]
        answer = self._ask({"command": command, "fault": fault, "to_its_end": True})
        return subprocess.CompletedProcess(command, answer["code"], answer["said"])

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._log.close()


def main() -> None:
    import django

    django.setup()
    import gunicorn.app.wsgiapp  # noqa: F401 - loaded once, before the forks
    from django.urls import get_resolver

    import config.wsgi  # noqa: F401

    get_resolver().url_patterns  # noqa: B018 - loads every view
    gc.freeze()  # what ends does not take apart all that was loaded
    for line in sys.stdin:
        order = json.loads(line)
        while os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG) if _has_children() else None:
            pass
        answer = _run_to_its_end(order) if order.get("to_its_end") else _start(order)
        print(json.dumps(answer), flush=True)


def _start(order: dict[str, Any]) -> dict[str, Any]:
    process = os.fork()
    if not process:
        _become(order["command"], output=2)
    return {"pid": process}


def _run_to_its_end(order: dict[str, Any]) -> dict[str, Any]:
    heard, said = os.pipe()
    process = os.fork()
    if not process:
        run = partial(_become, order["command"], output=said)
        if order["fault"]:
            os._exit(trace(run, Path(os.devnull), order["fault"]))
        run()
    os.close(said)
    with open(heard) as output:
        text = output.read()
    return {"code": os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), "said": text}


def _become(command: list[str], *, output: int) -> NoReturn:
    """Be that command from here on, in a group of its own."""
    from django.core.management import execute_from_command_line
    from gunicorn.app.wsgiapp import WSGIApplication

    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(output, 1)
    sys.argv = command
    if command[0] == "gunicorn":
        WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()
    else:
        execute_from_command_line(command)
    sys.exit()


def _has_children() -> bool:
    return bool((Path("/proc/self/task") / str(os.getpid()) / "children").read_text().strip())


if __name__ == "__main__":
    main()
