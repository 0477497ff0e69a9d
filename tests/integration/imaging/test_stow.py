"""STOW-RS through the whole product: who may, what is answered, what is kept."""

import base64
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client

from imaging.actions import dicomweb_peers
from imaging.archive.errors import storage_fault
from imaging.ingest.storing import Batch
from imaging.models import IngestedFile, IngestRun, Instance, Peer
from registry.models import HistoryEvent
from tests.factories import registry_records as make
from tests.factories.dicom_files import STUDY_UID, ct_instance, slice_uid

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/dicom-web/studies"
MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
MULTIPART = 'multipart/related; type="application/dicom"; boundary=edge'


def body(*contents, content_type=b"application/dicom"):
    return (
        b"".join(
            b"--edge\r\nContent-Type: " + content_type + b"\r\n\r\n" + content + b"\r\n"
            for content in contents
        )
        + b"--edge--\r\n"
    )


@pytest.fixture
def slices(tmp_path):
    return [ct_instance(tmp_path / f"{index}.dcm", index=index).read_bytes() for index in range(3)]


@pytest.fixture
def token(centre):
    _, token = dicomweb_peers.register(name="pacs", centre_code=centre.code, by=None, at=make.NOW)
    return token


@pytest.fixture
def store(token):
    def send(*contents, url=URL, content_type=MULTIPART, client=None, **headers):
        if client is None:
            headers = {"Authorization": f"Bearer {token}"} | headers
        return (client or Client()).generic(
            "POST", url, body(*contents), content_type=content_type, headers=headers
        )

    return send


def referenced(response, tag):
    return [
        item["00081155"].get("Value", [None])[0]
        for item in json.loads(response.content).get(tag, {"Value": []})["Value"]
    ]


def test_all_stored_is_answered_with_200_in_the_senders_uids(store, slices):
    response = store(*slices)
    assert (response.status_code, response["Content-Type"]) == (200, "application/dicom+json")
    assert referenced(response, "00081199") == [slice_uid(index) for index in range(3)]
    assert Instance.objects.count() == 3


def test_a_request_is_a_finished_run_of_its_peer(store, slices):
    store(*slices)
    run = IngestRun.objects.get()
    assert (run.source, run.peer.name, run.centre_code) == ("stow", "pacs", "DEMO")
    assert run.finished_at is not None
    assert list(run.files.order_by("position").values_list("position", "result")) == [
        (1, "indexed"),
        (2, "indexed"),
        (3, "indexed"),
    ]


def test_what_is_stored_already_is_a_success(store, slices):
    store(*slices)
    response = store(*slices)
    assert response.status_code == 200
    assert len(referenced(response, "00081199")) == 3
    assert Instance.objects.count() == 3


def test_some_stored_is_answered_with_202_and_the_reason_of_the_rest(store, slices, tmp_path):
    other = ct_instance(tmp_path / "other.dcm", index=9, SOPClassUID=MR_IMAGE)
    response = store(slices[0], other.read_bytes(), b"no image")
    assert response.status_code == 202
    answer = json.loads(response.content)
    assert referenced(response, "00081199") == [slice_uid(0)]
    assert referenced(response, "00081198") == [slice_uid(9)]
    assert answer["00081198"]["Value"][0]["00081197"]["Value"] == [0x0122]
    assert answer["0008119A"]["Value"] == [{"00081197": {"vr": "US", "Value": [0xC000]}}]


def test_none_stored_is_answered_with_409(store):
    response = store(b"no image", b"neither")
    assert response.status_code == 409
    assert IngestedFile.objects.filter(result="rejected").count() == 2


def test_a_body_of_parts_that_are_no_images_is_not_taken_in_to_its_end(store, slices):
    response = store(slices[0], *[b""] * 2_000)
    assert response.status_code == 400
    assert b"no DICOM instances" in response.content
    assert b"1 instances were stored" in response.content
    assert 500 < IngestedFile.objects.filter(result="rejected").count() < 600
    assert IngestRun.objects.get().finished_at is not None


def test_hundreds_of_images_of_another_kind_are_each_answered(store, tmp_path):
    other = [
        ct_instance(tmp_path / "mr.dcm", index=index, SOPClassUID=MR_IMAGE).read_bytes()
        for index in range(520)
    ]
    response = store(*other)
    assert response.status_code == 409
    assert len(referenced(response, "00081198")) == 520


def test_a_study_that_is_not_the_one_of_the_address_is_refused(store, slices):
    assert store(slices[0], url=f"{URL}/{STUDY_UID}").status_code == 200
    response = store(slices[1], url=f"{URL}/1.2.3")
    assert response.status_code == 409
    assert referenced(response, "00081198") == [slice_uid(1)]
    assert IngestedFile.objects.get(result="rejected").reason_code == "uid_mismatch"


def test_the_answer_comes_as_xml_for_whom_prefers_that(store, slices):
    response = store(slices[0], Accept="application/dicom+xml")
    assert response["Content-Type"] == "application/dicom+xml"
    assert slice_uid(0).encode() in response.content


@pytest.mark.parametrize(
    ("expected", "changed"),
    [
        (400, {"url": f"{URL}/not-a-uid"}),
        (400, {"url": f"{URL}/1.2.03"}),
        (415, {"content_type": "multipart/related; boundary="}),
        (400, {"content_type": 'multipart/related; boundary="<>"'}),
        (400, {"content_type": "multipart/related; boundary=other"}),
        (406, {"Accept": "text/html"}),
        (415, {"content_type": "application/dicom"}),
        (415, {"content_type": "multipart/form-data; boundary=edge"}),
        (415, {"content_type": 'multipart/related; type="application/dicom+json"; boundary=edge'}),
        (415, {"Content-Encoding": "gzip"}),
    ],
)
def test_what_is_no_stow_request_is_refused_in_a_sentence(store, slices, expected, changed):
    url, content_type = changed.pop("url", URL), changed.pop("content_type", MULTIPART)
    response = store(slices[0], url=url, content_type=content_type, **changed)
    assert response.status_code == expected
    assert response["Content-Type"] == "text/plain"
    assert response.content.strip().endswith(b".")
    assert Instance.objects.count() == 0


def test_no_part_is_no_delivery(store):
    assert store().status_code == 400


def test_a_part_of_another_type_fails_alone(store, slices, token):
    raw = body(slices[0])[: -len(b"--edge--\r\n")] + body(b"{}", content_type=b"application/json")
    response = Client().generic(
        "POST", URL, raw, content_type=MULTIPART, headers={"Authorization": f"Bearer {token}"}
    )
    assert response.status_code == 202
    assert referenced(response, "00081199") == [slice_uid(0)]


def test_a_part_without_a_type_is_taken_for_dicom(slices, token):
    raw = b"--edge\r\n\r\n" + slices[0] + b"\r\n--edge--"
    response = Client().generic(
        "POST", URL, raw, content_type=MULTIPART, headers={"Authorization": f"Bearer {token}"}
    )
    assert response.status_code == 200


def test_a_body_that_breaks_off_is_no_success_though_what_came_is_kept(slices, token):
    response = Client().generic(
        "POST",
        URL,
        body(*slices)[:-200],
        content_type=MULTIPART,
        headers={"Authorization": f"Bearer {token}"},
    )
    assert response.status_code == 400
    assert b"2 instances were stored" in response.content
    assert Instance.objects.count() == 2
    assert IngestRun.objects.get().finished_at is not None


def test_too_large_a_part_fails_alone_and_leaves_nothing(store, slices, monkeypatch, crescent_data):
    monkeypatch.setattr("imaging.dicomweb.incoming_parts.MAX_FILE_BYTES", len(slices[0]))
    response = store(slices[0], slices[1] + bytes(10))
    assert response.status_code == 202
    assert IngestedFile.objects.get(result="rejected").reason_code == "file_too_large"
    assert spooled(crescent_data) == []


def spooled(data):
    return [path for path in (data / "spool").rglob("*") if path.is_file() and path.name != "lock"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (storage_fault(28), 507),
        (storage_fault(5), 503),
        (OperationalError("SECRET"), 503),
    ],
)
def test_a_failing_store_is_never_a_success(
    store, slices, monkeypatch, fault, status, crescent_data
):
    def fail(self, *, at):
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(Batch, "store", fail)
        response = store(*slices)
    assert response.status_code == status
    assert "Retry-After" in response
    assert b"SECRET" not in response.content
    assert Instance.objects.count() == 0
    assert spooled(crescent_data) == []
    assert store(*slices).status_code == 200


class TestWhoMayStore:
    def test_nobody(self, slices):
        response = Client().generic("POST", URL, body(*slices), content_type=MULTIPART)
        assert response.status_code == 401
        assert "Bearer" in response["WWW-Authenticate"]
        assert IngestRun.objects.count() == 0

    def test_a_peer_with_name_and_token(self, store, slices, token):
        basic = base64.b64encode(f"pacs:{token}".encode()).decode()
        assert store(*slices, Authorization=f"Basic {basic}").status_code == 200

    @pytest.mark.parametrize(
        "authorization",
        [
            "",
            "Bearer",
            "Bearer x",
            "Basic cGFjczp4",
            "Basic ====",
            "Basic /w==",
            "Digest x",
            "Bearer " + "x" * 2000,
            "Bearer ' OR 1=1 --",
        ],
    )
    def test_nobody_with_a_wrong_token(self, store, slices, monkeypatch, authorization):
        monkeypatch.setattr("imaging.dicomweb.peer_tokens.WRONG_TOKEN_SECONDS", 0)
        assert store(*slices, Authorization=authorization).status_code == 401
        assert IngestRun.objects.count() == 0

    def test_nobody_with_the_token_of_another(self, store, slices, token, monkeypatch):
        monkeypatch.setattr("imaging.dicomweb.peer_tokens.WRONG_TOKEN_SECONDS", 0)
        basic = base64.b64encode(f"other:{token}".encode()).decode()
        assert store(*slices, Authorization=f"Basic {basic}").status_code == 401

    def test_no_peer_that_was_retired(self, store, slices, monkeypatch):
        monkeypatch.setattr("imaging.dicomweb.peer_tokens.WRONG_TOKEN_SECONDS", 0)
        Peer.objects.update(retired_at=make.NOW)
        assert store(*slices).status_code == 401

    def test_whoever_guesses_beside_another_is_turned_away_at_once(self, store, slices):
        from imaging.dicomweb import peer_tokens

        with peer_tokens._guessing:
            assert store(*slices, Authorization="Bearer x").status_code == 429
            assert store(*slices).status_code == 200

    def test_a_person_with_the_token_of_the_form(self, store, slices, person):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(person, backend="registry.access.RoleBackend")
        assert store(*slices, client=browser).status_code == 403
        browser.get("/")
        csrf = browser.cookies["csrftoken"].value
        response = store(*slices, client=browser, **{"X-CSRFToken": csrf})
        assert response.status_code == 200
        run = IngestRun.objects.get()
        assert (run.started_by, run.peer) == (person, None)

    def test_a_person_of_two_centres_names_one(self, store, slices, person, other_centre):
        from registry import actions

        actions.people.set_roles(
            user=person, centre=other_centre, roles=["registrar"], by=None, at=make.NOW
        )
        browser = Client()
        browser.force_login(person, backend="registry.access.RoleBackend")
        assert store(*slices, client=browser).status_code == 403
        assert store(*slices, client=browser, **{"X-Crescent-Centre": "SOUTH"}).status_code == 403
        assert store(*slices, client=browser, **{"X-Crescent-Centre": "OTHER"}).status_code == 200
        assert IngestRun.objects.get().centre_code == "OTHER"

    def test_nobody_without_the_permission(self, store, slices, centre):
        browser = Client()
        reader = make.user(at_centre=centre, roles=["reader"])
        browser.force_login(reader, backend="registry.access.RoleBackend")
        assert store(*slices, client=browser).status_code == 403


def test_another_centre_neither_learns_of_an_instance_nor_stands_in_its_way(
    store, slices, other_centre
):
    store(*slices)
    _, token = dicomweb_peers.register(name="other", centre_code="OTHER", by=None, at=make.NOW)
    response = store(*slices, Authorization=f"Bearer {token}")
    assert response.status_code == 200
    assert set(IngestedFile.objects.values_list("result", flat=True)) == {"indexed"}
    assert Instance.objects.count() == 6


def events():
    return list(HistoryEvent.objects.values())


class TestRegistering:
    def test_the_token_is_printed_once_and_only_its_hash_is_kept(self, centre, slices):
        out = StringIO()
        call_command("add_dicomweb_peer", "pacs", centre="DEMO", stdout=out, stderr=StringIO())
        token = out.getvalue().strip()
        assert dicomweb_peers.token_sha256(token) == Peer.objects.get().token_sha256
        assert "register_peer" in {event["action"] for event in events()}
        assert not any(token in str(event) for event in events())
        response = Client().generic(
            "POST",
            URL,
            body(*slices),
            content_type=MULTIPART,
            headers={"Authorization": f"Bearer {token}"},
        )
        assert response.status_code == 200

    @pytest.mark.parametrize(
        ("name", "centre_code", "said"),
        [
            ("pacs", "DEMO", "already"),
            ("a b", "DEMO", "letters"),
            ("x" * 65, "DEMO", "64"),
            ("new", "NOWHERE", "centre"),
        ],
    )
    def test_a_name_is_used_once_and_a_centre_exists(self, token, name, centre_code, said):
        with pytest.raises(CommandError, match=said):
            call_command("add_dicomweb_peer", name, centre=centre_code)
