"""Films, slides, pages to print and tables in the Share dialog: forms, estimate, progress, Cancel, and the file."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect
from pptx import Presentation

from tests.browser.conftest import Devices
from tests.browser.lab.test_accessibility import DESKTOP
from tests.browser.lab_page import Lab, faults
from tests.browser.share.test_share import open_share, upload

FIGURE = "image=face&layers=conv:sobel-x&at=3,4&stage=1"


def open_form(lab: Lab, name: str) -> Locator:
    open_share(lab)
    lab.part(f"export-{name}").click()
    return lab.part("export-form")


def field(form: Locator, name: str) -> Locator:
    return form.locator(f"[name={name}]")


def make(page: Page) -> Download:
    with page.expect_download() as waiting:
        page.locator("[data-part=export-make]").click()
    return waiting.value


def read(download: Download) -> bytes:
    return download.path().read_bytes()


def test_a_film_is_estimated_shown_and_made(lab: Lab) -> None:
    form = open_form(lab.open(FIGURE), "film")
    expect(lab.part("export-status")).to_contain_text(re.compile(r"About \d+ pictures, 12 s, [\d.]+ MB"))
    pictures = lab.part("export-panel").locator("img")
    expect(pictures).to_have_count(2)
    lab.until("[...document.querySelectorAll('.export-previews img')].every((one) => one.naturalWidth === 480)")
    field(form, "show").select_option("step")
    field(form, "size").select_option("800×450")
    expect(lab.part("export-status")).to_contain_text(re.compile(r"About \d+ pictures, 4.4 s"))
    download = make(lab.page)
    assert download.suggested_filename == "convoscope-face-sobel-x.gif"
    film = Image.open(io.BytesIO(read(download)))
    assert (film.size, film.format) == ((800, 450), "GIF")
    expect(lab.part("export-status")).to_have_text("convoscope-face-sobel-x.gif is saved.")


def test_the_form_shows_only_what_is_a_choice(lab: Lab) -> None:
    form = open_form(lab.open(FIGURE), "film")
    options = field(form, "show").locator("option")
    assert options.all_inner_texts() == ["the story, as Play tells it", "the beats of this step", "the whole map"]
    expect(field(form, "pace")).to_have_count(0)
    field(form, "show").select_option("map")
    expect(field(form, "pace")).to_have_value("positions")
    field(form, "kind").select_option("mp4")
    expect(field(form, "transparent")).to_have_count(0)
    field(form, "size").select_option("own")
    expect(field(form, "width")).to_be_visible()


def test_a_choice_by_keys_keeps_the_focus(lab: Lab) -> None:
    form = open_form(lab.open(FIGURE), "film")
    expect(field(form, "kind")).to_be_focused()
    lab.page.keyboard.press("ArrowDown")
    expect(field(form, "kind")).to_have_value("webp")
    expect(field(form, "kind")).to_be_focused()
    lab.page.keyboard.press("Tab")
    expect(field(form, "show")).to_be_focused()


def test_the_stops_of_the_author_come_first(lab: Lab) -> None:
    form = open_form(lab.open(f"{FIGURE}&stops=0,0;3,4"), "slides")
    assert field(form, "show").locator("option").first.inner_text() == "your stops"
    assert len(Presentation(io.BytesIO(read(make(lab.page)))).slides) == 2


def test_a_presentation_has_a_slide_for_each_beat(lab: Lab) -> None:
    open_form(lab.open(FIGURE), "slides")
    download = make(lab.page)
    assert download.suggested_filename == "convoscope-face-sobel-x.pptx"
    assert len(Presentation(io.BytesIO(read(download))).slides) == 4


def test_a_worksheet_asks_for_its_cells(lab: Lab) -> None:
    form = open_form(lab.open(FIGURE), "print")
    field(form, "show").select_option("worksheet")
    field(form, "blank").fill("0,0;1,1")
    data = read(make(lab.page))
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", data)) == 2


def test_wrong_cells_are_said_and_what_was_chosen_stays(lab: Lab) -> None:
    form = open_form(lab.open(FIGURE), "print")
    field(form, "show").select_option("worksheet")
    field(form, "blank").fill("99,0")
    lab.part("export-make").click()
    expect(lab.part("export-status")).to_contain_text("rows 0 to 13")
    expect(field(form, "blank")).to_have_value("99,0")
    expect(lab.part("export-make")).to_have_text("Make the file")


def test_tables_come_as_the_kind_that_is_chosen(lab: Lab) -> None:
    form = open_form(lab.open(FIGURE), "numbers")
    field(form, "kind").select_option("step")
    download = make(lab.page)
    assert download.suggested_filename == "convoscope-face-sobel-x.csv"
    assert read(download).startswith(b'"input, channel 0"')


def test_a_film_can_be_canceled(lab: Lab) -> None:
    lab.open(FIGURE)
    lab.page.route("**/api/export/gif*progress=1*", lambda route: None)  # a server that takes its time
    open_form(lab, "film")
    lab.part("export-make").click()
    expect(lab.part("export-make")).to_have_text("Cancel")
    expect(lab.part("export-panel").locator("progress")).to_be_visible()
    lab.part("export-make").click()
    expect(lab.part("export-status")).to_have_text("Canceled.")
    expect(lab.part("export-make")).to_have_text("Make the file")


@pytest.mark.complains("ERR_FAILED|422")
def test_without_the_server_nothing_is_lost(lab: Lab) -> None:
    lab.open(FIGURE)
    lab.page.route("**/api/export/**", lambda route: route.abort())
    form = open_form(lab, "numbers")
    field(form, "kind").select_option("npz")
    lab.part("export-make").click()
    expect(lab.part("export-status")).to_contain_text("The server cannot be reached")
    expect(field(form, "kind")).to_have_value("npz")
    lab.page.unroute("**/api/export/**")
    assert make(lab.page).suggested_filename == "convoscope-face-sobel-x.npz"


@pytest.mark.complains("422")
def test_a_picture_of_ones_own_is_in_the_file_only_after_a_yes(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x&stage=1")
    upload(lab)
    form = open_form(lab, "print")
    lab.part("export-make").click()
    expect(lab.part("export-status")).to_contain_text("picture")
    field(form, "picture").check()
    assert read(make(lab.page)).startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, {"viewport": {"width": 390, "height": 844}}])
def test_axe_finds_nothing_in_the_forms_and_nothing_leaves_the_dialog(
    devices: Devices, scheme: str, device: dict
) -> None:
    lab = devices.lab(**{**device, "color_scheme": scheme})
    lab.open(FIGURE)
    dialog = open_share(lab)
    for name in ("film", "slides", "print", "numbers"):
        lab.part(f"export-{name}").click()
        expect(lab.part("export-make")).to_be_visible()
        assert faults(lab.page) == []
        assert dialog.evaluate("(one) => one.scrollWidth <= one.clientWidth")
