"""The response of a cell as a curve, and the answers before a picture was changed: in frames, presented, on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab

BARS = "image=bars-45&layers=conv:gabor-45~relu~globalmaxpool"
SIMPLE = f"{BARS}&stage=2&at=15,16&sweep=turn&adjust=turn:20"
DIGIT = "image=digit-3&size=28&adjust=shift:0x6&layers=model:lenet5&stage=14"
OVERFLOW = """() => {
  const host = document.querySelector("[data-part=response]");
  const box = host.getBoundingClientRect();
  const out = [...host.querySelectorAll("p, svg, canvas, figcaption, text")].filter((one) => {
    const {left, right, top, bottom} = one.getBoundingClientRect();
    return left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
  });
  return out.map((one) => one.textContent || one.tagName);
}"""


def curve(page: Page) -> list[list[float]]:
    """The points of the curve, across and down."""
    line = page.locator("[data-part=response] .sweep-line")
    expect(line).to_have_count(1)
    return [[float(part) for part in point.split(",")] for point in (line.get_attribute("points") or "").split(" ")]


def test_a_frame_draws_the_curve_of_the_server_in_place_of_the_maps(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 960, "height": 540})
    lab.open(SIMPLE, "/embed")
    points = curve(lab.page)
    asked = lab.page.request.get(f"{lab.url}/api/sweep?{BARS}&stage=2&at=15,16&sweep=turn").json()
    heights = [-y for _, y in points]
    low, high = min(asked["responses"]), max(asked["responses"])
    for height, response in zip(heights, asked["responses"], strict=True):
        share = (height - min(heights)) / (max(heights) - min(heights))
        assert share == pytest.approx((response - low) / (high - low), abs=0.002)
    now = asked["responses"][asked["values"].index(20)]
    expect(lab.part("sweep-now")).to_have_text(f"Now at 20°: {now:.4g}.")
    expect(lab.part("sweep-cell")).to_have_text("ReLU, row 15, column 16")
    expect(lab.part("input-maps")).to_be_hidden()
    assert lab.page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize("size", [(480, 270), (640, 360), (360, 640), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("query", [SIMPLE, f"{BARS}&stage=3&sweep=right"])
def test_the_curve_fits_every_frame(lab: Lab, size: tuple[int, int], query: str) -> None:
    lab.page.set_viewport_size({"width": size[0], "height": size[1]})
    lab.open(query, "/embed")
    curve(lab.page)
    assert lab.page.evaluate(OVERFLOW) == []


def test_another_cell_has_another_curve_and_the_same_cell_asks_once(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url) if "/api/sweep" in request.url else None)
    lab.open(SIMPLE, "/embed")
    before = curve(lab.page)
    with lab.page.expect_response("**/api/sweep?*"):
        lab.page.get_by_role("button", name="One position on").click()
    expect(lab.part("sweep-cell")).to_have_text("ReLU, row 15, column 17")
    assert curve(lab.page) != before
    assert len(asked) == 2


@pytest.mark.complains("503")
def test_a_curve_that_does_not_arrive_is_a_sentence(lab: Lab) -> None:
    refusal = {"status": 503, "json": {"detail": "Too many figures at once."}}
    lab.page.route("**/api/sweep?*", lambda route: route.fulfill(**refusal))
    lab.open(SIMPLE, "/embed")
    expect(lab.part("response")).to_contain_text("Too many figures at once.")


def test_presented_it_is_read_from_the_last_row(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.open(f"{SIMPLE}&present=1")
    curve(lab.page)
    expect(lab.page.locator("html[data-present]")).to_have_count(1)
    expect(lab.part("response")).to_be_visible()
    sizes = lab.page.evaluate("""[...document.querySelectorAll("[data-part=response] :is(p, text)")].map((one) =>
      one.getBoundingClientRect().height && parseFloat(getComputedStyle(one).fontSize))""")
    assert min(sizes) >= 720 / 40
    assert lab.page.evaluate(OVERFLOW) == []
    lab.page.keyboard.press("Escape")
    expect(lab.part("response")).to_be_hidden()


def test_on_a_phone_it_stands_below_the_figure(devices: Devices, base_url: str) -> None:
    page = devices.phone(viewport={"width": 390, "height": 844}).page
    page.goto(f"{base_url}/?{SIMPLE}")
    curve(page)
    figure, response = (page.locator(f"[data-part={name}]").bounding_box() for name in ("figure", "response"))
    assert figure is not None
    assert response is not None
    assert figure["height"] > 0
    assert response["y"] >= figure["y"] + figure["height"] - 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_beside_the_curve(lab: Lab, theme: str) -> None:
    lab.open(f"{SIMPLE}&theme={theme}", "/embed")
    curve(lab.page)
    found = Axe().run(lab.page)
    assert found.violations_count == 0, found.generate_report()


def test_a_frame_says_what_the_network_said_before(lab: Lab) -> None:
    lab.open(DIGIT, "/embed")
    expect(lab.part("verdict-before")).to_have_text("Before: 3, > 99.9 %. After: 0, 56.7 %.")
    before = lab.page.request.get(f"{lab.url}/api/trace.json?{DIGIT.replace('adjust=shift:0x6&', '')}").json()
    shares = [row[0][0] for row in before["stages"][14]["output"]]
    assert shares[3] > 0.999
    assert lab.page.locator("[data-part=answers-before] li").count() == 3
    lab.open(DIGIT.replace("stage=14", "stage=12"), "/embed")
    expect(lab.part("answers-before")).to_be_hidden()


def test_a_figure_that_is_not_changed_has_no_answers_before(lab: Lab) -> None:
    lab.open(DIGIT.replace("adjust=shift:0x6&", ""), "/embed")
    expect(lab.part("answers-before")).to_have_count(0)


Export = Callable[[str], str]


@pytest.fixture
def export(page: Page, base_url: str, tmp_path) -> Export:
    def save(query: str) -> str:
        file = tmp_path / "figure.html"
        file.write_bytes(page.request.get(f"{base_url}/api/export/html?{query}").body())
        return file.as_uri()

    return save


def test_a_file_has_its_curve_and_its_answers_without_a_network(page: Page, export: Export) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(export(SIMPLE))
    points = curve(page)
    assert len(points) == 37
    expect(page.locator("[data-part=sweep-now]")).to_contain_text("Now at 20°")
    page.keyboard.press("ArrowRight")  # the file has the curve of one cell
    expect(page.locator("[data-part=sweep-cell]")).to_have_text("ReLU, row 15, column 16")
    page.goto(export(DIGIT))
    expect(page.locator("[data-part=verdict-before]")).to_have_text("Before: 3, > 99.9 %. After: 0, 56.7 %.")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
