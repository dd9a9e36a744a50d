"""The panel for teachers: its choices change the page of the link, and not the teacher's figure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.options import HIDEABLE, LOCKABLE
from app.core.scene import View
from tests.browser.conftest import Devices
from tests.browser.lab.test_accessibility import DESKTOP
from tests.browser.lab_page import Lab, faults


def open_panel(lab: Lab) -> None:
    """The panel, opened from the Share dialog."""
    lab.button("Share").click()
    lab.button("Prepare for students…").click()
    expect(lab.part("authoring")).to_be_visible()


def student_view(lab: Lab) -> View:
    """The view of the link for students, as the server reads it."""
    return parse_link(urlsplit(lab.part("authoring-link").input_value()).query, Limits()).view


def tick(lab: Lab, group: str, *names: str) -> None:
    lab.part("authoring-parts").evaluate("(fold) => { fold.open = true; }")
    for name in names:
        lab.part(f"authoring-{group}").locator(f'input[value="{name}"]').check()


def test_the_panel_names_every_part_that_a_link_can_hide_or_lock(lab: Lab) -> None:
    lab.open()
    open_panel(lab)
    lab.part("authoring-parts").locator("summary").click()
    for group, names in (("hide", HIDEABLE), ("lock", LOCKABLE)):
        ticks = lab.part(f"authoring-{group}").get_by_role("checkbox")
        assert ticks.evaluate_all("(all) => all.map((one) => one.value)") == list(names)
        labels = lab.part(f"authoring-{group}").locator("label").all_inner_texts()
        assert not set(labels) & set(names), "each has words of its own, in static/pure/strings/authoring-strings.js"


def test_three_presets_stand_above_the_single_parts_and_set_them(lab: Lab) -> None:
    lab.open("image=coffee")
    open_panel(lab)
    presets = lab.part("authoring-presets").get_by_role("button")
    assert presets.all_inner_texts() == ["look only", "step only", "use everything"]
    expect(presets.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(lab.part("authoring-hide")).to_be_hidden()
    presets.nth(0).click()
    expect(presets.nth(0)).to_have_attribute("aria-pressed", "true")
    assert student_view(lab).hide == ("header", "image", "inspector", "transport")
    assert student_view(lab).lock == ("strip",)
    tick(lab, "hide", "formula")
    expect(lab.part("authoring-presets").locator("[aria-pressed=true]")).to_have_count(0)
    presets.nth(1).click()
    assert student_view(lab).hide == ("image", "inspector")
    lab.page.goto(lab.part("authoring-link").input_value())
    lab.ready()
    expect(lab.part("image")).to_be_hidden()
    lab.part("next").click()
    lab.says("at=")


def test_ticked_parts_are_hidden_and_locked_only_for_students(lab: Lab) -> None:
    lab.open("image=coffee")
    open_panel(lab)
    tick(lab, "hide", "formula", "tabs", "image")
    tick(lab, "lock", "strip")
    assert student_view(lab).hide == ("image", "formula", "tabs")
    assert student_view(lab).lock == ("strip",)
    expect(lab.part("tabs")).to_be_visible()
    assert "hide" not in lab.link
    lab.page.goto(lab.part("authoring-link").input_value())
    lab.ready()
    for name in ("formula", "tabs", "image"):
        expect(lab.part(name)).to_be_hidden()
    expect(lab.part("strip")).to_have_attribute("inert", "")


def test_stops_are_added_reordered_and_removed(lab: Lab) -> None:
    lab.open("at=3,4")
    open_panel(lab)
    lab.button("Add this cell").click()
    for _ in range(2):
        lab.button("One position on").click()
        lab.button("Add this cell").click()
    assert student_view(lab).stops == ((3, 4), (3, 5), (3, 6))
    lab.button("row 3, column 6: earlier").click()
    assert student_view(lab).stops == ((3, 4), (3, 6), (3, 5))
    lab.button("Remove row 3, column 4").click()
    assert student_view(lab).stops == ((3, 6), (3, 5))
    lab.page.goto(lab.part("authoring-link").input_value())
    lab.ready()
    lab.button("First position").click()
    lab.says("at=3,6")
    lab.button("One position on").click()
    lab.says("at=3,5")


def test_words_at_a_stop_go_into_the_link_and_move_with_it(lab: Lab) -> None:
    lab.open("at=3,4")
    open_panel(lab)
    for _ in range(3):
        lab.button("Add this cell").click()
        lab.button("One position on").click()
    first, last = (lab.page.get_by_label(f"Words shown at row 3, column {column}") for column in (4, 6))
    first.press_sequentially("Look: 50 %; no more")
    last.fill("The end")
    expect(first).to_have_value("Look: 50 %; no more")
    assert first.get_attribute("maxlength") == "160"
    assert student_view(lab).notes == ("Look: 50 %; no more", "", "The end")
    lab.button("row 3, column 6: earlier").click()
    assert student_view(lab).stops == ((3, 4), (3, 6), (3, 5))
    assert student_view(lab).notes == ("Look: 50 %; no more", "The end")
    expect(last).to_have_value("The end")
    lab.button("Remove row 3, column 4").click()
    assert student_view(lab).notes == ("The end",)
    assert "notes" not in lab.link, "the teacher's figure stays as it is"
    lab.page.goto(lab.part("authoring-link").input_value())
    lab.ready()
    lab.button("First position").click()
    expect(lab.part("says")).to_have_text("The end")


def test_the_start_is_this_cell_this_stage_or_the_default(lab: Lab) -> None:
    lab.open("stage=2&at=5,6&beat=write")
    open_panel(lab)
    view = student_view(lab)
    assert (view.stage, view.at, view.beat) == (2, (5, 6), "write")
    lab.button("at this stage").click()
    view = student_view(lab)
    assert (view.stage, view.at, view.beat) == (2, None, View().beat)
    lab.button("at its default").click()
    assert student_view(lab) == View()
    lab.button("where you are now").click()
    lab.button("One position on").click()
    lab.says("at=5,7")
    lab.until("decodeURIComponent(document.querySelector('[data-part=authoring-link]').value).includes('at=5,7')")


def test_title_theme_tempo_play_and_loop_go_into_the_link(lab: Lab) -> None:
    lab.open()
    open_panel(lab)
    panel = lab.part("authoring")
    lab.key("authoring-title").fill("100 % edges & corners")
    panel.locator("[data-key=theme]").select_option("projector")
    panel.locator("[data-key=tempo]").fill("0.5")
    panel.locator("[data-key=tempo]").press("Tab")
    panel.locator("[data-key=play]").check()
    panel.locator("[data-key=loop]").check()
    view = student_view(lab)
    assert (view.title, view.theme, view.tempo, view.play, view.loop) == (
        "100 % edges & corners",
        "projector",
        "0.5",
        True,
        True,
    )
    expect(lab.part("theme")).to_have_attribute("aria-label", "Theme: auto")


def test_the_preview_shows_what_students_will_see(lab: Lab) -> None:
    lab.open("image=face")
    open_panel(lab)
    tick(lab, "hide", "transport")
    lab.button("Preview").click()
    frame = lab.page.frame_locator("[data-part=preview-frame]")
    expect(frame.locator(".maps.live")).to_have_count(2)
    for name in ("play", "previous", "next", "scrub", "count", "tempo", "modes", "present"):
        expect(frame.locator(f"[data-part={name}]")).to_be_hidden()
    expect(frame.locator("[data-part=beats]")).to_be_visible()  # hidden with the sums, which it explains
    expect(frame.locator("[data-part=input-shape]")).to_have_text("16 × 12")
    lab.button("Embed").click()
    expect(frame.locator("main.embed .maps.live")).to_have_count(2)
    lab.page.keyboard.press("Escape")
    expect(lab.part("preview-frame")).to_have_count(0)


def test_the_share_dialog_has_the_link_for_students(lab: Lab) -> None:
    lab.open("image=face")
    open_panel(lab)
    tick(lab, "hide", "strip")
    lab.button("Share…").click()
    assert lab.part("share-link").input_value() == lab.part("authoring-link").input_value()
    expect(lab.part("code")).to_have_value(re.compile("hide=strip"))


def test_the_display_menu_opens_the_panel_and_closing_it_restores_the_settings(lab: Lab) -> None:
    lab.open()
    lab.button("Display").click()
    lab.part("display-teach").click()
    expect(lab.part("authoring")).to_be_visible()
    expect(lab.part("side")).to_be_hidden()
    expect(lab.part("authoring").get_by_role("heading", name="For students")).to_be_focused()
    lab.part("authoring-close").click()
    expect(lab.part("side")).to_be_visible()
    expect(lab.part("share")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing_in_the_panel(devices: Devices, scheme: str) -> None:
    lab = devices.lab(**DESKTOP, color_scheme=scheme).open("at=3,4")
    open_panel(lab)
    lab.button("Add this cell").click()
    assert faults(lab.page) == []


def test_the_panel_is_a_sheet_on_a_phone_that_leaves_the_figure_visible(devices: Devices) -> None:
    lab = devices.phone().open()
    open_panel(lab)
    box = lab.part("authoring").bounding_box()
    assert box
    assert box["y"] > 250
    assert _overflow(lab.page) == 0


def _overflow(page: Page) -> int:
    return int(page.evaluate("Math.max(0, document.scrollingElement.scrollWidth - innerWidth)"))
