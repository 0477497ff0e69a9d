"""Series whose every slice has pixels of its own, by which it is found again."""

import random
from pathlib import Path

from pydicom.uid import CTImageStorage

from tests.factories.dicom_files import ROOT, ct_instance
from tests.faults.installation import PIXEL_BYTES


def unique_series(parent: Path, *, number: int, slices: int, chance: random.Random) -> list[Path]:
    """Write a study with one series; `number` is in its UIDs and its accession number."""
    folder = parent / f"{number:04d}"
    folder.mkdir(parents=True)
    return [
        ct_instance(
            folder / f"{index:04d}.dcm",
            index=index,
            rows=64,
            columns=64,
            SOPClassUID=CTImageStorage,
            AccessionNumber=f"ACCESSION-{number}",
            StudyInstanceUID=f"{ROOT}.{number + 1}.1",
            SeriesInstanceUID=f"{ROOT}.{number + 1}.2",
            SOPInstanceUID=f"{ROOT}.{number + 1}.3.{index + 1}",
            PixelData=chance.randbytes(PIXEL_BYTES),
        )
        for index in range(slices)
    ]
