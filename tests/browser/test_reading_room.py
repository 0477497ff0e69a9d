"""Reading with the keyboard alone: scroll, set the window, choose the finding, sign."""

import re

import pytest
from playwright.sync_api import expect

from registry.models import Read
from tests.browser import keyboard
from tests.browser import world as built
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
    page.keyboard.press("3")
    expect(page.locator("[name=primary_finding][value=leak]")).to_be_checked()

    page.keyboard.press("ArrowDown")

    expect(readout(page)).to_contain_text("slice 5/6")
    expect(page.locator("[name=primary_finding][value=leak]")).to_be_checked()


def test_image_and_form_fit_on_the_screen_together(page, room):
    """Nothing of the image, of its controls or of the button that signs needs scrolling."""
    height = page.viewport_size["height"]
    for part in (".slices-stage", ".slices-controls:last-of-type", "button[type=submit]"):
        box = page.locator(f"main {part} >> nth=0").bounding_box()
        assert box["y"] + box["height"] <= height, part
    assert page.locator(".is-stack").bounding_box()["height"] > height * 0.6


def test_a_read_is_signed_with_the_keyboard_alone(page, room):
    keyboard.answer(
        page, {"adequacy": "adequate", "primary_finding": "occlusion", "password": make.PASSWORD}
    )
    page.keyboard.press("Control+Enter")

    expect(page.locator("main")).to_contain_text("No contrast study is waiting for your read")
    read = Read.objects.get(reader=room.reader)
    assert read.findings.get().code == "occlusion"
    assert read.signed_at is not None
