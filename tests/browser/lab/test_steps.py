"""Steps: the numbers shown add up; beats, keys, the transport, playing with a clock that the test controls."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import MINUS, Lab, number

ADDING = [
    "",
    "layers=conv:sobel-y,bias=-7&at=3,4",
    "layers=conv:box-blur,padding=same&at=0,0",
    "layers=conv:gaussian,stride=2&at=7,7&image=coffee",
    "layers=conv:(1/2,0.25;-1,3)&at=2,2",
    "image=(7,2,3;4,5,6;7,8,9)&layers=conv:(1,0,-1;1,0,-1;1,0,-1),padding=1,padding_mode=circular,bias=2&at=0,2",
]


@pytest.mark.parametrize("query", ADDING)
def test_the_terms_shown_add_up_to_the_result_shown(lab: Lab, query: str) -> None:
    lab.open(f"{query}&beat=write")
    window, weights = lab.table("Window of the input"), lab.table("Filter")
    products = lab.table("Products")
    for shown, values, factors in zip(products, window, weights, strict=True):
        assert shown == pytest.approx([value * factor for value, factor in zip(values, factors, strict=True)])
    words = lab.text("result-before")
    total = sum(map(sum, products))
    divisor = number(found[1]) if (found := re.search(r"÷ (\d+)", words)) else 1
    bias_match = re.search(rf"([+{MINUS}]) bias (\S+)", words)
    bias = number(f"{bias_match[1]}{bias_match[2]}") if bias_match else 0
    assert lab.result() == pytest.approx(total / divisor + bias, rel=5e-4)
    if divisor != 1:
        assert f" {total:.0f} ÷".replace("-", MINUS) in words, "summed first, divided last"


def test_several_channels_add_up_channel_by_channel(lab: Lab) -> None:
    lab.open("channels=rgb&layers=conv:edges,groups=1,bias=5&at=4,9&beat=write")
    sums = [sum(map(sum, lab.table(f"Products, {channel}"))) for channel in "RGB"]
    shown = lab.part("terms").locator(":scope > span.mono").all_inner_texts()
    assert [number(text) for text in shown] == sums
    assert lab.result() == sum(sums) + 5
    written = lab.text("result-before").replace(MINUS, "-").removesuffix(" =")
    assert eval(written) == lab.result()
    assert written.endswith(" + 5")
    beats = lab.part("beats").get_by_role("button")
    assert beats.all_inner_texts() == ["window", "R", "G", "B", "sum", "bias", "write"]
    lab.open("layers=conv:random*2@3x3~conv:random*1@3x3&stage=2")
    assert beats.all_inner_texts() == ["window", "channel 0", "1", "sum", "bias", "write"]


def test_many_channels_have_one_bar_each_and_share_one_after_eight(lab: Lab) -> None:
    lab.open("layers=conv:random*10@3x3,seed=3~conv:random*1@3x3&stage=2&beat=write")
    bars = lab.part("bars").locator(".bar > :last-child").all_inner_texts()
    assert len(bars) == 9
    assert "2 more channels" in lab.text("bars")
    assert lab.result() == sum(map(number, bars))


def test_the_bar_of_a_channel_has_its_sum_from_its_own_beat_on(lab: Lab) -> None:
    lab.open("image=coffee&channels=rgb&layers=conv:random*1@5x5,groups=1,seed=7&at=3,3&beat=window")
    bars = lab.part("bars").locator(".bar > :last-child")
    assert bars.all_inner_texts() == ["?"] * 3
    for known in (1, 2, 3):
        lab.page.keyboard.press("Shift+ArrowRight")
        expect(bars.filter(has_text="?")).to_have_count(3 - known)


def test_max_pooling_marks_the_largest_cell(lab: Lab) -> None:
    lab.open("image=(1,2;9,4)&layers=maxpool:2&beat=write")
    assert lab.result() == 9
    assert lab.part("terms").locator("td.chosen").all_inner_texts() == ["9"]
    expect(lab.part("result-before")).to_have_text("the largest of 4")


def test_space_steps_by_beat_and_the_result_is_a_question_mark_until_the_sum(lab: Lab) -> None:
    lab.open("at=0,0&beat=window")
    products = lab.page.locator("table[aria-label=Products]")
    assert lab.text("result-value") == "?"
    expect(products).to_have_class(re.compile("waiting"))
    lab.page.keyboard.press("Space")
    expect(products).not_to_have_class(re.compile("waiting"))
    assert lab.text("result-value") == "?"
    lab.page.keyboard.press("Space")
    result = lab.text("result-value")
    assert re.fullmatch(rf"[+{MINUS}]?\d+", result)
    lab.page.keyboard.press("Space")
    expect(lab.part("beats").locator("[aria-current=step]")).to_have_text("write")
    lab.page.keyboard.press("Space")
    expect(lab.part("count")).to_contain_text("position 2 of 900")
    assert lab.text("result-value") == "?"


def test_every_key_in_the_help_works(lab: Lab) -> None:
    lab.open("at=3,4")
    press = lab.page.keyboard.press
    here = 3 * 30 + 4 + 1

    def at(position: int) -> None:
        expect(lab.part("count")).to_contain_text(f"position {position} of 900")

    for key, position in [
        ("ArrowRight", here + 1),
        ("ArrowLeft", here),
        ("ArrowDown", here + 30),
        ("ArrowUp", here),
        ("End", 900),
        ("Home", 1),
    ]:
        press(key)
        at(position)
    for key, beat in [("Shift+ArrowRight", "products"), ("Shift+ArrowDown", "sum"), ("Shift+ArrowLeft", "products")]:
        press(key)
        expect(lab.part("beats").locator("[aria-current=step]")).to_have_text(beat)
    press("]")
    expect(lab.part("strip").locator("[aria-current=step]")).to_contain_text("ReLU")
    press("[")
    expect(lab.part("strip").locator("[aria-current=step]")).to_contain_text("Convolution")
    press("+")
    expect(lab.part("tempo")).to_have_value("2")
    press("-")
    press("-")
    expect(lab.part("tempo")).to_have_value("0.5")
    press("?")
    expect(lab.page.get_by_role("dialog", name="Help")).to_be_visible()
    press("Escape")
    expect(lab.page.get_by_role("dialog", name="Help")).to_have_count(0)


def test_single_character_keys_can_be_switched_off_permanently(lab: Lab) -> None:
    lab.open()
    lab.button("Help").click()
    lab.page.get_by_label("Use single characters as keys").uncheck()
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("+")
    lab.page.keyboard.press("?")
    expect(lab.part("tempo")).to_have_value("1")
    expect(lab.page.get_by_role("dialog")).to_have_count(0)
    lab.page.reload()
    lab.ready()
    lab.page.keyboard.press("]")
    lab.page.keyboard.press("Home")
    expect(lab.part("strip").locator("[aria-current=step]")).to_contain_text("Convolution")
    expect(lab.part("count")).to_contain_text("position 1 of 900")


def test_keys_in_fields_dialogs_and_the_browser_keep_their_meaning(lab: Lab) -> None:
    lab.open("at=3,4")
    lab.button("Edit").click()
    before = lab.position()
    lab.key("filter-0-0-0").focus()
    for key in ("ArrowRight", "ArrowDown", "Home", "+", "]"):
        lab.page.keyboard.press(key)
    lab.part("tempo").focus()
    lab.page.keyboard.press("ArrowDown")
    lab.button("All filters").click()
    expect(lab.page.get_by_role("dialog")).to_be_visible()
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("Control+ArrowRight")
    assert lab.position() == before
    lab.key("filters-more").focus()
    while lab.page.evaluate("document.activeElement.dataset.key") != "stride-more":
        lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Space")
    lab.says("stride=2")


def test_the_transport_steps_scrubs_and_shows_the_position(lab: Lab) -> None:
    lab.open("at=3,4")
    for name, position in [
        ("First position", 1),
        ("One position on", 2),
        ("One position back", 1),
        ("Last position", 900),
    ]:
        lab.button(name).click()
        expect(lab.part("count")).to_contain_text(f"position {position} of 900")
    lab.part("scrub").fill("44")
    expect(lab.part("count")).to_contain_text("position 45 of 900")
    lab.says("at=1,14")
    lab.part("beats").get_by_role("button", name="products").click()
    lab.says("beat=products")


def lab_with_clock(lab: Lab, query: str) -> Lab:
    """A Lab whose clock moves only when the test moves it."""
    lab.page.clock.install(time=0)
    lab.open(query)
    lab.page.clock.pause_at(60_000)
    return lab


def advance(lab: Lab, seconds: float) -> None:
    lab.page.clock.run_for(int(seconds * 1000))


def test_story_mode_shows_two_positions_in_beats_then_the_row_then_all_rows_and_goes_on_to_the_next_layer(
    lab: Lab,
) -> None:
    lab_with_clock(lab, "at=0,0&beat=window")
    lab.button("Play").click()
    beat, count = lab.part("beats").locator("[aria-current=step]"), lab.part("count")
    advance(lab, 1.5)
    expect(beat).to_have_text("products")
    expect(lab.button("Pause")).to_be_visible()
    advance(lab, 5.6)
    expect(count).to_contain_text("conv 6/12, position 2 of 900")
    advance(lab, 13)
    expect(count).to_contain_text("conv 9/12, position 900 of 900")
    advance(lab, 6)
    expect(count).to_contain_text("relu 1/3")


def test_play_pauses_and_resumes_and_any_step_stops_it(lab: Lab) -> None:
    lab_with_clock(lab, "at=0,0&mode=finish")
    lab.page.keyboard.press("k")
    advance(lab, 1)
    lab.page.keyboard.press("Space")
    reached = lab.position()
    assert number(reached.split()[1]) > 50
    advance(lab, 2)
    assert lab.position() == reached
    lab.button("Play").click()
    advance(lab, 0.5)
    assert lab.position() != reached
    lab.page.keyboard.press("Home")
    advance(lab, 1)
    expect(lab.part("count")).to_contain_text("position 1 of 900")
    expect(lab.button("Play")).to_be_visible()


@pytest.mark.parametrize(("mode", "seconds", "position"), [("Step", 3, 1), ("Row", 4, 30), ("Finish", 5, 900)])
def test_play_moves_at_the_speed_of_its_mode(lab: Lab, mode: str, seconds: float, position: int) -> None:
    lab_with_clock(lab, "at=0,0&beat=window")
    lab.button(mode).click()
    expect(lab.button(mode)).to_have_attribute("aria-pressed", "true")
    lab.button("Play").click()
    advance(lab, seconds)
    expect(lab.part("count")).to_contain_text(f"position {position} of 900")
    expect(lab.button("Play")).to_be_visible()


def test_any_tempo_of_a_link_is_shown_and_faster_and_slower_start_from_it(lab: Lab) -> None:
    lab.open("tempo=3/2")
    expect(lab.part("tempo")).to_have_value("3/2")
    lab.page.keyboard.press("+")
    expect(lab.part("tempo")).to_have_value("2")
    lab.open("tempo=3/2")
    lab.page.keyboard.press("-")
    expect(lab.part("tempo")).to_have_value("1")
    lab.open("tempo=16")
    lab.page.keyboard.press("+")
    expect(lab.part("tempo")).to_have_value("16")


def test_the_tempo_can_be_changed_while_playing(lab: Lab) -> None:
    lab_with_clock(lab, "at=0,0&beat=window&mode=step")
    lab.part("tempo").select_option("8")
    lab.button("Play").click()
    advance(lab, 0.3)
    expect(lab.part("beats").locator("[aria-current=step]")).to_have_text("write")
    expect(lab.button("Play")).to_be_visible()


def test_a_large_figure_tells_that_it_shows_every_nth_position(lab: Lab) -> None:
    lab_with_clock(lab, "size=64&at=0,0&mode=finish")
    lab.button("Play").click()
    advance(lab, 1)
    expect(lab.part("says")).to_contain_text(re.compile(r"every \d+\w\w position is shown"))


def test_the_live_region_announces_every_step_by_hand_and_few_while_playing(lab: Lab) -> None:
    lab_with_clock(lab, "at=0,0&mode=finish&tempo=0.5")
    lab.page.keyboard.press("ArrowRight")
    assert re.match(r"row 0, column 1, .+", lab.part("live").text_content() or "")
    lab.page.keyboard.press("k")
    announcements = set()
    for _ in range(14):
        advance(lab, 0.5)
        announcements.add(lab.part("live").text_content())
    assert 1 < len(announcements) <= 3, "at most once in 5 s"


STOPS = "stops=2,1;0,0;99,99"
"""The last stop is outside of the map: it is the last cell of a map of 30 by 30."""


def test_steps_go_from_stop_to_stop_if_the_link_has_stops(lab: Lab) -> None:
    lab.open(f"{STOPS}&beat=window")
    assert "29,29" in lab.problems(), "reported once, by the server"
    count = lab.part("count")
    expect(count).to_contain_text("stop 1 of 3")
    for key, says, place in [
        ("ArrowRight", "stop 2 of 3", [0, 0]),
        ("ArrowRight", "stop 3 of 3", [29, 29]),
        ("ArrowRight", "stop 3 of 3", [29, 29]),
        ("Home", "stop 1 of 3", [2, 1]),
        ("ArrowDown", "position 92 of 900", [3, 1]),
        ("ArrowLeft", "stop 1 of 3", [2, 1]),
    ]:
        lab.page.keyboard.press(key)
        expect(count).to_contain_text(says)
        lab.says("at={},{}".format(*place))
    lab.page.keyboard.press("Space")
    expect(lab.part("beats").locator("[aria-current=step]")).to_have_text("products")
    expect(count).to_contain_text("stop 1 of 3")
    lab.part("scrub").fill("1")
    lab.says("at=0,0", "stops=2,1;0,0;99,99")
    lab.stage("Max pool")
    expect(count).to_contain_text("stop 1 of 3")
    lab.page.keyboard.press("End")
    lab.says("at=14,14")


def test_play_goes_from_stop_to_stop_and_loops_until_paused(lab: Lab) -> None:
    lab_with_clock(lab, "stops=2,1;0,0&loop=1&beat=window")
    lab.button("Play").click()
    advance(lab, 4.3)
    expect(lab.part("count")).to_contain_text("stop 2 of 2")
    expect(lab.part("beats").locator("[aria-current=step]")).to_have_text("write")
    expect(lab.button("Pause")).to_be_visible()
    advance(lab, 1.7)
    expect(lab.part("count")).to_contain_text("stop 1 of 2")
    lab.button("Pause").click()
    advance(lab, 9)
    expect(lab.part("count")).to_contain_text("stop 1 of 2")
    expect(lab.button("Play")).to_be_visible()


@pytest.mark.parametrize(
    ("tab", "words"),
    [("Equation", "="), ("Neuron", "+ b"), ("Matrix", "900 × 1024"), ("Code", "F.conv2d")],
)
def test_each_tab_opens_below_follows_the_step_and_closes(lab: Lab, tab: str, words: str) -> None:
    lab.open("at=4,4&beat=write")
    button = lab.part("tabs").get_by_role("button", name=tab)
    button.click()
    expect(lab.part("panel")).to_contain_text(words)
    before = lab.part("panel").inner_html()
    lab.says(f"tab={tab.lower()}")
    lab.page.keyboard.press("ArrowDown")
    lab.until("document.querySelector('[data-part=panel]').innerHTML !== given", before)
    button.click()
    expect(lab.part("panel")).to_be_hidden()
    lab.drops("tab=")


def test_play_leaves_the_address_when_playing_has_stopped(lab: Lab) -> None:
    """By its end or by hand; the link that is copied then does not start again."""
    lab.open("image=(1,2,3)&layers=conv:(1,1)&mode=finish&tempo=8&play=1")
    lab.drops("play=")
    lab.says("at=0,1")
    lab.open("image=coffee&layers=conv:sobel-x&mode=steady&play=1")
    lab.until("document.querySelector('.play').dataset.playing === 'true'")
    lab.page.keyboard.press("k")
    lab.drops("play=")
    assert "mode=steady" in lab.page.url


@pytest.mark.parametrize(
    "query",
    [
        "image=coffee&layers=conv:sobel-x,bias=5&at=8,5",
        "image=coffee&channels=rgb&layers=conv:random*2@3x3,seed=1,bias=3&at=13,5",
        "image=coffee&channels=rgb&size=128&layers=conv:random*2@3x3,seed=1,bias=3&at=100,5",
        "image=cat&channels=rgb&layers=model:linear10&stage=3",
    ],
)
@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
def test_all_beats_of_a_step_are_whole(devices: Devices, query: str, size: tuple[int, int]) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]}).open(query).rest()
    bar, chips = lab.part("beats").bounding_box(), lab.part("beats").get_by_role("button").all()
    assert bar
    for chip in chips:
        box = chip.bounding_box()
        assert box
        assert bar["x"] - 1 <= box["x"]
        assert box["x"] + box["width"] <= bar["x"] + bar["width"] + 1
        assert box["width"] >= 24


def test_stops_take_the_place_of_a_story(lab: Lab) -> None:
    lab.open("image=coffee&layers=conv:sobel-x&story=3&stops=0,0;10,20")
    expect(lab.part("count")).to_contain_text("1 / 2")
    lab.page.keyboard.press("PageDown")
    lab.says("at=10,20")
    lab.drops("story=")
