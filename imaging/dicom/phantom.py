"""Synthetic CT contrast studies, one per finding, for the demo, the form's exemplars and tests.

Each series shows a child's trunk from S1 to T9 with pump, catheter and contrast, drawn so that a
reader who knows only the finding dictionary can tell the findings apart. Nothing in it comes from
a patient and it has no diagnostic meaning.
"""

from datetime import date
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

from .phantom_contrast import PhantomFinding
from .phantom_shapes import Tissue
from .phantom_volume import (
    DEFAULT_SHAPE,
    HU_HIGHEST,
    HU_LOWEST,
    PhantomVolume,
    make_volume_hu,
)

__all__ = [
    "DEFAULT_SHAPE",
    "HU_HIGHEST",
    "HU_LOWEST",
    "PhantomFinding",
    "PhantomVolume",
    "Tissue",
    "make_series",
    "make_volume_hu",
    "write_series",
]

RESCALE_INTERCEPT = HU_LOWEST
"""Stored values run from 0, as scanners store them."""

STUDY_TIME = "100000"
SYNTHETIC_COMMENT = "SYNTHETIC PHANTOM, NOT A PATIENT"


def make_series(
    finding: PhantomFinding,
    *,
    seed: int,
    study_date: date,
    patient_id: str,
    patient_name: str,
    shape: tuple[int, int, int] = DEFAULT_SHAPE,
    spacing_mm: tuple[float, float, float] | None = None,
    with_localizer: bool = False,
) -> list[Dataset]:
    """Make one synthetic series as CT Image Storage instances, lowest slice first.

    The UIDs follow from finding, seed and size: the same call gives the same instances.

    Parameters
    ----------
    finding, seed, shape, spacing_mm
        As in `make_volume_hu`.
    study_date
        Date of study, series, acquisition and content.
    patient_id, patient_name
        Written as given; choose what nobody can take for a person.
    with_localizer
        Append a frontal localizer as a second series of the same study.

    References
    ----------
    DICOM PS3.3 A.3 (CT Image IOD), C.8.2.1 (CT Image Module), C.7.6.2 (Image Plane Module).
    """
    volume = make_volume_hu(finding, seed=seed, shape=shape, spacing_mm=spacing_mm)
    shared = _study(volume, study_date=study_date, patient_id=patient_id, patient_name=patient_name)
    series = [_axial(volume, shared, index) for index in range(volume.hu.shape[0])]
    if with_localizer:
        series.append(_localizer(volume, shared))
    return series


def write_series(
    finding: PhantomFinding,
    folder: Path,
    *,
    seed: int,
    study_date: date,
    patient_id: str,
    patient_name: str,
    shape: tuple[int, int, int] = DEFAULT_SHAPE,
    spacing_mm: tuple[float, float, float] | None = None,
    with_localizer: bool = False,
) -> list[Path]:
    """Write a synthetic series as DICOM files, one per instance; the folder is made if missing.

    Parameters are those of `make_series`. File names count the instances and say nothing else.

    Raises
    ------
    OSError
        The folder or a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    series = make_series(
        finding,
        seed=seed,
        study_date=study_date,
        patient_id=patient_id,
        patient_name=patient_name,
        shape=shape,
        spacing_mm=spacing_mm,
        with_localizer=with_localizer,
    )
    for count, instance in enumerate(series, start=1):
        path = folder / f"IM{count:04d}.dcm"
        instance.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths


def _uid(volume: PhantomVolume, kind: str) -> UID:
    """A UID under 2.25 (PS3.5 B.2) that depends on the volume alone."""
    size = "x".join(str(part) for part in (*volume.hu.shape, *volume.spacing_mm))
    name = f"crescent phantom|{volume.finding.value}|{volume.seed}|{size}|{kind}"
    return UID(f"2.25.{uuid5(NAMESPACE_OID, name).int}")


def _study(
    volume: PhantomVolume, *, study_date: date, patient_id: str, patient_name: str
) -> Dataset:
    """Everything the instances of both series have in common."""
    day = study_date.strftime("%Y%m%d")
    shared = Dataset()
    shared.SpecificCharacterSet = "ISO_IR 192"
    shared.PatientName = patient_name
    shared.PatientID = patient_id
    shared.PatientBirthDate = ""
    shared.PatientSex = ""
    shared.StudyInstanceUID = _uid(volume, "study")
    shared.StudyDate = shared.SeriesDate = shared.AcquisitionDate = shared.ContentDate = day
    shared.StudyTime = shared.SeriesTime = shared.AcquisitionTime = STUDY_TIME
    shared.ContentTime = STUDY_TIME
    shared.StudyID = "1"
    shared.AccessionNumber = ""
    shared.ReferringPhysicianName = ""
    shared.StudyDescription = "CT CONTRAST STUDY OF PUMP AND CATHETER (SYNTHETIC)"
    shared.Modality = "CT"
    shared.BodyPartExamined = "TLSPINE"
    shared.PatientPosition = "HFS"
    shared.FrameOfReferenceUID = _uid(volume, "frame of reference")
    shared.PositionReferenceIndicator = ""
    shared.Manufacturer = "Crescent"
    shared.ManufacturerModelName = "Synthetic phantom"
    shared.ImageComments = SYNTHETIC_COMMENT
    shared.BurnedInAnnotation = "NO"
    shared.SOPClassUID = CTImageStorage
    shared.KVP = "120"
    shared.AcquisitionNumber = "1"
    shared.RescaleIntercept = str(RESCALE_INTERCEPT)
    shared.RescaleSlope = "1"
    shared.RescaleType = "HU"
    shared.WindowCenter = "250"
    shared.WindowWidth = "900"
    shared.WindowCenterWidthExplanation = "Intrathecal contrast"
    return shared


def _axial(volume: PhantomVolume, shared: Dataset, index: int) -> Dataset:
    instance = _instance(volume, shared, kind=f"axial {index}")
    x_mm, y_mm, z_mm = volume.origin_mm
    step_mm, row_mm, column_mm = volume.spacing_mm
    instance.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    instance.SeriesInstanceUID = _uid(volume, "axial series")
    instance.SeriesNumber = "2"
    instance.SeriesDescription = f"Axial {step_mm:.1f} mm, synthetic"
    instance.InstanceNumber = str(index + 1)
    instance.ConvolutionKernel = "SYNTHETIC"
    if volume.finding is not PhantomFinding.NO_CONTRAST:
        instance.ContrastBolusAgent = "IOHEXOL"
        instance.ContrastBolusRoute = "INTRATHECAL"
    height_mm = z_mm + index * step_mm
    _place(instance, (x_mm, y_mm, height_mm), (1, 0, 0, 0, 1, 0), (row_mm, column_mm))
    instance.SliceThickness = f"{step_mm:.4f}".rstrip("0").rstrip(".")
    instance.SliceLocation = _decimal(height_mm)
    _set_pixels(instance, volume.hu[index])
    return instance


def _localizer(volume: PhantomVolume, shared: Dataset) -> Dataset:
    """Mean HU from front to back, head at the top; pixels are square."""
    instance = _instance(volume, shared, kind="localizer")
    x_mm, _, z_mm = volume.origin_mm
    step_mm, _, column_mm = volume.spacing_mm
    mean_hu = volume.hu.mean(axis=1)
    rows = max(2, round(volume.hu.shape[0] * step_mm / column_mm))
    heights = np.linspace(volume.hu.shape[0] - 1, 0, rows)
    frontal = mean_hu[np.rint(heights).astype(int)]
    instance.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
    instance.SeriesInstanceUID = _uid(volume, "localizer series")
    instance.SeriesNumber = "1"
    instance.SeriesDescription = "Localizer, synthetic"
    instance.InstanceNumber = "1"
    row_mm = (volume.hu.shape[0] - 1) * step_mm / (rows - 1)
    top_mm = z_mm + (volume.hu.shape[0] - 1) * step_mm
    _place(instance, (x_mm, 0.0, top_mm), (1, 0, 0, 0, 0, -1), (row_mm, column_mm))
    instance.SliceThickness = ""
    _set_pixels(instance, np.rint(frontal).astype(np.int16))
    return instance


def _instance(volume: PhantomVolume, shared: Dataset, *, kind: str) -> Dataset:
    """A copy of the shared attributes with its own SOP Instance UID and file meta information."""
    instance = Dataset()
    instance.update(shared)
    instance.SOPInstanceUID = _uid(volume, kind)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = instance.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    instance.file_meta = meta
    return instance


def _place(
    instance: Dataset,
    position_mm: tuple[float, float, float],
    orientation: tuple[int, ...],
    spacing_mm: tuple[float, float],
) -> None:
    instance.ImagePositionPatient = [_decimal(value) for value in position_mm]
    instance.ImageOrientationPatient = [str(value) for value in orientation]
    instance.PixelSpacing = [_decimal(value) for value in spacing_mm]


def _decimal(value: float) -> str:
    """A decimal string of at most 16 characters (PS3.5 6.2, DS)."""
    return f"{round(value, 5):.5f}".rstrip("0").rstrip(".")


def _set_pixels(instance: Dataset, hu: NDArray[np.int16]) -> None:
    instance.Rows, instance.Columns = hu.shape
    instance.SamplesPerPixel = 1
    instance.PhotometricInterpretation = "MONOCHROME2"
    instance.BitsAllocated = instance.BitsStored = 16
    instance.HighBit = 15
    instance.PixelRepresentation = 1
    stored = hu.astype(np.int32) - RESCALE_INTERCEPT
    instance.PixelData = stored.astype("<i2").tobytes()
