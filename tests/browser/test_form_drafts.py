"""What is typed into a form of the registry is kept whatever happens, and is offered again."""

import json
import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from registry.models import FormDraft, RevisionCase
from tests.browser import world as built

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"^saved \d\d:\d\d$")
REMARKS = "fell off a horse"


@pytest.fixture
def world(installation):
    return built.world()


@pytest.fixture
def opened(chromium: Browser, live_server, world) -> Iterator:
    """Open an address, each time in a browser of its own; refusals are expected here."""
    contexts = []

    def open_page(path: str, person=None) -> Page:
        contexts.append(chromium.new_context(viewport={"width": 1366, "height": 768}))
        built.sign_in(contexts[-1], live_server.url, person or world.everything)
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def case_form(opened, world):
    """The suspicion of the case that exists."""
    return lambda: opened(f"/cases/{world.objects['case'].public_id}/edit/")


def state(page: Page):
    return page.locator(".draft-state")


def type_remarks(page: Page, words: str = REMARKS) -> None:
    page.locator("[name=remarks]").fill(words)
    expect(state(page)).to_have_text(SAVED)


def test_a_form_that_was_left_is_offered_with_its_rows_and_never_filled_in_unasked(case_form):
    page = case_form()
    page.get_by_role("button", name="Add an examination").click()
    page.locator("[name$='-0-note']").fill("motor runs")
    type_remarks(page)

    again = case_form()
    offer = again.get_by_role("region", name="Drafts of this form")
    expect(offer).to_contain_text("You began this form before")
    expect(again.locator("[name=remarks]")).to_have_value("after a fall")
    offer.get_by_role("button", name="Go on with it").click()
    expect(again.locator("[name=remarks]")).to_have_value(REMARKS)
    expect(again.locator("[name$='-0-note']")).to_have_value("motor runs")
    expect(offer).to_have_count(0)


def test_a_draft_that_is_discarded_is_gone(case_form):
    type_remarks(case_form())
    page = case_form()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("region", name="Drafts of this form")).to_have_count(0)
    assert not FormDraft.objects.exists()


def test_two_new_forms_do_not_mix(opened):
    """Two patients in two tabs: each has a draft of its own."""
    for year in ("2001", "2002"):
        page = opened("/patients/new/")
        page.locator("[name=birth_year]").fill(year)
        expect(state(page)).to_have_text(SAVED)
    kept = [json.loads(draft.answers)["birth_year"] for draft in FormDraft.objects.order_by("pk")]
    assert kept == [["2001"], ["2002"]]
    third = opened("/patients/new/")
    expect(third.get_by_role("button", name="Go on with it")).to_have_count(2)
    expect(third.locator("[name=birth_year]")).to_have_value("")


def test_what_is_sent_leaves_no_draft(case_form, world):
    page = case_form()
    type_remarks(page)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/cases/[^/]+/$"))
    assert RevisionCase.objects.get(pk=world.objects["case"].pk).remarks == REMARKS
    assert not FormDraft.objects.exists()


def test_without_a_connection_nothing_is_sent_and_everything_stays(case_form, world):
    page = case_form()
    page.context.set_offline(True)
    page.locator("[name=remarks]").fill(REMARKS)
    expect(state(page)).to_contain_text("the server cannot be reached")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[name=remarks]")).to_have_value(REMARKS)
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/cases/[^/]+/$"))
    assert RevisionCase.objects.get(pk=world.objects["case"].pk).remarks == REMARKS


def test_when_the_session_has_ended_the_form_stays_and_is_sent_after_signing_in_again(
    case_form, live_server, world
):
    page = case_form()
    type_remarks(page)
    Session.objects.all().delete()
    page.locator("[name=remarks]").fill(f"{REMARKS}, twice")
    expect(state(page)).to_contain_text("your session has ended")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[name=remarks]")).to_have_value(f"{REMARKS}, twice")

    built.sign_in(page.context, live_server.url, world.everything)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/cases/[^/]+/$"))
    assert RevisionCase.objects.get(pk=world.objects["case"].pk).remarks == f"{REMARKS}, twice"


def test_a_session_about_to_end_says_so_and_whoever_is_there_stays(case_form, live_server):
    page = case_form()
    session = Session.objects.get()
    store = session.get_session_store_class()(session.session_key)
    store.set_expiry(120)
    store.save()
    page.reload()
    warning = page.get_by_role("alert").filter(has_text="Your session ends in 2 minutes")
    expect(warning).to_be_visible()
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_have_count(0)
    assert page.evaluate("fetch('/session/').then((r) => r.json())")["seconds_left"] > 40_000


def test_two_people_at_one_record_see_both_versions(case_form, opened, world):
    first, second = case_form(), case_form()
    type_remarks(second, "the second opinion")
    first.locator("[name=remarks]").fill("the first opinion")
    first.get_by_role("button", name="Save").click()
    first.wait_for_url(re.compile(r"/cases/[^/]+/$"))
    second.get_by_role("button", name="Save").click()
    conflict = second.get_by_role("alert").filter(has_text="Somebody else saved this")
    expect(conflict).to_contain_text(re.compile("the first opinion.*the second opinion", re.DOTALL))
    expect(second.locator("[name=remarks]")).to_have_value("the second opinion")
    assert RevisionCase.objects.get(pk=world.objects["case"].pk).remarks == "the first opinion"


def test_a_draft_of_an_older_version_is_compared_before_it_replaces_anything(case_form, world):
    type_remarks(case_form(), "from the draft")
    other = case_form()
    other.locator("[name=remarks]").fill("saved meanwhile")
    other.get_by_role("button", name="Save").click()
    other.wait_for_url(re.compile(r"/cases/[^/]+/$"))
    page = case_form()
    page.get_by_role("button", name="Go on with it").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="Somebody else saved")).to_be_visible()
    assert RevisionCase.objects.get(pk=world.objects["case"].pk).remarks == "saved meanwhile"


def test_a_form_inside_the_page_of_its_case_is_kept_too(opened, world):
    case = world.objects["case"]
    page = opened(f"/cases/{case.public_id}/")
    page.locator(f"[hx-get='/cases/{case.public_id}/edit/']").first.click()
    type_remarks(page)
    draft = FormDraft.objects.get()
    assert draft.page == f"/cases/{case.public_id}/edit/"
