"""A file that has been measured out but not yet accepted."""

import mmap
from dataclasses import dataclass, field
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset

from .header_shape import HeaderShape

Content = bytes | bytearray | mmap.mmap


@dataclass(frozen=True, slots=True, eq=False)
class SourceInstance:
    """One DICOM file as it came in: header parsed, pixels as they are.

    `content` is the whole file: a large one as a memory map, one that still arrives as an array
    that is filled. `pixel_offset` and `pixel_length` span the value bytes of (7FE0,0010) in it; for
    encapsulated data that is the whole fragment sequence with its delimitation item. `around` says
    in words of the manifest what there is outside the data set that will not be stored. `shape` is
    what the header has in common with others of its series, where such came before.
    """

    path: Path
    content: Content = field(repr=False)
    dataset: Dataset
    file_meta: FileMetaDataset
    transfer_syntax_uid: str
    pixel_offset: int
    pixel_length: int
    encapsulated: bool
    frames: int
    size_bytes: int
    implicit_vr: bool
    little_endian: bool
    around: tuple[str, ...] = ()
    shape: HeaderShape | None = None
