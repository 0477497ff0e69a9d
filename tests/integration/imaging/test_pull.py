"""Pulling from an archive, by command and by page: a fake one that may misbehave, and Orthanc."""

import io
import re
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from imaging.actions import remote_archives
from imaging.dicomweb.archive_connection import ArchiveUnreachableError
from imaging.dicomweb.pull import start as begin_pull
from imaging.dicomweb.pulls_under_way import PullsUnderWay
from imaging.dicomweb.remote_archive_client import FoundStudy, RemoteArchiveClient
from imaging.models import IngestedFile, IngestRun, Instance, RemoteArchive
from registry.models import HistoryEvent
from tests.factories import registry_records as make
from tests.factories.dicom_files import IDENTIFYING_VALUES, STUDY_UID, ct_instance
from tests.factories.fake_archive import answer, fake_archive, found, parts

pytestmark = pytest.mark.django_db(transaction=True)

DICOM_JSON = "application/dicom+json"
PATIENT_ID = IDENTIFYING_VALUES["PatientID"]
ACCESSION_NUMBER = IDENTIFYING_VALUES["AccessionNumber"]
STUDY = {
    "0020000D": STUDY_UID,
    "00100020": PATIENT_ID,
    "00080050": ACCESSION_NUMBER,
    "00080020": "20240305",
    "00080061": "CT",
    "00081030": "Canarydescription",
    "00201208": 3,
}


@pytest.fixture
def slices(tmp_path):
    return [ct_instance(tmp_path / f"{index}.dcm", index=index).read_bytes() for index in range(3)]


def register(url, *, name="pacs", centre_code="DEMO", private=True, credential=None):
    return remote_archives.register(
        name=name,
        centre_code=centre_code,
        base_url=url,
        authentication="bearer" if credential else "none",
        credential=credential,
        private_address_allowed=private,
        by=None,
        at=make.NOW,
    )


@pytest.fixture
def archive_with(centre):
    """Start an archive that answers a search and a retrieval so, and register it."""
    opened = []

    def start(*, search, study=b"", **registered):
        context = fake_archive(lambda path: search if "?" in path else study)
        archive = context.__enter__()
        opened.append(context)
        register(archive.url, **registered)
        return archive

    yield start
    for context in opened:
        context.__exit__(None, None, None)


def pull(*arguments, typed=PATIENT_ID, option="--patient-id", monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("pull", "pacs", option, *arguments, "--workers", "1", stdout=out, stderr=err)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue() + err.getvalue()


def results():
    return sorted(IngestedFile.objects.values_list("result", "reason_code"))


class TestCommand:
    @pytest.mark.parametrize(
        ("option", "typed"),
        [("--patient-id", PATIENT_ID), ("--accession-number", ACCESSION_NUMBER)],
    )
    def test_what_has_the_number_comes_in(self, archive_with, slices, monkeypatch, option, typed):
        archive = archive_with(search=found(STUDY), study=parts(*slices))
        code, _ = pull(option=option, typed=typed, monkeypatch=monkeypatch)
        assert code == 0
        assert results() == [("indexed", "")] * 3
        run = IngestRun.objects.get()
        assert (run.source, run.remote_archive.name, run.expected_files) == ("pull", "pacs", 3)
        assert run.finished_at is not None
        assert next(iter(archive.query().values())) == [typed]
        assert f"/studies/{STUDY_UID} " in archive.requests[1]

    def test_numbers_and_uids_are_neither_said_nor_kept(
        self, archive_with, slices, monkeypatch, caplog
    ):
        archive_with(search=found(STUDY), study=parts(*slices), credential="SECRET")
        _, said = pull(monkeypatch=monkeypatch)
        kept = said + caplog.text + str(list(HistoryEvent.objects.values()))
        kept += str(list(RemoteArchive.objects.values_list("base_url", "name")))
        for secret in (PATIENT_ID, STUDY_UID, "Canarydescription", "SECRET"):
            assert secret not in kept

    def test_several_studies_wait_for_a_choice(self, archive_with, slices, monkeypatch):
        other = STUDY | {"0020000D": "1.2.3.4.5.6"}
        archive = archive_with(search=found(STUDY, other), study=parts(*slices))
        with pytest.raises(CommandError, match="--study"):
            pull(monkeypatch=monkeypatch)
        assert pull("--study", "1", monkeypatch=monkeypatch)[0] == 0
        assert [f"/studies/{STUDY_UID} " in request for request in archive.requests] == [
            False,
            False,
            True,
        ]
        with pytest.raises(CommandError, match="list above"):
            pull("--study", "3", monkeypatch=monkeypatch)

    def test_nothing_found_is_said(self, archive_with, monkeypatch):
        archive_with(search=b"HTTP/1.1 204 No Content\r\n\r\n")
        with pytest.raises(CommandError, match="no such study"):
            pull(monkeypatch=monkeypatch)
        assert IngestRun.objects.count() == 0

    @pytest.mark.parametrize("typed", ["", "*", "47?", "1\\2", "x" * 65])
    def test_what_is_no_number_is_not_searched_for(self, archive_with, monkeypatch, typed):
        archive = archive_with(search=found(STUDY))
        with pytest.raises(CommandError):
            pull(typed=typed, monkeypatch=monkeypatch)
        assert archive.connections == 0

    def test_an_empty_number_is_not_searched_for(self, archive_with, monkeypatch):
        archive = archive_with(search=found(STUDY))
        with pytest.raises(CommandError, match="Type a number"):
            pull("", monkeypatch=monkeypatch)
        assert archive.connections == 0

    def test_what_is_typed_stays_one_value_of_the_question(self, archive_with, monkeypatch):
        archive = archive_with(search=found())
        with pytest.raises(CommandError):
            pull(typed="1&limit=9#/../ x%00", monkeypatch=monkeypatch)
        assert archive.query()["PatientID"] == ["1&limit=9#/../ x%00"]


def searches():
    """What the history says of each search: who, where, by what, and nothing of the number."""
    events = HistoryEvent.objects.filter(action="search_remote_archive")
    return [(event.actor_id, event.changes) for event in events.order_by("id")]


class TestWhatWasNotAskedFor:
    def test_a_study_with_another_number_is_not_offered(self, archive_with, monkeypatch):
        archive_with(search=found(STUDY | {"00100020": "SOMEBODY-ELSE"}))
        with pytest.raises(CommandError, match="no such study"):
            pull(monkeypatch=monkeypatch)

    def test_who_searched_is_in_the_history_also_when_nothing_is_found(
        self, archive_with, monkeypatch
    ):
        archive_with(search=found())
        with pytest.raises(CommandError, match="no such study"):
            pull(monkeypatch=monkeypatch)
        said = {"name": [None, "pacs"], "searched_by": [None, "patient_id"]}
        assert searches() == [(None, said)]

    @pytest.mark.parametrize(
        "other", [{"PatientID": "SOMEBODY-ELSE"}, {"StudyInstanceUID": "1.2.3.4.5.6"}]
    )
    def test_an_image_of_another_patient_or_study_is_kept_apart(
        self, archive_with, slices, monkeypatch, tmp_path, other
    ):
        strange = ct_instance(tmp_path / "strange.dcm", index=2, **other).read_bytes()
        archive_with(search=found(STUDY), study=parts(*slices[:2], strange))
        code, _ = pull(monkeypatch=monkeypatch)
        assert code == 2
        assert results() == [
            ("indexed", ""),
            ("indexed", ""),
            ("quarantined", "pulled_other_than_asked"),
        ]

    def test_a_search_by_accession_number_holds_the_patient_it_found(
        self, archive_with, monkeypatch, tmp_path
    ):
        strange = ct_instance(tmp_path / "strange.dcm", PatientID="SOMEBODY-ELSE").read_bytes()
        archive_with(search=found(STUDY | {"00201208": 1}), study=parts(strange))
        pull(option="--accession-number", typed=ACCESSION_NUMBER, monkeypatch=monkeypatch)
        assert results() == [("quarantined", "pulled_other_than_asked")]


def endless_parts(content):
    yield parts(content).split(b"\r\n\r\n", 1)[0].replace(b"Content-Length", b"X-Length") + (
        b"\r\n\r\n"
    )
    while True:
        yield b"--edge\r\nContent-Type: application/dicom\r\n\r\n" + bytes(100_000) + b"\r\n"


class TestUnusableAnswers:
    @pytest.mark.parametrize(
        ("study", "expected"),
        [
            (lambda slices: parts(*slices)[:-300], 2),
            (lambda slices: parts(*slices[:2]), 2),
            (lambda slices: parts(*slices, end=b"x"), 3),
            (lambda slices: answer(slices[0], content_type="application/dicom"), 0),
            (lambda slices: answer(b"{}", content_type="application/json"), 0),
            (lambda slices: answer(b"", content_type="x/y", status="302 Found"), 0),
            (lambda slices: answer(b"", content_type="x/y", status="500 Oh"), 0),
            (lambda slices: parts(), 0),
            (lambda slices: b"", 0),
        ],
    )
    def test_the_run_says_that_not_everything_came(
        self, archive_with, slices, monkeypatch, study, expected
    ):
        archive_with(search=found(STUDY), study=study(slices))
        assert pull(monkeypatch=monkeypatch)[0] == 2
        assert results() == [("indexed", "")] * expected + [("rejected", "archive_answer_unusable")]
        assert IngestRun.objects.get().finished_at is not None

    def test_a_part_of_another_type_fails_alone(self, archive_with, slices, monkeypatch):
        archive_with(
            search=found(STUDY | {"00201208": 1}), study=parts(slices[0], part_type="text/html")
        )
        pull(monkeypatch=monkeypatch)
        assert results() == [("rejected", "not_dicom")]

    def test_an_answer_without_end_has_one(self, archive_with, slices, monkeypatch):
        monkeypatch.setattr("imaging.dicomweb.remote_archive_client.MAX_BODY_BYTES", 1_000_000)
        archive_with(search=found(STUDY), study=endless_parts(slices[0]))
        pull(monkeypatch=monkeypatch)
        assert ("rejected", "archive_answer_unusable") in results()

    @pytest.mark.parametrize(
        "search",
        [
            answer(b"[", content_type=DICOM_JSON),
            answer(b"{}", content_type=DICOM_JSON),
            answer(b"[1]", content_type=DICOM_JSON),
            answer(b"[" * 100_000, content_type=DICOM_JSON),
            answer(b"[]", content_type="text/html"),
            answer(b"[]", content_type=DICOM_JSON, headers=["Content-Encoding: gzip"]),
            answer(b" " * 5_000_000, content_type=DICOM_JSON),
            found(*[STUDY] * 101),
        ],
    )  # fmt: skip
    def test_a_search_that_is_none_is_refused_in_a_sentence(
        self, archive_with, monkeypatch, search
    ):
        archive_with(search=search)
        with pytest.raises(CommandError, match=r"\.$"):
            pull(monkeypatch=monkeypatch)

    @pytest.mark.parametrize("instances", ["many", 10**20, "\u0663"])
    def test_odd_facts_of_a_study_are_left_out(self, archive_with, slices, monkeypatch, instances):
        odd = STUDY | {"00080020": "yesterday", "00201208": instances, "00080061": {"x": 1}}
        archive_with(
            search=found(odd, {"0020000D": "no uid", "00100020": PATIENT_ID}), study=parts(*slices)
        )
        code, said = pull(monkeypatch=monkeypatch)
        assert code == 0
        assert "no date" in said


class TestUnderWay:
    def test_whatever_ends_a_pull_is_told(self, archive_with, caplog):
        """Nobody waits for its result: an error that is not expected must not vanish."""
        archive_with(search=found(STUDY))
        remote = RemoteArchive.objects.get(name="pacs")
        study = FoundStudy(STUDY_UID, PATIENT_ID, None, (), "", 3)
        run = begin_pull(remote, study, by=None, at=timezone.now())
        pulls = PullsUnderWay()
        ended = pulls.start(
            run, study, client=Fails(remote), intake=None, archive=None, by=None, clock=timezone.now
        )
        assert isinstance(ended.exception(), ZeroDivisionError)
        pulls._threads.shutdown()
        assert f"Pull {run.public_id} broke off: ZeroDivisionError" in caplog.text
        assert pulls.has_room_for(1)


class Fails(RemoteArchiveClient):
    def study(self, study_instance_uid):
        return 1 / 0


class TestWhereItMayGo:
    URLS = [
        "http://{canary}/",
        "http://127.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://127.0.0.1.:{port}/",
        "http://127.000.000.001:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f000001:{port}/",
        "http://0x7f.0.0.1:{port}/",
        "http://017700000001:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://0:{port}/",
        "http://0.0.0.0:{port}/",
        "http://localhost:{port}/",
        "http://localhost.:{port}/",
        "http://LOCALHOST:{port}/",
        "http://localhost.localdomain:{port}/",
        "http://[::1]:{port}/",
        "http://[::]:{port}/",
        "http://[0:0:0:0:0:0:0:1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://[::127.0.0.1]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "http://[2002:7f00:1::]:{port}/",
        "http://[fe80::1%25lo]:{port}/",
        "http://127.0.0.2:{port}/",
        "http://127.255.255.254:{port}/",
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
        "http://127。0。0。1:{port}/",
        "http://１２７.0.0.1:{port}/",
        "http://me:me@127.0.0.1:{port}/",
        "http://example.org@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}@example.org/",
        "http://example.org#@127.0.0.1:{port}/",
        "http://example.org\\@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@example.org/",
        "http://127.0.0.1%23.example.org:{port}/",
        "http://127.0.0.1\t:{port}/",
        "http://127.0.0.1:{port}/\r\nX: y",
        " http://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "HTTP://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "gopher://127.0.0.1:{port}/",
        "file://127.0.0.1:{port}/etc/passwd",
        "ftp://127.0.0.1:{port}/",
        "ws://127.0.0.1:{port}/",
        "javascript://127.0.0.1:{port}/",
        "http:127.0.0.1:{port}/",
        "http:///127.0.0.1:{port}/",
        "http://169.254.169.254/",
        "http://[fd00:ec2::254]/",
        "http://0251.0376.0251.0376/",
    ]  # fmt: skip

    @pytest.mark.parametrize("private", [True, False])
    def test_no_spelling_leads_to_this_machine(self, centre, settings, private):
        """Even where somebody wrote the address past the check of the command."""
        settings.CRESCENT_DEMO = False
        with fake_archive(lambda _: found()) as canary:
            for number, spelling in enumerate(self.URLS):
                url = spelling.format(port=canary.port, canary=f"127.0.0.1:{canary.port}")
                archive = register(url, name=f"canary-{number}", private=private)
                with pytest.raises(ArchiveUnreachableError):
                    RemoteArchiveClient(archive).search(by="patient_id", term="1")
            assert canary.connections == 0
        assert len(self.URLS) >= 40

    def test_a_name_that_means_something_else_the_next_time_is_asked_for_once(self, centre):
        """DNS rebinding: the connection goes to the address that was checked."""
        meanings = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])
        asked = []

        def resolver(host, port):
            asked.append(host)
            return next(meanings)

        with (
            fake_archive(lambda _: found(STUDY)) as archive,
            fake_archive(lambda _: found(), host="127.0.0.2", port=archive.port) as canary,
        ):
            registered = register(f"http://archive.example:{archive.port}")
            client = RemoteArchiveClient(registered, resolver=resolver)
            assert len(client.search(by="patient_id", term=PATIENT_ID).studies) == 1
            assert (archive.connections, canary.connections) == (1, 0)
        assert asked == ["archive.example"]

    def test_a_name_that_turns_private_is_refused(self, centre):
        meanings = iter([["169.254.169.254"]])
        registered = register("https://archive.example", private=False)
        client = RemoteArchiveClient(registered, resolver=lambda host, port: next(meanings))
        with pytest.raises(ArchiveUnreachableError, match="secrets"):
            client.search(by="patient_id", term=PATIENT_ID)

    def test_no_redirect_is_followed(self, archive_with, monkeypatch):
        with fake_archive(lambda _: found(STUDY)) as canary:
            archive_with(
                search=answer(
                    b"", content_type="x/y", status="302 Found", headers=[f"Location: {canary.url}"]
                )
            )
            with pytest.raises(CommandError, match="final address"):
                pull(monkeypatch=monkeypatch)
            assert canary.connections == 0

    def test_no_proxy_of_the_environment_is_asked(self, archive_with, monkeypatch):
        with fake_archive(lambda _: found()) as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            archive_with(search=found())
            with pytest.raises(CommandError, match="no such study"):
                pull(monkeypatch=monkeypatch)
            assert proxy.connections == 0


class TestRegistering:
    def add(self, *arguments, typed="", monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        call_command("add_remote_archive", *arguments, stdout=StringIO(), stderr=StringIO())

    def test_a_credential_is_read_from_standard_input_and_sealed(self, centre, monkeypatch):
        self.add(
            "pacs", "--centre", "DEMO", "--url", "http://127.0.0.1:9999/dicom-web",
            "--private-network", "--basic-from-stdin", typed="me:SECRET\n", monkeypatch=monkeypatch,
        )  # fmt: skip
        archive = RemoteArchive.objects.get()
        assert archive.credential == "me:SECRET"
        assert "SECRET" not in str(list(HistoryEvent.objects.values()))

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--url", "http://127.0.0.1:9999"], "https"),
            (["--url", "https://127.0.0.1:9999"], "this machine"),
            (["--url", "https://169.254.169.254"], "secrets"),
            (["--url", "https://10.0.0.1"], "--private-network"),
            (["--url", "https://me:x@8.8.8.8"], "Name and password"),
            (["--url", "https://8.8.8.8", "--bearer-from-stdin"], "no credential"),
            (["--url", "https://8.8.8.8", "--centre", "NOWHERE"], "no centre"),
        ],
    )
    def test_what_may_not_be_is_refused_in_a_sentence(self, centre, monkeypatch, arguments, said):
        with pytest.raises(CommandError, match=said):
            self.add("pacs", "--centre", "DEMO", *arguments, monkeypatch=monkeypatch)
        assert RemoteArchive.objects.count() == 0

    def test_a_retired_archive_is_not_asked_and_its_credential_is_gone(
        self, archive_with, monkeypatch
    ):
        archive = archive_with(search=found(STUDY), credential="SECRET")
        call_command("retire_remote_archive", "pacs", stdout=StringIO())
        with pytest.raises(CommandError, match="no archive"):
            pull(monkeypatch=monkeypatch)
        assert archive.connections == 0
        assert RemoteArchive.objects.get().credential is None
        with pytest.raises(CommandError, match="retired"):
            call_command("retire_remote_archive", "pacs")


SEALED = re.compile(r'name="study" value="([^"]+)"')


class TestPage:
    def search(self, browser, *, number=PATIENT_ID):
        public_id = RemoteArchive.objects.get(name="pacs").public_id
        return browser.post(
            "/imaging/pulls/new/", {"archive": public_id, "by": "patient_id", "number": number}
        )

    def finished(self):
        deadline = time.monotonic() + 60
        while (run := IngestRun.objects.get()).finished_at is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return run

    def test_who_searches_and_chooses_is_led_to_the_run(
        self, archive_with, slices, browser, person
    ):
        archive_with(search=found(STUDY), study=parts(*slices))
        page = self.search(browser).content.decode()
        assert "2024-03-05" in page
        assert "Canarydescription" in page
        assert STUDY_UID not in page
        response = browser.post("/imaging/pulls/", {"study": SEALED.findall(page)})
        run = self.finished()
        assert response["Location"] == f"/imaging/runs/{run.public_id}/"
        assert (run.source, run.started_by, run.expected_files) == ("pull", person, 3)
        assert [actor for actor, _ in searches()] == [person.pk]
        assert Instance.objects.count() == 3

    def test_a_failure_of_the_archive_is_said_on_the_page(self, archive_with, browser):
        archive_with(search=answer(b"", content_type="x/y", status="401 No"))
        response = self.search(browser)
        assert response.status_code == 400
        assert b"credentials" in response.content

    def test_a_number_with_a_wildcard_is_not_sent(self, archive_with, browser):
        archive = archive_with(search=found(STUDY))
        assert self.search(browser, number="4*").status_code == 400
        assert archive.connections == 0

    def test_an_archive_of_another_centre_is_as_if_there_were_none(
        self, archive_with, browser, other_centre, slices
    ):
        archive = archive_with(search=found(STUDY), study=parts(*slices), centre_code="OTHER")
        assert b"pacs" not in browser.get("/imaging/pulls/new/").content
        assert self.search(browser).status_code == 400
        assert archive.connections == 0

    def test_a_choice_is_good_for_whom_it_was_shown_to_and_not_for_ever(
        self, archive_with, browser, centre, slices, monkeypatch
    ):
        archive_with(search=found(STUDY), study=parts(*slices))
        choice = {"study": SEALED.findall(self.search(browser).content.decode())}
        colleague = Client()
        colleague.force_login(make.user(at_centre=centre), backend="registry.access.RoleBackend")
        for client, sent in (
            (colleague, choice),
            (browser, {"study": ["made up"]}),
            (browser, {}),
            (browser, {"study": choice["study"] * 11}),
        ):
            assert client.post("/imaging/pulls/", sent)["Location"] == "/imaging/pulls/new/"
        monkeypatch.setattr("imaging.views.pulls.CHOICE_SECONDS", -1)
        assert browser.post("/imaging/pulls/", choice)["Location"] == "/imaging/pulls/new/"
        assert IngestRun.objects.count() == 0

    def test_who_may_not_add_images_does_not_see_the_page(self, centre):
        reader = Client()
        reader.force_login(
            make.user(at_centre=centre, roles=["reader"]), backend="registry.access.RoleBackend"
        )
        assert reader.get("/imaging/pulls/new/").status_code == 404
