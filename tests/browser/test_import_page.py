"""A zip, a lost connection, a change of mind: the import page says what is safe and what is not."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from imaging.models import IngestedFile, IngestRun
from tests.browser import world as built
from tests.factories import registry_records as make
from tests.factories.dicom_files import ct_instance

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

PICKER = "input[type=file][multiple]:not([webkitdirectory])"


@pytest.fixture
def import_page(page, live_server, installation):
    manager = make.user(at_centre=make.centre("NORTH"), name="manager")
    built.sign_in(page.context, live_server.url, manager)
    page.goto(f"{live_server.url}/imaging/uploads/new/")
    return page


@pytest.fixture
def slices(tmp_path: Path) -> list[Path]:
    return [ct_instance(tmp_path / f"{index}.dcm", index=index) for index in range(3)]


def count_of(page, result):
    return page.locator(f".result-counts .{result}")


def test_a_zip_is_taken_in_file_by_file(import_page, tmp_path, slices, picture):
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for one in slices:
            file.write(one, one.name)
        file.writestr("notes.txt", "not an image")

    import_page.locator(PICKER).set_input_files(archive)

    expect(count_of(import_page, "indexed")).to_contain_text("3")
    expect(count_of(import_page, "rejected")).to_contain_text("1")
    expect(import_page.get_by_role("status").filter(has_text="Done.")).to_be_visible()
    picture(import_page, "30-import-of-a-zip")


def test_what_was_not_sent_is_named_and_sent_again_in_the_same_delivery(import_page, slices):
    refuse = re.compile(r"/imaging/uploads/.*/files")
    import_page.route(refuse, lambda route: route.fulfill(body=""))
    import_page.locator(PICKER).set_input_files(slices)

    expect(import_page.locator(".import-progress")).to_contain_text("3 files were not sent")
    expect(count_of(import_page, "failed")).to_contain_text("3")
    import_page.unroute(refuse)
    again = import_page.get_by_role("button", name="Send again what was not sent")
    again.evaluate("button => { button.click(); button.click(); }")

    expect(import_page.locator(".import-progress")).to_contain_text("Done. Every file is in.")
    expect(count_of(import_page, "indexed")).to_contain_text("3")
    assert IngestedFile.objects.filter(result="indexed").count() == 3
    assert IngestRun.objects.get().finished_at is not None


def test_an_import_can_be_cancelled_and_says_what_is_safe(import_page, slices):
    import_page.route(re.compile(r"/imaging/uploads/.*/files"), lambda _never_answered: None)
    import_page.locator(PICKER).set_input_files(slices)

    import_page.get_by_role("button", name="Cancel").click()

    expect(import_page.locator(".import-progress")).to_contain_text(
        "Cancelled. Files with a result are safe"
    )
    expect(count_of(import_page, "failed")).to_contain_text("3")
    expect(import_page.get_by_role("button", name="Choose files or a zip")).to_be_enabled()
    import_page.unroute_all(behavior="ignoreErrors")
