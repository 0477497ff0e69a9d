"""A real Chromium against the real application, with the built islands and log-in."""

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, Page, expect, sync_playwright

from imaging.models import Instance
from registry.models import Role
from tests.architecture.source_tree import ROOT
from tests.browser import world as built
from tests.browser.screens import WARD, on
from tests.factories import registry_records as make
from tests.factories import stored_studies

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ANSWERED_SECONDS = 60
BUILT = ROOT / "build" / "islands" / "crescent" / "app.js"
SCREENSHOTS = os.environ.get("CRESCENT_SCREENSHOTS")
"""A folder to keep a picture of every step in; none are kept without it."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "No Chromium found: run `make system-packages`."
    assert BUILT.exists(), "The front end is not built: run `make setup`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def all_answered(transactional_db: None) -> Iterator[None]:
    """Nothing a closed page had asked for is still written when the database is emptied."""
    under_way = 0
    changed = threading.Condition()

    def count(by: int) -> None:
        nonlocal under_way
        with changed:
            under_way += by
            changed.notify_all()

    def started(**_: object) -> None:
        count(1)

    def finished(**_: object) -> None:
        count(-1)

    request_started.connect(started)
    request_finished.connect(finished)
    yield
    with changed:
        everything = changed.wait_for(lambda: under_way <= 0, timeout=ANSWERED_SECONDS)
    request_started.disconnect(started)
    request_finished.disconnect(finished)
    assert everything, f"{under_way} requests were not answered"


@pytest.fixture(params=on(WARD))
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page; whatever the console complains about fails the test."""
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(15_000)
    expect.set_options(timeout=15_000)
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def installation(transactional_db: None) -> None:
    """The spool of the test's own data folder, made ready as at a start."""
    assert not Instance.objects.exists(), "another test left its images in the database"
    call_command("recover", verbosity=0)


@pytest.fixture
def picture(request: pytest.FixtureRequest):
    """Keep a picture of the page under a name, when pictures are asked for."""

    def take(page: Page, name: str) -> None:
        if SCREENSHOTS:
            folder = Path(SCREENSHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            width = page.viewport_size["width"]
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)

    return take


@pytest.fixture
def centre(page, installation):
    return make.centre("NORTH")


@pytest.fixture
def read_room(page, live_server, centre):
    """Open the reading room on a series made for the test, and on one of an earlier study.

    `facts` and `earlier` are those of `stored_studies.measured`; its slices lie `step_mm` apart.
    """

    def stored(*, values_hu, step_mm: float = 2.0, from_mm: float = 100.0, **facts):
        return stored_studies.measured(
            values_hu,
            centre_code=centre.code,
            positions_mm=[(-20.0, -30.0, from_mm + step_mm * at) for at in range(len(values_hu))],
            PatientID=built.LOCAL_NUMBER,
            **facts,
        )

    def open_room(*, on: Page = page, earlier=None, **facts) -> Page:
        everything = make.user(at_centre=centre, roles=list(Role.values), name="everything")
        patient = make.patient(by=everything, at_centre=centre, local_number=built.LOCAL_NUMBER)
        case = make.case(of=patient, by=everything)
        waiting = make.contrast_study(of=case, by=everything)
        make.study_link(of=waiting, study=stored(**facts), by=everything)
        if earlier:
            before = make.contrast_study(of=case, by=everything, performed_on=date(2023, 3, 5))
            make.study_link(of=before, study=stored(**earlier), by=everything, reason="earlier")
        reader = make.user(at_centre=centre, roles=[Role.READER], name="reader")
        built.sign_in(on.context, live_server.url, reader)
        on.goto(f"{live_server.url}/reading/{waiting.public_id}/")
        expect(on.locator(".slices-stage canvas").first).to_be_visible()
        expect(on.locator(".slices-loading")).to_be_hidden()
        return on

    return open_room
