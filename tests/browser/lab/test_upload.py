"""Uploads: chosen, dropped, pasted or photographed pictures, what is sent, and what is refused."""

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
from playwright.sync_api import Error, Page, Playwright, Route, expect

from tests import pictures
from tests.browser.chromium import launch
from tests.browser.conftest import Complaints, new_page
from tests.browser.lab_page import ImageLab, Lab


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PHOTO = pictures.file(pictures.photo(400, 300), "JPEG", exif=pictures.exif())
# Playwright cannot read a body with files, so the page records each body that it sends.
RECORD_UPLOADS = """
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
DISPATCH_FILE = """([text, type, how]) => {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "IMG_0001", { type }));
  const target = document.querySelector("[data-part=drop-zone]") ?? document.body;
  const event = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(how, { dataTransfer: data, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
}"""


def choose_file(lab: Lab, name: str, mime: str, data: bytes) -> None:
    lab.part("file").set_input_files({"name": name, "mimeType": mime, "buffer": data})


def choose_from_disk(lab: Lab, path: Path, data: bytes) -> None:
    """Choose a large file from disk, which is faster than sending it to the browser in a command."""
    path.write_bytes(data)
    lab.part("file").set_input_files(path)


def dispatch_file(lab: Lab, how: str, data: bytes, mime: str = "image/jpeg") -> None:
    lab.page.evaluate(DISPATCH_FILE, [base64.b64encode(data).decode(), mime, how])


def read_sent_body(lab: Lab) -> bytes:
    """The body of the only upload, including its form data."""
    (body,) = lab.page.evaluate("window.sent")
    return str(body).encode("latin-1")


def fetch_stored(lab: Lab) -> Image.Image:
    """The picture as the server stores it."""
    name = lab.scene()["image"]["upload"]
    return Image.open(io.BytesIO(lab.page.request.get(f"{lab.url}/api/images/{name}.png").body()))


def upload_by_api(lab: Lab, data: bytes) -> np.ndarray:
    """The stored pixels of the same file, sent to the API directly."""
    file = {"name": "x", "mimeType": "application/octet-stream", "buffer": data}
    answer = lab.page.request.post(f"{lab.url}/api/images", multipart={"file": file})
    assert answer.status == 201, answer.text()
    stored = lab.page.request.get(f"{lab.url}/api/images/{answer.json()['image']}.png")
    return np.asarray(Image.open(io.BytesIO(stored.body())))


def test_a_chosen_picture_becomes_the_input(lab: Lab) -> None:
    lab.open("layers=conv:edges")
    with lab.page.expect_file_chooser() as chooser:
        lab.button("choose").click()
    chooser.value.set_files({"name": "holiday.jpg", "mimeType": "image/jpeg", "buffer": PHOTO})
    lab.says("image=u-", "layers=conv:edges")
    expect(lab.part("problems")).to_contain_text("Your picture is kept")
    expect(lab.button("Your picture")).to_have_attribute("aria-pressed", "true")
    assert fetch_stored(lab).size == (400, 300)
    lab.page.reload()
    lab.ready()
    assert "image=u-" in lab.link


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_picture_can_be_dropped_or_pasted_anywhere(lab: Lab, how: str) -> None:
    lab.open()
    if how == "drop":
        dispatch_file(lab, "dragover", PHOTO)
        expect(lab.part("drop-zone")).to_have_class(re.compile("over"))
    dispatch_file(lab, how, PHOTO)
    lab.says("image=u-")
    expect(lab.part("drop-zone")).not_to_have_class(re.compile("over"))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_an_upload_contains_no_metadata_except_the_orientation(lab: Lab, format_: str) -> None:
    """The request contains no file name, location or trailing camera data, but the orientation."""
    image = pictures.photo(1200, 900)
    image.paste((230, 20, 40), (0, 0, 600, 450))
    whole = pictures.file(image, format_, quality=90, exif=pictures.exif(orientation=6), icc_profile=PROFILE)
    assert b"SECRETPHONE" in whole
    lab.page.add_init_script(RECORD_UPLOADS)
    lab.open()
    mime = f"image/{format_.lower()}"
    choose_file(lab, "SECRETNAME.jpg", mime, whole + (b"" if format_ == "WEBP" else b"SECRETMOVIE"))
    lab.says("image=u-")
    body = read_sent_body(lab)
    assert b"SECRET" not in body
    assert len(body) > len(whole) - 2000, "the image data is unchanged"
    assert np.array_equal(np.asarray(fetch_stored(lab)), upload_by_api(lab, whole))
    red = np.asarray(fetch_stored(lab))[100, 700]
    assert abs(red.astype(int) - [230, 20, 40]).max() < 12, "the top left corner of what was stored is now top right"
    expect(lab.part("problems")).to_contain_text("metadata removed")


def test_the_browser_shrinks_a_file_over_the_limit_and_the_page_says_so(lab: Lab, tmp_path: Path) -> None:
    image = pictures.photo(3000, 2300)
    image.paste((230, 20, 40), (0, 0, 1500, 1150))
    lab.open()
    choose_from_disk(lab, tmp_path / "scan.bmp", pictures.file(image, "BMP"))
    lab.says("image=u-")
    expect(lab.part("problems")).to_contain_text("made smaller in the browser")
    assert fetch_stored(lab).size == (1024, 785)
    assert np.asarray(fetch_stored(lab))[100, 100].tolist() == [230, 20, 40]


@pytest.mark.complains("413")
def test_the_browser_shrinks_a_photo_of_too_many_pixels(lab: Lab) -> None:
    lab.open()
    choose_file(lab, "panorama.png", "image/png", pictures.file(Image.new("RGB", (17_000, 1_700), (90, 80, 70)), "PNG"))
    lab.says("image=u-")
    expect(lab.part("problems")).to_contain_text("made smaller in the browser")
    assert fetch_stored(lab).size == (1024, 102)


def test_an_icon_of_five_pixels_is_not_resized(lab: Lab) -> None:
    icon = np.arange(25, dtype=np.uint8).reshape(5, 5) * 10
    lab.open()
    choose_file(lab, "icon.png", "image/png", pictures.file(Image.fromarray(icon), "PNG"))
    lab.says("image=u-")
    expect(lab.part("input-shape")).to_have_text("5 × 5")
    assert (np.asarray(fetch_stored(lab).convert("L")) == icon).all()


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
def test_an_unreadable_file_shows_an_error_and_the_figure_stays(
    lab: Lab, name: str, mime: str, data: bytes, sentence: str
) -> None:
    lab.open("image=coffee")
    before = lab.result()
    choose_file(lab, name, mime, data)
    expect(lab.part("problems")).to_contain_text(sentence)
    assert len(lab.problems().split()) > 5
    assert "image=coffee" in lab.link
    assert lab.result() == before


def test_a_file_over_the_limit_is_refused_before_anything_is_sent(lab: Lab) -> None:
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


def test_a_browser_whose_canvas_adds_noise_does_not_shrink_files(lab: Lab, tmp_path: Path) -> None:
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
def test_a_picture_too_small_for_the_layers_is_shown_without_layers(lab: Lab) -> None:
    lab.open()
    choose_file(lab, "line.png", "image/png", pictures.file(pictures.photo(40, 1), "PNG"))
    expect(lab.part("problems")).to_contain_text("its input has only 1 row.")
    expect(lab.part("problems")).to_contain_text("shown without layers")
    expect(lab.part("delete-picture")).to_be_visible()
    expect(lab.part("strip").locator("button.stage")).to_have_count(1)
    lab.page.go_back()
    expect(lab.part("strip").locator("button.stage")).to_have_count(4)


def test_the_page_says_which_part_of_a_long_picture_is_shown_and_that_transparent_parts_are_white(lab: Lab) -> None:
    lab.open("layers=conv:edges&stage=0")
    picture = Image.new("RGBA", (900, 60), (200, 30, 30, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 900, 20))
    with lab.answers():
        choose_file(lab, "wide.png", "image/png", pictures.file(picture, "PNG"))
    lab.keep_whole_picture()
    expect(lab.part("output-shape")).to_have_text("4 × 64")
    lab.part("size").select_option("32")
    lab.drops("size=")
    cropped = "Only the middle 60 × 60 of the picture's 60 × 900 pixels are shown, so that the cells stay square."
    lab.stage("Input")
    expect(lab.part("notes")).to_be_visible()
    expect(lab.part("notes")).to_contain_text(cropped)
    expect(lab.part("notes")).to_contain_text("Your picture: transparent parts shown on white.")


def test_a_picture_of_one_row_is_shown_as_it_is_and_the_size_menu_says_its_size(lab: Lab) -> None:
    lab.open("layers=")
    with lab.answers():
        choose_file(lab, "line.png", "image/png", pictures.file(Image.new("L", (1000, 1), 90), "PNG"))
    lab.keep_whole_picture()
    expect(lab.part("size").locator("option:checked")).to_have_text("1 × 64")
    lab.part("size").select_option("32")
    expect(lab.part("notes")).to_contain_text("Only the middle 1 × 32 of the picture's 1 × 1,000 pixels are shown")
    expect(lab.part("size").locator("option:checked")).to_have_text("1 × 32")


def test_the_last_of_two_uploads_stays(lab: Lab) -> None:
    lab.open()
    pending: list[Route] = []
    lab.page.route("**/api/images", lambda route: route.continue_() if pending else pending.append(route))
    choose_file(lab, "first.png", "image/png", pictures.file(pictures.photo(40, 30), "PNG"))
    lab.until("!document.querySelector('[data-part=busy]').hidden")
    lab.eventually(lambda: pending)
    choose_file(lab, "second.png", "image/png", pictures.file(pictures.photo(50, 20), "PNG"))
    lab.says("image=u-")
    cut = lab.page.get_by_role("dialog", name="Choose a part of the picture")
    expect(cut).to_be_visible()
    lab.page.keyboard.press("Escape")
    expect(cut).to_have_count(0)
    second = lab.rest().link
    with suppress(Error):  # the page has aborted it
        pending[0].continue_()
    lab.page.keyboard.press("ArrowRight")
    lab.until("decodeURIComponent(location.search) !== `?${given}`", second)
    assert fetch_stored(lab).size == (50, 20)


def test_the_uploader_can_delete_a_picture_at_once(lab: Lab) -> None:
    lab.open()
    choose_file(lab, "holiday.jpg", "image/jpeg", PHOTO)
    lab.says("image=u-")
    lab.keep_whole_picture()
    name = lab.scene()["image"]["upload"]
    lab.part("delete-picture").click()
    lab.drops("image=u-")
    assert lab.page.request.get(f"{lab.url}/api/images/{name}.png").status == 410


@pytest.mark.complains("ERR_FAILED|500|403")
@pytest.mark.parametrize("where", ["", "filters"])
def test_a_failed_deletion_shows_an_error(lab: Lab, where: str) -> None:
    """A server error offers Retry; a refusal shows the server's message; the figure stays."""
    lab.page.goto(f"{lab.url}/{where}")
    choose_file(lab, "holiday.jpg", "image/jpeg", PHOTO)
    lab.says("image=u-")
    own = re.compile(r"/api/images/u-")
    answers = [
        {"status": 500, "json": {"detail": "The store failed."}},
        {"status": 403, "json": {"detail": "Not yours."}},
    ]

    def answer(route: Route) -> None:
        route.fulfill(**answers.pop(0)) if route.request.method == "DELETE" else route.continue_()

    lab.page.route(own, answer)
    if not where:
        lab.keep_whole_picture()
    lab.part("delete-picture").click()
    expect(lab.part("trouble")).to_contain_text("The store failed.")
    lab.part("retry").click()
    expect(lab.part("problems")).to_have_text(re.compile("^Not yours."))
    assert "image=u-" in lab.link
    expect(lab.part("retry")).to_have_count(0)


@pytest.fixture
def camera_lab(playwright: Playwright, base_url: str, complaints: Complaints) -> Iterator[Lab]:
    """A Lab in a separate browser with a fake camera."""
    with launch(playwright, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as browser:
        page = new_page(browser.new_context(permissions=["camera"]))
        complaints.listen(page)
        yield ImageLab(page, base_url)


def test_a_photo_from_the_camera_becomes_the_input(camera_lab: Lab) -> None:
    camera_lab.open()
    camera_lab.button("camera").click()
    camera_lab.part("take-picture").click()
    camera_lab.says("image=u-")
    assert min(fetch_stored(camera_lab).size) > 100
    camera_lab.keep_whole_picture()
    expect(camera_lab.page.get_by_role("dialog")).to_have_count(0)


def test_without_a_camera_the_page_says_so(lab: Lab) -> None:
    lab.open()
    lab.button("camera").click()
    dialog = lab.page.get_by_role("dialog", name="Camera")
    expect(dialog).to_contain_text("No camera can be used here")
    expect(lab.part("take-picture")).to_be_disabled()
    lab.button("Close").click()
    expect(dialog).to_have_count(0)
