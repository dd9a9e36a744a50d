"""The Code tab: its programs run as they are shown, follow the cell in focus and can be copied."""

from __future__ import annotations

import contextlib
import io

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab

SMALL = "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,2;3,4),padding=1,bias=2~relu"


def shown(lab: Lab, dialect: str) -> str:
    """The text of a program on the screen."""
    text = lab.page.locator(f"[data-dialect={dialect}] code").text_content()
    assert text
    return text


def printed(text: str) -> str:
    """What a program prints."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(text, "program", "exec"), {})
    return output.getvalue().strip()


@pytest.mark.parametrize(
    "query",
    [
        f"{SMALL}&at=1,2",
        f"{SMALL}&stage=0&at=2,1",
        "image=face&size=16&channels=rgb&layers=conv:random*8@3x3,groups=1~maxpool:3,padding=(1,0,1,0)&stage=1&map=5&at=2,3",
        "image=face&size=16&channels=rgb&layers=conv:random*8@3x3,groups=1~maxpool:3,padding=(1,0,1,0)&stage=2&map=5&at=1,2",
    ],
)
def test_a_program_runs_as_it_is_shown_and_prints_the_number_of_the_cell_in_focus(lab: Lab, query: str) -> None:
    lab.open(f"{query}&tab=code&beat=write")
    expect(lab.page.locator("[data-dialect=numpy] .in-focus")).to_be_visible()
    text = shown(lab, "numpy")
    last = text.splitlines()[-1]
    assert last.startswith("print(x[" if "stage=0" in query else "print(y[")
    assert float(printed(text)) == float(last.partition("#")[2])


def test_the_last_line_follows_the_step_and_the_rest_of_the_program_stays(lab: Lab) -> None:
    lab.open(f"{SMALL}&tab=code&at=0,0&beat=write")
    focus = lab.page.locator("[data-dialect=torch] .in-focus")
    expect(focus).to_have_text("\nprint(y[0, 0, 0])  # 6")
    before = shown(lab, "torch").splitlines()[:-1]
    lab.page.keyboard.press("ArrowRight")
    expect(focus).to_contain_text("print(y[0, 0, 1])")
    assert shown(lab, "torch").splitlines()[:-1] == before
    assert "y = F.conv2d(x[None], weight, bias, padding=1)[0]  # 1 × 4 × 4" in before


def test_the_last_line_has_no_number_before_the_figure_shows_it(lab: Lab) -> None:
    lab.open(f"{SMALL}&tab=code&at=0,0&beat=products")
    focus = lab.page.locator("[data-dialect=torch] .in-focus")
    expect(focus).to_have_text("\nprint(y[0, 0, 0])")
    lab.page.keyboard.press("Shift+ArrowRight")
    expect(focus).to_have_text("\nprint(y[0, 0, 0])  # 6")


def test_each_program_can_be_copied_whole(devices: Devices) -> None:
    lab = devices.lab(permissions=["clipboard-read", "clipboard-write"])
    lab.open(f"{SMALL}&tab=code")
    for dialect in ("torch", "numpy"):
        button = lab.page.locator(f"[data-dialect={dialect}]").get_by_role("button")
        expect(button).to_have_text("Copy")
        button.click()
        expect(button).to_have_text("Copied")
        assert lab.page.evaluate("navigator.clipboard.readText()") == shown(lab, dialect)


def test_a_stage_without_code_says_why(lab: Lab) -> None:
    layers = "~".join(["conv:(1000000)"] * 7)
    lab.open(f"image=(1000000,1)&layers={layers}&stage=7&tab=code")
    expect(lab.part("panel")).to_contain_text("There is no code for this stage: its values are clipped at ±1e+38")
    expect(lab.page.locator("[data-dialect]")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_programs_stay_within_the_page(lab: Lab, width: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": 900})
    lab.open("image=coffee&size=56&channels=rgb&layers=prepare:lenet5&tab=code")
    expect(lab.page.locator("[data-dialect]")).to_have_count(2)
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [section.bounding_box() for section in lab.page.locator("[data-dialect]").all()]
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
