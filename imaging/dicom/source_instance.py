"""A file that has been measured out but not yet accepted."""

from dataclasses import dataclass
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset


@dataclass(frozen=True, slots=True, eq=False)
class SourceInstance:
    """One DICOM file as it came in: header in memory, pixels left where they are.

    `pixel_offset` and `pixel_length` span the value bytes of (7FE0,0010) in the file; for
    encapsulated data that is the whole fragment sequence with its delimitation item. `around` says
    in words of the manifest what there is outside the data set that will not be stored.
    """

    path: Path
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
