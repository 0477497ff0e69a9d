"""The manifest says what was done to each element, and never with which value."""

import json

from imaging.dicom.deidentification import derive_keys
from imaging.dicom.manifest import Manifest, content_sha256, path
from imaging.dicom.preparation import prepare
from tests.factories.dicom_files import (
    IDENTIFYING_VALUES,
    ct_instance,
    element,
    enhanced_ct_instance,
    insert_element,
)

KEYS = derive_keys(b"a secret only for tests, 32 bytes")


def manifest_of(source, tmp_path) -> dict:
    prepared = prepare(source, tmp_path / "out.dcm", keys=KEYS, centre_code="DEMO")
    assert prepared.manifest_sha256 == content_sha256(prepared.manifest)
    return dict(prepared.manifest)


def test_every_element_of_the_source_has_its_outcome_and_rule(tmp_path):
    source = ct_instance(tmp_path / "a.dcm", PatientComments="x", BodyPartExamined="LEFTOVER")
    source = insert_element(source, element(0x60003000, "OW", b"\0\0"))
    elements = manifest_of(source, tmp_path)["elements"]
    assert elements["(0010,0010)"] == [["replaced", "pseudonym"]]
    assert elements["(0010,4000)"] == [["removed", "table X"]]
    assert elements["(0008,0018)"] == [["replaced", "table U"]]
    assert elements["(0008,0016)"] == [["kept", "allow-list: instance"]]
    assert elements["(0008,0050)"] == [["emptied", "table Z"]]
    assert elements["(0018,0015)"] == [["removed", "value"]]
    assert elements["(0028,0010)"] == [["kept", "allow-list: pixels"]]
    assert elements["(0019,1010)"] == [["removed", "private"]]
    assert elements["(6000,3000)"] == [["removed", "overlay"]]
    assert elements["(0012,0062)"] == [["added", "statement of the method"]]
    assert elements["(0008,1140)[].(0008,1155)"] == [["replaced", "table U"]]


def test_items_that_were_treated_differently_show_both(tmp_path):
    source = enhanced_ct_instance(tmp_path / "e.dcm", frames=3)
    elements = manifest_of(source, tmp_path)["elements"]
    frame = path(path("", 0x52009230), 0x00209111)
    assert elements[frame] == [["kept", "allow-list: frames"]]
    assert elements[path(frame, 0x00209158)] == [["removed", "table X"]]


def test_no_value_of_the_source_is_in_it(tmp_path):
    text = json.dumps(manifest_of(ct_instance(tmp_path / "a.dcm"), tmp_path))
    for keyword, value in IDENTIFYING_VALUES.items():
        if len(value) > 4:
            assert value not in text, keyword


def test_the_file_around_the_data_set_is_told_of(tmp_path):
    source = ct_instance(
        tmp_path / "a.dcm", preamble=b"x" * 128, trailing=element(0xFFFCFFFC, "OB", b"\0\0")
    )
    assert manifest_of(source, tmp_path)["file"] == [
        "elements after the pixel data removed",
        "file meta information rewritten",
        "preamble cleared",
    ]


def test_slices_of_a_series_share_a_manifest(tmp_path):
    manifests = [
        manifest_of(ct_instance(tmp_path / f"{index}.dcm", index=index), tmp_path)
        for index in range(3)
    ]
    assert manifests[0] == manifests[1] == manifests[2]
    assert Manifest.from_json(manifests[0]).to_json() == manifests[0]
