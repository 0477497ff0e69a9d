"""DICOMweb in both directions against programs of others, and against sockets that keep no rule."""

import hashlib
import json
import resource
import socket
import threading
from pathlib import Path

import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient

from tests.factories.dicom_files import IDENTIFYING_VALUES
from tests.faults.installation import assert_all_kept
from tests.faults.orthanc import Orthanc
from tests.faults.services import WebService

pytestmark = [pytest.mark.faults, pytest.mark.one_database]

MIB = 1024 * 1024
HEADERS = (
    "POST /dicom-web/studies HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    'Content-Type: multipart/related; type="application/dicom"; boundary=edge\r\n'
)


@pytest.fixture
def token(service):
    return service.manage("add_dicomweb_peer", "sender", "--centre", "DEMO").stdout.strip()


@pytest.fixture
def web(service, token):
    with WebService(service) as started:
        yield started


@pytest.fixture
def sources(series_folder):
    return sorted(series_folder.iterdir())


def results(service):
    rows = service.database.rows(
        "SELECT result, count(*) FROM imaging_ingestedfile GROUP BY result"
    )
    return dict(rows)


def spooled(service):
    return [
        path
        for path in (service.data / "spool").rglob("*")
        if path.is_file() and path.name != "lock"
    ]


@pytest.mark.parametrize("chunk_size", [1000, 10**9])
def test_dicomweb_client_stores_in_chunks_and_at_once(service, web, token, sources, chunk_size):
    """It sends chunks once a request is larger than `chunk_size`."""
    client = DICOMwebClient(
        f"{web.address}/dicom-web",
        headers={"Authorization": f"Bearer {token}"},
        chunk_size=chunk_size,
    )
    datasets = [pydicom.dcmread(path) for path in sources]
    response = client.store_instances(datasets)
    assert [item.ReferencedSOPInstanceUID for item in response.ReferencedSOPSequence] == [
        dataset.SOPInstanceUID for dataset in datasets
    ]
    assert "FailedSOPSequence" not in response
    client.store_instances(datasets, study_instance_uid=datasets[0].StudyInstanceUID)
    assert results(service) == {"indexed": len(sources), "duplicate": len(sources)}
    assert_all_kept(service, sources=sources)


def test_orthanc_stores_here_and_is_pulled_from(service, web, token, sources, tmp_path):
    """Its plugin signs in with name and password, sends chunks and a boundary of 73 characters."""
    server = {"Url": f"{web.address}/dicom-web/", "Username": "sender", "Password": token}
    with Orthanc(tmp_path / "orthanc", servers={"crescent": server}) as orthanc:
        orthanc.take_in(sources)
        said = orthanc.store_all("crescent")
        assert int(said["InstancesCount"]) == len(sources)
        assert results(service) == {"indexed": len(sources)}
        assert_all_kept(service, sources=sources)
        stored = sorted(service.stored_hashes())
        added = service.manage(
            "add_remote_archive", "orthanc", "--centre", "DEMO", "--url", orthanc.dicomweb,
            "--private-network",
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
        pulled = service.manage(
            "pull", "orthanc", "--patient-id", "--json",
            typed=IDENTIFYING_VALUES["PatientID"] + "\n",
        )  # fmt: skip
    assert pulled.returncode == 0, pulled.stderr
    assert json.loads(pulled.stdout.splitlines()[-1])["duplicate"] == len(sources)
    assert sorted(service.stored_hashes()) == stored


@pytest.fixture
def reading(service, token, sources):
    """The token of a program that may read, with the sources stored."""
    done = service.manage("ingest", *map(str, sources), "--centre", "DEMO")
    assert done.returncode == 0, done.stderr
    made = service.manage("add_dicomweb_peer", "reader", "--centre", "DEMO", "--may", "read")
    return made.stdout.strip()


def sha256s(contents):
    return sorted(hashlib.sha256(content).hexdigest() for content in contents)


def test_dicomweb_client_lists_retrieves_and_checks(service, reading, sources):
    """Headers, frames and pixels by reference are those of the stored files."""
    with WebService(service) as web:
        client = DICOMwebClient(
            f"{web.address}/dicom-web", headers={"Authorization": f"Bearer {reading}"}
        )
        (study,) = client.search_for_studies(fields=["StudyDescription"], fuzzymatching=False)
        study_uid = study["0020000D"]["Value"][0]
        (series,) = client.search_for_series(study_uid)
        series_uid = series["0020000E"]["Value"][0]
        found = client.search_for_instances(study_uid, series_uid, limit=7, get_remaining=True)
        assert len(found) == len(sources)
        received = client.retrieve_series(
            study_uid, series_uid, media_types=(("application/dicom", "*"),)
        )
        stored = {
            pydicom.dcmread(path).SOPInstanceUID: path
            for path in (service.data / "archive").rglob("*.dcm")
        }
        by_uid = {dataset.SOPInstanceUID: dataset for dataset in received}
        assert by_uid == {uid: pydicom.dcmread(path) for uid, path in stored.items()}
        files = [client.retrieve_instance(study_uid, series_uid, uid) for uid in list(stored)[:3]]
        assert all(file == pydicom.dcmread(stored[file.SOPInstanceUID]) for file in files)
        headers = client.retrieve_series_metadata(study_uid, series_uid)
        assert {header["00080018"]["Value"][0] for header in headers} == set(stored)
        uid = next(iter(stored))
        (frame,) = client.retrieve_instance_frames(study_uid, series_uid, uid, [1])
        assert frame == pydicom.dcmread(stored[uid]).PixelData
        by_reference = f"{web.address}/dicom-web/studies/{study_uid}/series/{series_uid}"
        (pixels,) = client.retrieve_bulkdata(f"{by_reference}/instances/{uid}/bulkdata/7FE00010")
        assert pixels == frame
        picture = client.retrieve_instance_rendered(
            study_uid, series_uid, uid, media_types=("image/png",)
        )
        assert picture.startswith(b"\x89PNG")


def test_orthanc_lists_and_retrieves_the_same_bytes(service, reading, sources, tmp_path):
    """Its plugin as client: it finds the study here and stores it there, unchanged."""
    with WebService(service) as web:
        server = {"Url": f"{web.address}/dicom-web/", "Username": "reader", "Password": reading}
        with Orthanc(tmp_path / "orthanc", servers={"crescent": server}) as orthanc:
            (study,) = orthanc.ask(
                "/dicom-web/servers/crescent/get",
                json.dumps({"Uri": "/studies", "Arguments": {"ModalitiesInStudy": "CT"}}).encode(),
            )
            (uid,) = study["0020000D"]["Value"]
            orthanc.ask(
                "/dicom-web/servers/crescent/retrieve",
                json.dumps({"Resources": [{"Study": uid}], "Synchronous": True}).encode(),
            )
            received = [
                orthanc.file(f"/instances/{instance}/file")
                for instance in orthanc.ask("/instances")
            ]
    assert len(received) == len(sources)
    assert sha256s(received) == sorted(service.stored_hashes())


def body_of(paths):
    return b"".join(b"--edge\r\n\r\n" + path.read_bytes() + b"\r\n" for path in paths) + b"--edge--"


def talk(web, raw):
    """Send bytes as they are; the status line, empty where the service hung up."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=60) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        try:
            return connection.recv(65536).split(b"\r\n")[0]
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize(
    ("length", "body", "status"),
    [
        ("Content-Length: -1\r\n", b"", b"400"),
        ("Content-Length: +1\r\n", b"x", b"400"),
        ("Content-Length: 1\r\nContent-Length: 2\r\n", b"xx", b"400"),
        ("Content-Length: 99999999999999\r\n", b"", b"413"),
        ("", b"", b"400"),
        ("Content-Length: 8\r\n", b"--edge--", b"400"),
        ("Content-Length: 9000\r\n", b"--edge\r\n\r\nx", b"400"),
        ("Transfer-Encoding: chunked\r\n", b"5\r\n--edg", b"400"),
        ("Transfer-Encoding: chunked\r\n", b"-5\r\n--edge", b"400"),
        ("Transfer-Encoding: chunked\r\n", b"ffffffffffffffff\r\n--edge", b"400"),
        ("Transfer-Encoding: chunked\r\n", b"x" * 20_000, b"400"),
        ("Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n", b""),
        ("Content-Encoding: gzip\r\nContent-Length: 4\r\n", b"\x1f\x8b\x08\x00", b"415"),
        ("Content-Length: 1400000\r\n", b"--edge\r\n\r\n\r\n" * 100_000, b"400"),
    ],
)
def test_a_length_that_lies_is_refused_and_stores_nothing(
    service, web, token, length, body, status
):
    answered = talk(web, (HEADERS.format(token=token) + length + "\r\n").encode() + body)
    if status:
        assert answered.split(b" ")[1:2] == [status], answered
    assert "indexed" not in results(service)
    assert spooled(service) == []
    assert web.answers()


def test_a_sender_that_vanishes_leaves_only_whole_instances(service, web, token, sources):
    whole = body_of(sources[:3])
    headers = HEADERS.format(token=token) + f"Content-Length: {len(whole)}\r\n\r\n"
    talk(web, headers.encode() + whole[: -len(sources[2].read_bytes())])
    client = DICOMwebClient(
        f"{web.address}/dicom-web", headers={"Authorization": f"Bearer {token}"}
    )
    client.store_instances([pydicom.dcmread(path) for path in sources])
    assert results(service) == {"indexed": len(sources), "duplicate": 2}
    assert spooled(service) == []


def resident_bytes(web):
    """Of the workers; their reading processes have limits of their own."""
    workers = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()
    pages = [int(Path(f"/proc/{worker}/statm").read_text().split()[1]) for worker in workers]
    return sum(pages) * resource.getpagesize()


def send_large(web, token):
    """600 MiB in three parts that are no images."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=120) as connection:
        connection.sendall(
            (HEADERS.format(token=token) + "Transfer-Encoding: chunked\r\n\r\n").encode()
        )
        for piece in [b"--edge\r\n\r\n", *[bytes(MIB)] * 200, b"\r\n"] * 3 + [b"--edge--"]:
            connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
        assert b"409" in connection.recv(65536).split(b"\r\n")[0]


def test_memory_does_not_grow_with_what_is_sent(service, web, token, sources):
    client = DICOMwebClient(
        f"{web.address}/dicom-web", headers={"Authorization": f"Bearer {token}"}
    )
    client.store_instances([pydicom.dcmread(sources[0])])
    before = resident_bytes(web)
    senders = [threading.Thread(target=send_large, args=[web, token]) for _ in range(3)]
    for sender in senders:
        sender.start()
    most = before
    while any(sender.is_alive() for sender in senders):
        most = max(most, resident_bytes(web))
        senders[0].join(timeout=0.1)
    assert results(service) == {"indexed": 1, "rejected": 9}
    assert most - before < 64 * MIB
    assert spooled(service) == []
