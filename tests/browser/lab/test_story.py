"""The story of the chain: a clicker tells it press by press, Play with a clock."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.deck import part, site
from tests.browser.lab_page import Lab

NUMBERS = "image=(3,1,0,2;0,5,1,1;2,0,4,1;1,2,0,9)&layers=conv:(1,0;0,-1)~relu~maxpool:2"


def press(lab: Lab, *keys: str) -> None:
    for key in keys:
        lab.page.keyboard.press(key)
    lab.rest()


def says(lab: Lab, text: str) -> None:
    expect(lab.part("says")).to_contain_text(text)


def counts(lab: Lab, text: str) -> None:
    expect(lab.part("count")).to_contain_text(text)


def test_page_down_tells_a_convolution_in_12_presses_and_goes_on_to_the_next_layer(lab: Lab):
    lab.open(NUMBERS)
    said = []
    for _ in range(12):
        press(lab, "PageDown")
        said.append([lab.text("says"), lab.text("count").split(", ")[1].splitlines()[0]])
    assert said[0] == ["4 numbers under the window, 4 weights in the filter.", "position 1 of 9"]
    assert said[2][0] == "All added up, and b = 0: −2. Where does it go?"
    assert said[6] == ["How often does it fit into a row? 3 times.", "position 3 of 9"]
    assert said[9] == ["The highest number, +1: here the picture looks most like the filter.", "position 5 of 9"]
    assert said[10] == ["The lowest number, −5: here it looks like the filter's negative.", "position 9 of 9"]
    assert said[11][0] == "This map is the input of the next layer: ReLU."
    press(lab, "PageDown")
    says(lab, "ReLU makes 0 of −5.")
    counts(lab, "relu 1/3")


def test_page_up_goes_the_same_way_back(lab: Lab):
    lab.open(NUMBERS)
    press(lab, *["PageDown"] * 13)
    counts(lab, "relu 1/3")
    press(lab, "PageUp")
    counts(lab, "conv 12/12")
    press(lab, "PageUp")
    counts(lab, "position 9 of 9")
    says(lab, "The lowest number, −5")


def test_every_cell_is_written_at_the_strongest_place_and_a_step_by_hand_ends_the_story(lab: Lab):
    lab.open(NUMBERS)
    press(lab, *["PageDown"] * 10)
    expect(lab.page.locator(".to-come")).to_be_hidden()
    press(lab, "ArrowLeft")
    counts(lab, "4 / 9")
    expect(lab.part("says")).not_to_contain_text("The highest number")


def test_back_to_a_place_before_the_story_shows_its_cells_to_come_as_empty(lab: Lab):
    lab.open(f"{NUMBERS}&at=0,1")
    expect(lab.page.locator(".to-come")).to_be_visible()
    lab.button("Random").click()
    lab.rest()
    press(lab, *["PageDown"] * 10)
    expect(lab.page.locator(".to-come")).to_be_hidden()
    lab.page.go_back()
    counts(lab, "2 / 9")
    expect(lab.page.locator(".to-come")).to_be_visible()


def test_a_link_names_a_press_and_opens_there(lab: Lab):
    lab.open(f"{NUMBERS}&story=10")
    counts(lab, "position 5 of 9")
    says(lab, "The highest number, +1")
    lab.eventually(lambda: "story=10" in lab.link)
    assert "at=" not in lab.link
    press(lab, "PageDown")
    lab.eventually(lambda: "story=11" in lab.link)


def test_the_presses_of_three_channels_and_four_filters_show_that_one_filter_makes_one_map(lab: Lab):
    lab.open("image=coffee&size=8&channels=rgb&layers=conv:random*4@3x3")
    press(lab, "PageDown")
    says(lab, "27 numbers under the window, in 3 channels, and 27 weights in the filter.")
    press(lab, *["PageDown"] * 9)
    says(lab, "Filter 2 has other weights, and a map of its own.")
    press(lab, "PageDown")
    says(lab, "4 filters, 4 maps: one filter, one map.")


def test_the_lines_count_all_zeros_and_all_values_and_one_weight_is_one(lab: Lab):
    lab.open("image=(0,0,1;0,0,1;0,-1,1)&layers=conv:(1)~relu&stage=2&story=3")
    says(lab, "66.7 % of them are 0 now.")
    lab.open("image=(0,0,1;0,0,1;0,-1,1)&layers=conv:(1)~relu&story=1")
    says(lab, "One number under the window, one weight in the filter.")
    lab.open("image=(1,2,3;4,5,6)&layers=flatten&story=2")
    says(lab, "all 6 numbers.")


def test_play_by_story_walks_through_the_presses_to_the_end_of_the_chain(lab: Lab):
    lab.page.clock.install()
    lab.open(NUMBERS)
    lab.button("Play").click()
    lab.page.clock.run_for(700)
    counts(lab, "conv 1/12")
    lab.page.clock.run_for(3_000)
    counts(lab, "conv 3/12")
    lab.page.clock.run_for(40_000)
    counts(lab, "maxpool 2/2")
    expect(lab.button("Play")).to_be_visible()


def test_play_by_story_says_that_it_goes_faster_while_a_row_and_the_map_fill(lab: Lab):
    lab.page.clock.install()
    lab.open("image=coffee&size=64&layers=conv:sobel-x")
    lab.button("Play").click()
    heard: list[str] = []
    for _ in range(60):
        lab.page.clock.run_for(400)
        text = lab.part("says").text_content() or ""
        if not heard or heard[-1] != text:
            heard.append(text)
    assert heard.count("The first cells in detail, then faster.") == 2
    assert not any("position is shown" in text for text in heard)


@pytest.mark.parametrize(
    ("query", "own"),
    [("", []), ("&clicker=story", ["conv 1/12", "conv 2/12"]), ("&stops=0,0;0,1;1,1", ["2 / 3", "3 / 3"])],
)
def test_an_embed_hands_page_down_to_the_deck_unless_its_link_asks_for_it(
    page: Page, base_url: str, query: str, own: list[str]
):
    listen = (
        "<script>calls = []; onmessage = ({data}) => { if (String(data).includes('next')) calls.push(data); }</script>"
    )
    frame = f'<iframe src="{base_url}/embed?{NUMBERS}{query}" width="960" height="540"></iframe>'
    with site(f"<!doctype html>{listen}{frame}") as url:
        page.goto(url)
        inside = page.frame_locator("iframe")
        expect(part(inside, "count")).to_contain_text(" of ")
        inside.locator("main").click(position={"x": 3, "y": 3})
        for text in own:
            page.keyboard.press("PageDown")
            expect(part(inside, "count")).to_contain_text(text)
        assert page.evaluate("calls.length") == 0
        if query != "&clicker=story":
            page.keyboard.press("PageDown")
            page.wait_for_function("calls.length === 1")
