"""No figure lies over itself, is cut off or leaves its panel, whatever it shows and however large the window is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab
from tests.browser.overlap import RECORD_CANVASES, find_overlaps
from tests.browser.random_scenes import make_random_link

DESKTOP, PROJECTOR, PHONE, PHONE_ON_ITS_SIDE = (1440, 900), (1280, 720), (390, 844), (844, 390)
KNOWN = (
    "image=cat&channels=rgb&layers=prepare:linear10~conv:linear10/fc1&stage=2&map=3",
    "image=digit-4&layers=conv:random*1@5x5,seed=3,padding=full&at=3,3&tab=neuron",
    "image=coffee&channels=rgb&layers=conv:random*1@5x5,seed=3~relu&at=3,3&tab=neuron",
    "image=coffee&layers=conv:sobel-x&at=3,3&tab=neuron&neuron=column",
    "image=chelsea&layers=conv:sobel-x,padding=full&present=1",
    "image=(1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20)&layers=conv:(1;0;-1)",
)
KNOWN_ON_PHONES = (
    "image=face&layers=model:linear10&stage=4&at=0,0&beat=bias&present=1",
    "image=cat&channels=rgb&layers=prepare:linear10~conv:linear10/fc1&stage=2&map=3&at=0,0&beat=channel-0&present=1",
    "image=(215872,-489625,-94309,-15950,-443222,415933)&layers=leaky_relu:0.1~relu&stage=2&at=0,5&beat=write&present=1",
    "image=face&layers=model:cifar10&stage=12&at=0,0&present=1",
    "image=(-595841;497088;597998;-85941;-652625;-675693;692003)&layers=conv:emboss,stride=3,padding=1,bias=1/3&at=0,0",
    "image=coffee&layers=conv:random*1@2x2,seed=97,padding=full&at=4,18&tab=code",
)


def open_lab(devices: Devices) -> Lab:
    """A Lab whose canvases are watched."""
    lab = devices.lab(viewport={"width": 1440, "height": 900})
    lab.page.add_init_script(RECORD_CANVASES)
    return lab.open("image=face")


def show_in_place(lab: Lab, query: str) -> None:
    """Show another link in the same page, as the browser's Back does."""
    lab.page.evaluate(
        """(query) => {
          history.pushState({ scene: query, link: "" }, "", `?${query}`);
          dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
        }""",
        query,
    )
    lab.rest()


def overlaps_at(lab: Lab, query: str, size: tuple[int, int]) -> list[str]:
    """What lies over something else at this size of the window."""
    lab.page.set_viewport_size({"width": size[0], "height": size[1]})
    is_presenting = "present=1" in query
    lab.until("document.documentElement.hasAttribute('data-present') === given", is_presenting)
    lab.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    lab.rest()
    lab.until("document.getAnimations().every((one) => one.playState !== 'running')")  # the figure moves to its place
    return find_overlaps(lab.page)


def overlaps_of(lab: Lab, queries: Sequence[str], sizes: Sequence[tuple[int, int]]) -> list[str]:
    """For each figure and size what lies over something else, with the link that shows it."""
    found = []
    for query in queries:
        show_in_place(lab, query)
        for size in sizes:
            found += [f"{size[0]} × {size[1]}, /?{query}: {fault}" for fault in overlaps_at(lab, query, size)]
    return found


def test_known_figures_that_used_to_overlap_do_not(devices: Devices):
    assert overlaps_of(open_lab(devices), KNOWN, (DESKTOP, PHONE)) == []


def test_known_figures_that_used_to_overlap_on_phones_do_not(devices: Devices):
    assert overlaps_of(open_lab(devices), KNOWN_ON_PHONES, (PHONE, PHONE_ON_ITS_SIDE)) == []


def test_no_random_figure_overlaps_itself(devices: Devices):
    queries = [make_random_link(seed) for seed in range(8)]
    assert overlaps_of(open_lab(devices), queries, (PROJECTOR, PHONE)) == []


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, 200, 25))
def test_no_random_figure_overlaps_itself_at_any_size(devices: Devices, first: int):
    queries = [make_random_link(seed) for seed in range(first, first + 25)]
    assert overlaps_of(open_lab(devices), queries, (DESKTOP, PROJECTOR, PHONE, PHONE_ON_ITS_SIDE)) == []


def test_the_checks_see_two_texts_over_each_other_and_a_text_that_is_cut_off(devices: Devices):
    lab = open_lab(devices)
    lab.page.evaluate(
        """() => {
          const figure = document.querySelector("[data-part=figure]");
          const add = (text, left, top, more = {}) => {
            const element = Object.assign(document.createElement("div"), { textContent: text });
            Object.assign(element.style, { position: "absolute", left: `${left}px`, top: `${top}px`, ...more });
            figure.append(element);
          };
          add("one", 20, 60);
          add("two", 25, 62);
          add("three four", 20, 90, { width: "20px", overflow: "hidden", whiteSpace: "nowrap" });
          add("outside", -8, 120);
        }"""
    )
    found = " ".join(find_overlaps(lab.page))
    assert '"one"' in found
    assert '"two"' in found
    assert "cut off" in found
    assert '"three four"' in found
    assert '"outside"' in found
