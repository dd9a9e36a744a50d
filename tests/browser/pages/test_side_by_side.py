"""Figures side by side: one place, one beat, one pointer, one scale, on every screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.deck import site
from tests.browser.lab_page import Lab
from tests.browser.pure_page import Run

Open = Callable[..., Page]
SOBELS = {"a": "layers=conv:sobel-x", "b": "layers=conv:sobel-y"}
STRIDES = {"a": "image=face&layers=conv:sobel-x", "b": "image=face&layers=conv:sobel-x,stride=2"}
RELU = {"a": "layers=conv:sobel-x~relu~maxpool:2&stage=3", "b": "layers=conv:sobel-x~maxpool:2~relu&stage=3"}
SCROLLS = "document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight"


def address(path: str, keys: dict[str, str]) -> str:
    return f"{path}?{'&'.join(key + '=' + quote(value, safe='') for key, value in keys.items())}"


def opened(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator("[data-part=page][data-ready]")).to_have_count(1)
    return page


@pytest.fixture
def compare(page: Page, base_url: str) -> Open:
    return lambda path="/compare", **keys: opened(page, base_url + address(path, keys))


def lines(page: Page) -> list[str]:
    return page.locator("[data-part=figure] [data-part=line]").all_text_contents()


def host(page: Page, letter: str, side: str = "output"):
    return page.locator(f"[data-letter={letter}] [data-part={side}-maps]")


def point(page: Page, letter: str, row: float, col: float, size: int, side: str = "output") -> None:
    """Points at a cell of a square map of `size` cells without padding."""
    box = host(page, letter, side).bounding_box()
    assert box is not None
    cell = (box["width"] - 22) / size
    page.mouse.move(box["x"] + 22 + (col + 0.5) * cell, box["y"] + 16 + (row + 0.5) * cell)


def test_the_pointer_in_one_figure_shows_the_same_cell_in_all(compare: Open) -> None:
    page = compare(**SOBELS)
    point(page, "b", 3, 7, 30)
    expect(page.locator("[data-letter=a] [data-part=line]")).to_contain_text("row 3, column 7")
    assert all("row 3, column 7," in line for line in lines(page))
    point(page, "a", 20, 11, 32, "input")
    expect(page.locator("[data-letter=b] [data-part=line]")).to_contain_text("Row 20, column 11 is read by 9 cells")
    assert lines(page)[0] == lines(page)[1]
    page.mouse.move(2, 2)
    expect(page.locator("[data-letter=b] [data-part=line]")).to_contain_text("row 12, column 19")


def test_keys_move_all_figures_by_place_and_by_beat(compare: Open) -> None:
    page = compare(**SOBELS, at="2,3", beat="window")
    assert all(line.startswith("row 2, column 3") and line.endswith("?") for line in lines(page))
    for _ in range(2):
        page.keyboard.press("Space")
    assert not any("?" in line for line in lines(page))
    page.keyboard.press("ArrowRight")
    assert all("row 2, column 4" in line for line in lines(page))
    page.keyboard.press("ArrowDown")
    assert all("row 3, column 4" in line for line in lines(page))
    page.keyboard.press("End")
    assert all("row 29, column 29" in line for line in lines(page))
    expect(page).to_have_url(re.compile("at=29%2C29"))
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("at="))


def test_a_click_holds_the_place_and_the_address_keeps_it(compare: Open) -> None:
    page = compare(**SOBELS)
    point(page, "a", 5, 6, 30)
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("at=5%2C6"))
    point(page, "b", 20, 20, 30)
    assert all("row 5, column 6" in line for line in lines(page))
    page.reload()
    expect(page.locator("[data-part=page][data-ready]")).to_have_count(1)
    assert all("row 5, column 6" in line for line in lines(page))


def test_beats_that_one_figure_lacks_wait_for_the_others(compare: Open) -> None:
    page = compare(a="layers=conv:sobel-x", b="layers=maxpool:2", at="2,2", beat="window")
    page.keyboard.press("Space")  # products, which a pool has not
    assert lines(page)[1].endswith("?")
    page.keyboard.press("Space")
    assert not any(line.endswith("?") for line in lines(page))


def test_a_figure_without_the_place_says_so_and_marks_nothing_else(compare: Open) -> None:
    page = compare(**STRIDES, at="9,2", beat="write")
    first, second = lines(page)
    assert first.startswith("row 9, column 2")
    assert second == "There is no row 9, column 2 in this map, which is 7 × 5."
    page.keyboard.press("Home")
    assert all(line.startswith("row 0, column 0") for line in lines(page))


def test_all_maps_of_a_side_have_one_size_of_cells_and_one_scale(compare: Open) -> None:
    page = compare(**SOBELS)
    widths = {host(page, letter).bounding_box()["width"] for letter in "ab"}  # type: ignore[index]
    assert len(widths) == 1
    ends = page.locator("[data-part=output-legend] span").all_text_contents()
    assert ends[0].replace("−", "") == ends[1].replace("+", "")
    peaks = page.evaluate("""async () => {
      const {readTrace} = await import("convoscope/pure/protocol/wire.js");
      const peak = async (layers) => {
        const bytes = await (await fetch(`/api/trace?layers=${layers}`)).arrayBuffer();
        return Math.max(...readTrace(bytes).stages[1].output.map(Math.abs));
      };
      return [await peak("conv:sobel-x"), await peak("conv:sobel-y")];
    }""")
    assert float(ends[1]) == max(peaks)
    assert peaks[0] != peaks[1]


def test_the_stages_of_all_figures_move_together_while_all_have_one(compare: Open) -> None:
    page = compare(**RELU)
    assert page.locator("[data-part=note]").text_content() == "All figures show the same numbers."
    titles = "[data-part=output-title]"
    page.keyboard.press("[")
    assert page.locator(titles).all_text_contents() == ["After ReLU", "Pooled map"]
    expect(page.locator("[data-part=note]")).to_have_count(0)
    page.keyboard.press("]")
    page.keyboard.press("]")
    assert page.locator(titles).all_text_contents() == ["Pooled map", "After ReLU"]


def test_playing_plays_all_figures(compare: Open) -> None:
    page = compare(**STRIDES)
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("[data-letter=a] [data-part=line]")).to_contain_text("row 13, column 9")
    expect(page.locator("[data-letter=b] [data-part=line]")).to_contain_text("There is no row 13, column 9")


def test_a_bad_link_is_named_by_its_letter_and_the_other_figures_live(compare: Open) -> None:
    page = compare(a="layers=conv:nope", b="layers=conv:sobel-y")
    assert (
        page.locator("[data-part=problems] p")
        .all_text_contents()[0]
        .startswith("Figure a, Convolution (layer 1): nope")
    )
    page.keyboard.press("Home")
    assert lines(page)[1].startswith("row 0, column 0, their sum")


@pytest.mark.complains("503")
def test_numbers_that_do_not_arrive_are_reported_and_asked_for_again(page: Page, base_url: str) -> None:
    large = {"a": "image=coffee&size=128&layers=relu", "b": "image=coffee&size=128&layers=conv:sobel-x"}
    page.route("**/api/trace?*sobel-x*", lambda route: route.fulfill(status=503, json={"detail": "Busy."}))
    with page.expect_response("**/api/trace?*sobel-x*"):
        opened(page, base_url + address("/compare", large))
    expect(page.locator("[data-part=problems]")).to_contain_text("Figure b: Busy.")
    assert lines(page)[0].startswith("row ")
    page.unroute("**/api/trace?*sobel-x*")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("[data-letter=b] [data-part=line]")).to_contain_text("their sum")
    expect(page.locator("[data-part=problems] p")).to_have_count(0)


def test_after_moved_back_shows_the_place_too(compare: Open) -> None:
    page = compare(a="layers=conv:sobel-x", b="layers=shift:0x4~conv:sobel-x&stage=2")
    expect(page.locator("[data-part=moved]")).to_contain_text("All 780 cells that are in both maps are alike.")
    point(page, "a", 4, 5, 30)
    cell = page.locator("[data-part=moved-cell]")
    expect(cell).to_have_attribute("x", "5")
    expect(cell).to_have_attribute("y", "4")


def test_presenting_fills_the_screen_with_lines_that_are_read_from_afar(compare: Open) -> None:
    page = compare(**SOBELS)
    page.keyboard.press("p")
    expect(page.locator("html[data-present]")).to_have_count(1)
    expect(page.locator(".top")).to_be_hidden()
    size = page.locator("[data-part=line]").first.evaluate("(line) => parseFloat(getComputedStyle(line).fontSize)")
    assert size >= 720 / 40
    assert not page.evaluate(SCROLLS)
    page.keyboard.press("ArrowRight")
    assert all("row 12, column 20" in line for line in lines(page))
    page.keyboard.press("Escape")
    expect(page.locator("html[data-present]")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_accessible(compare: Open, theme: str) -> None:
    page = compare(a="layers=conv:sobel-x", b="layers=shift:0x4~conv:sobel-x&stage=2", theme=theme)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("ArrowRight")
    live = page.locator("[data-part=live]")
    expect(live).to_contain_text("a: row 12, column 20")
    expect(live).to_contain_text("b: row 12, column 20")


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (1920, 1080), (844, 390)])
@pytest.mark.parametrize("count", [2, 4])
def test_all_figures_are_in_one_window(compare: Open, size: tuple[int, int], count: int) -> None:
    links = {**SOBELS, "c": "layers=conv:sharpen", "d": "layers=maxpool:2"}
    page = compare()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page = compare(**dict(list(links.items())[:count]))
    is_low = size[1] < 480 and count > 2
    assert bool(page.evaluate(SCROLLS)) == is_low
    for box in page.locator(".maps").all():
        place = box.bounding_box()
        assert place is not None
        assert place["width"] > 80
        assert place["x"] + place["width"] <= size[0]
    overlaps = page.evaluate("""() => [...document.querySelectorAll(".compared")].flatMap((figure) => {
      const outer = figure.getBoundingClientRect();
      return [...figure.querySelectorAll(".maps, .line, h2")].filter((part) => {
        const inner = part.getBoundingClientRect();
        return inner.bottom > outer.bottom + 1 || inner.right > outer.right + 1;
      }).map((part) => part.className || part.textContent);
    })""")
    assert overlaps == []


def test_on_a_phone_two_figures_are_in_sight_at_once(devices: Devices, base_url: str) -> None:
    page = devices.phone(viewport={"width": 390, "height": 844}).page
    opened(page, base_url + address("/compare", {**SOBELS, "c": "layers=conv:sharpen"}))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    bar = page.locator("[data-part=transport]").bounding_box()
    second = host(page, "b").bounding_box()
    assert bar is not None
    assert second is not None
    assert second["y"] + second["height"] <= bar["y"]
    host(page, "a").tap(position={"x": 60, "y": 60})
    expect(page).to_have_url(re.compile(r"at=\d"))
    places = {line.partition(", their")[0] for line in lines(page)}
    assert len(places) == 1
    assert places != {"row 12, column 19"}


def test_an_embed_takes_commands_and_gives_the_clicker_to_the_slides(page: Page, base_url: str) -> None:
    source = base_url + address("/embed/compare", SOBELS)
    html = f"""<!doctype html><title>A page</title><iframe src="{source}" width="800" height="450"></iframe>
    <script>window.heard = []; addEventListener("message", ({{data}}) => heard.push(data));</script>"""
    with site(html) as url:
        page.goto(url)
        page.wait_for_function("heard.some((one) => one.type === 'ready')")
        frame = page.frame_locator("iframe")
        page.evaluate("""document.querySelector("iframe").contentWindow.postMessage(
          {convoscope: 1, type: "seek", at: [4, 5]}, "*")""")
        for letter in "ab":
            expect(frame.locator(f"[data-letter={letter}] [data-part=line]")).to_contain_text("row 4, column 5")
        frame.locator("[data-letter=a] [data-part=output-maps]").click()
        page.keyboard.press("PageDown")
        page.wait_for_function("""heard.includes('{"method":"next"}')""")


def test_share_gives_the_link_and_the_code_of_a_frame(compare: Open, base_url: str) -> None:
    page = compare(**SOBELS, at="2,3", beat="write")
    page.get_by_role("button", name="Share").click()
    link = page.locator("[data-part=share-link]").input_value()
    keys = parse_qs(urlsplit(link).query)
    assert keys["a"] == ["layers=conv:sobel-x"]
    assert keys["b"] == ["layers=conv:sobel-y"]
    assert keys["at"] == ["2,3"]
    code = page.locator("[data-part=code-iframe]").input_value()
    element = page.locator("[data-part=code-element]").input_value()
    for html, inner in ((code, "iframe"), (element, "conv-scope iframe")):
        with site(f"<!doctype html><title>A page</title>{html}") as url:
            page.goto(url)
            frame = page.frame_locator(inner)
            expect(frame.locator("[data-letter=b] [data-part=line]")).to_contain_text("row 2, column 3")
    opened(page, link)
    assert all("row 2, column 3" in line for line in lines(page))


def test_the_file_opens_from_disk_and_steps_and_presents(compare: Open, tmp_path: Path) -> None:
    page = compare(a="layers=conv:sobel-x", b="layers=shift:0x4~conv:sobel-x&stage=2")
    page.get_by_role("button", name="Share").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="One HTML file").click()
    file = tmp_path / "figures.html"
    saved.value.save_as(file)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, file.as_uri())
    page.keyboard.press("ArrowRight")
    assert all("row 12, column 20" in line for line in lines(page))
    expect(page.locator("[data-part=moved]")).to_contain_text("All 780 cells that are in both maps are alike.")
    page.keyboard.press("p")
    expect(page.locator("html[data-present]")).to_have_count(1)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_the_lab_compares_its_figure_with_another_one(lab: Lab) -> None:
    lab.open("image=coffee&layers=maxpool:9&size=64")
    lab.page.get_by_role("button", name="Compare with…").click()
    dialog = lab.page.get_by_role("dialog", name="Compare with…")
    dialog.get_by_role("link", name="an average pool in place of the max pool").click()
    expect(lab.page.locator("h1")).to_have_text("Max pool and average pool, 9 × 9, on the same photo")


def test_the_lab_compares_its_figure_with_a_pasted_link(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x")
    lab.page.get_by_role("button", name="Compare with…").click()
    dialog = lab.page.get_by_role("dialog", name="Compare with…")
    dialog.get_by_role("textbox").fill(f"{lab.url}/?layers=conv:sobel-x,stride=2")
    dialog.get_by_role("button", name="Compare", exact=True).click()
    expect(lab.page.locator("h1")).to_have_text("Stride 1 and stride 2, on the same photo")


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("shift", "Before and after a shift by 4 columns to the right"),
        ("turned", "Correlation and convolution"),
        ("stride", "Stride 1 and stride 2"),
        ("without", "With and without Sobel x"),
    ],
)
def test_what_the_lab_offers_differs_in_what_it_says(lab: Lab, kind: str, title: str) -> None:
    lab.open("layers=conv:sobel-x~relu~maxpool:2&stage=1")
    lab.page.get_by_role("button", name="Compare with…").click()
    lab.page.locator(f"[data-other={kind}]").click()
    expect(lab.page.locator("h1")).to_have_text(f"{title}, on the same photo")


def test_the_scale_of_the_scripts_is_that_of_the_server(run: Run) -> None:
    from app.core.trace.color_scale import Scale, merge_scales

    cases = [
        [("gray", 0, 255), ("gray", -3, 200)],
        [("gray", 0, 255), ("signed", -634, 634)],
        [("positive", 0, 7), ("gray", 0, 5)],
        [("positive", 0, 7), ("signed", -2, 2)],
        [("positive", 0, 7)],
    ]
    made = run(
        """const {commonScale} = await import("convoscope/pure/maps/common-scale.js");
        return given.map((scales) => {
          const {kind, lo, hi} = commonScale(scales.map(([kind, lo, hi]) => ({kind, lo, hi})));
          return [kind, lo, hi];
        });""",
        cases,
    )
    merged = [merge_scales([Scale(low, high, kind) for kind, low, high in case]) for case in cases]  # type: ignore[arg-type]
    assert made == [[one.kind, one.low, one.high] for one in merged]


def test_cells_are_as_large_as_the_room_allows_and_never_larger(run: Run) -> None:
    request = {
        "width": 1200, "height": 500, "count": 2, "input": {"rows": 32, "columns": 32},
        "output": {"rows": 30, "columns": 30}, "fit": False, "mostColumns": 4, "zoom": 1, "gap": 10, "least": 96,
        "besideFigure": 20, "aroundFigure": 60, "aroundMap": 20,
    }  # fmt: skip
    arranged = run(
        """const {arrangeFigures} = await import("convoscope/pure/maps/arrangement.js");
        return given.map(arrangeFigures);""",
        [request, {**request, "mostColumns": 1}, {**request, "input": None}, {**request, "fit": True, "count": 4}],
    )
    for made, count in zip(arranged, (2, 2, 2, 4), strict=True):
        across = (1200 - (made["columns"] - 1) * 10) / made["columns"] - 20
        lines_of_figures = -(-count // made["columns"])
        down = (500 - (lines_of_figures - 1) * 10) / lines_of_figures - 60
        sides = [22 + made["cells"]["output"] * 30]
        heights = [36 + made["cells"]["output"] * 30]
        if made["cells"]["input"]:
            sides.append(22 + made["cells"]["input"] * 32)
            heights.append(36 + made["cells"]["input"] * 32)
        assert (sum(sides) if made["isBeside"] else max(sides)) <= across + 1e-6
        assert (max(heights) if made["isBeside"] else sum(heights)) <= down + 1e-6
    assert arranged[1]["columns"] == 1
