"""The accuracy of a model has one decimal wherever it stands, and its pictures are named."""

from __future__ import annotations

import json
import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from app.core.number_text import format_percent
from tests.browser.lab_page import Lab
from tests.serving import CHECKOUT

PAGE_OF_CARDS = (CHECKOUT / "app" / "models" / "data" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["linear10", "lenet5"])
def test_card_film_and_documents_round_the_accuracy_alike(lab: Lab, name: str) -> None:
    with urlopen(f"{lab.url}/api/models", timeout=30) as answer:
        card = next(model["card"] for model in json.load(answer) if model["name"] == name)
    lab.page.goto(f"{lab.url}/filters?model={name}")
    sentence = f"{format_percent(card['accuracy'])} right on {card['accuracy_on']}"
    expect(lab.part("card")).to_contain_text(sentence)
    expect(lab.part("film-status")).to_have_text(re.compile(r"accuracy \d+\.\d %$"))
    expect(lab.page.locator(".curves .key")).to_contain_text("Measured on 2,000 held-out pictures")
    assert f"| accuracy | {format_percent(card['accuracy'])} on {card['accuracy_on']} |" in PAGE_OF_CARDS
