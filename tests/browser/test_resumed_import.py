"""An import of several hundred files and a zip survives what happens to pages and servers."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from imaging.archive.configured import configured_partial_files
from imaging.models import IngestedFile, IngestRun, PartialUpload
from tests.browser import world as built
from tests.factories import registry_records as make
from tests.factories.dicom_files import ROOT, ct_instance
from tests.faults.installation import PASSWORD, SENDER, Installation
from tests.faults.services import WebService

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
"""What is tested here does not depend on the size of the screen."""

SLICES = 300
OTHERS = 7
IN_THE_ZIP = 40
FOLDER = "input[type=file][webkitdirectory]"
ANSWERED_SOME = re.compile(r"^\d{2,}/")


def slices(folder: Path, *, count: int, series: int) -> list[Path]:
    folder.mkdir(parents=True)
    uids = {
        "StudyInstanceUID": f"{ROOT}.71",
        "SeriesInstanceUID": f"{ROOT}.71.{series}",
    }
    return [
        ct_instance(
            folder / f"{index}.dcm",
            index=index,
            **uids,
            SOPInstanceUID=f"{ROOT}.71.{series}.{index}",
        )
        for index in range(count)
    ]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a person drags in: slices, a few files that are none, a DICOMDIR and a zip."""
    folder = tmp_path_factory.mktemp("sent") / "DOE^JOHN"
    slices(folder, count=SLICES, series=1)
    for index in range(OTHERS):
        (folder / f"note{index}.dcm").write_text("no image at all, only text " * 10)
    (folder / "DICOMDIR").write_bytes(b"x")
    with zipfile.ZipFile(folder / "more.zip", "w") as file:
        zipped = slices(tmp_path_factory.mktemp("zipped") / "in", count=IN_THE_ZIP, series=2)
        for number, one in enumerate(zipped):
            file.write(one, f"{number}.dcm")
    return folder


@pytest.fixture
def import_page(page, live_server, installation) -> Iterator[object]:
    manager = make.user(at_centre=make.centre("NORTH"), name="manager")
    built.sign_in(page.context, live_server.url, manager)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{live_server.url}/imaging/uploads/new/")
    return page


def choose_again(page, folder: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose the folder again").click()
    chooser.value.set_files(folder)


def expect_all_in(page) -> None:
    expect(page.locator(".import-progress")).to_contain_text(
        "Done. Some files need your attention.", timeout=90_000
    )
    counts = page.locator(".result-counts")
    expect(counts).to_contain_text(f"{SLICES + IN_THE_ZIP} indexed")
    expect(counts).to_contain_text(f"{OTHERS} rejected")
    expect(counts).to_contain_text("1 ignored")
    run = IngestRun.objects.get()
    assert run.finished_at is not None
    assert run.ignored_count == 1
    assert IngestedFile.objects.filter(result="indexed").count() == SLICES + IN_THE_ZIP
    assert IngestedFile.objects.count() == SLICES + IN_THE_ZIP + OTHERS
    assert configured_partial_files().all_keys() == []


def test_after_a_reload_only_what_is_missing_is_sent(import_page, sent, picture):
    import_page.locator(FOLDER).set_input_files(sent)
    expect(import_page.locator(".import-progress .number")).to_have_text(ANSWERED_SOME)
    import_page.reload()

    unfinished = import_page.locator(".unfinished-imports")
    expect(unfinished).to_contain_text("only what is missing is sent")
    picture(import_page, "31-unfinished-import")
    kept = import_page.evaluate("JSON.stringify(localStorage)")
    assert "DOE^" not in kept
    assert ".dcm" not in kept
    answered = IngestedFile.objects.count()
    posted: list[int] = []
    import_page.on(
        "request",
        lambda request: posted.append(1) if request.url.endswith("/files") else None,
    )
    choose_again(import_page, sent)

    expect_all_in(import_page)
    assert len(posted) < (SLICES + OTHERS - answered) / 20 + 6
    expect(import_page.locator(".import-results")).to_contain_text(f"Show the {OTHERS} files")
    import_page.get_by_role("button", name=f"Show the {OTHERS} files").click()
    expect(import_page.locator(".import-results")).to_contain_text("DOE^JOHN/note3.dcm")
    picture(import_page, "32-resumed-import")
    assert (
        import_page.evaluate(
            "Object.keys(localStorage).filter(key => key.startsWith('crescent.upload')).length"
        )
        == 0
    )
    import_page.reload()
    expect(unfinished).to_have_count(0)


def test_other_files_do_not_pass_for_the_same_import(import_page, sent, tmp_path):
    import_page.locator(FOLDER).set_input_files(sent)
    expect(import_page.locator(".import-progress .number")).to_have_text(ANSWERED_SOME)
    import_page.reload()
    other = slices(tmp_path / "other", count=2, series=9)[0].parent
    before = IngestedFile.objects.count()
    choose_again(import_page, other)

    expect(import_page.get_by_role("alert")).to_contain_text("None of these files belongs")
    expect(import_page.locator(".unfinished-imports")).to_contain_text("only what is missing")
    assert IngestedFile.objects.count() - before <= 40, "what was under way may have arrived"
    choose_again(import_page, sent)
    expect_all_in(import_page)


def test_a_zip_in_the_middle_of_its_parts_goes_on_where_it_stopped(import_page, sent, tmp_path):
    """The connection is gone for good after the first part; the page is opened anew."""
    large = tmp_path / "large.zip"
    with zipfile.ZipFile(sent / "more.zip") as source, zipfile.ZipFile(large, "w") as file:
        for name in source.namelist():
            file.writestr(name, source.read(name))
        file.writestr("padding.bin", bytes(range(256)) * 40_000)
    offsets: list[str] = []

    def first_part_only(route):
        offset = route.request.headers["upload-offset"]
        offsets.append(offset)
        if offset == "0":
            route.continue_()
        # What comes after it is never answered.

    parts = re.compile(r"/parts/\d+$")
    import_page.route(parts, first_part_only)
    picker = import_page.locator("input[type=file][multiple]:not([webkitdirectory])")
    picker.set_input_files(large)
    expect(import_page.locator(".import-progress .number")).to_contain_text("8.4/10 MB")
    import_page.reload()
    import_page.unroute(parts)
    assert PartialUpload.objects.get().ended_at is None

    offsets.clear()
    import_page.on(
        "request",
        lambda request: (
            offsets.append(request.headers["upload-offset"]) if request.method == "PUT" else None
        ),
    )
    with import_page.expect_file_chooser() as chooser:
        import_page.get_by_role("button", name="Choose the files or zip again").click()
    chooser.value.set_files(large)
    expect(import_page.locator(".import-progress")).to_contain_text("Done.", timeout=30_000)
    assert offsets == [str(8 * 1024 * 1024)]
    expect(import_page.locator(".result-counts")).to_contain_text(f"{IN_THE_ZIP} indexed")


def test_an_unfinished_import_is_closed_with_one_press(import_page, sent):
    import_page.locator(FOLDER).set_input_files(sent)
    expect(import_page.locator(".import-progress .number")).to_have_text(ANSWERED_SOME)
    import_page.reload()
    import_page.get_by_role("button", name="Close this import").click()
    import_page.wait_for_url("**/imaging/runs/**")
    assert IngestRun.objects.get().finished_at is not None
    assert configured_partial_files().all_keys() == []


def test_a_server_that_is_killed_and_starts_again_costs_nothing(chromium, sent, tmp_path):
    """A power cut in the middle: the page waits, goes on by itself, and the counts add up."""
    installation = Installation(tmp_path / "installation")
    installation.create()
    server = WebService(installation)
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto(f"{server.address}/sign-in/?next=/imaging/uploads/new/")
        page.get_by_label("Username").fill(SENDER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.locator(FOLDER).set_input_files(sent)
        expect(page.locator(".import-progress .number")).to_have_text(ANSWERED_SOME, timeout=60_000)
        server.kill()
        server = WebService(installation, port=server.port)
        expect(page.locator(".import-progress")).to_contain_text("Done.", timeout=90_000)
        counts = page.locator(".result-counts")
        expect(counts).to_contain_text(f"{OTHERS} rejected")
        expect(counts).to_contain_text("1 ignored")
        taken_in = [
            int(counts.locator(f".{result}").inner_text().split()[0])
            for result in ("indexed", "duplicate")
        ]
        assert sum(taken_in) == SLICES + IN_THE_ZIP
        assert len(installation.stored_hashes()) == SLICES + IN_THE_ZIP
    finally:
        server.kill()
        context.close()


def test_two_patients_lead_to_the_question(import_page, tmp_path):
    """Z15: nothing is offered for linking before somebody said whose images these are."""
    archive = tmp_path / "two.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for number, patient in enumerate(("PAT-A", "PAT-B")):
            one = ct_instance(
                tmp_path / f"{number}.dcm",
                PatientID=patient,
                StudyInstanceUID=f"{ROOT}.8{number}",
                SeriesInstanceUID=f"{ROOT}.8{number}.1",
                SOPInstanceUID=f"{ROOT}.8{number}.1.1",
            )
            file.write(one, one.name)
    picker = import_page.locator("input[type=file][multiple]:not([webkitdirectory])")
    picker.set_input_files(archive)
    progress = import_page.locator(".import-progress")
    expect(progress).to_contain_text("2 patients arrived: answer before linking.")
    expect(progress.get_by_role("link", name="Link images")).to_have_count(0)
    progress.get_by_role("link", name="Answer on the page of this import").click()
    import_page.wait_for_url("**/imaging/runs/**")
