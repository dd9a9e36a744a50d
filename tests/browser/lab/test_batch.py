"""A stack of pictures: one is chosen with the mouse, keys and a finger, at the same place, and the link says which."""

from __future__ import annotations

import json

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from app.core.trace.wire import unpack
from tests.browser.lab_page import SECONDS, ImageLab, Lab, faults

ROW_56 = "image=coffee&batch=chelsea&channels=rgb&layers=conv:random*6@5x5,seed=1"
THREE = "image=coffee&batch=chelsea,astronaut&layers=conv:sobel-x~relu"
NAMES = ("coffee", "chelsea", "astronaut")
NETWORK = "image=cat&batch=ship,automobile&channels=rgb&layers=model:cifar10&stage=13"


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    return Lab(page, base_url)


def item(lab: Lab, index: int):
    return lab.page.locator(f'[data-item="{index}"]')


def count(lab: Lab):
    return lab.part("stack-count")


def number_of(base_url: str, name: str, at: tuple[int, int]) -> float:
    """A number of the figure with that picture alone."""
    data = httpx.get(
        f"{base_url}/api/trace?{THREE.replace('batch=chelsea,astronaut&', '').replace('coffee', name)}", timeout=SECONDS
    )
    return float(unpack(data.content)[0]["1.output"][(0, *at)])


def test_a_click_shows_another_picture_at_the_same_place_and_beat(lab: Lab, base_url: str) -> None:
    lab.open(f"{THREE}&at=7,9&beat=write")
    expect(count(lab)).to_have_text("picture 1 of 3")
    for index in (2, 1):
        item(lab, index).click()
        lab.says(f"item={index}", "at=7,9", "beat=write")
        expect(count(lab)).to_have_text(f"picture {index + 1} of 3")
        expect(item(lab, index)).to_have_attribute("aria-checked", "true")
        expect(lab.part("input-title")).to_have_text(f"Input, picture {index + 1} of 3")
        lab.eventually(lambda index=index: lab.result() == number_of(base_url, NAMES[index], (7, 9)))


def test_a_place_that_the_link_does_not_name_stays_too(lab: Lab) -> None:
    lab.open(THREE)
    place = lab.part("count").inner_text()
    item(lab, 1).click()
    lab.says("item=1", "at=")
    expect(lab.part("count")).to_have_text(place, use_inner_text=True)


def test_keys_walk_through_the_pictures_and_back(lab: Lab) -> None:
    lab.open(f"{THREE}&at=3,4&stage=2")
    for wanted in (2, 3, 1):
        lab.page.keyboard.press("i")
        expect(count(lab)).to_have_text(f"picture {wanted} of 3")
    lab.page.keyboard.press("Shift+I")
    expect(count(lab)).to_have_text("picture 3 of 3")
    lab.says("item=2", "at=3,4", "stage=2")


def test_arrows_in_the_row_choose_and_keep_the_focus(lab: Lab) -> None:
    lab.open(THREE)
    expect(count(lab)).to_be_visible()
    item(lab, 0).focus()
    lab.page.keyboard.press("ArrowRight")
    expect(count(lab)).to_have_text("picture 2 of 3")
    expect(item(lab, 1)).to_be_focused()
    lab.page.keyboard.press("End")
    expect(count(lab)).to_have_text("picture 3 of 3")
    lab.page.keyboard.press("Home")
    expect(count(lab)).to_have_text("picture 1 of 3")
    expect(item(lab, 0)).to_be_focused()


def test_the_letter_writes_where_a_field_has_the_focus_and_walks_nowhere(lab: Lab) -> None:
    lab.open(THREE)
    field = lab.page.locator("#side input").first
    field.focus()
    lab.page.keyboard.press("i")
    lab.rest()
    expect(count(lab)).to_have_text("picture 1 of 3")


def test_back_takes_the_choice_back_and_a_link_opens_with_it(lab: Lab) -> None:
    lab.open(THREE)
    item(lab, 2).click()
    lab.says("item=2")
    lab.rest()
    expect(count(lab)).to_have_text("picture 3 of 3")
    lab.page.reload()
    lab.ready()
    expect(count(lab)).to_have_text("picture 3 of 3")
    lab.page.go_back()
    lab.drops("item=")
    expect(count(lab)).to_have_text("picture 1 of 3")


def test_only_the_picture_in_view_is_asked_for(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url))
    lab.open(f"{THREE}&size=96").rest()
    traces = [url for url in asked if "/api/trace" in url]
    assert traces
    assert not [url for url in traces if "item=" in url]
    item(lab, 1).click()
    expect(count(lab)).to_have_text("picture 2 of 3")
    more = [url for url in asked if "/api/trace" in url][len(traces) :]
    assert more
    assert all("item" in url for url in more)


def test_the_row_says_the_shape_of_the_stack_and_that_the_weights_do_not_grow(lab: Lab) -> None:
    lab.open(ROW_56)
    expect(lab.part("stack-shape")).to_have_text(
        "2 × 6 × 28 × 28: one stack of maps for each picture, the same weights. 456 parameters, as for one picture; "
        "2 × 352,800 = 705,600 multiply-adds."
    )
    lab.stage("Input")
    expect(lab.part("stack-shape")).to_have_text("2 × 3 × 32 × 32: 2 pictures, all cut alike.")


def test_shapes_are_written_in_the_order_that_display_says(lab: Lab) -> None:
    lab.open(ROW_56)
    expect(lab.part("output-shape")).to_have_text("28 × 28")
    lab.page.goto(f"{lab.url}/?{ROW_56}&shapes=hwc")
    lab.ready()
    expect(lab.part("output-shape")).to_have_text("2 × 28 × 28 × 6")
    expect(lab.part("input-shape")).to_have_text("2 × 32 × 32 × 3")
    expect(lab.page.locator(".strip .stage small").nth(1)).to_have_text("2×28×28×6")
    lab.page.goto(f"{lab.url}/?{ROW_56.replace('batch=chelsea&', '')}&shapes=chw")
    lab.ready()
    expect(lab.part("output-shape")).to_have_text("6 × 28 × 28")


def test_each_picture_has_its_own_answer(lab: Lab) -> None:
    lab.open(NETWORK)
    answer = lab.part("answer")
    expect(answer).to_contain_text("cat")
    for index, name in ((1, "ship"), (2, "automobile")):
        item(lab, index).click()
        expect(answer.locator("span").first).to_have_text(name)
        expect(lab.part("output-shape")).to_have_text(name)


def test_playing_goes_on_in_the_picture_that_is_chosen(lab: Lab) -> None:
    lab.open(f"{THREE}&mode=steady&tempo=4&at=0,0")
    lab.part("play").click()
    scrub = lab.part("scrub")
    expect(scrub).not_to_have_value("0")
    item(lab, 1).click()
    expect(count(lab)).to_have_text("picture 2 of 3")
    before = int(scrub.input_value())
    assert before > 0
    lab.eventually(lambda: int(scrub.input_value()) > before)
    lab.part("play").click()


def test_a_picture_is_added_chosen_and_taken_out_and_back_takes_that_back(page: Page, base_url: str) -> None:
    lab = ImageLab(page, base_url)
    lab.open("image=coffee&layers=conv:sobel-x")
    expect(page.locator("[data-part=stack]")).to_have_count(0)
    lab.key("add-picture").click()
    lab.says("batch=", "item=1")
    expect(count(lab)).to_have_text("picture 2 of 2")
    page.locator('[data-sample="rocket"]').click()
    lab.says("image=coffee", "batch=rocket", "item=1")
    lab.rest()
    lab.key("remove-picture").click()
    lab.drops("batch=")
    expect(page.locator("[data-part=stack]")).to_be_hidden()
    page.go_back()
    lab.says("batch=rocket")
    expect(count(lab)).to_have_text("picture 2 of 2")


def test_typed_numbers_are_changed_in_the_picture_in_view(page: Page, base_url: str) -> None:
    lab = ImageLab(page, base_url)
    lab.open("image=(1,2;3,4)&batch=(5,6;7,8)&item=1&layers=conv:(1)&stage=0")
    field = page.get_by_label("Image, row 0, column 0")
    expect(field).to_have_value("5")
    field.fill("9")
    field.press("Enter")
    lab.says("image=(1,2;3,4)", "batch=(9,6;7,8)", "item=1")


def test_a_picture_that_does_not_fit_is_refused_with_its_name_and_shapes(page: Page, base_url: str) -> None:
    lab = ImageLab(page, base_url)
    lab.open("image=coffee&batch=chelsea,(1,2;3,4)&layers=")
    assert "Your numbers gives 1 × 2 × 2, and Coffee gives 1 × 32 × 32" in lab.problems()
    lab.says("batch=chelsea")


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_the_first_paint_is_that_of_the_item(page: Page, base_url: str, path: str) -> None:
    alone = httpx.get(
        f"{base_url}{path}?image=chelsea&channels=rgb&layers=conv:random*6@5x5,seed=1", timeout=SECONDS
    ).text
    stacked = httpx.get(f"{base_url}{path}?{ROW_56}&item=1", timeout=SECONDS).text
    picture = alone.split('data-part="input-maps"')[1].split('<image href="')[1].split('"')[0]
    assert picture in stacked
    assert "picture 2 of 2" in stacked
    assert 'data-item="1" aria-checked="true"' in stacked
    assert "data-stack" not in alone


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (390, 844)])
def test_a_figure_without_a_stack_has_the_size_that_it_had(page: Page, base_url: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    lab = Lab(page, base_url)
    lab.open("image=coffee&layers=conv:sobel-x~relu").rest()
    expect(page.locator("[data-part=stack]")).to_have_count(0)
    before = page.locator("[data-part=figure-area]").bounding_box()
    lab.open(THREE)
    expect(count(lab)).to_be_visible()
    lab.open("image=coffee&layers=conv:sobel-x~relu").rest()
    assert page.locator("[data-part=figure-area]").bounding_box() == before


@pytest.mark.parametrize(("width", "height"), [(390, 844), (844, 390)])
def test_a_finger_chooses_a_picture_on_a_phone(devices, width: int, height: int) -> None:
    lab = devices.phone(viewport={"width": width, "height": height}).open(THREE)
    expect(count(lab)).to_be_visible()
    box = item(lab, 2).bounding_box()
    assert min(box["width"], box["height"]) >= 24
    item(lab, 2).tap()
    expect(count(lab)).to_have_text("picture 3 of 3")
    assert lab.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_row(page: Page, base_url: str, theme: str) -> None:
    lab = Lab(page, base_url)
    lab.open(f"{ROW_56}&theme={theme}")
    expect(count(lab)).to_be_visible()
    lab.rest()
    assert faults(page) == []


def test_an_embed_has_the_row_and_tells_its_page(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/embed?{THREE}&at=2,3&beat=write")
    page.locator(".maps.live").first.wait_for()
    page.locator('[data-item="1"]').click()
    expect(page.locator("[data-part=stack-count]")).to_have_text("picture 2 of 3")
    result = page.locator("[data-part=result-value]")
    expected = number_of(base_url, "chelsea", (2, 3))
    expect(result).to_have_text(f"{'−' if expected < 0 else '+' if expected > 0 else ''}{abs(expected):g}")


@pytest.mark.parametrize(("button", "count"), [('[data-item="2"]', 3), ('[data-part="stack"] > .icon >> nth=1', 2)])
def test_a_click_before_the_code_of_the_row_is_here_is_done_once(lab: Lab, button: str, count: int) -> None:
    waiting: list[Route] = []
    lab.page.route("**/stack-row.js", lambda route: waiting.append(route))
    with lab.page.expect_request("**/stack-row.js"):
        lab.page.goto(f"{lab.url}/?{THREE}")
    lab.page.locator(button).click()
    for route in waiting:
        route.continue_()
    expect(lab.page.locator("[data-part=stack-count]")).to_have_text(f"picture {count} of 3")


def test_a_file_has_all_pictures_without_a_network(page: Page, base_url: str, tmp_path, context) -> None:
    file = tmp_path / "stack.html"
    file.write_bytes(httpx.get(f"{base_url}/api/export/html?{THREE}&item=1&at=2,3&beat=write", timeout=SECONDS).content)
    context.set_offline(True)
    page.goto(file.as_uri())
    page.locator(".maps.live").first.wait_for()
    said = page.locator("[data-part=stack-count]")
    expect(said).to_have_text("picture 2 of 3")
    result = page.locator("[data-part=result-value]")
    for index in (2, 0, 1):
        page.locator(f'[data-item="{index}"]').click()
        expect(said).to_have_text(f"picture {index + 1} of 3")
        expected = number_of(base_url, NAMES[index], (2, 3))
        expect(result).to_have_text(f"{'−' if expected < 0 else '+' if expected > 0 else ''}{abs(expected):g}")
    sources = page.locator("[data-item] img").evaluate_all("(images) => images.map(({ src }) => src.slice(0, 15))")
    assert sources == ["data:image/png;"] * 3


def test_the_program_stacks_the_pictures(lab: Lab) -> None:
    lab.open(f"{ROW_56}&item=1&tab=code&program=chain")
    program = lab.page.locator(".program pre")
    expect(program).to_contain_text("pictures = [")
    text = program.inner_text()
    assert "x = torch.stack(" in text
    assert "2 × 3 × 32 × 32: pictures, channels, rows, columns" in text
    assert "y1 = F.conv2d(x, weight1, bias1)  # 2 × 6 × 28 × 28" in text
    links = [line.split('"')[1] for line in text.splitlines() if line.strip().startswith("load(urlopen(")]
    assert len(links) == 2
    arrays = [unpack(httpx.get(link, timeout=SECONDS).content)[0] for link in links]
    shapes = [array["0.output"].shape for array in arrays]
    assert shapes == [(3, 32, 32)] * 2
    assert not np.array_equal(arrays[0]["0.output"], arrays[1]["0.output"])


def test_the_scene_in_the_trace_of_the_page_has_the_stack(lab: Lab) -> None:
    lab.open(f"{THREE}&item=2")
    scene = lab.scene()
    assert (scene["item"], json.dumps(scene["batch"])) == (2, '[{"sample": "chelsea"}, {"sample": "astronaut"}]')
