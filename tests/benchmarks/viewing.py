"""How fast the reading room shows a study, in Chromium with software rendering.

Each round opens the room in a browser that has nothing in its cache: from the click to the first
slice, to three planes through all slices, and how many slices a second scrolling paints.
"""

import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks import crescent
from tests.benchmarks.processes import LOOPBACK, free_port, server

PASSWORD = "crescent-bench-2016"
SOFTWARE_RENDERING = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
PATIENCE_MS = 120_000

FIRST_IMAGE = "click to first image, s"
PLANES = "click to complete planes, s"
PAINTED = "slices painted a second"

AIMS = {FIRST_IMAGE: "under 1", PLANES: "under 8", PAINTED: "20 and more"}

LINKED = """
from datetime import date
from imaging.models import Study
from registry.models import Centre
from tests.factories import registry_records as make
centre = Centre.objects.get(code="BENCH")
by = make.user(at_centre=centre, name="everything")
waiting = make.contrast_study(of=make.case(of=make.patient(by=by, at_centre=centre), by=by), by=by)
make.study_link(of=waiting, study=Study.objects.get(), by=by, reason="benchmark")
print(waiting.public_id)
"""
"""A contrast study with the images of the benchmark, as the last line printed."""

SCROLL = """async () => {
    const stage = document.querySelector('.is-stack');
    const slices = 60, start = performance.now();
    for (let at = 0; at < slices; at += 1) {
        const key = at < slices / 2 ? 'ArrowDown' : 'ArrowUp';
        stage.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
        await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
    }
    return slices * 1000 / (performance.now() - start);
}"""


def measured(source: Path, run: Path, *, rounds: int) -> dict[str, list[float]]:
    """What was measured in each round."""
    found: dict[str, list[float]] = {name: [] for name in AIMS}
    with _room(source, run) as (address, room), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=SOFTWARE_RENDERING,
        )
        # The first request of a fresh server pays for its start.
        _measure(chromium, address, room)
        for number in range(rounds):
            for name, value in _measure(chromium, address, room).items():
                found[name].append(value)
            print(f"viewing, round {number + 1} of {rounds}", file=sys.stderr)
        chromium.close()
    return found


def report(found: Mapping[str, Sequence[float]], *, slices: int) -> str:
    lines = [
        f"the reading room with {slices} slices, software rendering",
        f"{'':34} median    worst",
    ]
    for name, values in found.items():
        worst = min(values) if name == PAINTED else max(values)
        middle = statistics.median(values)
        lines.append(f"{name:32} {middle:8.2f} {worst:8.2f}   aim: {AIMS[name]}")
    return "\n".join(lines)


def _measure(chromium: Browser, address: str, room: str) -> dict[str, float]:
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    _sign_in(page, address)
    page.goto(f"{address}/reading/")
    link = page.locator(f"a[href='/reading/{room}/']").first
    start = time.perf_counter()
    link.click()
    page.locator(".is-stack canvas:visible").wait_for()
    first_image = time.perf_counter() - start
    page.keyboard.press("v")
    page.wait_for_function("() => document.querySelector('.slices-loading')?.hidden")
    page.locator(".is-coronal canvas:visible").wait_for()
    planes = time.perf_counter() - start
    page.keyboard.press("v")
    page.locator(".is-stack canvas:visible").wait_for()
    painted = page.evaluate(SCROLL)
    context.close()
    return {FIRST_IMAGE: first_image, PLANES: planes, PAINTED: painted}


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.locator("[name=username]").fill("bench")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


@contextmanager
def _room(source: Path, run: Path) -> Iterator[tuple[str, str]]:
    installation = crescent.Installation(run / "data")
    installation.manage("ingest", str(source), "--centre", "BENCH")
    installation.manage(
        *("add_user", "bench", "--centre", "BENCH", "--role", "reader"), typed=PASSWORD
    )
    room = installation.manage("shell", "-v", "0", "-c", LINKED).split()[-1]
    port = free_port()
    gunicorn = Path(sys.executable).with_name("gunicorn")
    with server(
        [str(gunicorn), "config.wsgi", "--bind", f"{LOOPBACK}:{port}"],
        ports=[port],
        log=run / "gunicorn.log",
        environment=installation.environment,
        folder=crescent.ROOT,
    ):
        yield f"http://{LOOPBACK}:{port}", room
