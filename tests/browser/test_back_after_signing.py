"""The back button and a tab that was left open neither change nor reveal a signed read."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Read, ReadDraft
from tests.browser import world as built
from tests.factories import reading_rooms as rooms
from tests.factories import registry_records as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNED = "You have signed your read of this study"


@pytest.fixture
def room(page, live_server, installation):
    """Where the first of three readers is asked for a read; its address."""
    here = rooms.rooms()
    study = here.study()
    built.sign_in(page.context, live_server.url, here.readers[0])
    return live_server.url + reverse("registry:reading-room", args=[study.public_id])


def sign(page, remarks):
    page.locator("[name=adequacy][value=adequate]").check()
    page.locator("[name=primary_finding][value=occlusion]").check()
    page.locator("[name=certainty][value='4']").check()
    page.locator("[name=remarks]").fill(remarks)
    page.locator("[name=password]").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign the read").click()


def test_the_back_button_leads_to_the_signed_read_and_to_no_form(page, room):
    page.goto(room)
    sign(page, "the only words")
    expect(page.locator("main")).to_contain_text("No contrast study is waiting for your read")
    before = Read.objects.values().get()

    page.go_back()
    expect(page.locator("main")).to_contain_text(SIGNED)
    expect(page.locator("[name=primary_finding]")).to_have_count(0)
    page.go_forward()
    page.go_back()
    expect(page.locator("main")).to_contain_text(SIGNED)
    assert Read.objects.values().get() == before
    assert not ReadDraft.objects.exists()


def test_a_tab_left_open_cannot_sign_again_and_keeps_no_draft(page, room):
    page.goto(room)
    left_open = page.context.new_page()
    left_open.goto(room)
    expect(left_open.locator("[name=remarks]")).to_be_visible()
    sign(page, "the first words")
    expect(page.locator("main")).to_contain_text("No contrast study is waiting for your read")
    before = Read.objects.values().get()

    with left_open.expect_response(lambda answer: answer.url.endswith("/draft/")) as answered:
        left_open.locator("[name=remarks]").fill("late words")
    assert answered.value.status == 403
    sign(left_open, "late words")
    expect(left_open.get_by_role("status").last).to_contain_text("This read is signed")
    left_open.reload()
    expect(left_open.locator("main")).to_contain_text(SIGNED)
    expect(left_open.locator("main")).not_to_contain_text("late words")
    assert Read.objects.values().get() == before
    assert not ReadDraft.objects.exists()


def test_after_signing_out_the_back_button_shows_nothing(page, room):
    page.goto(room)
    sign(page, "the only words")
    expect(page.locator("main")).to_contain_text("No contrast study is waiting for your read")
    page.go_back()
    expect(page.locator("main")).to_contain_text("the only words")

    page.locator("header summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: "sign-in" in address)
    page.go_back()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("the only words")
