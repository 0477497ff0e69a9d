"""A file that is prepared while it arrives ends as any other, or is left to be prepared as one."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
)

from imaging.dicom.claimed_uids import ClaimedUids
from imaging.dicom.deidentification import derive_keys
from imaging.dicom.early_preparation import EarlyPreparation
from imaging.dicom.errors import OverlayInPixelsError
from imaging.dicom.header_shape import HeaderShapes
from imaging.dicom.preparation import prepare
from imaging.dicom.test_images import DEFAULT_RULES
from tests.factories.dicom_files import ct_instance

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
SEEN_BEFORE = 3
NATIVE = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]


class Arrival:
    """A file that grows, of a series of which some slices came before."""

    def __init__(self, folder: Path, **facts) -> None:
        self.shapes = HeaderShapes()
        self._folder, self._facts = folder, facts
        for index in range(SEEN_BEFORE):
            self.prepared_whole(self.slice(index))
        self.growing = folder / "growing"
        self.output = folder / "output"

    def slice(self, index: int, **other) -> Path:
        path = self._folder / "slice.dcm"
        path.unlink(missing_ok=True)
        return ct_instance(path, index=index, **{**self._facts, **other})

    def prepared_whole(self, path: Path):
        return prepare(
            path,
            self._folder / "whole",
            keys=KEYS,
            centre_code="DEMO",
            rules=DEFAULT_RULES,
            shapes=self.shapes,
        )

    @property
    def whole(self) -> bytes:
        return (self._folder / "whole").read_bytes()

    def begin(self, beginning: bytes, *, expected=None) -> EarlyPreparation:
        self.growing.write_bytes(beginning)
        return EarlyPreparation(
            self.growing,
            self.output,
            keys=KEYS,
            centre_code="DEMO",
            expected=expected,
            asked=None,
            rules=DEFAULT_RULES,
            shapes=self.shapes,
        )

    def append(self, part: bytes) -> None:
        with self.growing.open("ab") as file:
            file.write(part)


@pytest.mark.parametrize("syntax", NATIVE, ids=lambda uid: uid.keyword)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 2000), min_size=1, max_size=5), looks_meanwhile=st.booleans())
def test_wherever_it_is_cut_the_same_file_comes_of_it(tmp_path, syntax, cuts, looks_meanwhile):
    arrival = Arrival(tmp_path, transfer_syntax=syntax)
    content = arrival.slice(7).read_bytes()
    at = [len(content) - 2000 + cut for cut in sorted(cuts)]
    early = arrival.begin(content[: at[0]])
    for begin, end in zip(at, [*at[1:], len(content)], strict=True):
        if looks_meanwhile:
            early.more()
        arrival.append(content[begin:end])
    prepared = early.finish()
    assert prepared == arrival.prepared_whole(arrival.slice(7))
    assert arrival.output.read_bytes() == arrival.whole


def test_an_odd_number_of_pixel_bytes_is_padded_as_ever(tmp_path):
    facts = {"rows": 3, "columns": 3, "BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}
    facts |= {"PixelRepresentation": 0, "PixelData": bytes(range(9))}
    arrival = Arrival(tmp_path, **facts)
    content = arrival.slice(7).read_bytes()
    early = arrival.begin(content[:-4])
    arrival.append(content[-4:])
    assert early.finish() == arrival.prepared_whole(arrival.slice(7))
    assert arrival.output.read_bytes() == arrival.whole


def refused(arrival: Arrival, early: EarlyPreparation) -> bool:
    return early.finish() is None and not arrival.output.exists()


def test_a_series_that_nobody_has_seen_waits_until_it_is_complete(tmp_path):
    arrival = Arrival(tmp_path)
    content = arrival.slice(7, SeriesInstanceUID="1.2.3.4").read_bytes()
    early = arrival.begin(content[:-100])
    assert not early.is_under_way
    arrival.append(content[-100:])
    assert refused(arrival, early)


def test_a_header_that_has_not_come_to_its_end_waits(tmp_path):
    arrival = Arrival(tmp_path)
    content = arrival.slice(7).read_bytes()
    early = arrival.begin(content[:400])
    assert not early.is_under_way
    assert refused(arrival, early)


@pytest.mark.parametrize("more", [b"\0\0", b"\xfc\xff\xfc\xffOB\0\0\2\0\0\0\0\0"])
def test_what_follows_the_pixels_is_for_others_to_judge(tmp_path, more):
    arrival = Arrival(tmp_path)
    content = arrival.slice(7).read_bytes()
    early = arrival.begin(content[:-100])
    assert early.is_under_way
    arrival.append(content[-100:] + more)
    assert refused(arrival, early)
    assert refused(arrival, arrival.begin(content + more))


def test_a_file_that_ends_too_early_is_not_prepared(tmp_path):
    arrival = Arrival(tmp_path)
    content = arrival.slice(7).read_bytes()
    early = arrival.begin(content[:-100])
    early.more()
    assert refused(arrival, early)


def test_bits_that_hide_something_are_seen_in_the_end(tmp_path):
    facts = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 0}
    arrival = Arrival(tmp_path, PixelData=bytes(2048), **facts)
    hiding = arrival.slice(7, PixelData=b"\1\x10\2\x20" * 512)
    content = hiding.read_bytes()
    early = arrival.begin(content[:-500])
    assert early.is_under_way
    arrival.append(content[-500:])
    assert refused(arrival, early)
    with pytest.raises(OverlayInPixelsError):
        arrival.prepared_whole(hiding)


def test_another_object_than_was_announced_is_not_begun(tmp_path):
    arrival = Arrival(tmp_path)
    content = arrival.slice(7).read_bytes()
    early = arrival.begin(content[:-100], expected=ClaimedUids(sop_instance_uid="1.2.3"))
    assert not early.is_under_way


def test_compressed_pixels_wait_until_they_are_complete(tmp_path):
    arrival = Arrival(tmp_path, transfer_syntax=JPEG2000Lossless)
    content = arrival.slice(7).read_bytes()
    assert not arrival.begin(content[:-10]).is_under_way


def test_what_is_let_go_leaves_nothing(tmp_path):
    arrival = Arrival(tmp_path)
    early = arrival.begin(arrival.slice(7).read_bytes()[:-100])
    assert arrival.output.exists()
    early.close()
    assert refused(arrival, early)
    early.more()
    assert not arrival.output.exists()


def test_a_full_disk_leaves_it_to_the_whole_file_to_say_so(tmp_path):
    arrival = Arrival(tmp_path)
    content = arrival.slice(7).read_bytes()
    arrival.output.symlink_to("/dev/full")
    early = arrival.begin(content[:-100])
    arrival.append(content[-100:])
    assert refused(arrival, early)
    assert not arrival.output.is_symlink()
