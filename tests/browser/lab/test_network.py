"""A network in the Lab: the view that opens, its answer in sight, compact stages, and blocks that open."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab_page import Lab

CIFAR = "image=cat&channels=rgb&layers=model:cifar10"
LENET = "image=digit-3&layers=model:lenet5"
CIFAR_ANSWER, LENET_ANSWER = f"{CIFAR}&stage=13", f"{LENET}&stage=14"
SIZES = [(1280, 720), (1440, 900), (390, 844)]


def stages(lab: Lab) -> Locator:
    return lab.part("strip").locator("button.stage")


def current(lab: Lab) -> Locator:
    return lab.part("strip").locator("button.stage[aria-current=step]")


def lies_inside(inner: Locator, outer: Locator) -> bool:
    one, other = inner.bounding_box(), outer.bounding_box()
    assert one
    assert other
    return other["x"] - 1 <= one["x"] and one["x"] + one["width"] <= other["x"] + other["width"] + 1


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_network_opens_in_one_view_and_the_link_stays_short(lab: Lab, path: str) -> None:
    lab.open(LENET, path)
    expect(lab.page.locator(".network-view")).to_be_visible()
    expect(lab.page.locator(".network-score.is-first")).to_contain_text("3")
    assert "stage" not in lab.page.url
    assert "tab" not in lab.page.url


def test_a_network_that_is_put_away_leaves_its_answer_and_comes_back_with_the_way_back(lab: Lab) -> None:
    lab.open(LENET)
    entries = lab.page.evaluate("history.length")
    lab.page.keyboard.press("a")
    expect(lab.page.locator(".network-view")).to_be_hidden()
    expect(current(lab)).to_contain_text("Softmax")
    expect(lab.part("output-multiples").locator("[aria-pressed=true]")).to_contain_text("3")
    lab.says("stage=14")
    assert lab.page.evaluate("history.length") == entries + 1
    lab.page.reload()
    expect(current(lab)).to_contain_text("Softmax")
    expect(lab.page.locator(".network-view")).to_be_hidden()
    lab.page.go_back()
    expect(lab.page.locator(".network-view")).to_be_visible()


@pytest.mark.parametrize("said", ["map=3", "at=0,0", "beat=write", "volume=1", "stage=2"])
def test_a_link_that_names_a_place_or_a_picture_shows_the_figure(lab: Lab, said: str) -> None:
    lab.open(f"{LENET}&{said}")
    expect(current(lab)).to_be_visible()
    expect(lab.page.locator(".network-view")).to_be_hidden()


def test_an_explicit_stage_and_map_win(lab: Lab) -> None:
    lab.open(f"{LENET}&stage=1")
    expect(current(lab)).to_contain_text("Prepare")
    lab.open(f"{LENET}&stage=2&map=4")
    expect(current(lab)).to_contain_text("conv1")
    expect(lab.part("output-multiples").locator("[aria-pressed=true]")).to_have_attribute("data-map", "4")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_answer_stays_in_sight_while_the_strip_scrolls(lab: Lab, width: int, height: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.open(CIFAR_ANSWER)
    answer, strip = lab.part("answer"), lab.part("strip")
    for place in ("0", "1e6"):
        strip.evaluate(f"(host) => {{ host.scrollLeft = {place}; }}")
        assert lies_inside(answer, strip)
        assert lies_inside(stages(lab).first, strip)
    texts = answer.locator("span").all_inner_texts()
    assert len(texts) == 6
    assert texts[0] == "cat"
    assert all(re.fullmatch(r"[<>]? ?\d+(\.\d)? %", text) for text in texts[1::2])
    expect(answer).to_have_attribute("title", re.compile("not chances of being right"))


def test_the_answer_stands_in_the_page_before_scripts_run_and_follows_the_picture(lab: Lab) -> None:
    html = lab.page.request.get(f"{lab.url}/?{LENET}").text()
    assert re.search(r'data-part="answer"[^>]*aria-label="[^"]*3 &gt; 99.9 %', html)
    lab.open(LENET_ANSWER)
    expect(lab.part("answer").locator("span").first).to_have_text("3")
    lab.page.locator("[data-rail=image]").click()
    with lab.answers():
        lab.page.locator("[data-sample=digit-7]").click()
    expect(lab.part("answer").locator("span").first).to_have_text("7")


def test_a_click_on_the_answer_opens_softmax_at_the_winner(lab: Lab) -> None:
    lab.open(f"{LENET}&stage=2")
    lab.part("answer").click()
    expect(current(lab)).to_contain_text("Softmax")
    expect(lab.part("output-shape")).to_have_text("3")


def test_scores_without_softmax_have_an_answer_too_and_other_chains_none(lab: Lab) -> None:
    lab.open("image=horse&channels=rgb&layers=prepare:linear10~conv:linear10/fc1&stage=2")
    expect(lab.part("answer")).to_have_attribute("title", re.compile("Scores: the largest wins"))
    expect(lab.part("answer").locator("span").nth(1)).to_have_text(re.compile(r"^\+"))
    lab.open("size=8")
    expect(lab.part("answer")).to_be_hidden()


def test_a_block_opens_when_one_of_its_stages_is_chosen(lab: Lab) -> None:
    lab.open(f"{CIFAR}&stage=2")
    widths = "(all) => all.map((one) => one.getBoundingClientRect().width)"
    before = stages(lab).evaluate_all(widths)
    assert min(before[2:5]) > 60, "conv1, relu1 and pool1 are open"
    assert max(before[6:8]) < 40, "relu2 and pool2 are icons"
    stages(lab).nth(6).click()
    expect(stages(lab).nth(6)).to_have_attribute("aria-current", "step")
    after = stages(lab).evaluate_all(widths)
    assert min(after[5:8]) > 60
    assert max(after[3:5]) < 40
    assert lies_inside(stages(lab).nth(6), lab.part("strip"))
    assert max(width for width in after if width > 60) <= 112


def test_arrow_keys_walk_all_stages_and_the_chosen_one_is_in_view(lab: Lab) -> None:
    lab.open(f"{CIFAR}&stage=0")
    count = stages(lab).count()
    expect(lab.part("add-layer")).to_be_attached()
    stages(lab).first.focus()
    lab.page.keyboard.press("Shift+Tab")
    lab.page.keyboard.press("Tab")
    for index in range(1, count):
        lab.page.keyboard.press("ArrowRight")
        expect(stages(lab).nth(index)).to_be_focused()
        expect(stages(lab).nth(index)).to_have_attribute("aria-current", "step")
        assert lies_inside(stages(lab).nth(index), lab.part("strip"))
    lab.page.keyboard.press("Home")
    expect(stages(lab).first).to_be_focused()
    names = [stages(lab).nth(index).inner_text() for index in (7, 8)]
    assert "pool2" in stages(lab).nth(7).text_content(), names


def test_the_strip_says_at_which_end_there_is_more(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.open(CIFAR_ANSWER)
    expect(lab.part("strip")).to_have_attribute("data-more", re.compile("before"))
    lab.part("strip").evaluate("(host) => { host.scrollLeft = 0; }")
    expect(lab.part("strip")).to_have_attribute("data-more", re.compile("after"))


def test_the_receptive_field_lies_on_the_picture(lab: Lab) -> None:
    lab.open(f"{CIFAR}&stage=2&at=10,12")
    box = lab.part("strip").locator(".receptive rect")
    expect(box).to_have_attribute("width", "5")
    expect(box).to_have_attribute("x", "10")
    expect(box).to_have_attribute("y", "8")
    stages(lab).last.click()
    expect(box).to_have_attribute("width", "32")
    stages(lab).first.click()
    expect(lab.part("strip").locator(".receptive")).to_have_class(re.compile("unseen"))


def test_a_new_layer_is_chosen_and_a_new_network_opens_on_its_answer(lab: Lab) -> None:
    lab.open("size=8")
    for choice, name in (("[data-op=abs]", "Absolute value"), ("dialog [data-network=lenet5]", "Softmax")):
        lab.part("add-layer").click()
        with lab.answers():
            lab.page.locator(choice).click()
        expect(current(lab)).to_contain_text(name)
        assert lies_inside(current(lab), lab.part("strip"))


def test_a_picture_is_named_in_one_click_and_a_network_says_what_it_was_trained_on(lab: Lab) -> None:
    lab.open("image=digit-5")
    lab.page.locator("[data-rail=image]").click()
    expect(lab.page.locator("[data-image-tab=known]")).to_have_text("Objects & digits")
    with lab.answers():
        lab.part("networks").locator("[data-network=lenet5]").click()
    assert "image=digit-5" in lab.page.url
    expect(lab.part("answer").locator("span").first).to_have_text("5")
    assert lab.problems().strip() == ""
    with lab.answers():
        lab.part("networks").locator("[data-network=cifar10]").click()
    expect(lab.part("problems")).to_contain_text("was trained on other pictures")


def test_the_bars_of_many_channels_are_sorted_and_a_click_shows_the_channel(lab: Lab) -> None:
    lab.open(f"{CIFAR}&stage=5&at=5,5&beat=sum")
    bars = lab.part("bars").locator(".bar")
    expect(bars).to_have_count(9)
    texts = [text.replace("−", "-") for text in bars.locator(":scope > :last-child").all_inner_texts()]
    sizes = [abs(float(text)) for text in texts]
    assert sizes[:8] == sorted(sizes[:8], reverse=True)
    expect(bars.last).to_contain_text("24 more channels")
    assert bars.last.evaluate("(bar) => bar.tagName") == "DIV"
    expect(bars.nth(1)).to_have_attribute("aria-pressed", "false")
    name = bars.nth(1).locator("span").first.inner_text()
    bars.nth(1).click()
    expect(bars.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(lab.page.locator("table.of-input")).to_have_attribute("aria-label", re.compile(f"{name}$"))
    number = int(name.removeprefix("channel "))
    chosen = lab.part("input-multiples").locator("[aria-pressed=true]")
    expect(chosen).to_have_attribute("data-map", str(number))


def test_a_vector_is_a_list_of_values_without_a_map_of_one_cell(lab: Lab) -> None:
    lab.open(CIFAR_ANSWER)
    expect(lab.part("output-maps")).to_be_hidden()
    expect(lab.part("output-shape")).to_have_text("cat")
    names = lab.part("output-multiples").get_by_role("button").locator("span:first-child")
    assert names.evaluate_all("all => all.every((name) => name.scrollWidth <= name.clientWidth)")
