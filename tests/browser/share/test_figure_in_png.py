"""PNG files with a figure: dropped, chosen or pasted, they open it; damaged ones are read as pictures."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests import pictures
from tests.browser.lab.test_upload import choose_file, dispatch_file
from tests.browser.lab_page import Lab
from tests.browser.pure_page import SITE, answer
from tests.carried import chunk, with_chunks

TYPED = "image=(0,1.5;-2,1/3)&layers=conv:(1,-1)~relu&stage=2&at=1,0&beat=window&theme=dark"
SAMPLE = "image=coffee&size=16&channels=rgb&layers=conv:random*4@3x3,groups=1,seed=7~relu&map=2&at=3,4&colors=photo"
PICTURES = ("/api/picture.png", "/api/figure.png")


def saved_picture(lab: Lab, query: str, path: str = PICTURES[0]) -> bytes:
    """A picture saved from the server."""
    answer = lab.page.request.get(f"{lab.url}{path}?{query}")
    assert answer.ok, answer.text()
    return answer.body()


def numbers(lab: Lab, query: str) -> list:
    """The input of a figure."""
    answer = lab.page.request.get(f"{lab.url}/api/trace?{query}&format=json").json()
    return answer["stages"][0]["output"]


def brought(lab: Lab) -> str:
    photo = {"name": "x.png", "mimeType": "image/png", "buffer": pictures.file(pictures.photo(90, 60), "PNG")}
    return lab.page.request.post(f"{lab.url}/api/images", multipart={"file": photo}).json()["image"]


@pytest.mark.parametrize("path", PICTURES)
def test_typed_numbers_are_restored_with_their_view(lab: Lab, path: str) -> None:
    lab.open()
    dispatch_file(lab, "paste", saved_picture(lab, TYPED, path), "image/png")
    lab.until("decodeURIComponent(location.search) === given", f"?{TYPED}")
    assert lab.scene()["image"] == {"planes": [[["0", "1.5"], ["-2", "1/3"]]], "divisor": 1}
    expect(lab.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert lab.problems() == ""


def test_a_sample_is_restored_and_back_undoes_it(lab: Lab) -> None:
    lab.open("image=face&layers=relu")
    choose_file(lab, "figure.png", "image/png", saved_picture(lab, SAMPLE))
    lab.until("decodeURIComponent(location.search) === given", f"?{SAMPLE}")
    lab.page.go_back()
    lab.until("location.search === given", "?image=face&layers=relu")


@pytest.mark.parametrize("shown", ["channels=gray", "channels=rgb&range=unit"])
def test_an_uploaded_picture_is_restored_where_the_file_contains_its_cells(lab: Lab, shown: str) -> None:
    lab.open()
    query = f"image={brought(lab)}&size=17x23&crop=3,4,50,70&{shown}&layers=conv:sobel-x~relu&stage=2&at=2,3"
    file = saved_picture(lab, f"{query}&pixels=1")
    dispatch_file(lab, "drop", file, "image/png")
    lab.says("image=u-", "size=17x23", "stage=2&at=2,3")
    expect(lab.part("problems")).to_contain_text("Your picture is kept")
    assert lab.link.split("&")[0] != query.split("&")[0]
    assert numbers(lab, lab.link) == numbers(lab, query)


@pytest.mark.complains("410")
def test_an_uploaded_picture_is_requested_where_the_file_lacks_its_cells(lab: Lab) -> None:
    lab.open()
    file = saved_picture(lab, f"image={brought(lab)}&layers=conv:sobel-x~relu")
    dispatch_file(lab, "drop", file, "image/png")
    lab.says("image=u-in-this-file", "layers=conv:sobel-x~relu")
    lab.ready()
    expect(lab.part("problems")).to_contain_text(
        "The file does not contain the picture of this figure. Drop the photo here again."
    )
    dispatch_file(lab, "drop", pictures.file(pictures.photo(90, 60), "JPEG"), "image/jpeg")
    lab.drops("u-in-this-file")
    assert lab.scene()["layers"][0]["filters"] == [{"kernel": "sobel-x"}]


@pytest.mark.complains("422")
def test_a_link_with_problems_opens_the_nearest_figure_with_a_notice(lab: Lab) -> None:
    lab.open()
    dispatch_file(
        lab, "drop", carrying({"version": 1, "link": "image=face&layers=conv:no-such-filter~relu"}), "image/png"
    )
    lab.says("image=face")
    lab.ready()
    expect(lab.part("problems")).to_contain_text("no-such-filter")


def test_a_newer_version_gives_a_notice(lab: Lab) -> None:
    lab.open()
    dispatch_file(lab, "drop", carrying({"version": 3, "link": "image=face"}), "image/png")
    expect(lab.part("problems")).to_contain_text("is of a newer version of Convoscope")


@pytest.mark.parametrize(
    "said",
    [None, [], "image=face", {"version": 1}, {"version": "1", "link": "a"}, {"version": 0, "link": ""}, {"link": "a"}]
    + [{"version": 1, "link": link} for link in (7, "a#b", "a b", "javascript\n", "é", "a" * 20_001)],
    ids=str,
)
def test_a_damaged_figure_is_read_as_a_picture(read: Callable[[bytes], object], said: object) -> None:
    assert read(carrying(said)) is None


def test_a_picture_with_a_broken_chunk_becomes_an_upload(lab: Lab) -> None:
    lab.open("layers=relu")
    dispatch_file(lab, "drop", carrying({"version": 1, "link": 5}), "image/png")
    lab.says("image=u-", "layers=relu")


def test_a_valid_file_is_read(read: Callable[[bytes], object]) -> None:
    assert read(carrying({"version": 2, "link": "image=face"})) == ["image=face", None]
    assert read(carrying({"version": 1, "link": "image=face"})) == ["version=1&image=face", None]


def test_a_picture_of_version_1_opens_the_figure_that_it_showed(lab: Lab) -> None:
    lab.open()
    link = "image=coffee&size=16&channels=rgb&layers=conv:sharpen"
    dispatch_file(lab, "drop", carrying({"version": 1, "link": link}), "image/png")
    lab.says("layers=conv:sharpen,groups=3")
    lab.drops("version")
    lab.ready()
    assert lab.scene()["version"] == 2
    expect(lab.part("problems").locator(".problem")).to_have_count(0)


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_random_chunks_never_throw_and_never_give_a_link_with_other_characters(browser: Browser, count: int) -> None:
    """Changes, removes and inserts bytes; half of the checksums are corrected, so that the text is read."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")
        files = [base64.b64encode(file).decode() for file in damaged(count)]
        outcome = page.evaluate(RANDOM, files)
    assert outcome["strange"] == []
    assert outcome["read"] > count / 50  # otherwise the test proves nothing
    assert outcome["refused"] > count / 50


RANDOM = """async (files) => {
  const { readEmbeddedFigure } = await import("convoscope/features/upload/figure-in-png.js");
  const outcome = { read: 0, refused: 0, strange: [] };
  for (const text of files) {
    try {
      const found = readEmbeddedFigure(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)));
      if (!found) outcome.refused++;
      else if (/^[!-~]*$/.test(found.link) && !/[#"<>\\\\^`{|}]/.test(found.link)) outcome.read++;
      else outcome.strange.push([text, found]);
    } catch (problem) {
      if (/newer Convoscope/.test(problem.message)) outcome.refused++;
      else outcome.strange.push([text, String(problem)]);
    }
  }
  return outcome;
}"""


def damaged(count: int) -> Iterator[bytes]:
    chance = np.random.default_rng(4)
    for _ in range(count):
        text = bytearray(b"convoscope\0\0\0\0\0" + json.dumps({"version": 1, "link": "image=u-in-this-file"}).encode())
        cells = bytearray(chance.integers(0, 256, chance.integers(0, 40), dtype=np.uint8).tobytes())
        for body in (text, cells):
            change(body, chance)
        file = bytearray(with_chunks(PIXEL, chunk(b"iTXt", bytes(text)), chunk(b"cvPx", bytes(cells))))
        if chance.random() < 0.5:
            change(file, chance)
        yield bytes(file)


def change(body: bytearray, chance: np.random.Generator) -> None:
    for _ in range(chance.integers(0, 3)):
        at = int(chance.integers(0, len(body) + 1))
        put = chance.integers(0, 256, chance.integers(0, 5), dtype=np.uint8).tobytes()
        body[at : at + int(chance.integers(0, 5))] = put


def png() -> bytes:
    file = io.BytesIO()
    Image.new("L", (8, 8), 90).save(file, "PNG")
    return file.getvalue()


PIXEL = png()


def carrying(said: object) -> bytes:
    return with_chunks(PIXEL, chunk(b"iTXt", b"convoscope\0\0\0\0\0" + json.dumps(said).encode()))


@pytest.fixture(scope="module")
def read(browser: Browser) -> Iterator[Callable[[bytes], object]]:
    """read(bytes): the link and size of the cells of a file, or None."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")

        def reading(file: bytes) -> object:
            return page.evaluate(
                """async (text) => {
                  const { readEmbeddedFigure } = await import("convoscope/features/upload/figure-in-png.js");
                  const found = readEmbeddedFigure(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)));
                  return found && [found.link, found.pixels?.size ?? null];
                }""",
                base64.b64encode(file).decode(),
            )

        yield reading
