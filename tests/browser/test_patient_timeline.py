"""The timeline of fifteen years under the hand: mark by mark, zoomed, and on an A4 sheet."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import world as built
from tests.browser.screens import on_both_screens
from tests.factories import long_course
from tests.factories import registry_records as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def timeline(page: Page, live_server, centre):
    person = make.user(at_centre=centre)
    patient = long_course.patient(by=person)
    built.sign_in(page.context, live_server.url, person)
    page.goto(f"{live_server.url}/patients/{patient.public_id}/")
    return page.locator("#timeline")


@on_both_screens
def test_all_years_fit_the_screen_and_the_keyboard_reads_and_zooms_them(
    page: Page, timeline, picture
):
    picture(page, "patient-timeline")
    drawing = timeline.locator("[data-timeline-drawing]")
    assert drawing.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    drawing.focus()
    readout = timeline.locator("[data-timeline-readout]")
    page.keyboard.press("ArrowRight")
    expect(readout).to_contain_text("2009")
    page.keyboard.press("ArrowLeft")
    expect(readout).not_to_be_empty()
    page.keyboard.press("+")
    expect(timeline.locator("[aria-current]")).to_have_text("10 years")
    expect(drawing).to_be_focused()
    page.keyboard.press("-")
    expect(timeline.locator("[aria-current]")).to_have_text("All")


def test_a_sheet_gets_a_drawing_of_its_own_whose_words_can_be_read(page: Page, timeline, picture):
    """An A4 sheet of 182 mm takes 688 pixels; its text stays above nine of them."""
    page.set_viewport_size({"width": 688, "height": 972})
    page.emulate_media(media="print")
    sheet = timeline.locator("svg.for-sheet")
    expect(sheet).to_be_visible()
    expect(timeline.locator("svg.for-screen")).to_be_hidden()
    picture(page, "patient-timeline-sheet")
    box = sheet.bounding_box()
    assert box is not None
    width = sheet.evaluate("one => one.viewBox.baseVal.width")
    smallest = sheet.evaluate(
        "one => Math.min(...[...one.querySelectorAll('text')]"
        ".map(text => parseFloat(getComputedStyle(text).fontSize)))"
    )
    assert smallest * box["width"] / width > 9
