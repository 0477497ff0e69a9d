"""A sending is noted before anything leaves, and is a success only when everything arrived."""

import pytest

from imaging.actions import remote_archives
from registry import actions
from registry.actions.read_sendings import NotReceivingError
from registry.models import HistoryEvent, ReadSending
from tests.factories import registry_records as make
from tests.factories.exported_reads import of_images, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return person()


@pytest.fixture
def read(reader):
    return of_images(by=reader, measurements=[])[0]


def archive(name="pacs", *, receives="reads", centre_code="NORTH"):
    return remote_archives.register(
        name=name,
        centre_code=centre_code,
        base_url="https://pacs.example.org",
        authentication="none",
        credential=None,
        private_address_allowed=False,
        receives=receives,
        by=None,
        at=make.NOW,
    )


def begin(read, to, by, *, with_images=False):
    return actions.read_sendings.begin(
        read=read, archive=to, with_images=with_images, by=by, at=make.NOW
    )


def file(result, uid="2.25.1"):
    return {"sop_instance_uid": uid, "kind": "report", "result": result, "reason": None}


def finish(sending, by, *results, problem=""):
    files = [file(result, f"2.25.{number}") for number, result in enumerate(results)]
    return actions.read_sendings.finish(
        sending=sending, files=files, problem=problem, by=by, at=make.NOW
    )


def test_beginning_and_end_are_in_the_history(read, reader):
    sending = begin(read, archive(), reader)
    first = HistoryEvent.objects.get(action="read.send")
    assert first.changes["archive"] == [None, "pacs"]
    assert not HistoryEvent.objects.filter(action="read.sent").exists()
    finish(sending, reader, "stored")
    last = HistoryEvent.objects.get(action="read.sent")
    assert last.changes["outcome"] == [None, "sent"]
    assert last.object_id == read.public_id


@pytest.mark.parametrize(
    ("results", "problem", "outcome"),
    [
        (["stored", "stored"], "", "sent"),
        (["stored", "present"], "", "sent"),
        (["stored", "failed"], "", "partly"),
        (["stored", "unknown"], "", "partly"),
        (["stored", "stored"], "The archive hung up.", "partly"),
        (["failed", "unknown"], "", "failed"),
        (["unknown"], "The archive hung up.", "failed"),
        (["not_sent"], "The archive does not answer.", "failed"),
        ([], "", "failed"),
    ],
)
def test_only_what_the_archive_names_counts(read, reader, results, problem, outcome):
    sending = finish(begin(read, archive(), reader), reader, *results, problem=problem)
    stored = ReadSending.objects.get()
    assert stored.outcome == sending.outcome == outcome
    assert [one["result"] for one in stored.files] == results


def test_an_archive_to_pull_from_receives_nothing(read, reader):
    with pytest.raises(NotReceivingError):
        begin(read, archive(receives="nothing"), reader)
    assert not HistoryEvent.objects.filter(action="read.send").exists()


def test_images_go_only_where_images_are_received(read, reader):
    with pytest.raises(NotReceivingError):
        begin(read, archive(), reader, with_images=True)
    assert begin(read, archive("other", receives="images"), reader, with_images=True).pk


def test_another_centre_and_a_retired_archive_receive_nothing(read, reader):
    make.centre("SOUTH")
    retired = archive("retired")
    remote_archives.retire(archive=retired, by=None, at=make.NOW)
    for refused in (archive("south", centre_code="SOUTH"), retired):
        with pytest.raises(NotReceivingError):
            begin(read, refused, reader)
    assert not ReadSending.objects.exists()
