"""Results of audits, kept until a fact changes.

A file holds the numbers of a result, and no id of a patient; who is behind them is in one beside it
(`kept_cases`). It is named after its question, so there is one for each, and it answers for the
very centres that were counted.
"""

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy
import scipy
from django.conf import settings

from registry.audit.canonical import canonical_bytes
from registry.audit.fact_group import FactGroup
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters

from . import registry_state

FOLDER: Final = "kept-answers"
SUFFIX: Final = ".answer"
MOST_FILES, MOST_BYTES = 500, 10**9
KEPT_FOR: Final = timedelta(days=7)


@dataclass(frozen=True)
class Question:
    """What is counted. Who asks does not matter: the centres are those they may audit."""

    protocol_key: str
    filters: Filters
    as_of: date
    code_version: str

    @property
    def centres(self) -> tuple[str, ...]:
        return self.filters.centres or ()

    @property
    def needs(self) -> frozenset[FactGroup]:
        # An unknown key is refused by `run`, in its own words.
        protocol = PROTOCOLS.get(self.protocol_key)
        asked = frozenset[FactGroup]() if protocol is None else protocol.needs
        return asked | self.filters.limits.needs

    @property
    def digest(self) -> str:
        """The name of its files; another code, or other libraries, ask another question."""
        asked = self.to_json() | {"code": _code()}
        return hashlib.sha256(canonical_bytes(asked)).hexdigest()

    def to_json(self) -> dict[str, Any]:
        protocol = PROTOCOLS.get(self.protocol_key)
        return {
            "protocol": self.protocol_key,
            "protocol_version": "" if protocol is None else protocol.version,
            "filters": self.filters.to_json(),
            "as_of": self.as_of.isoformat(),
            "code_version": self.code_version,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Question":
        return cls(
            protocol_key=stored["protocol"],
            filters=Filters.from_json(stored["filters"]),
            as_of=date.fromisoformat(stored["as_of"]),
            code_version=stored["code_version"],
        )


@dataclass(frozen=True)
class Answer:
    """The numbers, and the facts they were counted from.

    Attributes
    ----------
    state
        `registry_state` of the centres when the facts were read.
    read_at
        When reading the facts began.
    is_current
        Whether no fact has changed since.
    """

    result: Mapping[str, Any]
    state: str
    read_at: datetime
    is_current: bool = True


def find(
    question: Question, *, since: datetime | None = None, at: datetime | None = None
) -> Answer | None:
    """The kept answer, if no fact has changed since.

    Parameters
    ----------
    since
        When somebody began to wait for it. An answer from facts that were read later is as new as
        one that is counted while they wait, whatever has changed meanwhile.
    at
        When they ask. Facts that were read later than this were read before a clock went back, and
        nobody knows when.
    """
    path = _path(question)
    answer = _read(path)
    if answer is None:
        return None
    if answer.state == registry_state.of_centres(question.centres, needs=question.needs):
        with suppress(OSError):
            os.utime(path)
        return answer
    if since is not None and at is not None and since <= answer.read_at <= at:
        return Answer(answer.result, answer.state, answer.read_at, is_current=False)
    return None


def keep(question: Question, answer: Answer, *, at: datetime) -> None:
    """Keep an answer in place of the one before; the oldest go where there are too many."""
    stored = {
        "result": answer.result,
        "state": answer.state,
        "read_at": answer.read_at.isoformat(),
    }
    packed = zlib.compress(json.dumps(stored, allow_nan=False).encode(), level=1)
    write_sealed(_path(question), packed)
    clear(at=at)


def clear(*, at: datetime) -> None:
    """Remove what nobody asked for in a week, and the longest unasked beyond the bounds.

    Who is behind an answer stays as long as the answer is asked for.
    """
    files: list[tuple[Path, int]] = []
    last_asked: dict[str, float] = {}
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            found = path.stat()
            files.append((path, found.st_size))
            last_asked[path.stem] = max(found.st_mtime, last_asked.get(path.stem, 0))
    taken = 0
    oldest = (at - KEPT_FOR).timestamp()
    # The numbers stand before who is behind them, which is the larger.
    files.sort(key=lambda one: (-last_asked[one[0].stem], one[0].name))
    for number, (path, size) in enumerate(files):
        taken += size
        if last_asked[path.stem] < oldest or number >= MOST_FILES or taken > MOST_BYTES:
            # Another process has removed it, or it is none of ours.
            with suppress(OSError):
                path.unlink()


def write(path: Path, content: bytes) -> None:
    """All of it or nothing, for the owner's eyes only.

    Raises
    ------
    OSError
        The disk is full.
    """
    handle, fresh = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(fresh, path)
    except OSError:
        os.unlink(fresh)
        raise


def write_sealed(path: Path, content: bytes) -> None:
    """The content behind the hash of its name and itself, all of it or nothing.

    Raises
    ------
    OSError
        The disk is full.
    """
    write(path, _seal(path, content) + content)


def unsealed(path: Path) -> bytes | None:
    """What was sealed under this name; None where no file can be read, or a power cut has left half
    of one."""
    try:
        sealed = path.read_bytes()
    except OSError:
        return None
    digest, content = sealed[:32], sealed[32:]
    return content if digest == _seal(path, content) else None


def _seal(path: Path, content: bytes) -> bytes:
    digest = hashlib.sha256(path.name.encode())
    digest.update(content)
    return digest.digest()


def folder() -> Path:
    found = Path(settings.CRESCENT_DATA) / FOLDER
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def _path(question: Question) -> Path:
    return folder() / f"{question.digest}{SUFFIX}"


def _read(path: Path) -> Answer | None:
    packed = unsealed(path)
    if packed is None:
        return None
    stored = json.loads(zlib.decompress(packed))
    return Answer(stored["result"], stored["state"], datetime.fromisoformat(stored["read_at"]))


@lru_cache(maxsize=1)
def _code() -> str:
    """Everything that makes a number what it is, besides the facts."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(f"{numpy.__version__} {scipy.__version__}".encode())
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
