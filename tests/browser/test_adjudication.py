"""Deciding between two nameless reads beside the images: their marks, and the signature."""

import pytest
from playwright.sync_api import expect

from registry.actions.read_marks import MeasurementEntry
from registry.models import Adjudication
from tests.browser import world as built
from tests.factories import registry_records as make
from tests.factories.reading_rooms import read_images, rooms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_PIXEL_MM = (-50.0, -50.0, 0.0)
LENGTHS_MM = (3.0, 6.0)


@pytest.fixture
def dispute(page, live_server, installation):
    """The third reader before two reads, each with a length of its own."""
    here = rooms(reads_per_study=2, reread_share_percent=0)
    study = here.study()
    series = study.study_links.get().study.series.get()
    x, y, z = FIRST_PIXEL_MM
    for reader, finding, length_mm in zip(
        here.readers[:2], ("leak", "occlusion"), LENGTHS_MM, strict=True
    ):
        points = [[x + 1, y + 1, z], [x + 1 + length_mm, y + 1, z]]
        marks = [
            MeasurementEntry(
                kind="length", series=series.public_id, slice_index=0, points_mm=points, text=""
            )
        ]
        read_images(study, by=reader, finding=finding, measurements=marks)
    built.sign_in(page.context, live_server.url, here.readers[2])
    page.goto(f"{live_server.url}/reading/")
    page.locator("#adjudication a").click()
    expect(page.locator(".is-stack canvas")).to_be_visible()
    return here


def test_the_marks_of_either_read_are_shown_without_saying_whose(page, dispute):
    listed = page.get_by_role("list", name="Measurements and key images").get_by_role("listitem")
    expect(listed).to_have_count(2)
    lengths = set()
    for letter in "AB":
        page.get_by_role("radio", name=f"Read {letter} (1)").check()
        expect(listed).to_have_count(1)
        lengths.add(listed.inner_text())
    assert len(lengths) == 2
    page.get_by_role("radio", name="None").check()
    expect(listed).to_have_count(0)
    page.get_by_role("radio", name="Both (2)").check()
    expect(listed).to_have_count(2)


def test_a_decision_is_signed_by_keyboard_with_the_password(page, dispute, picture):
    page.keyboard.press("3")
    page.keyboard.press("7")
    expect(page.locator("[name=primary_finding][value=leak]")).to_be_checked()
    page.locator("[name=sites_leak][value=pump_pocket_around_pump]").check(force=True)
    page.get_by_label("Why do the images say so?").fill("Contrast lies around the pump.")
    page.get_by_label("Your password").fill(make.PASSWORD)
    picture(page, "40-adjudication")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("is decided.")).to_be_visible()
    decision = Adjudication.objects.get()
    assert decision.adjudicator == dispute.readers[2]
    assert decision.findings.get().code == "leak"
