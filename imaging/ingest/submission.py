"""One file between its arrival and its answer."""

import re
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from imaging.dicom.preparation import PreparedInstance
from imaging.ingest.arrival import Arrival, ReadFile, TakenIn
from imaging.ingest.line import Line
from imaging.ingest.reading_process import Answer, Done, Refused
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile, IngestRun

UNINTELLIGIBLE = "parser_crashed"

_TYPES = {
    one.name: one.type
    for one in fields(PreparedInstance)
    if one.type in (str, int, str | None, int | None)
}
_HASHES = [name for name in _TYPES if name.endswith("_sha256")]
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(eq=False)
class Submission:
    """What the intake knows of a file: who sent it, where its parts lie, what reading it gave.

    Attributes
    ----------
    unpacked
        Where a zip entry goes; None when the file came by itself.
    answer
        Resolved once the file is durable and recorded, or failed.
    reading
        The request to the reading process; None when the file is refused unread.
    read
        What reading gave; None as long as it lasts.
    failure
        Why the file is not taken in although it is not to blame.
    """

    arrival: Arrival
    run: IngestRun
    by: AbstractBaseUser | None
    output: Path
    unpacked: Path | None
    line: Line
    answer: Future[TakenIn] = field(default_factory=Future)
    reading: Future[Answer] | None = None
    read: ReadFile | None = None
    failure: BaseException | None = None

    @property
    def place(self) -> tuple[int, int, int]:
        """Where the row of the file belongs: run, position, entry."""
        return self.run.id, self.arrival.position, self.arrival.entry

    @property
    def is_read(self) -> bool:
        return self.read is not None or self.failure is not None

    def request(self, rules: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
        """What the reading process is asked."""
        return request_to_prepare(
            self.arrival, run=self.run, output=self.output, unpacked=self.unpacked, rules=rules
        )

    def take_reading(self, answer: Answer) -> None:
        """Keep what the reading process said; it has read foreign bytes and may say anything."""
        if isinstance(answer, Refused) and answer.reason_code in ALL_REASONS:
            self._read(reason_code=answer.reason_code, claimed=answer.claimed)
        elif (prepared := _prepared(answer)) is not None:
            self._read(prepared=prepared, claimed=prepared.claimed)
        else:
            self.refuse(UNINTELLIGIBLE)

    def refuse(self, reason_code: str) -> None:
        self._read(reason_code=reason_code)

    def succeed(self, row: IngestedFile) -> None:
        assert self.read is not None
        self.answer.set_result(
            TakenIn(row=row, claimed=self.read.claimed, prepared=self.read.prepared)
        )
        self.discard()

    def fail(self, error: BaseException) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)
            self.discard()

    def _read(self, *, reason_code: str = "", **given: Any) -> None:
        self.read = ReadFile(
            arrival=self.arrival,
            prepared=given.get("prepared"),
            reason_code=reason_code,
            claimed=given.get("claimed"),
            output=self.output,
            unpacked=self.unpacked,
        )

    def discard(self) -> None:
        """Remove what is left of it in the spool."""
        self.output.unlink(missing_ok=True)
        if self.unpacked is not None:
            self.unpacked.unlink(missing_ok=True)


def request_to_prepare(
    arrival: Arrival,
    *,
    run: IngestRun,
    output: Path,
    rules: Sequence[tuple[str, str, str]],
    unpacked: Path | None = None,
) -> dict[str, Any]:
    """What a reading process is asked about a file."""
    return {
        "task": "prepare",
        "source": str(arrival.source),
        "entry": arrival.zip_index,
        "unpacked": str(unpacked),
        "output": str(output),
        "centre_code": run.centre_code,
        "expected": arrival.expected.to_json() if arrival.expected else None,
        "asked": arrival.asked.to_json() if arrival.asked else None,
        "overridden": sorted(arrival.overridden),
        "rules": rules,
    }


def _prepared(answer: Answer) -> PreparedInstance | None:
    """What the reading process made; None when it makes no sense."""
    if not isinstance(answer, Done):
        return None
    try:
        prepared = PreparedInstance.from_json(answer.value)
    except (LookupError, TypeError, ValueError):
        return None
    is_sound = all(
        isinstance(getattr(prepared, name), kind)  # type: ignore[arg-type]
        for name, kind in _TYPES.items()
    ) and all(_SHA256.fullmatch(getattr(prepared, name)) for name in _HASHES)
    return prepared if is_sound else None
