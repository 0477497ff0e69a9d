"""Layouts of the viewer: how series hang, the slab along a catheter, an earlier study beside."""

import math
import re
import shutil

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.stage import Stage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

ROWS, COLUMNS = 80, 96
LENGTH_MM = 0.5
"""How far a measured length may be from the truth."""

WIRE_HU, END_HU = 1000, 3000
WIRE_MM, END_MM = 1.2, 2.0
"""Radius of the wire, and of the balls at its ends."""

VOXELS = {
    "isotropic": {"pixel_spacing_mm": (0.5, 0.5), "step_mm": 0.5},
    "anisotropic": {"pixel_spacing_mm": (0.6, 0.4), "step_mm": 1.25},
}


def wire(pixel_spacing_mm, step_mm: float):
    """A slanted wire with a brighter ball at either end; and the ends, in mm from the corner."""
    row_mm, column_mm = pixel_spacing_mm
    slices = round(40 / step_mm)
    lower = np.array([9.0, 8.0, 6.0])
    upper = np.array([29.0, 31.0, 33.0])
    slice_at, row, column = np.mgrid[:slices, :ROWS, :COLUMNS]
    places = np.stack([column * column_mm, row * row_mm, slice_at * step_mm], axis=-1)
    along = (upper - lower) / np.linalg.norm(upper - lower)
    at = (places - lower) @ along
    nearest = lower + np.clip(at, 0, np.linalg.norm(upper - lower))[..., None] * along
    hu = np.where(np.linalg.norm(places - nearest, axis=-1) <= WIRE_MM, WIRE_HU, -200)
    for end in (lower, upper):
        hu[np.linalg.norm(places - end, axis=-1) <= END_MM] = END_HU
    return list(hu.astype(np.int16)), lower, upper


def go_to_slice(page: Page, index: int) -> None:
    page.get_by_label("Slice", exact=True).fill(str(index + 1))


def length_mm(page: Page) -> float:
    words = page.locator(".viewer-list button[aria-label^='Length,']").last
    found = re.search(r"([\d.]+) mm", words.get_attribute("aria-label") or "")
    assert found
    return float(found[1])


BRIGHT = """(stage, least) => {
    const canvas = stage.querySelector('canvas');
    const box = canvas.getBoundingClientRect();
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const found = [];
    for (let y = 0; y < canvas.height; y += 1)
        for (let x = 0; x < canvas.width; x += 1)
            if (data[4 * (y * canvas.width + x)] >= least)
                found.push([box.x + (x + 0.5) * box.width / canvas.width,
                            box.y + (y + 0.5) * box.height / canvas.height]);
    return found;
}"""


def bright(page: Page, hu: int) -> np.ndarray:
    """Places on the page where the slab is at least so bright."""
    grey = round((hu + 500) / 4000 * 255)
    return np.array(page.locator(".is-catheter.slices-stage").evaluate(BRIGHT, grey))


@pytest.mark.parametrize("voxels", VOXELS)
def test_a_slanted_catheter_is_seen_whole_and_as_long_as_it_is(read_room, voxels, picture):
    facts = VOXELS[voxels]
    row_mm, column_mm = facts["pixel_spacing_mm"]
    values_hu, lower, upper = wire(**facts)
    page = read_room(values_hu=values_hu, **facts)
    page.get_by_label("Window centre, HU").fill("1500")
    page.get_by_label("Window width, HU").fill("4000")
    page.get_by_label("Window width, HU").press("Enter")
    page.locator(".is-stack").focus()
    page.keyboard.press("o")
    slices = Stage(page.locator(".is-stack"), COLUMNS * column_mm, ROWS * row_mm)
    for right_mm, down_mm, deep_mm in (lower, (lower + upper) / 2, upper):
        go_to_slice(page, round(deep_mm / facts["step_mm"]))
        slices.click(right_mm + column_mm / 2, down_mm + row_mm / 2)
    stage = page.locator(".is-catheter.slices-stage")
    expect(stage.locator(".slices-readout")).to_contain_text("MIP 10 mm")
    truth = float(np.linalg.norm(upper - lower))

    page.keyboard.press("Escape")
    stage.focus()
    for turn_deg in (0, 40):
        for _ in range(turn_deg // 5):
            page.keyboard.press("ArrowDown")
        expect(stage.locator(".slices-readout")).to_contain_text(f"turned {turn_deg}°")
        expect(stage).to_have_attribute("aria-busy", "false")
        whole = bright(page, WIRE_HU * 6 // 10)
        rows = np.unique(np.floor(whole[:, 1]))
        assert rows.size == rows.max() - rows.min() + 1, "the wire has gaps"
        balls = bright(page, (WIRE_HU + END_HU) * 6 // 10)
        middle = (balls[:, 1].min() + balls[:, 1].max()) / 2
        ends = [balls[balls[:, 1] < middle].mean(axis=0), balls[balls[:, 1] > middle].mean(axis=0)]
        page.keyboard.press("l")
        page.mouse.move(*ends[0])
        page.mouse.down()
        page.mouse.move(*ends[1], steps=3)
        page.mouse.up()
        assert length_mm(page) == pytest.approx(truth, abs=LENGTH_MM)
        page.keyboard.press("Escape")
    picture(page, f"22-along-catheter-{voxels}")


def test_the_last_point_of_a_catheter_is_taken_back(read_room):
    values_hu, *_ = wire(**VOXELS["anisotropic"])
    page = read_room(values_hu=values_hu, **VOXELS["anisotropic"])
    page.keyboard.press("o")
    words = page.locator(".is-catheter .slices-words")
    expect(words).to_contain_text("Put points along the catheter")
    for _ in range(2):
        page.keyboard.press("Enter")
        for _ in range(3):
            page.keyboard.press(".")
    expect(words).to_be_hidden()
    page.keyboard.press("Delete")
    expect(words).to_contain_text("1 point so far")
    page.keyboard.press("o")
    expect(page.locator(".is-catheter")).to_have_count(0)


def numbered(count: int, hu: int) -> list[np.ndarray]:
    """Each slice of one value of its own."""
    return [np.full((ROWS, COLUMNS), hu + 10 * index, np.int16) for index in range(count)]


def test_an_earlier_study_stands_beside_and_scrolls_along_by_position(read_room, picture):
    page = read_room(
        values_hu=numbered(12, 0),
        earlier={"values_hu": numbered(9, 500), "from_mm": 94.0, "step_mm": 4.0},
    )
    page.keyboard.press("u")
    here = page.locator(".is-stack .slices-readout")
    there = page.locator(".is-earlier .slices-readout")
    expect(here).to_contain_text("slice 6/12 · z 110.0 mm")
    expect(there).to_contain_text("slice 5/9 · z 110.0 mm")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(here).to_contain_text("z 118.0 mm")
    expect(there).to_contain_text("z 118.0 mm")
    picture(page, "23-earlier-study")

    page.keyboard.press("j")
    page.locator(".is-earlier").focus()
    page.keyboard.press("ArrowDown")
    expect(here).to_contain_text("z 118.0 mm")
    expect(there).to_contain_text("z 122.0 mm")
    page.keyboard.press("j")
    expect(page.get_by_text("4.0 mm off", exact=True)).to_be_visible()
    page.locator(".is-stack").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(here).to_contain_text("z 114.0 mm")
    expect(there).to_contain_text("slice 7/9 · z 118.0 mm")


def test_windows_of_two_studies_are_one_or_each_its_own(read_room):
    page = read_room(values_hu=numbered(12, 0), earlier={"values_hu": numbered(9, 500)})
    page.keyboard.press("u")
    here = page.locator(".is-stack .slices-readout")
    there = page.locator(".is-earlier .slices-readout")
    page.keyboard.press("b")
    expect(there).to_contain_text("C 400 W 1800")
    page.keyboard.press("J")
    page.locator(".is-earlier").focus()
    page.keyboard.press("c")
    expect(there).to_contain_text("C 300 W 1000")
    expect(here).to_contain_text("C 400 W 1800")
    page.keyboard.press("J")
    expect(there).to_contain_text("C 400 W 1800")


def test_nothing_of_the_read_is_drawn_on_the_earlier_study(read_room):
    page = read_room(values_hu=numbered(12, 0), earlier={"values_hu": numbered(9, 500)})
    page.keyboard.press("u")
    page.locator(".is-earlier").focus()
    page.keyboard.press("k")
    expect(page.locator(".viewer-list li")).to_have_count(0)
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    expect(page.locator(".slices-hint")).to_contain_text("Measure in the current study")


def test_the_first_layout_has_a_sagittal_plane_where_a_click_puts_it(read_room):
    page = read_room(values_hu=numbered(12, 0))
    sagittal = page.locator(".is-sagittal .slices-readout")
    expect(sagittal).to_contain_text("sagittal · x 3.8 mm")
    Stage(page.locator(".is-stack"), COLUMNS * 0.5, ROWS * 0.5).click(10.0, 20.0)
    expect(sagittal).to_contain_text(re.compile(r"x −(9\.[89]|10\.[0-4]) mm"))
    page.keyboard.press("x")
    expect(page.locator(".is-sagittal")).to_have_count(0)


def test_a_point_of_a_measurement_is_moved_by_mouse_and_by_keyboard(read_room):
    page = read_room(values_hu=numbered(6, 0))
    stage = Stage(page.locator(".is-stack"), COLUMNS * 0.5, ROWS * 0.5)
    page.keyboard.press("l")
    stage.drag((5.0, 5.0), (25.0, 5.0))
    page.keyboard.press("Escape")
    stage.drag((25.0, 5.0), (5.0, 35.0))
    assert length_mm(page) == pytest.approx(30.0, abs=LENGTH_MM)
    page.keyboard.press("n")
    page.keyboard.press("n")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Escape")
    assert length_mm(page) == pytest.approx(30.0 - 40 * stage.mm_per_px, abs=LENGTH_MM)
    button = page.locator(".viewer-list button[aria-label^='Length,']")
    button.focus()
    page.keyboard.press("Delete")
    expect(button).to_have_count(0)


def test_hu_beside_metal_are_said_to_be_wrong(read_room):
    values_hu = numbered(6, 0)
    for hu in values_hu:
        hu[10:14, 10:14] = 3071
    page = read_room(values_hu=values_hu)
    stage = Stage(page.locator(".is-stack"), COLUMNS * 0.5, ROWS * 0.5)
    words = page.locator(".viewer-list button[aria-label^='Ellipse,']")
    page.keyboard.press("e")
    stage.drag((4.0, 4.0), (12.0, 12.0))
    expect(words).to_have_attribute("aria-label", re.compile(r"\d+ pixels are metal or beside it"))
    stage.drag((30.0, 25.0), (40.0, 35.0))
    expect(words.last).to_have_attribute("aria-label", re.compile("streaks may falsify HU"))


def test_without_webgl_all_layouts_and_tools_are_there(read_room, chromium):
    browser = chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=[*CHROMIUM_FLAGS, "--disable-3d-apis"],
    )
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    values_hu, *_ = wire(**VOXELS["anisotropic"])
    read_room(values_hu=values_hu, on=page, **VOXELS["anisotropic"])
    assert page.evaluate("() => document.createElement('canvas').getContext('webgl2')") is None
    for key, stages in (("v", 3), ("o", 2), ("x", 2)):
        page.keyboard.press(key)
        expect(page.locator(".viewer .slices-stage")).to_have_count(stages)
    page.keyboard.press("x")
    stage = Stage(page.locator(".is-stack"), COLUMNS * 0.4, ROWS * 0.6)
    page.keyboard.press("l")
    stage.drag((5.0, 5.0), (25.0, 20.0))
    assert length_mm(page) == pytest.approx(math.dist((5.0, 5.0), (25.0, 20.0)), abs=LENGTH_MM)
    page.keyboard.press("v")
    page.get_by_label("Thickness shown as its brightest values").select_option("20")
    expect(page.locator(".is-axial .slices-readout")).to_contain_text("MIP 20 mm")
    browser.close()
