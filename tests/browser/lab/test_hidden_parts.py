"""Whatever parts a link hides, the others are drawn, and steps and playing move them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from playwright.sync_api import expect

from app.core.options import HIDEABLE
from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab

IN_THE_FIGURE = ("input", "sums", "output", "legend", "multiples", "transport")
MAIN = ("input", "sums", "output")
SCENE = "image=face&layers=conv:random*2@3x3,seed=2&stage=1&at=2,2"

# What of the figure is drawn, as numbers that differ from step to step; null for what is not on the page.
DRAWN = """() => {
  const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 20;
  const sum = (canvas) => {
    const { width, height } = canvas;
    const copy = Object.assign(document.createElement("canvas"), { width, height })
      .getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let total = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]) total = (total * 31 + i + data[i - 1]) % 1000003;
    return total;
  };
  const maps = Object.fromEntries(["input", "output"].map((name) => {
    const host = document.querySelector(`[data-part=${name}-maps]`);
    if (!isShown(host)) return [name, null];
    const [cells, marks] = [...host.querySelectorAll("canvas")].map(sum);
    return [name, { cells, marks }];
  }));
  const sums = document.querySelector("[data-part=sums]");
  const table = [...sums.querySelectorAll("td")].map((cell) => cell.textContent).join();
  return { ...maps, sums: isShown(sums) ? table : null };
}"""


def subsets(parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every choice of these parts, from none to all."""
    for count in range(len(parts) + 1):
        yield from combinations(parts, count)


def hide(lab: Lab, hidden: Sequence[str], more: str = "") -> None:
    """Hide parts in the page as it is."""
    lab.page.evaluate(
        """(query) => {
          history.pushState({ scene: query, link: "" }, "", `?${query}`);
          dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
        }""",
        f"{SCENE}{more}&hide={','.join(hidden)}",
    )
    lab.rest()
    lab.until("(document.querySelector('[data-part=page]').dataset.hide ?? '') === given", " ".join(hidden))


def check_that_the_rest_moves(lab: Lab, hidden: Sequence[str]) -> None:
    """All main parts that are not hidden are drawn, and one step changes each of them."""
    first = lab.page.evaluate(DRAWN)
    assert {part for part in MAIN if first[part] is None} == set(hidden) & set(MAIN), (hidden, first)
    for part in ("input", "output"):
        assert first[part] is None or (first[part]["cells"] and first[part]["marks"]), (part, hidden)
    lab.page.keyboard.press("ArrowRight")
    second = lab.page.evaluate(DRAWN)
    for part in MAIN:
        assert first[part] is None or first[part] != second[part], (part, hidden)


def test_every_choice_of_maps_and_arithmetic_leaves_the_others_drawn_and_moving(lab: Lab):
    lab.open(SCENE)
    for hidden in subsets(MAIN):
        hide(lab, hidden)
        check_that_the_rest_moves(lab, hidden)


@pytest.mark.long
def test_every_choice_of_hidden_parts_of_the_figure_leaves_the_others_drawn_and_moving(lab: Lab):
    lab.open(SCENE)
    for hidden in subsets(IN_THE_FIGURE):
        hide(lab, hidden)
        check_that_the_rest_moves(lab, hidden)


@pytest.mark.parametrize("size", [(390, 844), pytest.param((1000, 700), marks=pytest.mark.long)])
def test_the_same_in_windows_with_the_arithmetic_below_the_maps(devices: Devices, size: tuple[int, int]):
    lab = devices.lab(viewport={"width": size[0], "height": size[1]}).open(SCENE)
    for hidden in subsets(MAIN):
        hide(lab, hidden)
        check_that_the_rest_moves(lab, hidden)


@pytest.mark.parametrize(
    "size",
    [(1280, 720), pytest.param((1024, 768), marks=pytest.mark.long), pytest.param((390, 844), marks=pytest.mark.long)],
)
def test_the_same_while_presenting(devices: Devices, size: tuple[int, int]):
    lab = devices.lab(viewport={"width": size[0], "height": size[1]}).open(SCENE)
    lab.page.evaluate("() => { document.documentElement.requestFullscreen = undefined; }")
    for hidden in subsets(MAIN):
        hide(lab, hidden, "&present=1")
        lab.until("document.documentElement.hasAttribute('data-present')")
        check_that_the_rest_moves(lab, hidden)


@pytest.mark.parametrize("size", [(960, 540), pytest.param((640, 480), marks=pytest.mark.long)])
def test_the_same_in_an_embed(devices: Devices, size: tuple[int, int]):
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    for hidden in subsets(MAIN):
        lab.open(f"{SCENE}&hide={','.join(hidden)}", "/embed")
        check_that_the_rest_moves(lab, hidden)


def test_every_other_part_can_be_hidden_alone_and_all_of_them_together(lab: Lab):
    lab.open(SCENE)
    others = [part for part in HIDEABLE if part not in IN_THE_FIGURE]
    for hidden in [*([part] for part in others), others, list(HIDEABLE)]:
        hide(lab, hidden)
        check_that_the_rest_moves(lab, hidden)


def test_a_figure_without_its_output_plays_to_its_end(lab: Lab):
    lab.open("image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,1;1,1)&at=0,0&mode=finish&tempo=16&hide=output")
    before = lab.page.evaluate(DRAWN)
    lab.page.keyboard.press("k")
    expect(lab.part("count")).to_contain_text("position 4 of 4")
    assert lab.page.evaluate(DRAWN)["input"]["marks"] != before["input"]["marks"]
