"""Judge a trace of system calls: was each answer preceded by everything that makes it true?"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ANSWER = re.compile(r"^(\d+) indexed$", re.MULTILINE)


@dataclass(frozen=True)
class Call:
    """One system call; `begin` and `end` order calls across threads and processes."""

    call: str
    paths: tuple[str, ...]
    data: str
    begin: int
    end: int
    result: int


def read_trace(path: Path) -> list[Call]:
    with path.open() as lines:
        calls = [json.loads(line) for line in lines]
    return [Call(**{**call, "paths": tuple(call["paths"])}) for call in calls]


def violations(calls: list[Call], *, data: Path, stored: dict[int, str]) -> list[str]:
    """What was missing before each answer.

    Required, in this order: fsync of the file, after its last write; rename into the archive;
    fsync of the folder, and of the parent of each folder made for it; a write to the
    database's log and its fsync; only then the answer.

    Parameters
    ----------
    stored
        Hash of the stored file by position of the answer.
    """
    answers = {
        int(position): call
        for call in calls
        if call.call == "write" and call.paths[0].startswith("pipe:")
        for position in ANSWER.findall(call.data)
    }
    missing = [f"{position}: no answer" for position in stored.keys() - answers.keys()]
    for position, answer in answers.items():
        missing += [
            f"{position}: {what}"
            for what in _missing(calls, answer=answer, data=data, sha256=stored[position])
        ]
    return missing


def _missing(calls: list[Call], *, answer: Call, data: Path, sha256: str) -> Iterator[str]:
    folder = data / "archive" / sha256[:2]
    rename = _first(calls, "rename", str(folder / f"{sha256}.dcm"), place=1)
    if rename is None:
        yield "rename"
        return
    spooled = rename.paths[0]
    last_write = max((call.end for call in _of(calls, "write", spooled)), default=0)
    flushed = _first(calls, "fsync", spooled, after=last_write)
    if flushed is None or flushed.end > rename.begin:
        yield "fsync of the file"
    folder_flushed = _first(calls, "fsync", str(folder), after=rename.end)
    if folder_flushed is None:
        yield "fsync of the folder"
        return
    ready = folder_flushed.end
    for made in (folder, folder.parent):
        making = _first(calls, "mkdir", str(made))
        if making is None:
            continue
        parent_flushed = _first(calls, "fsync", str(made.parent), after=making.end)
        if parent_flushed is None:
            yield f"fsync of the parent of {made.name}"
            return
        ready = max(ready, parent_flushed.end)
    log = str(data / "crescent.sqlite3-wal")
    logged = _first(calls, "pwrite64", log, after=ready)
    committed = _first(calls, "fdatasync", log, after=logged.end) if logged else None
    if committed is None or committed.end > answer.begin:
        yield "fsync of the database's log"


def _of(calls: list[Call], call: str, path: str, *, place: int = 0) -> Iterator[Call]:
    return (
        one for one in calls if one.call == call and one.paths[place] == path and one.result >= 0
    )


def _first(
    calls: list[Call], call: str, path: str, *, place: int = 0, after: int = -1
) -> Call | None:
    """The first successful call that began after a moment."""
    return next((one for one in _of(calls, call, path, place=place) if one.begin > after), None)
