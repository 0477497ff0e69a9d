"""Uploads from the browser: the same door, the same promises."""

import uuid
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from imaging.archive.configured import configured_archive
from imaging.archive.errors import storage_fault
from imaging.archive.local_files import LocalFiles
from imaging.models import IngestedFile, IngestRun, Instance, Series
from registry.models import Centre, Role, User
from tests.factories import registry_records
from tests.factories.dicom_files import SeriesPlan, ct_instance, ct_series, zip_of


@pytest.fixture
def slices(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "sent"
    folder.mkdir()
    return ct_series(folder, SeriesPlan(slices=4))


@pytest.fixture
def urls(browser: Client) -> dict[str, str]:
    opened = browser.post(reverse("imaging:upload-create"), {"centre_code": "DEMO"})
    assert opened.status_code == 201
    return opened.json()["urls"]


def send(browser: Client, url: str, paths: list[Path], *, first: int = 1) -> Any:
    return browser.post(
        url,
        {
            "files": [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths],
            "position": [str(first + number) for number in range(len(paths))],
        },
    )


def finish(browser: Client, url: str) -> Any:
    return browser.post(url, headers={"accept": "application/json"})


def test_files_are_stored_judged_and_counted(
    browser: Client, urls: dict[str, str], slices: list[Path], person: User
):
    answer = send(browser, urls["files"], slices).json()
    assert [file["result"] for file in answer["files"]] == ["indexed"] * 4
    assert [file["position"] for file in answer["files"]] == [1, 2, 3, 4]
    done = finish(browser, urls["finish"]).json()
    assert done["counts"] == {
        "files": 4, "indexed": 4, "duplicate": 0, "conflict": 0, "quarantined": 0, "rejected": 0,
        "ignored": 0,
    }  # fmt: skip
    assert done["page"] == urls["page"]
    assert Series.objects.get().geometry_codes == ["even_spacing"]
    run = IngestRun.objects.get()
    assert (run.source, run.started_by) == ("upload", person)
    assert run.finished_at is not None


def test_a_refused_file_comes_with_reason_and_next_step_and_without_its_name(
    browser: Client, urls: dict[str, str], slices: list[Path], tmp_path: Path
):
    text = tmp_path / "DOE^JOHN.dcm"
    text.write_text("no image at all, only text " * 10)
    response = send(browser, urls["files"], [slices[0], text])
    refused = response.json()["files"][1]
    assert (refused["result"], refused["reason_code"]) == ("rejected", "not_dicom")
    assert refused["reason"]
    assert refused["remedy"]
    assert b"DOE^" not in response.content
    assert response["Cache-Control"] == "no-store"


def test_the_same_request_sent_again_is_answered_as_the_first_time(
    browser: Client, urls: dict[str, str], slices: list[Path]
):
    """A lost answer makes the browser repeat itself; that is no second delivery."""
    first = send(browser, urls["files"], slices)
    second = send(browser, urls["files"], slices)
    assert first.json() == second.json()
    assert IngestedFile.objects.count() == 4


def test_a_zip_is_taken_in_entry_by_entry_with_its_companions_ignored(
    browser: Client, urls: dict[str, str], slices: list[Path], tmp_path: Path
):
    members = [(path.name, path.read_bytes()) for path in slices]
    archive = zip_of(tmp_path / "cd.zip", [("DICOMDIR", b"x"), ("../x", b"x"), *members])
    answer = send(browser, urls["files"], [archive]).json()
    assert [(file["position"], file["entry"]) for file in answer["files"]] == [
        (1, 2), (1, 3), (1, 4), (1, 5), (1, 6)
    ]  # fmt: skip
    assert answer["files"][0]["reason_code"] == "zip_unsafe_name"
    assert answer["ignored"] == [1]
    assert finish(browser, urls["finish"]).json()["counts"]["ignored"] == 1


def test_companions_are_counted_once_however_often_they_are_sent(
    browser: Client, urls: dict[str, str], slices: list[Path], tmp_path: Path
):
    """A lost answer makes the browser send a batch again; a DICOMDIR stays one DICOMDIR."""
    members = [("DICOMDIR", b"x"), ("Thumbs.db", b"x"), (slices[0].name, slices[0].read_bytes())]
    archive = zip_of(tmp_path / "cd.zip", members)
    companion = tmp_path / "DICOMDIR"
    companion.write_bytes(b"x")
    for _ in range(2):
        assert send(browser, urls["files"], [archive, companion]).json()["ignored"] == [1, 1, 2]
    assert finish(browser, urls["finish"]).json()["counts"]["ignored"] == 3


def test_a_spool_that_cannot_be_opened_is_a_fault_with_a_sentence(
    browser: Client, urls: dict[str, str], slices: list[Path], crescent_data: Path
):
    """507 and not 500: the page says what is safe and what to do."""
    (crescent_data / "spool").rename(crescent_data / "moved")
    (crescent_data / "spool").write_bytes(b"in the way of the folder")
    response = send(browser, urls["files"], slices)
    assert response.status_code == 507
    assert "The storage failed" in response.json()["error"]
    (crescent_data / "spool").unlink()
    (crescent_data / "moved").rename(crescent_data / "spool")
    assert send(browser, urls["files"], slices).status_code == 200


def test_nothing_of_an_upload_stays_in_the_spool(
    browser: Client, urls: dict[str, str], slices: list[Path]
):
    send(browser, urls["files"], slices)
    archive = configured_archive()
    assert isinstance(archive, LocalFiles)
    left = [path for path in archive.spool.root.rglob("*") if path.is_file()]
    assert [path.name for path in left if path.name != "lock"] == []


@pytest.mark.parametrize(
    "positions",
    [
        [],
        ["1"],
        ["1", "1"],
        ["0", "1"],
        ["1", "x"],
        ["1", "-2"],
        ["1", "9" * 12],
        ["1", "9" * 5000],
    ],
)
def test_positions_must_be_numbers_of_their_own(
    browser: Client, urls: dict[str, str], slices: list[Path], positions: list[str]
):
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in slices[:2]]
    response = browser.post(urls["files"], {"files": files, "position": positions})
    assert response.status_code == 400
    assert "position" in response.json()["error"]
    assert not IngestedFile.objects.exists()


def test_without_javascript_one_form_does_it_all(browser: Client, slices: list[Path]):
    page = browser.get(reverse("imaging:upload"))
    assert page.status_code == 200
    assert b'data-island="upload"' in page.content
    response = browser.post(
        reverse("imaging:upload"),
        {
            "centre_code": "DEMO",
            "files": [SimpleUploadedFile(path.name, path.read_bytes()) for path in slices],
        },
    )
    run = IngestRun.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("imaging:run-detail", args=[run.public_id])
    assert run.finished_at is not None
    assert Instance.objects.count() == 4


def test_an_empty_form_says_so(browser: Client):
    response = browser.post(reverse("imaging:upload"), {"centre_code": "DEMO"})
    assert response.status_code == 400
    assert b"No file was chosen." in response.content


def test_a_storage_fault_is_no_success_and_no_crash(
    browser: Client,
    urls: dict[str, str],
    slices: list[Path],
    monkeypatch: pytest.MonkeyPatch,
):
    def fail(*args: object, **kwargs: object) -> None:
        raise storage_fault(28)

    monkeypatch.setattr(LocalFiles, "put", fail)
    response = send(browser, urls["files"], slices)
    assert response.status_code == 507
    assert "full" in response.json()["error"]
    assert "files" not in response.json()
    assert not IngestedFile.objects.exists()
    monkeypatch.undo()
    assert send(browser, urls["files"], slices).status_code == 200


def test_an_upload_belongs_to_who_opened_it(
    urls: dict[str, str], slices: list[Path], strange_browser: Client, centre: Centre
):
    colleague = Client()
    colleague.force_login(
        registry_records.user(at_centre=centre), backend="registry.access.RoleBackend"
    )
    for browser in (strange_browser, colleague):
        assert send(browser, urls["files"], slices).status_code == 404
        assert finish(browser, urls["finish"]).status_code == 404


def test_a_finished_upload_takes_nothing_more(
    browser: Client, urls: dict[str, str], slices: list[Path]
):
    finish(browser, urls["finish"])
    assert send(browser, urls["files"], slices).status_code == 404


def test_finishing_twice_is_answered_as_the_first_time(
    browser: Client, urls: dict[str, str], slices: list[Path]
):
    send(browser, urls["files"], slices)
    first = finish(browser, urls["finish"])
    assert finish(browser, urls["finish"]).json() == first.json()
    assert first.json()["counts"]["indexed"] == 4


def test_a_zip_of_nothing_but_folders_is_answered(
    browser: Client, urls: dict[str, str], tmp_path: Path
):
    """Every file that arrives ends as a row; silence would pass for success."""
    answer = send(browser, urls["files"], [zip_of(tmp_path / "cd.zip", [("a/", b"")])]).json()
    assert [file["reason_code"] for file in answer["files"]] == ["empty_file"]


def test_nobody_uploads_to_a_centre_he_may_not_add_to(
    browser: Client, strange_browser: Client, centre: Centre
):
    reader = Client()
    reader.force_login(
        registry_records.user(at_centre=centre, roles=[Role.READER]),
        backend="registry.access.RoleBackend",
    )
    for person in (strange_browser, reader):
        created = person.post(reverse("imaging:upload-create"), {"centre_code": "DEMO"})
        assert created.status_code == 404
    assert reader.get(reverse("imaging:upload")).status_code == 404
    assert not IngestRun.objects.exists()


def test_who_is_not_signed_in_is_sent_away_and_leaves_nothing(slices: list[Path], db: None):
    for name, arguments in (
        ("upload-create", []),
        ("upload", []),
        ("upload-files", [uuid.uuid4()]),
    ):
        response = send(Client(), reverse(f"imaging:{name}", args=arguments), slices)
        assert response.status_code == 302
        assert "sign" in response.url
    root = configured_archive().root  # type: ignore[attr-defined]
    assert [path for path in (root / "spool").rglob("*") if path.name != "lock"] == []


def test_an_upload_needs_the_token_of_its_page(person: User, slices: list[Path]):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(person, backend="registry.access.RoleBackend")
    opened = careful.post(reverse("imaging:upload-create"), {"centre_code": "DEMO"})
    assert opened.status_code == 403


def test_series_of_an_upload_that_was_never_finished_are_judged_by_recovery(
    browser: Client, urls: dict[str, str], slices: list[Path]
):
    send(browser, urls["files"], slices)
    assert Series.objects.get().geometry == {}
    # Another delivery has enough to do with its own series.
    browser.post(reverse("imaging:upload-create"), {"centre_code": "DEMO"})
    assert Series.objects.get().geometry == {}
    call_command("recover", stdout=StringIO())
    assert Series.objects.get().geometry_codes == ["even_spacing"]


def test_a_file_name_never_becomes_part_of_a_path(
    browser: Client, urls: dict[str, str], tmp_path: Path
):
    content = ct_instance(tmp_path / "x.dcm").read_bytes()
    names = ["../../../../tmp/evil.dcm", "a" * 300, "DOE^JOHN.1953-07-17", "CON", "\u202egnp.dcm"]
    response = browser.post(
        urls["files"],
        {
            "files": [SimpleUploadedFile(name, content) for name in names],
            "position": [str(number) for number in range(1, len(names) + 1)],
        },
    )
    assert {file["result"] for file in response.json()["files"]} == {"indexed", "duplicate"}
    root = configured_archive().root  # type: ignore[attr-defined]
    assert not [path for path in root.rglob("*") if "DOE^" in path.name or "evil" in path.name]
