"""Synthetic CT files: ordinary ones, odd ones and hostile ones.

Every identifying element carries a canary (`IDENTIFYING_VALUES`): a value that occurs
nowhere else, so that a test can search the bytes of a result for it.
"""

import math
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomFileLike
from pydicom.filewriter import dcmwrite, write_dataset, write_file_meta_info
from pydicom.sequence import Sequence as DicomSequence
from pydicom.uid import (
    CTImageStorage,
    EnhancedCTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

ROOT = "1.2.826.0.1.3680043.8.498"
STUDY_UID = f"{ROOT}.77700001.1"
SERIES_UID = f"{ROOT}.77700001.2"
FRAME_OF_REFERENCE_UID = f"{ROOT}.77700001.3"
DEVICE_UID = f"{ROOT}.77700001.4"

IDENTIFYING_VALUES: dict[str, str] = {
    "PatientName": "Canaryname^Zebedee^Quillon",
    "PatientID": "CANARYID-4711",
    "PatientBirthDate": "19530717",
    "PatientSex": "F",
    "PatientAge": "071Y",
    "PatientAddress": "9 Canaryaddress Lane",
    "PatientTelephoneNumbers": "+49 89 77700011",
    "PatientComments": "Canarycomment about the patient",
    "OtherPatientIDs": "CANARYOTHERID-815",
    "AccessionNumber": "CANARYACC-2233",
    "StudyID": "CANARYSTUDYID",
    "StudyDescription": "Canarystudydescription Zebedee",
    "SeriesDescription": "Canaryseriesdescription",
    "ProtocolName": "Canaryprotocol",
    "InstitutionName": "Canaryclinic Hospital",
    "InstitutionAddress": "1 Canarystreet",
    "InstitutionalDepartmentName": "Canarydepartment",
    "ReferringPhysicianName": "Canaryreferrer^Ottoline",
    "PerformingPhysicianName": "Canaryperformer^Ptolemy",
    "OperatorsName": "Canaryoperator^Isadora",
    "StationName": "CANARYSTATION1",
    "DeviceSerialNumber": "CANARYSERIAL-99",
    "RequestingPhysician": "Canaryrequester^Ermintrude",
    "ImageComments": "Canaryimagecomment",
}
"""Keyword -> the value `ct_instance` writes; none may survive de-identification."""


def slice_uid(index: int) -> str:
    return f"{ROOT}.77700001.5.{index + 1}"


def ct_dataset(
    *, index: int = 0, rows: int = 32, columns: int = 32, **overrides: Any
) -> tuple[Dataset, FileMetaDataset]:
    """One axial CT slice in memory, little endian explicit, identifying values seeded.

    `overrides` set or, with value None, delete elements by keyword.
    """
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.InstanceCreationDate = "20240305"
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = slice_uid(index)
    dataset.StudyDate = "20240305"
    dataset.SeriesDate = "20240305"
    dataset.AcquisitionDate = "20240305"
    dataset.ContentDate = "20240305"
    dataset.StudyTime = "101500"
    dataset.AcquisitionTime = f"1016{index % 60:02d}.500000"
    dataset.Modality = "CT"
    dataset.Manufacturer = "SIEMENS"
    dataset.ManufacturerModelName = "Phantom 1"
    dataset.BodyPartExamined = "LSPINE"
    dataset.SliceThickness = "2.0"
    dataset.KVP = "120"
    dataset.ConvolutionKernel = "B30f"
    dataset.GantryDetectorTilt = "0"
    dataset.PatientPosition = "HFS"
    dataset.StudyInstanceUID = STUDY_UID
    dataset.SeriesInstanceUID = SERIES_UID
    dataset.FrameOfReferenceUID = FRAME_OF_REFERENCE_UID
    dataset.DeviceUID = DEVICE_UID
    dataset.SeriesNumber = "2"
    dataset.AcquisitionNumber = "1"
    dataset.InstanceNumber = str(index + 1)
    dataset.ImagePositionPatient = [-50.0, -50.0, index * 2.0]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows = rows
    dataset.Columns = columns
    dataset.PixelSpacing = [0.5, 0.5]
    dataset.BitsAllocated = 16
    dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 1
    dataset.WindowCenter = "40"
    dataset.WindowWidth = "400"
    dataset.RescaleIntercept = "-1024"
    dataset.RescaleSlope = "1"
    dataset.RescaleType = "HU"
    for keyword, value in IDENTIFYING_VALUES.items():
        setattr(dataset, keyword, value)
    reference = Dataset()
    reference.ReferencedSOPClassUID = CTImageStorage
    reference.ReferencedSOPInstanceUID = slice_uid(index + 100)
    dataset.ReferencedImageSequence = DicomSequence([reference])
    block = dataset.private_block(0x0019, "CANARYPRIVATE 1", create=True)
    block.add_new(0x10, "LO", "Canaryprivatevalue")
    pixels = (np.arange(rows * columns, dtype="<i2").reshape(rows, columns) + index) % 2000
    dataset.add_new(0x7FE00010, "OW", pixels.astype("<i2").tobytes())
    for keyword, value in overrides.items():
        if value is None:
            if keyword in dataset:
                delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", CTImageStorage)
    meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", slice_uid(index))
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = f"{ROOT}.1"
    meta.SourceApplicationEntityTitle = "CANARYAE"
    return dataset, meta


def ct_instance(
    path: Path,
    *,
    index: int = 0,
    rows: int = 32,
    columns: int = 32,
    transfer_syntax: str = ExplicitVRLittleEndian,
    preamble: bytes = b"\0" * 128,
    trailing: bytes = b"",
    meta_overrides: Mapping[str, Any] | None = None,
    **overrides: Any,
) -> Path:
    """Write one synthetic CT slice and return its path.

    `transfer_syntax` may be implicit, big endian, RLE, JPEG 2000 or JPEG-LS lossless.
    `preamble` and `trailing` are written as given, `meta_overrides` change the file meta.
    """
    dataset, meta = ct_dataset(index=index, rows=rows, columns=columns, **overrides)
    return write(
        path,
        dataset,
        meta,
        transfer_syntax=transfer_syntax,
        preamble=preamble,
        trailing=trailing,
        meta_overrides=meta_overrides,
    )


def write(
    path: Path,
    dataset: Dataset,
    meta: FileMetaDataset,
    *,
    transfer_syntax: str = ExplicitVRLittleEndian,
    preamble: bytes = b"\0" * 128,
    trailing: bytes = b"",
    meta_overrides: Mapping[str, Any] | None = None,
) -> Path:
    """Write a data set as a PS3.10 file in the given transfer syntax."""
    dataset.file_meta = meta
    implicit = transfer_syntax == ImplicitVRLittleEndian
    big = transfer_syntax == ExplicitVRBigEndian
    if transfer_syntax in (ImplicitVRLittleEndian, ExplicitVRLittleEndian):
        meta.TransferSyntaxUID = transfer_syntax
    elif big:
        meta.TransferSyntaxUID = transfer_syntax
        dataset.PixelData = np.frombuffer(dataset.PixelData, "<i2").astype(">i2").tobytes()
    else:
        dataset.compress(transfer_syntax, generate_instance_uid=False)
    for keyword, value in (meta_overrides or {}).items():
        if value is None:
            delattr(meta, keyword)
        else:
            setattr(meta, keyword, value)
    with path.open("wb") as target:
        if meta_overrides:
            _write_unchecked(target, dataset, meta, implicit=implicit, little=not big)
        else:
            dcmwrite(
                target,
                dataset,
                implicit_vr=implicit,
                little_endian=not big,
                enforce_file_format=True,
            )
    content = path.read_bytes()
    path.write_bytes(preamble + content[128:] + trailing)
    return path


def _write_unchecked(
    target: Any,
    dataset: Dataset,
    meta: FileMetaDataset,
    *,
    implicit: bool,
    little: bool,
) -> None:
    target.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(target, meta, enforce_standard=False)
    stream = DicomFileLike(target)
    stream.is_implicit_VR, stream.is_little_endian = implicit, little
    write_dataset(stream, dataset)


def element(tag: int, vr: str, value: bytes, *, length: int | None = None) -> bytes:
    """One little endian explicit element, whatever it says; `length` may lie."""
    group, number = tag >> 16, tag & 0xFFFF
    declared = len(value) if length is None else length
    if vr in (
        "OB",
        "OW",
        "SQ",
        "UN",
        "UT",
        "UC",
        "UR",
        "OF",
        "OD",
        "OL",
        "OV",
        "SV",
        "UV",
    ):
        return struct.pack("<HH2sHI", group, number, vr.encode(), 0, declared) + value
    return struct.pack("<HH2sH", group, number, vr.encode(), declared) + value


def insert_element(path: Path, raw: bytes) -> Path:
    """Put raw element bytes between the header and the pixel data of a little endian file."""
    content = path.read_bytes()
    at = content.rindex(b"\xe0\x7f\x10\x00O")
    path.write_bytes(content[:at] + raw + content[at:])
    return path


def nested(depth: int) -> bytes:
    """Private sequences inside each other, `depth` levels, undefined lengths."""
    start = element(0x00091000, "SQ", b"", length=0xFFFFFFFF) + struct.pack(
        "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    stop = struct.pack("<HHIHHI", 0xFFFE, 0xE00D, 0, 0xFFFE, 0xE0DD, 0)
    return start * depth + stop * depth


@dataclass(frozen=True)
class SeriesPlan:
    """How a synthetic series lies in space; every length in mm, angles in degrees."""

    slices: int = 10
    spacing_mm: float = 2.0
    tilt_deg: float = 0.0
    gap_after: int | None = None
    gap_mm: float = 6.0
    duplicate_of: int | None = None
    localiser: bool = False
    turned_slice: int | None = None


def ct_series(folder: Path, plan: SeriesPlan = SeriesPlan(), **overrides: Any) -> list[Path]:
    """Write a series and return its files in order of acquisition.

    With `tilt_deg` the image planes are turned about the x axis while the table still
    moves along z: the shear that a tilted gantry leaves behind.
    """
    tilt = math.radians(plan.tilt_deg)
    orientation = [1.0, 0.0, 0.0, 0.0, math.cos(tilt), -math.sin(tilt)]
    paths = []
    table_mm = 0.0
    positions: list[float] = []
    for index in range(plan.slices):
        positions.append(table_mm)
        table_mm += plan.spacing_mm
        if plan.gap_after == index:
            table_mm += plan.gap_mm
    if plan.duplicate_of is not None:
        positions.append(positions[plan.duplicate_of])
    for index, z in enumerate(positions):
        facts: dict[str, Any] = {
            "ImagePositionPatient": [-50.0, -50.0, round(z, 4)],
            "ImageOrientationPatient": [round(value, 7) for value in orientation],
            "GantryDetectorTilt": f"{plan.tilt_deg:g}",
        }
        if plan.turned_slice == index:
            facts["ImageOrientationPatient"] = [0.0, 1.0, 0.0, 0.0, 0.0, -1.0]
        paths.append(
            ct_instance(folder / f"{index:04d}.dcm", index=index, **{**facts, **overrides})
        )
    if plan.localiser:
        paths.append(
            ct_instance(
                folder / "localiser.dcm",
                index=len(positions),
                ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"],
                ImagePositionPatient=[-50.0, 0.0, 100.0],
                ImageOrientationPatient=[1, 0, 0, 0, 0, -1],
                **overrides,
            )
        )
    return paths


def enhanced_ct_instance(path: Path, *, frames: int = 4, **overrides: Any) -> Path:
    """Write a synthetic Enhanced CT image with functional groups."""
    dataset, meta = ct_dataset(**overrides)
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID = EnhancedCTImageStorage
    for keyword in (
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "PixelSpacing",
        "SliceThickness",
        "RescaleIntercept",
        "RescaleSlope",
        "RescaleType",
    ):
        delattr(dataset, keyword)
    dataset.NumberOfFrames = str(frames)
    dataset.PixelData = dataset.PixelData * frames
    dataset.SharedFunctionalGroupsSequence = DicomSequence([_shared_groups()])
    dataset.PerFrameFunctionalGroupsSequence = DicomSequence(
        [_frame_groups(index) for index in range(frames)]
    )
    return write(path, dataset, meta)


def different_frames(path: Path, *, frames: int) -> Path:
    """An Enhanced CT image no two frames of which are alike."""
    dataset = dcmread(enhanced_ct_instance(path, frames=frames))
    pixels = np.frombuffer(dataset.PixelData, "<i2").reshape(frames, -1)
    dataset.PixelData = (pixels + 100 * np.arange(frames)[:, None]).astype("<i2").tobytes()
    dcmwrite(path, dataset, enforce_file_format=True)
    return path


def _item(**values: Any) -> DicomSequence:
    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return DicomSequence([item])


def _shared_groups() -> Dataset:
    shared = Dataset()
    shared.PixelMeasuresSequence = _item(PixelSpacing=[0.5, 0.5], SliceThickness="2.0")
    shared.PlaneOrientationSequence = _item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    shared.PixelValueTransformationSequence = _item(
        RescaleIntercept="-1024", RescaleSlope="1", RescaleType="HU"
    )
    return shared


def _frame_groups(index: int) -> Dataset:
    groups = Dataset()
    groups.PlanePositionSequence = _item(ImagePositionPatient=[-50.0, -50.0, index * 2.0])
    groups.FrameContentSequence = _item(
        FrameAcquisitionNumber=index + 1,
        FrameAcquisitionDateTime="20240305101600",
        FrameComments="Canaryframecomment",
    )
    return groups


def without_preamble(path: Path) -> Path:
    """Turn a PS3.10 file into a bare data set, as old ACR-NEMA tools wrote them."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<I", content, 140)
    path.write_bytes(content[144 + length :])
    return path


def zip_of(path: Path, members: Sequence[tuple[str, bytes]]) -> Path:
    """A zip archive with exactly these names, safe or not."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return path
