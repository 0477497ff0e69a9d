"""No page of text passes for a slice, and hardly a slice for a page of text.

Headers as makers of scanners write them, from conformance statements and images seen [own].
"""

import random

import pytest
from pydicom.uid import CTImageStorage, SecondaryCaptureImageStorage, XRayRadiationDoseSRStorage

from imaging.dicom.errors import DicomError
from imaging.dicom.preparation import prepare
from imaging.dicom.pseudonyms import derive_keys
from tests.factories.raw_dicom import RawDataset, write_raw
from tests.factories.seeded_patients import Person, clean_ct

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
STOPPED = frozenset({"burned_in_annotation", "overlay_in_pixels", "sop_class_needs_review"})

COLOUR: RawDataset = {
    0x00280002: ("US", b"\3\0"),
    0x00280004: ("CS", b"RGB"),
    0x00280006: ("US", b"\0\0"),
    0x00280100: ("US", b"\x08\0"),
    0x00280101: ("US", b"\x08\0"),
    0x00280102: ("US", b"\x07\0"),
    0x7FE00010: ("OB", b"\0" * 192),
}
PALETTE: RawDataset = {
    **COLOUR,
    0x00280002: ("US", b"\1\0"),
    0x00280004: ("CS", b"PALETTE COLOR"),
    0x7FE00010: ("OB", b"\0" * 64),
}
GEOMETRY = (0x00200032, 0x00200037, 0x00280030, 0x00201041, 0x00180050)


def _type(*values: bytes) -> RawDataset:
    return {0x00080008: ("CS", b"\\".join(values))}


PAGES: dict[str, tuple[RawDataset, bool]] = {
    "GE dose report": (_type(b"DERIVED", b"SECONDARY", b"SCREEN SAVE"), False),
    "GE screen save with geometry": (_type(b"DERIVED", b"SECONDARY", b"SCREEN SAVE"), True),
    "Siemens patient protocol": (
        _type(b"ORIGINAL", b"SECONDARY", b"OTHER", b"CT_SOM5 PROT"),
        False,
    ),
    "Siemens protocol among slices": (
        {**_type(b"ORIGINAL", b"PRIMARY", b"AXIAL"), 0x0008103E: ("LO", b"Patient Protocol")},
        True,
    ),
    "Philips dose page": (_type(b"DERIVED", b"SECONDARY", b"DOSE_INFO"), True),
    "Philips exam summary": (
        {**_type(b"ORIGINAL", b"SECONDARY"), 0x0008103E: ("LO", b"Exam Summary")},
        True,
    ),
    "Toshiba dose page": (_type(b"ORIGINAL", b"SECONDARY", b"DOSE REPORT"), False),
    "Canon summary": ({0x0008103E: ("LO", b"Dose Summary")}, True),
    "secondary capture": ({0x00080016: ("UI", SecondaryCaptureImageStorage.encode())}, False),
    "dose report as text": ({0x00080016: ("UI", XRayRadiationDoseSRStorage.encode())}, False),
    "digitised film": ({0x00080064: ("CS", b"DF")}, True),
    "workstation": ({0x00080064: ("CS", b"WSD")}, True),
    "capture device": ({0x00181016: ("LO", b"Workstation Maker")}, True),
    "colour rendering": (COLOUR, True),
    "palette screenshot": (PALETTE, True),
    "grey screenshot without geometry": (_type(b"DERIVED", b"SECONDARY", b"OTHER"), False),
    "axial header without geometry": ({}, False),
    "declared": ({0x00280301: ("CS", b"YES")}, True),
    "overlay in the pixels": ({0x60000102: ("US", b"\x0c\0")}, True),
    "page behind a localizer": (
        {
            **_type(b"ORIGINAL", b"PRIMARY", b"LOCALIZER"),
            0x0008103E: ("LO", b"Dose Report"),
        },
        False,
    ),
}

DESCRIPTIONS = (
    *(b"LWS 1.0 B30f", b"LOW DOSE SPINE", b"Spine Protocol 2mm", b"AX BONE", b"Thorax  5.0  B31f"),
    *(b"MPR cor", b"Topogram  0.6  T20f", b"SCOUT", b"pump pocket contrast", b"Axial 0.9 iDose"),
    *(b"CARE Dose4D LWS", b"Reformatted", b"AiCE Body Sharp", b"lumbar post contrast report done"),
)
IMAGE_TYPES = (
    *(b"DERIVED\\PRIMARY\\MPR", b"DERIVED\\SECONDARY\\REFORMATTED\\AVERAGE"),
    *(b"ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SEQ", b"DERIVED\\SECONDARY\\AXIAL"),
    *(b"ORIGINAL\\PRIMARY\\AXIAL\\HELIX", b"ORIGINAL\\PRIMARY\\AXIAL\\LOW_DOSE"),
    *(b"ORIGINAL\\PRIMARY\\LOCALIZER", b"ORIGINAL\\PRIMARY\\LOCALIZER\\CT_SOM5 TOP"),
)


def _answer(tmp_path, dataset: RawDataset) -> str:
    source = write_raw(tmp_path / "source.dcm", dataset)
    try:
        prepare(source, tmp_path / "stored.dcm", keys=KEYS, centre_code="DEMO")
    except DicomError as error:
        return error.reason_code
    return ""


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_text_is_stored(tmp_path, page):
    """Twenty kinds, in the headers of five makers each: 100 images."""
    changes, geometry = PAGES[page]
    for patient in range(5):
        dataset = {**clean_ct(Person.make(patient), patient, 0).dataset, **changes}
        if not geometry:
            dataset = {tag: value for tag, value in dataset.items() if tag not in GEOMETRY}
        assert _answer(tmp_path, dataset) in STOPPED


def test_the_pages_are_a_hundred():
    assert len(PAGES) * 5 >= 100
    assert all(changes.get(0x00080016, CTImageStorage) for changes, _ in PAGES.values())


def test_hardly_a_clean_slice_is_stopped(tmp_path):
    """At most 2 % of 1,000; none of these."""
    stopped = []
    for number in range(1000):
        r = random.Random(number)
        dataset = clean_ct(Person.make(number % 40), number, number % 300).dataset
        dataset[0x0008103E] = ("LO", r.choice(DESCRIPTIONS))
        if r.random() < 0.4:
            dataset[0x00080008] = ("CS", r.choice(IMAGE_TYPES))
        if r.random() < 0.3:
            dataset[0x00280301] = ("CS", b"NO")
        if answer := _answer(tmp_path, dataset):
            stopped.append((number, answer, dataset[0x0008103E]))
    print(f"\n{len(stopped)} of 1000 clean images stopped")
    assert stopped == []
