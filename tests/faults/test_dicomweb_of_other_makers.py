"""What other makers' files look like once stored: compressed, big endian, many frames in one.

dicomweb-client gets each with the elements, pixels and transfer syntax it is stored with; Orthanc,
which keeps what it gets, byte for byte.
"""

import hashlib
import io
import json

import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient
from pydicom.uid import (
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from tests.factories.dicom_files import ct_instance, different_frames
from tests.faults.orthanc import Orthanc
from tests.faults.services import WebService

pytestmark = [pytest.mark.faults, pytest.mark.one_database]

SYNTAXES = (
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    JPEGLSLossless,
    JPEG2000Lossless,
    RLELossless,
)
FRAMES = 5


@pytest.fixture
def stored(service, tmp_path):
    """The stored files by SOP Instance UID."""
    folder = tmp_path / "sources"
    folder.mkdir()
    for index, syntax in enumerate(SYNTAXES):
        ct_instance(folder / f"{index}.dcm", index=index, transfer_syntax=syntax)
    many = different_frames(folder / "many.dcm", frames=FRAMES)
    dataset = pydicom.dcmread(many)
    dataset.SeriesInstanceUID += ".1"
    dataset.SOPInstanceUID += ".1"
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(many)
    done = service.manage("ingest", str(folder), "--centre", "DEMO")
    assert done.returncode == 0, done.stdout + done.stderr
    files = {
        pydicom.dcmread(path).SOPInstanceUID: path.read_bytes()
        for path in (service.data / "archive").rglob("*.dcm")
    }
    assert len(files) == len(SYNTAXES) + 1
    return files


@pytest.fixture
def token(service):
    made = service.manage("add_dicomweb_peer", "reader", "--centre", "DEMO", "--may", "read")
    return made.stdout.strip()


def test_dicomweb_client_lists_and_retrieves_each_as_it_is_stored(service, stored, token):
    with WebService(service) as web:
        client = DICOMwebClient(
            f"{web.address}/dicom-web", headers={"Authorization": f"Bearer {token}"}
        )
        found = {
            item["00080018"]["Value"][0]: item["0020000E"]["Value"][0]
            for item in client.search_for_instances()
        }
        assert set(found) == set(stored)
        (study,) = client.search_for_studies()
        study_uid = study["0020000D"]["Value"][0]
        for uid, content in stored.items():
            dataset = client.retrieve_instance(
                study_uid, found[uid], uid, media_types=(("application/dicom", "*"),)
            )
            ours = pydicom.dcmread(io.BytesIO(content))
            assert dataset == ours
            assert dataset.file_meta == ours.file_meta


def test_frames_of_one_file_come_in_the_order_asked_for(service, stored, token):
    many = next(
        dataset
        for dataset in (pydicom.dcmread(io.BytesIO(content)) for content in stored.values())
        if "NumberOfFrames" in dataset
    )
    size = len(many.PixelData) // FRAMES
    with WebService(service) as web:
        client = DICOMwebClient(
            f"{web.address}/dicom-web", headers={"Authorization": f"Bearer {token}"}
        )
        fifth, second = client.retrieve_instance_frames(
            many.StudyInstanceUID, many.SeriesInstanceUID, many.SOPInstanceUID, [5, 2]
        )
    assert fifth == many.PixelData[4 * size :]
    assert second == many.PixelData[size : 2 * size]


def test_orthanc_retrieves_each_as_it_is_stored(service, stored, token, tmp_path):
    with WebService(service) as web:
        server = {"Url": f"{web.address}/dicom-web/", "Username": "reader", "Password": token}
        with Orthanc(tmp_path / "orthanc", servers={"crescent": server}) as orthanc:
            (study,) = orthanc.ask(
                "/dicom-web/servers/crescent/get", json.dumps({"Uri": "/studies"}).encode()
            )
            orthanc.ask(
                "/dicom-web/servers/crescent/retrieve",
                json.dumps(
                    {
                        "Resources": [{"Study": study["0020000D"]["Value"][0]}],
                        "Synchronous": True,
                    }
                ).encode(),
            )
            received = [
                orthanc.file(f"/instances/{instance}/file")
                for instance in orthanc.ask("/instances")
            ]
    assert sha256s(received) == sha256s(stored.values())


def sha256s(contents):
    return sorted(hashlib.sha256(content).hexdigest() for content in contents)
