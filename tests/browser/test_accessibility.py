"""Every page keeps WCAG 2.2 AA, as far as axe-core can tell, light and dark.

What axe cannot tell is tested here by hand: the way of the keyboard through a page.
"""

import re
from collections.abc import Iterator, Sequence

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.architecture.source_tree import ROOT
from tests.browser import world as built
from tests.browser.screens import WARD, on
from tests.factories import device_signals
from tests.integration.test_centre_scope import (
    OBJECT_OF,
    OF_NOBODY,
    OPENED_AT_HOME_BY,
    address,
    arguments_of_nobody,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules whose answer depends on the theme."""

RUN = """async ([kind, rules]) => {
    const { violations } = await axe.run(document, {
        runOnly: { type: kind, values: rules }, resultTypes: ['violations'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target + ' ' +
        (n.any[0]?.message ?? n.none[0]?.message ?? '')).slice(0, 3).join(' | ')}`);
}"""
FILE = re.compile(r"\.(json|csv|pdf|dcm|xlsx|zip)$|/frames/|/health/|^/dicom-web/")
DRAWN = """() => [...document.querySelectorAll('[data-island=chart], .slices')].every(
    (host) => host.querySelector('svg, canvas'))"""
SIGNAL_PAGE = "registry:signal-decide"
"""Is there only while a signal is open, and so has a test of its own."""

SIGNAL_LIST = "registry:signal-list"
NO_PAGE_OF_THEIR_OWN = {
    "imaging:exclusion-rule-retire",
    "imaging:pull",
    "imaging:quarantine-discard",
    "imaging:quarantine-look",
    "imaging:quarantine-release",
    "imaging:run-confirm-patients",
    "imaging:run-live",
    "imaging:study-exclude",
    "imaging:study-readmit",
    "imaging:upload-create",
    "imaging:upload-files",
    "imaging:upload-finish",
    "imaging:upload-part",
    "imaging:upload-parts",
    "imaging:upload-state",
    "imaging:upload-take-in",
    "registry:advisory-retire",
    "registry:audit-live",
    "registry:case-import-create",
    "registry:case-import-live",
    "registry:case-import-take-in",
    "registry:case-import-undo",
    "registry:case-log-patient",
    "registry:filter-keep",
    "registry:filter-remove",
    "registry:form-draft",
    "registry:form-draft-discard",
    "registry:language",
    "registry:own-email",
    "registry:patient-identity",
    "registry:session",
    "registry:person-one-time-password",
    "registry:read-correct-draft",
    "registry:reading-assignment-withdraw",
    "registry:reading-draft",
    "registry:report-freeze",
    "registry:report-schedule-state",
    "registry:report-verify",
    "registry:sign-out",
}
"""They take what a page sends, or answer with a part of one."""


@pytest.fixture
def world(installation: None) -> built.World:
    return built.world()


@pytest.fixture(params=on(WARD))
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page into which axe may be brought, past the content security policy."""
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


LET_GO = """() => document.querySelectorAll('.form-actions.stays').forEach(
    bar => { bar.style.position = 'static' })"""
"""What a bar covers depends on how far the page is scrolled; what has the focus is clear of it."""


def complaints(
    page: Page, name: str, *, kind: str = "tag", rules: Sequence[str] = RULES
) -> list[str]:
    page.wait_for_function(DRAWN)
    page.evaluate(LET_GO)
    return [f"{name}: {violation}" for violation in page.evaluate(RUN, [kind, rules])]


def paths(world: built.World) -> dict[str, str]:
    """Every page of the product with something of this world on it, by name."""
    of_nobody = {name: reverse(name, kwargs=arguments_of_nobody(name)) for name in OF_NOBODY}
    of_somebody = {
        name: address(name, world.objects[kind].public_id) for name, kind in OBJECT_OF.items()
    }
    return {
        name: path
        for name, path in (of_nobody | of_somebody).items()
        if name not in NO_PAGE_OF_THEIR_OWN and not FILE.search(path)
    }


def check_every_page(
    page: Page, live_server, world: built.World, person
) -> tuple[set[str], list[str]]:
    """Open each page once, each kind of refusal once; say what was seen and what is wrong."""
    built.sign_in(page.context, live_server.url, person)
    seen, found, refusals = set(), [], set()
    for name, path in paths(world).items():
        answer = page.goto(live_server.url + path)
        assert answer is not None
        if answer.ok:
            seen.add(name)
        elif answer.status in refusals:
            continue
        else:
            refusals.add(answer.status)
        assert "sign-in" in name or "/sign-in/" not in page.url, name
        found += complaints(page, name)
    return seen, found


def test_every_page_is_accessible_to_whoever_may_do_everything(page, live_server, world):
    seen, found = check_every_page(page, live_server, world, world.everything)
    assert found == []
    assert seen == set(paths(world)) - set(OPENED_AT_HOME_BY) - {SIGNAL_PAGE}


def test_the_pages_of_who_decides_between_two_reads_are_accessible(page, live_server, world):
    found = []
    for name, opener in OPENED_AT_HOME_BY.items():
        built.sign_in(page.context, live_server.url, world.objects[opener])
        page.goto(live_server.url + paths(world)[name])
        expect(page.get_by_role("heading", level=1)).to_contain_text("Study")
        found += complaints(page, name)
    assert found == []


def test_the_page_on_which_a_signal_is_decided_is_accessible(page, live_server, world):
    device_signals.fill(world.centre, by=world.everything)
    built.sign_in(page.context, live_server.url, world.everything)
    of_signal = ["device-survival", device_signals.SIGNAL]
    for name, args in ((SIGNAL_PAGE, of_signal), (SIGNAL_LIST, [])):
        answer = page.goto(live_server.url + reverse(name, args=args))
        assert answer is not None
        assert answer.ok, name
        assert complaints(page, name) == []


def test_every_page_is_accessible_to_a_reader(page, live_server, world):
    seen, found = check_every_page(page, live_server, world, world.reader)
    assert found == []
    assert {"registry:home", "registry:reading-list", "registry:reading-room"} <= seen
    assert "registry:case-detail" not in seen


def test_signing_in_and_refused_forms_are_accessible(page, live_server, world):
    page.goto(f"{live_server.url}/sign-in/")
    found = complaints(page, "sign-in")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    page.locator(".form-errors").wait_for()
    found += complaints(page, "sign-in refused")

    built.sign_in(page.context, live_server.url, world.everything)
    page.goto(f"{live_server.url}/cases/new/")
    page.keyboard.press("Control+Enter")
    page.locator("[data-form-errors]").wait_for()
    found += complaints(page, "case log refused")
    assert found == []


def test_the_dark_theme_is_as_legible(page, live_server, world):
    built.sign_in(page.context, live_server.url, world.everything)
    page.context.add_init_script("localStorage.setItem('theme', 'dark')")
    found = []
    for name, path in paths(world).items():
        answer = page.goto(live_server.url + path)
        assert answer is not None
        if answer.ok:
            expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
            found += complaints(page, f"dark {name}", kind="rule", rules=COLOURS)
    assert found == []
