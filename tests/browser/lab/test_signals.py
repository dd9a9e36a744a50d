"""Signals: circles, stems, wires and equations of a picture of one row against NumPy, their order, sizes and names."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults, number

LINE = "image=(3,1,4,1,5,9)&layers=conv:(1,-1),stride=2,bias=1"
TWO = "image=(1,2,3,4,5)&layers=conv:(1,2);(2,-1),bias=(1,0)"
EDGES = "image=(1,2,3,4,5)&layers=conv:(1,2,1),padding=0x1"
TURNED = "image=(1,2,3)&layers=conv:(0,1,0.5),flip=1,padding=full"
LONG = "image=random*1@1x256,seed=3&layers=conv:(1,2,4,2,1)/10,padding=0x2"
OVER = """(() => { const one = document.querySelector('.signal');
  return [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight,
    document.documentElement.scrollWidth - innerWidth]; })()"""


def opened(lab: Lab, query: str, path: str = "/") -> Lab:
    lab.open(f"{query}&signal=1", path)
    expect(lab.page.locator(".signal-view")).to_be_visible()
    return lab.rest()


def circles(lab: Lab, role: str, map_: int = 0) -> list[str]:
    """The numbers of a line, "" for a circle without one."""
    spots = lab.rest().page.locator(f'.signal [data-point^="{role},{map_},"]')
    return [one.locator(".digit").text_content() or "" if one.locator(".digit").count() else "" for one in spots.all()]


def names(lab: Lab, role: str) -> list[str]:
    return lab.page.locator(f'.signal [data-point^="{role},"] .name').all_text_contents()


def says(lab: Lab) -> list[str]:
    return lab.rest().page.locator("[data-part=signal-says] p").all_text_contents()


def test_one_neuron_is_written_beat_by_beat_and_its_window_slides(lab: Lab) -> None:
    opened(lab, f"{LINE}&at=0,0&beat=window&index=1")
    x, results = [3, 1, 4, 1, 5, 9], [3, 4, -3]
    assert results == [int(x[2 * n] - x[2 * n + 1] + 1) for n in range(3)]
    for n, result in enumerate(results):
        law = f"h{'₁₂₃'[n]} = w₁·x{'₁₃₅'[n]} + w₂·x{'₂₄₆'[n]} + b"
        numbers = f"{law} = 1·{x[2 * n]} + (−1)·{x[2 * n + 1]} + 1"
        for beat, line in (
            ("window", law),
            ("products", numbers),
            ("sum", f"{numbers} = {str(result).replace('-', '−')}"),
            ("write", f"{numbers} = {str(result).replace('-', '−')}"),
        ):
            lab.until("given === (document.querySelector('.beats [aria-current]')?.dataset.beat)", beat)
            assert says(lab) == [line]
            written = results[: n + (beat == "write")]
            assert [number(text) for text in circles(lab, "output") if text] == written
            read = lab.page.locator('.signal .is-read[data-point^="input"]').evaluate_all(
                "(all) => all.map((one) => one.dataset.point)"
            )
            assert read == [f"input,0,{2 * n}", f"input,0,{2 * n + 1}"]
            assert lab.page.locator(".signal .stems.of-output .stem").count() == len(written)
            lab.page.keyboard.press("Space")
    assert [number(text) for text in circles(lab, "input")] == x
    assert names(lab, "input") == ["x₁", "x₂", "x₃", "x₄", "x₅", "x₆"]


def test_all_neurons_have_their_wires_and_equations_at_once(lab: Lab) -> None:
    opened(lab, f"{LINE}&at=0,2&beat=write&index=1&neuron=map")
    assert says(lab) == [
        "h₁ = w₁·x₁ + w₂·x₂ + b = 1·3 + (−1)·1 + 1 = 3",
        "h₂ = w₁·x₃ + w₂·x₄ + b = 1·4 + (−1)·1 + 1 = 4",
        "h₃ = w₁·x₅ + w₂·x₆ + b = 1·5 + (−1)·9 + 1 = −3",
    ]
    wires = lab.page.locator(".signal [data-tap]")
    assert wires.count() == 6
    colors = wires.evaluate_all("(all) => all.map((one) => [one.dataset.tap, getComputedStyle(one).stroke])")
    assert len({color for _, color in colors}) == 2
    assert len({(tap, color) for tap, color in colors}) == 2  # one color is one weight
    assert sorted(lab.page.locator(".signal .tag").all_text_contents()) == ["w₁"] * 3 + ["w₂"] * 3
    assert lab.page.locator(".signal .bias").all_text_contents() == ["b"] * 3
    assert "Color: which weight, not its value." in lab.part("signal-legend").inner_text()
    heights = lab.page.locator(".signal .stems.of-output .stem").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('y1') - one.getAttribute('y2'))"
    )
    assert [round(one / heights[0] * 3, 3) for one in heights] == [3, 4, -3]


def test_equations_to_come_are_laws_alone_and_their_circles_empty(lab: Lab) -> None:
    opened(lab, f"{LINE}&at=0,1&beat=window&index=1&neuron=map")
    assert says(lab)[0].endswith("= 3")
    assert says(lab)[1:] == ["h₂ = w₁·x₃ + w₂·x₄ + b", "h₃ = w₁·x₅ + w₂·x₆ + b"]
    assert circles(lab, "output") == ["3", "", ""]
    assert lab.page.locator(".signal .is-to-come .hatch").count() == 2


@pytest.mark.parametrize(
    ("query", "counts", "wires"),
    [
        (LINE, ["3 · (6 + 1) = 21 numbers", "3 · (2 + 1) = 9 numbers", "2 + 1 = 3 numbers"], [18, 6, 6]),
        (TWO, ["8 · (5 + 1) = 48 numbers", "8 · (2 + 1) = 24 numbers", "2 · (2 + 1) = 6 numbers"], [20, 8, 8]),
    ],
)
def test_a_line_is_wired_fully_locally_and_shared_with_its_counts(
    lab: Lab, query: str, counts: list[str], wires: list[int]
) -> None:
    opened(lab, f"{query}&neuron=full")
    kinds = lab.page.locator(".signal [data-sharing]")
    assert [one.inner_text().split("\n")[0].split(" each")[0].split(" the")[0] for one in kinds.all()] == [
        "fully connected",
        "local",
        "shared",
    ]
    assert [one.locator(".wire").count() for one in kinds.all()] == wires
    assert [one.locator("p").inner_text() for one in kinds.all()] == counts
    colors = [
        len(set(one.locator(".wire").evaluate_all("(all) => all.map((one) => getComputedStyle(one).stroke)")))
        for one in kinds.all()
    ]
    assert colors == [1, wires[1], 2]  # local: each wire a weight of its own


def test_two_filters_are_two_rows_of_the_same_size_one_finished_before_the_next(lab: Lab) -> None:
    x, filters, biases = [1, 2, 3, 4, 5], [[1, 2], [2, -1]], [1, 0]
    right = [np.correlate(x, w, "valid") + b for w, b in zip(filters, biases, strict=True)]
    opened(lab, f"{TWO}&at=0,0&beat=window&map=0&index=1")
    beats = ["window", "products", "sum", "write"]
    for place in range(4):
        for k in range(2):
            for beat in beats:
                lab.until("given === (document.querySelector('.beats [aria-current]')?.dataset.beat)", beat)
                for j in range(2):
                    count = place + (1 if j < k or (j == k and beat == "write") else 0)
                    shown = [number(text) for text in circles(lab, "output", j) if text]
                    assert shown == list(right[j][:count]), (place, k, beat, j)
                lab.page.keyboard.press("Space")
    boxes = [
        lab.page.locator(f'.signal [data-point^="output,{j},"] circle').evaluate_all(
            "(all) => all.map((one) => one.getAttribute('r'))"
        )
        for j in range(2)
    ]
    assert len({*boxes[0], *boxes[1]}) == 1
    assert says(lab) == [
        "h₁₄ = w₁₁·x₄ + w₁₂·x₅ + b₁ = 1·4 + 2·5 + 1 = 15",
        "h₂₄ = w₂₁·x₄ + w₂₂·x₅ + b₂ = 2·4 + (−1)·5 + 0 = 3",
    ]


def test_neurons_at_the_ends_read_dashed_circles_of_the_padding(lab: Lab) -> None:
    opened(lab, f"{EDGES}&at=0,0&beat=write&index=1")
    right = np.convolve([1, 2, 3, 4, 5], [1, 2, 1], "same")
    padded = lab.page.locator(".signal .spot.is-padded")
    assert padded.locator(".digit").all_text_contents() == ["0", "0"]
    dashes = padded.first.locator("circle").evaluate("(one) => getComputedStyle(one).strokeDasharray")
    assert dashes != "none"
    assert says(lab) == [f"h₁ = w₁·0 + w₂·x₁ + w₃·x₂ + b = 1·0 + 2·1 + 1·2 + 0 = {right[0]}"]
    lab.page.keyboard.press("End")
    lab.says("at=0,4")
    assert [number(text) for text in circles(lab, "output")] == list(right)


def test_causal_padding_lies_on_the_left_alone(lab: Lab) -> None:
    opened(lab, "image=(1,2,3,4,5)&layers=conv:(1,2,1),padding=causal&at=0,4&beat=write")
    assert [number(text) for text in circles(lab, "output")] == list(np.convolve([1, 2, 3, 4, 5], [1, 2, 1])[:5])
    left = lab.page.locator('.signal [data-point="input,0,0"] circle').get_attribute("cx")
    places = lab.page.locator(".signal .spot.is-padded circle").evaluate_all(
        "(all) => all.map((one) => Number(one.getAttribute('cx')))"
    )
    assert len(places) == 2
    assert max(places) < float(left or 0)
    expect(lab.key("padding-causal")).to_have_attribute("aria-pressed", "true")
    lab.key("padding-valid").click()
    lab.drops("padding=causal")
    lab.key("padding-causal").click()
    lab.says("padding=causal")


def test_causal_padding_is_not_offered_for_several_rows_and_refused_with_a_sentence(lab: Lab) -> None:
    lab.open("image=(1,2,3;4,5,6)&layers=conv:(1,2),padding=causal").rest()
    assert "pads a single row on its left, and the input has 2 rows" in lab.problems()
    assert lab.key("padding-valid").count() == 1
    assert lab.key("padding-causal").count() == 0


def test_the_turned_filter_moves_along_under_the_signal_with_the_law_of_convolution(lab: Lab) -> None:
    right = np.convolve([1, 2, 3], [0, 1, 0.5])
    assert list(right) == [0, 1, 2.5, 4, 1.5]
    opened(lab, f"{TURNED}&at=0,0&beat=write")
    law = lab.part("signal-law").inner_text()
    assert "y = x ∗ g" in law
    assert "y[n] = b + Σ g[i]·x[n·S − P + (F − 1 − i)·D]" in law
    assert "i = 0 … F − 1" in law
    assert "F = 3, S = 1, P = 2, D = 1: x[n − i]" in law
    standing = lab.page.locator(".signal .spot.of-filter")

    def places() -> dict[str, list[float]]:
        """Where the circles of the filter lie, by their names: those of g turned, then those of g as it stands."""
        found = standing.evaluate_all(
            """(all) => all.map((one) => [one.querySelector('.name').textContent,
              Number(one.querySelector('circle').getAttribute('cx')), one.querySelector('.digit').textContent])"""
        )
        assert [text for _, _, text in found] == ["0.5", "1", "0", "0", "1", "0.5"]
        return {name: [x for other, x, _ in found if other == name] for name, _, _ in found}

    before = places()
    values = [circles(lab, "output")[0]]
    for n in range(1, 5):
        lab.page.keyboard.press("ArrowRight")
        lab.says(f"at=0,{n}")
        values.append(circles(lab, "output")[n])
        now = places()
        assert all(now[name][0] > before[name][0] for name in now)  # g turned has moved
        assert all(now[name][1] == before[name][1] for name in now)  # g stands
        assert now["g₂"][0] < now["g₁"][0] < now["g₀"][0]
        before = now
    assert [number(text) for text in values] == list(right)


def test_a_long_signal_has_all_stems_and_the_circles_around_its_window(lab: Lab) -> None:
    opened(lab, f"{LONG}&at=0,100&beat=write")
    assert lab.page.locator(".signal .stems.of-input .stem").count() == 256
    assert lab.page.locator(".signal .stems.of-output .stem").count() == 101
    shown = lab.page.locator('.signal [data-point^="input"]').evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.point.split(',')[2]))"
    )
    assert {98, 99, 100, 101, 102} <= set(shown)
    assert len(shown) < 60
    assert max(lab.page.evaluate(OVER)) <= 0
    lab.page.keyboard.press("End")
    lab.says("at=0,255")
    assert lab.rest().page.locator('.signal [data-point="output,0,255"]').count() == 1


def test_a_click_goes_to_a_circle_and_the_pointer_shows_another_one(lab: Lab) -> None:
    opened(lab, f"{LINE}&at=0,1&beat=write&index=1")
    lab.page.locator('.signal [data-point="output,0,2"] circle').click()
    lab.says("at=0,2")
    expect(lab.part("signal-says")).to_have_text(re.compile(r"h₃ = .* = −3$"))
    lab.page.locator('.signal [data-point="output,0,0"] circle').hover()
    expect(lab.part("signal-says")).to_have_text(re.compile(r"h₁ = .* = 3$"))
    lab.page.locator('.signal [data-point="input,0,3"] circle').hover()
    expect(lab.part("signal-says")).to_have_text("x₄ is read by h₂.")
    lab.page.mouse.move(2, 2)
    expect(lab.part("signal-says")).to_have_text(re.compile(r"h₃ = .* = −3$"))


def test_a_clicker_tells_one_neuron_the_slide_all_neurons_and_the_three_wirings(lab: Lab) -> None:
    opened(lab, f"{LINE}&index=1~".removesuffix("~"))
    wires = []
    for _ in range(7):
        lab.page.keyboard.press("PageDown")
        lab.rest()
        wires.append(lab.page.locator(".signal-picture [data-tap]").count())
    assert wires[:6] == [2] * 6
    for _ in range(20):
        if lab.page.locator(".signal-sharing").count():
            break
        lab.page.keyboard.press("PageDown")
        lab.rest()
        wires.append(lab.page.locator(".signal-picture [data-tap]").count())
    assert 6 in wires
    expect(lab.page.locator(".signal-sharing")).to_be_visible()
    lab.says("neuron=full")
    lab.page.keyboard.press("PageUp")
    expect(lab.page.locator(".signal-sharing")).to_have_count(0)


def test_a_picture_of_one_row_is_offered_as_a_line_and_back(lab: Lab) -> None:
    lab.open(LINE)
    expect(lab.part("output-maps")).to_be_visible()
    lab.part("show-signal").click()
    lab.says("signal=1")
    expect(lab.page.locator(".signal-view")).to_be_visible()
    lab.part("show-maps").click()
    lab.drops("signal=1")
    expect(lab.part("output-maps")).to_be_visible()
    lab.button("Display").click()
    lab.key("signal").click()
    expect(lab.page.locator(".signal-view")).to_be_visible()
    lab.key("index").click()
    lab.says("index=1")
    assert names(lab, "output") == ["h₁", "h₂", "h₃"]


@pytest.mark.parametrize("query", ["image=face&layers=conv:sobel-x", "image=(1;2;3)&layers=conv:(1;1)"])
def test_pictures_of_several_rows_keep_their_maps_and_are_not_offered_as_a_line(lab: Lab, query: str) -> None:
    lab.open(f"{query}&signal=1&tab=equation").rest()
    assert lab.part("output-maps").is_visible()
    assert not lab.page.locator(".signal-view").is_visible()
    assert not lab.part("show-signal").is_visible()


CHAIN = "image=(3,1,4,1,5,9)&layers=conv:(1,-1)~relu~maxpool:1x2~avgpool:1x2"


@pytest.mark.parametrize(
    ("query", "line"),
    [
        (f"{CHAIN}&stage=0&at=0,2", "x₂ = 4"),
        (f"{CHAIN}&stage=2&at=0,1&beat=write", "y₁ = ReLU(x₁) = max(0, −3) = 0"),
        (f"{CHAIN}&stage=3&at=0,1&beat=write", "y₁ = max(x₂, x₃) = max(3, 0) = 3"),
        (f"{CHAIN}&stage=4&at=0,0&beat=write", "y₀ = (x₀ + x₁) / 2 = (2 + 3) / 2 = 2.5"),
        (
            "image=(1,2,3)&layers=linear:(1,0,-1;2,1,0),bias=(0,1)&map=1&beat=write",
            "h₁ = w₁₀·x₀ + w₁₁·x₁ + w₁₂·x₂ + b₁",
        ),
        ("image=(1,2)&layers=convtranspose:(1,2,3),stride=2&at=0,2&beat=write", "h₂ = w₂·x₀ + w₀·x₁ + b"),
        ("image=(1,2,3)&layers=conv:(1,1,1)/9&beat=write", "h₀ = (w₀·x₀ + w₁·x₁ + w₂·x₂) ÷ 9 + b"),
    ],
)
def test_every_layer_on_a_line_has_its_equation(lab: Lab, query: str, line: str) -> None:
    errors: list[str] = []
    lab.page.on("pageerror", lambda error: errors.append(str(error)))
    opened(lab, query)
    written = says(lab)[-1]
    if "+ b" in line and "= " not in line.split("+ b")[1]:
        assert written.startswith(line)
    else:
        assert written == line
    assert errors == []


SIZES = [(1440, 900), (1280, 720), (1920, 1080), (390, 844), (844, 390)]
PICTURES = [
    f"{LINE}&at=0,1&beat=write",
    f"{LINE}&at=0,2&beat=write&neuron=map",
    f"{LINE}&neuron=full",
    f"{TWO}&map=1&at=0,2&beat=write",
    f"{EDGES}&at=0,0&beat=write",
    f"{TURNED}&at=0,2&beat=write",
    f"{LONG}&at=0,100&beat=write",
]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_of_a_signal_is_cut_off_or_too_small(devices: Devices, size: tuple[int, int]) -> None:
    is_phone = min(size) < 700
    lab = (devices.phone if is_phone else devices.lab)(viewport={"width": size[0], "height": size[1]})
    for query in PICTURES:
        opened(lab, f"{query}&index=1")
        wide, high, page = lab.page.evaluate(OVER)
        assert wide <= 0, query
        assert page <= 0, query
        assert high <= 0 or is_phone, (query, high)
        check_texts(lab, 12)


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (1920, 1080)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_in_present_a_signal_is_whole_and_read_from_the_last_row(devices: Devices, size: tuple[int, int]) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    for query in PICTURES:
        opened(lab, f"{query}&index=1&present=1")
        wide, high, page = lab.page.evaluate(OVER)
        assert max(wide, high, page) <= 0, query
        check_texts(lab, size[1] / 40)


def check_texts(lab: Lab, least: float) -> None:
    """Every text of the picture has at least this font and lies inside of it."""
    fonts, outside = lab.page.evaluate(
        """(() => {
          const host = document.querySelector('.signal').getBoundingClientRect();
          const texts = [...document.querySelectorAll('.signal svg text')];
          return [texts.map((one) => parseFloat(getComputedStyle(one).fontSize)), texts.filter((one) => {
            const box = one.getBoundingClientRect();
            return box.left < host.left - 1 || box.right > host.right + 1;
          }).map((one) => one.textContent)];
        })()"""
    )
    assert min(fonts) >= least
    assert outside == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", [PICTURES[0], PICTURES[2], PICTURES[5]])
def test_axe_finds_nothing_in_signals(devices: Devices, scheme: str, query: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    opened(lab, query)
    assert faults(lab.page) == []


@pytest.mark.parametrize("size", [(640, 400), (360, 420)])
def test_an_embed_shows_the_signal_alone(devices: Devices, size: tuple[int, int]) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    opened(lab, f"{LINE}&at=0,2&beat=write", "/embed")
    assert [number(text) for text in circles(lab, "output")] == [3, 4, -3]
    assert max(lab.page.evaluate(OVER)) <= 0
    assert not lab.part("show-maps").is_visible()
