"""Which object a file says it is, and which one its sender announced."""

import pytest
from pydicom import config
from pydicom.dataelem import DataElement
from pydicom.uid import CTImageStorage

from imaging.dicom.claimed_uids import ClaimedUids
from imaging.dicom.deidentification import derive_keys
from imaging.dicom.errors import SopClassNotCtError, TruncatedPixelDataError, UidMismatchError
from imaging.dicom.loading import load_header
from imaging.dicom.preparation import prepare
from tests.factories.dicom_files import STUDY_UID, ct_dataset, ct_instance, slice_uid

KEYS = derive_keys(b"a secret only for tests, 32 bytes")
CLAIMED = ClaimedUids(
    sop_class_uid=CTImageStorage, sop_instance_uid=slice_uid(0), study_instance_uid=STUDY_UID
)


def test_a_file_claims_the_uids_of_its_data_set(tmp_path):
    loaded = load_header(ct_instance(tmp_path / "a.dcm"))
    assert ClaimedUids.of(loaded.dataset) == CLAIMED
    assert ClaimedUids.from_json(CLAIMED.to_json()) == CLAIMED


def test_what_is_no_uid_is_not_repeated_to_anybody():
    dataset, _ = ct_dataset()
    odd = DataElement(0x00080018, "UI", "1.2.Canaryname", validation_mode=config.IGNORE)
    dataset[0x00080018] = odd
    del dataset.StudyInstanceUID
    assert ClaimedUids.of(dataset) == ClaimedUids(sop_class_uid=CTImageStorage)


@pytest.mark.parametrize("name", ["sop_class_uid", "sop_instance_uid", "study_instance_uid"])
def test_another_object_than_announced_is_refused(tmp_path, name):
    source, output = ct_instance(tmp_path / "a.dcm"), tmp_path / "out.dcm"
    other = ClaimedUids(**{name: "1.2.3"})
    with pytest.raises(UidMismatchError) as refusal:
        prepare(source, output, keys=KEYS, centre_code="DEMO", expected=other)
    assert refusal.value.claimed == CLAIMED
    assert not output.exists()
    prepare(source, output, keys=KEYS, centre_code="DEMO", expected=CLAIMED)
    assert output.exists()


def test_a_refusal_says_which_object_it_is_about(tmp_path):
    cut = ct_instance(tmp_path / "cut.dcm")
    cut.write_bytes(cut.read_bytes()[:-100])
    mr_class = "1.2.840.10008.5.1.4.1.1.4"
    magnetic = ct_instance(tmp_path / "mr.dcm", SOPClassUID=mr_class)
    for source, error, sop_class_uid in (
        (cut, TruncatedPixelDataError, CTImageStorage),
        (magnetic, SopClassNotCtError, mr_class),
    ):
        with pytest.raises(error) as refusal:
            prepare(source, tmp_path / "out.dcm", keys=KEYS, centre_code="DEMO")
        assert refusal.value.claimed is not None
        assert refusal.value.claimed.sop_class_uid == sop_class_uid
