"""What is remembered of a series changes nothing but the time it takes."""

import random
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

from imaging.dicom.deidentification import _ALWAYS_PRESENT
from imaging.dicom.errors import DicomError
from imaging.dicom.header_shape import MOST_SHAPES, SAME_IN_A_SERIES, HeaderShapes
from imaging.dicom.loading import load_header
from imaging.dicom.preparation import prepare
from imaging.dicom.pseudonyms import derive_keys
from tests.factories.dicom_files import ct_instance, enhanced_ct_instance

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
SYNTAXES = [
    ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, JPEG2000Lossless
]  # fmt: skip
INSTANCE_NUMBER = 0x00200013


def outcome(path: Path, output: Path, shapes: HeaderShapes | None) -> tuple[object, bytes]:
    """Everything that comes of a file, and the bytes that are stored."""
    try:
        prepared = prepare(path, output, keys=KEYS, centre_code="A", shapes=shapes)
    except DicomError as error:
        claimed = error.claimed.to_json() if error.claimed else None
        return (error.reason_code, str(error), claimed), b""
    return prepared.to_json(), output.read_bytes()


def a_series(folder: Path, syntax: str, **overrides: object) -> list[Path]:
    folder.mkdir(exist_ok=True)
    return [
        ct_instance(
            folder / f"{index}.dcm",
            index=index,
            transfer_syntax=syntax,
            **{"ExposureTime": str(10**index), "WindowCenter": str(40 + index)} | overrides,
        )
        for index in range(6)
    ]


def changed(content: bytes, place: int, value: int) -> bytes:
    return content[:place] + bytes([value]) + content[place + 1 :]


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.keyword)
def test_the_same_comes_of_each_slice_whatever_came_before(syntax, tmp_path):
    paths = a_series(tmp_path / "a", syntax)
    paths += a_series(tmp_path / "b", syntax, PatientID="OTHER", PatientName="Other^Name")
    paths += a_series(tmp_path / "c", syntax, SeriesNumber="77", KVP="80")
    paths += [enhanced_ct_instance(tmp_path / "e.dcm"), tmp_path / "noise"]
    (tmp_path / "noise").write_bytes(b"x" * 500)
    expected = {path: outcome(path, tmp_path / "out", None) for path in paths}
    for seed in range(4):
        shapes = HeaderShapes()
        order = paths * 2
        random.Random(seed).shuffle(order)
        for path in order:
            assert outcome(path, tmp_path / "out", shapes) == expected[path], path


def test_after_a_few_slices_only_what_varies_is_read(tmp_path):
    """Otherwise all the others here would be true of a memory that remembers nothing."""
    shapes = HeaderShapes()
    read = [
        load_header(path, shapes=shapes).shape
        for path in a_series(tmp_path / "a", ExplicitVRLittleEndian)
    ]
    assert read[0] is None
    assert read[-1] is not None
    assert INSTANCE_NUMBER in read[-1].varying
    assert read[-1].varying.isdisjoint(SAME_IN_A_SERIES)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_changed_byte_anywhere_is_seen_for_what_it_is(data, tmp_path_factory):
    """A neighbour that differs in one byte of its header, or ends early, before and after."""
    folder = tmp_path_factory.mktemp("mutated")
    syntax = data.draw(st.sampled_from(SYNTAXES))
    paths = a_series(folder / "a", syntax)
    content = data.draw(st.sampled_from(paths)).read_bytes()
    end = load_header(paths[0]).pixel_offset
    mutant = folder / "mutant.dcm"
    if data.draw(st.booleans()):
        place = data.draw(st.integers(128, end - 1))
        mutant.write_bytes(changed(content, place, data.draw(st.integers(0, 255))))
    else:
        mutant.write_bytes(content[: data.draw(st.integers(1, end))])
    expected = {path: outcome(path, folder / "out", None) for path in (paths[2], mutant, paths[4])}
    shapes = HeaderShapes()
    for path in (*paths[:3], mutant, mutant, paths[2], paths[4], mutant):
        found = outcome(path, folder / "out", shapes)
        assert path not in expected or found == expected[path]


def test_no_more_series_are_remembered_than_arrive_at_once(tmp_path):
    shapes = HeaderShapes()
    for number in range(MOST_SHAPES + 3):
        folder = tmp_path / str(number)
        folder.mkdir()
        for index in range(2):
            path = folder / f"{index}.dcm"
            load_header(ct_instance(path, index=index, SeriesNumber=str(number)), shapes=shapes)
    assert len(shapes) == MOST_SHAPES


def test_what_we_write_ourselves_is_the_same_in_a_series_but_for_the_number():
    assert set(_ALWAYS_PRESENT) - set(SAME_IN_A_SERIES) == {INSTANCE_NUMBER}
