"""The pixels of two prepared files, compared byte for byte.

It happens only where an image comes again and the whole files differ; the hash of a file says that
they are equal, but not that only the header differs.
"""

from dataclasses import dataclass
from pathlib import Path

CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PixelBytes:
    """Where the value of the pixel data lies in a file."""

    path: Path
    offset: int
    length: int

    def are(self, other: "PixelBytes") -> bool:
        """Whether the other file has the same; a file that is too short has others.

        Raises
        ------
        OSError
            One of the files is not there or cannot be read.
        """
        if self.length != other.length:
            return False
        left = self.length
        with self.path.open("rb") as ours, other.path.open("rb") as theirs:
            ours.seek(self.offset)
            theirs.seek(other.offset)
            while left:
                wanted = min(CHUNK_BYTES, left)
                chunk = ours.read(wanted)
                if len(chunk) != wanted or chunk != theirs.read(wanted):
                    return False
                left -= wanted
        return True
