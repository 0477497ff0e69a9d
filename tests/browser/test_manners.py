"""How pages behave under the hand: shortcuts, focus, mistakes, and two people at one record."""

import pytest
from playwright.sync_api import Page, expect

from registry.models import RevisionCase, StudyLink
from tests.browser import world as built
from tests.factories import registry_records as make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def world(page, live_server, installation) -> built.World:
    world = built.world()
    built.sign_in(page.context, live_server.url, world.everything)
    return world


def case_url(live_server, world, step=""):
    return f"{live_server.url}/cases/{world.objects['case'].public_id}/{step}"


def test_keys_lead_everywhere_and_the_focus_is_always_seen(page: Page, live_server, world):
    page.goto(case_url(live_server, world))
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.keyboard.press("/")
    search = page.get_by_label("Find a patient or case")
    expect(search).to_be_focused()
    page.keyboard.type("g h")
    page.keyboard.press("Escape")
    expect(search).to_have_value("g h")

    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", name="What waits for you")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", name="Reading list")).to_be_visible()
    page.go_back()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Log a case")).to_be_visible()


def test_every_stop_of_the_keyboard_shows_where_it_is(page: Page, live_server, world):
    page.goto(case_url(live_server, world, "edit/"))
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        shown = page.evaluate("""() => {
            const at = document.activeElement;
            if (at === document.body) return null;
            const ringed = [at, at.closest('label')].filter(Boolean);
            const outlined = ringed.some((one) => getComputedStyle(one).outlineStyle !== 'none');
            return [at.outerHTML.slice(0, 80), outlined];
        }""")
        if shown is None:
            break
        seen.add(tuple(shown))
    assert len(seen) > 20
    assert [stop for stop, outlined in seen if not outlined] == []


def test_a_typed_number_names_the_patient_before_anything_is_saved(page: Page, live_server, world):
    patient = world.objects["patient"]
    page.goto(f"{live_server.url}/cases/new/")
    expect(page.locator("[name=patient-known][value=yes]")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(patient.registry_number.removeprefix("CR-"))
    page.keyboard.press("Tab")

    expect(page.locator("main")).to_contain_text(f"{patient.registry_number}")
    expect(
        page.get_by_role("link", name="Suspected malfunction, raised 2024-03-01")
    ).to_be_visible()
    page.keyboard.type("t")
    page.keyboard.press("Tab")
    expect(page.locator("[name=case-opened_on]")).to_have_value(
        page.evaluate("new Date().toLocaleDateString('sv')")
    )


def test_a_date_is_today_even_when_saved_before_the_box_is_left(page: Page, live_server, world):
    case = make.case(of=world.objects["case"].patient, by=world.everything)
    page.goto(f"{live_server.url}/cases/{case.public_id}/edit/")
    raised = page.locator("[name=opened_on]")
    raised.fill("")
    raised.press("t")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    case.refresh_from_db()
    assert f"{case.opened_on}" == page.evaluate("new Date().toLocaleDateString('sv')")


def test_the_focus_waits_on_the_answer_that_was_chosen(page: Page, live_server, world):
    catheter = make.component(
        of=world.objects["patient"], by=world.everything, kind="spinal_segment", reservoir_ml=None
    )
    page.goto(f"{live_server.url}/components/{catheter.public_id}/edit/")
    expect(page.locator("[name=kind][value=spinal_segment]")).to_be_focused()


def test_a_heading_is_shown_exactly_when_a_question_is_asked_below_it(
    page: Page, live_server, world
):
    hidden = 0
    case, read = world.objects["case"], world.objects["read"]
    for path in (
        f"cases/{case.public_id}/contrast-studies/new/",
        f"cases/{case.public_id}/surgeries/new/",
        f"patients/{world.objects['patient'].public_id}/components/new/",
        f"reads/{read.public_id}/correct/",
        "cases/new/",
    ):
        page.goto(f"{live_server.url}/{path}")
        groups = page.evaluate("""() => [...document.querySelectorAll('fieldset.group')].map(
            (group) => [group.querySelector('legend').innerText, group.checkVisibility(),
                [...group.querySelectorAll('input, select, textarea, [data-formset-add]')].some(
                    (one) => one.type !== 'hidden' && !one.closest('[hidden]'))])""")
        assert groups, path
        assert [group for group in groups if group[1] != group[2]] == [], path
        hidden += sum(not is_shown for _, is_shown, _ in groups)
    assert hidden > 0


def test_pressing_save_twice_saves_once_and_back_brings_no_second_case(
    page: Page, live_server, world
):
    page.goto(f"{live_server.url}/patients/{world.objects['patient'].public_id}/cases/new/")
    page.locator("[name=opened_on]").fill("2024-05-01")
    page.locator("[name=trigger][value=infection]").check(force=True)
    page.get_by_role("button", name="Open the case").dblclick()

    expect(page.get_by_role("heading", name="Infection, raised 2024-05-01")).to_be_visible()
    assert RevisionCase.objects.filter(trigger="infection").count() == 1


def test_another_patient_number_is_linked_only_with_a_reason(page: Page, live_server, world):
    stranger = make.patient(by=world.everything, at_centre=world.centre, local_number="OTHER-1")
    case = make.case(of=stranger, by=world.everything)
    study = make.contrast_study(of=case, by=world.everything)
    link = f"{live_server.url}/images/{world.objects['study'].public_id}/link/"
    page.goto(f"{link}?number={stranger.registry_number}")
    page.get_by_role("button", name="Link to the contrast study").click()

    expect(page.get_by_role("heading", name="Images and case differ")).to_be_visible()
    page.get_by_role("button", name="Link all the same").click()
    expect(page.locator("[data-form-errors]")).to_be_focused()
    assert not StudyLink.objects.filter(contrast_study=study).exists()

    page.get_by_label("Why do images and case differ?").fill("number mistyped at the scanner")
    page.get_by_role("button", name="Link all the same").click()
    expect(page.get_by_text("The images are linked.")).to_be_visible()
    made = StudyLink.objects.get(contrast_study=study)
    assert made.override_reason == "number mistyped at the scanner"


def test_of_two_people_at_one_record_neither_loses_a_word(page: Page, live_server, world):
    page.goto(case_url(live_server, world, "edit/"))
    other = page.context.new_page()
    other.goto(case_url(live_server, world, "edit/"))
    other.get_by_label("Remarks").fill("the other version")
    other.keyboard.press("Control+Enter")
    expect(other.get_by_text("Saved.")).to_be_visible()

    page.get_by_label("Remarks").fill("my version")
    page.keyboard.press("Control+Enter")

    conflict = page.get_by_role("alert").filter(has_text="Somebody else saved this")
    expect(conflict).to_contain_text("the other version")
    expect(conflict).to_contain_text("my version")
    expect(page.get_by_label("Remarks")).to_have_value("my version")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    world.objects["case"].refresh_from_db()
    assert world.objects["case"].remarks == "my version"
