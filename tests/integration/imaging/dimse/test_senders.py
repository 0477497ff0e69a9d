"""Real senders: DCMTK's storescu, dcmsend and echoscu, and pynetdicom."""

import os
import subprocess

import pydicom
import pytest
from django.utils import timezone
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)
from pynetdicom import AE

from imaging.actions import peers
from imaging.archive.configured import configured_archive
from imaging.ingest import pool
from imaging.models import IngestRun, Instance, Study
from tests.integration.imaging.conftest import Ingest
from tests.integration.imaging.dimse.conftest import (
    CALLED,
    CALLING,
    echoscu,
    register,
    results,
    slices,
    spool_is_empty,
    stored,
    storescu,
)


def dcmsend(port, folder):
    return subprocess.run(
        ["dcmsend", "-v", "-aet", CALLING, "-aec", CALLED, "+sd", "127.0.0.1", str(port),
         str(folder)],
        env=os.environ | {"TCP_NODELAY": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip


def pynetdicom_send(port, files, *, syntaxes=(ExplicitVRLittleEndian,), max_pdu=16382):
    sender = AE(ae_title=CALLING)
    sender.maximum_pdu_size = max_pdu
    sender.add_requested_context(CTImageStorage, list(syntaxes))
    association = sender.associate("127.0.0.1", port, ae_title=CALLED, max_pdu=max_pdu)
    assert association.is_established
    statuses = [association.send_c_store(pydicom.dcmread(file)).Status for file in files]
    association.release()
    return statuses


def test_storescu_sends_a_series_once(service, tmp_path):
    files = slices(tmp_path / "ct", 5)
    assert storescu(service.port, *files) == (0, ["Success"] * 5)
    assert results() == ["indexed"] * 5
    assert storescu(service.port, *files) == (0, ["Success"] * 5)
    assert results() == ["indexed"] * 5 + ["duplicate"] * 5
    assert Study.objects.count() == 1
    assert Instance.objects.count() == 5


def test_each_association_is_a_delivery_of_its_peer(service, peer, tmp_path):
    files = slices(tmp_path / "ct", 2)
    storescu(service.port, files[0])
    storescu(service.port, files[1])
    first, second = IngestRun.objects.order_by("id")
    for run in (first, second):
        assert (run.source, run.peer, run.centre_code) == ("c_store", peer, "DEMO")
        assert run.finished_at is not None
        assert run.started_by is None
        assert run.files.get().position == 1
    assert Study.objects.count() == 1, "late files join their study"


@pytest.mark.parametrize("options", [(), ("-xi",), ("-xb",)])
def test_slices_that_are_read_while_they_arrive_end_as_those_that_are_read_whole(
    service, ingest: Ingest, tmp_path, options, settings, monkeypatch
):
    """The first slices of a series are read whole; the process knows the others by them."""
    read_early = []
    finish = pool.Pool.ask

    def ask(self, request, *, of=None, **given):
        read_early.append(of is not None)
        return finish(self, request, of=of, **given)

    monkeypatch.setattr(pool.Pool, "ask", ask)
    files = slices(tmp_path / "ct", 8, rows=256, columns=256)
    assert storescu(service.port, *files, options=options) == (0, ["Success"] * 8)
    assert read_early == [False] + [True] * 7
    by_network = stored()
    ingest(tmp_path / "ct")
    assert stored() == by_network
    assert results() == ["indexed"] * 8 + ["duplicate"] * 8
    for sha256 in by_network.values():
        assert configured_archive().verify(sha256)
    assert spool_is_empty(settings.CRESCENT_DATA)


@pytest.mark.parametrize("order", ["network first", "files first"])
def test_whichever_way_comes_first_the_stored_bytes_are_the_same(
    service, ingest: Ingest, tmp_path, order, settings
):
    """storescu, dcmsend, pynetdicom and the command line store the same bytes."""
    folder = tmp_path / "ct"
    files = slices(folder, 4)
    ways = [
        lambda: storescu(service.port, *files),
        lambda: storescu(service.port, *files, options=("-xi",)),
        lambda: storescu(service.port, *files, options=("-xb",)),
        lambda: dcmsend(service.port, folder),
        lambda: pynetdicom_send(service.port, files),
        lambda: pynetdicom_send(service.port, files, syntaxes=(ExplicitVRLittleEndian,)),
        lambda: ingest(folder),
    ]
    if order == "files first":
        ways.reverse()
    ways[0]()
    first = stored()
    assert len(first) == 4
    for way in ways[1:]:
        way()
    assert stored() == first
    assert results()[4:] == ["duplicate"] * 4 * (len(ways) - 1)
    assert spool_is_empty(settings.CRESCENT_DATA)


@pytest.mark.parametrize(
    ("first", "second"),
    [("storescu", "ingest"), ("ingest", "storescu"), ("implicit", "ingest"), ("big", "ingest")],
)
def test_two_ways_alone_agree(service, ingest: Ingest, tmp_path, first, second, crescent_data):
    """Each way stores into an empty registry what the other would have stored."""
    files = slices(tmp_path / "ct", 2)
    ways = {
        "storescu": lambda: storescu(service.port, *files),
        "implicit": lambda: storescu(service.port, *files, options=("-xi",)),
        "big": lambda: storescu(service.port, *files, options=("-xb",)),
        "ingest": lambda: ingest(tmp_path / "ct"),
    }
    ways[first]()
    before = stored()
    ways[second]()
    assert stored() == before
    assert results() == ["indexed"] * 2 + ["duplicate"] * 2


@pytest.mark.parametrize(
    ("syntax", "option"),
    [
        (ImplicitVRLittleEndian, ()),
        (ExplicitVRBigEndian, ("-xb",)),
        (RLELossless, ("-xr",)),
        (JPEG2000Lossless, ("-xv",)),
        (JPEGLSLossless, ("-xt",)),
    ],
)
def test_an_object_arrives_in_the_encoding_it_has(
    service, ingest: Ingest, tmp_path, syntax, option
):
    files = slices(tmp_path / "ct", 2, transfer_syntax=syntax)
    assert storescu(service.port, *files, options=option) == (0, ["Success"] * 2)
    expected = ExplicitVRLittleEndian if syntax == ImplicitVRLittleEndian else syntax
    assert set(Instance.objects.values_list("transfer_syntax_uid", flat=True)) == {expected}
    before = stored()
    ingest(tmp_path / "ct")
    assert stored() == before
    assert results() == ["indexed"] * 2 + ["duplicate"] * 2


@pytest.mark.parametrize("max_pdu", [0, 4096, 16382, 131072])
def test_the_sender_chooses_how_large_its_pdus_are(service, tmp_path, max_pdu):
    files = slices(tmp_path / "ct", 2, rows=256, columns=256)
    assert pynetdicom_send(service.port, files, max_pdu=max_pdu) == [0, 0]
    assert results() == ["indexed"] * 2


def test_echoes_are_answered_and_are_no_delivery(service):
    assert "Received Echo Response (Success)" in echoscu(service.port).stdout
    assert echoscu(service.port, options=("--repeat", "20")).returncode == 0
    assert not IngestRun.objects.exists()


def test_four_senders_at_once(service, tmp_path):
    folders = [
        slices(tmp_path / str(number), 6, StudyInstanceUID=f"1.2.{number}",
               SeriesInstanceUID=f"1.2.{number}.1", PatientID=f"P{number}")
        for number in range(4)
    ]  # fmt: skip
    for number, files in enumerate(folders):
        for index, file in enumerate(files):
            dataset = pydicom.dcmread(file)
            dataset.SOPInstanceUID = f"1.2.{number}.1.{index}"
            dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
            dataset.save_as(file)
    senders = [
        subprocess.Popen(
            ["storescu", "-aet", CALLING, "-aec", CALLED, "127.0.0.1", str(service.port),
             *map(str, files)],
            env=os.environ | {"TCP_NODELAY": "1"},
        )
        for files in folders
    ]  # fmt: skip
    assert [sender.wait(120) for sender in senders] == [0] * 4
    assert sorted(results()) == ["indexed"] * 24
    assert Study.objects.count() == 4


def test_other_objects_and_services_are_not_offered(service):
    """N16: C-FIND, C-MOVE and C-GET have no presentation context."""
    done = subprocess.run(
        ["findscu", "-v", "-P", "-k", "0008,0052=STUDY", "-aet", CALLING, "-aec", CALLED,
         "127.0.0.1", str(service.port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert "No Acceptable Presentation Contexts" in done.stdout


def test_a_peer_is_told_by_titles_and_address(serve, centre):
    """N01, N02."""
    register()
    register("elsewhere", calling_ae_title="ELSEWHERE", network="192.0.2.7")
    with serve() as service:
        for given, words in [
            ({"calling": "STRANGER"}, "Calling AE Title Not Recognized"),
            ({"called": "ANY-SCP"}, "Called AE Title Not Recognized"),
            ({"calling": "ELSEWHERE"}, "Calling AE Title Not Recognized"),
            ({"calling": "../../x"}, "Calling AE Title Not Recognized"),
        ]:
            assert words in echoscu(service.port, **given).stdout


def test_who_was_retired_or_added_meanwhile_counts_at_the_next_association(service, peer):
    assert echoscu(service.port).returncode == 0
    peers.retire(peer=peer, by=None, at=timezone.now())
    assert "Rejected" in echoscu(service.port).stdout
    register("again")
    assert echoscu(service.port).returncode == 0
