"""The Store Instances Response (PS3.18 I.2), read back by pydicom."""

import json
from http import HTTPStatus
from xml.etree import ElementTree

import pytest
from pydicom.dataset import Dataset

from imaging.dicom.claimed_uids import ClaimedUids
from imaging.dicomweb.store_response import Outcome, as_json, as_xml, data_set, status

CLAIMED = ClaimedUids(
    sop_class_uid="1.2.840.10008.5.1.4.1.1.2", sop_instance_uid="1.2.3", study_instance_uid="1.2"
)
INDEXED = Outcome(result="indexed", reason_code="", claimed=CLAIMED)
DUPLICATE = Outcome(result="duplicate", reason_code="", claimed=CLAIMED)
CONFLICT = Outcome(result="conflict", reason_code="pixel_conflict", claimed=CLAIMED)
UNREADABLE = Outcome(result="rejected", reason_code="not_dicom", claimed=None)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([INDEXED, DUPLICATE], HTTPStatus.OK),
        ([INDEXED, CONFLICT], HTTPStatus.ACCEPTED),
        ([CONFLICT, UNREADABLE], HTTPStatus.CONFLICT),
    ],
)
def test_the_status_says_whether_all_some_or_none_were_stored(outcomes, expected):
    assert status(outcomes) == expected


def test_pydicom_reads_what_became_of_each_instance():
    response = Dataset.from_json(as_json(data_set([INDEXED, DUPLICATE, CONFLICT, UNREADABLE])))
    assert [item.ReferencedSOPInstanceUID for item in response.ReferencedSOPSequence] == [
        "1.2.3",
        "1.2.3",
    ]
    (failed,) = response.FailedSOPSequence
    assert (failed.ReferencedSOPInstanceUID, failed.FailureReason) == ("1.2.3", 0xC100)
    (other,) = response.OtherFailuresSequence
    assert other.FailureReason == 0xC000


def test_no_sequence_is_there_for_nothing():
    """Orthanc's plugin takes an instance for failed as soon as the sequence is there."""
    assert set(data_set([INDEXED])) == {"00081190", "00081199"}
    assert set(data_set([UNREADABLE])) == {"00081190", "0008119A"}


def test_no_address_is_given_where_nothing_can_be_retrieved():
    (item,) = data_set([INDEXED])["00081199"]["Value"]
    assert item["00081190"] == {"vr": "UR"}


def test_xml_says_the_same_as_json():
    response = data_set([INDEXED, CONFLICT])
    root = ElementTree.fromstring(as_xml(response))
    assert [attribute.get("tag") for attribute in root] == sorted(json.loads(as_json(response)))
    texts = {value.text for value in root.iter() if value.tag.endswith("Value")}
    assert texts == {CLAIMED.sop_class_uid, CLAIMED.sop_instance_uid, str(0xC100)}
