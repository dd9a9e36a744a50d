"""The view “Why cat?”: the square by mouse, finger and keys, the scores that follow, its slide, and the map."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Request, expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults

CAT = "image=cat&channels=rgb&layers=model:cifar10"
DIGIT = "image=digit-3&size=28&layers=model:lenet5"
GRAY = 128
SIZES = [(1440, 900), (1280, 720), (390, 844), (844, 390)]


def opened(lab: Lab, query: str, path: str = "/", press: str = "&press=0") -> Lab:
    lab.open(f"{query}&tab=occlusion{press}", path)
    expect(lab.page.locator(".occlusion-view")).to_be_visible()
    return lab


def ask(lab: Lab, method: str, path: str, **given: Any) -> Any:
    return lab.page.request.fetch(f"{lab.url}{path}", method=method, **given).json()


def covered_by_hand(lab: Lab, query: str, top: int, left: int, side: int) -> list[float]:
    """The scores before the softmax of the trace of the picture with a gray square, which is covered here in NumPy."""
    scene = ask(lab, "GET", f"/api/trace.json?{query}&stages=0")
    planes = np.array(scene["stages"][0]["output"])
    planes[:, top : top + side, left : left + side] = GRAY
    posted = {**scene["scene"], "image": {"planes": planes.tolist()}}
    stages = ask(lab, "POST", "/api/trace.json", data=posted)["stages"]
    return np.array(stages[-2]["output"]).ravel().tolist()


def written(value: float) -> str:
    """A number with three significant digits, as the page writes it."""
    digits = 3 if abs(value) < 1 else max(0, 2 - int(np.floor(np.log10(abs(value)))))
    text = f"{value:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def score_of(lab: Lab, index: int) -> str:
    return lab.page.locator(f"[data-class='{index}'] [data-score]").text_content() or ""


def place_of(lab: Lab) -> tuple[int, int]:
    label = lab.part("occlusion-square").get_attribute("aria-label") or ""
    top, left = re.findall(r"(?:rows|columns) (\d+) to", label)
    return int(top), int(left)


def close_to(text: str, value: float) -> bool:
    return abs(float(text.replace("−", "-")) - value) <= 0.006 * max(1, abs(value))


def test_the_scores_are_those_of_the_trace_of_the_covered_picture(lab: Lab) -> None:
    opened(lab, CAT)
    square = lab.part("occlusion-square")
    square.focus()
    for key in ["ArrowDown"] * 5 + ["ArrowRight"] * 9:
        lab.page.keyboard.press(key)
    assert place_of(lab) == (5, 9)
    expected = covered_by_hand(lab, CAT, 5, 9, 8)
    lab.eventually(lambda: close_to(score_of(lab, 3), expected[3]))
    for index, value in enumerate(expected):
        assert close_to(score_of(lab, index), value)
    expect(lab.page.locator(".occlusion-says")).to_contain_text("Covered here: cat")
    expect(lab.page.locator(".occlusion-question")).to_have_text("What may be covered, so that it still says cat?")


def test_the_map_has_the_same_numbers_as_the_square_at_its_stops(lab: Lab) -> None:
    opened(lab, CAT, press="")
    texts = lab.page.locator(".occlusion-stops text")
    expect(texts).to_have_count(49)
    found = ask(lab, "GET", f"/api/occlusion?{CAT}&window=8&stride=4")
    for stop in ((0, 0), (2, 3), (6, 6)):
        score = covered_by_hand(lab, CAT, 4 * stop[0], 4 * stop[1], 8)[3]
        assert found["scores"][stop[0]][stop[1]] == pytest.approx(score, rel=1e-5)
        text = texts.nth(7 * stop[0] + stop[1]).text_content() or ""
        assert close_to(text, score)
    stops = lab.part("occlusion-stops").bounding_box()
    assert stops
    lab.page.mouse.move(stops["x"] + stops["width"] * 5.5 / 7, stops["y"] + stops["height"] * 1.5 / 7)
    assert place_of(lab) == (4, 20)
    lab.eventually(lambda: score_of(lab, 3) == texts.nth(7 + 5).text_content())


def test_a_mouse_drags_the_square_inside_the_picture(lab: Lab) -> None:
    opened(lab, CAT)
    photo = lab.part("occlusion-photo").bounding_box()
    assert photo
    cell = photo["width"] / 32
    lab.page.mouse.move(photo["x"] + 4 * cell, photo["y"] + 4 * cell)
    lab.page.mouse.down()
    lab.page.mouse.move(photo["x"] + 14 * cell, photo["y"] + 10 * cell, steps=4)
    assert place_of(lab) == (6, 10)
    lab.page.mouse.move(photo["x"] + 60 * cell, photo["y"] - 20 * cell, steps=4)
    assert place_of(lab) == (0, 24)
    lab.page.mouse.up()
    lab.page.mouse.move(photo["x"] + 4 * cell, photo["y"] + 20 * cell)
    assert place_of(lab) == (0, 24)


def test_one_question_is_asked_at_a_time_then_the_newest(lab: Lab) -> None:
    opened(lab, CAT)
    expect(lab.page.locator(".occlusion-says")).to_contain_text("Covered here")
    asked: list[str] = []
    waiting = []

    def note(request: Request) -> None:
        query = parse_qs(urlsplit(request.url).query)
        if "square" in query:
            asked.append(query["square"][0])

    lab.page.on("request", note)
    lab.page.route("**/api/occlusion*", lambda route: waiting.append(route))
    lab.part("occlusion-square").focus()
    for _ in range(6):
        lab.page.keyboard.press("ArrowRight")
    lab.eventually(lambda: waiting)
    assert asked == ["0,1"]
    waiting[0].continue_()
    lab.eventually(lambda: len(waiting) == 2)
    assert asked == ["0,1", "0,6"]
    waiting[1].continue_()
    expected = covered_by_hand(lab, CAT, 0, 6, 8)
    lab.eventually(lambda: close_to(score_of(lab, 0), expected[0]))
    lab.page.unroute("**/api/occlusion*")


def test_an_old_answer_leaves_the_scores_of_the_place_that_the_square_went_back_to(lab: Lab) -> None:
    opened(lab, CAT)
    expect(lab.page.locator(".occlusion-says")).to_contain_text("Covered here")
    before = score_of(lab, 3)
    waiting = []
    lab.page.route("**/api/occlusion*", lambda route: waiting.append(route))
    lab.part("occlusion-square").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        lab.page.keyboard.press(key)
    lab.eventually(lambda: waiting)
    with lab.page.expect_response("**/api/occlusion*") as answer:
        waiting[0].continue_()
    answer.value.finished()
    lab.page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert place_of(lab) == (0, 0)
    assert score_of(lab, 3) == before
    expect(lab.page.locator(".occlusion-says")).to_contain_text("Covered here")
    assert len(waiting) == 1
    lab.page.unroute("**/api/occlusion*")


def test_the_square_slides_stop_by_stop_and_the_map_fills(lab: Lab) -> None:
    opened(lab, CAT)
    expect(lab.page.locator(".occlusion-map")).to_contain_text("(32 − 8)/4 + 1 = 7 stops a row")
    lab.page.clock.install()
    lab.part("occlusion-slide").click()
    lab.eventually(lambda: lab.page.locator("[data-part='occlusion-overlay']").count() or lab.page.clock.run_for(50))
    for _ in range(3):
        lab.page.clock.run_for(200)
    count = lab.page.locator(".occlusion-stops text").count()
    assert 0 < count < 49
    assert lab.page.locator(".occlusion-scores li[data-dim]").count() == 9
    for _ in range(20):
        lab.page.clock.run_for(500)
    expect(lab.page.locator(".occlusion-stops text")).to_have_count(49)
    expect(lab.part("occlusion-legend")).to_contain_text("dark: covering this lowers the score of cat most, from 5.59")
    assert "press" not in lab.link


def test_the_square_rests_where_the_score_falls_most_and_a_reader_hears_it(lab: Lab) -> None:
    opened(lab, CAT, press="")
    found = ask(lab, "GET", f"/api/occlusion?{CAT}")
    scores = np.array(found["scores"])
    row, column = np.unravel_index(scores.argmin(), scores.shape)
    lab.eventually(lambda: place_of(lab) == (4 * row, 4 * column))
    falls = lab.part("occlusion-falls").locator("li")
    expect(falls).to_have_count(3)
    expect(falls.first).to_contain_text(f"row {4 * row}, column {4 * column}")
    expect(lab.part("occlusion-live")).to_contain_text("Covered here: cat")


def test_size_stride_and_class_are_in_the_link(lab: Lab) -> None:
    opened(lab, CAT, press="")
    lab.page.locator("[data-choice='window']").select_option("16")
    lab.says("window=16")
    lab.page.locator("[data-choice='stride']").select_option("8")
    lab.says("stride=8")
    lab.page.locator("[data-choice='target']").select_option("dog")
    lab.says("target=dog")
    expect(lab.page.locator(".occlusion-map")).to_contain_text("Score of dog at each stop")
    expect(lab.page.locator(".occlusion-stops text")).to_have_count(9)
    found = ask(lab, "GET", f"/api/occlusion?{CAT}&window=16&stride=8&class=dog")
    assert close_to(lab.page.locator(".occlusion-stops text").nth(4).text_content() or "", found["scores"][1][1])


def test_the_square_is_put_away_and_the_scores_are_those_of_the_picture(lab: Lab) -> None:
    opened(lab, DIGIT)
    assert lab.part("occlusion-square").get_attribute("aria-label").startswith("Gray square on rows 0 to 6")
    lab.part("occlusion-away").click()
    expect(lab.part("occlusion-square")).to_have_count(0)
    whole = ask(lab, "GET", f"/api/trace.json?{DIGIT}")["stages"][-2]["output"]
    assert close_to(score_of(lab, 3), whole[3][0][0])


def test_why_cat_stands_beside_the_scores_of_the_network(lab: Lab) -> None:
    lab.open(f"{CAT}&tab=network")
    lab.page.get_by_role("button", name="Why cat?").click()
    expect(lab.page.locator(".occlusion-view")).to_be_visible()
    lab.says("tab=occlusion&press=0")
    lab.page.keyboard.press("w")
    expect(lab.page.locator(".occlusion-view")).to_be_hidden()


def test_a_chain_without_classes_has_no_tab_and_a_link_says_what_it_needs(lab: Lab) -> None:
    lab.open("image=coffee&layers=conv:sobel-x")
    expect(lab.page.locator("[data-tab='network']")).to_be_visible()
    expect(lab.page.locator("[data-tab='occlusion']")).to_be_hidden()
    lab.open("image=coffee&layers=conv:sobel-x&tab=occlusion")
    expect(lab.part("panel")).to_contain_text("needs a network that ends in them")


def test_a_square_that_is_too_large_is_refused_in_words(lab: Lab) -> None:
    opened(lab, f"{CAT}&window=40", press="")
    expect(lab.page.locator(".occlusion-says")).to_contain_text(
        "The square has 40 × 40 cells and the picture 32 × 32: choose a smaller one."
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_too_small_or_out_of_its_place(devices: Devices, width: int, height: int) -> None:
    lab = devices.lab(viewport={"width": width, "height": height}, reduced_motion="reduce")
    opened(lab, CAT, press="")
    expect(lab.part("occlusion-legend")).to_be_visible()
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(lab.page) == []


def test_an_embed_and_a_presentation_have_the_view(lab: Lab) -> None:
    opened(lab, CAT, "/embed", press="")
    expect(lab.part("occlusion-legend")).to_contain_text("lowers the score of cat most")
    opened(lab, f"{CAT}&present=1")
    size = lab.page.locator(".occlusion-scores li").first.evaluate(
        "(one) => parseFloat(getComputedStyle(one).fontSize)"
    )
    assert size >= lab.page.viewport_size["height"] / 40
