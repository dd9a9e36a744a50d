"""After a click on any control Space, arrows and letters belong to the figure; letters work on every keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab_page import Lab
from tests.browser.pure_page import Run

QUERY = "at=3,4&beat=window&layers=conv:random*2@3x3~relu~maxpool:2"
STEP = (
    "[...document.querySelectorAll('[data-part=beats] [aria-current=step], [data-part=count]')]"
    ".map((part) => part.textContent).join()"
)

CONTROLS = {
    "a button": '[data-part="random"]',
    "a filter": '[data-kernel="sharpen"], [data-part="tray"] button:nth-of-type(3)',
    "the card of a stage": '[data-part="strip"] .stage >> nth=1',
    "a sample": '[data-sample="coffee"]',
    "a stepper": '[data-key="filters-more"]',
    "a choice of padding": '[data-key="padding-same"]',
    "a choice of colors": '[data-channels="rgb"]',
    "a summary": 'summary[data-key="more"]',
    "a checkbox": '[data-key="flip"]',
    "the slider": '[data-part="scrub"]',
    "a pace": '[data-mode="row"]',
    "a view": '[data-tab="equation"]',
    "a beat": '[data-part="beats"] button >> nth=0',
    "a button of the transport": '[data-part="previous"]',
    "the theme": '[data-part="theme"]',
    "a tab of images": '[data-image-tab="pattern"]',
    "a label that explains": '[data-field="stride"] .label',
    "a weight of the filter": "table.of-filter td >> nth=4",
    "a map": '[data-part="output-maps"]',
    "a small map": '[data-part="output-multiples"] :is(button, [role=button]) >> nth=1',
}


def click(lab: Lab, selector: str) -> None:
    """Click a control, with what it lies in opened."""
    control = lab.page.locator(selector).first
    other_tab = lab.page.locator("[role=tab][aria-selected=false]")
    if not control.is_visible() and other_tab.count() and not control.evaluate("(node) => node.closest('details')"):
        other_tab.first.click()
    details = lab.page.locator("details:not([open]) > summary:visible")
    if not control.is_visible() and details.count():
        details.first.click()
    control.click()
    lab.rest()


def steps(lab: Lab, key: str) -> None:
    """Press a key and expect that the figure steps."""
    before = lab.page.evaluate(STEP)
    lab.page.keyboard.press(key)
    lab.until(f"{STEP} !== given", before)


@pytest.mark.parametrize("control", CONTROLS)
def test_after_a_click_on_a_control_space_and_arrows_step_the_figure(lab: Lab, control: str) -> None:
    lab.open(QUERY)
    click(lab, CONTROLS[control])
    lab.page.evaluate("addEventListener('click', () => document.body.toggleAttribute('data-pressed', true), true)")
    for key in ("Space", "ArrowRight", "Shift+ArrowRight", "Space"):
        steps(lab, key)
    expect(lab.page.locator("[data-pressed]")).to_have_count(0)


def test_after_a_menu_is_closed_space_steps_the_figure(lab: Lab) -> None:
    lab.open(QUERY)
    lab.button("Display").click()
    lab.part("display").get_by_role("checkbox").first.click()
    steps(lab, "Space")
    lab.page.keyboard.press("Escape")
    steps(lab, "Space")
    lab.button("Help").click()
    expect(lab.page.get_by_role("dialog", name="Help")).to_be_visible()
    lab.page.keyboard.press("Escape")
    expect(lab.page.get_by_role("dialog")).to_have_count(0)
    steps(lab, "Space")
    lab.button("+ layer").click()
    with lab.answers():
        lab.page.locator('dialog [data-op="relu"]').click()
    steps(lab, "Space")


def test_whoever_comes_with_tab_works_a_control_with_space_and_arrows(lab: Lab) -> None:
    lab.open(QUERY)
    before = lab.position()
    lab.part("scrub").focus()
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Shift+Tab")
    lab.page.keyboard.press("ArrowRight")
    expect(lab.part("count")).not_to_have_text(before)
    lab.part("play").focus()
    lab.page.keyboard.press("Space")
    expect(lab.part("play")).to_have_attribute("aria-label", "Pause")


def test_while_presenting_space_steps_after_a_click(lab: Lab) -> None:
    lab.open(QUERY)
    lab.part("present").click()
    lab.until("document.documentElement.dataset.present !== undefined")
    steps(lab, "Space")
    lab.part("next").click()
    steps(lab, "Space")
    steps(lab, "PageDown")


def test_in_an_embed_space_steps_after_a_click(lab: Lab) -> None:
    lab.page.goto(f"{lab.url}/embed?{QUERY}")
    lab.until("document.querySelector('.maps.live')")
    for name in ("next", "previous", "scrub"):
        lab.part(name).click()
        steps(lab, "Space")
        steps(lab, "ArrowRight")


KEYS: list[tuple[str, str, str]] = [
    ("Russian", "л", "KeyK"),
    ("Greek", "κ", "KeyK"),
    ("Hebrew", "ל", "KeyK"),
    ("Arabic", "ن", "KeyK"),
    ("Korean", "ㅏ", "KeyK"),
    ("Dvorak", "k", "KeyV"),
]


def press(page: Page, key: str, code: str, shift: bool = False) -> None:
    """A key event of another keyboard."""
    page.evaluate(
        "([key, code, shiftKey]) => document.body.dispatchEvent(new KeyboardEvent('keydown', "
        "{ key, code, shiftKey, bubbles: true, cancelable: true }))",
        [key, code, shift],
    )


def test_letters_work_on_keyboards_with_other_alphabets(lab: Lab) -> None:
    lab.open(QUERY)
    name = "Pause"
    for _, key, code in KEYS:
        press(lab.page, key, code)
        expect(lab.part("play")).to_have_attribute("aria-label", name)
        name = "Play" if name == "Pause" else "Pause"
    press(lab.page, "ъ", "BracketRight")
    expect(lab.part("strip").locator("[aria-current=step]")).to_contain_text("ReLU")
    press(lab.page, "؟", "Slash", shift=True)
    expect(lab.page.get_by_role("dialog", name="Help")).to_be_visible()


def test_the_black_screen_works_on_a_russian_keyboard(lab: Lab) -> None:
    lab.open(f"{QUERY}&present=1")
    lab.until("document.documentElement.dataset.present !== undefined")
    press(lab.page, "и", "KeyB")
    expect(lab.part("black")).to_be_attached()
    press(lab.page, "И", "KeyB", shift=True)
    expect(lab.part("black")).to_have_count(0)


@pytest.mark.parametrize(
    ("keyboard", "event", "shortcut"),
    [
        ("US", {"key": "B", "code": "KeyB", "shiftKey": True}, "b"),
        ("AZERTY: Q lies where others have A", {"key": "q", "code": "KeyA"}, "q"),
        ("AZERTY: its M lies elsewhere", {"key": ",", "code": "KeyM"}, ","),
        ("Dvorak: a point", {"key": ".", "code": "KeyE"}, "."),
        ("Dvorak: an apostrophe is no Q", {"key": "'", "code": "KeyQ"}, "'"),
        ("German: ü is no bracket", {"key": "ü", "code": "BracketLeft"}, "ü"),
        ("Russian", {"key": "Х", "code": "BracketLeft"}, "["),
        ("Russian: what is printed", {"key": "?", "code": "Digit7", "shiftKey": True}, "?"),
        ("Russian on a Mac", {"key": "ё", "code": "Backslash"}, "\\"),
        ("Greek: Q", {"key": ";", "code": "KeyQ"}, "q"),
        ("Hebrew: Q", {"key": "/", "code": "KeyQ"}, "q"),
        ("Hebrew: brackets are mirrored", {"key": "]", "code": "BracketLeft"}, "]"),
        ("Arabic: two characters", {"key": "لا", "code": "KeyB"}, "b"),
        ("Arabic digits", {"key": "٣", "code": "Digit3"}, "3"),
        ("French: a dead key", {"key": "Dead", "code": "BracketLeft"}, "Dead"),
        ("an arrow", {"key": "ArrowRight", "code": "ArrowRight"}, "ArrowRight"),
    ],
)
def test_a_shortcut_is_what_is_printed_or_what_lies_there(
    run: Run, keyboard: str, event: dict[str, object], shortcut: str
) -> None:
    script = "const { shortcutOf } = await import('convoscope/pure/keys.js'); return shortcutOf(given);"
    assert run(script, event) == shortcut, keyboard


@pytest.mark.parametrize(
    ("event", "action"),
    [
        ({"key": "[", "code": "Digit8", "ctrlKey": True, "altKey": True}, "previous-stage"),
        ({"key": "[", "code": "Digit5", "altKey": True}, "previous-stage"),
        ({"key": "[", "code": "BracketLeft", "altKey": True}, None),
        ({"key": "b", "code": "KeyB", "ctrlKey": True}, None),
        ({"key": "и", "code": "KeyB", "metaKey": True}, None),
    ],
)
def test_alt_gr_writes_brackets_and_is_no_command(run: Run, event: dict[str, object], action: str | None) -> None:
    assert (
        run("const { actionOf } = await import('convoscope/pure/keys.js'); return actionOf(given, true);", event)
        == action
    )


def test_on_the_page_of_filters_letters_work_after_a_click_and_on_other_keyboards(lab: Lab) -> None:
    lab.page.goto(f"{lab.url}/filters")
    lab.until("document.querySelector('.tile canvas, .tile img')")
    lab.rest()
    for control in (".tile >> nth=2", '[data-part="theme"]', '[data-part="film"] input[type=range]'):
        lab.page.locator(control).first.click()
        press(lab.page, "ь", "KeyM")
        lab.says("wall=maps")
        press(lab.page, "m", "Semicolon")
        lab.drops("wall=maps")
