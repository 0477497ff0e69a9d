"""The manifest against the two files themselves: what it says was done is what was done.

Source and stored file are read by pydicom and compared element by element, item by item; of the
de-identification nothing is asked but its manifest.
"""

import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from imaging.dicom.errors import DicomError
from imaging.dicom.preparation import prepare
from imaging.dicom.pseudonyms import derive_keys
from tests.factories.dicom_files import ct_instance, enhanced_ct_instance
from tests.factories.hiding_places import HIDING_PLACES
from tests.factories.raw_dicom import write_raw
from tests.factories.seeded_patients import Person, clean_ct, seeded_ct
from tests.faults.seeds import seeds

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
PIXEL_DATA = 0x7FE00010
DUMMY = b"WITHHELD"
BINARY = frozenset({"AT", "FD", "FL", "OB", "OW", "SL", "SS", "UL", "US"})
TRANSFER_SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian)
FEWEST_SEEDS = 25
PLACES = sorted(HIDING_PLACES.keys() - {"character set"})
"""All but one that pydicom, the reader here, does not survive."""

Item = dict[int, "bytes | list[Item]"]


def read(dataset: Dataset) -> Item:
    """Elements before the pixels: bytes as a reader compares them, sequences as lists."""
    found: Item = {}
    for tag in sorted(dataset._dict):
        raw = dataset._dict[tag]
        vr = raw.VR or (dictionary_VR(tag) if dictionary_has_tag(tag) else "UN")
        if tag >= PIXEL_DATA:
            continue
        if vr == "SQ":
            found[int(tag)] = [read(item) for item in dataset[tag].value]
        elif isinstance(raw.value, bytes):
            found[int(tag)] = raw.value if vr[:2] in BINARY else unpadded(raw.value)
        else:
            found[int(tag)] = converted(raw.value, little_endian=dataset.original_encoding[1])
    return found


def converted(value: object, *, little_endian: bool | None) -> bytes:
    """The bytes of what pydicom has looked at itself: pixel representation and character set."""
    if isinstance(value, int):
        return value.to_bytes(2, "big" if little_endian is False else "little")
    values = [] if value is None else [value] if isinstance(value, str) else list(value)
    return unpadded("\\".join(map(str, values)).encode())


def unpadded(value: bytes) -> bytes:
    """PS3.5 6.2: blanks around a component and NULs at the end say nothing."""
    return b"\\".join(part.strip(b" ") for part in value.rstrip(b" \0").split(b"\\"))


@dataclass
class Seen:
    """What was done to elements by path: of one each, what it may be called; `hidden` are paths
    below which source and stored items cannot be told to belong together."""

    done: dict[str, list[set[str]]] = field(default_factory=lambda: defaultdict(list))
    gone: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)

    def compare(self, source: Item, stored: Item, parent: str = "") -> None:
        for tag in sorted({*source, *stored}):
            path = f"{parent}({tag >> 16:04X},{tag & 0xFFFF:04X})"
            before, after = source.get(tag), stored.get(tag)
            self.done[path].append(names(before, after))
            if isinstance(before, list) and not after:
                self._gone_below(before, path)
            elif isinstance(before, list) and isinstance(after, list):
                if len(before) == len(after):
                    for pair in zip(before, after, strict=True):
                        self.compare(*pair, parent=f"{path}[].")
                else:
                    self.hidden.add(f"{path}[].")

    def _gone_below(self, items: list[Item], parent: str) -> None:
        for item in items:
            for tag, value in item.items():
                path = f"{parent}[].({tag >> 16:04X},{tag & 0xFFFF:04X})"
                self.gone.add(path)
                if isinstance(value, list):
                    self._gone_below(value, path)


def names(before: object, after: object) -> set[str]:
    """What may truly be said of one element."""
    if before is None:
        return {"added"}
    if after is None:
        return {"removed"}
    if isinstance(before, list) and isinstance(after, list):
        if not after:
            return {"emptied"} if before else {"emptied", "kept"}
        return {"kept"} if before == after else {"kept", "replaced"}
    if not after:
        return {"emptied"} if before else {"emptied", "kept", "replaced"}
    if before == after:
        return {"dummy", "kept"} if after == DUMMY else {"kept"}
    return {"dummy"} if after == DUMMY else {"replaced"}


def lies(source: Path, stored: Path, manifest: dict) -> Iterator[str]:
    """Whatever the manifest leaves out, makes up or calls by a wrong name."""
    seen = Seen()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the sources are odd on purpose
        before, after = (dcmread(path, force=True) for path in (source, stored))
        seen.compare(read(before), read(after))
    told = {path: {done for done, _ in outcomes} for path, outcomes in manifest["elements"].items()}
    written = {path for path, done in told.items() if done <= {"added", "replaced"}}
    for path, observed in seen.done.items():
        if path not in told:
            # an item of a sequence that was written as a whole
            if path.rpartition("[].")[0] not in written:
                yield f"{path} is left out: {observed}"
            continue
        for true in observed:
            if not true & told[path]:
                yield f"{path} is {sorted(told[path])}, in truth {sorted(true)}"
        for done in told[path] - set().union(*observed):
            if path not in seen.gone or done != "removed":
                yield f"{path} is nowhere {done}"
    for path in told.keys() - seen.done.keys():
        if path in seen.gone and told[path] == {"removed"}:
            continue
        if not any(path.startswith(prefix) for prefix in seen.hidden):
            yield f"{path} is made up: {sorted(told[path])}"
    yield from lies_about_the_file(source, before, manifest["file"])


def lies_about_the_file(source: Path, before: Dataset, told: list[str]) -> Iterator[str]:
    true = {"file meta information rewritten"}
    if source.read_bytes()[:128].strip(b"\0"):
        true.add("preamble cleared")
    if before.file_meta.TransferSyntaxUID == ImplicitVRLittleEndian:
        true.add("implicit VR written as explicit VR")
    if max(before.keys(), default=0) > PIXEL_DATA:
        true.add("elements after the pixel data removed")
    if true != set(told):
        yield f"of the file: {told}, in truth {sorted(true)}"


def lies_of(source: Path) -> list[str]:
    stored = source.with_suffix(".stored")
    prepared = prepare(source, stored, keys=KEYS, centre_code="DEMO")
    return list(lies(source, stored, dict(prepared.manifest)))


def test_of_every_seed_file_the_manifest_tells_the_truth(tmp_path):
    """Seeds of the mutation run: every transfer syntax, enhanced, nested, odd files of pydicom."""
    told, found = 0, {}
    made = tmp_path / "made"
    made.mkdir()
    for number, (name, content) in enumerate(seeds(made).items()):
        source = tmp_path / f"{number}.dcm"
        source.write_bytes(content)
        try:
            lying = lies_of(source)
        except DicomError:
            continue
        told += 1
        if lying:
            found[name] = lying
    assert found == {}
    assert told >= FEWEST_SEEDS


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    person=st.integers(0, 400),
    about=st.integers(0, 400),
    index=st.integers(0, 40),
    places=st.sets(st.sampled_from(PLACES), max_size=25),
    transfer_syntax=st.sampled_from(TRANSFER_SYNTAXES),
)
def test_of_any_patient_in_any_hiding_places_the_manifest_tells_the_truth(
    tmp_path, person, about, index, places, transfer_syntax
):
    file = seeded_ct(
        Person.make(person), person, index, about=Person.make(about), places=sorted(places)
    )
    source = write_raw(
        tmp_path / "source.dcm",
        file.dataset,
        meta=file.meta,
        preamble=file.preamble,
        trailing=file.trailing if transfer_syntax == ExplicitVRLittleEndian else b"",
        transfer_syntax=transfer_syntax,
    )
    assert lies_of(source) == []


@pytest.mark.parametrize("number", range(8))
def test_of_an_ordinary_image_the_manifest_tells_the_truth(tmp_path, number):
    file = clean_ct(Person.make(number), number, number)
    assert lies_of(write_raw(tmp_path / "source.dcm", file.dataset)) == []


def test_what_stands_in_the_place_of_our_own_elements_is_told(tmp_path):
    """A file that was de-identified elsewhere before, and one without a patient."""
    before = ct_instance(
        tmp_path / "before.dcm",
        PatientIdentityRemoved="NO",
        DeidentificationMethod="by somebody else",
        LongitudinalTemporalInformationModified="REMOVED",
    )
    nameless = ct_instance(tmp_path / "nameless.dcm", PatientName=None, PatientID=None)
    assert lies_of(before) == []
    assert lies_of(nameless) == []


def test_what_stays_in_part_is_not_told_as_kept(tmp_path):
    source = ct_instance(tmp_path / "a.dcm", ImageType=["ORIGINAL", "PRIMARY", "AXIAL", "ZEBEDEE"])
    assert lies_of(source) == []


def test_of_an_enhanced_image_with_a_context_the_manifest_tells_the_truth(tmp_path):
    context = Dataset()
    context.ValueType = "TEXT"
    context.TextValue = "Canarycontext"
    source = enhanced_ct_instance(
        tmp_path / "e.dcm", frames=3, AcquisitionContextSequence=[context]
    )
    assert lies_of(source) == []
