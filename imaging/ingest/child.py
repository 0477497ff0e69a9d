"""The process that reads foreign bytes: limited, replaceable, and without Django.

Started as `python -m imaging.ingest.child`. It reads one JSON request per line from standard
input and answers each with one JSON line: {"done": …}, {"refused": reason code, "claimed": UIDs
where they could be read} or {"fault": errno}; a request that tells of a file which is still
arriving is not answered. The first line carries the keys of the pseudonyms, never the key that
seals names. It ends when its input ends, so it never outlives the process that started it by more
than one file.
"""

import errno
import gc
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from imaging.dicom.asked_for import AskedFor
from imaging.dicom.claimed_uids import ClaimedUids
from imaging.dicom.deidentification import Keys
from imaging.dicom.early_preparation import EarlyPreparation
from imaging.dicom.errors import DicomError, FrameNotDecodableError, MissingRescaleError
from imaging.dicom.header_shape import HeaderShapes
from imaging.dicom.header_values import header_values
from imaging.dicom.loading import load_header
from imaging.dicom.picture import frame_png
from imaging.dicom.preparation import PreparedInstance, prepare
from imaging.dicom.test_images import Match, Rule
from imaging.dicom.transcoding import to_explicit_little_endian
from imaging.ingest.hounsfield_frames import hounsfield_to_file
from imaging.ingest.limits import grant_cpu_time, limit_this_process
from imaging.ingest.manifests_told import ManifestsTold
from imaging.ingest.outgoing import frame_to_file, headers_to_file, picture_to_file
from imaging.ingest.zip_contents import ZipContents

Request = dict[str, Any]
MIB = 1024 * 1024
MOST_ARRIVING = 4
"""Files that this process prepares while they arrive; the one that came first is let go."""

UNANSWERED = ("arriving", "more", "forget")
"""What is said of a file that still arrives."""

NOT_DISPLAYABLE = "not_displayable"
"""Answer to "decode" when the frame cannot be shown; no reason to refuse a file."""


class SourceUnreadableError(Exception):
    """The file cannot be read from where it lies; the storage is not to blame."""


class Tasks:
    """What the child can be asked to do; remembers the zip archive it has open."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._zip: ZipContents | None = None
        self._told = ManifestsTold()
        self._shapes = HeaderShapes()
        self._arriving: dict[str, EarlyPreparation] = {}

    def answer(self, request: Request) -> dict[str, Any]:
        tasks: dict[str, Callable[[Request], Any]] = {
            "entries": self.entries,
            "prepare": self.prepare,
            "decode": self.decode,
            "look": self.look,
            "headers": self.headers,
            "frame": frame_to_file,
            "render": picture_to_file,
            "transcode": self.transcode,
        }
        return {"done": tasks[request["task"]](request)}

    def hear(self, request: Request) -> None:
        """Of a file that is still arriving; what it is will be asked for by "prepare"."""
        arriving = self._arriving.get(request["output"])
        if request["task"] == "arriving":
            self._arrive(request)
        elif arriving is not None and request["task"] == "more":
            arriving.more()
        elif arriving is not None:
            self._arriving.pop(request["output"]).close()

    def _arrive(self, request: Request) -> None:
        early = EarlyPreparation(
            Path(request["source"]),
            Path(request["output"]),
            keys=self._keys,
            centre_code=request["centre_code"],
            shapes=self._shapes,
            **_conditions(request),
        )
        if early.is_under_way:
            while len(self._arriving) >= MOST_ARRIVING:
                self._arriving.pop(next(iter(self._arriving))).close()
            self._arriving[request["output"]] = early

    def entries(self, request: Request) -> list[dict[str, Any]]:
        return [vars(entry) for entry in self._opened(request["source"]).entries()]

    def prepare(self, request: Request) -> dict[str, Any]:
        early = self._arriving.pop(request["output"], None)
        if early is not None and (done := early.finish()) is not None:
            return self._told.shortened(done.to_json())
        return self._told.shortened(self._prepared(request).to_json())

    def _prepared(self, request: Request) -> PreparedInstance:
        source = Path(request["source"])
        if request["entry"] is not None:
            unpacked = Path(request["unpacked"])
            self._opened(request["source"]).unpack(request["entry"], unpacked)
            source = unpacked
        return prepare(
            source,
            Path(request["output"]),
            keys=self._keys,
            centre_code=request["centre_code"],
            overridden=frozenset(request.get("overridden", ())),
            shapes=self._shapes,
            **_conditions(request),
        )

    def decode(self, request: Request) -> None:
        hounsfield_to_file(
            Path(request["source"]),
            Path(request["output"]),
            frame=request["frame"],
            pixels=request["pixels"],
        )

    def headers(self, request: Request) -> None:
        headers_to_file(request["sources"], Path(request["output"]))

    def transcode(self, request: Request) -> None:
        to_explicit_little_endian(Path(request["source"]), Path(request["output"]))

    def look(self, request: Request) -> dict[str, Any]:
        """The header as text, and one frame as PNG where it can be drawn."""
        source, overridden = Path(request["source"]), frozenset(request.get("overridden", ()))
        _check_readable(source)
        values = header_values(source, overridden=overridden) if request["values"] else ()
        picture = False
        if request["picture"]:
            with suppress(FrameNotDecodableError):
                frame = request.get("frame", 0)
                drawn = frame_png(source, frame=frame, overridden=overridden)
                Path(request["output"]).write_bytes(drawn)
                picture = True
        frames = load_header(source, overridden=overridden).frames
        return {
            "values": [asdict(value) for value in values],
            "picture": picture,
            "frames": frames,
        }

    def _opened(self, source: str) -> ZipContents:
        path = Path(source)
        _check_readable(path)
        if self._zip is None or not self._zip.is_at(path):
            if self._zip is not None:
                self._zip.close()
                self._zip = None
            self._zip = ZipContents(path)
        return self._zip


def main() -> None:
    requests, answers = _take_over_pipes()
    os.umask(0o077)
    limit_this_process()
    tasks = Tasks(Keys(**{name: bytes.fromhex(key) for name, key in _first_line(requests).items()}))
    # What is loaded stays: the garbage collector need not look at it again and again.
    gc.freeze()
    _write(answers, {"done": "ready"})
    for line in requests:
        request = json.loads(line)
        if request["task"] in UNANSWERED:
            # in the time that was granted for the task before
            tasks.hear(request)
        else:
            grant_cpu_time()
            _write(answers, _answer(tasks, request))


def _answer(tasks: Tasks, request: Request) -> dict[str, Any]:
    try:
        return tasks.answer(request)
    except DicomError as error:
        claimed = error.claimed.to_json() if error.claimed else None
        return {"refused": error.reason_code, "claimed": claimed}
    except (FrameNotDecodableError, MissingRescaleError):
        return {"refused": NOT_DISPLAYABLE}
    except SourceUnreadableError:
        return {"refused": "file_unreadable"}
    except MemoryError:
        return {"refused": "parser_crashed"}
    except OSError as error:
        if _cannot_be_read(Path(request["source"])):
            return {"refused": "file_unreadable"}
        return {"fault": error.errno or errno.EIO}


def _conditions(request: Request) -> dict[str, Any]:
    """What a file has to fulfil beside being sound: keyword arguments of `prepare`."""
    expected, asked = request.get("expected"), request.get("asked")
    return {
        "expected": ClaimedUids.from_json(expected) if expected else None,
        "asked": AskedFor.from_json(asked) if asked else None,
        "rules": _rules(tuple(map(tuple, request.get("rules", ())))),
    }


@lru_cache(maxsize=64)
def _rules(added: tuple[tuple[str, Match, str], ...]) -> tuple[Rule, ...]:
    """By which test images are told: those in force at the centre, and no other."""
    return tuple(Rule(*rule) for rule in added)


def _check_readable(source: Path) -> None:
    try:
        source.open("rb").close()
    except OSError as error:
        raise SourceUnreadableError from error


def _cannot_be_read(source: Path) -> bool:
    """Whether it is the source that fails, such as a scratched disc, and not our storage."""
    try:
        with source.open("rb") as file:
            while file.read(MIB):
                pass
    except OSError:
        return True
    return False


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to ourselves: what a codec prints must not pass for an answer."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    return requests, answers


def _first_line(requests: BinaryIO) -> dict[str, Any]:
    line = requests.readline()
    if not line:
        sys.exit(0)
    keys: dict[str, Any] = json.loads(line)
    return keys


def _write(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer, allow_nan=False).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
