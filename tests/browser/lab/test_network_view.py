"""The view “Network”: columns, what is drawn, wires, scores, presses, and the way into the figure and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults

CAT = "image=cat&channels=rgb&layers=model:cifar10"
DIGIT = "image=digit-3&size=28&layers=model:lenet5"
BRANCH = (
    "image=coffee&channels=rgb&size=24"
    "&layers=conv:random*4@3x3,padding=1~relu~conv:random*4@3x3,padding=1~add:2~relu~maxpool:2"
)
TITLES = ".network-title b"
SIZES = [(1440, 900), (1280, 720), (1920, 1080), (390, 844), (844, 390)]


def opened(lab: Lab, query: str, path: str = "/") -> Lab:
    lab.open(f"{query}&tab=network", path)
    expect(lab.page.locator(".network-view")).to_be_visible()
    return lab


def wires(lab: Lab) -> list[str]:
    """The classes of the wires that are drawn."""
    return [
        str(one.get_attribute("class")).removeprefix("network-wire ") for one in lab.page.locator(".network-wire").all()
    ]


def test_the_columns_are_the_layers_with_their_activations(lab: Lab) -> None:
    opened(lab, CAT)
    assert lab.page.locator(TITLES).all_text_contents() == [
        "picture, prepared",
        "conv1 + ReLU",
        "pool1",
        "conv2 + ReLU",
        "pool2",
        "conv3 + ReLU",
        "pool3",
        "flatten 1,024 → 10 → softmax",
    ]


def test_the_key_a_opens_the_network_and_closes_it(lab: Lab) -> None:
    lab.open(f"{DIGIT}&stage=14")
    lab.page.keyboard.press("a")
    expect(lab.page.locator(".network-view")).to_be_visible()
    assert "tab=network" in lab.page.url
    lab.page.keyboard.press("a")
    expect(lab.page.locator(".network-view")).to_be_hidden()


def test_the_bars_are_the_shares_of_the_trace_with_the_largest_first(lab: Lab) -> None:
    answer = lab.page.request.get(f"{lab.url}/api/trace?{CAT}&format=json").json()
    last = answer["stages"][-1]
    shares = sorted(zip([row[0][0] for row in last["output"]], last["classes"], strict=True), reverse=True)
    opened(lab, CAT)
    lines = lab.page.locator("button.network-score").all_text_contents()
    assert len(lines) == 10
    for (share, name), line in zip(shares, lines, strict=True):
        assert line.startswith(name)
        text = f"{100 * share:.1f} %" if share >= 0.0005 else "< 0.1 %"
        assert re.sub(r"[\s\u202f\u00a0]+", " ", line.removeprefix(name)) == text
    expect(lab.page.locator(".network-rule")).to_have_text("the network’s shares, not chances of being right")


def test_the_strongest_maps_are_drawn_and_the_chosen_one_with_them(lab: Lab) -> None:
    answer = lab.page.request.get(f"{lab.url}/api/trace?{CAT}&format=json").json()
    stage = answer["stages"][6]
    strength = [max(abs(value) for row in plane for value in row) for plane in stage["output"]]
    opened(lab, f"{CAT}&stage=6&map=3&at=8,9")
    drawn = [
        int(str(one.get_attribute("data-cells")).split(",")[1]) for one in lab.page.locator("[data-cells^='6,']").all()
    ]
    best = sorted(range(64), key=lambda map_: (-strength[map_], map_))[: len(drawn)]
    expected = best if 3 in best else [*best[:-1], 3]
    assert drawn == sorted(expected)
    assert len(drawn) < 64
    more = lab.page.locator("[data-key='more-6']")
    assert re.fullmatch(rf"{len(drawn)} (of|/) 64( drawn)?", more.text_content() or "")


def test_a_cell_has_colored_wires_a_map_gray_ones(lab: Lab) -> None:
    opened(lab, f"{CAT}&stage=6&map=3&at=8,9")
    assert set(wires(lab)) == {"plus", "minus"}
    expect(lab.page.locator(".network-field")).to_be_visible()
    expect(lab.part("network-says")).to_contain_text("It sees 14 × 14 px of the picture.")
    lab.page.locator("[data-cells^='6,']").nth(1).focus()
    assert set(wires(lab)) == {"gray"}
    expect(lab.part("network-says")).to_contain_text("One filter = all the wires into one map.")


def test_what_is_pointed_at_has_its_wires_at_once(lab: Lab) -> None:
    opened(lab, CAT)
    before = lab.page.locator(".network-wire").first.get_attribute("d")
    lab.page.locator("[data-cells^='9,']").first.hover()
    expect(lab.part("network-says")).to_contain_text("conv3 + ReLU")
    assert lab.page.locator(".network-wire").first.get_attribute("d") != before


def test_a_click_leads_into_the_figure_at_that_map_and_escape_back(lab: Lab) -> None:
    opened(lab, CAT)
    target = lab.page.locator("[data-cells^='6,']").nth(2)
    chosen = int(str(target.get_attribute("data-cells")).split(",")[1])
    target.click()
    expect(lab.page.locator(".network-view")).to_be_hidden()
    lab.rest()
    expect(lab.part("output-maps")).to_be_visible()
    assert f"map={chosen}" in lab.link
    assert "stage=6" in lab.link
    lab.page.keyboard.press("Escape")
    expect(lab.page.locator(".network-view")).to_be_visible()
    expect(lab.page.locator(f"[data-cells^='6,{chosen},'].is-chosen")).to_be_visible()


def test_escape_closes_what_was_opened_since_and_belongs_to_another_figure_no_more(lab: Lab) -> None:
    opened(lab, CAT)
    lab.page.locator("[data-cells^='6,']").nth(2).click()
    expect(lab.page.locator(".network-view")).to_be_hidden()
    lab.page.keyboard.press("e")
    expect(lab.page.locator(".equation-view, .panel").first).to_be_visible()
    lab.says("tab=equation")
    lab.page.keyboard.press("Escape")
    lab.drops("tab=")
    expect(lab.page.locator(".network-view")).to_be_hidden()
    lab.page.keyboard.press("Escape")
    expect(lab.page.locator(".network-view")).to_be_hidden()


def test_escape_releases_a_pinned_cell_before_it_leads_back(lab: Lab) -> None:
    opened(lab, CAT)
    lab.page.locator("[data-cells^='6,']").nth(2).click()
    expect(lab.page.locator(".network-view")).to_be_hidden()
    lab.rest()
    lab.part("output-maps").click(position={"x": 60, "y": 60})
    lab.says("pin=")
    lab.page.mouse.move(0, 0)  # no lens is open that Escape would close first
    lab.page.keyboard.press("Escape")
    lab.drops("pin=")
    expect(lab.page.locator(".network-view")).to_be_hidden()
    lab.page.evaluate("document.activeElement.blur()")  # nor one at the cell with the focus
    lab.page.keyboard.press("Escape")
    expect(lab.page.locator(".network-view")).to_be_visible()


def test_the_count_of_maps_leads_to_all_maps_of_the_layer(lab: Lab) -> None:
    opened(lab, f"{CAT}&stage=6&map=3")
    lab.page.locator("[data-key='more-6']").click()
    expect(lab.page.locator(".network-view")).to_be_hidden()
    assert "stage=6" in lab.link
    expect(lab.part("output-multiples")).to_be_visible()


def test_a_column_opens_into_its_steps_and_closes(lab: Lab) -> None:
    opened(lab, CAT)
    lab.page.locator("[data-key='open-2']").click()
    titles = lab.page.locator(TITLES)
    expect(titles.nth(2)).to_have_text("relu1")
    assert titles.all_text_contents()[1] == "conv1"
    lab.page.locator("[data-key='open-2']").click()
    expect(titles.nth(1)).to_have_text("conv1 + ReLU")


def test_the_presses_light_one_column_after_the_other_and_the_scores_last(lab: Lab) -> None:
    opened(lab, f"{CAT}&press=0")
    assert lab.page.locator(".network-map canvas").count() == 1  # the picture alone
    expect(lab.part("answer")).to_be_hidden()
    names = lab.page.locator("button.network-score > span:first-of-type").all_text_contents()
    for press in range(1, 8):
        assert "%" not in "".join(lab.page.locator(".network-score").all_text_contents())
        lab.part("press-on").click()
        expect(lab.part("presses")).to_contain_text(f"{press} of 7")
    expect(lab.page.locator(".network-score.is-first")).to_contain_text("cat")
    expect(lab.part("answer")).to_be_visible()
    after = lab.page.locator("button.network-score > span:first-of-type").all_text_contents()
    assert after == names == ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def test_play_sends_the_picture_through_layer_by_layer(lab: Lab) -> None:
    lab.page.clock.install()
    opened(lab, f"{DIGIT}&press=0")
    lab.page.keyboard.press("k")
    for _ in range(12):
        lab.page.clock.run_for(1000)
    expect(lab.page.locator(".network-score.is-first")).to_contain_text("3")
    expect(lab.part("presses")).to_contain_text("7 of 7")


def test_a_branch_has_a_line_around_the_layers_between(lab: Lab) -> None:
    opened(lab, f"{BRANCH}&stage=4")
    assert lab.page.locator(TITLES).all_text_contents()[1:] == [
        "Convolution + ReLU",
        "Convolution",
        "Add + ReLU",
        "Max pool 2 × 2",
    ]
    bent = [path for path in lab.page.locator(".network-rest").all() if str(path.get_attribute("d")).count("L") > 1]
    assert len(bent) == 4


@pytest.mark.parametrize("model", ["linear10", "mlp10"])
def test_templates_hang_beside_what_compares_the_picture_with_them(lab: Lab, model: str) -> None:
    opened(lab, f"image=cat&channels=rgb&layers=model:{model}")
    templates = lab.page.locator("canvas[data-template]")
    assert templates.count() == (10 if model == "linear10" else len(lab.page.locator(".network-map").all()) - 1)
    colors = templates.first.evaluate(
        "(canvas) => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size"
    )
    assert colors > 30


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("query", [CAT, DIGIT, BRANCH])
def test_nothing_runs_out_of_its_place(devices: Devices, query: str, width: int, height: int) -> None:
    lab = devices.lab(viewport={"width": width, "height": height})
    opened(lab, query)
    page = lab.page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = page.evaluate(
        """[...document.querySelectorAll('.network-view *')].filter((one) => one.children.length === 0 &&
           one.textContent.trim() && !one.closest('.unseen'))
           .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
    )
    assert min(sizes) >= 12
    out = page.evaluate(
        """() => { const stage = document.querySelector('.network-stage').getBoundingClientRect();
           return [...document.querySelectorAll('.network-map, .network-score, .network-title')].filter((one) => {
             const {left, right, top, bottom} = one.getBoundingClientRect();
             return left < stage.left - 2 || right > stage.right + 2 || bottom > stage.bottom + 2 ||
               top < stage.top - 2;
           }).map((one) => one.className + one.textContent); }"""
    )
    assert out == []
    assert faults(page) == []


def test_an_embed_has_the_network_and_presenting_reads_from_afar(lab: Lab) -> None:
    opened(lab, f"{CAT}&present=1")
    size = lab.page.locator(".network-score > span").first.evaluate(
        "(one) => parseFloat(getComputedStyle(one).fontSize)"
    )
    assert size >= lab.page.viewport_size["height"] / 40
    opened(lab, CAT, "/embed")
    expect(lab.page.locator(".network-score.is-first")).to_contain_text("cat")


def test_a_reader_of_the_screen_hears_layers_their_strongest_maps_and_the_scores(lab: Lab) -> None:
    opened(lab, CAT)
    items = lab.page.locator(".network-view > ol > li")
    assert items.count() == 8
    assert (items.nth(1).text_content() or "").startswith("conv1 + ReLU: 32 × 32 × 32")
    expect(items.nth(1).locator("li")).to_have_count(3)
    expect(items.nth(7).locator("li").first).to_have_text(re.compile("^cat: 94"))


def bars(lab: Lab) -> list[str]:
    return lab.page.locator("button.network-score > span:first-of-type").all_text_contents()


def test_a_link_that_plays_waits_for_the_code_of_the_view(lab: Lab) -> None:
    """Asked in a loop before that code was loaded, the page stood still."""
    lab.page.clock.install()
    opened(lab, f"{CAT}&play=1")
    for _ in range(10):
        lab.page.clock.run_for(1000)
    expect(lab.part("presses")).to_contain_text("7 of 7")
    expect(lab.page.locator(".network-score.is-first")).to_contain_text("cat")
    lab.page.keyboard.press("a")
    expect(lab.page.locator(".network-view")).to_be_hidden()


def test_a_network_without_layers_plays_what_is_shown(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=&tab=network&play=1")
    expect(lab.page.locator(".network-view")).to_be_visible()
    expect(lab.page.locator(".network-map")).to_have_count(1)
    assert lab.page.evaluate("1 + 1") == 2


def test_opening_the_network_stops_the_figure_and_leaving_it_stops_the_network(lab: Lab) -> None:
    lab.page.clock.install()
    lab.open(f"{CAT}&stage=2&mode=row")
    lab.page.keyboard.press("k")
    expect(lab.part("play")).to_have_attribute("aria-label", "Pause")
    lab.page.keyboard.press("a")
    expect(lab.page.locator(".network-view")).to_be_visible()
    expect(lab.part("play")).to_have_attribute("aria-label", "Play")
    lab.page.keyboard.press("k")
    expect(lab.part("play")).to_have_attribute("aria-label", "Pause")
    lab.page.keyboard.press("a")
    expect(lab.page.locator(".network-view")).to_be_hidden()
    expect(lab.part("play")).to_have_attribute("aria-label", "Play")


def test_a_clicker_ends_at_the_last_press(lab: Lab) -> None:
    opened(lab, f"{CAT}&press=6")
    lab.page.keyboard.press("PageDown")
    expect(lab.part("presses")).to_contain_text("7 of 7")
    lab.page.keyboard.press("PageDown")
    expect(lab.part("presses")).to_contain_text("7 of 7")
    lab.rest()
    assert "story=" not in lab.page.url


@pytest.mark.parametrize(
    ("stage", "said"),
    [("stage=12&map=3", "cat in fc1: "), ("stage=5&map=3&at=8,9", "Row 8, column 9 of map 3, conv2: "),
     ("stage=13&map=3", "cat in softmax: 94.4"), ("stage=11&map=3", "number 3 in Flatten: ")],
)  # fmt: skip
def test_what_is_said_names_the_stage_in_focus(lab: Lab, stage: str, said: str) -> None:
    opened(lab, f"{CAT}&{stage}")
    expect(lab.part("network-says").locator("p").first).to_contain_text(said)


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_link_presents_its_view_on_the_stage(lab: Lab, path: str) -> None:
    lab.open("image=coffee&size=20&layers=conv:sobel-x&tab=equation&present=1", path)
    expect(lab.page.locator(".equation-view, .panel").first).to_be_visible()
    height = lab.part("panel").evaluate("(panel) => panel.clientHeight")
    assert height > lab.page.viewport_size["height"] / 2
    expect(lab.page.locator(".enlarge")).to_be_hidden()


@pytest.mark.parametrize("present", ["", "&present=1"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_no_word_over_a_column_breaks_or_meets_another(devices: Devices, width: int, height: int, present: str) -> None:
    lab = devices.lab(viewport={"width": width, "height": height})
    long = "~".join(["conv:random*8@3x3,padding=1~relu~maxpool:2,stride=1"] * 8)
    for query in (CAT, f"image=coffee&size=24&layers={long}"):
        opened(lab, query + present)
        wide = lab.page.evaluate(
            """() => [...document.querySelectorAll('.network-title > *')]
                 .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"""
        )
        assert wide == []
        assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_thirty_stages_fit_beside_each_other(devices: Devices) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720})
    block = "conv:random*8@3x3,padding=1~relu"
    layers = "~".join([block, block, "maxpool:2", block, "maxpool:2", block, block, "maxpool:2", "linear:random*9"])
    opened(lab, f"image=coffee&size=64&layers={layers}")
    fits = lab.page.evaluate(
        """() => { const panel = document.querySelector('[data-part=panel]');
           return [panel.scrollWidth - panel.clientWidth, panel.scrollHeight - panel.clientHeight]; }"""
    )
    assert max(fits) <= 0


@pytest.mark.parametrize(("width", "height", "path"), [(1280, 720, "/"), (390, 844, "/"), (800, 600, "/embed")])
def test_nothing_moves_while_the_network_opens(devices: Devices, width: int, height: int, path: str) -> None:
    lab = devices.lab(viewport={"width": width, "height": height})
    lab.page.add_init_script(
        """window.moved = 0; new PerformanceObserver((list) => {
             for (const one of list.getEntries()) window.moved += one.value;
           }).observe({type: 'layout-shift', buffered: true});"""
    )
    opened(lab, CAT, path)
    lab.rest()
    assert lab.page.evaluate("window.moved") < 0.05


def test_on_a_phone_names_stand_before_wires_and_the_open_tab_is_in_sight(devices: Devices) -> None:
    lab = devices.lab(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    opened(lab, CAT)
    hidden = lab.page.evaluate(
        """() => [...document.querySelectorAll('.network-title')].filter((one) =>
             getComputedStyle(one).zIndex !== '1' || getComputedStyle(one).backgroundImage === 'none').length"""
    )
    assert hidden == 0
    assert "10 of 10" not in (lab.page.locator(".network-view").text_content() or "")
    tab = lab.page.locator("[data-tab='network']").bounding_box()
    assert tab is not None
    assert tab["x"] >= 0
    assert tab["x"] + tab["width"] <= 391
    lab.page.locator("[data-key='more-6']").tap()
    expect(lab.page.locator(".network-view")).to_be_hidden()
    expect(lab.part("output-multiples")).to_be_visible()
    lab.page.keyboard.press("Escape")
    expect(lab.page.locator(".network-view")).to_be_visible()


def test_the_count_of_maps_leads_there_by_keyboard_and_escape_back(lab: Lab) -> None:
    opened(lab, f"{CAT}&stage=6&map=3")
    lab.page.locator("[data-key='more-9']").focus()
    lab.page.keyboard.press("Enter")
    expect(lab.page.locator(".network-view")).to_be_hidden()
    lab.says("stage=9")
    lab.page.keyboard.press("Escape")
    expect(lab.page.locator(".network-view")).to_be_visible()


def test_a_picture_of_many_channels_has_a_few_wires(lab: Lab) -> None:
    opened(lab, "image=random*64@8x8,seed=1&layers=conv:random*2@3x3&stage=1&map=0")
    assert lab.page.locator(".network-wire").count() <= 9


def test_typed_numbers_have_their_bars_by_class(lab: Lab) -> None:
    opened(lab, CAT)
    assert bars(lab)[0] == "cat"
    rows = ";".join(",".join("1" if (row + col) % 9 == 0 else "0" for col in range(28)) for row in range(28))
    opened(lab, f"image=({rows})&layers=model:lenet5")
    assert bars(lab) == [str(digit) for digit in range(10)]


def test_letters_grow_with_the_room(devices: Devices) -> None:
    sizes = []
    for width, height in ((1280, 720), (1920, 1080)):
        lab = devices.lab(viewport={"width": width, "height": height})
        opened(lab, CAT)
        sizes.append(
            lab.page.locator(".network-title b")
            .first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
        )  # fmt: skip
    assert sizes[0] == 12
    assert 14 <= sizes[1] <= 16
