"""A signed read in somebody else's archive: stored, found, fetched and read back equal."""

import io

import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient

from imaging.actions import remote_archives
from imaging.archive.configured import configured_archive
from imaging.models import Instance
from registry.exchange import key_objects, read_files, sending, structured_report_reader
from registry.exchange.signed_read import document_of
from tests.factories import registry_records as make
from tests.factories.exported_reads import of_images, person
from tests.faults.orthanc import Orthanc

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.one_database]

REPORT, KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.34", "1.2.840.10008.5.1.4.1.1.88.59"


@pytest.fixture
def sender():
    return person()


@pytest.fixture
def signed(sender):
    return of_images(by=sender)


@pytest.fixture
def orthanc(tmp_path):
    with Orthanc(tmp_path / "orthanc", servers={}) as started:
        yield started


def register(url, *, name="orthanc", receives="images"):
    return remote_archives.register(
        name=name,
        centre_code="NORTH",
        base_url=url,
        authentication="none",
        credential=None,
        private_address_allowed=True,
        receives=receives,
        by=None,
        at=make.NOW,
    )


def send(read, archive, sender, *, with_images=True):
    sent = sending.send(read, archive, with_images=with_images, by=sender, clock=lambda: make.NOW)
    return sent.outcome, sorted((file["kind"], file["result"]) for file in sent.files)


def files_of(orthanc):
    return {
        pydicom.dcmread(io.BytesIO(content)).SOPInstanceUID: content
        for content in (
            orthanc.file(f"/instances/{instance}/file") for instance in orthanc.ask("/instances")
        )
    }


def test_report_key_images_and_their_images_arrive_byte_for_byte(signed, sender, orthanc):
    read, study = signed
    archive = register(orthanc.dicomweb)
    stored = [("image", "stored")] * 2 + [("key_images", "stored"), ("report", "stored")]
    assert send(read, archive, sender) == ("sent", stored)
    referred = Instance.objects.filter(series__study=study, slice_index__in=[0, 1])
    ours = {
        image.sop_instance_uid: configured_archive().path(image.stored_sha256).read_bytes()
        for image in referred
    }
    for file in (read_files.report(read), read_files.key_images(read)):
        ours[file.sop_instance_uid] = file.content
    assert files_of(orthanc) == ours


def test_sent_again_nothing_is_there_twice(signed, sender, orthanc):
    read, _ = signed
    archive = register(orthanc.dicomweb)
    send(read, archive, sender)
    before = files_of(orthanc)
    again = [("image", "present")] * 2 + [("key_images", "stored"), ("report", "stored")]
    assert send(read, archive, sender) == ("sent", again)
    assert files_of(orthanc) == before


def test_what_the_archive_gives_back_is_the_read(signed, sender, orthanc):
    """Found by the study of the images, fetched with dicomweb-client, read by our own reader."""
    read, study = signed
    send(read, register(orthanc.dicomweb, receives="reads"), sender, with_images=False)
    client = DICOMwebClient(orthanc.dicomweb)
    found = {
        item["00080016"]["Value"][0]: item
        for item in client.search_for_instances(study.study_instance_uid)
    }
    assert set(found) == {REPORT, KEY_OBJECTS}
    received = {}
    for sop_class, item in found.items():
        dataset = client.retrieve_instance(
            study.study_instance_uid, item["0020000E"]["Value"][0], item["00080018"]["Value"][0]
        )
        written = io.BytesIO()
        dataset.save_as(written)
        received[sop_class] = written.getvalue()
    document = document_of(read)
    assert structured_report_reader.read(received[REPORT]) == document
    assert key_objects.read(received[KEY_OBJECTS]) == key_objects.selected(document)


def test_an_archive_that_comes_back_gets_what_it_missed(signed, sender, tmp_path):
    read, _ = signed
    with Orthanc(tmp_path / "first", servers={}) as first:
        archive = register(first.dicomweb)
    missed = [("image", "not_sent")] * 2 + [("key_images", "not_sent"), ("report", "not_sent")]
    assert send(read, archive, sender) == ("failed", missed)
    with Orthanc(tmp_path / "second", servers={}) as second:
        back = register(second.dicomweb, name="back")
        assert send(read, back, sender)[0] == "sent"
        assert len(files_of(second)) == 4
