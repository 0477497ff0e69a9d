"""What becomes of one element, whatever byte order it came in and whatever was decided before."""

import struct

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

from imaging.dicom import element_decisions
from imaging.dicom.element_decisions import Circumstances, ElementDecisions
from imaging.dicom.identifiers import Identifiers
from imaging.dicom.kept_attributes import KEPT_BY_KEYWORD
from imaging.dicom.manifest import KEPT
from imaging.dicom.pseudonyms import derive_keys

KEYS = derive_keys(b"a secret only for tests, 32 bytes")


def decisions(*, little_endian: bool = True) -> ElementDecisions:
    return ElementDecisions(
        Circumstances(
            signed=False,
            plain_ct=True,
            little_endian=little_endian,
            keys=KEYS,
            centre_code="A",
        )
    )


def raw(keyword: str, vr: str, value: bytes, *, little_endian: bool) -> RawDataElement:
    tag = BaseTag(KEPT_BY_KEYWORD[keyword].tag)
    return RawDataElement(tag, vr, len(value), value, 0, False, little_endian)


@pytest.mark.parametrize(
    ("keyword", "vr", "code", "number"),
    [("Rows", "US", "H", 512), ("SingleCollimationWidth", "FD", "d", 0.625)],
)
@pytest.mark.parametrize("declared_unknown", [True, False])
@pytest.mark.parametrize("element_little", [True, False])
@pytest.mark.parametrize("file_little", [True, False])
def test_a_number_is_written_in_the_byte_order_of_the_file(
    keyword, vr, code, number, declared_unknown, element_little, file_little
):
    """PS3.5 section 6.2.2: what is declared as unknown is little endian, and so is all that lies
    in a sequence declared as unknown."""
    is_little = element_little or declared_unknown
    value = struct.pack(("<" if is_little else ">") + code, number)
    element = raw(keyword, "UN" if declared_unknown else vr, value, little_endian=element_little)
    decision = decisions(little_endian=file_little).decide(
        KEPT_BY_KEYWORD[keyword], element, Identifiers()
    )
    assert decision.element is not None
    assert decision.outcome[0] == KEPT
    assert vr == decision.element.VR
    assert decision.element.value == struct.pack(("<" if file_little else ">") + code, number)


def test_the_same_bytes_in_the_other_order_are_another_number():
    """One remembered decision must not answer for both."""
    both = decisions(little_endian=False)
    value = struct.pack("<H", 512)
    kept = KEPT_BY_KEYWORD["Rows"]
    for vr, expected in (("UN", value[::-1]), ("US", value), ("UN", value[::-1])):
        decision = both.decide(kept, raw("Rows", vr, value, little_endian=False), Identifiers())
        assert decision.element is not None
        assert decision.element.value == expected


def test_what_is_remembered_is_bounded_by_its_bytes(monkeypatch):
    monkeypatch.setattr(element_decisions, "MOST_REMEMBERED_BYTES", 10_000)
    some = decisions()
    kept = KEPT_BY_KEYWORD["SliceLocation"]
    for number in range(200):
        value = str(number).encode().ljust(200)
        decision = some.decide(kept, raw("SliceLocation", "DS", value, little_endian=True),
                               Identifiers())  # fmt: skip
        assert decision.element is not None
        assert decision.element.value.strip() == str(number).encode()
        assert len(some._made) <= 10
