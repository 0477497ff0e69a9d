"""Reading with the keyboard alone: scroll, set the window, choose the finding, sign."""

import re

import pytest
from playwright.sync_api import expect

from registry.models import Read
from tests.browser import keyboard
from tests.browser import world as built
from tests.browser.screens import on_both_screens
from tests.factories import registry_records as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room(page, live_server, installation):
    """The reader of a small world before a study that waits."""
    world = built.world()
    built.sign_in(page.context, live_server.url, world.reader)
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Start reading").click()
    page.get_by_role("link", name="Read the next study").click()
    expect(page.locator(".is-stack canvas")).to_be_visible()
    return world


def readout(page):
    return page.locator(".is-stack .slices-readout")


def test_slices_scroll_by_keys_and_wheel_and_the_window_follows_its_letter(page, room, picture):
    expect(readout(page)).to_contain_text("slice 3/6")
    page.keyboard.press("ArrowDown")
    expect(readout(page)).to_contain_text("slice 4/6")
    page.keyboard.press("End")
    expect(readout(page)).to_contain_text("slice 6/6")

    page.locator(".is-stack").hover()
    page.mouse.wheel(0, -100)
    expect(readout(page)).to_contain_text("slice 5/6")

    page.keyboard.press("b")
    expect(readout(page)).to_contain_text("C 400 W 1800 HU")
    page.keyboard.press("z")
    expect(readout(page)).to_contain_text("2×")
    page.keyboard.press("r")
    expect(readout(page)).to_contain_text(re.compile(r"C 300 W 1000 HU$"))
    picture(page, "20-reading-room")


def test_a_finding_key_neither_takes_the_focus_from_the_images_nor_changes_with_scrolling(
    page, room
):
    page.keyboard.press("ArrowDown")
    missing = page.locator("[data-missing-count]")
    expect(missing).to_have_text("3 mandatory answers missing")
    page.keyboard.press("3")
    expect(page.locator("[name=primary_finding][value=leak]")).to_be_checked()
    page.keyboard.press("7")
    expect(missing).to_have_text("2 mandatory answers missing")

    page.keyboard.press("ArrowDown")

    expect(readout(page)).to_contain_text("slice 5/6")
    expect(page.locator("[name=primary_finding][value=leak]")).to_be_checked()


@on_both_screens
def test_image_and_form_fit_on_the_screen_together(page, room):
    """Nothing of the image, of its controls or of the button that signs needs scrolling."""
    height = page.viewport_size["height"]
    for part in (".slices-stage", ".slices-controls:last-of-type", "button[type=submit]"):
        box = page.locator(f"main {part} >> nth=0").bounding_box()
        assert box["y"] + box["height"] <= height, part
    assert page.locator(".is-stack").bounding_box()["height"] > height * 0.6


def test_a_read_is_signed_with_the_keyboard_alone(page, room):
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Missing. Nothing was signed.")).to_have_count(3)
    answers = {"adequacy": "adequate", "primary_finding": "occlusion", "certainty": "5"}
    keyboard.answer(page, answers | {"password": make.PASSWORD})
    expect(page.get_by_text("Missing. Nothing was signed.")).to_have_count(0)
    page.keyboard.press("Control+Enter")

    expect(page.locator("main")).to_contain_text("No contrast study is waiting for your read")
    read = Read.objects.get(reader=room.reader)
    assert read.findings.get().code == "occlusion"
    assert read.signed_at is not None


LOCATED = ("inadequate_pooling", "leak", "occlusion", "malposition")


def test_sites_are_chosen_on_the_drawing_by_mouse_and_by_keyboard(page, room, picture):
    page.keyboard.press("3")
    drawing = page.get_by_role("group", name=re.compile("Drawing of the pump system: Where is the"))
    drawing.get_by_role("checkbox", name="Anchor site").click()
    expect(page.locator("input[name=sites_leak][value=anchor_site]")).to_be_checked()
    expect(drawing.get_by_role("checkbox", name="Anchor site")).to_be_checked()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator("input[name=sites_leak][value=dorsal_dural]")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=sites_leak][value=anchor_site]")).not_to_be_checked()

    page.locator("input[name=sites_leak][value=epidural]").check()
    expect(drawing.get_by_role("checkbox", name="Epidural")).to_be_checked()
    picture(page, "21-site-map")


def test_the_drawing_has_every_site_of_the_chosen_finding_and_no_other(page, room):
    for finding in LOCATED:
        page.locator(f"input[name=primary_finding][value={finding}]").check()
        sites = page.locator(f"input[name=sites_{finding}]")
        drawn = page.locator(f"fieldset:has(input[name=sites_{finding}]) .site-map .site")
        expect(drawn).to_have_count(sites.count())
        labels = [box.evaluate("box => box.labels[0].textContent.trim()") for box in sites.all()]
        assert [one.get_attribute("aria-label") for one in drawn.all()] == labels
