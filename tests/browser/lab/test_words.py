"""Words beside the rows: where they stand on every screen, what they name, and the sentence in the settings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from app.notebook import show
from tests.browser.conftest import Devices
from tests.browser.lab_page import ImageLab, Lab, faults
from tests.browser.overlap import RECORD_CANVASES, find_overlaps

ONE_HOT = "image=one-hot&rows=the,cat,sat,on,the,mat,today&layers=conv:random*2@3x6,seed=1~relu~globalmaxpool"
TYPED = (
    "image=(0.1,0.3,-0.2,0.9;0.7,-0.4,0.2,0.1;-0.3,0.8,0.5,0;0.2,0.1,0.4,-0.6)&rows=the,cat,sat,down"
    "&layers=conv:(1,0,-1,0;0,1,0,1),padding=1x0~relu~globalmaxpool"
)
ODD = (
    "image=random-vectors*5,seed=1&rows=%D7%A9%D7%9C%D7%95%D7%9D,%D9%85%D8%B1%D8%AD%D8%A8%D8%A7,%E7%8C%AB,%F0%9F%98%80,"
    "internationalization,%3Cscript%3Ealert(1)%3C&layers=conv:random*2@2x5,seed=3~relu~globalmaxpool"
)
SIZES = ((1440, 900), (1280, 720), (1920, 1080), (390, 844), (844, 390))


@pytest.fixture
def image_lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


def opened(lab: Lab, query: str, path: str = "/") -> Lab:
    lab.open(query, path)
    expect(words(lab, "output").first).to_be_attached()
    return lab.rest()


def words(lab: Lab, side: str) -> Locator:
    return lab.page.locator(f"[data-part={side}-words] span")


def texts(lab: Lab, side: str) -> list[str]:
    return words(lab, side).all_text_contents()


def lit(lab: Lab, side: str) -> list[str]:
    return lab.page.locator(f"[data-part={side}-words] .lit").all_text_contents()


def middles(lab: Lab, side: str) -> list[float]:
    """The middle of each word from the top of the map's canvas, in CSS pixels."""
    top = lab.part(f"{side}-maps").bounding_box()
    assert top
    boxes = [word.bounding_box() for word in words(lab, side).all()]
    return [box["y"] + box["height"] / 2 - top["y"] for box in boxes if box]


def test_words_name_the_rows_of_both_maps_and_the_window_by_its_n_gram(lab: Lab) -> None:
    opened(lab, f"{ONE_HOT}&stage=1&at=1,0&beat=write")
    assert texts(lab, "input") == ["the", "cat", "sat", "on", "the", "mat", "today"]
    assert texts(lab, "output") == ["the cat sat", "cat sat on", "sat on the", "on the mat", "the mat today"]
    assert (lit(lab, "input"), lit(lab, "output")) == (["cat", "sat", "on"], ["cat sat on"])
    expect(lab.page.locator(".window figcaption")).to_have_text("3-gram “cat sat on”")
    notes = lab.text("notes")
    assert "7 words have 5: 7 − 3 + 1 = 5" in notes
    assert "Vectors: one-hot" in notes
    lab.page.keyboard.press("ArrowDown")
    expect(lab.page.locator("[data-part=output-words] .lit")).to_have_text("sat on the")
    expect(lab.part("live")).to_contain_text("sat on the")
    assert "Rows: the, cat, sat" in (lab.part("input-maps").get_attribute("aria-label") or "")


def test_rows_of_padding_are_named(lab: Lab) -> None:
    opened(lab, f"{TYPED}&stage=1&at=0,0&beat=write")
    assert texts(lab, "input") == ["(padding)", "the", "cat", "sat", "down", "(padding)"]
    assert texts(lab, "output")[0] == "(padding) the"
    assert lit(lab, "input") == ["(padding)", "the"]
    assert "Vectors: typed." in lab.text("notes")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("query", "path"), [(ONE_HOT, "/"), (TYPED, "/"), (ODD, "/"), (ONE_HOT, "/embed")])
def test_words_stand_at_their_rows_and_over_nothing(
    devices: Devices, size: tuple[int, int], query: str, path: str
) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    lab.page.add_init_script(RECORD_CANVASES)
    opened(lab, f"{query}&stage=1&at=1,0&beat=write", path)
    for side in ("input", "output"):
        steps = np.diff(middles(lab, side))
        assert (steps > 0).all()
        assert np.ptp(steps) < 1.5, "rows lie at one distance, as those of the map"
        sizes = {
            float(word.evaluate("(word) => parseFloat(getComputedStyle(word).fontSize)"))
            for word in words(lab, side).all()
        }
        assert min(sizes) >= 12
        box = lab.part(f"{side}-maps").bounding_box()
        for word in lab.page.locator(f"[data-part={side}-words] span:visible").all():
            at = word.bounding_box()
            assert box
            assert at
            assert at["x"] >= 0
            assert at["x"] + at["width"] <= box["x"] + 1
    if path == "/":  # an embed has canvases of twice as many pixels, which are not measured
        assert find_overlaps(lab.page) == []


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (1920, 1080)])
def test_presented_words_can_be_read_from_afar(devices: Devices, size: tuple[int, int]) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    opened(lab, f"{ONE_HOT}&stage=1&at=1,0&beat=write&present=1")
    lab.until("document.documentElement.hasAttribute('data-present')")
    lab.rest()
    for side in ("input", "output"):
        height = float(words(lab, side).first.evaluate("(word) => parseFloat(getComputedStyle(word).fontSize)"))
        assert height >= size[1] / 40


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("image=(1;3;2)&rows=a,b,c&layers=globalmaxpool&stage=1", "the largest of 3: “b”"),
        ("image=(3;3;2)&rows=a,b,c&layers=globalmaxpool&stage=1", "the largest of 3: “a” = “b”, a tie"),
    ],
)
def test_a_global_maximum_says_which_words_won(lab: Lab, query: str, said: str) -> None:
    opened(lab, f"{query}&at=0,0&beat=window")
    assert "“" not in lab.text("result-before")
    lab.page.keyboard.press("Space")
    expect(lab.part("result-before")).to_have_text(said)


def test_each_filter_has_its_own_winner(lab: Lab) -> None:
    opened(lab, f"{ONE_HOT}&stage=3&at=0,0&beat=write")
    expect(lab.page.locator(".scores button").first).to_contain_text("value 0: “cat sat on”")
    expect(lab.page.locator(".scores button").nth(1)).to_contain_text("value 1: “the cat sat”")


def test_the_server_paints_the_words_before_any_script_runs(devices: Devices) -> None:
    lab = devices.lab(java_script_enabled=False)
    lab.page.goto(f"{lab.url}/?{ONE_HOT}&stage=1&at=1,0&beat=write")
    assert lab.page.locator("[data-part=input-maps] text").all_text_contents()[:3] == ["the", "cat", "sat"]
    assert "cat sat on" in lab.page.locator("[data-part=output-maps] text").all_text_contents()
    expect(lab.page.locator(".window figcaption")).to_have_text("3-gram “cat sat on”")


# --- the sentence in the settings -------------------------------------------------------------------------------


def test_a_sentence_is_typed_edited_and_taken_back(image_lab: Lab) -> None:
    lab = image_lab.open("image=face")
    lab.page.locator("[data-image-tab=words]").click()
    lab.says("image=one-hot", "rows=the,cat,sat,on,the,mat", "layers=conv:random*2@2x5,seed=1~relu~globalmaxpool")
    expect(words(lab, "output").first).to_have_text("the cat")
    box = lab.key("sentence")
    box.fill("Hello, big world!")
    box.press("Enter")
    lab.says("rows=Hello,%2C,big,world,!", "conv:random*2@2x5")
    expect(words(lab, "input").nth(1)).to_have_text(",")
    lab.rest().page.go_back()
    lab.says("rows=the,cat,sat,on,the,mat")
    expect(lab.key("sentence")).to_have_value("the cat sat on the mat")


def test_filters_stay_as_wide_as_the_vectors(image_lab: Lab) -> None:
    lab = image_lab.open("image=one-hot&rows=a,b&layers=conv:random*2@2x2,seed=1~relu")
    box = lab.key("sentence")
    box.fill("a b c d")
    box.press("Enter")
    lab.says("rows=a,b,c,d", "conv:random*2@2x4")
    lab.key("vectors-random").click()
    lab.says("image=random-vectors*5,seed=1", "conv:random*2@2x5")
    lab.key("reads-3").click()
    lab.says("conv:random*2@3x5")
    lab.key("vectors-typed").click()
    lab.says("image=(", "rows=a,b,c,d")
    box = lab.key("sentence")
    box.fill("a new b")
    box.press("Enter")
    lab.says("rows=a,new,b", ";0,0,0,0,0;")


def test_more_different_words_than_a_typed_filter_has_columns_get_a_shape(image_lab: Lab) -> None:
    lab = image_lab.open("image=one-hot&rows=a,b&layers=conv:random*2@2x2,seed=1")
    box = lab.key("sentence")
    box.fill(" ".join("abcdefghijklmnop"))
    box.press("Enter")
    lab.says("layers=conv:2@2x16")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type at least one word."),
        (" ".join(["a"] * 33), "33 words"),
        ("x" * 25, "is too long"),
    ],
)
def test_a_sentence_that_does_not_fit_is_refused_where_it_is_typed(image_lab: Lab, typed: str, said: str) -> None:
    lab = image_lab.open("image=one-hot&rows=a,b&layers=")
    before = lab.link
    box = lab.key("sentence")
    box.fill(typed)
    box.press("Enter")
    expect(box).to_have_attribute("aria-invalid", "true")
    assert said in box.evaluate("(box) => box.validationMessage")
    assert lab.link == before


def test_numbers_are_edited_and_keep_their_words(image_lab: Lab) -> None:
    lab = image_lab.open("image=(1,2;3,4)&rows=the,cat&layers=conv:(1,1)")
    lab.page.locator("[data-image-tab=numbers]").click()
    rows = lab.page.get_by_label("Rows", exact=True).first
    rows.fill("3")
    rows.press("Enter")
    lab.says("image=(1,2;3,4;0,0)", "rows=the,cat,row 2")


def test_a_picture_that_is_chosen_has_no_words(image_lab: Lab) -> None:
    lab = image_lab.open("image=one-hot&rows=a,b&layers=relu")
    lab.page.locator("[data-image-tab=photo]").click()
    lab.key("sample-coffee").click()
    lab.says("image=coffee")
    lab.drops("rows=")
    assert not lab.page.locator("[data-part=input-words] span").count()
    expect(lab.page.locator("[data-part=output-words] span")).to_have_count(0)
    assert lab.problems() == ""


def test_a_shared_link_opens_with_the_same_words(lab: Lab) -> None:
    opened(lab, f"{ODD}&stage=1&at=1,0")
    query = lab.page.url.partition("?")[2]
    shown = texts(lab, "input")
    assert shown[-1] == "<script>alert(1)<"
    assert "rows=" in query
    opened(lab, query)
    assert texts(lab, "input") == shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_words(devices: Devices, scheme: str) -> None:
    lab = devices.lab(color_scheme=scheme)
    opened(lab, f"{ONE_HOT}&stage=1&at=1,0&beat=write")
    assert faults(lab.page) == []


def test_one_html_file_has_the_words(lab: Lab, tmp_path: Path) -> None:
    file = show(f"{ONE_HOT}&stage=1&at=1,0&beat=write").save(tmp_path / "words.html")
    lab.page.goto(file.as_uri())
    expect(words(lab, "output").nth(1)).to_have_text("cat sat on")
    expect(lab.page.locator(".window figcaption")).to_have_text("3-gram “cat sat on”")


def test_words_come_and_go_with_the_figure(lab: Lab) -> None:
    lab.open("image=(1,2;3,4;5,6)&layers=conv:(1,1;1,1)&stage=1")
    expect(lab.page.locator(".window figcaption")).to_have_text("window")
    change = """(query) => {
      history.pushState({ scene: query, link: "" }, "", `?${query}`);
      dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    }"""
    lab.page.evaluate(change, "image=(1,2;3,4;5,6)&rows=a,b,c&layers=conv:(1,1;1,1)&stage=1")
    expect(words(lab, "input").last).to_have_text("c")
    lab.page.evaluate(change, "image=(1,2;3,4;5,6)&layers=conv:(1,1;1,1)&stage=1")
    expect(words(lab, "input")).to_have_count(0)
    expect(lab.page.locator(".window figcaption")).to_have_text("window")
