"""What is stored is as good DICOM as what came: no error that the source does not have.

Judged by dciodvfy of David Clunie's dicom3tools against the IODs of PS3.3.
"""

import subprocess
from collections import Counter

import pytest
from pydicom.uid import ImplicitVRLittleEndian, JPEG2000Lossless

from imaging.dicom.preparation import prepare
from imaging.dicom.pseudonyms import derive_keys
from tests.factories.dicom_files import ct_instance, enhanced_ct_instance
from tests.factories.hiding_places import HIDING_PLACES
from tests.factories.raw_dicom import write_raw
from tests.factories.seeded_patients import SCANNERS, Person, clean_ct, seeded_ct

KEYS = derive_keys(b"a secret only for tests, 32 bytes")


def _errors(path) -> Counter[str]:
    found = subprocess.run(["dciodvfy", path], capture_output=True, check=False)
    lines = found.stderr.decode("latin-1").splitlines()
    assert any("CTImage" in line or "EnhancedCT" in line for line in lines)
    return Counter(line for line in lines if line.startswith("Error"))


def _new_errors(tmp_path, source) -> Counter[str]:
    prepare(source, tmp_path / "stored.dcm", keys=KEYS, centre_code="DEMO")
    return _errors(tmp_path / "stored.dcm") - _errors(source)


@pytest.mark.parametrize("maker", range(len(SCANNERS)))
def test_images_of_each_maker_get_no_new_error(tmp_path, maker):
    file = clean_ct(Person.make(maker), maker, 3)
    assert _new_errors(tmp_path, write_raw(tmp_path / "source.dcm", file.dataset)) == Counter()


def test_images_full_of_identifiers_get_no_new_error(tmp_path):
    """Type 1 and 2 elements are there, whatever had to be taken out of them."""
    person = Person.make(7)
    file = seeded_ct(person, 7, 0, about=person, places=list(HIDING_PLACES))
    source = write_raw(tmp_path / "source.dcm", file.dataset, meta=file.meta)
    assert _new_errors(tmp_path, source) == Counter()


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, JPEG2000Lossless])
def test_other_transfer_syntaxes_get_no_new_error(tmp_path, syntax):
    source = ct_instance(tmp_path / "source.dcm", transfer_syntax=syntax)
    assert _new_errors(tmp_path, source) == Counter()


def test_an_enhanced_image_gets_no_new_error(tmp_path):
    assert _new_errors(tmp_path, enhanced_ct_instance(tmp_path / "source.dcm")) == Counter()
