"""Storing at an archive: what is sent, and which answers are believed."""

import json
import threading

import pytest

from imaging.dicomweb import remote_archive_client
from imaging.dicomweb.archive_connection import ArchiveAnswerError, ArchiveUnreachableError
from imaging.dicomweb.multipart_answer import OutgoingPart
from imaging.dicomweb.remote_archive_client import RemoteArchiveClient
from imaging.models import RemoteArchive
from tests.factories.fake_archive import answer, fake_archive

DICOM_JSON = "application/dicom+json"
STORED = {"00081199": {"vr": "SQ", "Value": [{"00081155": {"vr": "UI", "Value": ["1.2"]}}]}}
PLACE = {"study_instance_uid": "1", "series_instance_uid": "2", "sop_instance_uid": "1.2"}

PART = OutgoingPart("application/dicom", 4, lambda: iter([b"DI", b"CM"]))


def client(archive) -> RemoteArchiveClient:
    return RemoteArchiveClient(
        RemoteArchive(base_url=archive.url, private_address_allowed=True, credential=None)
    )


def replying(plain, *, status="200 OK", content_type=DICOM_JSON):
    return answer(json.dumps(plain).encode(), content_type=content_type, status=status)


def test_files_are_sent_as_parts_of_one_request():
    with fake_archive(lambda _: replying(STORED)) as archive:
        there = client(archive).store([PART, PART])
    assert there.stored == {"1.2"}
    assert archive.requests[0].startswith("POST /dicom-web/studies HTTP/1.1\r\n")
    assert 'Content-Type: multipart/related; type="application/dicom"' in archive.requests[0]
    assert archive.bodies[0].count(b"Content-Type: application/dicom\r\n\r\nDICM\r\n") == 2


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "409 Conflict"])
def test_the_answer_is_read_whatever_was_stored(status):
    """PS3.18 table 10.5.3-1: all, some, none."""
    with fake_archive(lambda _: replying(STORED, status=status)) as archive:
        assert client(archive).store([PART]).stored == {"1.2"}


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (replying(STORED, status="503 Busy"), ArchiveAnswerError),
        (replying(STORED, status="400 Bad"), ArchiveAnswerError),
        (replying(STORED, status="401 Who"), ArchiveUnreachableError),
        (replying(STORED, status="307 Elsewhere"), ArchiveAnswerError),
        (replying(STORED, content_type="text/html"), ArchiveAnswerError),
        (answer(b"{", content_type=DICOM_JSON), ArchiveAnswerError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nContent-Type: x/y\r\n\r\n", ArchiveAnswerError),
        (b"", ArchiveAnswerError),
    ],
)
def test_any_other_answer_is_a_failure(reply, error):
    with fake_archive(lambda _: reply) as archive, pytest.raises(error):
        client(archive).store([PART])


def test_nobody_waits_for_hours_for_a_short_answer(monkeypatch):
    monkeypatch.setattr(remote_archive_client, "LONGEST_SHORT_SECONDS", 0.1)
    ended = threading.Event()

    def endless():
        yield f"HTTP/1.1 200 OK\r\nContent-Type: {DICOM_JSON}\r\n\r\n[".encode()
        ended.wait(60)

    with fake_archive(lambda _: endless()) as archive:
        with pytest.raises(ArchiveAnswerError, match="takes too long"):
            client(archive).store([PART])
        ended.set()


def test_an_archive_says_what_it_has():
    instance = [{"00080018": {"vr": "UI", "Value": ["1.2"]}}]
    with fake_archive(lambda _: replying(instance)) as archive:
        assert client(archive).has(**PLACE)
    assert archive.requests[0].startswith(
        "GET /dicom-web/studies/1/series/2/instances?SOPInstanceUID=1.2&limit=1 "
    )


@pytest.mark.parametrize(
    "reply",
    [
        replying([]),
        b"HTTP/1.1 204 No Content\r\n\r\n",
        replying({"error": "no such study"}, status="404 Not Found"),
        replying([{"00080018": {"vr": "UI", "Value": ["1.3"]}}]),
        answer(b"?", content_type=DICOM_JSON),
    ],
)
def test_it_lacks_whatever_it_does_not_name(reply):
    """What is sent once too often is a duplicate there."""
    with fake_archive(lambda _: reply) as archive:
        assert not client(archive).has(**PLACE)
