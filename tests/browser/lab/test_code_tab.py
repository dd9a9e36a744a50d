"""The view Code: its programs run as they are shown, follow the cell and the beat, and can be copied."""

from __future__ import annotations

import contextlib
import io

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults

SMALL = "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,2;3,4),padding=1,bias=2~relu"
COLOR = "image=face&size=16&channels=rgb&layers=conv:random*8@3x3,groups=1~maxpool:3,padding=(1,0,1,0)"
CLIPPED = f"image=(1000000,1)&layers={'~'.join(['conv:(1000000)'] * 7)}"


def shown(lab: Lab) -> str:
    """The text of the program on the screen."""
    text = lab.page.locator(".program code").text_content()
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
        f"{COLOR}&stage=1&map=5&at=2,3",
        f"{COLOR}&stage=2&map=5&at=1,2",
        f"{SMALL}&at=1,2&program=chain",
        f"{SMALL}&stage=0&at=1,2&program=chain",
        f"{COLOR}&stage=2&map=5&at=1,2&program=chain",
        f"{SMALL}~conv:(1,0;0,1),from=0,padding=1~add:2&stage=4&at=2,2&program=chain",
    ],
)
def test_a_program_runs_as_it_is_shown_and_prints_the_number_of_the_cell_in_focus(lab: Lab, query: str) -> None:
    lab.open(f"{query}&tab=code&library=numpy&beat=write")
    expect(lab.page.locator("[data-library=numpy] .in-focus")).to_be_visible()
    text = shown(lab)
    last = text.splitlines()[-1]
    stage = "".join(part.removeprefix("stage=") for part in query.split("&") if part.startswith("stage="))
    own = f"y{stage or 1}" if "chain" in query else "y"
    assert last.startswith("print(x[" if stage == "0" else f"print({own}[")
    assert float(printed(text)) == float(last.partition("#")[2])


def test_the_last_line_follows_the_step_and_the_rest_of_the_program_stays(lab: Lab) -> None:
    lab.open(f"{SMALL}&tab=code&at=0,0&beat=write")
    focus = lab.page.locator("[data-library=torch] .in-focus")
    expect(focus).to_have_text("print(y[0, 0, 0])  # 6")
    before = shown(lab).splitlines()[:-1]
    lab.page.keyboard.press("ArrowRight")
    expect(focus).to_contain_text("print(y[0, 0, 1])")
    assert shown(lab).splitlines()[:-1] == before
    assert "y = F.conv2d(x[None], weight, bias, padding=1)[0]  # 1 × 4 × 4" in before


def test_the_last_line_has_no_number_before_the_figure_shows_it(lab: Lab) -> None:
    lab.open(f"{SMALL}&tab=code&at=0,0&beat=products")
    focus = lab.page.locator(".program .in-focus")
    expect(focus).to_have_text("print(y[0, 0, 0])")
    lab.page.keyboard.press("Shift+ArrowRight")
    expect(focus).to_have_text("print(y[0, 0, 0])  # 6")


def test_buttons_choose_the_library_and_the_program_and_links_say_so(lab: Lab) -> None:
    lab.open(f"{SMALL}&tab=code")
    libraries = lab.part("panel").get_by_role("group", name="Library")
    assert libraries.get_by_role("button").all_text_contents() == ["PyTorch", "Keras", "JAX", "NumPy", "SciPy"]
    libraries.get_by_role("button", name="NumPy").click()
    lab.says("library=numpy")
    expect(lab.page.locator("[data-library=numpy]")).to_be_visible()
    lab.part("panel").get_by_role("button", name="Whole chain").click()
    lab.says("program=chain")
    expect(lab.page.locator(".program code")).to_contain_text("# 2 ReLU: 1 × 4 × 4")
    lab.page.reload()
    expect(lab.page.locator("[data-library=numpy] code")).to_contain_text("# 2 ReLU: 1 × 4 × 4")
    lab.part("panel").get_by_role("button", name="This stage", exact=True).focus()
    lab.page.keyboard.press("Enter")
    expect(lab.page.locator(".program code")).not_to_contain_text("ReLU")
    expect(lab.part("panel").get_by_role("button", name="This stage", exact=True)).to_be_focused()


def test_the_lines_of_the_beat_are_lit_and_named(lab: Lab) -> None:
    lab.open(f"{SMALL}&tab=code&library=numpy&at=1,2&beat=window")
    lit = lab.page.locator(".program [aria-current=step]")
    expect(lit).to_contain_text("r, q = row - 1 + i, col - 1 + j")
    expect(lab.page.locator(".program")).to_contain_text("window: lines 14–17")
    lab.page.keyboard.press("Shift+ArrowRight")
    expect(lit).to_have_text("                    total += weight[0, 0, i, j] * x[0, r, q]\n")
    expect(lab.page.locator(".program")).to_contain_text("products: line 18")
    text = shown(lab)
    assert text.splitlines()[17].strip().startswith("total += ")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844), (844, 390)])
def test_the_lit_line_scrolls_into_sight_inside_the_program_alone(lab: Lab, width: int, height: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.open(f"{SMALL}~maxpool:2&tab=code&library=numpy&program=chain&stage=3&at=0,0&beat=window")
    lit = lab.page.locator(".program .lit-lines").first
    expect(lit).to_contain_text("window = y2")
    program = lab.page.locator(".program pre")
    lab.page.wait_for_function(
        """() => { const [program, lit] = [".program pre", ".program .lit-lines"].map((one) =>
        document.querySelector(one).getBoundingClientRect());
        return lit.top >= program.top - 1 && lit.bottom <= program.bottom + 1; }"""
    )
    before = lab.page.evaluate("[scrollX, scrollY, document.activeElement.tagName]")
    lab.page.keyboard.press("Shift+ArrowRight")
    expect(lit).to_contain_text("window.max()")
    assert lab.page.evaluate("[scrollX, scrollY, document.activeElement.tagName]") == before
    assert program.evaluate("(one) => one.scrollTop") > 0


def test_the_program_stays_where_a_reader_has_scrolled_it(lab: Lab) -> None:
    lab.open(f"{SMALL}&tab=code&library=numpy&at=0,0&beat=write")
    program = lab.page.locator(".program pre")
    expect(program).to_be_visible()
    program.evaluate("(one) => one.scrollTo({ top: 40, behavior: 'instant' })")
    lab.page.keyboard.press("ArrowRight")
    expect(lab.page.locator(".program .in-focus")).to_contain_text("print(y[0, 0, 1])")
    assert program.evaluate("(one) => one.scrollTop") == 40


def test_the_whole_program_is_copied_and_the_button_says_which(devices: Devices) -> None:
    lab = devices.lab(permissions=["clipboard-read", "clipboard-write"])
    for query, name in (
        ("library=torch", "This stage in PyTorch"),
        ("library=numpy&program=chain", "The whole chain in NumPy"),
    ):
        lab.open(f"{SMALL}&tab=code&beat=products&{query}")
        button = lab.page.get_by_role("button", name=f"Copy: {name}")
        button.focus()
        lab.page.keyboard.press("Enter")
        expect(lab.page.get_by_role("button", name=f"Copied: {name}")).to_be_visible()
        copied = lab.page.evaluate("navigator.clipboard.readText()")
        assert copied == shown(lab)
        compile(copied, "program", "exec")


def test_a_stage_without_code_says_why(lab: Lab) -> None:
    lab.open(f"{CLIPPED}&stage=7&tab=code")
    expect(lab.part("panel")).to_contain_text("There is no code for this stage: its values are clipped at ±1e+38")
    expect(lab.page.locator(".program")).to_have_count(0)
    expect(lab.page.get_by_role("button", name="PyTorch: not available, shows why")).to_be_visible()


def test_a_chain_with_a_stage_without_code_is_not_offered_and_says_which_stage(lab: Lab) -> None:
    lab.open(f"{CLIPPED}&stage=1&tab=code")
    expect(lab.page.locator(".program code")).to_contain_text("y = F.conv2d")
    lab.part("panel").get_by_role("button", name="Whole chain").click()
    expect(lab.part("panel")).to_contain_text(
        "The whole chain is not offered in PyTorch: stage 6, “Convolution”, has no"
    )
    expect(lab.part("panel")).to_contain_text("There is no code for this stage: its values are clipped at ±1e+38")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("program", ["stage", "chain"])
def test_the_program_stays_within_the_page(lab: Lab, width: int, program: str) -> None:
    lab.page.set_viewport_size({"width": width, "height": 900})
    lab.open(f"image=coffee&size=56&channels=rgb&layers=prepare:lenet5&tab=code&program={program}")
    expect(lab.page.locator(".program")).to_have_count(1)
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = lab.page.locator(".program pre").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_a_program_is_read_from_afar_in_present(lab: Lab) -> None:
    lab.open(f"{SMALL}&tab=code&library=numpy&program=chain&present=1&big=1")
    code = lab.page.locator(".program code")
    expect(code).to_be_visible()
    size = code.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= lab.page.viewport_size["height"] / 40  # type: ignore[index]
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_axe_finds_nothing_in_programs(devices: Devices, scheme: str, size: tuple[int, int]) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    for query in ("library=numpy", "library=torch&program=chain&big=1", "library=scipy&program=chain"):
        lab.open(f"{SMALL}~batchnorm&beat=window&tab=code&{query}").rest()
        assert faults(lab.page) == [], query
