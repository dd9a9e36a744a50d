"""A picture of one's own: chosen, dropped, pasted, from the camera; what leaves the device; what is refused."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from playwright.sync_api import Error, Playwright, Route, expect

from tests import pictures
from tests.browser.chromium import launch
from tests.browser.conftest import Complaints, new_page
from tests.browser.lab import Lab

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PHOTO = pictures.file(pictures.photo(400, 300), "JPEG", exif=pictures.exif())
# Playwright cannot read a body with files in it, so the page keeps what it is about to send, as it is sent.
KEEP = """
  window.sent = [];
  const send = window.fetch;
  window.fetch = async (address, options) => {
    if (options?.body instanceof FormData) {
      const bytes = new Uint8Array(await new Response(options.body).arrayBuffer());
      window.sent.push(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    }
    return send(address, options);
  };
"""
SCRIPT = """([text, type, how]) => {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "IMG_0001", { type }));
  const target = document.querySelector("[data-part=drop-zone]") ?? document.body;
  const event = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(how, { dataTransfer: data, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
}"""


def choose(lab: Lab, name: str, mime: str, data: bytes) -> None:
    lab.part("file").set_input_files({"name": name, "mimeType": mime, "buffer": data})


def choose_from_disk(lab: Lab, path: Path, data: bytes) -> None:
    """Choose a large file, which would take seconds as a part of the command to the browser."""
    path.write_bytes(data)
    lab.part("file").set_input_files(path)


def hand_over(lab: Lab, how: str, data: bytes, mime: str = "image/jpeg") -> None:
    lab.page.evaluate(SCRIPT, [base64.b64encode(data).decode(), mime, how])


def sent(lab: Lab) -> bytes:
    """The body of the one upload, with all that stands around the picture."""
    (body,) = lab.page.evaluate("window.sent")
    return str(body).encode("latin-1")


def working_copy(lab: Lab) -> Image.Image:
    """The picture as the server keeps it."""
    name = lab.scene()["image"]["upload"]
    return Image.open(io.BytesIO(lab.page.request.get(f"{lab.url}/api/images/{name}.png").body()))


def by_api(lab: Lab, data: bytes) -> np.ndarray:
    """The pixels that the same file becomes when a program sends it."""
    file = {"name": "x", "mimeType": "application/octet-stream", "buffer": data}
    answer = lab.page.request.post(f"{lab.url}/api/images", multipart={"file": file})
    assert answer.status == 201, answer.text()
    stored = lab.page.request.get(f"{lab.url}/api/images/{answer.json()['image']}.png")
    return np.asarray(Image.open(io.BytesIO(stored.body())))


def test_a_picture_is_chosen_and_becomes_the_figure(lab: Lab) -> None:
    lab.open("layers=conv:edges")
    with lab.page.expect_file_chooser() as chooser:
        lab.button("choose").click()
    chooser.value.set_files({"name": "holiday.jpg", "mimeType": "image/jpeg", "buffer": PHOTO})
    lab.says("image=u-", "layers=conv:edges")
    expect(lab.part("problems")).to_contain_text("Your picture is kept")
    expect(lab.button("Your picture")).to_have_attribute("aria-pressed", "true")
    assert working_copy(lab).size == (400, 300)
    lab.page.reload()
    lab.ready()
    assert "image=u-" in lab.link


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_picture_is_dropped_or_pasted_anywhere(lab: Lab, how: str) -> None:
    lab.open()
    if how == "drop":
        hand_over(lab, "dragover", PHOTO)
        expect(lab.part("drop-zone")).to_have_class(re.compile("over"))
    hand_over(lab, how, PHOTO)
    lab.says("image=u-")
    expect(lab.part("drop-zone")).not_to_have_class(re.compile("over"))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_what_is_seen_of_a_photo_leaves_the_device(lab: Lab, format_: str) -> None:
    """The request holds neither name nor place nor what the camera added behind the picture, but how to turn it."""
    image = pictures.photo(1200, 900)
    image.paste((230, 20, 40), (0, 0, 600, 450))
    whole = pictures.file(image, format_, quality=90, exif=pictures.exif(orientation=6), icc_profile=PROFILE)
    assert b"SECRETPHONE" in whole
    lab.page.add_init_script(KEEP)
    lab.open()
    mime = f"image/{format_.lower()}"
    choose(lab, "SECRETNAME.jpg", mime, whole + (b"" if format_ == "WEBP" else b"SECRETMOVIE"))
    lab.says("image=u-")
    body = sent(lab)
    assert b"SECRET" not in body
    assert len(body) > len(whole) - 2000, "else as it was"
    assert np.array_equal(np.asarray(working_copy(lab)), by_api(lab, whole))
    red = np.asarray(working_copy(lab))[100, 700]
    assert abs(red.astype(int) - [230, 20, 40]).max() < 12, "the top left corner of what was stored is now top right"
    expect(lab.part("problems")).to_contain_text("metadata removed")


def test_a_file_over_the_limit_is_made_smaller_in_the_browser_and_the_page_says_so(lab: Lab, tmp_path: Path) -> None:
    image = pictures.photo(3000, 2300)
    image.paste((230, 20, 40), (0, 0, 1500, 1150))
    lab.open()
    choose_from_disk(lab, tmp_path / "scan.bmp", pictures.file(image, "BMP"))
    lab.says("image=u-")
    expect(lab.part("problems")).to_contain_text("made smaller in the browser")
    assert working_copy(lab).size == (1024, 785)
    assert np.asarray(working_copy(lab))[100, 100].tolist() == [230, 20, 40]


@pytest.mark.complains("413")
def test_a_photo_of_too_many_pixels_is_made_smaller_in_the_browser(lab: Lab) -> None:
    lab.open()
    choose(lab, "panorama.png", "image/png", pictures.file(Image.new("RGB", (17_000, 1_700), (90, 80, 70)), "PNG"))
    lab.says("image=u-")
    expect(lab.part("problems")).to_contain_text("made smaller in the browser")
    assert working_copy(lab).size == (1024, 102)


def test_an_icon_of_five_pixels_stays_as_it_is(lab: Lab) -> None:
    icon = np.arange(25, dtype=np.uint8).reshape(5, 5) * 10
    lab.open()
    choose(lab, "icon.png", "image/png", pictures.file(Image.fromarray(icon), "PNG"))
    lab.says("image=u-")
    expect(lab.part("input-shape")).to_have_text("5 × 5")
    assert (np.asarray(working_copy(lab).convert("L")) == icon).all()


@pytest.mark.complains("4(00|15|22)")
@pytest.mark.parametrize(
    ("name", "mime", "data", "sentence"),
    [
        ("broken.jpg", "image/jpeg", PHOTO[:300], "."),
        ("notes.txt", "text/plain", b"no picture at all", "This file is a text"),
        ("drawing.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This file is an SVG drawing"),
        ("IMG_1.HEIC", "image/heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64), "."),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence_and_the_figure_stays(
    lab: Lab, name: str, mime: str, data: bytes, sentence: str
) -> None:
    lab.open("image=coffee")
    before = lab.result()
    choose(lab, name, mime, data)
    expect(lab.part("problems")).to_contain_text(sentence)
    assert len(lab.problems().split()) > 5
    assert "image=coffee" in lab.link
    assert lab.result() == before


def test_a_file_over_the_limit_is_told_before_anything_is_sent(lab: Lab) -> None:
    lab.open()
    posted: list[str] = []
    lab.page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    lab.page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([new Uint8Array(20_500_000)], "scan.tiff", { type: "image/tiff" }));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(lab.part("problems")).to_contain_text("This file has 20.5 MB; the limit is 20 MB.")
    assert posted == []


def test_where_a_canvas_adds_noise_nothing_is_made_smaller(lab: Lab, tmp_path: Path) -> None:
    lab.page.add_init_script(
        """const read = CanvasRenderingContext2D.prototype.getImageData;
        CanvasRenderingContext2D.prototype.getImageData = function (...box) {
          const image = read.apply(this, box);
          image.data[0] ^= 1;
          return image;
        };"""
    )
    lab.open()
    choose_from_disk(lab, tmp_path / "scan.bmp", pictures.file(pictures.photo(3000, 2300), "BMP"))
    expect(lab.part("problems")).to_contain_text("This file has 20.7 MB; the limit is 20 MB.")


@pytest.mark.complains("422")
def test_a_picture_that_its_layers_do_not_fit_is_shown_without_them(lab: Lab) -> None:
    lab.open()
    choose(lab, "line.png", "image/png", pictures.file(pictures.photo(40, 1), "PNG"))
    expect(lab.part("problems")).to_contain_text("there are only 1 rows")
    expect(lab.part("problems")).to_contain_text("shown without layers")
    expect(lab.part("delete-picture")).to_be_visible()
    expect(lab.part("strip").locator("button.stage")).to_have_count(1)
    lab.page.go_back()
    expect(lab.part("strip").locator("button.stage")).to_have_count(4)


def test_of_two_pictures_the_one_brought_last_stays(lab: Lab) -> None:
    lab.open()
    held: list[Route] = []
    lab.page.route("**/api/images", lambda route: route.continue_() if held else held.append(route))
    choose(lab, "first.png", "image/png", pictures.file(pictures.photo(40, 30), "PNG"))
    lab.until("!document.querySelector('[data-part=busy]').hidden")
    lab.eventually(lambda: held)
    choose(lab, "second.png", "image/png", pictures.file(pictures.photo(50, 20), "PNG"))
    lab.says("image=u-")
    second = lab.link
    with suppress(Error):  # the page has given it up
        held[0].continue_()
    lab.page.keyboard.press("ArrowRight")
    lab.until("decodeURIComponent(location.search) !== `?${given}`", second)
    assert working_copy(lab).size == (50, 20)


def test_an_own_picture_can_be_deleted_at_once(lab: Lab) -> None:
    lab.open()
    choose(lab, "holiday.jpg", "image/jpeg", PHOTO)
    lab.says("image=u-")
    name = lab.scene()["image"]["upload"]
    lab.part("delete-picture").click()
    lab.drops("image=u-")
    assert lab.page.request.get(f"{lab.url}/api/images/{name}.png").status == 410


@pytest.mark.complains("ERR_FAILED|500|403")
@pytest.mark.parametrize("where", ["", "filters"])
def test_a_picture_that_was_not_deleted_is_not_said_to_be_gone(lab: Lab, where: str) -> None:
    """Where another try may help there is a button for it; a refusal is said as it is, and the figure stays."""
    lab.page.goto(f"{lab.url}/{where}")
    choose(lab, "holiday.jpg", "image/jpeg", PHOTO)
    lab.says("image=u-")
    own = re.compile(r"/api/images/u-")
    answers = [
        {"status": 500, "json": {"detail": "The shelf is stuck."}},
        {"status": 403, "json": {"detail": "Not yours."}},
    ]

    def answer(route: Route) -> None:
        route.fulfill(**answers.pop(0)) if route.request.method == "DELETE" else route.continue_()

    lab.page.route(own, answer)
    lab.part("delete-picture").click()
    expect(lab.part("trouble")).to_contain_text("The shelf is stuck.")
    lab.part("retry").click()
    expect(lab.part("problems")).to_have_text(re.compile("^Not yours."))
    assert "image=u-" in lab.link
    expect(lab.part("retry")).to_have_count(0)


@pytest.fixture
def filming(playwright: Playwright, base_url: str, complaints: Complaints) -> Iterator[Lab]:
    """A browser of its own, with a camera that shows a test picture."""
    with launch(playwright, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as browser:
        page = new_page(browser.new_context(permissions=["camera"]))
        complaints.listen(page)
        yield Lab(page, base_url)


def test_a_picture_comes_from_the_camera(filming: Lab) -> None:
    filming.open()
    filming.button("camera").click()
    filming.part("take-picture").click()
    filming.says("image=u-")
    assert min(working_copy(filming).size) > 100
    expect(filming.page.get_by_role("dialog")).to_have_count(0)


def test_without_a_camera_the_page_says_so(lab: Lab) -> None:
    lab.open()
    lab.button("camera").click()
    dialog = lab.page.get_by_role("dialog", name="Camera")
    expect(dialog).to_contain_text("No camera can be used here")
    expect(lab.part("take-picture")).to_be_disabled()
    lab.button("Close").click()
    expect(dialog).to_have_count(0)
