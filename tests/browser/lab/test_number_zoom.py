""" "Zoom to numbers" and the way back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab_page import ImageLab, Lab


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


MOVING = "document.getAnimations().some((one) => one.effect.target.tagName === 'CANVAS')"


def zoom_in(lab: Lab) -> None:
    lab.settings("image").button("Zoom to numbers").click()
    lab.says("crop=")
    lab.rest()
    lab.until(f"!{MOVING}")


@pytest.mark.parametrize(
    "query",
    ["", "layers=conv:sobel-x,padding=same", "stage=3", "channels=rgb&image=coffee", "size=256", "size=16"],
)
def test_the_numbers_are_shown_in_a_cut_of_8_to_12_cells_and_the_way_back_leads_to_where_it_began(
    lab: Lab, query: str
) -> None:
    lab.open(query)
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=")
    before, size = lab.link, picture_side(lab)
    zoom_in(lab)
    assert 8 <= picture_side(lab) <= 12
    assert lab.scene()["layers"] == layers_before(lab, before)
    expect(lab.button("Zoom to numbers")).to_have_attribute("aria-pressed", "true")
    lab.button("Whole picture").click()
    lab.drops("crop=")
    lab.rest()
    assert lab.link == before
    assert picture_side(lab) == size


def picture_side(lab: Lab) -> int:
    """Rows of the picture, from its card in the strip."""
    return int(lab.part("strip").get_by_role("button").first.inner_text().split("×")[1])


def layers_before(lab: Lab, link: str) -> object:
    answer = lab.page.request.get(f"{lab.url}/api/trace.json?{link.partition('&at=')[0].partition('at=')[0]}&stages=0")
    return answer.json()["scene"]["layers"]


def test_the_digits_of_the_cut_have_fourteen_pixels_on_both_maps(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.open("at=999,999&beat=write")
    zoom_in(lab)
    for name in ("input", "output"):
        # The digits of a font of 14 pixels are about 10 pixels high, once the map of the cut is painted.
        canvas = lab.part(f"{name}-maps").element_handle()
        lab.page.wait_for_function(f"(host) => ({DIGIT_HEIGHT})(host) >= 9.5", arg=canvas)


# The highest unbroken run of ink in the canvas within one cell: pixels that differ from the corner of their cell.
DIGIT_HEIGHT = """(host) => {
  const canvas = host.querySelector("canvas");
  const { width, height } = canvas;
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  let most = 0;
  for (let x = 30; x < width; x++) {
    let run = 0;
    for (let y = 20; y < height; y++) {
      const at = 4 * (y * width + x);
      const isInk = data[at + 3] === 255 && [0, 1, 2].every((i) => data[at + i] === data[at]) &&
        (data[at] < 8 || data[at] > 250);
      run = isInk ? run + 1 : 0;
      if (run < 30) most = Math.max(most, run);
    }
  }
  return most / devicePixelRatio;
}"""


def test_the_zoom_moves_the_picture_unless_motion_is_reduced(lab: Lab) -> None:
    lab.open()
    lab.page.evaluate(
        """() => {
          window.moves = 0;
          const animate = Element.prototype.animate;
          Element.prototype.animate = function (...given) { window.moves += 1; return animate.apply(this, given); };
        }"""
    )
    zoom_in(lab)
    assert lab.page.evaluate("window.moves") == 6, "each map has two layers and a picture of what was there before"
    expect(lab.part("input-maps").locator("canvas")).to_have_count(2)
    lab.page.emulate_media(reduced_motion="reduce")
    lab.button("Whole picture").click()
    lab.drops("crop=")
    lab.rest()
    assert lab.page.evaluate("window.moves") == 6
    lab.page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("layers=model:lenet5", "A network reads the whole picture"),
        ("image=empty-7", "only a few cells"),
        ("image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1)", "only a few cells"),
    ],
)
def test_where_no_part_can_be_enlarged_a_sentence_says_why_and_nothing_is_offered(
    lab: Lab, query: str, sentence: str
) -> None:
    lab.open(query)
    lab.settings("image")
    expect(lab.part("no-cut")).to_contain_text(sentence)
    expect(lab.button("Zoom to numbers")).to_have_count(0)


def test_layers_that_need_many_cells_are_told_when_the_zoom_is_asked_for(lab: Lab) -> None:
    lab.open("layers=conv:random*1@15x15&size=64")
    before = lab.link
    lab.settings("image").button("Zoom to numbers").click()
    expect(lab.part("no-cut")).to_contain_text("These layers need more cells")
    assert lab.link == before
