"""The main job as a person does it: a CT goes in, finding and operation are logged and counted.

Logging is done with the keyboard alone.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry.models import RevisionCase, Role
from registry.vocabulary import ComponentKind
from tests.browser import keyboard
from tests.browser.screens import on_both_screens
from tests.factories import registry_records as make
from tests.factories.dicom_files import ct_instance

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOCAL_NUMBER = "LOCAL-0077"
MOVED_BY_AN_OPERATED_LEAK = {"patients", "ct_studied", "completed", "operated", "operated_leak"}


@pytest.fixture
def cohort(installation):
    """A centre with one patient who had a normal study and no operation."""
    centre = make.centre("NORTH")
    surgeon = make.user(
        at_centre=centre,
        roles=[Role.REGISTRAR, Role.SURGEON, Role.AUDITOR, Role.DATA_MANAGER],
        name="surgeon",
    )
    case = make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)
    make.read(of=make.contrast_study(of=case, by=surgeon), by=surgeon, finding="normal_crescent")
    return centre


@pytest.fixture
def ct_folder(tmp_path: Path) -> Path:
    """Eight axial slices of the patient whose case will be logged, taken on 2024-03-05."""
    folder = tmp_path / "ct"
    folder.mkdir()
    for index in range(8):
        ct_instance(
            folder / f"{index}.dcm",
            index=index,
            PatientID=LOCAL_NUMBER,
            PatientSex="M",
            PatientBirthDate="20110310",
        )
    (folder / "notes.txt").write_text("not an image")
    return folder


def sign_in(page: Page, address: str, *, username: str) -> None:
    page.goto(f"{address}/")
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(make.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What waits for you")).to_be_visible()


def flow(page: Page, address: str) -> dict[str, int]:
    answer = page.request.get(f"{address}/audit/abousamra-2016/result.json")
    assert answer.ok
    return {box["key"]: box["n"] for box in answer.json()["flow"]}


@on_both_screens
def test_a_case_goes_from_ct_to_audit(page, live_server, cohort, ct_folder, picture):
    address = live_server.url
    sign_in(page, address, username="surgeon")
    picture(page, "01-home")
    before = flow(page, address)

    # The CT goes in; the text file beside it is refused and holds nothing up.
    page.goto(f"{address}/imaging/uploads/new/")
    picture(page, "02-import")
    page.locator("input[type=file][multiple]:not([webkitdirectory])").set_input_files(
        sorted(ct_folder.iterdir())
    )
    expect(page.locator(".result-counts .indexed")).to_contain_text("8")
    expect(page.locator(".result-counts .rejected")).to_contain_text("1")
    expect(page.locator("main")).to_contain_text("The file is not a DICOM file")
    picture(page, "03-import-done")

    # The case is logged, from suspicion to operation, by keyboard.
    page.goto(f"{address}/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Log a case")).to_be_visible()
    picture(page, "04-log-a-case")
    answers = {
        "patient-known": "no",
        "patient-local_number": LOCAL_NUMBER,
        "patient-sex": "male",
        "patient-birth_year": "2011",
        "patient-diagnosis": "cp_spastic",
        "case-opened_on": "2024-03-01",
        "case-trigger": "suspected_malfunction",
        "course-study": "yes",
        "study-performed_on": "2024-03-05",
        "study-outcome": "completed",
        "study-aspiration": "free",
        "report-adequacy": "adequate",
        "report-primary_finding": "leak",
        "report-sites_leak": ["lumbar_outside_canal"],
        "course-operation": "yes",
        "surgery-performed_on": "2024-03-12",
        "surgery-indication": "catheter_fracture_or_tear",
        "surgery-planned": "unplanned",
        "surgery-imaging_known": "known",
        "surgery-procedures": ["spinal_segment_replacement"],
        "surgery-spinal_segment_status": "confirmed",
        "surgery-spinal_segment_code": "fracture",
        "course-ended": "no",
    }
    assert len(answers) <= 25
    keyboard.answer(page, answers)
    picture(page, "05-log-a-case-filled")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}/"))
    picture(page, "06-case")
    case_url = page.url

    # The images are proposed with the reasons; a person confirms.
    page.goto(f"{address}/images/")
    expect(page.locator("main")).to_contain_text("same patient number")
    picture(page, "07-images-to-link")
    page.get_by_role("button", name="Link to the contrast study").first.click()
    expect(page.get_by_text("The images are linked.")).to_be_visible()
    page.goto(case_url)
    canvas = page.locator("[data-island=slices] canvas").first
    expect(canvas).to_be_visible()
    picture(page, "08-case-with-slices")

    # Exactly the boxes move that should.
    page.goto(f"{address}/audit/abousamra-2016/")
    expect(page.locator(".flow.drawing svg")).to_be_visible()
    picture(page, "09-audit")
    after = flow(page, address)
    moved = {key for key in after if after[key] != before.get(key, 0)}
    assert moved == MOVED_BY_AN_OPERATED_LEAK
    assert all(after[key] == before.get(key, 0) + 1 for key in moved)
    for key, n in after.items():
        expect(page.locator(f'[data-n="{key}"]')).to_have_text(str(n))

    # The number opens the case behind it.
    page.locator(".flow.drawing a[href*='operated_leak']").first.click()
    expect(page.locator("tr[data-patient]")).to_have_count(1)
    picture(page, "10-cases-behind-a-number")

    # A finished report is frozen.
    page.go_back()
    page.get_by_label("Title of the report").fill("First quarter")
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_role("heading", name="First quarter")).to_be_visible()
    picture(page, "11-frozen-report")


MOST_STROKES = 3 * 60 * 4
"""Three minutes of typing at four keys a second."""


def test_a_complete_retrospective_case_takes_three_minutes_of_typing(
    page, live_server, cohort, picture
):
    """Patient, pump, catheter, episode, stopped study, operation and outcome, without a mouse."""
    address = live_server.url
    sign_in(page, address, username="surgeon")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Log a case")).to_be_visible()
    strokes = 1 + keyboard.answer(
        page,
        {
            "patient-known": "no",
            "patient-local_number": "LOCAL-0078",
            "patient-sex": "female",
            "patient-birth_year": "2009",
            "patient-diagnosis": "cp_spastic",
            "system-pump_model": "medtronic_8637_40",
            "system-pump_serial_number": "NGP123456H",
            "system-pump_implanted_on": "2018-04-02",
            "system-catheter_model": "medtronic_8780",
            "system-catheter_implanted_on": "2018-04-02",
            "case-opened_on": "2024-03-01",
            "case-trigger": "suspected_malfunction",
            "course-study": "yes",
            "study-performed_on": "2024-03-05",
            "study-outcome": "stopped_not_aspirable",
            "study-concentration_ug_per_ml": "2000",
            "study-daily_dose_ug": "300",
            "course-operation": "yes",
            "surgery-performed_on": "2024-03-12",
            "surgery-indication": "not_aspirable_exploration",
            "surgery-planned": "unplanned",
            "surgery-imaging_known": "known",
            "surgery-procedures": ["spinal_segment_replacement"],
            "surgery-spinal_segment_status": "confirmed",
            "surgery-spinal_segment_code": "occlusion_tip_fibrosis",
            "exchange-removed": ["spinal_segment"],
            "exchange-placed_kinds": ["spinal_segment"],
            "exchange-catheter_model": "medtronic_8782",
            "course-ended": "yes",
            "outcome-closed_on": "2024-05-01",
            "outcome-outcome": "resolved_by_surgery",
        },
    )
    picture(page, "12-retrospective-case-filled")
    page.keyboard.press("Control+Enter")
    strokes += 2
    expect(page).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}/"))
    picture(page, "13-retrospective-case")
    for words in ("Taken out", "Put in", "Resolved after revision surgery"):
        expect(page.locator("main")).to_contain_text(words)
    patient = RevisionCase.objects.latest("pk").patient
    in_place = patient.components.filter(removed_on__isnull=True)
    assert sorted(one.kind for one in in_place) == sorted(ComponentKind.codes())
    assert strokes <= MOST_STROKES


def test_a_stopped_study_asks_for_no_finding(page, live_server, cohort):
    """Not aspirable is an outcome of its own: nothing was injected, so nothing can be read."""
    address = live_server.url
    sign_in(page, address, username="surgeon")
    before = flow(page, address)
    page.goto(f"{address}/cases/new/")
    keyboard.answer(
        page,
        {
            "patient-known": "no",
            "patient-sex": "female",
            "patient-birth_year": "2009",
            "patient-diagnosis": "cp_mixed",
            "case-opened_on": "2024-03-01",
            "case-trigger": "suspected_malfunction",
            "course-study": "yes",
            "study-performed_on": "2024-03-05",
            "study-outcome": "stopped_not_aspirable",
            "course-operation": "no",
            "course-ended": "no",
        },
    )
    expect(page.locator("[name=report-primary_finding]").first).to_be_hidden()
    expect(page.locator("[name=study-contrast_ml]")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}/"))
    after = flow(page, address)
    moved = {key for key in after if after[key] != before.get(key, 0)}
    assert moved == {"patients", "ct_studied", "stopped_not_aspirable"}
