"""What is drawn and typed in the reading room is kept, comes back, and is frozen by signing."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from registry.models import Read, ReadDraft, Role
from tests.browser import world as built
from tests.factories import registry_records as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"^saved \d\d:\d\d$")
ANSWERED = "[name=primary_finding][value=occlusion]"


@pytest.fixture
def world(installation):
    return built.world()


@pytest.fixture
def opened(chromium: Browser, live_server, world):
    """Open an address as somebody, each time in a browser of its own; 4xx answers are expected."""
    contexts = []

    def open_page(person, path: str) -> Page:
        contexts.append(chromium.new_context(viewport={"width": 1366, "height": 768}))
        built.sign_in(contexts[-1], live_server.url, person)
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        expect.set_options(timeout=15_000)
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def room(opened, world):
    """The reading room of the study that waits, as its reader."""

    def open_room() -> Page:
        page = opened(world.reader, f"/reading/{world.objects['contrast_study'].public_id}/")
        expect(page.locator(".is-stack canvas")).to_be_visible()
        return page

    return open_room


def state(page: Page):
    return page.locator(".draft-state")


def draw(page: Page) -> None:
    """A length, an angle, an ellipse, an arrow with words and a key image."""
    page.locator(".is-stack").focus()
    box = page.locator(".is-stack").bounding_box()
    places = [(0.4, 0.4), (0.55, 0.6), (0.6, 0.45)]
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    for key, points in (("l", at[:2]), ("a", at), ("e", at[:2]), ("t", at[1:])):
        page.keyboard.press(key)
        for x, y in points:
            page.mouse.click(x, y)
        if key == "t":
            page.get_by_role("textbox", name="Words of the arrow").fill("tip here")
            page.keyboard.press("Enter")
        page.keyboard.press("Escape")
    page.keyboard.press("k")


def drawn(page: Page) -> dict:
    """Marks in the form, without what was shown."""
    marks = json.loads(page.locator("[name=marks]").input_value())
    marks.pop("shown", None)
    return marks


def listed(page: Page) -> list[str]:
    items = page.locator(".viewer-list [data-mark]").all()
    return [item.get_attribute("aria-label") or item.inner_text() for item in items]


def answer(page: Page) -> None:
    page.locator("[name=adequacy][value=adequate]").check()
    page.locator(ANSWERED).check()
    page.locator("[name=certainty][value='4']").check()


def test_a_draft_comes_back_with_its_answers_and_its_marks(room):
    page = room()
    answer(page)
    page.locator("[name=remarks]").fill("a word or two")
    draw(page)
    page.keyboard.press("ArrowDown")
    expect(state(page)).to_have_text(SAVED)
    marks, words = drawn(page), listed(page)
    assert len(marks["measurements"]) == 4
    assert len(marks["key_images"]) == 1
    page.wait_for_function("() => document.querySelector('form[data-unguarded]') !== null")

    again = room()
    expect(again.locator(ANSWERED)).to_be_checked()
    expect(again.locator("[name=remarks]")).to_have_value("a word or two")
    expect(again.locator(".viewer-list li")).to_have_count(5)
    assert drawn(again) == marks
    assert listed(again) == words
    assert ReadDraft.objects.get().answers["primary_finding"] == "occlusion"


def test_marks_are_signed_and_another_user_sees_the_same_geometry_and_cannot_change_it(
    room, opened, world
):
    page = room()
    answer(page)
    draw(page)
    for key, slice_number in (("ArrowDown", 4), ("ArrowUp", 3), ("ArrowUp", 2), ("ArrowDown", 3)):
        page.keyboard.press(key)
        expect(page.locator(".is-stack .slices-readout")).to_contain_text(f"slice {slice_number}/6")
    page.locator("[name=password]").fill(make.PASSWORD)
    marks, words = drawn(page), listed(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/reading/$"))
    read = Read.objects.get(reader=world.reader)
    assert [one.points_mm for one in read.measurements.all()] == [
        one["points_mm"] for one in marks["measurements"]
    ]
    assert list(read.images_shown.values()) == [[3, 6]]

    surgeon = make.user(at_centre=world.centre, roles=[Role.SURGEON], name="surgeon")
    other = opened(surgeon, f"/reads/{read.public_id}/")
    expect(other.locator(".is-stack .viewer-marks .mark")).to_have_count(4)
    assert listed(other) == words
    kept = json.loads(other.locator("#reading-data").text_content() or "")["marks"]
    assert {name: kept[name] for name in marks} == marks
    other.keyboard.press("Delete")
    other.keyboard.press("k")
    expect(other.locator(".viewer-list li")).to_have_count(5)
    expect(other.locator(".viewer-list").get_by_role("button", name="Remove")).to_have_count(0)


def test_another_window_overwrites_nothing_and_both_versions_are_shown(room):
    first, second = room(), room()
    answer(first)
    expect(state(first)).to_have_text(SAVED)
    second.locator("[name=primary_finding][value=leak]").check()
    conflict = second.get_by_role("alertdialog")
    expect(conflict.get_by_role("row", name=re.compile("Primary finding"))).to_contain_text(
        re.compile("Leak.*Occlusion", re.DOTALL)
    )
    expect(second.locator("[name=primary_finding][value=leak]")).to_be_checked()
    assert ReadDraft.objects.get().answers["primary_finding"] == "occlusion"

    conflict.get_by_role("button", name="Keep what is here").click()
    expect(state(second)).to_have_text(SAVED)
    assert ReadDraft.objects.get().answers["primary_finding"] == "leak"

    first.locator("[name=adequacy][value=limited]").check()
    first.get_by_role("button", name="Take the other version").click()
    expect(first.locator("[name=primary_finding][value=leak]")).to_be_checked()
    expect(first.locator("[name=adequacy][value=limited]")).not_to_be_checked()


def test_what_another_window_drew_can_be_taken(room):
    first, second = room(), room()
    draw(first)
    expect(state(first)).to_have_text(SAVED)
    marks = drawn(first)
    second.locator(ANSWERED).check()
    second.get_by_role("button", name="Take the other version").click()
    expect(second.locator(".viewer-list li")).to_have_count(5)
    assert drawn(second) == marks


@contextmanager
def without_connection(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def test_without_a_connection_all_stays_and_is_saved_once_there_is_one(room):
    page = room()
    with without_connection(page):
        answer(page)
        expect(state(page)).to_contain_text("cannot be reached")
    expect(state(page)).to_have_text(SAVED)
    assert ReadDraft.objects.get().answers["adequacy"] == "adequate"


def test_after_the_session_ended_all_stays_and_is_saved_once_signed_in_again(
    room, live_server, world
):
    page = room()
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=remarks]").fill("must not be lost")
    expect(state(page)).to_contain_text("your session has ended")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[name=remarks]")).to_have_value("must not be lost")
    built.sign_in(page.context, live_server.url, world.reader)
    expect(state(page)).to_have_text(SAVED)
    assert ReadDraft.objects.get().answers["remarks"] == "must not be lost"


def test_a_draft_is_refused_once_the_read_is_signed_in_another_window(room, world):
    first, second = room(), room()
    answer(first)
    first.locator("[name=password]").fill(make.PASSWORD)
    first.keyboard.press("Control+Enter")
    first.wait_for_url(re.compile("/reading/$"))
    second.locator("[name=primary_finding][value=leak]").check()
    expect(state(second)).to_contain_text("is signed")
    assert not ReadDraft.objects.exists()
    assert Read.objects.get(reader=world.reader).findings.get().code == "occlusion"


def test_who_only_looks_leaves_no_draft(room):
    page = room()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("b")
    expect(page.locator(".is-stack .slices-readout")).to_contain_text("C 400")
    page.goto("about:blank")
    assert not ReadDraft.objects.exists()
