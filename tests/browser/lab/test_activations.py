"""Every activation of the menu: its title, its law, its step and its neighbors, from the table of operations."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.core.operation_table import OPERATIONS
from tests.browser.lab_page import Lab

ACTIVATIONS = [row for row in OPERATIONS if row.kind == "pointwise"]
STEPS = {
    "relu": "max(0, −5) = 0",
    "leaky_relu": "0.01·(−5) = −0.05",
    "relu6": "min(max(0, −5), 6) = 0",
    "gelu": "(−5)·½(1 + erf(−5/√2)) ≈ −1.4",
    "silu": "−5/(1 + e^(5)) ≈ −0.0334",
    "hardswish": "(−5)·min(max(0, −5 + 3), 6)/6 = 0",
    "step": "step(−5) = 0",
    "sigmoid": "1/(1 + e^(5)) ≈ 0.0066",
    "tanh": "tanh(−5) ≈ −0.999",
    "abs": "|−5| = 5",
}


@pytest.mark.parametrize("row", ACTIVATIONS, ids=lambda row: row.name)
def test_an_activation_has_a_title_a_law_and_a_step_with_its_numbers(lab: Lab, row) -> None:
    lab.open(f"image=(-5,0;3,9)&layers={row.name}&stage=1&at=0,0&beat=write&tab=equation")
    expect(lab.part("output-title")).to_have_text(f"After {row.title}")
    equation = lab.part("panel").locator(".equation")
    expect(equation).to_contain_text(f"y = {row.formula}, cell by cell")
    expect(equation).to_contain_text(STEPS[row.name])
    assert row.sentence in lab.part("inspector").inner_text()


def test_an_activation_is_added_from_the_menu_and_changed_into_another(lab: Lab) -> None:
    lab.open("image=(-5,0;3,9)&layers=")
    lab.part("add-layer").click()
    lab.page.locator('[data-op="step"]').click()
    lab.says("layers=step")
    lab.stage("Step")
    expect(lab.part("output-title")).to_have_text("After Step")
    lab.key("kind").select_option("relu6")
    lab.says("layers=relu6")
    expect(lab.part("output-title")).to_have_text("After ReLU6")
