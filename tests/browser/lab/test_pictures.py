"""Pictures of every kind: the page and the API make the same cells of a file, and the page says what was done to it."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, expect

from tests import picture_files as files
from tests import pictures
from tests.browser.lab.test_upload import PROFILE, choose_file, fetch_stored, upload_by_api
from tests.browser.lab_page import ImageLab, Lab


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


RAMP = np.add.outer(np.arange(24), np.arange(40)) * 1000
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
TURNED = pictures.stored_as(pictures.photo(40, 24), 6)


def with_raw_profile() -> bytes:
    """What ImageMagick writes: EXIF as text, which browsers do not look at."""
    exif = pictures.exif(6).tobytes()
    text = PngInfo()
    text.add_text("Raw profile type exif", f"\nexif\n{len(exif)}\n{exif.hex()}", zip=True)
    return pictures.file(TURNED, "PNG", pnginfo=text)


KINDS = {
    "jpeg": ("image/jpeg", pictures.file(pictures.photo(1300, 900), "JPEG", quality=80)),
    "jpeg, EXIF": ("image/jpeg", pictures.file(TURNED, "JPEG", exif=pictures.exif(6))),
    "jpeg, XMP": ("image/jpeg", pictures.file(TURNED, "JPEG", xmp=XMP)),
    "jpeg, CMYK": ("image/jpeg", pictures.file(pictures.photo(40, 24).convert("CMYK"), "JPEG")),
    "jpeg, profile": ("image/jpeg", pictures.file(pictures.photo(40, 24), "JPEG", icc_profile=PROFILE)),
    "jpeg, without its end": ("image/jpeg", pictures.file(pictures.photo(40, 24), "JPEG", comment=b"c")[:-2]),
    "jpeg, progressive": ("image/jpeg", pictures.file(pictures.photo(80, 50), "JPEG", progressive=True, exif=b"Exif")),
    "webp, EXIF": ("image/webp", pictures.file(TURNED, "WEBP", lossless=True, exif=pictures.exif(6), xmp=XMP)),
    "webp, opacity": ("image/webp", pictures.file(pictures.photo(9, 9).convert("RGBA"), "WEBP", xmp=XMP)),
    "png, EXIF": ("image/png", pictures.file(TURNED, "PNG", exif=pictures.exif(6))),
    "png, EXIF as text": ("image/png", with_raw_profile()),
    "png, gamma": ("image/png", files.png(RAMP // 256, 8, files.GRAY, files.gamma(1.0))),
    "png, code points": ("image/png", files.png(RAMP // 256, 8, files.GRAY, files.chunk(b"cICP", b"\1\x08\0\1"))),
    "png, 16 bits": ("image/png", files.png(RAMP, 16, files.GRAY, files.transparent(3000))),
    "png, 1 bit": ("image/png", files.png(RAMP % 2, 1, files.GRAY, files.transparent(1))),
    "png, palette": ("image/png", pictures.file(pictures.photo(40, 24).convert("P"), "PNG", transparency=3)),
    "gif": ("image/gif", pictures.file(pictures.photo(40, 24), "GIF")),
    "bmp": ("image/bmp", files.bmp(RAMP, 108, (0xFF0000, 0xFF00, 0xFF, 0xFF000000))),
    "avif, EXIF": ("image/avif", pictures.file(TURNED, "AVIF", exif=pictures.exif(6))),
    "tiff": ("image/tiff", files.tiff(RAMP.astype("u2"))),
    "pgm": ("", b"P2\n6 6\n36\n" + b" ".join(b"%d" % i for i in range(36))),
}


@pytest.mark.parametrize("kind", KINDS)
def test_page_and_api_make_the_same_cells_of_a_file(lab: Lab, kind: str) -> None:
    mime, data = KINDS[kind]
    lab.open()
    choose_file(lab, "IMG_1", mime, data)
    lab.says("image=u-")
    assert np.array_equal(np.asarray(fetch_stored(lab)), upload_by_api(lab, data))


@pytest.mark.parametrize("path", ["/", "/filters"])
def test_what_was_done_to_a_picture_stands_beside_it_for_as_long_as_it_is_shown(lab: Lab, path: str) -> None:
    lab.page.goto(f"{lab.url}{path}")
    image = pictures.photo(1100, 700).convert("RGBA")
    image.putpixel((0, 0), (0, 0, 0, 0))
    choose_file(lab, "own.png", "image/png", pictures.file(image, "PNG"))
    lab.says("image=u-")
    said = "scaled from 700 × 1100 to 652 × 1024 pixels, transparent parts shown on white"
    expect(lab.part("problems")).to_contain_text(said)
    expect(lab.part("picture-notes")).to_have_text(f"Your picture: {said}.")
    lab.page.reload()
    expect(lab.part("picture-notes")).to_have_text(f"Your picture: {said}.")
    assert lab.part("picture-notes").locator("xpath=ancestor-or-self::*[@role='status' or @aria-live]").count() == 0
    if path == "/":
        lab.ready().settings("image")
    lab.page.locator("[data-sample]").first.click()
    expect(lab.part("picture-notes")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/filters"])
def test_a_dark_picture_is_stretched_by_a_button(lab: Lab, path: str) -> None:
    values = 100 + RAMP // 20
    data = files.png(values, 16, files.GRAY)
    lab.page.goto(f"{lab.url}{path}")
    choose_file(lab, "x-ray.png", "image/png", data)
    lab.says("image=u-")
    dark = lab.link
    expect(lab.part("problems")).to_contain_text("only 12 of 16 bits are used")
    assert gray_copy(lab).max() < 16
    if path == "/":
        lab.keep_whole_picture()
    lab.part("stretch").click()
    lab.until("decodeURIComponent(location.search) !== `?${given}`", dark)
    expect(lab.part("picture-notes")).to_contain_text(f"stretched: 100 became black and {values.max()} white")
    if path == "/":
        lab.keep_whole_picture()
    expected = np.round((values - 100) / (values.max() - 100) * 255)
    assert np.array_equal(gray_copy(lab), expected)
    expect(lab.part("stretch")).to_have_count(0)
    lab.page.go_back()
    expect(lab.part("picture-notes")).to_contain_text("only 12 of 16 bits are used")
    if path == "/":
        lab.settings("image")
    lab.key("stretch").click()
    expect(lab.part("picture-notes")).to_contain_text("stretched: 100")


def gray_copy(lab: Lab) -> np.ndarray:
    """The picture that the address names, as the server keeps it; also of pages that keep no scene."""
    found = re.search(r"image=(u-\w+)", lab.link)
    assert found
    kept = lab.page.request.get(f"{lab.url}/api/images/{found[1]}.png").body()
    return np.asarray(Image.open(io.BytesIO(kept)).convert("L"))
