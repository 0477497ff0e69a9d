"""The table as data."""

from collections import Counter

import pytest
from pydicom.datadict import tag_for_keyword

from imaging.dicom.confidentiality_profile import ACTIONS, EDITION, ROWS, action


def test_the_edition_and_its_number_of_rows_per_action_are_pinned():
    """dicomfields_2026c.py of dicom-anonymizer 2.1.0, and one row for private attributes."""
    assert EDITION == "2026c"
    assert Counter(row.action for row in ROWS) == {
        "X": 416,
        "D": 93,
        "U": 55,
        "Z": 42,
        "X/D": 23,
        "X/Z": 11,
        "X/Z/D": 8,
        "Z/D": 6,
        "X/Z/U*": 2,
    }


def test_rows_are_unique_and_use_known_actions():
    assert len({row.tag for row in ROWS}) == len(ROWS)
    assert {row.action for row in ROWS} == ACTIONS
    assert all(row.keyword and row.name for row in ROWS)


@pytest.mark.parametrize(
    ("keyword", "expected"),
    [
        ("PatientName", "Z"),
        ("PatientID", "Z/D"),
        ("PatientBirthDate", "Z"),
        ("PatientSex", "Z"),
        ("PatientAge", "X"),
        ("StudyInstanceUID", "U"),
        ("StudyDescription", "X"),
        ("DeviceSerialNumber", "X/Z/D"),
        ("ReferencedImageSequence", "X/Z/U*"),
        ("Rows", None),
        ("KVP", None),
    ],
)
def test_known_rows_have_the_action_of_the_standard(keyword, expected):
    assert action(tag_for_keyword(keyword)) == expected


def test_pattern_rows_cover_every_group_they_stand_for():
    for step in range(0, 0x20, 2):
        assert action(((0x5000 + step) << 16) | 0x3000) == "X"
        assert action(((0x6000 + step) << 16) | 0x3000) == "X"
        assert action(((0x6000 + step) << 16) | 0x4000) == "X"
    for group in (0x0009, 0x0011, 0x0019, 0x7FE1, 0x5001):
        assert action((group << 16) | 0x1001) == "X"
