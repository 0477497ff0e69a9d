"""The states of an import, of quarantine and of a link, as somebody meets them on the way."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from imaging.models import IngestedFile, QuarantineDecision
from registry.models import HistoryEvent
from tests.browser import world as built
from tests.browser.keyboard import reach
from tests.browser.test_accessibility import complaints
from tests.browser.test_accessibility import page as page  # with axe
from tests.factories import registry_records as make
from tests.factories import stored_studies
from tests.factories.dicom_files import ROOT, ct_instance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICKER = "input[type=file][multiple]:not([webkitdirectory])"


@pytest.fixture
def manager(installation):
    return make.user(at_centre=make.centre("NORTH"), name="manager")


@pytest.fixture
def delivery(tmp_path: Path) -> list[Path]:
    """Images of two patients, one with text in its pixels, and files that are no images."""
    files = [
        ct_instance(
            tmp_path / f"{patient}-{index}.dcm",
            index=index,
            PatientID=f"NUMBER-{patient}",
            StudyInstanceUID=f"{ROOT}.91.{patient}",
            SeriesInstanceUID=f"{ROOT}.91.{patient}.1",
            SOPInstanceUID=f"{ROOT}.91.{patient}.1.{index}",
            BurnedInAnnotation="YES" if (patient, index) == (1, 2) else "NO",
        )
        for patient in (1, 2)
        for index in range(3)
    ]
    for index in range(7):
        files.append(tmp_path / f"letter{index}.dcm")
        files[-1].write_text("no image at all, only text " * 10)
    return files


def test_an_import_that_asks_and_refuses_is_accessible(
    page: Page, live_server, manager, delivery, picture
):
    built.sign_in(page.context, live_server.url, manager)
    page.goto(f"{live_server.url}/imaging/uploads/new/")
    page.locator(PICKER).set_input_files(delivery)
    expect(page.get_by_text("2 patients arrived: answer before linking.")).to_be_visible()
    found = complaints(page, "upload with refused files")
    picture(page, "31-import-refused")

    page.get_by_role("link", name="Answer on the page of this import").click()
    expect(page.get_by_role("heading", name="2 patients arrived in one delivery")).to_be_visible()
    expect(page.get_by_role("link", name="Link images to cases")).to_have_count(0)
    expect(page.get_by_role("navigation", name="Main").locator("[aria-current]")).to_have_text(
        "Import"
    )
    page.locator("summary").filter(has_text="Exclude").first.click()
    found += complaints(page, "two patients")
    picture(page, "32-two-patients")

    page.get_by_role("link", name="1-2.dcm").click()
    page.get_by_role("button", name="Look at the original").click()
    expect(page.get_by_role("heading", name="What the original says")).to_be_visible()
    found += complaints(page, "quarantine, looked at")
    page.get_by_role("button", name="Discard for good").click()
    expect(page.locator("[data-form-errors]")).to_contain_text("Why discard?")
    found += complaints(page, "quarantine, refused")
    picture(page, "33-quarantine-refused")
    assert found == []


def test_a_differing_case_stops_the_link_until_somebody_says_why(
    page: Page, live_server, manager, picture
):
    centre = manager.memberships.first().centre
    case = make.case(of=make.patient(by=manager, at_centre=centre, local_number="L-1"), by=manager)
    contrast_study = make.contrast_study(of=case, by=manager)
    stored_studies.study(
        centre_code=centre.code,
        PatientID="L-2",
        StudyDate=f"{contrast_study.performed_on:%Y%m%d}",
    )
    built.sign_in(page.context, live_server.url, manager)
    page.goto(f"{live_server.url}/images/")
    page.get_by_role("button", name="Link to the contrast study").click()
    expect(page.get_by_role("heading", name="Images and case differ")).to_be_visible()
    found = complaints(page, "stopped link")
    picture(page, "34-stopped-link")
    assert found == []
    page.get_by_label("Why do images and case differ?").fill("the number changed at transfer")
    page.get_by_role("button", name="Link all the same").click()
    expect(page.get_by_text("The images are linked.")).to_be_visible()


def test_quarantine_is_decided_with_the_keyboard_alone(page: Page, live_server, manager, delivery):
    built.sign_in(page.context, live_server.url, manager)
    page.goto(f"{live_server.url}/imaging/uploads/new/")
    with page.expect_file_chooser() as chooser:
        reach(page, "Choose files or a zip")
        page.keyboard.press("Enter")
    chooser.value.set_files(delivery)
    expect(page.get_by_text("2 patients arrived: answer before linking.")).to_be_visible()

    reach(page, "Answer on the page of this import")
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs/**")
    reach(page, "It is meant so")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The studies of this delivery can be linked.")).to_be_visible()
    reach(page, "Look at it and decide")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quarantine/**")
    reach(page, "Look at the original")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What the original says")).to_be_visible()
    reach(
        page,
        "I have looked at every frame shown: no name, number or date is written in the picture",
    )
    page.keyboard.press("Space")
    reach(page, "Why release?")
    page.keyboard.type("looked at it: there is no text")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("1 file was taken in again.")).to_be_visible()
    assert QuarantineDecision.objects.get().decision == "released"
    assert IngestedFile.objects.filter(result="indexed").count() == 6
    assert HistoryEvent.objects.filter(action="look_at_quarantined").count() == 1
