"""A file on its way in, what reading it gave, and what became of it."""

from dataclasses import dataclass
from pathlib import Path

from imaging.dicom.asked_for import AskedFor
from imaging.dicom.claimed_uids import ClaimedUids
from imaging.dicom.preparation import PreparedInstance
from imaging.models import IngestedFile

__all__ = ["Arrival", "ClaimedUids", "Ignored", "ReadFile", "TakenIn"]


@dataclass(frozen=True)
class Arrival:
    """One file that arrived, by itself or inside a zip archive.

    Attributes
    ----------
    position, entry
        Place in the delivery from 1, and inside the archive from 1 (0: came by itself).
    name
        As it came; stored sealed and never used to build a path.
    source
        Where it can be read: the file, or the archive it lies in.
    zip_index
        Which entry of the archive; None when it came by itself.
    ours
        The source lies in our spool and may be moved.
    refused
        Reason code when it is refused before anybody reads it.
    expected
        What the sender said beside the file (a C-STORE command, a STOW-RS address): another object
        is refused. None where nothing was said.
    asked
        What was asked for, when the file is pulled from an archive: another study or patient is
        quarantined.
    overridden
        Reason codes a person has overruled, when a file is released from quarantine.
    """

    position: int
    name: str
    source: Path
    entry: int = 0
    zip_index: int | None = None
    ours: bool = False
    refused: str = ""
    size_bytes: int = 0
    expected: ClaimedUids | None = None
    asked: AskedFor | None = None
    overridden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ignored:
    """A known companion of images, such as DICOMDIR: counted, not read."""

    position: int


@dataclass(frozen=True)
class ReadFile:
    """An arrival after the reading process looked at it: prepared, or refused with a reason.

    `output` is the de-identified file in the spool, `unpacked` the original of a zip entry; None
    when the file came by itself.
    """

    arrival: Arrival
    prepared: PreparedInstance | None
    reason_code: str
    claimed: ClaimedUids | None
    output: Path
    unpacked: Path | None


@dataclass(frozen=True)
class TakenIn:
    """The answer for one file: its row is recorded, and its bytes are durable where they are kept.

    `claimed` holds UIDs of the source, for the answer to the sender and nothing else.
    """

    row: IngestedFile
    claimed: ClaimedUids | None
    prepared: PreparedInstance | None
