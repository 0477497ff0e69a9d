"""Send mutants through the real reading process and judge its answers.

`python -m tests.faults.mutant_run 100000 [FIRST]` prints the result; one that is wrong is printed
with its number, from which `mutations.mutant` makes it again.
"""

import hashlib
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from imaging.dicom.errors import DicomError
from imaging.dicom.preparation import PreparedInstance
from imaging.ingest.child import NOT_DISPLAYABLE
from imaging.ingest.reading_process import SECONDS_PER_TASK, Answer, Done, Fault, ReadingProcess
from tests.faults.memory import peak_kib
from tests.faults.mutations import Seed, mutant
from tests.faults.seeds import seeds

KEYS = {"uid": "11" * 32, "subject": "22" * 32}
MOST_MEMORY_KIB = 512 * 1024
PYTHON_EXCEPTION = 1
"""Exit code of a child that an exception escaped from."""


class WatchedProcess(ReadingProcess):
    """Remembers how its children ended and how much memory they had."""

    def __init__(self) -> None:
        super().__init__(KEYS)
        self.ended: list[int] = []
        self.most_memory_kib = 0

    def close(self) -> int | None:
        self.look()
        code = super().close()
        if code is not None:
            self.ended.append(code)
        return code

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def look(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.most_memory_kib = max(self.most_memory_kib, peak_kib(self.pid))


@dataclass
class Result:
    """What became of the mutants; `wrong` must stay empty."""

    answers: Counter[str] = field(default_factory=Counter)
    frames: Counter[str] = field(default_factory=Counter)
    slowest_seconds: float = 0.0
    most_memory_kib: int = 0
    children_ended: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class MutantRun:
    """One reading process, asked about one mutant after the other."""

    def __init__(self, folder: Path) -> None:
        (folder / "seeds").mkdir()
        self.seeds = [Seed.of(name, content) for name, content in seeds(folder / "seeds").items()]
        self.result = Result()
        self._source, self._output = folder / "mutant.dcm", folder / "output.dcm"
        self._frame = folder / "frame.raw"
        self._process = WatchedProcess()

    def send(self, number: int) -> None:
        seed, steps, content = mutant(number, self.seeds)
        try:
            self._judge(content)
        except AssertionError as error:
            self.result.wrong.append(f"{number} ({seed.name}: {', '.join(steps)}): {error}")

    def finish(self) -> Result:
        """End the process; it must still have been of use."""
        self._source.write_bytes(self.seeds[0].content)
        if not isinstance(self._prepare(), Done):
            self.result.wrong.append("a sound file is not read any more")
        self._process.close()
        self.result.most_memory_kib = self._process.most_memory_kib
        self.result.children_ended = Counter(self._process.ended[:-1])
        if self.result.most_memory_kib > MOST_MEMORY_KIB:
            self.result.wrong.append(f"{self.result.most_memory_kib} KiB of memory")
        return self.result

    def _judge(self, content: bytes) -> None:
        self._source.write_bytes(content)
        self._output.unlink(missing_ok=True)
        answer = self._prepare()
        if not isinstance(answer, Done):
            reason = _reason(answer)
            self.result.answers[reason] += 1
            assert reason in REASON_CODES, reason
            # No codec runs here: nothing may crash or stall.
            assert reason not in ("parser_crashed", "parser_timeout"), reason
            assert not self._output.exists(), "refused, and a file is left behind"
            return
        self.result.answers["done"] += 1
        prepared = PreparedInstance.from_json(answer.value)
        stored = self._output.read_bytes()
        assert hashlib.sha256(stored).hexdigest() == prepared.stored_sha256, "another hash"
        assert len(stored) == prepared.stored_bytes, "another size"
        self._decode(answer.value)

    def _prepare(self) -> Answer:
        return self._ask(
            {
                "task": "prepare",
                "source": str(self._source),
                "entry": None,
                "unpacked": "",
                "output": str(self._output),
                "centre_code": "DEMO",
                "expected": None,
                "overridden": [],
                "rules": [],
            }
        )

    def _decode(self, prepared: dict[str, Any]) -> None:
        """A code stream may end its child, never by an exception."""
        answer = self._ask(
            {
                "task": "decode",
                "source": str(self._output),
                "output": str(self._frame),
                "frame": 0,
                "pixels": {
                    "attributes": prepared["attributes"],
                    "transfer_syntax_uid": prepared["transfer_syntax_uid"],
                    "pixel_offset": prepared["pixel_offset"],
                    "pixel_length": prepared["pixel_length"],
                },
            }
        )
        reason = "done" if isinstance(answer, Done) else _reason(answer)
        self.result.frames[reason] += 1
        assert reason in ("done", NOT_DISPLAYABLE, "parser_crashed", "parser_timeout"), reason

    def _ask(self, request: dict[str, Any]) -> Answer:
        ended = len(self._process.ended)
        start = time.monotonic()
        answer = self._process.ask(request)
        seconds = time.monotonic() - start
        self.result.slowest_seconds = max(self.result.slowest_seconds, seconds)
        self._process.look()
        assert PYTHON_EXCEPTION not in self._process.ended[ended:], (
            f"an exception escaped from {request['task']}"
        )
        assert seconds <= SECONDS_PER_TASK, f"{request['task']} took {seconds:.1f} s"
        return answer


def _reason(answer: Answer) -> str:
    if isinstance(answer, Fault):
        return f"fault {answer.errno}"
    assert not isinstance(answer, Done)
    return answer.reason_code


def _reason_codes() -> frozenset[str]:
    found: set[str] = set()
    classes = [DicomError]
    while classes:
        children = classes.pop().__subclasses__()
        found |= {child.reason_code for child in children}
        classes += children
    return frozenset(found)


REASON_CODES = _reason_codes()


def main() -> int:
    count = int(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    start = time.monotonic()
    with TemporaryDirectory() as folder:
        run = MutantRun(Path(folder))
        for number in range(first, first + count):
            run.send(number)
        result = run.finish()
    print(
        json.dumps(
            {
                "mutants": count,
                "seeds": len(run.seeds),
                "seconds": round(time.monotonic() - start),
                "answers": dict(result.answers.most_common()),
                "frames": dict(result.frames.most_common()),
                "slowest_seconds": round(result.slowest_seconds, 2),
                "most_memory_mib": result.most_memory_kib // 1024,
                "children_ended": dict(result.children_ended),
                "wrong": len(result.wrong),
            },
            indent=1,
        )
    )
    for wrong in result.wrong[:50]:
        print(wrong)
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
