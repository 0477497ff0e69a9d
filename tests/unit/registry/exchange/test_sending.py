"""A read to an archive of others: what goes there, in which order, and what is believed."""

import io
import json
import re

import pydicom
import pytest

from imaging.actions import remote_archives
from imaging.archive.configured import configured_archive
from imaging.models import Instance
from imaging.outbound import ImageUnavailableError
from registry.actions.read_sendings import NotReceivingError
from registry.exchange import read_files, sending
from registry.models import HistoryEvent, ReadSending
from tests.factories import registry_records as make
from tests.factories.exported_reads import CANARY, of_images, person
from tests.factories.fake_archive import answer, fake_archive

pytestmark = pytest.mark.django_db

PART = b"Content-Type: application/dicom\r\n\r\n"
DICOM_JSON = "application/dicom+json"


@pytest.fixture
def sender():
    return person()


@pytest.fixture
def signed(sender):
    return of_images(by=sender)


def register(fake, *, receives="images"):
    return remote_archives.register(
        name="pacs",
        centre_code="NORTH",
        base_url=fake.url,
        authentication="none",
        credential=None,
        private_address_allowed=True,
        receives=receives,
        by=None,
        at=make.NOW,
    )


def taking(uids):
    items = [{"00081155": {"vr": "UI", "Value": [uid]}} for uid in uids]
    plain = {"00081199": {"vr": "SQ", "Value": items}}
    return answer(json.dumps(plain).encode(), content_type=DICOM_JSON)


NOTHING_FOUND = b"HTTP/1.1 204 No Content\r\n\r\n"


def send(read, archive, sender, *, with_images=False):
    return sending.send(read, archive, with_images=with_images, by=sender, clock=lambda: make.NOW)


def own_uids(read):
    return [read_files.report(read).sop_instance_uid, read_files.key_images(read).sop_instance_uid]


def files_in(body):
    ends = re.compile(rb"\r\n--[0-9a-f]{32}(--)?\r\n")
    for part in body.split(PART)[1:]:
        yield pydicom.dcmread(io.BytesIO(ends.split(part)[0]))


def test_report_and_key_images_are_stored_in_the_study_of_the_images(signed, sender):
    read, study = signed
    uids = own_uids(read)
    with fake_archive(lambda _: taking(uids)) as fake:
        sent = send(read, register(fake), sender)
    assert sent.outcome == "sent"
    assert [file["kind"] for file in sent.files] == ["report", "key_images"]
    files = list(files_in(fake.bodies[0]))
    assert [file.SOPInstanceUID for file in files] == uids
    assert {file.StudyInstanceUID for file in files} == {study.study_instance_uid}
    assert CANARY.encode() not in fake.bodies[0]
    assert sender.get_username().encode() not in fake.bodies[0]


def test_images_go_only_when_they_are_asked_for_and_lacking(signed, sender):
    read, study = signed
    referred = set(
        Instance.objects.filter(series__study=study, slice_index__in=[0, 1]).values_list(
            "sop_instance_uid", flat=True
        )
    )
    everything = taking([*own_uids(read), *referred])
    with fake_archive(lambda path: NOTHING_FOUND if "?" in path else everything) as fake:
        sent = send(read, register(fake), sender, with_images=True)
    assert sent.outcome == "sent"
    assert {file["sop_instance_uid"] for file in sent.files if file["kind"] == "image"} == referred
    assert len(list(files_in(fake.bodies[-1]))) == 4


def test_what_is_sent_twice_is_the_same_and_is_noted_twice(signed, sender):
    read, _ = signed
    uids = own_uids(read)
    with fake_archive(lambda _: taking(uids)) as fake:
        archive = register(fake)
        send(read, archive, sender)
        send(read, archive, sender)
    first, second = (body.split(PART)[1][:20_000] for body in fake.bodies)
    assert first == second
    assert ReadSending.objects.count() == 2
    assert HistoryEvent.objects.filter(action="read.sent").count() == 2


def test_a_failure_is_stored_as_one(signed, sender):
    read, _ = signed
    with fake_archive(lambda _: b"") as fake:
        archive = register(fake)
        broken = send(read, archive, sender)
    away = send(read, archive, sender)
    assert (broken.outcome, away.outcome) == ("failed", "failed")
    assert {file["result"] for file in broken.files} == {"unknown"}
    assert {file["result"] for file in away.files} == {"not_sent"}
    assert broken.problem
    assert away.problem


def test_it_is_noted_before_anything_leaves(signed, sender, monkeypatch):
    """A process that dies while it sends leaves a sending without an outcome."""

    class DiedError(Exception):
        pass

    def die(*_, **__):
        raise DiedError

    monkeypatch.setattr(sending.outbound, "send", die)
    read, _ = signed
    with fake_archive(lambda _: b"") as fake:
        archive = register(fake)
    with pytest.raises(DiedError):
        send(read, archive, sender)
    assert ReadSending.objects.get().outcome == ""
    assert HistoryEvent.objects.filter(action="read.send").count() == 1


def test_nothing_is_noted_where_no_file_can_be_written(signed, sender):
    read, study = signed
    for instance in Instance.objects.filter(series__study=study):
        configured_archive().path(instance.stored_sha256).unlink()
    with fake_archive(lambda _: b"") as fake, pytest.raises(ImageUnavailableError):
        send(read, register(fake), sender)
    assert fake.connections == 0
    assert not ReadSending.objects.exists()


def test_an_archive_that_receives_nothing_is_not_even_called(signed, sender):
    read, _ = signed
    with fake_archive(lambda _: b"") as fake, pytest.raises(NotReceivingError):
        send(read, register(fake, receives="nothing"), sender)
    assert fake.connections == 0
