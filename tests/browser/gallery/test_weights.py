"""Uploads of weights on the page of learned filters: what is sent, and what is shown."""

from __future__ import annotations

import os
import re
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Error, Request, Route, expect

from app.models.formats import read_layer
from app.models.formats.partial_file import open_partial_file
from tests.browser.lab_page import Lab
from tests.models.test_weights import BIAS, FILTERS, LINEAR, safetensors
from tests.mutations import legacy, npz, pt, state

pytestmark = pytest.mark.long

ACCEPTS = "[data-part=weights-file]"


def opened(lab: Lab) -> Lab:
    lab.page.goto(f"{lab.url}/filters?model=lenet5")
    lab.until("document.querySelectorAll('.tile').length === 6")
    return lab


def test_only_the_first_layer_of_a_large_file_is_uploaded_and_shown(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "my-net.safetensors"
    rest = np.zeros(1_000_000, np.float32)
    arrays = {"a.weight": LINEAR, "features.0.weight": FILTERS, "features.0.bias": BIAS, "rest": rest}
    file.write_bytes(safetensors(arrays))
    opened(lab)
    with lab.page.expect_request("**/api/weights?title=my-net.safetensors*") as sent:
        lab.page.locator(ACCEPTS).set_input_files(file)
    body = sent.value.post_data_buffer
    assert body is not None
    assert len(body) < 1000 + FILTERS.nbytes
    assert np.array_equal(read_layer(open_partial_file(body)).bias, BIAS)
    card = lab.page.locator("[data-model^=w-]")
    expect(card).to_have_attribute("aria-pressed", "true")
    expect(card).to_contain_text("my-net.safetensors")
    lab.until("document.querySelectorAll('.tile').length === 8")
    lab.until("document.querySelector('[data-part=row-value]').textContent")
    lab.until("location.search.includes('model=w-')")
    expect(lab.part("tiles-note")).to_contain_text("The file does not give the stride; shown with stride 1")
    lab.page.reload()
    lab.until("document.querySelectorAll('.tile').length === 8")
    expect(card).to_contain_text("my-net.safetensors")


def test_filters_of_other_channels_are_shown_channel_by_channel(lab: Lab, tmp_path: Path) -> None:
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
def test_a_file_without_filters_gives_a_notice_and_keeps_the_page(lab: Lab, tmp_path: Path) -> None:
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


# --- archives, and the choice among their layers ----------------------------------------------------------------


def filters(*shape: int) -> np.ndarray:
    return np.random.default_rng(len(shape)).normal(size=shape).astype(np.float32)


TWO_NETWORKS = {
    "maker.conv1.weight": filters(8, 3, 5, 5),
    "maker.deep.weight": filters(5, 8, 3, 3),
    "critic.conv1.weight": filters(1, 3, 7, 7),
}
NAMES = {"maker-conv1", "maker-deep", "critic-conv1"}


def state_file(path: Path, arrays: dict[str, np.ndarray] = TWO_NETWORKS) -> Path:
    path.write_bytes(pt(state(arrays), arrays))
    return path


def with_hole(path: Path, hole: int) -> Path:
    """A PyTorch archive with this many zeros in its middle, as a sparse file."""
    pickled = state({"rest": np.zeros(1, np.float32), **TWO_NETWORKS})
    with zipfile.ZipFile(path, "w") as archive:
        zeros = zipfile.ZipInfo("archive/data/0")
        zeros.header_offset, zeros.file_size, zeros.compress_size, zeros.CRC = 0, hole, hole, 0
        stream = archive.fp
        assert stream is not None
        stream.write(zeros.FileHeader(zip64=hole >= zipfile.ZIP64_LIMIT))
        archive.start_dir = stream.seek(hole, os.SEEK_CUR)
        archive.filelist.append(zeros)
        archive.writestr("archive/data.pkl", pickled)
        for index, array in enumerate(TWO_NETWORKS.values(), 1):
            archive.writestr(f"archive/data/{index}", array.tobytes())
    assert path.stat().st_size > hole
    return path


def sent_by(lab: Lab) -> list[tuple[str, int]]:
    """The upload requests from now on, with their sizes in bytes."""
    sent: list[tuple[str, int]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append((request.url.removeprefix(lab.url), len(request.post_data_buffer or b"")))

    lab.page.on("request", note)
    return sent


def shows(lab: Lab, tiles: int) -> None:
    lab.until("document.querySelectorAll('.tile').length === given", tiles)


def upload_networks(lab: Lab, file: Path, tiles: int = 8) -> Lab:
    opened(lab)
    lab.page.locator(ACCEPTS).set_input_files(file)
    shows(lab, tiles)
    lab.says("model=w-")
    return lab


def test_a_file_with_two_networks_offers_their_layers_and_shows_another_one(lab: Lab, tmp_path: Path) -> None:
    upload_networks(lab, state_file(tmp_path / "two.pth"))
    choice = lab.page.get_by_label("Layer", exact=True)
    expect(choice).to_have_value("maker-conv1")
    offered = choice.locator("option").all_inner_texts()
    assert {text.split(",")[0] for text in offered} == NAMES
    assert "critic-conv1, 1×3×7×7" in offered
    lab.key("wall-maps").click()
    lab.page.locator("[data-part=row-map-box]").click(position={"x": 9, "y": 9})
    lab.says("at=", "wall=maps")
    before = lab.page.evaluate("history.state.chosen")
    choice.focus()
    choice.select_option("critic-conv1")
    shows(lab, 1)
    expect(lab.part("tiles-title")).to_have_text("Feature maps of your picture")
    expect(choice).to_have_value("critic-conv1")
    expect(choice).to_be_focused()
    cards = lab.page.locator("[data-model^=w-]")
    expect(cards).to_have_count(1)  # one card for a file, for all its layers
    expect(cards).to_contain_text("1 filter, 3×7×7")
    after = lab.page.evaluate("history.state.chosen")
    assert [after[key] for key in ("at", "wall", "show", "scale")] == [
        before[key] for key in ("at", "wall", "show", "scale")
    ]


def test_layers_of_other_channels_keep_the_display_options(lab: Lab, tmp_path: Path) -> None:
    upload_networks(lab, state_file(tmp_path / "two.pth"))
    lab.key("wall-maps").click()
    choice = lab.key("layer")
    choice.select_option("maker-deep")
    shows(lab, 5)
    expect(lab.part("problems")).to_contain_text("read 8 channels")
    expect(lab.part("tiles-title")).to_have_text("Filters of maker-deep")
    choice.select_option("maker-conv1")
    shows(lab, 8)
    expect(lab.part("tiles-title")).to_have_text("Feature maps of your picture")
    expect(lab.key("show-color")).to_have_attribute("aria-pressed", "true")


def test_the_remark_on_a_layer_is_shown_beside_the_menu(lab: Lab, tmp_path: Path) -> None:
    def remarked(route: Route) -> None:
        rows = route.fetch().json()["layers"]
        route.fulfill(json={"layers": [{**row, "remark": f"{row['name']} is turned"} for row in rows]})

    lab.page.route("**/api/weights/layers", remarked)
    upload_networks(lab, state_file(tmp_path / "two.pth"))
    expect(lab.part("layer-remark")).to_have_text("maker-conv1 is turned")
    expect(lab.key("layer")).to_have_accessible_description("maker-conv1 is turned")
    lab.key("layer").select_option("critic-conv1")
    expect(lab.key("layer")).to_have_accessible_description("critic-conv1 is turned")
    shows(lab, 1)


def test_the_page_title_and_the_menu_follow_back_and_forward(lab: Lab, tmp_path: Path) -> None:
    opened(lab)
    first = lab.page.title()
    assert first == "Filters of LeNet-5 · MNIST · Convoscope"
    upload_networks(lab, state_file(tmp_path / "two.pth"))
    lab.until("document.title === given", "Filters of two.pth · Convoscope")
    lab.key("layer").select_option("critic-conv1")
    shows(lab, 1)
    lab.until("history.state.chosen.model === document.querySelector('[data-model^=w-]').dataset.model")
    lab.page.evaluate("history.back()")
    shows(lab, 8)
    expect(lab.key("layer")).to_have_value("maker-conv1")
    lab.page.evaluate("history.back()")
    shows(lab, 6)
    lab.until("document.title === given", first)
    expect(lab.key("layer")).to_have_count(0)
    lab.page.evaluate("history.go(2)")
    shows(lab, 1)
    lab.until("document.title === given", "Filters of two.pth · Convoscope")
    expect(lab.key("layer")).to_have_value("critic-conv1")


def test_after_a_reload_the_layer_remains_without_the_menu(lab: Lab, tmp_path: Path) -> None:
    upload_networks(lab, state_file(tmp_path / "two.pth"))
    expect(lab.key("layer")).to_be_visible()
    lab.page.reload()
    shows(lab, 8)
    expect(lab.page.locator("[data-model^=w-]")).to_contain_text("two.pth")
    expect(lab.key("layer")).to_have_count(0)


def test_preprocessing_without_a_mean_is_described_without_one(lab: Lab, tmp_path: Path) -> None:
    opened(lab)
    expect(lab.part("row-picture-note")).to_contain_text("mean removed")
    upload_networks(lab, state_file(tmp_path / "two.pth"))
    expect(lab.part("row-picture-note")).to_have_text(re.compile(r"^as the model gets it: \d+\s×\s\d+$"))


@pytest.mark.complains(r"503|Service")
def test_a_failed_upload_of_a_layer_gives_a_notice_and_keeps_the_page(lab: Lab, tmp_path: Path) -> None:
    upload_networks(lab, state_file(tmp_path / "two.pth"))
    full = {"status": 503, "json": {"detail": "The store is full."}, "content_type": "application/problem+json"}
    lab.page.route("**/api/weights?**", lambda route: route.fulfill(**full))
    choice = lab.key("layer")
    choice.select_option("critic-conv1")
    expect(lab.part("problems")).to_contain_text("The store is full.")
    expect(choice).to_have_value("maker-conv1")
    shows(lab, 8)
    lab.page.unroute("**/api/weights?**")
    choice.select_option("critic-conv1")
    shows(lab, 1)


def test_an_upload_shows_progress_and_can_be_canceled(lab: Lab, tmp_path: Path) -> None:
    upload_networks(lab, state_file(tmp_path / "two.pth"))
    held: list[Route] = []
    lab.page.route("**/api/weights?**", lambda route: held.append(route))
    choice = lab.key("layer")
    choice.select_option("critic-conv1")
    expect(lab.part("weights-progress")).to_have_text(re.compile(r"^Sending \d+ kB of \d+ kB …$"))
    lab.button("Cancel").click()
    expect(lab.part("weights-progress")).to_be_hidden()
    expect(lab.part("weights-cancel")).to_be_hidden()
    expect(choice).to_have_value("maker-conv1")
    expect(lab.part("problems")).to_be_empty()
    choice.select_option("critic-conv1")
    lab.eventually(lambda: len(held) == 2)
    lab.page.unroute("**/api/weights?**")
    choice.select_option("maker-deep")  # replaces the upload in progress
    shows(lab, 5)
    expect(choice).to_have_value("maker-deep")
    for route in held:
        with suppress(Error):  # the page has aborted it
            route.abort()


@pytest.mark.parametrize("compressed", [False, True], ids=["stored", "deflated"])
def test_only_one_layer_of_a_large_npz_is_uploaded(lab: Lab, tmp_path: Path, compressed: bool) -> None:
    arrays = {**TWO_NETWORKS, "rest": np.random.default_rng(0).integers(0, 9, 1_500_000).astype(np.float32)}
    file = tmp_path / "net.npz"
    file.write_bytes(npz(arrays, compressed))
    opened(lab)
    sent = sent_by(lab)
    lab.page.locator(ACCEPTS).set_input_files(file)
    shows(lab, 8)
    lab.key("layer").select_option("critic-conv1")
    shows(lab, 1)
    assert [path.partition("&")[0] for path, _ in sent] == ["/api/weights/layers", *["/api/weights?title=net.npz"] * 2]
    assert sum(size for _, size in sent) < 12_000


@pytest.mark.parametrize("hole", [300_000_000, 4_500_000_000], ids=["300 MB", "4.5 GB"])
def test_a_few_kilobytes_are_uploaded_of_a_file_of_any_size(lab: Lab, tmp_path: Path, hole: int) -> None:
    file = with_hole(tmp_path / "large.pth", hole)
    opened(lab)
    sent = sent_by(lab)
    lab.page.locator(ACCEPTS).set_input_files(file)
    shows(lab, 8)
    lab.key("layer").select_option("maker-deep")
    shows(lab, 5)
    assert len(sent) == 3
    assert all(0 < size < 6_000 for _, size in sent)
    file.unlink()
    lab.key("layer").select_option("critic-conv1")
    expect(lab.part("problems")).to_contain_text("can no longer be read")
    expect(lab.key("layer")).to_have_value("maker-deep")
    shows(lab, 5)


@pytest.mark.complains(r"422|Unprocessable")
def test_a_truncated_archive_gives_a_notice(lab: Lab, tmp_path: Path) -> None:
    small, large = tmp_path / "small.pth", tmp_path / "large.npz"
    whole = state_file(tmp_path / "two.pth").read_bytes()
    small.write_bytes(whole[: len(whole) // 2])
    large.write_bytes(npz({"rest": np.zeros(1_000_000, np.float32)})[:-100])
    opened(lab)
    sent = sent_by(lab)
    for file in (small, large):
        lab.page.locator(ACCEPTS).set_input_files(file)
        expect(lab.part("problems")).to_contain_text("The archive is truncated")
        lab.part("problems").get_by_role("button").click()
    assert len(sent) == 1  # a small file is uploaded whole, and the server's message tells what is wrong
    expect(lab.page.locator("[data-model=lenet5]")).to_have_attribute("aria-pressed", "true")
    shows(lab, 6)


def test_the_layers_of_a_large_safetensors_file_can_be_chosen_too(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "two.safetensors"
    file.write_bytes(safetensors({**TWO_NETWORKS, "rest": np.zeros(1_000_000, np.float32)}))
    opened(lab)
    sent = sent_by(lab)
    lab.page.locator(ACCEPTS).set_input_files(file)
    shows(lab, 8)
    lab.key("layer").select_option("critic-conv1")
    shows(lab, 1)
    assert all(0 < size < 6_000 for _, size in sent)


def test_the_layers_of_a_small_file_uploaded_whole_can_be_chosen_too(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "before-1.6.pth"
    file.write_bytes(legacy(TWO_NETWORKS))
    upload_networks(lab, file)
    expect(lab.key("layer")).to_have_value("maker-conv1")
    lab.key("layer").select_option("critic-conv1")
    shows(lab, 1)
    expect(lab.key("layer")).to_have_value("critic-conv1")
