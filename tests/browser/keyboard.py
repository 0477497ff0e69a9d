"""Fill a form the way somebody does who never touches the mouse."""

from collections.abc import Mapping, Sequence

from playwright.sync_api import Page

FOCUSED = """() => {
    const e = document.activeElement;
    const option = e.tagName === 'SELECT'
        ? Object.fromEntries([...e.options].map((o, i) => [o.value, i])) : null;
    return {name: e.name || '', type: e.type || e.tagName.toLowerCase(), value: e.value || '',
            checked: !!e.checked, options: option, selected: e.selectedIndex ?? -1};
}"""
MOST_STOPS = 400


def answer(page: Page, answers: Mapping[str, str | Sequence[str]]) -> int:
    """Tab through the page from where the focus is and give each answer when its field comes.

    Parameters
    ----------
    answers
        Field name to what is typed, or to the value (values) chosen.

    Returns
    -------
    Key strokes it took.

    Raises
    ------
    AssertionError
        A field never got the focus.
    """
    waiting = {
        name: list(value) if isinstance(value, list | tuple) else value
        for name, value in answers.items()
    }
    strokes = 0
    for stop in range(MOST_STOPS):
        if not waiting:
            return strokes
        # The first answer of a form has the focus when the page opens.
        if stop > 0:
            page.keyboard.press("Tab")
            strokes += 1
        focused = page.evaluate(FOCUSED)
        name = focused["name"]
        if name not in waiting:
            continue
        wanted = waiting[name]
        if focused["type"] == "radio":
            strokes += _choose_radio(page, str(wanted), focused)
            del waiting[name]
        elif focused["type"] == "checkbox":
            if focused["value"] in wanted and not focused["checked"]:
                page.keyboard.press("Space")
                strokes += 1
                wanted.remove(focused["value"])
            if not wanted:
                del waiting[name]
        elif focused["options"] is not None:
            steps = focused["options"][wanted] - focused["selected"]
            for _ in range(abs(steps)):
                page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
            strokes += abs(steps)
            del waiting[name]
        else:
            page.keyboard.type(str(wanted))
            strokes += len(str(wanted))
            del waiting[name]
    raise AssertionError(f"never focused: {sorted(waiting)}")


def _choose_radio(page: Page, wanted: str, focused: Mapping[str, object]) -> int:
    strokes = 0
    if not focused["checked"]:
        page.keyboard.press("Space")
        strokes += 1
    for _ in range(20):
        if page.evaluate(FOCUSED)["value"] == wanted:
            return strokes
        page.keyboard.press("ArrowDown")
        strokes += 1
    raise AssertionError(f"no radio button has the value {wanted}")


NAME = """() => {
    const e = document.activeElement;
    return (e.labels?.[0] ?? e).textContent.trim();
}"""


def reach(page: Page, name: str) -> None:
    """Tab on until the control with this text or label has the focus.

    Raises
    ------
    AssertionError
        It never gets the focus.
    """
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(NAME).startswith(name):
            return
    raise AssertionError(f"never focused: {name}")
