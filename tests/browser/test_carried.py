"""Pictures that carry their figure: dropped, chosen or pasted they open it as it was; broken ones are just pictures."""

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
from tests.browser.lab import Lab
from tests.browser.test_lab_upload import choose, hand_over
from tests.browser.test_pure_modules import SITE, answer
from tests.carried import chunk, with_chunks

TYPED = "image=(0,1.5;-2,1/3)&layers=conv:(1,-1)~relu&stage=2&at=1,0&beat=window&theme=dark"
SAMPLE = "image=coffee&size=16&channels=rgb&layers=conv:random*4@3x3,groups=1,seed=7~relu&map=2&at=3,4&colors=photo"
PICTURES = ("/api/picture.png", "/api/figure.png")


def pulled(lab: Lab, query: str, path: str = PICTURES[0]) -> bytes:
    """A picture as somebody saves it."""
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
def test_typed_numbers_come_back_with_all_that_was_said_of_them(lab: Lab, path: str) -> None:
    lab.open()
    hand_over(lab, "paste", pulled(lab, TYPED, path), "image/png")
    lab.until("decodeURIComponent(location.search) === given", f"?{TYPED}")
    assert lab.scene()["image"] == {"planes": [[["0", "1.5"], ["-2", "1/3"]]], "divisor": 1}
    expect(lab.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert lab.problems() == ""


def test_a_sample_comes_back_and_back_undoes_it(lab: Lab) -> None:
    lab.open("image=face&layers=relu")
    choose(lab, "figure.png", "image/png", pulled(lab, SAMPLE))
    lab.until("decodeURIComponent(location.search) === given", f"?{SAMPLE}")
    lab.page.go_back()
    lab.until("location.search === given", "?image=face&layers=relu")


@pytest.mark.parametrize("shown", ["channels=gray", "channels=rgb&range=unit"])
def test_a_brought_picture_comes_back_to_the_last_cell_when_its_cells_were_put_in(lab: Lab, shown: str) -> None:
    lab.open()
    query = f"image={brought(lab)}&size=17x23&crop=3,4,50,70&{shown}&layers=conv:sobel-x~relu&stage=2&at=2,3"
    file = pulled(lab, f"{query}&pixels=1")
    hand_over(lab, "drop", file, "image/png")
    lab.says("image=u-", "size=17x23", "stage=2&at=2,3")
    expect(lab.part("problems")).to_contain_text("Your picture is here")
    assert lab.link.split("&")[0] != query.split("&")[0]
    assert numbers(lab, lab.link) == numbers(lab, query)


@pytest.mark.complains("410")
def test_a_brought_picture_that_was_left_out_is_asked_for_again(lab: Lab) -> None:
    lab.open()
    file = pulled(lab, f"image={brought(lab)}&layers=conv:sobel-x~relu")
    hand_over(lab, "drop", file, "image/png")
    lab.says("image=u-in-this-file", "layers=conv:sobel-x~relu")
    lab.ready()
    expect(lab.part("problems")).to_contain_text(
        "The file does not contain the picture of this figure. Drop the photo here again."
    )
    hand_over(lab, "drop", pictures.file(pictures.photo(90, 60), "JPEG"), "image/jpeg")
    lab.drops("u-in-this-file")
    assert lab.scene()["layers"][0]["filters"] == [{"kernel": "sobel-x"}]


@pytest.mark.complains("422")
def test_a_link_that_does_not_fit_here_opens_what_is_nearest_with_a_sentence(lab: Lab) -> None:
    lab.open()
    hand_over(lab, "drop", carrying({"version": 1, "link": "image=face&layers=conv:no-such-filter~relu"}), "image/png")
    lab.says("image=face")
    lab.ready()
    expect(lab.part("problems")).to_contain_text("no-such-filter")


def test_a_newer_version_is_said_in_a_sentence(lab: Lab) -> None:
    lab.open()
    hand_over(lab, "drop", carrying({"version": 2, "link": "image=face"}), "image/png")
    expect(lab.part("problems")).to_contain_text("carries a figure of a newer Convoscope")


@pytest.mark.parametrize(
    "said",
    [None, [], "image=face", {"version": 1}, {"version": "1", "link": "a"}, {"version": 0, "link": ""}, {"link": "a"}]
    + [{"version": 1, "link": link} for link in (7, "a#b", "a b", "javascript\n", "é", "a" * 20_001)],
    ids=str,
)
def test_what_is_not_whole_is_just_a_picture(read: Callable[[bytes], object], said: object) -> None:
    assert read(carrying(said)) is None


def test_a_picture_with_a_broken_chunk_becomes_an_upload(lab: Lab) -> None:
    lab.open("layers=relu")
    hand_over(lab, "drop", carrying({"version": 1, "link": 5}), "image/png")
    lab.says("image=u-", "layers=relu")


def test_a_whole_file_is_read(read: Callable[[bytes], object]) -> None:
    assert read(carrying({"version": 1, "link": "image=face"})) == ["image=face", None]


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_random_chunks_never_throw_and_never_give_a_link_with_other_signs(browser: Browser, count: int) -> None:
    """Bytes changed, cut and put in, with checksums made right again half of the time, so that the text is read."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")
        files = [base64.b64encode(file).decode() for file in damaged(count)]
        outcome = page.evaluate(RANDOM, files)
    assert outcome["strange"] == []
    assert outcome["read"] > count / 50  # else nothing was tried
    assert outcome["refused"] > count / 50


RANDOM = """async (files) => {
  const { readCarried } = await import("convoscope/carried.js");
  const outcome = { read: 0, refused: 0, strange: [] };
  for (const text of files) {
    try {
      const found = readCarried(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)));
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
    """What the reader makes of a file: link and size of the cells, or None."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")

        def reading(file: bytes) -> object:
            return page.evaluate(
                """async (text) => {
                  const { readCarried } = await import("convoscope/carried.js");
                  const found = readCarried(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)));
                  return found && [found.link, found.pixels?.size ?? null];
                }""",
                base64.b64encode(file).decode(),
            )

        yield reading
