"""The embed: the figure alone in an iframe of any size; it never changes its address, the focus or the scrolling."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.core.options import VIEW_OPTIONS
from tests.browser.conftest import Devices
from tests.browser.deck import part, site
from tests.browser.lab_page import Lab

QUERY = "image=face&layers=conv:(1,0,-1;2,0,-2;1,0,-1)&at=2,3"
SIZES = [(320, 240), (400, 300), (480, 270), (640, 360), (600, 600), (640, 480), (800, 450), (1024, 768), (320, 640)]
RGB = "image=coffee&channels=rgb&layers=conv:random*4@3x3,groups=1&at=10,10"
LARGE = [(1080, 1080), (1440, 1080), (1920, 1080), (3840, 2160)]
FIGURES = [
    "",
    "image=coffee&channels=rgb&layers=conv:edges,groups=1~relu",
    "layers=maxpool:2",
    "ui=none&title=Edges",
    "image=digit-3&size=28&layers=model:lenet5&stage=9",
    "image=digit-3&size=28&layers=model:lenet5&stage=14",
    "image=digit-3&size=28&layers=model:lenet5&stage=5",
    "hide=sums",
    "theme=projector",
]
# Visible elements that are outside the frame or smaller than their content.
FIND_OVERFLOW = """() => {
  const out = [];
  const root = document.querySelector(".embed");
  const seen = "h1.title, h2, td, button, figcaption, output, input, .maps, .box, .count";
  for (const element of root.querySelectorAll(seen)) {
    const { left, top, right, bottom, width } = element.getBoundingClientRect();
    if (!width || element.closest(".unseen, .multiples")) continue; // small maps may be pushed along
    const inside = left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
    if (!inside) out.push(element.outerHTML.slice(0, 80));
  }
  for (const element of root.querySelectorAll(".figure, .maps, .sums, .transport, .terms")) {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight, className } = element;
    if (!element.checkVisibility({ visibilityProperty: true })) continue; // a list of scores hides its maps
    if (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1) out.push(className);
  }
  const { scrollWidth, scrollHeight } = document.scrollingElement;
  return [...out, ...(scrollWidth > innerWidth || scrollHeight > innerHeight ? ["it scrolls"] : [])];
}"""


def test_an_embed_shows_the_figure_and_its_transport_and_nothing_else(lab: Lab) -> None:
    lab.open(QUERY, "/embed")
    assert lab.table("Filter") == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    for name in ("side", "strip", "share", "help", "image", "inspector"):
        assert lab.part(name).count() == 0, name
    assert lab.page.locator("input[type=file]").count() == 0
    before = lab.page.url
    lab.page.keyboard.press("ArrowRight")
    expect(lab.part("count")).to_contain_text("position 25 of")
    lab.button("Last position").click()
    expect(lab.part("count")).to_contain_text("position 140 of 140")
    assert lab.page.url == before


@pytest.mark.parametrize("sandbox", ["", ' sandbox="allow-scripts"'])
def test_an_embed_works_in_an_iframe_of_another_site_also_sandboxed(page: Page, base_url: str, sandbox: str) -> None:
    with site(
        f'<!doctype html><iframe{sandbox} width="900" height="520" src="{base_url}/embed?{QUERY}"></iframe>'
    ) as url:
        page.goto(url)
        frame = page.frame_locator("iframe")
        expect(frame.locator(".maps.live")).to_have_count(2)
        expect(part(frame, "count")).to_contain_text("position 24 of 140")
        frame.get_by_role("button", name="One position on").click()
        expect(part(frame, "count")).to_contain_text("position 25 of 140")


@pytest.mark.parametrize(
    "query", [*FIGURES[:2], *(pytest.param(query, marks=pytest.mark.long) for query in FIGURES[2:])]
)
def test_it_fits_every_frame_size_without_scrolling(lab: Lab, query: str) -> None:
    lab.page.set_viewport_size({"width": 800, "height": 450})
    lab.open(query, "/embed")
    for width, height in SIZES:
        assert overflow_at(lab, width, height) == [], f"{width} × {height}"


@pytest.mark.long
@pytest.mark.parametrize("query", FIGURES)
def test_it_fits_large_frames(lab: Lab, query: str) -> None:
    lab.open(query, "/embed")
    for width, height in LARGE:
        assert overflow_at(lab, width, height) == [], f"{width} × {height}"


def overflow_at(lab: Lab, width: int, height: int) -> list[str]:
    """Resize the frame and return the elements that do not fit."""
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    )
    found: list[str] = lab.page.evaluate(FIND_OVERFLOW)
    return found


@pytest.mark.parametrize(
    ("width", "height", "query", "least"),
    [
        *((320, 240, "", 84), (400, 300, "", 116), (640, 360, "", 230), (800, 450, "", 315)),
        *((960, 540, "", 395), (1280, 720, "", 535)),
        *((320, 240, RGB, 84), (640, 360, RGB, 220), (800, 450, RGB, 290), (960, 540, RGB, 355)),
        *((800, 450, "layers=conv:sobel-x~maxpool:2&stage=2", 325), (800, 450, "layers=conv:random*1@5x5", 300)),
        (800, 450, "image=cat&channels=rgb&layers=model:cifar10&stage=2", 260),
    ],
)
def test_the_maps_are_as_large_as_the_frame_allows(lab: Lab, width: int, height: int, query: str, least: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.open(query, "/embed")
    for name in ("input-maps", "sums", "output-maps"):
        expect(lab.part(name)).to_be_visible()
    box = lab.part("input-maps").locator("canvas").first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= least


# The font of every text that can be seen, enlarged as the frame is.
FONTS = """() => {
  const out = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const [text, element] = [walker.currentNode.textContent.trim(), walker.currentNode.parentElement];
    const isSeen = element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 1;
    const font = parseFloat(getComputedStyle(element).fontSize) * element.currentCSSZoom;
    if (text && isSeen && font > 0 && !element.closest(".unseen")) out.push([font, text]);
  }
  return out;
}"""


@pytest.mark.parametrize("query", [*FIGURES[:3], RGB, FIGURES[5], "image=circle&layers=conv:random*1@9x9"])
def test_no_text_is_too_small(lab: Lab, query: str) -> None:
    lab.open(query, "/embed")
    for width, height in [*SIZES, (1280, 720)]:
        lab.page.set_viewport_size({"width": width, "height": height})
        overflow_at(lab, width, height)
        found = [text for font, text in lab.page.evaluate(FONTS) if font < (10 if width < 400 else 12) - 0.05]
        assert found == [], f"{width} × {height}"


@pytest.mark.parametrize(("width", "height"), [(320, 240), (640, 360), (1920, 1080)])
def test_the_arithmetic_can_be_read_in_every_frame(lab: Lab, width: int, height: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.open("", "/embed")
    for cells in (".of-input td", ".of-filter td", ".of-products td"):
        sizes = lab.page.locator(cells).evaluate_all(
            "(cells) => cells.map((cell) => parseFloat(getComputedStyle(cell).fontSize) * cell.currentCSSZoom)"
        )
        assert min(sizes) >= (10 if width < 400 else 12), cells
    expect(lab.part("result-value")).to_be_visible()


def test_a_large_frame_enlarges_the_figure_and_the_pointer_hits_the_right_cells(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1920, "height": 1080})
    lab.open(f"{QUERY}&fit=1&ghost=1", "/embed")
    canvas = lab.part("output-maps").locator("canvas").first
    box = canvas.bounding_box()
    assert box is not None
    zoom, cell = canvas.evaluate("(canvas) => [canvas.currentCSSZoom, canvas.getBoundingClientRect().width]")
    assert zoom > 1
    assert cell == pytest.approx(box["width"], abs=1)
    drawn = lab.cells("output").values()  # cells, and pieces of their numbers
    cells = [box for box in drawn if box[2] - box[0] > 20 * zoom]
    left, top, right, bottom = (pick(box[i] for box in cells) for i, pick in enumerate((min, min, max, max)))
    assert (right - left) / 10 == pytest.approx((bottom - top) / 14, abs=1), "all cells are squares"
    lab.page.mouse.click(right - 4 * zoom, bottom - 4 * zoom)
    expect(lab.part("count")).to_contain_text("position 140 of 140")
    lab.page.mouse.click(left + 4 * zoom, top + 4 * zoom)
    expect(lab.part("count")).to_contain_text("position 1 of 140")


@pytest.mark.parametrize("style", ["display: none", "width: 0; height: 0"])
def test_a_hidden_frame_is_drawn_when_it_is_shown(page: Page, base_url: str, style: str) -> None:
    frame = f'<iframe style="{style}" width="640" height="360" src="{base_url}/embed?{QUERY}"></iframe>'
    with site(f"<!doctype html>{frame}") as url:
        page.goto(url)
        page.evaluate("document.querySelector('iframe').removeAttribute('style')")
        inside = page.frame_locator("iframe")
        expect(inside.locator(".maps.live")).to_have_count(2)
        expect(part(inside, "count")).to_contain_text("position 24 of 140")
        inside.locator(".of-filter td").first.wait_for()
        cell = inside.locator(".of-filter td").first.bounding_box()
        assert cell is not None
        assert cell["width"] > 15


def test_it_takes_neither_the_focus_nor_the_mouse_wheel(page: Page, base_url: str) -> None:
    frame = f'<iframe width="640" height="360" src="{base_url}/embed?{QUERY}&play=1&loop=1"></iframe>'
    with site(f'<!doctype html><input autofocus>{frame}<div style="height: 3000px"></div>') as url:
        page.goto(url)
        expect(part(page.frame_locator("iframe"), "play")).to_have_attribute("data-playing", "true")
        assert page.evaluate("document.activeElement.tagName") == "INPUT"
        page.frame_locator("iframe").locator(".maps").first.hover()
        page.mouse.wheel(0, 400)
        page.wait_for_function("scrollY > 0")
        assert page.evaluate("document.activeElement.tagName") == "INPUT"


IS_STILL = """async () => {
  const before = frameCount;
  await new Promise((done) => setTimeout(done, 150));
  return frameCount === before;
}"""
COUNT_FRAMES = """
  window.frameCount = 0;
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => { window.frameCount += 1; return request(callback); };
"""


def test_playing_is_suspended_while_the_frame_is_not_visible(page: Page, base_url: str) -> None:
    page.add_init_script(COUNT_FRAMES)
    frame = f'<iframe width="640" height="360" src="{base_url}/embed?{QUERY}&play=1&loop=1"></iframe>'
    with site(f'<!doctype html>{frame}<div style="height: 5000px"></div>') as url:
        page.goto(url)
        expect(part(page.frame_locator("iframe"), "play")).to_have_attribute("data-playing", "true")
        inside = page.frames[1]
        page.evaluate("scrollTo(0, 4000)")
        Lab(page, base_url).eventually(lambda: inside.evaluate(IS_STILL))
        page.evaluate("scrollTo(0, 0)")
        Lab(page, base_url).eventually(lambda: not inside.evaluate(IS_STILL))


def test_reduced_motion_prevents_autoplay(devices: Devices) -> None:
    lab = devices.lab(reduced_motion="reduce")
    lab.open(f"{QUERY}&play=1", "/embed")
    expect(lab.part("play")).to_have_attribute("data-playing", "false")
    lab.button("Play").click()
    expect(lab.part("play")).to_have_attribute("data-playing", "true")


@pytest.mark.parametrize(("more", "plays"), [("", "true"), ("&ui=none", "false"), ("&hide=transport", "false")])
def test_autoplay_without_a_pause_button_stops_after_five_seconds(lab: Lab, more: str, plays: str) -> None:
    lab.page.clock.install(time=0)
    lab.open(f"{QUERY}&play=1&loop=1{more}", "/embed")
    lab.page.clock.run_for(1_000)
    expect(lab.part("play")).to_have_attribute("data-playing", "true")
    lab.page.clock.run_for(6_000)
    expect(lab.part("play")).to_have_attribute("data-playing", plays)


@pytest.mark.parametrize("policy", ["require-corp", "credentialless"])
def test_a_cross_origin_isolated_page_shows_the_figure(page: Page, base_url: str, policy: str) -> None:
    isolated = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": policy}
    frame = f'<iframe width="640" height="360" src="{base_url}/embed?{QUERY}"></iframe>'
    element = f'<script type="module" src="{base_url}/conv-scope.js"></script><conv-scope image="face"></conv-scope>'
    with site(f"<!doctype html>{frame}{element}", isolated) as url:
        page.goto(url)
        assert page.evaluate("crossOriginIsolated")
        inside = page.frame_locator("iframe").first
        inside.get_by_role("button", name="One position on").click()
        expect(part(inside, "count")).to_contain_text("position 25 of 140")
        expect(page.locator("conv-scope")).to_have_attribute("ready", "")


@pytest.mark.complains("ERR_FAILED|Failed to load")
def test_a_failed_request_shows_a_notice_with_a_retry_button(lab: Lab) -> None:
    lab.page.route("**/api/trace*", lambda route: route.abort())
    lab.page.goto(f"{lab.url}/embed?image=chelsea&size=96&at=1,23")
    expect(lab.part("trouble")).to_contain_text("cannot be reached")
    lab.page.unroute("**/api/trace*")
    lab.button("Retry").click()
    expect(lab.part("count")).to_contain_text("position 118 of 8,836")
    expect(lab.part("trouble")).to_have_count(0)


def test_a_transparent_embed_shows_the_slide_behind_it_in_each_theme(page: Page, base_url: str) -> None:
    ground = "background: rgb(10, 120, 60)"
    for theme in ("auto", "light", "dark"):
        frame = f'<iframe width="640" height="360" src="{base_url}/embed?{QUERY}&transparent=1&theme={theme}"></iframe>'
        with site(f'<!doctype html><body style="margin: 0; {ground}">{frame}') as url:
            page.goto(url)
            expect(page.frame_locator("iframe").locator(".maps.live")).to_have_count(2)
            assert corner(page) == [10, 120, 60], theme


HANDED_OUT = 'style="color-scheme: normal"'
"""The style of every frame in the site's embed code: it prevents an opaque background in any color scheme."""


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize(
    ("parent", "style"),
    [("", ""), ("", HANDED_OUT), ("color-scheme: dark", HANDED_OUT), ("color-scheme: light dark", HANDED_OUT)],
)
def test_a_transparent_embed_works_with_every_color_scheme_of_page_and_system(
    devices: Devices, base_url: str, system: str, parent: str, style: str
) -> None:
    page = devices.lab(color_scheme=system, viewport={"width": 640, "height": 360}).page
    for theme in ("auto", "dark"):
        frame = f'<iframe {style} width="640" height="360" src="{base_url}/embed?{QUERY}&transparent=1&theme={theme}">'
        body = f'<body style="margin: 0; background: rgb(10, 120, 60)">{frame}</iframe>'
        with site(f'<!doctype html><html style="{parent}">{body}') as url:
            page.goto(url)
            expect(page.frame_locator("iframe").locator(".maps.live")).to_have_count(2)
            assert corner(page) == [10, 120, 60], theme


def corner(page: Page) -> Any:
    """The color of an empty pixel inside the frame."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        return list(picture.convert("RGB").getpixel((14, 20)))


def test_the_link_chooses_the_parts_of_an_embed(lab: Lab) -> None:
    lab.open(f"{QUERY}&ui=min&title=Edges of a face", "/embed")
    expect(lab.page.get_by_role("heading", name="Edges of a face")).to_be_visible()
    expect(lab.button("Play")).to_be_visible()
    expect(lab.button("One position on")).to_be_hidden()
    lab.open(f"{QUERY}&ui=none&hide=legend", "/embed")
    expect(lab.part("transport")).to_be_hidden()
    expect(lab.part("input-legend")).to_be_hidden()
    expect(lab.part("output-maps")).to_be_visible()


@pytest.mark.parametrize("times", [12, pytest.param(500, marks=pytest.mark.long)])
def test_random_links_open_without_an_error(lab: Lab, times: int) -> None:
    chance = random.Random(times)
    names = [option.name for option in VIEW_OPTIONS if option.name not in ("hide", "present", "at", "pin")]
    words = [
        "1",
        "0",
        "dark",
        "none",
        "min",
        "2",
        "0,0;3,4",
        "step",
        "signed",
        "layer",
        "x y",
        "99999",
        "%C3%A9",
        "matrix",
        "write",
    ]
    scenes = [
        "",
        "image=face&layers=maxpool:2",
        "image=coffee&size=16&channels=rgb",
        "size=8&layers=conv:nonsense",
        "layers=",
    ]
    for _ in range(times):
        pairs = [f"{chance.choice(names)}={chance.choice(words)}" for _ in range(chance.randrange(6))]
        lab.open("&".join(filter(None, [chance.choice(scenes), *pairs])), "/embed")
        assert lab.part("trouble").count() == 0
