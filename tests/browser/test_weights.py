"""Weights of one's own on the page of learned filters: what leaves the device, and what is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.test_weights import BIAS, FILTERS, LINEAR, read, safetensors

pytestmark = pytest.mark.long

ACCEPTS = "[data-part=weights-file]"


def opened(lab: Lab) -> Lab:
    lab.page.goto(f"{lab.url}/filters?model=lenet5")
    lab.until("document.querySelectorAll('.tile').length === 6")
    return lab


def test_of_a_large_file_the_first_layer_alone_leaves_the_device_and_is_shown(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "my-net.safetensors"
    rest = np.zeros(1_000_000, np.float32)
    arrays = {"a.weight": LINEAR, "features.0.weight": FILTERS, "features.0.bias": BIAS, "rest": rest}
    file.write_bytes(safetensors(arrays))
    opened(lab)
    with lab.page.expect_request("**/api/weights?title=my-net.safetensors") as sent:
        lab.page.locator(ACCEPTS).set_input_files(file)
    body = sent.value.post_data_buffer
    if body is not None:  # some Chromiums tell nothing of a body made of parts of a file
        assert len(body) < 1000 + FILTERS.nbytes
        assert np.array_equal(read(body).bias, BIAS)
    card = lab.page.locator("[data-model^=w-]")
    expect(card).to_have_attribute("aria-pressed", "true")
    expect(card).to_contain_text("my-net.safetensors")
    lab.until("document.querySelectorAll('.tile').length === 8")
    lab.until("document.querySelector('[data-part=close-value]').textContent")
    lab.until("location.search.includes('model=w-')")
    expect(lab.part("wall-says")).to_contain_text("The file does not say the stride; shown with stride 1")
    lab.page.reload()
    lab.until("document.querySelectorAll('.tile').length === 8")
    expect(card).to_contain_text("my-net.safetensors")


def test_filters_that_no_picture_can_feed_hang_channel_by_channel(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "deep.safetensors"
    file.write_bytes(
        safetensors({"conv.weight": np.random.default_rng(1).normal(size=(5, 4, 3, 3)).astype(np.float32)})
    )
    opened(lab)
    lab.page.locator(ACCEPTS).set_input_files(file)
    expect(lab.page.locator("[data-part=problems]")).to_contain_text("read 4 channels")
    lab.until("document.querySelectorAll('.tile').length === 5")
    lab.until("document.querySelectorAll('.tile canvas').length === 20")
    lab.page.locator("[data-filter='2']").click()
    expect(lab.page.locator("[data-filter='2']")).to_have_attribute("aria-pressed", "true")


@pytest.mark.complains(r"422|Unprocessable")
def test_a_file_without_filters_gets_a_sentence_and_nothing_is_lost(lab: Lab, tmp_path: Path) -> None:
    none, large = tmp_path / "none.safetensors", tmp_path / "large.pt"
    none.write_bytes(safetensors({"fc.weight": LINEAR}))
    large.write_bytes(bytes(2_500_000))
    opened(lab)
    lab.page.locator(ACCEPTS).set_input_files(none)
    expect(lab.page.locator("[data-part=problems]")).to_contain_text("no convolution")
    lab.page.locator(ACCEPTS).set_input_files(large)
    expect(lab.page.locator("[data-part=problems]")).to_contain_text("convoscope models add")
    expect(lab.page.locator("[data-model=lenet5]")).to_have_attribute("aria-pressed", "true")
    assert lab.page.locator(".tile").count() == 6
