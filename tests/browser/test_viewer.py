"""The viewer driven as a reader drives it, on phantoms whose lengths, angles and HU are known."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from registry.models import Role
from tests.browser import world as built
from tests.browser.stage import Stage
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

ROWS, COLUMNS, SLICES = 80, 96, 7
LENGTH_MM, ANGLE_DEG = 0.5, 0.5
"""How far a measured length or angle may be from the truth."""

TILT = math.radians(15)
GEOMETRIES = {
    "square": {"pixel_spacing_mm": (0.5, 0.5)},
    "anisotropic": {"pixel_spacing_mm": (0.9, 0.4)},
    "tilted": {
        "pixel_spacing_mm": (0.6, 0.6),
        "orientation": (1, 0, 0, 0, math.cos(TILT), -math.sin(TILT)),
    },
}


def ramp(index: int) -> np.ndarray:
    """HU that differ from pixel to pixel and from slice to slice."""
    row, column = np.mgrid[:ROWS, :COLUMNS]
    return (3 * row + 2 * column + 10 * index - 200).astype(np.int16)


@pytest.fixture
def read_room(read_room):
    """On slices of the ramp, unless a test brings its own."""
    ramps = {"values_hu": [ramp(index) for index in range(SLICES)]}
    return lambda **facts: read_room(**(ramps | facts))


def stack(page: Page, pixel_spacing_mm: tuple[float, float]) -> Stage:
    row_mm, column_mm = pixel_spacing_mm
    return Stage(page.locator(".slices-stage.is-stack"), COLUMNS * column_mm, ROWS * row_mm)


def said(page: Page, kind: str) -> Locator:
    """What the list says of the last measurement of a kind, in full."""
    return page.locator(f".viewer-list button[aria-label^='{kind},']").last


def spoken(page: Page) -> Locator:
    """What a screen reader hears of the picture."""
    return page.get_by_role("region", name="Images").get_by_role("status")


def number(page: Page, kind: str, pattern: str) -> float:
    words = said(page, kind).get_attribute("aria-label") or ""
    found = re.search(pattern, words)
    assert found, words
    return float(found[1].replace("\u2212", "-"))


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_lengths_and_angles_are_those_of_the_phantom(read_room, geometry):
    facts = GEOMETRIES[geometry]
    page = read_room(**facts)
    stage = stack(page, facts["pixel_spacing_mm"])
    for start, end in (
        ((5.0, 5.0), (33.0, 5.0)),
        ((6.0, 6.0), (6.0, 36.0)),
        ((4.0, 33.0), (34.0, 8.0)),
    ):
        page.keyboard.press("l")
        stage.drag(start, end)
        found = number(page, "Length", r"([\d.]+) mm")
        assert found == pytest.approx(math.dist(start, end), abs=LENGTH_MM)
        page.keyboard.press("Escape")

    for arms in (
        ((30.0, 20.0), (10.0, 20.0), (10.0, 35.0)),
        ((30.0, 10.0), (8.0, 30.0), (34.0, 34.0)),
    ):
        page.keyboard.press("a")
        for corner in arms:
            stage.click(*corner)
        (a, b), (c, d) = ((x - vx, y - vy) for (x, y) in (arms[0], arms[2]) for vx, vy in [arms[1]])
        truth = math.degrees(abs(math.atan2(a * d - b * c, a * c + b * d)))
        assert number(page, "Angle", r"([\d.]+)°") == pytest.approx(truth, abs=ANGLE_DEG)
        page.keyboard.press("Escape")


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_hu_of_an_ellipse_an_outline_and_a_probe_are_exact(read_room, geometry):
    facts = GEOMETRIES[geometry]
    row_mm, column_mm = facts["pixel_spacing_mm"]
    page = read_room(**facts)
    stage = stack(page, facts["pixel_spacing_mm"])
    hu = ramp(SLICES // 2)
    row, column = np.mgrid[:ROWS, :COLUMNS]
    right_mm, down_mm = (column + 0.5) * column_mm, (row + 0.5) * row_mm

    page.keyboard.press("e")
    stage.drag((8.0, 9.0), (29.0, 31.0))
    (left, top), (right, bottom) = stage.placed_mm(8.0, 9.0), stage.placed_mm(29.0, 31.0)
    from_centre = np.hypot(
        (right_mm - (left + right) / 2) / ((right - left) / 2),
        (down_mm - (top + bottom) / 2) / ((bottom - top) / 2),
    )
    expect_statistics(page, "Ellipse", hu[from_centre <= 1])
    area = number(page, "Ellipse", r"area ([\d.]+) mm²")
    assert area == pytest.approx(math.pi * (right - left) * (bottom - top) / 4, rel=0.01)

    page.keyboard.press("d")
    corners = [(6.1, 7.2), (30.3, 7.2), (30.3, 28.4), (6.1, 28.4)]
    page.mouse.move(*stage.at(*corners[0]))
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*stage.at(*corner), steps=2)
    page.mouse.up()
    placed = [stage.placed_mm(*corner) for corner in corners]
    (left, top), (right, bottom) = placed[0], placed[2]
    inside = (right_mm > left) & (right_mm < right) & (down_mm > top) & (down_mm < bottom)
    expect_statistics(page, "Freehand", hu[inside])

    page.keyboard.press("p")
    at_column, at_row = 41, 23
    stage.click((at_column + 0.5) * column_mm, (at_row + 0.5) * row_mm)
    assert number(page, "Probe", r"(−?\d+) HU") == hu[at_row, at_column]


def expect_statistics(page: Page, kind: str, truth: np.ndarray) -> None:
    assert truth.size > 100
    assert number(page, kind, r"(\d+) pixels") == truth.size
    assert number(page, kind, r"mean (−?[\d.]+) HU") == pytest.approx(truth.mean(), abs=0.051)
    assert number(page, kind, r"SD ([\d.]+)") == pytest.approx(truth.std(), abs=0.051)
    assert number(page, kind, r"min (−?\d+)") == truth.min()
    assert number(page, kind, r"max (−?\d+) HU") == truth.max()


def test_statistics_leave_padding_out_and_refuse_where_numbers_are_no_hu(read_room):
    padded = ramp(0)
    padded[:, : COLUMNS // 2] = -1024
    page = read_room(values_hu=[padded] * 3, PixelPaddingValue=0)
    stage = stack(page, (0.5, 0.5))
    page.keyboard.press("e")
    stage.drag((10.0, 8.0), (38.0, 32.0))
    expect(said(page, "Ellipse")).to_have_attribute("aria-label", re.compile("padding left out"))
    assert number(page, "Ellipse", r"min (−?\d+)") > -200
    page.keyboard.press("p")
    stage.click(5.0, 20.0)
    expect(said(page, "Probe")).to_have_attribute("aria-label", "Probe, padding, not measured")


def test_a_localiser_is_measured_in_mm_and_has_no_hu(read_room):
    page = read_room(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    stage = stack(page, (0.5, 0.5))
    page.keyboard.press("e")
    stage.drag((10.0, 8.0), (38.0, 32.0))
    expect(said(page, "Ellipse")).to_have_attribute("aria-label", re.compile("no Hounsfield units"))


def test_planes_go_through_the_crosshair_and_measure_across_slices(read_room):
    page = read_room(step_mm=3.0)
    page.keyboard.press("v")
    sagittal = Stage(page.locator(".is-sagittal"), ROWS * 0.5, SLICES * 3.0)
    coronal = page.locator(".is-coronal .slices-readout")
    expect(page.locator(".is-axial .slices-readout")).to_contain_text("z 109.0 mm")

    sagittal.click(10.0, 4.5)
    expect(page.locator(".is-axial .slices-readout")).to_contain_text(
        re.compile(r"z 11[567]\.\d mm")
    )
    expect(coronal).to_contain_text(re.compile(r"y −20\.\d mm|y −19\.\d mm"))

    page.keyboard.press("l")
    sagittal.drag((5.0, 3.0), (35.0, 18.0))
    truth = math.dist((5.0, 3.0), (35.0, 18.0))
    assert number(page, "Length", r"([\d.]+) mm") == pytest.approx(truth, abs=LENGTH_MM)

    page.keyboard.press("e")
    sagittal.drag((5.0, 3.0), (35.0, 18.0))
    expect(spoken(page)).to_contain_text("draw the region in the stack")
    page.keyboard.press("Escape")

    page.keyboard.press("v")
    expect(page.locator(".is-stack .slices-readout")).to_contain_text("slice 6/7")


def test_a_slab_shows_the_brightest_within_its_thickness(read_room):
    values_hu = [np.full((ROWS, COLUMNS), -900, np.int16) for _ in range(SLICES)]
    values_hu[5][30:50, 40:60] = 1200
    page = read_room(values_hu=values_hu)
    page.keyboard.press("v")
    brightest = """() => {
        const c = document.querySelector('.is-axial canvas');
        const {data} = c.getContext('2d').getImageData(c.width / 2 - 9, c.height / 2 + 9, 1, 1);
        return data[0];
    }"""
    before = page.evaluate(brightest)
    page.locator("select[aria-label^='Thickness']").select_option("10")
    page.wait_for_function(f"() => ({brightest})() > 200")
    assert before < 60

    axial = Stage(page.locator(".is-axial"), COLUMNS * 0.5, ROWS * 0.5)
    page.keyboard.press("p")
    axial.click(20.0, 20.0)
    expect(spoken(page)).to_contain_text("A slab shows the brightest of many HU")
    page.keyboard.press("l")
    axial.drag((10.0, 10.0), (30.0, 10.0))
    expect(spoken(page)).to_contain_text(
        re.compile(r"(19\.[5-9]|20\.[0-5]) mm, in the plane of the slab")
    )


def test_planes_of_a_tilted_series_are_refused_with_the_reason(read_room):
    page = read_room(**GEOMETRIES["tilted"])
    expect(page.get_by_role("button", name="Three planes")).to_be_disabled()
    expect(page.locator(".viewer-reason")).to_contain_text("The gantry was tilted")
    page.keyboard.press("v")
    expect(spoken(page)).to_contain_text("The gantry was tilted")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".is-stack .slices-readout")).to_contain_text("slice 5/7")


def test_a_length_is_drawn_with_the_keyboard_alone(read_room):
    page = read_room()
    stage = stack(page, (0.5, 0.5))
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    for _ in range(15):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    found = number(page, "Length", r"([\d.]+) mm")
    assert found == pytest.approx(150 * stage.mm_per_px, abs=LENGTH_MM)
    expect(spoken(page)).to_contain_text(f"Length, {found:.1f} mm")

    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".is-stack .viewer-marks .mark")).to_have_count(0)
    said(page, "Length").click()
    expect(page.locator(".is-stack .slices-readout")).to_contain_text("slice 4/7")
    expect(page.locator(".is-stack .viewer-marks .mark")).to_have_count(1)
    page.keyboard.press("Delete")
    expect(page.locator(".viewer-list li")).to_have_count(0)


def test_key_images_arrows_cine_and_full_screen(read_room):
    page = read_room()
    page.keyboard.press("k")
    expect(page.locator(".is-stack .slices-readout")).to_contain_text("key image")
    expect(page.get_by_role("button", name="Key image 4", exact=True)).to_be_visible()

    page.keyboard.press("t")
    stack(page, (0.5, 0.5)).drag((20.0, 20.0), (30.0, 10.0))
    page.get_by_role("textbox", name="Words of the arrow").fill("tip 3")
    page.keyboard.press("Enter")
    expect(page.locator(".viewer-marks text")).to_have_text("tip 3")
    page.keyboard.press("Escape")

    page.keyboard.press("y")
    expect(page.locator(".is-stack .slices-readout")).not_to_contain_text("slice 4/7")
    page.keyboard.press("y")
    expect(page.get_by_role("button", name="Cine")).to_have_attribute("aria-pressed", "false")

    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement?.dataset.island === 'viewer'")
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement === null")


def test_the_state_of_the_picture_is_said_in_words(read_room):
    page = read_room()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("i")
    page.keyboard.press("z")
    expect(spoken(page)).to_have_text(
        "slice 5/7 · z 108.0 mm, window centre 300 width 1000 HU, inverted, magnified 2 times."
    )


def test_the_middle_slice_is_asked_for_first_and_then_its_neighbours(page, read_room):
    asked: list[int] = []

    def listen(request):
        if found := re.search(r"/frames/(\d+)", request.url):
            asked.append(int(found[1]))

    page.on("request", listen)
    read_room(values_hu=[ramp(index) for index in range(11)])
    distances = [abs(index - 5) for index in asked]
    assert distances[0] == 0
    assert sorted(asked) == list(range(11))
    assert all(nearer <= further for nearer, further in pairwise(distances))


def test_slices_of_a_stored_study_are_looked_at_with_the_same_viewer(page, live_server, centre):
    everything = make.user(at_centre=centre, roles=list(Role.values), name="everything")
    study = stored_studies.study(centre_code=centre.code, slices=6)
    built.sign_in(page.context, live_server.url, everything)
    page.goto(f"{live_server.url}/imaging/studies/{study.public_id}/")
    page.get_by_text("Look at series").click()
    readout = page.locator(".slices-readout")
    expect(readout).to_contain_text("slice 3/6")
    page.locator(".slices-stage").focus()
    for key, words in (("End", "slice 6/6"), ("b", "C 400 W 1800 HU"), ("z", "2×"), ("r", "C 300")):
        page.keyboard.press(key)
        expect(readout).to_contain_text(words)
    page.keyboard.press("l")
    page.keyboard.press("k")
    expect(readout).not_to_contain_text("key image")
    expect(page.get_by_role("button", name="Length")).to_have_count(0)
    page.locator("h1").click()
    page.keyboard.press("ArrowUp")
    expect(readout).to_contain_text("slice 6/6")
