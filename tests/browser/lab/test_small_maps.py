"""The small maps below a figure: all of many maps are reached, and it is said how many there are."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab_page import Lab

MANY = "image=gradient&size=12&layers=conv:random*64@3x3~relu"
SIZES = [(1440, 900), (1280, 700), (390, 844)]


def read_count(line: Locator) -> int:
    """How many of 64 maps the line says are shown."""
    found = re.fullmatch(r"(\d+) of 64 shown", line.locator("span").inner_text())
    assert found
    return int(found[1])


def maps_in_view(lab: Lab) -> list[int]:
    """The maps that lie within the box that scrolls, as they are drawn."""
    return lab.part("output-multiples").evaluate(
        """host => { const box = host.getBoundingClientRect();
        return [...host.children].flatMap((one, i) => { const {top, left, bottom, right} = one.getBoundingClientRect();
          const slack = 3;
          return top >= box.top - slack && left >= box.left - slack && bottom <= box.bottom + slack
            && right <= box.right + slack ? [i] : []; }); }"""
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_all_of_64_maps_are_reached_with_the_arrows(lab: Lab, width: int, height: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.open(MANY)
    line = lab.part("output-box").locator(".map-count")
    expect(line).to_be_visible()
    seen: set[int] = set()
    for _ in range(64):
        shown = maps_in_view(lab)
        assert shown == list(range(shown[0], shown[-1] + 1))
        assert read_count(line) == len(shown)
        seen |= set(shown)
        if line.get_by_role("button", name="Next maps").get_attribute("aria-disabled") == "true":
            break
        line.get_by_role("button", name="Next maps").press("Enter")
        first = lab.part("output-multiples").locator(f"[data-map='{shown[0]}']")
        expect(first).to_have_attribute("tabindex", "-1")
    assert seen == set(range(64))
    line.get_by_role("button", name="Previous maps").click()
    expect(line.get_by_role("button", name="Next maps")).to_have_attribute("aria-disabled", "false")
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_map_of_a_link_is_in_view_and_tab_passes_the_maps_that_are_not(lab: Lab) -> None:
    lab.open(f"{MANY}&map=40")
    line = lab.part("output-box").locator(".map-count")
    shown = maps_in_view(lab)
    assert 40 in shown
    assert read_count(line) == len(shown)
    buttons = lab.part("output-multiples").get_by_role("button")
    assert buttons.evaluate_all("all => all.flatMap((one, i) => one.tabIndex === 0 ? [i] : [])") == shown
    buttons.nth(shown[-1]).click()
    lab.says(f"map={shown[-1]}")
    assert maps_in_view(lab) == shown


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_16_maps_wrap_into_rows_of_one_length_and_the_chosen_one_has_its_number(
    lab: Lab, width: int, height: int
) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.open("size=12&layers=conv:random*16@3x3&map=5")
    buttons = lab.part("output-multiples").get_by_role("button")
    tops = buttons.evaluate_all("all => all.map((one) => Math.round(one.getBoundingClientRect().top))")
    rows = [tops.count(top) for top in sorted(set(tops))]
    assert len(rows) > 1
    assert max(rows) - rows[-1] < len(rows)
    number = "(one) => getComputedStyle(one.querySelector('span'), '::before').content"
    assert [buttons.nth(map).evaluate(number) for map in (4, 5)] == ["none", '"5"']


def test_maps_that_all_fit_have_no_line(lab: Lab) -> None:
    lab.open("size=12&layers=conv:random*4@3x3")
    expect(lab.part("output-multiples").get_by_role("button")).to_have_count(4)
    expect(lab.page.locator(".map-count")).to_have_count(0)


def test_hidden_small_maps_have_no_line(lab: Lab) -> None:
    lab.open(f"{MANY}&hide=multiples")
    expect(lab.page.locator(".map-count")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [*SIZES, (1280, 720), (844, 390)])
def test_a_wall_shows_whole_lines_of_a_flattened_picture(lab: Lab, width: int, height: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})
    for query in ("layers=flatten&size=12", "layers=conv:random*64@3x3~flatten&size=6&stage=2"):
        lab.open(query)
        lines = lab.part("output-multiples").evaluate(
            """host => { const { paddingTop, paddingBottom, rowGap } = getComputedStyle(host);
            const gap = parseFloat(rowGap);
            const inside = host.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
            return (inside + gap) / (host.children[0].getBoundingClientRect().height + gap); }"""
        )
        assert lines == pytest.approx(round(lines), abs=0.1), query
        assert len(maps_in_view(lab)) >= 4


RECORD_OUTLINES = """(() => {
  window.outlines = [];
  const strokeRect = CanvasRenderingContext2D.prototype.strokeRect;
  CanvasRenderingContext2D.prototype.strokeRect = function (x, y, width, height) {
    const { a } = this.getTransform();
    if (/^#(?!fff)/.test(this.strokeStyle))
      window.outlines.push([(x + width + this.lineWidth / 2) * a - this.canvas.width,
        (y + height + this.lineWidth / 2) * a - this.canvas.height]);
    return strokeRect.apply(this, arguments);
  };
})()"""


@pytest.mark.parametrize(
    ("link", "size"),
    [
        ("image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,0;0,1)&at=1,1", (1440, 900)),
        ("image=one-hot&rows=the,cat,sat,on&layers=conv:random*2@2x4&stage=1&at=2,0", (390, 844)),
    ],
)
def test_outlines_at_the_edge_of_a_map_lie_on_its_canvas(lab: Lab, link: str, size: tuple[int, int]) -> None:
    lab.page.set_viewport_size({"width": size[0], "height": size[1]})
    lab.page.add_init_script(RECORD_OUTLINES)
    lab.open(f"{link}&beat=write").rest()
    outlines = lab.page.evaluate("window.outlines")
    assert len(outlines) >= 2
    assert all(right <= 0.01 and bottom <= 0.01 for right, bottom in outlines), outlines
