"""All pages in the pseudo language: no sentence is left in English, and nothing is too narrow for longer ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Complaints, new_page
from tests.browser.lab_page import Lab
from tests.browser.plain_english import PlainEnglish, read_plain_english
from tests.serving import RunningServer

SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
OPEN_ALL = "document.querySelectorAll('details').forEach((details) => { details.open = true; })"


@pytest.fixture(scope="module")
def pseudo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server in the pseudo language."""
    environment = {"CONVOSCOPE_LANGUAGE": "pseudo"}
    with RunningServer(tmp_path_factory.mktemp("pseudo"), environment=environment) as running:
        yield running


@pytest.fixture(scope="module")
def english(pseudo_server: RunningServer) -> PlainEnglish:
    return read_plain_english(pseudo_server.url)


@dataclass(frozen=True, slots=True)
class Tour:
    """A Lab in the pseudo language, and what was wrong at each stop of a walk through it."""

    lab: Lab
    english: PlainEnglish
    faults: dict[str, list[str]]
    is_phone: bool

    def look(self, stop: str) -> None:
        """Note what is wrong with what is shown."""
        known = {fault for faults in self.faults.values() for fault in faults}
        found = [fault for fault in self.english.find(self.lab.rest().page) if fault not in known]
        if found:
            self.faults[stop] = found

    def open(self, query: str, path: str = "/") -> None:
        """Open a link and look at it."""
        self.lab.open(query, path)
        self.look(f"{path}?{query}")

    def open_settings(self) -> None:
        """Show all settings of the stage and the picture."""
        if self.is_phone:
            self.lab.part("open-sheet").click()
        self.lab.page.evaluate(OPEN_ALL)

    def open_menu(self) -> None:
        """Show what stands in the header, or on a phone in its menu."""
        if self.is_phone:
            self.lab.part("open-menu").click()

    def go(self, path: str) -> None:
        """Open a page that has no Lab."""
        self.lab.page.goto(f"{self.lab.url}{path}", wait_until="load")
        self.look(path)

    def close_dialog(self) -> None:
        self.lab.page.keyboard.press("Escape")
        expect(self.lab.page.locator("dialog[open]")).to_have_count(0)


@pytest.fixture(params=SIZES)
def tour(
    request: pytest.FixtureRequest,
    browser: Browser,
    pseudo_server: RunningServer,
    english: PlainEnglish,
    complaints: Complaints,
) -> Iterator[Tour]:
    """A walk on a device; at its end nothing may have been wrong."""
    is_phone = request.param == "phone"
    with browser.new_context(viewport=SIZES[request.param], has_touch=is_phone, is_mobile=is_phone) as context:
        page = new_page(context)
        complaints.listen(page)
        walk = Tour(Lab(page, pseudo_server.url), english, {}, is_phone)
        yield walk
        if walk.faults:
            pytest.fail("\n".join(f"{stop}: {fault}" for stop in walk.faults for fault in walk.faults[stop]), False)


def test_the_lab_is_translated_and_fits(tour: Tour) -> None:
    lab, page = tour.lab, tour.lab.page
    tour.open("layers=conv:sobel-q~relu&size=900")
    tour.open_settings()
    tour.look("the settings of a convolution, and problems")
    tour.open("layers=conv:sobel-x~relu~maxpool:2&stage=3&tab=equation")
    lab.part("add-layer").click()
    tour.look("the menu of layers")
    tour.close_dialog()
    lab.part("share").click()
    expect(page.locator("dialog[open]")).to_be_visible()
    page.evaluate(OPEN_ALL)
    tour.look("Share")
    tour.close_dialog()
    if tour.is_phone:
        lab.part("open-controls").click()
    lab.part("present").click()
    expect(page.locator("[data-present]")).to_be_visible()
    tour.look("Present")


@pytest.mark.complains("404")
def test_the_other_pages_are_translated_and_fit(tour: Tour) -> None:
    tour.open("title=Edges", "/embed")
    tour.go("/filters")
    tour.go("/filters?model=lenet5&layer=conv2")
    tour.go("/docs")
    tour.go("/examples")
    tour.go("/exercises?exercises=cell~map~size~parameters~field~filter~mistake&variants=1&answers=1")
    tour.go("/exercises/try?exercises=cell~map~size~parameters~field~filter~mistake&seed=2")
    tour.go("/compare?a=layers%3Dmaxpool:2&b=layers%3Dshift:0x4~maxpool:2%26stage%3D2&c=layers%3Dconv:sobel-q&e=")
    tour.go("/compare?a=layers%3Drelu&b=layers%3Dshift:0x4~relu%26stage%3D2&at=31,31")
    tour.go("/nothing-here")


FIGURES = [
    "stage=0",
    "image=coffee&channels=rgb&layers=conv:random*8@3x3~relu~maxpool:2&stage=1",
    "layers=conv:sobel-x~maxpool:2&stage=2",
    "layers=conv:sobel-x~leaky_relu:0.1&stage=2",
    "layers=conv:sobel-x~shift:0x2~globalavgpool&stage=2",
    "size=8&layers=conv:sobel-x~flatten~softmax&stage=3",
    "layers=conv:sobel-x,stride=2,padding=same,dilation=2&size=31",
    "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,0;0,-1)",
    "layers=model:lenet5&image=digit-3&stage=2",
    "layers=model:lenet5&stage=8",
    *(f"tab={tab}" for tab in ("equation", "neuron", "matrix", "code")),
    "layers=conv:sobel-x~relu&stage=2&tab=matrix",
]


@pytest.mark.long
@pytest.mark.parametrize("query", FIGURES)
def test_every_kind_of_figure_is_translated_and_fits(tour: Tour, query: str) -> None:
    tour.open(query)
    tour.open_settings()
    tour.look("all settings")


@pytest.mark.long
def test_every_tab_of_the_picture_is_translated_and_fits(tour: Tour) -> None:
    tour.open("")
    tour.open_settings()
    tour.lab.settings("image")
    for tab in ("pattern", "known", "numbers"):
        tour.lab.page.locator(f"[data-image-tab={tab}]").click()
        tour.look(f"pictures: {tab}")


def open_crop(tour: Tour) -> None:
    tour.open_settings()
    tour.lab.settings("image").part("choose-crop").click()


def open_filters(tour: Tour) -> None:
    tour.open_settings()
    tour.lab.part("all-filters").click()


def open_stride(tour: Tour) -> None:
    tour.open_settings()
    tour.lab.page.locator("[data-field=stride] .label").click()


def open_help(tour: Tour) -> None:
    tour.open_menu()
    tour.lab.part("help").click()


@pytest.mark.long
@pytest.mark.parametrize("act", [open_crop, open_filters, open_stride, open_help])
def test_every_dialog_is_translated_and_fits(tour: Tour, act: Callable[[Tour], None]) -> None:
    tour.lab.open("layers=conv:sobel-x")
    act(tour)
    expect(tour.lab.page.locator("dialog[open], [data-part=bubble]").first).to_be_visible()
    tour.look(act.__name__)


@pytest.mark.long
def test_the_editor_of_filters_is_translated_and_fits(tour: Tour) -> None:
    tour.lab.open("layers=conv:sobel-x")
    tour.open_settings()
    tour.lab.part("type-filter").click()
    tour.look("the editor")


@pytest.mark.long
def test_what_is_prepared_for_students_is_translated_and_fits(tour: Tour) -> None:
    lab = tour.lab.open("layers=conv:sobel-x")
    tour.open_menu()
    lab.page.locator("[popovertarget=display]").click()
    tour.look("Display")
    lab.part("display-teach").click()
    expect(lab.part("authoring")).to_be_visible()
    lab.part("add-stop").click()
    tour.look("the panel for students")


@pytest.mark.long
@pytest.mark.complains("415|422")
def test_the_refusal_of_a_file_is_translated_and_fits(tour: Tour) -> None:
    lab = tour.lab.open("")
    lab.part("file").set_input_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(lab.part("problems").locator(".problem")).to_be_visible()
    tour.look("a refused file")


@pytest.mark.long
def test_a_figure_in_one_file_is_translated_and_fits(tour: Tour, tmp_path: Path) -> None:
    page = tmp_path / "figure.html"
    with urlopen(f"{tour.lab.url}/api/export/html?layers=conv:sobel-x~relu") as answer:
        page.write_bytes(answer.read())
    tour.lab.page.goto(page.as_uri())
    tour.lab.until("document.querySelector('.maps.live')")
    tour.look("a figure in one file")


@pytest.mark.long
@pytest.mark.parametrize("model", ["lenet5", "linear10", "photos"])
def test_every_model_of_the_learned_filters_is_translated_and_fits(tour: Tour, model: str) -> None:
    tour.go(f"/filters?model={model}")
    tour.open_settings()
    tour.look("all settings")
