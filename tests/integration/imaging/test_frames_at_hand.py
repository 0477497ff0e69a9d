"""Frames given out without asking anew are those that asking would give, and end when it would."""

import time
from dataclasses import dataclass

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from imaging.actions import peers, study_exclusions
from imaging.archive.configured import configured_archive
from imaging.dicomweb.frames_at_hand import SOCKET, FramesAtHand
from imaging.dicomweb.verified_frames import FramesAhead
from imaging.models import Instance, Peer
from imaging.queries.database_version import DatabaseVersion
from imaging.views import wado_frames
from tests.factories.dicom_files import ct_instance
from tests.factories.dicomweb import address, token

pytestmark = pytest.mark.django_db(transaction=True)

IN_PARTS = 'multipart/related; type="application/octet-stream"'


class Server:
    """The application as the web server runs it, and how often Django itself was asked.

    Each answer is asked for twice: as any server does, and as ours, which first asks for what is
    known by its head. Both are the same.
    """

    def __init__(self):
        self.asked = 0
        self._django = WSGIHandler()
        self.version = DatabaseVersion()
        self._read, self._by_head = (
            FramesAtHand(self._counted, version=self.version.current, clock=time.monotonic)
            for _ in range(2)
        )

    def _counted(self, environ, start_response):
        self.asked += 1
        return self._django(environ, start_response)

    def get(self, path, **headers):
        environ = RequestFactory().get(path).environ | headers | {"HTTP_ACCEPT": IN_PARTS}
        head = head_of(path, environ)
        read = answered(self._read, environ.copy())
        at_once = self._by_head.at_once(head, environ["REMOTE_ADDR"])
        if at_once:
            by_head = sent_at_once(at_once)
        else:
            by_head = answered(self._by_head, environ | {SOCKET: Socket(head)})
        assert without_boundary(by_head) == without_boundary(read)
        return by_head | {"at_once": at_once is not None}


@dataclass
class Socket:
    """Of ours, which knows the head of the request at hand."""

    request_head: bytes


def answered(application, environ):
    told = {}

    def start(status, headers):
        told.update(status=int(status.split()[0]), headers=headers)

    answer = application(environ, start)
    told["body"] = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return told


def head_of(path, environ):
    lines = [f"{name}: {text}" for name, text in environ.items() if name.startswith("HTTP_")]
    return "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode()


def sent_at_once(answer):
    [frame] = answer.frame.pieces(None)
    lines, _, body = (answer.head + frame + answer.after).partition(b"\r\n\r\n")
    answer.close()
    headers = [tuple(line.split(": ", 1)) for line in lines.decode().split("\r\n")]
    return {"status": 200, "headers": headers, "body": body}


@pytest.fixture
def server(monkeypatch):
    ahead = FramesAhead()
    monkeypatch.setattr(wado_frames, "frames_ahead", ahead)
    server = Server()
    server.ahead = ahead
    yield server
    ahead.close()
    server.version.close()


@pytest.fixture
def frames(ingest, tmp_path):
    folder = tmp_path / "ct"
    folder.mkdir()
    for index in range(4):
        ct_instance(folder / f"{index}.dcm", index=index)
    ingest(folder)
    return [f"{address(one)}/frames/1" for one in Instance.objects.order_by("instance_number")]


@pytest.fixture
def cookie(person):
    client = Client()
    client.force_login(person, backend="registry.access.RoleBackend")
    return {"HTTP_COOKIE": f"sessionid={client.cookies['sessionid'].value}"}


@pytest.fixture
def program(centre):
    return {"HTTP_AUTHORIZATION": f"Bearer {token(centre_code=centre.code)}"}


def read_one(server, frames, who):
    """The first frame, and then wait until the others have been looked after."""
    answer = server.get(frames[0], **who)
    server.ahead._thread.submit(int).result()
    server.asked = 0
    return answer


def without_boundary(answer):
    boundary = dict(answer["headers"])["Content-Type"].partition("boundary=")[2]
    headers = [(name, value.replace(boundary, "")) for name, value in answer["headers"]]
    return answer["status"], headers, answer["body"].replace(boundary.encode(), b"")


@pytest.mark.parametrize("who", ["cookie", "program"])
def test_the_answers_are_those_of_the_whole_way(server, frames, request, who):
    who = request.getfixturevalue(who)
    whole = [without_boundary(Server().get(frame, **who)) for frame in frames]
    assert without_boundary(read_one(server, frames, who)) == whole[0]
    answers = [server.get(frame, **who) for frame in frames]
    assert [without_boundary(answer) for answer in answers] == whole
    knows = connection.vendor == "sqlite"
    assert {answer["at_once"] for answer in answers} == {knows}
    assert server.asked == (0 if knows else 2 * len(frames))


@pytest.mark.parametrize("who", ["nobody", "a stranger"])
def test_who_may_not_see_them_gets_none_after_somebody_who_may(
    server, frames, cookie, stranger, who
):
    read_one(server, frames, cookie)
    headers, status = {}, 401
    if who == "a stranger":
        client = Client()
        client.force_login(stranger, backend="registry.access.RoleBackend")
        headers, status = {"HTTP_COOKIE": f"sessionid={client.cookies['sessionid'].value}"}, 404
    assert {server.get(frame, **headers)["status"] for frame in frames} == {status}


def sign_out(*, cookie, **_):
    client = Client()
    client.cookies["sessionid"] = cookie["HTTP_COOKIE"].partition("=")[2]
    client.post("/sign-out/")


def exclude(*, person, **_):
    study = Instance.objects.first().series.study
    study_exclusions.exclude(study=study, by=person, at=timezone.now(), reason="not ours")


@pytest.mark.parametrize(("change", "status"), [(sign_out, 401), (exclude, 404)])
def test_it_ends_at_once_when_asking_would_say_no(server, frames, cookie, person, change, status):
    read_one(server, frames, cookie)
    assert server.get(frames[1], **cookie)["status"] == 200
    change(person=person, cookie=cookie)
    assert {server.get(frame, **cookie)["status"] for frame in frames} == {status}


def test_a_retired_program_gets_nothing_more(server, frames, program, monkeypatch):
    monkeypatch.setattr("imaging.dicomweb.peer_tokens.WRONG_TOKEN_SECONDS", 0)
    read_one(server, frames, program)
    peers.retire(peer=Peer.objects.get(), by=None, at=timezone.now())
    assert {server.get(frame, **program)["status"] for frame in frames} == {401}


def test_a_damaged_file_is_not_given_out(server, frames, cookie):
    read_one(server, frames, cookie)
    stored = Instance.objects.order_by("instance_number")[1]
    path = configured_archive().path(stored.stored_sha256)
    path.chmod(0o600)
    path.write_bytes(b"x" * stored.stored_bytes)
    assert server.get(frames[1], **cookie)["status"] == 502
