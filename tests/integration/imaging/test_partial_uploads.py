"""Large files part by part: interrupted, repeated, cancelled, abandoned, and taken in once."""

import json
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imaging.actions import start_run
from imaging.archive.configured import configured_partial_files
from imaging.archive.errors import storage_fault
from imaging.archive.local_files import LocalFiles
from imaging.models import IngestedFile, IngestRun, Instance, PartialUpload, Series
from registry.models import Centre, HistoryEvent
from tests.factories import registry_records
from tests.factories.dicom_files import SeriesPlan, ct_series, zip_of

PART_BYTES = 3000


@pytest.fixture
def urls(browser: Client) -> dict[str, str]:
    return browser.post(reverse("imaging:upload-create"), {"centre_code": "DEMO"}).json()["urls"]


@pytest.fixture
def slices(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "sent"
    folder.mkdir()
    return ct_series(folder, SeriesPlan(slices=4))


@pytest.fixture
def archive(tmp_path: Path, slices: list[Path]) -> bytes:
    members = [("DICOMDIR", b"x"), *((path.name, path.read_bytes()) for path in slices)]
    return zip_of(tmp_path / "DOE^JOHN.zip", members).read_bytes()


def begin(browser: Client, urls: dict[str, str], content: bytes, **said: Any) -> Any:
    asked = {"position": 1, "name": "DOE^JOHN.zip", "size": len(content)} | said
    return browser.post(urls["parts"], asked)


def put(browser: Client, url: str, part: bytes, *, offset: object) -> Any:
    return browser.put(
        url,
        part,
        content_type="application/octet-stream",
        headers={"upload-offset": str(offset)},
    )


def send(browser: Client, urls: dict[str, str], content: bytes, *, until: int | None = None) -> str:
    """Begin a file and send its parts, all of them or so many; returns its address."""
    assert begin(browser, urls, content).status_code == 201
    url = f"{urls['parts']}/1"
    for offset in range(0, len(content), PART_BYTES)[:until]:
        part = content[offset : offset + PART_BYTES]
        assert put(browser, url, part, offset=offset).json()["offset"] == offset + len(part)
    return url


def leave(response: Any) -> None:
    """Close the connection in the middle of the answer, as the server of the page notices it."""
    response._iterator.close()


def take_in(browser: Client, url: str) -> list[dict[str, Any]]:
    response = browser.post(f"{url}/take-in")
    assert response["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.getvalue().splitlines()]


def test_a_zip_in_parts_is_taken_in_entry_by_entry(
    browser: Client, urls: dict[str, str], archive: bytes
):
    url = send(browser, urls, archive)
    first, *files, last = take_in(browser, url)
    assert first == {"begun": True}
    assert [(file["entry"], file["result"]) for file in files] == [
        (2, "indexed"), (3, "indexed"), (4, "indexed"), (5, "indexed")
    ]  # fmt: skip
    assert last == {"done": True, "ignored": [1]}
    done = browser.post(urls["finish"], headers={"accept": "application/json"}).json()
    assert (done["counts"]["indexed"], done["counts"]["ignored"]) == (4, 1)
    assert done["patients"] == 1
    assert Series.objects.get().geometry_codes == ["even_spacing"]
    assert configured_partial_files().all_keys() == []


def test_one_large_image_is_taken_in_like_any_other(
    browser: Client, urls: dict[str, str], slices: list[Path]
):
    content = slices[0].read_bytes()
    _, file, last = take_in(browser, send(browser, urls, content))
    assert (file["position"], file["entry"], file["result"]) == (1, 0, "indexed")
    assert last["done"]


def test_a_quarantined_file_in_parts_is_kept_and_answered_again(
    browser: Client, urls: dict[str, str], slices: list[Path]
):
    """Its bytes move from the uploads to the quarantine, so there is nothing to read twice."""
    take_in(browser, send(browser, urls, slices[0].read_bytes()))
    other = bytearray(slices[0].read_bytes())
    other[-2] ^= 1
    assert begin(browser, urls, other, position=2).status_code == 201
    url = f"{urls['parts']}/2"
    put(browser, url, bytes(other), offset=0)
    answers = [take_in(browser, url), take_in(browser, url)]
    assert answers[0] == answers[1]
    assert answers[0][1]["reason_code"] == "pixel_conflict"


def test_after_an_interruption_the_server_says_where_to_go_on(
    browser: Client, urls: dict[str, str], archive: bytes
):
    url = send(browser, urls, archive, until=2)
    assert begin(browser, urls, archive).json()["offset"] == 2 * PART_BYTES
    assert browser.get(url).json() == {
        "position": 1, "offset": 2 * PART_BYTES, "size": len(archive), "ended": False
    }  # fmt: skip
    for wrong in (0, PART_BYTES, 3 * PART_BYTES):
        refused = put(browser, url, archive[wrong : wrong + PART_BYTES], offset=wrong)
        assert (refused.status_code, refused.json()["offset"]) == (409, 2 * PART_BYTES)
    rest = put(browser, url, archive[2 * PART_BYTES :], offset=2 * PART_BYTES)
    assert rest.json()["offset"] == len(archive)
    assert take_in(browser, url)[-1]["done"]


def test_what_is_not_whole_is_not_taken_in(browser: Client, urls: dict[str, str], archive: bytes):
    url = send(browser, urls, archive, until=1)
    refused = browser.post(f"{url}/take-in")
    assert (refused.status_code, refused.json()["offset"]) == (409, PART_BYTES)
    assert not IngestedFile.objects.exists()


def test_taken_in_twice_it_is_answered_as_the_first_time(
    browser: Client, urls: dict[str, str], archive: bytes
):
    """The last line was lost on its way; the bytes are gone by then."""
    url = send(browser, urls, archive)
    assert take_in(browser, url) == take_in(browser, url)
    assert IngestedFile.objects.count() == 4
    assert browser.get(url).json()["ended"]


def test_a_sender_that_leaves_while_it_is_taken_in_comes_back(
    browser: Client, urls: dict[str, str], archive: bytes
):
    url = send(browser, urls, archive)
    response = browser.post(f"{url}/take-in")
    lines = iter(response.streaming_content)
    assert [json.loads(next(lines)).get("result") for _ in range(2)] == [None, "indexed"]
    leave(response)
    assert PartialUpload.objects.get().ended_at is None
    _, *files, last = take_in(browser, url)
    assert {file["result"] for file in files} == {"indexed"}
    assert len(files) == 4
    assert last["done"]


def test_two_requests_do_not_take_the_same_file_in(
    browser: Client, urls: dict[str, str], archive: bytes
):
    url = send(browser, urls, archive)
    with configured_partial_files().held(PartialUpload.objects.get().public_id):
        assert browser.post(f"{url}/take-in").status_code == 503


def test_another_file_at_the_same_place_is_refused(
    browser: Client, urls: dict[str, str], archive: bytes
):
    send(browser, urls, archive, until=1)
    assert begin(browser, urls, archive, size=len(archive) + 1).status_code == 409
    assert begin(browser, urls, archive, name="ROE^JANE.zip").status_code == 409


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"position": 0}, 400),
        ({"position": "x"}, 400),
        ({"position": "9" * 400}, 400),
        ({"size": 0}, 400),
        ({"size": "-1"}, 400),
        ({"size": ""}, 400),
        ({"name": ""}, 400),
        ({"size": 10**14}, 413),
        ({"size": 60 * 10**9}, 413),
    ],
)
def test_a_beginning_that_makes_no_sense_is_refused(
    browser: Client, urls: dict[str, str], archive: bytes, said: dict[str, Any], status: int
):
    refused = begin(browser, urls, archive, **said)
    assert refused.status_code == status
    assert refused.json()["error"]
    assert not PartialUpload.objects.exists()


@pytest.mark.parametrize("offset", ["", "x", "-1", "9" * 40])
def test_a_part_needs_its_place(browser: Client, urls: dict[str, str], archive: bytes, offset: str):
    url = send(browser, urls, archive, until=1)
    assert put(browser, url, b"x", offset=offset).status_code == 400


def test_no_part_leads_beyond_the_end(browser: Client, urls: dict[str, str], archive: bytes):
    url = send(browser, urls, archive, until=1)
    refused = put(browser, url, bytes(len(archive)), offset=PART_BYTES)
    assert (refused.status_code, refused.json()["offset"]) == (409, PART_BYTES)
    too_large = browser.put(
        url,
        b"x",
        content_type="application/octet-stream",
        headers={"upload-offset": str(PART_BYTES), "content-length": str(2**40)},
    )
    assert too_large.status_code == 400


def test_the_viewer_program_of_a_disc_is_not_even_sent(
    browser: Client, urls: dict[str, str], archive: bytes
):
    assert begin(browser, urls, archive, name="viewer.exe").json() == {"ignored": [1]}
    assert not PartialUpload.objects.exists()
    assert IngestRun.objects.get().ignored_count == 1


def test_cancelling_removes_what_came_and_keeps_what_is_in(
    browser: Client, urls: dict[str, str], archive: bytes, slices: list[Path]
):
    take_in(browser, send(browser, urls, slices[0].read_bytes()))
    begin(browser, urls, archive, position=2)
    put(browser, f"{urls['parts']}/2", archive[:PART_BYTES], offset=0)
    assert len(configured_partial_files().all_keys()) == 1
    done = browser.post(urls["finish"], headers={"accept": "application/json"})
    assert done.json()["counts"]["indexed"] == 1
    assert configured_partial_files().all_keys() == []
    assert not PartialUpload.objects.filter(ended_at=None).exists()
    assert begin(browser, urls, archive, position=3).status_code == 404
    assert browser.get(f"{urls['parts']}/2").status_code == 404


def test_cancelling_while_an_archive_is_taken_in_stops_it(
    browser: Client, urls: dict[str, str], archive: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("imaging.views.partial_uploads.ROWS_BETWEEN_LOOKS", 1)
    url = send(browser, urls, archive)
    response = browser.post(f"{url}/take-in")
    lines = iter(response.streaming_content)
    next(lines)
    next(lines)
    browser.post(urls["finish"], headers={"accept": "application/json"})
    assert json.loads([*lines][-1])["done"] is False
    assert configured_partial_files().all_keys() == []
    assert not PartialUpload.objects.filter(ended_at=None).exists()
    assert not Series.objects.filter(geometry={}, instances__isnull=False).exists()


def test_the_state_says_what_need_not_be_sent_again(
    browser: Client, urls: dict[str, str], archive: bytes, slices: list[Path], tmp_path: Path
):
    text = tmp_path / "note.dcm"
    text.write_text("no image at all, only text " * 10)
    paths = [*slices[:2], text]
    browser.post(
        urls["files"],
        {
            "files": [
                *(SimpleUploadedFile(path.name, path.read_bytes()) for path in paths),
                SimpleUploadedFile("DICOMDIR", b"x"),
            ],
            "position": ["2", "3", "4", "6"],
        },
    )
    send(browser, urls, archive, until=2)
    state = browser.get(urls["state"]).json()
    assert state["answered"] == [[2, 4], [6, 6]]
    assert state["parts"] == [{"position": 1, "size": len(archive), "offset": 2 * PART_BYTES}]
    assert state["counts"]["indexed"] == 2
    assert [(file["position"], file["reason_code"]) for file in state["refused"]] == [
        (4, "not_dicom")
    ]
    assert not state["finished"]
    assert state["memory_key"] == browser.get(urls["state"]).json()["memory_key"]
    url = f"{urls['parts']}/1"
    put(browser, url, archive[2 * PART_BYTES :], offset=2 * PART_BYTES)
    assert browser.get(urls["state"]).json()["answered"] == [[2, 4], [6, 6]]
    take_in(browser, url)
    assert browser.get(urls["state"]).json()["answered"] == [[1, 4], [6, 6]]
    assert b"DOE^" not in browser.get(urls["state"]).content


def test_an_archive_that_was_left_half_way_is_not_answered(
    browser: Client, urls: dict[str, str], archive: bytes
):
    url = send(browser, urls, archive)
    response = browser.post(f"{url}/take-in")
    lines = iter(response.streaming_content)
    next(lines)
    next(lines)
    leave(response)
    assert browser.get(urls["state"]).json()["answered"] == []


def test_each_upload_has_a_memory_key_of_its_own(browser: Client):
    first, second = (
        browser.post(reverse("imaging:upload-create"), {"centre_code": "DEMO"}).json()
        for _ in range(2)
    )
    assert first["memory_key"] != second["memory_key"]


def test_the_page_lists_what_is_unfinished(
    browser: Client, urls: dict[str, str], archive: bytes, strange_browser: Client
):
    send(browser, urls, archive, until=1)
    assert urls["state"].encode() in browser.get(reverse("imaging:upload")).content
    assert urls["state"].encode() not in strange_browser.get(reverse("imaging:upload")).content
    browser.post(urls["finish"])
    assert urls["state"].encode() not in browser.get(reverse("imaging:upload")).content


def test_nobody_else_goes_on_with_it(
    browser: Client,
    urls: dict[str, str],
    archive: bytes,
    strange_browser: Client,
    centre: Centre,
):
    url = send(browser, urls, archive, until=1)
    colleague = Client()
    colleague.force_login(
        registry_records.user(at_centre=centre), backend="registry.access.RoleBackend"
    )
    for other in (strange_browser, colleague):
        assert begin(other, urls, archive).status_code == 404
        assert put(other, url, archive[PART_BYTES:], offset=PART_BYTES).status_code == 404
        assert other.get(url).status_code == 404
        assert other.get(urls["state"]).status_code == 404
        assert other.post(f"{url}/take-in").status_code == 404


def test_a_full_disk_is_no_success_and_the_rest_can_be_sent_later(
    browser: Client, urls: dict[str, str], archive: bytes, monkeypatch: pytest.MonkeyPatch
):
    url = send(browser, urls, archive)

    def fail(*args: object, **kwargs: object) -> None:
        raise storage_fault(28)

    monkeypatch.setattr(LocalFiles, "put", fail)
    last = take_in(browser, url)[-1]
    assert last["status"] == 507
    assert "full" in last["error"]
    assert not IngestedFile.objects.exists()
    monkeypatch.undo()
    assert take_in(browser, url)[-1]["done"]
    assert Instance.objects.count() == 4


def test_one_person_does_not_fill_the_disk_with_beginnings(
    browser: Client, urls: dict[str, str], archive: bytes, settings: Any
):
    settings.CRESCENT_UPLOAD_QUOTA_BYTES = 2 * len(archive) - 1
    send(browser, urls, archive, until=1)
    assert b"Your unfinished imports take" not in browser.get(reverse("imaging:upload")).content
    refused = begin(browser, urls, archive, position=2)
    assert refused.status_code == 507
    assert "unfinished imports" in refused.json()["error"]
    # The same file again is no second one.
    assert begin(browser, urls, archive).status_code == 201
    settings.CRESCENT_UPLOAD_QUOTA_BYTES = len(archive) + 1
    page = browser.get(reverse("imaging:upload")).content.decode()
    assert "Your unfinished imports take 100%" in page


def abandon(hours: float) -> None:
    at = timezone.now() - timedelta(hours=hours)
    IngestRun.objects.update(started_at=at)
    PartialUpload.objects.update(begun_at=at)
    IngestedFile.objects.update(recorded_at=at)
    files = configured_partial_files()
    for key in files.all_keys():
        os.utime(files.path(key), (at.timestamp(), at.timestamp()))


def recover() -> str:
    said = StringIO()
    call_command("recover", stdout=said)
    return said.getvalue()


def test_an_upload_that_nobody_went_on_with_for_a_day_is_closed(
    browser: Client, urls: dict[str, str], archive: bytes, slices: list[Path]
):
    """Z13: no bytes that name a patient lie about; what came in stays and is judged."""
    take_in(browser, send(browser, urls, slices[0].read_bytes()))
    begin(browser, urls, archive, position=2)
    put(browser, f"{urls['parts']}/2", archive[:PART_BYTES], offset=0)
    abandon(hours=23)
    assert "0 abandoned deliveries closed" in recover()
    assert len(configured_partial_files().all_keys()) == 1
    abandon(hours=25)
    assert "1 abandoned deliveries closed" in recover()
    assert configured_partial_files().all_keys() == []
    assert IngestRun.objects.get().finished_at is not None
    assert not PartialUpload.objects.filter(ended_at=None).exists()
    assert Instance.objects.count() == 1
    assert "0 abandoned deliveries closed" in recover()
    last = HistoryEvent.objects.order_by("-id").first()
    assert (last.action, last.actor_id) == ("finish_ingest", None)


def test_an_upload_whose_last_part_is_fresh_is_not_abandoned(
    browser: Client, urls: dict[str, str], archive: bytes
):
    """A slow line may need more than a day."""
    url = send(browser, urls, archive, until=1)
    abandon(hours=25)
    put(browser, url, archive[PART_BYTES : 2 * PART_BYTES], offset=PART_BYTES)
    assert "0 abandoned deliveries closed" in recover()
    assert len(configured_partial_files().all_keys()) == 1


def test_bytes_that_no_upload_waits_for_are_removed(
    browser: Client, urls: dict[str, str], archive: bytes
):
    """A crash between the end of an upload and the removal of its file."""
    url = send(browser, urls, archive)
    take_in(browser, url)
    left = configured_partial_files()
    left.append(PartialUpload.objects.get().public_id, offset=0, part=b"left over")
    assert "1 partial files removed" in recover()
    assert left.all_keys() == []


def test_no_path_and_no_history_carries_the_name(
    browser: Client, urls: dict[str, str], archive: bytes, crescent_data: Path
):
    take_in(browser, send(browser, urls, archive))
    begin(browser, urls, archive, position=2)
    assert not [path for path in crescent_data.rglob("*") if "DOE^" in path.name]
    assert not [event for event in HistoryEvent.objects.all() if "DOE^" in str(vars(event))]


@pytest.mark.parametrize("source", ["command_line", "stow", "release"])
@pytest.mark.django_db(transaction=True)
def test_a_delivery_of_any_source_whose_process_died_is_closed(centre: Centre, source: str):
    begun = {
        hours: start_run(
            centre_code="DEMO",
            source=IngestRun.Source(source),
            by=None,
            at=timezone.now() - timedelta(hours=hours),
        )
        for hours in (23, 25)
    }
    assert "1 abandoned deliveries closed" in recover()
    for hours, run in begun.items():
        run.refresh_from_db()
        assert (run.finished_at is None) == (hours < 24)
