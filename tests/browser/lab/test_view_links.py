"""Views and the figure, linked both ways, over random scenes: numbers against loops, clicks, keys and weights."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

import pytest
from playwright.sync_api import Locator, expect

from tests import oracle
from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults, number

SEEDS = range(5)


@dataclass(frozen=True, slots=True)
class Scene:
    """A convolution whose numbers are typed, and one of its cells; `maps` is what loops make of it."""

    link: str
    channels: int
    side: int
    map: int
    row: int
    col: int
    maps: list[list[list[float]]]

    @property
    def value(self) -> float:
        return self.maps[self.map][self.row][self.col]


def make_scene(seed: int) -> Scene:
    random = Random(seed)
    channels, side, count = random.choice((1, 3)), random.choice((1, 2, 3)), random.choice((1, 2, 5))
    rows, columns = random.randrange(side + 1, 7), random.randrange(side + 1, 7)
    stride, padding = random.choice((1, 2)), random.choice((0, 1)) if side > 1 else 0

    def planes(number: int, high: int, wide: int, most: int) -> list[list[list[int]]]:
        return [[[random.randint(-most, most) for _ in range(wide)] for _ in range(high)] for _ in range(number)]

    picture = planes(channels, rows, columns, 9)
    filters = [planes(channels, side, side, 4) for _ in range(count)]
    bias = [random.randint(-9, 9) for _ in range(count)]
    maps = oracle.conv2d(picture, filters, bias, stride=(stride, stride), padding=(padding,) * 4)
    shown = (random.randrange(count), random.randrange(len(maps[0])), random.randrange(len(maps[0][0])))
    link = (
        f"image={written(picture)}&layers=conv:{';'.join(map(written, filters))}"
        f",groups=1,stride={stride},padding={padding},bias=({','.join(map(str, bias))})"
        f"&map={shown[0]}&at={shown[1]},{shown[2]}&beat=write"
    )
    return Scene(link, channels, side, *shown, maps)


def written(planes: list[list[list[int]]]) -> str:
    return "".join(f"({';'.join(','.join(map(str, row)) for row in plane)})" for plane in planes)


@pytest.fixture(params=SEEDS)
def scene(request: pytest.FixtureRequest) -> Scene:
    return make_scene(request.param)


def wide(lab: Lab) -> Lab:
    lab.page.set_viewport_size({"width": 1440, "height": 900})
    return lab


def places(lab: Lab, selector: str) -> Locator:
    return lab.rest().part("panel").locator(f"{selector} [data-go]")


# --- numbers --------------------------------------------------------------------------------------------------


def test_the_wires_of_a_neuron_and_b_are_the_cell(lab: Lab, scene: Scene) -> None:
    wide(lab).open(f"{scene.link}&tab=neuron&big=1")
    labels = lab.rest().page.locator(".neuron text.value").all_text_contents()
    assert len(labels) == scene.channels * scene.side**2
    made = sum(number(x) * number(w) for x, w in (label.split("×") for label in labels))
    bias = re.search(r"b = (\S+)$", lab.page.locator(".neuron text.at-start").first.text_content() or "")
    assert bias
    assert made + number(bias[1]) == scene.value == number(lab.page.locator(".neuron text.out").text_content() or "")


def test_the_neurons_of_a_map_have_the_numbers_of_their_cells_and_lead_there(lab: Lab, scene: Scene) -> None:
    wide(lab).open(f"{scene.link}&tab=neuron&neuron=map&big=1")
    neurons = places(lab, ".neuron-map")
    names = neurons.evaluate_all("(all) => all.map((one) => [one.dataset.go, one.getAttribute('aria-label')])")
    for go, name in names:
        _, k, row, col = map(int, go.split(","))
        said = name.split(": ")[1]
        known = (row, col) <= (scene.row, scene.col)
        assert said == "not computed yet" if not known else number(said) == scene.maps[k][row][col]
    neurons.last.click()
    _, _, row, col = names[-1][0].split(",")
    lab.says(f"at={row},{col}")
    assert lab.result() == scene.maps[scene.map][int(row)][int(col)]


def test_the_neurons_at_one_place_have_the_numbers_of_all_maps_and_lead_there(lab: Lab, scene: Scene) -> None:
    wide(lab).open(f"{scene.link}&tab=neuron&neuron=column&big=1")
    shown = lab.rest().page.locator(".neuron-column text.number").all_text_contents()
    assert [number(text) for text in shown] == [plane[scene.row][scene.col] for plane in scene.maps]
    places(lab, ".neuron-column").last.click()
    lab.says(f"map={len(scene.maps) - 1}") if scene.map != len(scene.maps) - 1 else lab.rest()
    assert lab.result() == scene.maps[-1][scene.row][scene.col]


def test_a_row_of_the_windows_leads_to_its_cell(lab: Lab, scene: Scene) -> None:
    wide(lab).open(f"{scene.link}&tab=matrix&matrix=windows&big=1")
    row = places(lab, ".of-windows").first
    _, _, r, c = map(int, (row.get_attribute("data-go") or "").split(","))
    row.click()
    lab.says(f"at={r},{c}")
    assert lab.result() == scene.maps[scene.map][r][c]


def test_a_row_of_the_matrix_leads_to_its_cell(lab: Lab, scene: Scene) -> None:
    wide(lab).open(f"{scene.link}&tab=matrix&big=1")
    count = len(scene.maps[0]) * len(scene.maps[0][0])
    r, c = divmod(count - 1, len(scene.maps[0][0]))
    canvas = lab.rest().page.locator(".matrix-canvases")
    if canvas.count():
        box = canvas.bounding_box()
        assert box
        canvas.click(position={"x": 20, "y": canvas.locator("canvas").first.evaluate(LAST_ROW, count)}, force=True)
    else:
        places(lab, ".of-weights").last.click()
    lab.says(f"at={r},{c}")
    assert lab.result() == scene.maps[scene.map][r][c]


# A little above the lower edge of the matrix, which is lower than the input beside it if that has more cells.
LAST_ROW = "(canvas, rows) => Math.min(canvas.getBoundingClientRect().height, rows * 18) * (1 - 0.5 / rows)"


def test_a_box_of_the_field_leads_to_its_stage(lab: Lab, scene: Scene) -> None:
    wide(lab).open(f"{scene.link}&tab=field&big=1")
    box = places(lab, ".field-stages").first
    stage, *_, row, col = (box.get_attribute("data-go") or "").split(",")
    box.click()
    assert stage == "0"
    lab.says("stage=0", f"at={row},{col}")


@pytest.mark.parametrize("tab", ["neuron", "neuron&neuron=map", "matrix", "matrix&matrix=windows"])
def test_a_weight_is_lit_in_the_figure_and_in_the_view(lab: Lab, tab: str) -> None:
    scene = make_scene(5)
    assert scene.side > 1
    wide(lab).open(f"{scene.link}&tab={tab}")
    in_view = lab.rest().part("panel").locator('[data-weight="0,1"]:not(text):not(g)').first
    in_view.dispatch_event("pointerover", {"pointerType": "mouse", "bubbles": True})
    in_figure = lab.page.locator(".of-filter td.lit").first
    expect(in_figure).to_be_visible()
    lit = lab.part("panel").locator(".lit")
    expect(lit.first).to_be_attached()
    assert set(lit.evaluate_all("(all) => all.map((one) => one.dataset.weight)")) == {"0,1"}
    lab.part("panel").dispatch_event("pointerleave")
    expect(lit).to_have_count(0)
    lab.page.get_by_role("gridcell").nth(scene.side).focus()  # the first of the second row
    lab.page.keyboard.press("ArrowRight")
    expect(lab.part("panel").locator('.lit[data-weight="1,1"]').first).to_be_attached()


# --- keys -----------------------------------------------------------------------------------------------------

GROUPS = [
    ("neuron&neuron=map", ".neuron-map"),
    ("neuron&neuron=column", ".neuron-column"),
    ("matrix", ".of-weights .matrix-table"),
    ("matrix&matrix=windows", ".of-windows .matrix-table"),
    ("equation&letters=1", ".letter-windows"),
    ("field", ".field-stages"),
]
PLAIN = "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(10,20;30,40);(1,0;0,1);(2,2;2,2),bias=5&at=0,1&beat=write"


@pytest.mark.parametrize(("tab", "group"), GROUPS)
def test_places_of_a_view_are_one_stop_of_tab_and_keys_go_there(lab: Lab, tab: str, group: str) -> None:
    wide(lab).open(f"{PLAIN}&tab={tab}&big=1")
    all_places = places(lab, group)
    stops = all_places.evaluate_all("(all) => all.map((one) => one.tabIndex)")
    assert stops.count(0) == 1
    assert stops.count(-1) == len(stops) - 1 > 0
    first, last = all_places.first, all_places.last
    first.evaluate("(one) => one.parentElement.querySelector('[tabindex=\"0\"]')?.focus() ?? one.focus()")
    lab.page.keyboard.press("End")
    expect(last).to_be_focused()
    expect(last).to_have_css("outline-style", "solid")
    lab.page.keyboard.press("Home")
    expect(first).to_be_focused()
    lab.page.keyboard.press("ArrowRight")
    expect(all_places.nth(1)).to_be_focused()
    lab.page.keyboard.press("End")
    stage, k, row, col = (last.get_attribute("data-go") or "").split(",")
    lab.says("at=0,1")
    lab.page.keyboard.press("Enter")
    lab.says(*([f"stage={stage}"] if stage == "0" else []), *([f"map={k}"] if k != "0" else []), f"at={row},{col}")


def test_the_focus_stays_with_a_neuron_that_a_key_went_to(lab: Lab) -> None:
    wide(lab).open("image=coffee&layers=conv:sobel-x&at=5,5&beat=write&tab=neuron&neuron=map&big=1")
    lab.rest().page.locator('.neuron-map [aria-current="true"]').focus()
    for _ in range(3):
        lab.page.keyboard.press("ArrowRight")
    name = lab.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert name == "Neuron of cell 5, 8: not computed yet"
    lab.page.keyboard.press("Enter")
    lab.says("at=5,8")
    focused = lab.page.locator(":focus")
    expect(focused).to_have_attribute("aria-current", "true")
    expect(focused).to_have_attribute("aria-label", re.compile("Neuron of cell 5, 8: "))


def test_keys_choose_a_row_of_a_large_matrix_and_enter_goes_there(lab: Lab) -> None:
    wide(lab).open("image=coffee&layers=conv:sobel-x&at=5,5&beat=write&tab=matrix&big=1")
    rows = lab.rest().page.get_by_role("slider", name=re.compile("Row of the matrix"))
    rows.focus()
    expect(rows).to_have_attribute("aria-valuetext", "row 155")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        lab.page.keyboard.press(key)
    expect(rows).to_have_attribute("aria-valuetext", "row 156")
    lab.says("at=5,5")
    lab.page.keyboard.press("Enter")
    lab.says("at=5,6")
    expect(rows).to_be_focused()
    lab.page.keyboard.press("End")
    lab.page.keyboard.press("Enter")
    lab.says("at=29,29")


def test_keys_go_along_the_cells_below_a_curve(lab: Lab) -> None:
    wide(lab).open("image=(-3,-1;2,4)&layers=relu&at=1,0&beat=write&tab=function&big=1")
    rug = places(lab, ".function-view")
    rug.first.focus()
    assert rug.first.get_attribute("aria-label") == "1 cell near x = −3"
    lab.page.keyboard.press("End")
    lab.page.keyboard.press("Enter")
    lab.says("at=1,1")


# --- everything that a view shows -----------------------------------------------------------------------------

RGB = "image=coffee&channels=rgb&layers=conv:random*6@5x5,groups=1,seed=1~relu~maxpool:2&at=4,4&beat=write"
FORMS = [
    *(f"{PLAIN}&tab={tab}" for tab, _ in GROUPS),
    *(f"{PLAIN}&tab={tab}" for tab in ("equation", "code", "neuron", "neuron&neuron=full")),
    *(f"{PLAIN}&tab={tab}&letters=1" for tab in ("neuron", "neuron&neuron=map", "matrix", "matrix&matrix=windows")),
    *(f"{RGB}&stage=1&big=1&tab={tab}" for tab in ("equation", "neuron", "matrix", "code", "field&paths=1")),
    *(f"{RGB}&stage=1&big=1&tab={tab}" for tab in ("neuron&neuron=map", "neuron&neuron=column", "neuron&neuron=full")),
    *(f"{RGB}&stage=1&big=1&tab={tab}" for tab in ("matrix&matrix=windows", "equation&letters=1")),
    *(f"{RGB}&stage=2&tab={tab}" for tab in ("function", "equation", "field", "code", "neuron")),
    *(f"{RGB}&stage=3&tab={tab}" for tab in ("function", "equation", "field", "code", "matrix")),
    *(f"image=coffee&size=8&layers=linear:random*10&map=3&tab={tab}" for tab in ("neuron", "matrix", "field", "code")),
    *(f"image=coffee&size=8&layers=linear:random*10&tab=neuron&neuron={form}" for form in ("full", "column")),
    *(f"image=(1,2;3,4)&layers=convtranspose:(1,2;3,4),stride=2&tab={tab}" for tab in ("neuron", "matrix", "field")),
    "image=coffee&layers=conv:sobel-x~batchnorm&stage=2&tab=function",
    "image=coffee&layers=conv:sobel-x,padding=1~add:0&stage=2&tab=field&big=1",
    "image=coffee&layers=conv:sobel-x,padding=1~concat:0&stage=2&tab=equation",
]


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_view(devices: Devices, scheme: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    found = {}
    for form in FORMS:
        lab.open(form).rest()
        found[form] = faults(lab.page)
    assert {form: fault for form, fault in found.items() if fault} == {}


WIRES = [
    RGB,
    "image=coffee&channels=rgb&range=unit&layers=conv:random*6@5x5,groups=1,seed=1,bias=1.25&at=4,4&beat=write",
    "image=cat&channels=rgb&layers=model:cifar10&at=10,10&beat=write&stage=2",
    "image=coffee&size=8&layers=linear:random*10,seed=1&map=3&beat=write",
]


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (1920, 1080)])
@pytest.mark.parametrize("link", WIRES)
def test_all_wires_of_a_neuron_fit_on_a_screen_that_is_read_from_afar(devices: Devices, link: str, size) -> None:
    width, height = size
    lab = devices.lab(viewport={"width": width, "height": height})
    link = link if "stage=" in link else f"{link}&stage=1"
    lab.open(f"{link}&tab=neuron&big=1&present=1").rest()
    panel = lab.part("panel")
    labels = panel.locator("text.value")
    assert labels.count() == (64 if "linear" in link else 75)
    lab.eventually(lambda: panel.evaluate(SCROLLS) == [0, 0, 0])
    scale = panel.locator("svg").evaluate("(svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width")
    assert 12 * scale >= height / 40
    assert panel.evaluate(INSIDE) == []
    assert panel.evaluate(OVER_EACH_OTHER) == []


SCROLLS = """(panel) => {
  const { scrollWidth, clientWidth } = panel.querySelector(".neuron");
  return [panel.scrollHeight - panel.clientHeight, panel.scrollWidth - panel.clientWidth, scrollWidth - clientWidth];
}"""
# Texts that the drawing cuts off; and labels of wires that lie over each other.
INSIDE = """(panel) => {
  const { left, right, top, bottom } = panel.querySelector("svg").getBoundingClientRect();
  return [...panel.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < left - 2 || box.right > right + 2 || box.top < top - 4 || box.bottom > bottom + 4;
  }).map((text) => text.textContent);
}"""
OVER_EACH_OTHER = """(panel) => {
  const boxes = [...panel.querySelectorAll("text.value")]
    .map((text) => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([text, one], i) => boxes.slice(i + 1).filter(([, other]) =>
    one.left < other.right - 1 && other.left < one.right - 1 &&
    one.top + 4 < other.bottom - 4 && other.top + 4 < one.bottom - 4).map(([other]) => `${text} | ${other}`));
}"""
