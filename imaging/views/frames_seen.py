"""Which frames of a file in quarantine a person was shown, carried from page to page and signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.contrib.auth.models import AbstractBaseUser
from django.core import signing

from imaging.models import IngestedFile

SALT = "imaging.frames_seen"
GOOD_FOR = timedelta(hours=8)
"""A working day: longer ago than that is no look one remembers [own]."""


@dataclass(frozen=True)
class FramesSeen:
    """Frames that were drawn for one person; counted from 0, `frames` is how many there are."""

    frames: int = 0
    seen: frozenset[int] = frozenset()

    @property
    def is_complete(self) -> bool:
        return 0 < self.frames == len(self.seen)

    def with_more(self, seen: Iterable[int], *, frames: int) -> Self:
        return type(self)(frames=frames, seen=self.seen | frozenset(seen))

    def signed(self, *, file: IngestedFile, by: AbstractBaseUser) -> str:
        """As a text that says the same for this file and person only."""
        told = {"frames": self.frames, "seen": _ranges(self.seen)}
        return signing.dumps({"of": _of(file, by), **told}, salt=SALT, compress=True)

    @classmethod
    def told_by(cls, text: str, *, file: IngestedFile, by: AbstractBaseUser) -> Self:
        """What an earlier page signed; nothing seen where it is of another person, file or day."""
        try:
            told = signing.loads(text, salt=SALT, max_age=GOOD_FOR)
        except signing.BadSignature:
            return cls()
        if told["of"] != _of(file, by):
            return cls()
        seen = frozenset(frame for first, end in told["seen"] for frame in range(first, end))
        return cls(frames=told["frames"], seen=seen)


def _of(file: IngestedFile, by: AbstractBaseUser) -> list[str]:
    return [str(file.quarantine_key), str(by.pk)]


def _ranges(frames: Iterable[int]) -> list[list[int]]:
    """First and end of each run of neighbours."""
    ranges: list[list[int]] = []
    for frame in sorted(frames):
        if ranges and ranges[-1][1] == frame:
            ranges[-1][1] = frame + 1
        else:
            ranges.append([frame, frame + 1])
    return ranges
