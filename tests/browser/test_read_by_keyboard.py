"""A complete read from the worklist to the signature, without the mouse and with few strokes."""

import re

import pytest
from playwright.sync_api import Page, expect

from registry.models import Read
from tests.browser import world as built
from tests.factories import registry_records as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FEWER_THAN = 40
FOCUSED = "document.activeElement.name"


class Keyboard:
    """Counts key strokes; a chord is one for each key held."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, *chords: str) -> None:
        for chord in chords:
            self.page.keyboard.press(chord)
            self.strokes += len(chord.split("+"))

    def type_freely(self, text: str) -> None:
        """Words and the password are not counted."""
        self.page.keyboard.type(text)


@pytest.fixture
def reader(page, live_server, installation):
    world = built.world()
    built.sign_in(page.context, live_server.url, world.reader)
    page.goto(f"{live_server.url}/reading/")
    return world.reader


@pytest.fixture
def keys(page, reader):
    """In the room of the study that waits, opened from the worklist."""
    keyboard = Keyboard(page)
    keyboard.press("n")
    expect(page.locator("canvas").first).to_be_visible()
    expect(page.locator(".slices-loading")).to_be_hidden()
    return keyboard


def answered(page: Page, name: str, value: str) -> None:
    expect(page.locator(f"[name={name}][value='{value}']")).to_be_checked()


def test_a_complete_read_takes_fewer_than_forty_strokes(page, keys, reader, picture):
    """Adequacy, finding, site, certainty, levels, a length, a key image, remarks, signature."""
    keys.press("ArrowDown", "k")
    keys.press("l", *["ArrowRight"] * 2, "Enter", *["ArrowRight"] * 3, "Enter", "Escape")
    expect(page.locator(".viewer-list button[aria-label^='Length,']")).to_have_count(1)
    keys.press("7", "3", "q")
    assert page.evaluate(FOCUSED) == "sites_leak"
    keys.press("Space", "Shift+Digit4", "Tab")
    assert page.evaluate(FOCUSED) == "tip_level"
    keys.press("t", "Tab", "t", "Tab", "l", "Tab")
    keys.type_freely("85")
    keys.press("Tab")
    keys.type_freely("bright rim around the tip")
    picture(page, "22-read-by-keyboard")
    keys.press("Control+Enter")
    assert page.evaluate(FOCUSED) == "password"
    keys.type_freely(make.PASSWORD)
    keys.press("Enter")

    expect(page.locator("main")).to_contain_text("No contrast study is waiting", timeout=20_000)
    read = Read.objects.get(reader=reader)
    assert (read.adequacy, read.certainty, read.tip_level) == ("adequate", 4, "t1")
    assert (read.extent_from_level, read.extent_to_level, read.extent_mm) == ("t1", "l1", 85)
    assert read.remarks == "bright rim around the tip"
    finding = read.findings.get()
    assert (finding.code, finding.sites.count()) == ("leak", 1)
    assert read.measurements.get().length_mm > 0
    assert read.key_images.get().instance.slice_index == 3
    ((seen, total),) = read.images_shown.values()
    assert 1 <= seen <= total == 6
    assert keys.strokes < FEWER_THAN, keys.strokes


def test_what_is_missing_gets_the_focus_and_the_images_stay(page, keys, reader):
    """Nothing is sent before it is complete, so the viewer is not loaded anew."""
    page.evaluate("window.sameDocument = true")
    keys.press("3", "Control+Enter")
    assert page.evaluate(FOCUSED) == "adequacy"
    keys.press("Space", "Control+Enter")
    assert page.evaluate(FOCUSED) == "sites_leak"
    keys.press("Space", "Control+Enter")
    assert page.evaluate(FOCUSED) == "certainty"
    expect(page.locator("[name=certainty]:checked")).to_have_count(0)
    keys.press("Shift+Digit6", "Control+Enter")
    answered(page, "certainty", "undecided")
    assert page.evaluate(FOCUSED) == "password"
    keys.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "application"
    keys.press("Control+Enter")
    assert page.evaluate(FOCUSED) == "password"
    assert page.evaluate("window.sameDocument")
    assert not Read.objects.filter(reader=reader).exists()


def test_a_wrong_password_loses_nothing(page, keys, reader):
    keys.press("k", "7", "4", "Shift+Digit5", "Control+Enter")
    keys.type_freely("not the password")
    keys.press("Enter")
    expect(page.locator("[data-form-errors]")).to_contain_text("This is not your password")
    answered(page, "primary_finding", "occlusion")
    answered(page, "certainty", "5")
    expect(page.locator("canvas").first).to_be_visible()
    keys.press("Control+Enter")
    keys.type_freely(make.PASSWORD)
    keys.press("Enter")
    expect(page.locator("main")).to_contain_text("No contrast study is waiting", timeout=20_000)
    assert Read.objects.get(reader=reader).key_images.count() == 1


def test_drawn_signed_and_opened_again_the_geometry_is_the_same(
    page, keys, reader, live_server, picture
):
    """By the reader and, as another user, by who may see the read."""
    keys.press("l", "Enter", "ArrowRight", "ArrowDown", "Enter", "Escape", "k")
    drawn = page.locator("input[name=marks]").input_value()
    keys.press("7", "4", "Shift+Digit3", "Control+Enter")
    keys.type_freely(make.PASSWORD)
    keys.press("Enter")
    expect(page.locator("main")).to_contain_text("No contrast study is waiting", timeout=20_000)
    read = Read.objects.get(reader=reader)
    assert str(read.measurements.get().points_mm[0][0]) in drawn

    other = page.context.browser.new_context(viewport=page.viewport_size)
    surgeon = make.user(at_centre=make.Centre.objects.get(code="NORTH"), roles=["surgeon"])
    built.sign_in(other, live_server.url, surgeon)
    again = other.new_page()
    again.goto(f"{live_server.url}/reads/{read.public_id}/")
    expect(again.locator("canvas").first).to_be_visible()
    told = again.locator("#reading-data").evaluate("one => JSON.parse(one.textContent).marks")
    assert told["measurements"][0]["points_mm"] == read.measurements.get().points_mm
    expect(again.locator(".reading-form")).to_contain_text(re.compile(r"Length: [\d.]+ mm"))
    picture(again, "23-signed-read")
    other.close()
