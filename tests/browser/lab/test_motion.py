"""Motion between two steps, with a clock that the test moves: where it goes, when it ends, and that nothing is left."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab

FRAME = 16  # milliseconds of the page's clock
COLORS = "image=coffee&channels=rgb&layers=conv:random*1@3x3,groups=1,seed=1&at=10,10"
MOVING = "canvas[data-moving]"
# The rectangle around everything that the layer above the figure shows, in pixels of the window; null without a layer.
DRAWN = """() => {
  const layer = document.querySelector("canvas[data-moving]");
  if (!layer) return null;
  const { width, height } = layer;
  const copy = Object.assign(document.createElement("canvas"), { width, height });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(layer, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < width * height; i++) {
    if (data[4 * i + 3] < 128) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [box[0], box[1]] = [Math.min(box[0], x), Math.min(box[1], y)];
    [box[2], box[3]] = [Math.max(box[2], x), Math.max(box[3], y)];
  }
  const { left, top } = layer.getBoundingClientRect();
  return [left + box[0], top + box[1], left + box[2], top + box[3]];
}"""
HIDDEN = "[...document.querySelectorAll('[data-part=figure] [style*=opacity]')].length"


def moving(lab: Lab, query: str) -> Lab:
    """A Lab whose clock moves only when the test moves it, at rest, with the module that moves it."""
    lab.page.clock.install(time=0)
    lab.open(query)
    return held(lab)


def held(lab: Lab) -> Lab:
    lab.rest()
    lab.page.clock.pause_at(60_000)  # by then the page was idle
    lab.rest()
    lab.page.evaluate("import('convoscope/ui/motion/motion.js')")
    return lab


def advance(lab: Lab, milliseconds: int) -> None:
    lab.page.clock.run_for(milliseconds)


def drawn(lab: Lab) -> list[float] | None:
    found: list[float] | None = lab.page.evaluate(DRAWN)
    return found


def picture(lab: Lab) -> np.ndarray[Any, Any]:
    """The pixels of the figure; the pointer is elsewhere."""
    shot = lab.part("figure").screenshot(animations="allow")
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), np.int16)


def assert_same_picture(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> None:
    """All pixels are the same, but for shades of the smooth corners of tables, painted anew in pieces."""
    assert one.shape == other.shape
    difference = np.abs(one - other).max(axis=2)
    assert difference.max() <= 48
    assert np.count_nonzero(difference) <= 80


BEATS = [
    ("the window", "at=12,18&beat=write", "Space"),
    ("products", "at=12,19&beat=window", "Space"),
    ("the sum", "at=12,19&beat=products", "Space"),
    ("the write", "at=12,19&beat=sum", "Space"),
    ("the cell alone", "at=12,18&beat=write", "ArrowRight"),
    ("a row down", "at=12,18&beat=write", "ArrowDown"),
    ("one of three channels", f"{COLORS}&beat=channel-0", "Space"),
    ("three subtotals", f"{COLORS}&beat=channel-2", "Space"),
    ("the bias", f"{COLORS}&beat=sum", "Space"),
    ("the largest of a pool", "layers=conv:sobel-x~relu~maxpool:2&stage=3&at=5,5&beat=window", "Space"),
    ("the mean of a pool", "layers=avgpool:2&at=5,5&beat=window", "Space"),
    ("an activation", "layers=conv:sobel-x~relu&stage=2&at=5,5&beat=window", "Space"),
    ("the next stage", "at=29,29&beat=write", "]"),
    ("the stage before", "layers=conv:sobel-x~relu&stage=2&at=20,20", "["),
]


@pytest.mark.parametrize(("query", "key"), [beat[1:] for beat in BEATS], ids=[beat[0] for beat in BEATS])
def test_after_its_motion_a_step_looks_as_without_motion(lab: Lab, devices: Devices, query: str, key: str) -> None:
    moving(lab, query)
    lab.page.keyboard.press(key)
    expect(lab.page.locator(MOVING)).to_have_count(1)
    advance(lab, 500)
    expect(lab.page.locator(MOVING)).to_have_count(0)
    assert lab.page.evaluate(HIDDEN) == 0
    still = devices.lab(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    moving(still, query)
    still.page.keyboard.press(key)
    expect(still.page.locator(MOVING)).to_have_count(0)
    advance(still, 500)
    assert_same_picture(picture(lab), picture(still))


def test_for_ten_frames_the_window_is_between_its_places(lab: Lab) -> None:
    moving(lab, "at=12,10&beat=write&layers=conv:sobel-x,stride=2&image=coffee&size=33")
    frames = []
    lab.page.keyboard.press("ArrowRight")
    for _ in range(11):
        frames.append(drawn(lab))
        advance(lab, FRAME)
    places = [frame for frame in frames if frame]
    assert len(places) >= 10
    for axis, moves in ((0, True), (1, False), (2, True)):
        values = [place[axis] for place in places]
        assert values == sorted(values)
        assert (values[-1] > values[0]) == moves
    advance(lab, 200)
    assert drawn(lab) is None


def test_products_come_one_after_another_in_reading_order(lab: Lab) -> None:
    moving(lab, "at=12,19&beat=window")
    lab.page.keyboard.press("Space")
    shown = """[...document.querySelectorAll("table[aria-label=Products] td")]
      .map((cell) => cell.style.opacity === "0" ? "" : cell.textContent)"""
    states: list[list[str]] = []
    for _ in range(32):
        states.append(lab.page.evaluate(shown))
        advance(lab, FRAME)
    counts = [sum(map(bool, state)) for state in states]
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert len(set(counts)) > 6
    assert counts[-1] == 9
    for state, count in zip(states, counts, strict=True):
        assert all(state[:count]), "none before one that is read earlier"


def test_a_screen_reader_has_the_step_while_it_still_moves(lab: Lab) -> None:
    moving(lab, "at=12,19&beat=window")
    lab.page.keyboard.press("Space")
    advance(lab, 2 * FRAME)
    expect(lab.page.locator(MOVING)).to_have_attribute("aria-hidden", "true")
    tree = lab.page.get_by_role("table", name="Products")
    assert tree.get_by_role("cell").all_text_contents()[2] == "+138"
    expect(lab.part("beats").locator("[aria-current=step]")).to_have_text("products")


def end_by_key(lab: Lab) -> None:
    lab.page.keyboard.press("Space")


def end_by_jump(lab: Lab) -> None:
    lab.part("scrub").fill("44")


def end_by_hover(lab: Lab) -> None:
    box = lab.part("output-maps").bounding_box()
    assert box
    lab.page.mouse.move(box["x"] + 60, box["y"] + 60)


def end_by_size(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1180, "height": 700})


def end_by_trace(lab: Lab) -> None:
    with lab.answers():
        lab.page.get_by_role("button", name="Filter size: more").click()


ENDS = [end_by_key, end_by_jump, end_by_hover, end_by_size, end_by_trace]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__.removeprefix("end_by_"))
def test_it_ends_at_once_when_something_else_happens(lab: Lab, end: Any) -> None:
    moving(lab, "at=12,19&beat=window")
    lab.page.keyboard.press("Space")
    advance(lab, 5 * FRAME)
    expect(lab.page.locator(MOVING)).to_have_count(1)
    end(lab)
    expect(lab.page.locator(MOVING)).to_have_count(0)
    assert lab.page.evaluate(HIDDEN) == 0


def test_keys_quicker_than_a_motion_show_steps_at_once(lab: Lab) -> None:
    moving(lab, "at=2,2&beat=write")
    for column in range(3, 9):
        lab.page.keyboard.press("ArrowRight")
        expect(lab.part("count")).to_contain_text(f"position {60 + column + 1} of 900")
        expect(lab.page.locator(MOVING)).to_have_count(1 if column == 3 else 0)
        advance(lab, 3 * FRAME)
    advance(lab, 600)
    lab.page.keyboard.press("ArrowRight")
    expect(lab.page.locator(MOVING)).to_have_count(1)


@pytest.mark.parametrize("action", ["Home", "End", "scrub", "back"])
def test_a_jump_and_a_beat_before_do_not_move(lab: Lab, action: str) -> None:
    moving(lab, "at=12,19&beat=sum")
    if action == "scrub":
        lab.part("scrub").fill("44")
    else:
        lab.page.keyboard.press("Shift+ArrowLeft" if action == "back" else action)
    expect(lab.page.locator(MOVING)).to_have_count(0)


def test_a_beat_that_is_clicked_moves(lab: Lab) -> None:
    moving(lab, "at=12,19&beat=sum")
    lab.part("beats").get_by_role("button", name="write").click()
    expect(lab.page.locator(MOVING)).to_have_count(1)


def test_above_four_times_nothing_moves(lab: Lab) -> None:
    moving(lab, "at=12,19&beat=window&tempo=8")
    lab.page.keyboard.press("Space")
    expect(lab.page.locator(MOVING)).to_have_count(0)
    lab.part("tempo").select_option("4")
    lab.page.keyboard.press("Space")
    expect(lab.page.locator(MOVING)).to_have_count(1)
    advance(lab, 120 + FRAME)
    expect(lab.page.locator(MOVING)).to_have_count(0)


def test_from_the_third_position_on_only_window_and_cell_move_while_playing(lab: Lab) -> None:
    moving(lab, "at=0,0&beat=write&mode=story")
    lab.button("Play").click()
    beats: dict[int, set[str]] = {}
    for _ in range(200):
        advance(lab, 60)
        if lab.page.locator(MOVING).count():
            said = lab.part("count").locator(".unseen").inner_text()
            position = int(said.split("position ")[1].split()[0])
            beat = lab.part("beats").locator("[aria-current=step]").inner_text()
            beats.setdefault(position, set()).add(beat)
    assert beats[1] == {"products", "sum", "write"}
    assert beats[2] == {"products", "write"}
    assert beats[3] == {"write"} == beats[4]


def test_a_motion_is_over_before_the_next_beat_begins(lab: Lab) -> None:
    moving(lab, "at=0,0&beat=write&mode=step")
    lab.button("Play").click()
    for _ in range(4):
        advance(lab, 540)
        expect(lab.page.locator(MOVING)).to_have_count(0)
        advance(lab, 60)


def test_it_stays_sharp_on_a_screen_of_small_pixels_and_follows_a_phone(devices: Devices) -> None:
    phone = moving(devices.phone(), "at=12,19&beat=window")
    phone.page.keyboard.press("Space")
    advance(phone, 5 * FRAME)
    layer = phone.page.locator(MOVING)
    pixels, wide = layer.evaluate("(one) => [one.width, one.getBoundingClientRect().width]")
    assert pixels == pytest.approx(2 * wide, abs=1)
    box, figure = layer.bounding_box(), phone.part("figure").bounding_box()
    assert box
    assert figure
    assert box["x"] >= figure["x"] - 1
    assert box["x"] + box["width"] <= figure["x"] + figure["width"] + 1
    advance(phone, 500)
    expect(layer).to_have_count(0)


@pytest.mark.parametrize("hidden", ["input", "output", "sums"])
def test_a_figure_with_a_hidden_part_moves_what_it_shows_and_leaves_nothing(lab: Lab, hidden: str) -> None:
    moving(lab, f"hide={hidden}&at=3,3&beat=write&layers=conv:sobel-x~relu")
    for key in ["Space", "Space", "Space", "Space", "]", "["]:
        lab.page.keyboard.press(key)
        advance(lab, 5 * FRAME)
        advance(lab, 600)
        expect(lab.page.locator(MOVING)).to_have_count(0)
        assert lab.page.evaluate(HIDDEN) == 0
