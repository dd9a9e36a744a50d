"""The display of the figure: without scripts, its colors and scale, marks, fit, hidden parts, patterns, all tabs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab

pytestmark = pytest.mark.long

OUTPUT_IMAGE = "document.querySelector('[data-part=output-maps] canvas').toDataURL()"
INPUT = "document.querySelector('[data-part=input-maps] canvas').toDataURL()"
CHAIN = (
    "image=face&layers=conv:sobel-x;edges,padding=1~relu~leaky_relu:0.1~sigmoid~tanh~abs~maxpool:2~avgpool:2,padding=1"
    "~minpool:2,stride=1~l2pool:2,stride=1~shift:0x1~globalavgpool~flatten~softmax"
)


def option(lab: Lab, name: str, value: str | None = None) -> None:
    """Set one of the display options, which a button of the header opens."""
    if not lab.part("display").is_visible():
        lab.button("Display").click()
    if value is None:
        lab.key(name).check()
    else:
        lab.key(name).select_option(value)


@pytest.mark.complains("preload")
def test_the_first_paint_contains_the_figure_its_numbers_and_a_noscript_text(devices: Devices) -> None:
    lab = devices.lab(java_script_enabled=False)
    answer = lab.page.goto(f"{lab.url}/?image=coffee&layers=conv:sobel-y~relu")
    for name in ("input-maps", "output-maps"):
        expect(lab.part(name).locator("image")).to_have_attribute("href", re.compile("^data:image/png"))
    assert len(lab.page.get_by_role("table", name="Filter").locator("td").all_inner_texts()) == 9
    assert lab.text("result-value")
    assert answer
    assert "<noscript>" in answer.text(), "Playwright's way to switch scripts off does not show it"


def test_the_viewer_replaces_the_first_paint_with_the_same_numbers(lab: Lab) -> None:
    painted = lab.page.request.get(f"{lab.url}/?image=coffee&at=4,5").text()
    lab.open("image=coffee&at=4,5&beat=write")
    for row in lab.page.get_by_role("table", name="Window of the input").locator("tr").all():
        cells = "".join(f"<td>{text}</td>" for text in row.locator("td").all_inner_texts())
        assert cells in painted


def test_the_first_figure_opens_within_a_step_with_a_one_line_hint(lab: Lab) -> None:
    lab.open()
    expect(lab.part("beats").locator("[aria-current=step]")).to_have_text("sum")
    expect(lab.part("result-after")).to_contain_text("ReLU keeps it")
    expect(lab.part("says")).to_contain_text("Space")


def test_colors_and_scale_can_be_chosen_and_are_kept_in_the_link(lab: Lab) -> None:
    lab.open("layers=conv:laplacian;sobel-x")
    before = lab.page.evaluate(OUTPUT_IMAGE)
    option(lab, "colors", "photo")
    lab.says("colors=photo")
    assert lab.page.evaluate(OUTPUT_IMAGE) != before
    option(lab, "colors", "signed")
    lab.says("colors=signed")
    one = lab.text("output-legend")
    option(lab, "scope", "layer")
    lab.says("scope=layer")
    assert lab.text("output-legend") != one, "both maps share one scale"


def test_marks_show_every_window_position_and_fit_fills_the_space(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x,stride=4")
    plain, small = lab.page.evaluate(INPUT), lab.page.evaluate(OUTPUT_IMAGE)
    option(lab, "marks")
    lab.says("marks=1")
    assert lab.page.evaluate(INPUT) != plain
    option(lab, "fit")
    lab.says("fit=1")
    assert lab.page.evaluate(OUTPUT_IMAGE) != small


def test_the_link_can_hide_parts(lab: Lab) -> None:
    lab.open("hide=header,image,inspector,strip,tabs")
    for name in ("share", "image", "inspector", "strip", "tabs"):
        expect(lab.part(name)).to_be_hidden()
    for name in ("figure", "transport", "sums"):
        expect(lab.part(name)).to_be_visible()


@pytest.mark.parametrize(
    ("query", "with_it"),
    [("padding=0", "padding=2"), ("stride=1", "stride=4")],
    ids=["padding is hatched", "what is never read is crossed"],
)
def test_padding_and_unread_cells_have_their_own_patterns(lab: Lab, query: str, with_it: str) -> None:
    """A picture of one color: every other color inside and around it belongs to the pattern."""
    drawn = []
    for options in (query, with_it):
        lab.open(f"image=empty-7&layers=conv:(1,1;1,1),{options}&at=0,0")
        drawn.append(lab.part("input-maps").locator("canvas").first.evaluate(COLORS))
    assert drawn[1] > drawn[0]


COLORS = """(canvas) => {
  const blank = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
  const copy = blank.getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return new Set(new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
}"""


def test_every_tab_has_content_for_every_kind_of_layer(lab: Lab) -> None:
    lab.open(f"{CHAIN}&stage=0")
    stages = lab.part("strip").locator("button.stage").count()
    assert stages == 15
    for index in range(stages):
        expect(lab.part("strip").locator("button.stage").nth(index)).to_have_attribute("aria-current", "step")
        for tab in ("Equation", "Neuron", "Matrix", "Receptive field", "Function", "Code"):
            lab.part("tabs").get_by_role("button", name=tab).click()
            expect(lab.part("panel"), f"{tab} of stage {index}").to_have_text(re.compile(".{9,}", re.DOTALL))
        if index > 0:
            expect(lab.part("result-value")).not_to_have_text(re.compile(r"^\??$"))
        lab.page.keyboard.press("End")
        lab.page.keyboard.press("]")


def test_the_maps_have_device_pixels_and_are_redrawn_when_the_ratio_changes(devices: Devices) -> None:
    lab = devices.lab(device_scale_factor=2)
    lab.page.add_init_script(
        """const match = window.matchMedia;
        window.queries = [];
        window.matchMedia = (query) => {
          const found = match.call(window, query);
          if (query.includes("resolution")) window.queries.push(found);
          return found;
        };"""
    )
    lab.open("image=coffee")
    backed = "(canvas) => canvas.width / canvas.clientWidth"
    canvas = lab.part("output-maps").locator("canvas").first
    assert canvas.evaluate(backed) == pytest.approx(2, rel=0.01)
    size = {"width": 1280, "height": 720, "deviceScaleFactor": 3, "mobile": False}
    lab.page.context.new_cdp_session(lab.page).send("Emulation.setDeviceMetricsOverride", size)
    # An emulated screen changes its ratio without an event, so the test sends one.
    lab.page.evaluate("window.queries.at(-1).dispatchEvent(new Event('change'))")
    lab.until(f"Math.abs(3 - ({backed})(document.querySelector('[data-part=output-maps] canvas'))) < 0.03")


def test_a_large_figure_loads_numbers_for_the_stage_in_view(lab: Lab) -> None:
    """Above 4 MB stages are sent as bytes; the stage in view is sent as numbers, and its result is a number."""
    lab.open("size=256&layers=conv:random*8@3x3~relu~conv:random*8@3x3&stage=1&beat=write&at=5,5")
    lab.until("!['', '?'].includes(document.querySelector('[data-part=result-value]').textContent)")
    with lab.page.expect_response(lambda answer: "stages=" in answer.url):
        lab.part("strip").locator("button.stage").nth(3).click()
    lab.until("document.querySelectorAll('[data-part=bars] span').length > 8")
    lab.until("!['', '?'].includes(document.querySelector('[data-part=result-value]').textContent)")
