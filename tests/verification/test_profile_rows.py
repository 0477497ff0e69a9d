"""PS3.15 Table E.1-1, row by row, in files that go the whole way from source to stored bytes.

Each row stands at the top level and three levels deep, in sequences that are kept and in one
that is not, with a value, empty and with several values. What must be true of it follows from
the table and from the options claimed in (0012,0064), not from the code.
"""

import random
import re
import struct

import pytest
from pydicom.datadict import DicomDictionary, dictionary_VR, keyword_dict, tag_for_keyword
from pydicom.uid import CTImageStorage, EnhancedCTImageStorage

from imaging.dicom.confidentiality_profile import EDITION, ROWS
from imaging.dicom.errors import InvalidUidError
from imaging.dicom.preparation import prepare
from imaging.dicom.pseudonyms import derive_keys, pseudonymous_uid
from tests.factories.raw_dicom import RawDataset, bare_ct, read_raw, write_raw

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
UID = b"1.2.826.0.1.3680043.8.498.4242.424242"
TEXT = b"Seeded^Canary value"
VALUES: dict[str, bytes] = {
    "UI": UID,
    "DA": b"19111111",
    "DT": b"19111111101112.131415",
    "TM": b"231112.131415",
    "AS": b"091Y",
    "DS": b"1.8765432",
    "IS": b"987654",
    "FD": struct.pack("<d", 1.876543219),
    "FL": struct.pack("<f", 1.8765432),
    "US": b"\x37\x13",
    "SS": b"\x37\x13",
    "UL": b"\x37\x13\x37\x13",
    "SL": b"\x37\x13\x37\x13",
    "AT": b"\x37\x13\x37\x13",
    "CS": b"SEEDEDCANARY",
}
BINARY = frozenset({"FD", "FL", "US", "SS", "UL", "SL", "AT"})

LOOKED_AT = frozenset({"burned_in_annotation"})
"""Rows about secondary captures stop a file as long as nobody has looked at its pixels."""

PLAIN = {
    int(match[1] + match[2], 16): row
    for row in ROWS
    if (match := re.fullmatch(r"\(([0-9A-F]{4}),([0-9A-F]{4})\)", row.tag))
}
PATTERNS = {row.tag for row in ROWS} - {row.tag for row in PLAIN.values()}
OUTSIDE_THE_DATA_SET = {tag: row for tag, row in PLAIN.items() if tag >> 16 in (0x0000, 0x0002)}
IN_THE_DATA_SET = {tag: row for tag, row in PLAIN.items() if tag not in OUTSIDE_THE_DATA_SET}
"""Group 0004 is that of DICOMDIR; in an image it is an element like any other."""


def _tags(keywords: str) -> set[int]:
    return {tag for keyword in keywords.split() if (tag := tag_for_keyword(keyword)) is not None}


NAMED_BY_US = {0x00100010, 0x00100020}
"""Patient's Name and Patient ID: D and Z/D; the pseudonym stands there."""

WRITTEN_BY_US = {0x00080070, 0x00120063, 0x00201040}
"""Manufacturer and Position Reference Indicator (type 2), De-identification Method."""

EMPTIED = {
    0x00080050,  # Accession Number
    0x00080090,  # Referring Physician's Name
    0x00100030,  # Patient's Birth Date
    0x00100040,  # Patient's Sex
    0x00200010,  # Study ID
    0x00180010,  # Contrast/Bolus Agent: Z/D, type 2 in the CT IOD
}
"""Type 2 elements of the CT image that the table empties: present with no value."""

KEPT_DATES = _tags(
    "StudyDate StudyTime SeriesDate SeriesTime AcquisitionDate AcquisitionTime ContentDate"
    " ContentTime AcquisitionDateTime InstanceCreationDate InstanceCreationTime"
    " ContrastBolusStartTime ContrastBolusStopTime"
)
"""What 113106 (Retain Longitudinal Temporal Information Full Dates) keeps at the top level."""

REPLACED_UIDS = _tags(
    "SOPInstanceUID StudyInstanceUID SeriesInstanceUID FrameOfReferenceUID IrradiationEventUID"
)
"""U: replaced where they stand; other UIDs of the table disappear with what they belong to."""

FILE_META = (
    *(0x00020003, 0x00020013, 0x00020016, 0x00020017, 0x00020018, 0x00020026, 0x00020027),
    *(0x00020028, 0x00020031, 0x00020032, 0x00020033, 0x00020035, 0x00020100, 0x00020102),
)
"""File Meta Information that names an instance, an application or a private content."""

NESTED_UIDS = {
    0x00081140: (0x00081155,),  # Referenced Image Sequence: Referenced SOP Instance UID
    0x00209221: (0x00209164,),  # Dimension Organization Sequence
}
FRAME_OF_REFERENCE = 0x00200052
SHARED_GROUPS, EXPOSURE, PHANTOM_TYPE, REQUEST = 0x52009229, 0x00189321, 0x00189346, 0x00400275


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return bare_ct(tmp_path_factory.mktemp("bare"))


def _vr(tag: int) -> str:
    try:
        vr = dictionary_VR(tag).split(" or ")[0]
    except KeyError:
        return "LO"
    return vr if len(vr) == 2 else "LO"


def _value(vr: str, form: str):
    if vr == "SQ":
        return [] if form == "empty" else [{0x00100010: ("PN", TEXT)}] * (1 + (form == "several"))
    one = VALUES.get(vr, TEXT)
    if form == "empty":
        return b""
    if form == "one":
        return one
    return one * 2 if vr in BINARY else one + b"\\" + one


def _seeded(bare: RawDataset, tag: int, form: str) -> RawDataset:
    """The element on the top level, on three levels that are kept, and in one that is not."""
    vr = _vr(tag)
    seed: RawDataset = {tag: (vr, _value(vr, form))}
    code: RawDataset = {
        0x00080100: ("SH", b"113691"),
        0x00080102: ("SH", b"DCM"),
        0x00080104: ("LO", TEXT),
    }
    level_3 = {**seed, **code}
    level_2: RawDataset = {
        **seed,
        0x00189328: ("FD", struct.pack("<d", 500.0)),
        PHANTOM_TYPE: ("SQ", [level_3]),
    }
    level_1: RawDataset = {**seed, EXPOSURE: ("SQ", [level_2])}
    return {
        **bare,
        **({} if tag in bare and form != "one" else seed),
        REQUEST: ("SQ", [seed]),
        SHARED_GROUPS: ("SQ", [level_1]),
    }


def _stored(tmp_path, dataset: RawDataset) -> tuple[bytes, RawDataset]:
    source = write_raw(tmp_path / "source.dcm", dataset)
    output = tmp_path / "stored.dcm"
    prepare(source, output, keys=KEYS, centre_code="DEMO", overridden=LOOKED_AT)
    return output.read_bytes(), read_raw(output)


def _levels(stored: RawDataset) -> list[RawDataset]:
    """The levels on the way down; a missing one would prove nothing and fails here."""
    (level_1,) = stored[SHARED_GROUPS][1]
    (level_2,) = level_1[EXPOSURE][1]
    (level_3,) = level_2[PHANTOM_TYPE][1]
    assert level_3[0x00080100][1].strip() == b"113691"
    return [level_1, level_2, level_3]


def _complaint(tag: int, form: str, content: bytes, stored: RawDataset) -> str:
    """What is wrong with the stored file; nothing when the row is handled."""
    vr = _vr(tag)
    needle = VALUES.get(vr, TEXT)
    kept = tag in KEPT_DATES and form == "one"
    if any(tag in level for level in _levels(stored)):
        return "is left on a deeper level"
    if REQUEST in stored:
        return "kept a sequence that is not on the list"
    found = stored.get(tag)
    value = found[1].strip(b"\0 ") if found and isinstance(found[1], bytes) else None
    if tag in NAMED_BY_US:
        return "" if value is not None and needle not in content else "is not replaced"
    if tag in EMPTIED or (tag in KEPT_DATES and tag in (0x00080020, 0x00080030) and not kept):
        return "" if value == b"" or (tag == 0x00180010 and value is None) else "is not empty"
    if kept:
        return "" if value == needle else "is not kept (113106)"
    if tag in REPLACED_UIDS and form == "one":
        expected = pseudonymous_uid(UID.decode(), keys=KEYS, centre_code="DEMO").encode()
        return "" if value == expected and UID not in content else "is not replaced"
    if tag in REPLACED_UIDS:
        return "still holds the source UID" if UID in content else ""
    if found is not None:
        return "is still there"
    if form != "empty" and needle in content:
        return "left its value elsewhere"
    return "left a text" if b"Canary" in content or b"CANARY" in content else ""


def test_the_table_is_whole():
    """Rows of the edition printed in (0012,0063); the commit that changes them changes this."""
    assert EDITION == "2026c"
    assert len(ROWS) == 656
    assert len(PLAIN) == 652
    assert {
        "(50xx,xxxx)",
        "(60xx,3000)",
        "(60xx,4000)",
        "(gggg,eeee) where gggg is odd",
    } == PATTERNS


@pytest.mark.parametrize("form", ["one", "empty", "several"])
def test_every_row_is_handled_at_the_top_and_three_levels_deep(bare, tmp_path, form):
    """0 rows unhandled; a failure names the rows."""
    unhandled = []
    for tag, row in IN_THE_DATA_SET.items():
        if tag == FRAME_OF_REFERENCE and form == "several":
            # one element, one UID: such a file is refused
            with pytest.raises(InvalidUidError):
                _stored(tmp_path, _seeded(bare, tag, form))
            continue
        content, stored = _stored(tmp_path, _seeded(bare, tag, form))
        complaint = _complaint(tag, form, content, stored)
        if complaint:
            unhandled.append(f"{row.tag} {row.keyword} [{row.action}] {complaint}")
    assert unhandled == []


def test_the_test_of_rows_notices_a_row_that_is_skipped(bare, tmp_path, monkeypatch):
    """The same judgement, with one element smuggled into the stored file."""
    content, stored = _stored(tmp_path, _seeded(bare, 0x00081030, "one"))
    assert _complaint(0x00081030, "one", content, stored) == ""
    assert _complaint(0x00081030, "one", content + TEXT, stored) != ""
    assert _complaint(0x00081030, "one", content, {**stored, 0x00081030: ("LO", b"")}) != ""
    assert _complaint(0x00080050, "one", content, {**stored, 0x00080050: ("SH", b"1")}) != ""
    _levels(stored)[2][0x00081030] = ("LO", b"")
    assert _complaint(0x00081030, "one", content, stored) != ""


@pytest.mark.parametrize("sequence", NESTED_UIDS, ids=lambda tag: f"{tag:08X}")
def test_a_uid_is_the_same_pseudonym_wherever_it_stands(bare, tmp_path, sequence):
    item: RawDataset = dict.fromkeys(NESTED_UIDS[sequence], ("UI", UID))
    if sequence == 0x00081140:
        item[0x00081150] = ("UI", CTImageStorage.encode())
    top: RawDataset = {0x00200052: ("UI", UID), sequence: ("SQ", [item])}
    content, stored = _stored(tmp_path, {**bare, **top})
    expected = pseudonymous_uid(UID.decode(), keys=KEYS, centre_code="DEMO").encode()
    (nested,) = stored[sequence][1]
    for value in [stored[0x00200052][1], *(nested[tag][1] for tag in NESTED_UIDS[sequence])]:
        assert value.rstrip(b"\0") == expected
    assert UID not in content


def test_type_1_elements_of_an_enhanced_image_get_a_dummy(bare, tmp_path):
    """D in the table, type 1 in PS3.3 A.38: present, and not the source's."""
    enhanced: RawDataset = {
        **bare,
        0x00080016: ("UI", EnhancedCTImageStorage.encode()),
        0x00280008: ("IS", b"1 "),
        0x00181000: ("LO", TEXT),
        0x00081090: ("LO", TEXT),
        0x00181020: ("LO", TEXT),
    }
    content, stored = _stored(tmp_path, enhanced)
    assert b"Canary" not in content
    for tag in (0x00181000, 0x00081090, 0x00181020):
        assert stored[tag][1].strip()


@pytest.mark.parametrize("group", [0x5000, 0x6000])
def test_fifty_tags_of_each_pattern_go_on_every_level(bare, tmp_path, group):
    """(50xx,xxxx) all of it; (60xx,3000) and (60xx,4000), and the rest by the allow-list."""
    numbers = [0x0005, 0x0010, 0x0022, 0x0050, 0x1500, 0x2500, 0x3000, 0x4000]
    tags = [((group + step) << 16) | number for step in range(0, 0x20, 2) for number in numbers]
    assert len(tags) >= 50
    for tag in tags:
        vr = "OB" if tag & 0xFFFF == 0x3000 else "LO"
        seed: RawDataset = {tag: (vr, TEXT)}
        nested: RawDataset = {**seed, EXPOSURE: ("SQ", [dict(seed)])}
        content, _ = _stored(tmp_path, {**bare, **seed, SHARED_GROUPS: ("SQ", [nested])})
        assert b"Canary" not in content, f"{tag:08X}"


def test_private_elements_go_on_every_level(bare, tmp_path):
    """(gggg,eeee) where gggg is odd: 60 groups, known creators, sequences, UN."""
    generator = random.Random(7)
    creators = [b"SIEMENS CT VA0  COAD", b"GEMS_IDEN_01", b"Philips Imaging DD 001", TEXT]
    private: RawDataset = {}
    for group in generator.sample(range(0x0009, 0x7FDF, 2), 60):
        private[(group << 16) | 0x0010] = ("LO", generator.choice(creators))
        private[(group << 16) | 0x1001] = ("UN", TEXT)
        private[(group << 16) | 0x1002] = ("SQ", [{0x00100010: ("PN", TEXT)}])
        private[(group << 16) | 0x1003] = ("LO", TEXT)
    nested: RawDataset = {**private, EXPOSURE: ("SQ", [dict(private)])}
    content, stored = _stored(tmp_path, {**bare, **private, SHARED_GROUPS: ("SQ", [nested])})
    assert b"Canary" not in content
    assert not any((tag >> 16) & 1 for tag in stored)


def test_file_meta_rows_are_written_anew(bare, tmp_path):
    """Group 0002 is never copied; group 0000 is part of no file."""
    assert set(OUTSIDE_THE_DATA_SET) <= {*FILE_META, 0x00001000, 0x00001001}
    uid = ("UI", UID)
    for tag in FILE_META:
        dataset, meta = dict(bare), {tag: (_vr(tag), _value(_vr(tag), "one"))}
        if tag == 0x00020003:
            dataset[0x00080018] = uid
        source = write_raw(tmp_path / "source.dcm", dataset, meta=meta)
        output = tmp_path / "stored.dcm"
        prepare(source, output, keys=KEYS, centre_code="DEMO")
        content = output.read_bytes()
        assert UID not in content
        assert TEXT not in content


@pytest.mark.parametrize("seed", range(4))
def test_what_is_not_on_the_list_vanishes_on_every_level(bare, tmp_path, seed):
    """Standard, retired, unknown and private tags, 400 at a time."""
    generator = random.Random(seed)
    allowed = set(bare) | EMPTIED | NAMED_BY_US | WRITTEN_BY_US
    texts = [tag for tag in DicomDictionary if DicomDictionary[tag][0] in ("LO", "SH", "ST", "LT")]
    chosen = dict.fromkeys(generator.sample(sorted(set(texts) - allowed), 300), "LO")
    while len(chosen) < 400:
        tag = generator.randrange(0x00090000, 0x7FDFFFFF)
        if tag & 0xFFFF and tag not in keyword_dict.values():
            chosen[tag] = "UN" if generator.random() < 0.5 else "LO"
    extra: RawDataset = {tag: (vr, TEXT) for tag, vr in chosen.items()}
    nested: RawDataset = {**extra, EXPOSURE: ("SQ", [dict(extra)])}
    content, stored = _stored(tmp_path, {**bare, **extra, SHARED_GROUPS: ("SQ", [nested])})
    assert b"Canary" not in content
    assert [f"{tag:08X}" for tag in set(stored) & set(chosen)] == []
