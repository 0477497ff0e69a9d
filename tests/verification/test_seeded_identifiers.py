"""200 synthetic patients, identifiers written into every place a CT file has for them.

Nothing of them may be left in what is stored or recorded; nearly all of what decides a
measurement must be. The figures are printed with `-s`.
"""

import json
import re
from dataclasses import replace
from functools import cache

import pytest
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from imaging.dicom.errors import DicomError
from imaging.dicom.preparation import PreparedInstance, prepare
from imaging.dicom.pseudonyms import derive_keys
from tests.factories.hiding_places import HIDING_PLACES
from tests.factories.raw_dicom import read_raw, write_raw
from tests.factories.seeded_patients import (
    NOT_FACTS,
    Person,
    SeededFile,
    clean_ct,
    forms_of,
    seeded_ct,
    technical_facts,
)

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
PATIENTS = 200
STRANGER = 5000
"""Seed of a person whom no element of the file names as a patient."""

PIXEL_DATA = 0x7FE00010
PSEUDONYMS = re.compile(rb"2\.25\.[0-9]+|[0-9a-f]{24,}")
"""Digits written by us: a date or number in them is there by chance."""


@cache
def _person(seed: int) -> Person:
    return Person.make(seed)


@cache
def _needles(seed: int) -> frozenset[bytes]:
    return _person(seed).needles


def _stored(tmp_path, file: SeededFile, **how) -> tuple[PreparedInstance, bytes]:
    source = write_raw(
        tmp_path / "source.dcm",
        file.dataset,
        meta=file.meta,
        preamble=file.preamble,
        trailing=file.trailing,
        **how,
    )
    output = tmp_path / "stored.dcm"
    prepared = prepare(source, output, keys=KEYS, centre_code="DEMO")
    return prepared, output.read_bytes()


def _recorded(prepared: PreparedInstance) -> bytes:
    """What the parent process records; the claimed UIDs only answer the sender."""
    plain = prepared.to_json()
    del plain["claimed"]
    text = json.dumps(plain, ensure_ascii=False)
    return text.encode()


def _left(content: bytes, needles: frozenset[bytes]) -> list[bytes]:
    content = PSEUDONYMS.sub(b"#", content)
    return sorted(needle for needle in needles if needle in content)


def test_there_are_more_hiding_places_than_sixty():
    assert len(HIDING_PLACES) >= 60


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_a_stranger_hidden_in_one_place_is_not_left(tmp_path, place):
    """Nothing else in the file says that the text is an identifier."""
    needles = _needles(STRANGER)
    for index in range(0, 16, 3):
        file = seeded_ct(_person(1), 1, index, about=_person(STRANGER), places=[place])
        prepared, content = _stored(tmp_path, file)
        assert _left(content + _recorded(prepared), needles) == []


def test_nothing_of_200_patients_is_left_in_any_place(tmp_path):
    """Three images each: of the patient everywhere, of a stranger everywhere, and mixed."""
    everywhere = list(HIDING_PLACES)
    found = []
    for patient in range(PATIENTS):
        own, other = _person(patient), _person(STRANGER + patient)
        needles = _needles(patient) | _needles(STRANGER + patient)
        for index, (about, places) in enumerate(
            [
                (own, everywhere),
                (other, everywhere),
                (own, everywhere[patient % 5 :: 3]),
            ]
        ):
            file = seeded_ct(own, patient, index + patient % 8, about=about, places=places)
            prepared, content = _stored(tmp_path, file)
            found += [
                (patient, index, needle) for needle in _left(content + _recorded(prepared), needles)
            ]
    assert found == []


def test_the_search_finds_an_identifier_in_every_form(tmp_path):
    """A search that finds nothing in the source would find nothing in the result."""
    for seed in range(20):
        person = _person(seed)
        unseen = set(person.tokens)
        for index in range(8):
            file = seeded_ct(person, seed, index, about=person, places=list(HIDING_PLACES))
            source = write_raw(
                tmp_path / "source.dcm", file.dataset, meta=file.meta, preamble=file.preamble
            )
            content = source.read_bytes()
            unseen = {token for token in unseen if not _left(content, frozenset(forms_of(token)))}
        assert unseen == set()


def _touches_a_fact(place: str) -> bool:
    before = technical_facts(1, 1)
    after, meta = dict(before), {}
    HIDING_PLACES[place](after, meta, lambda: b"x")
    return any(after[tag] != before[tag] for tag in before)


@pytest.mark.parametrize("hidden", [False, True], ids=["alone", "beside identifiers"])
def test_what_must_stay_stays(tmp_path, hidden):
    """At least 99.5 % of the technical values, also with identifiers in every other place."""
    places = [place for place in HIDING_PLACES if hidden and not _touches_a_fact(place)]
    assert len(places) > 60 or not hidden
    kept, lost = 0, []
    for patient in range(PATIENTS):
        person = _person(patient)
        for index in range(3):
            file = seeded_ct(person, patient, index, about=person, places=places)
            _stored(tmp_path, file)
            stored = read_raw(tmp_path / "stored.dcm")
            for tag, (_, value) in technical_facts(patient, index).items():
                if tag in NOT_FACTS:
                    continue
                found = stored.get(tag, ("", b""))[1]
                if found.strip(b"\0 ") == value.strip(b"\0 "):
                    kept += 1
                else:
                    lost.append(f"{tag:08X} {value[:40]!r}")
    share = kept / (kept + len(lost))
    print(f"\nkept {kept} of {kept + len(lost)} values ({share:.4%}); lost: {sorted(set(lost))}")
    assert share >= 0.995


def test_pixels_stay_byte_for_byte_whatever_stands_beside_them(tmp_path):
    for patient in range(0, PATIENTS, 10):
        person = _person(patient)
        file = seeded_ct(person, patient, 0, about=person, places=list(HIDING_PLACES))
        pixels = file.dataset[PIXEL_DATA][1]
        prepared, content = _stored(tmp_path, file)
        assert content[prepared.pixel_offset :][: prepared.pixel_length] == pixels


@pytest.mark.parametrize("patient", range(0, PATIENTS, 20))
def test_uids_and_pseudonym_are_the_same_in_every_encoding_and_each_time(tmp_path, patient):
    """Sent again the same study, series, instance and person; little endian the same bytes."""
    person = _person(patient)
    file = seeded_ct(person, patient, 1, about=person, places=["PatientComments", "private text"])
    file = replace(file, trailing=b"")
    first, content = _stored(tmp_path, file)
    for syntax in (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian):
        again, content_again = _stored(tmp_path, file, transfer_syntax=syntax)
        for name in ("study", "series", "sop"):
            key = f"{name}_instance_uid"
            assert getattr(again, key) == getattr(first, key)
        assert again.subject_key == first.subject_key
        if syntax != ExplicitVRBigEndian:
            assert content_again == content
    neighbour, _ = _stored(tmp_path, clean_ct(person, patient, 2))
    assert neighbour.study_instance_uid == first.study_instance_uid
    assert neighbour.sop_instance_uid != first.sop_instance_uid
    assert neighbour.subject_key == first.subject_key


def test_two_patients_never_share_a_pseudonym(tmp_path):
    subjects, studies = set(), set()
    for patient in range(PATIENTS):
        prepared, _ = _stored(tmp_path, clean_ct(_person(patient), patient, 0))
        subjects.add(prepared.subject_key)
        studies.add(prepared.study_instance_uid)
    assert len(subjects) == len({_person(patient).number for patient in range(PATIENTS)})
    assert len(studies) == PATIENTS


@pytest.mark.parametrize(
    ("tag", "vr", "value"),
    [(0x60000102, "US", b"\x0c\0"), (0x60100102, "US", b"\x0f\0")],
)
def test_an_overlay_in_the_high_bits_is_not_stored(tmp_path, tag, vr, value):
    file = clean_ct(_person(1), 1, 0)
    file.dataset[tag] = (vr, value)
    with pytest.raises(DicomError) as caught:
        _stored(tmp_path, file)
    assert caught.value.reason_code == "overlay_in_pixels"
    assert not (tmp_path / "stored.dcm").exists()


def test_an_overlay_whose_groups_were_taken_out_is_not_stored(tmp_path):
    """The bits alone are left of it."""
    file = clean_ct(_person(0), 0, 0)
    pixels = bytearray(file.dataset[PIXEL_DATA][1])
    for at in range(1, len(pixels), 14):
        pixels[at] |= 0x10
    file.dataset[PIXEL_DATA] = ("OW", bytes(pixels))
    with pytest.raises(DicomError) as caught:
        _stored(tmp_path, file)
    assert caught.value.reason_code == "overlay_in_pixels"


@pytest.mark.parametrize("tail", [b"Seeded^Canary", b"\0" * 7, b"PK\x03\x04 Seeded^Canary"])
def test_bytes_behind_the_data_set_are_not_stored(tmp_path, tail):
    file = replace(clean_ct(_person(1), 1, 0), trailing=tail)
    with pytest.raises(DicomError):
        _stored(tmp_path, file)
    assert not (tmp_path / "stored.dcm").exists()
