"""The equation in the page: its presses and forms, long sums, what lights, and how it is read from afar and aloud."""

from __future__ import annotations

import io
import json
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from app.local_lab import compute_figure
from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults

SMALL = "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(10,20;30,-40),bias=0&at=0,0&beat=write&tab=equation"
RGB = "image=coffee&channels=rgb&layers=conv:random*4@{side}x{side},seed=1&at=3,3&beat=write&tab=equation"


def text_of(lab: Lab) -> str:
    """What the formulas say, without spaces."""
    texts = lab.rest().page.locator(".equation math").all_text_contents()
    return "".join(texts).replace(" ", "")


def form_of(lab: Lab) -> str:
    pressed = lab.rest().page.locator('[data-set^="detail="][aria-pressed=true]')
    return (pressed.get_attribute("data-set") or "").removeprefix("detail=")


def test_formulas_are_mathml_and_real(lab: Lab) -> None:
    lab.open(SMALL).rest()
    spaces = lab.page.locator(".equation math").evaluate_all(
        "(all) => [...new Set(all.flatMap((one) => [one, ...one.querySelectorAll('*')]).map((e) => e.namespaceURI))]"
    )
    assert spaces == ["http://www.w3.org/1998/Math/MathML"]
    assert text_of(lab).startswith("10·1+20·2+30·4+(−40)·5=−30")
    assert text_of(lab).endswith("y0,0=−30+0=−30")


def test_one_press_each_leads_from_the_law_to_the_numbers(lab: Lab) -> None:
    lab.open(f"{SMALL}&big=1&press=0")
    assert form_of(lab) == "law"
    lab.page.keyboard.press("PageDown")
    lab.says("detail=indices")
    lab.drops("press=")
    assert form_of(lab) == "indices"
    assert "w1,1·x1,1" in text_of(lab)
    lab.page.keyboard.press("PageDown")
    lab.drops("detail=")
    assert form_of(lab) == "numbers"
    lab.page.keyboard.press("PageUp")
    lab.says("detail=indices")


@pytest.mark.parametrize(("press", "form"), list(enumerate(["law", "indices", "numbers"])))
def test_a_press_and_a_detail_are_the_same_state(lab: Lab, press: int, form: str) -> None:
    lab.open(f"{SMALL}&press={press}")
    by_press = text_of(lab)
    assert form_of(lab) == form
    expect(lab.part("presses")).to_contain_text(f"{press} of 2")
    lab.open(f"{SMALL}&detail={form}")
    assert text_of(lab) == by_press
    assert form_of(lab) == form
    expect(lab.part("presses")).to_contain_text(f"{press} of 2")


def test_a_form_that_is_chosen_takes_the_place_of_the_press_in_the_link(lab: Lab) -> None:
    lab.open(f"{SMALL}&press=0").rest()
    lab.page.get_by_role("button", name="wᵀx + b").click()
    lab.says("detail=vectors")
    lab.drops("press=")
    assert "y0,0=wTx+b" in text_of(lab)
    lab.page.get_by_role("button", name="Numbers").click()
    lab.drops("detail=")


def test_while_presenting_the_key_shows_the_law_first(lab: Lab) -> None:
    lab.open(f"{SMALL.replace('&tab=equation', '')}&present=1").rest()
    lab.page.keyboard.press("e")
    lab.says("tab=equation", "big=1", "press=0")
    assert form_of(lab) == "law"


def test_a_layer_without_weights_has_three_forms(lab: Lab) -> None:
    lab.open("image=face&layers=maxpool:2&beat=write&tab=equation&detail=vectors").rest()
    assert lab.page.locator('[data-set^="detail="]').count() == 3
    assert form_of(lab) == "numbers"


@pytest.mark.parametrize("present", ["", "&present=1&big=1"])
def test_the_keyboard_unfolds_a_long_sum_and_keeps_its_place(lab: Lab, present: str) -> None:
    lab.open(RGB.format(side=11) + "&big=1" * (not present) + present).rest()
    button = lab.key("fold-sum")
    cells = lab.page.locator(".equation mtd")
    assert (button.get_attribute("aria-expanded"), cells.count()) == ("false", 48)
    button.focus()
    lab.page.keyboard.press("Enter")
    expect(cells).to_have_count(363)
    expect(button).to_be_focused()
    lab.page.keyboard.press("Enter")
    expect(cells).to_have_count(48)


def test_a_sum_stays_unfolded_from_step_to_step(lab: Lab) -> None:
    lab.open(f"{RGB.format(side=11)}&big=1").rest()
    lab.key("fold-sum").click()
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=3,4")
    expect(lab.page.locator(".equation mtd")).to_have_count(363)


@pytest.mark.parametrize("detail", ["numbers", "indices", "vectors"])
def test_a_weight_is_lit_in_the_equation_and_in_the_figure(lab: Lab, detail: str) -> None:
    lab.open(f"{SMALL}&detail={detail}").rest()
    term = lab.page.locator('.equation mtd[data-weight="1,0"]').first
    term.hover()
    lit = lab.page.locator(".of-filter .lit")
    expect(lit).to_have_count(1)
    assert lit.inner_text() == "30"
    lab.part("panel").locator(".view-bar").hover()
    expect(lit).to_have_count(0)


def test_a_weight_of_the_figure_is_lit_in_the_equation(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1440, "height": 900})
    lab.open(f"{SMALL}&detail=numbers").rest()
    lab.page.locator(".of-filter td").nth(2).evaluate("(cell) => cell.focus()")
    expect(lab.page.locator(".equation mtd.lit")).to_have_text("+30·4")


def test_those_who_hear_the_page_get_sentences(lab: Lab) -> None:
    lab.open(SMALL).rest()
    said = lab.page.locator(".equation .unseen").text_content()
    assert said == (
        "y[k, r, c] = b[k] + Σ w[k, ch, i, j] · x[ch, r + i, c + j], over ch, i, j. 1·10 + 2·20 + 4·30 + 5·(−40) = −30"
    )
    assert lab.page.locator(".equation math:not([aria-hidden=true])").count() == 0
    lab.open(SMALL.replace("beat=write", "beat=products")).rest()
    assert "−30" not in json.dumps(lab.part("panel").text_content(), ensure_ascii=False)


def test_in_letters_the_step_stands_as_the_filter_does(lab: Lab) -> None:
    lab.open(f"{SMALL}&letters=1&big=1").rest()
    formula = lab.page.locator(".of-letters math").first
    assert "".join((formula.text_content() or "").split()) == "αA+βB+γD+δE+b"
    lab.page.locator('.of-letters [data-letter="α"]').click()
    expect(lab.page.locator('.of-letters [data-letter="α"]')).to_have_text("10")


@pytest.mark.parametrize("side", [1, 3, 5, 11])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_form(devices: Devices, side: int, scheme: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    for detail in ("law", "indices", "numbers", "vectors"):
        lab.open(f"{RGB.format(side=side)}&detail={detail}&big=1").rest()
        assert faults(lab.page) == [], detail


SMALLEST = """() => Math.min(...[...document.querySelectorAll('.panel :is(p, button, mi, mn, mo, mtext)')]
  .filter((one) => one.checkVisibility() && one.textContent.trim() && !one.closest('.unseen'))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


@pytest.mark.parametrize("detail", ["law", "indices", "numbers", "vectors"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844), (844, 390)])
def test_no_text_is_under_12_px_and_what_is_wide_scrolls(lab: Lab, width: int, height: int, detail: str) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})
    for layers in ("conv:random*4@3x3,stride=2x1,padding=1", "softmax", "lrn", "gelu"):
        lab.open(f"image=coffee&channels=rgb&layers={layers}&beat=write&tab=equation&detail={detail}").rest()
        assert lab.page.evaluate(SMALLEST) >= 12, layers
        panel = "document.querySelector('[data-part=panel]')"
        assert lab.page.evaluate(f"{panel}.scrollWidth <= {panel}.clientWidth + 1")


def test_digits_can_be_read_from_afar(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.open(f"{RGB.format(side=3)}&present=1&big=1").rest()
    assert lab.page.evaluate(SMALLEST) >= 720 / 40


def test_an_embed_has_the_equation_too(lab: Lab) -> None:
    lab.page.goto(f"{lab.url}/embed?{SMALL}&detail=indices")
    expect(lab.page.locator(".equation math").first).to_be_visible()
    assert "w1,1·x1,1" in text_of(lab)


def test_vectors_too_long_to_be_written_are_pictures_of_weights_and_input(lab: Lab) -> None:
    """Red where a weight lies above 0 and blue below it, at the place of its pixel; the sum and b beside them."""
    link = "image=cat&channels=rgb&layers=model:linear10&stage=3&map=3&beat=write&tab=equation&detail=vectors&big=1"
    lab.open(f"{link}&theme=light").rest()
    layer = compute_figure(link).answer.trace.stages[3]
    weights = layer.weight[3].reshape(3, 32, 32)
    for channel in range(3):
        canvas = lab.page.locator(f'canvas[data-weights="3,3,{channel},32,32"]')
        png = b64decode(canvas.evaluate("(one) => one.toDataURL()").partition(",")[2])
        picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
        for index in (int(weights[channel].argmax()), int(weights[channel].argmin())):
            row, column = divmod(index, 32)
            red, _, blue = picture[row, column]
            assert (red > blue) == (weights[channel, row, column] > 0)
    expect(lab.page.locator('.vector-pictures canvas[data-thumb^="1,"]')).to_have_count(3)
    assert "=1.416+0.561=1.977" in text_of(lab)
