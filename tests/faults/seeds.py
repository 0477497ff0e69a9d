"""What the mutants are made from: CT images in every syntax we can write, and odd ones.

The generated ones are synthetic. The test files of pydicom are read where they are installed and
wrapped as CT images, because their code streams come from other encoders than ours.
"""

import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pydicom.data
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    HTJ2K,
    CTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    JPEGLSNearLossless,
    LegacyConvertedEnhancedCTImageStorage,
    RLELossless,
)

from tests.factories.dicom_files import (
    ct_dataset,
    ct_instance,
    element,
    enhanced_ct_instance,
    insert_element,
    nested,
    without_preamble,
    write,
)
from tests.factories.htj2k_images import htj2k_instance

PYDICOM_FILES = (
    "693_J2KI.dcm",
    "CT_small.dcm",
    "JPEG2000-embedded-sequence-delimiter.dcm",
    "JPEG2000.dcm",
    "JPEGLSNearLossless_08.dcm",
    "JPEGLSNearLossless_16.dcm",
    "JPEG-lossy.dcm",
    "JPGExtended.dcm",
    "MR_small.dcm",
    "MR_small_RLE.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_implicit.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "MR_small_padded.dcm",
    "SC_rgb_gdcm_KY.dcm",
    "SC_rgb_jpeg_dcmtk.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "SC_rgb_rle_16bit_2frame.dcm",
    "SC_rgb_rle_32bit.dcm",
    "SC_rgb_small_odd.dcm",
    "rtdose_rle.dcm",
)
PYDICOM_FILES_AS_THEY_ARE = ("nested_priv_SQ.dcm", "reportsi.dcm", "UN_sequence.dcm")

DCMTK_JPEG = {
    "JPEG baseline": ("+eb", {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}),
    "JPEG extended": ("+ee", {"BitsStored": 12, "HighBit": 11}),
    "JPEG lossless": ("+el", {}),
    "JPEG lossless SV1": ("+e1", {}),
}


def seeds(folder: Path) -> dict[str, bytes]:
    """Content of every seed by its name."""
    made = {name: make(folder / f"{number}.dcm") for number, (name, make) in enumerate(_MADE)}
    return {
        **{name: path.read_bytes() for name, path in made.items()},
        **dict(_jpeg(folder)),
        **dict(_of_pydicom(folder)),
    }


def _plain(path: Path, **facts: Any) -> Path:
    return ct_instance(path, **facts)


def _as(transfer_syntax: str) -> Callable[[Path], Path]:
    return lambda path: _plain(path, transfer_syntax=transfer_syntax)


def _unsigned(path: Path) -> Path:
    return _plain(path, PixelRepresentation=0, BitsStored=12, HighBit=11)


def _eight_bit(path: Path) -> Path:
    return _plain(
        path, BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0, PixelData=b"7" * 1024
    )


def _wide(path: Path) -> Path:
    return _plain(path, BitsAllocated=32, BitsStored=32, HighBit=31, PixelData=b"\1\2\0\0" * 1024)


def _overlay(path: Path) -> Path:
    return insert_element(
        _plain(path),
        element(0x60000010, "US", b"\x20\0")
        + element(0x60000011, "US", b"\x20\0")
        + element(0x60000100, "US", b"\1\0")
        + element(0x60003000, "OW", b"\xaa" * 128),
    )


def _nested(path: Path) -> Path:
    return insert_element(_plain(path), nested(12))


def _unknown_sequence(path: Path) -> Path:
    """A sequence written as VR UN with undefined length: its items are implicit."""
    item = b"\x08\0\x16\0\x04\0\0\x001.2\0"
    return insert_element(
        _plain(path),
        element(0x00091001, "UN", b"", length=0xFFFFFFFF)
        + b"\xfe\xff\0\xe0" + len(item).to_bytes(4, "little") + item
        + b"\xfe\xff\xdd\xe0\0\0\0\0",
    )  # fmt: skip


def _trailing(path: Path) -> Path:
    return _plain(path, trailing=element(0xFFFCFFFC, "OB", b"\0" * 64))


def _tiff(path: Path) -> Path:
    return _plain(path, preamble=b"II*\0" + b"\0" * 124)


def _charset(path: Path) -> Path:
    return _plain(
        path, SpecificCharacterSet=["", "ISO 2022 IR 87"], PatientName="Canary^\u5c71\u7530"
    )


def _icon(path: Path) -> Path:
    icon = Dataset()
    icon.Rows = icon.Columns = 2
    icon.SamplesPerPixel = 1
    icon.PhotometricInterpretation = "MONOCHROME2"
    icon.BitsAllocated = icon.BitsStored = 8
    icon.HighBit = 7
    icon.PixelRepresentation = 0
    icon.PixelData = b"\1\2\3\4"
    return _plain(path, IconImageSequence=Sequence([icon]))


def _legacy(path: Path) -> Path:
    enhanced_ct_instance(path, frames=3)
    dataset = pydicom.dcmread(path)
    meta = dataset.file_meta
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID = LegacyConvertedEnhancedCTImageStorage
    return write(path, dataset, meta)


def _multiframe_rle(path: Path) -> Path:
    enhanced_ct_instance(path, frames=3)
    dataset = pydicom.dcmread(path)
    return write(path, dataset, dataset.file_meta, transfer_syntax=RLELossless)


def _htj2k(transfer_syntax: str) -> Callable[[Path], Path]:
    return lambda path: htj2k_instance(path, transfer_syntax)


_MADE: list[tuple[str, Callable[[Path], Path]]] = [
    ("explicit little endian", _as(ExplicitVRLittleEndian)),
    ("implicit little endian", _as(ImplicitVRLittleEndian)),
    ("explicit big endian", _as(ExplicitVRBigEndian)),
    ("RLE", _as(RLELossless)),
    ("JPEG 2000 lossless", _as(JPEG2000Lossless)),
    ("JPEG-LS lossless", _as(JPEGLSLossless)),
    ("JPEG-LS near lossless", _as(JPEGLSNearLossless)),
    ("HTJ2K lossless", _htj2k(HTJ2KLossless)),
    ("HTJ2K lossless RPCL", _htj2k(HTJ2KLosslessRPCL)),
    ("HTJ2K lossy", _htj2k(HTJ2K)),
    ("unsigned 12 bit", _unsigned),
    ("8 bit", _eight_bit),
    ("32 bit", _wide),
    ("enhanced", lambda path: enhanced_ct_instance(path, frames=3)),
    ("enhanced RLE", _multiframe_rle),
    ("legacy converted enhanced", _legacy),
    ("overlay", _overlay),
    ("nested sequences", _nested),
    ("UN sequence", _unknown_sequence),
    ("trailing padding", _trailing),
    ("TIFF preamble", _tiff),
    ("character sets", _charset),
    ("icon image", _icon),
    ("no preamble", lambda path: without_preamble(_plain(path))),
]


def _jpeg(folder: Path) -> Iterator[tuple[str, bytes]]:
    """JPEG as DCMTK writes it; pydicom has no encoder for it."""
    for name, (option, facts) in DCMTK_JPEG.items():
        plain, packed = folder / f"{name} plain.dcm", folder / f"{name}.dcm"
        values = np.arange(1024) % 100
        pixels = values.astype("u1" if facts.get("BitsAllocated") == 8 else "<u2").tobytes()
        _plain(plain, PixelRepresentation=0, PixelData=pixels, **facts)
        subprocess.run(["dcmcjpeg", option, str(plain), str(packed)], check=True)
        yield name, packed.read_bytes()


def _of_pydicom(folder: Path) -> Iterator[tuple[str, bytes]]:
    for name in PYDICOM_FILES_AS_THEY_ARE:
        yield f"pydicom {name}", _test_file(name).read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of them are odd on purpose
        as_ct = {name: _as_ct(_test_file(name), folder / name) for name in PYDICOM_FILES}
    for name, path in as_ct.items():
        yield f"pydicom {name}", path.read_bytes()


def _test_file(name: str) -> Path:
    path = pydicom.data.get_testdata_file(name, download=False)
    assert isinstance(path, str)
    return Path(path)


def _as_ct(source: Path, target: Path) -> Path:
    """The same pixels under the header of a CT image, as far as their description allows."""
    dataset = pydicom.dcmread(source)
    plain, _ = ct_dataset()
    for tag in plain.keys() - dataset.keys():
        if tag.group != 0x0028 and tag != 0x00081140:
            dataset[tag] = plain[tag]
    for keyword in ("ConversionType", "RetrieveURL"):
        if keyword in dataset:
            delattr(dataset, keyword)
    dataset.ImageType = ["DERIVED", "PRIMARY", "AXIAL"]
    dataset.RescaleSlope, dataset.RescaleIntercept = "1", "-1024"
    meta = dataset.file_meta
    assert isinstance(meta, FileMetaDataset)
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.Modality = "CT"
    dataset.save_as(target, enforce_file_format=True)
    return target
