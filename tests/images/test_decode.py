"""Decoding: an untrusted file becomes upright sRGB pixels, or an error with a sentence."""

from __future__ import annotations

import contextlib
import io
import random
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.images.decoding.decode import DecodedPicture, DecodeLimits, decode_picture
from app.images.decoding.image_formats import count_scans
from app.images.store.store import Store
from app.processes.file_errors import UnreadableFile
from tests import pictures

LIMITS = DecodeLimits()
NEAR = 40  # of 255: what lossy formats may change in a flat quarter


def decode(data: bytes, **limits: int) -> DecodedPicture:
    """The picture, its notes in English."""
    decoded = decode_picture(data, DecodeLimits(**limits))
    return replace(decoded, notes=tuple(map(str, decoded.notes)))


def refusal(data: bytes, **limits: int) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        decode(data, **limits)
    message = refused.value.message
    assert message.endswith("."), "a sentence"
    assert "Error" not in message, "plain words"
    return refused.value


def assert_corners(pixels: np.ndarray, tolerance: int = NEAR) -> None:
    height, width, _ = pixels.shape
    for row, colors in enumerate(pictures.CORNERS):
        for column, color in enumerate(colors):
            found = pixels[height * (2 * row + 1) // 4, width * (2 * column + 1) // 4].astype(int)
            assert np.abs(found - color).max() <= tolerance, (row, column, found)


# -- formats ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format_", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("PNG", {}),
        ("WEBP", {"quality": 95}),
        ("WEBP", {"lossless": True}),
        ("GIF", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("PPM", {}),
        ("AVIF", {"quality": 95}),
    ],
)
def test_each_allowed_format_is_read(format_: str, options: dict[str, object]) -> None:
    decoded = decode(pictures.file(pictures.corners(), format_, **options))
    assert decoded.pixels.shape == (32, 48, 3)
    assert decoded.pixels.dtype == np.uint8
    assert_corners(decoded.pixels)
    assert decoded.notes == (("converted from a palette",) if format_ == "GIF" else ())


def test_a_lossless_picture_keeps_every_pixel() -> None:
    image = pictures.photo(57, 43)
    decoded = decode(pictures.file(image, "PNG"))
    np.testing.assert_array_equal(decoded.pixels, np.asarray(image))


def test_an_icon_of_five_pixels_is_read() -> None:
    assert decode(pictures.file(pictures.photo(5, 5), "PNG")).pixels.shape == (5, 5, 3)


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP", "AVIF", "TIFF"])
def test_the_first_frame_of_an_animation_is_kept(format_: str) -> None:
    second = Image.new("RGB", (48, 32), "black")
    data = pictures.file(pictures.corners(), format_, save_all=True, append_images=[second])
    decoded = decode(data)
    assert_corners(decoded.pixels)
    assert decoded.notes[0] == "only the first of several pictures kept"


def test_a_heic_photo_is_read_if_the_extra_is_installed() -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    data = pictures.file(pictures.corners(64, 64), "HEIF", quality=95)
    assert_corners(decode(data).pixels)


def test_a_heic_photo_is_an_error_with_advice_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
    refused = refusal(data)
    assert refused.status == 415
    assert "Settings > Camera > Formats > Most Compatible" in refused.message
    assert "screenshot" in refused.message


def test_an_empty_file_is_an_error() -> None:
    refused = refusal(b"")
    assert refused.status == 422
    assert "empty" in refused.message


# -- what is done to the pixels -----------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_is_turned_upright(orientation: int, format_: str) -> None:
    stored = pictures.stored_as(pictures.corners(), orientation)
    data = pictures.file(stored, format_, quality=95, exif=pictures.exif(orientation))
    decoded = decode(data)
    assert decoded.pixels.shape == (32, 48, 3)
    assert_corners(decoded.pixels)
    assert ("turned upright" in decoded.notes) == (orientation != 1)


def test_a_large_photo_is_scaled_and_the_note_gives_both_sizes_as_seen_upright() -> None:
    stored = pictures.stored_as(pictures.corners(1500, 2000), 6)
    decoded = decode(pictures.file(stored, "JPEG", exif=pictures.exif(6)))
    assert decoded.pixels.shape == (1024, 768, 3)
    assert "scaled from 2000 × 1500 to 1024 × 768 pixels" in decoded.notes
    assert_corners(decoded.pixels)


@pytest.mark.parametrize(("of", "to"), [((1024, 1024), (1024, 1024)), ((1025, 10), (1024, 10)), ((4000, 1), (1024, 1))])
def test_the_working_copy_is_at_most_1024_pixels_a_side(of: tuple[int, int], to: tuple[int, int]) -> None:
    decoded = decode(pictures.file(pictures.photo(*of), "PNG"))
    assert decoded.pixels.shape == (to[1], to[0], 3)
    assert bool(decoded.notes) == (of != to)


def test_scaling_averages_instead_of_picking_pixels() -> None:
    stripes = np.zeros((64, 4096), np.uint8)
    stripes[:, ::2] = 255
    decoded = decode(pictures.file(Image.fromarray(stripes), "PNG"))
    assert np.abs(decoded.pixels[4:-4, 4:-4].astype(int) - 128).max() <= 4


def test_transparent_pixels_are_shown_on_white() -> None:
    image = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    image.putpixel((1, 0), (0, 0, 0, 0))
    decoded = decode(pictures.file(image, "PNG"))
    assert decoded.pixels.tolist() == [[[255, 0, 0], [255, 255, 255]]]
    assert decoded.notes == ("transparent parts shown on white",)


def test_half_opaque_black_is_middle_gray() -> None:
    decoded = decode(pictures.file(Image.new("LA", (1, 1), (0, 127)), "PNG"))
    assert decoded.pixels.tolist() == [[[128, 128, 128]]]


def test_an_opaque_alpha_channel_gets_no_note() -> None:
    assert decode(pictures.file(Image.new("RGBA", (4, 4), "red"), "PNG")).notes == ()


def test_hidden_colors_do_not_bleed_into_a_scaled_picture() -> None:
    image = Image.new("RGBA", (2048, 64), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (1024, 0, 2048, 64))
    decoded = decode(pictures.file(image, "PNG"))
    # Red is never less than both others: it was nowhere to be seen.
    red, green = decoded.pixels[..., 0].astype(int), decoded.pixels[..., 1].astype(int)
    assert np.abs(red - green).max() <= 1


def test_a_palette_becomes_its_colors() -> None:
    palette = pictures.corners().convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    decoded = decode(pictures.file(palette, "PNG"))
    assert_corners(decoded.pixels, 2)


def test_a_palettes_transparent_color_is_flattened() -> None:
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([10, 20, 30, 40, 50, 60])
    decoded = decode(pictures.file(palette, "PNG", transparency=0))
    assert (decoded.pixels == 255).all()
    assert decoded.notes == ("converted from a palette", "transparent parts shown on white")


@pytest.mark.parametrize("mode", ["1", "L"])
def test_black_and_white_and_gray_become_three_equal_channels(mode: str) -> None:
    image = Image.new("L", (8, 8), 255).convert(mode)
    decoded = decode(pictures.file(image, "PNG"))
    assert (decoded.pixels == 255).all()
    assert decoded.pixels.shape == (8, 8, 3)


def test_sixteen_bits_become_eight() -> None:
    gray = np.array([[0, 256, 32_768, 65_535]])
    decoded = decode(pictures.png_of_16_bits(gray))
    assert decoded.pixels[0, :, 0].tolist() == [0, 1, 128, 255]
    assert decoded.notes == ("reduced from 16 to 8 bits",)
    color = decode(pictures.png_of_16_bits(np.stack([gray] * 3, axis=2)))
    assert color.pixels[0, :, 1].tolist() == [0, 1, 128, 255]
    assert color.notes == ("reduced from 16 to 8 bits",)


def test_a_cmyk_photo_gets_its_colors_back() -> None:
    decoded = decode(pictures.file(pictures.corners().convert("CMYK"), "JPEG", quality=95))
    assert_corners(decoded.pixels)
    assert decoded.notes == ("converted from CMYK",)


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_colors_are_converted_to_srgb() -> None:
    red_is_blue = srgb_profile().replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    decoded = decode(pictures.file(Image.new("RGB", (4, 4), "red"), "PNG", icc_profile=red_is_blue))
    assert np.abs(decoded.pixels[0, 0].astype(int) - (0, 0, 255)).max() <= 3
    assert decoded.notes == ("colors converted to sRGB",)


def test_a_picture_already_in_srgb_keeps_every_pixel() -> None:
    image = pictures.photo(30, 20)
    decoded = decode(pictures.file(image, "PNG", icc_profile=srgb_profile()))
    np.testing.assert_array_equal(decoded.pixels, np.asarray(image))
    assert decoded.notes == ()


def test_a_picture_with_a_broken_color_profile_is_read() -> None:
    decoded = decode(pictures.file(pictures.corners(), "PNG", icc_profile=b"nonsense" * 40))
    assert_corners(decoded.pixels, 0)
    assert decoded.notes == ("color profile left out: it could not be read",)


# -- privacy ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_but_pixels_is_kept_of_a_photo(format_: str, tmp_path: Path) -> None:
    data = pictures.file(pictures.corners(), format_, exif=pictures.exif())
    assert b"SECRETPHONE" in data
    decoded = decode(data)
    assert decoded.notes == ("metadata removed",)
    Store(tmp_path).put(decoded.pixels, decoded.notes)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert len(kept) > decoded.pixels.size
    for secret in (b"SECRET", b"Exif", b"\x89PNG", b"JFIF", b"RIFF", b"ftyp"):
        assert secret not in kept


def test_a_comment_counts_as_metadata() -> None:
    assert decode(pictures.file(pictures.corners(), "JPEG", comment="by me")).notes == ("metadata removed",)


def test_a_picture_with_broken_metadata_is_read() -> None:
    broken = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(8)
    decoded = decode(pictures.file(pictures.corners(), "JPEG", quality=95, exif=broken))
    assert_corners(decoded.pixels)


# -- limits and hostile files -------------------------------------------------------------------------------------


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    refused = refusal(pictures.png_claiming(10_000, 5_001))
    assert refused.status == 413
    assert "10000 × 5001" in refused.message
    assert "50 million" in refused.message


def test_a_side_that_is_too_long_is_refused() -> None:
    assert refusal(pictures.png_claiming(16_385, 1)).status == 413
    assert refusal(pictures.png_claiming(1, 16_385)).status == 413


def test_limits_are_inclusive() -> None:
    data = pictures.file(pictures.photo(40, 25), "PNG")
    assert decode(data, pixels=1000, side=40).pixels.shape == (25, 40, 3)
    assert refusal(data, pixels=999).status == 413
    assert refusal(data, side=39).status == 413


@pytest.mark.parametrize("side", [10_000, 15_000, 60_000, 2_000_000_000])
def test_a_decompression_bomb_is_refused_at_every_size(side: int) -> None:
    assert refusal(pictures.png_claiming(side, side)).status in (413, 422)


def test_a_jpeg_of_many_scans_is_refused_before_it_is_decoded() -> None:
    refused = refusal(pictures.with_scans(2010))
    assert refused.status == 422
    assert "64" in refused.message
    assert decode(pictures.with_scans(64)).pixels.shape == (16, 16, 3)
    assert refusal(pictures.with_scans(65)).field == "scans"


def test_scans_are_counted_in_ordinary_photos() -> None:
    image = pictures.photo(80, 60)
    assert count_scans(pictures.file(image, "JPEG"), 64) == 1
    assert count_scans(pictures.file(image, "JPEG", restart_marker_blocks=1), 64) == 1
    assert 4 <= count_scans(pictures.file(image, "JPEG", progressive=True), 64) <= 12


def test_what_looks_like_a_scan_inside_metadata_is_not_counted() -> None:
    preview = b"\xff\xd8\xff\xda" * 100
    data = pictures.file(pictures.photo(80, 60), "JPEG", comment=preview)
    assert count_scans(data, 64) == 1


def test_counting_stops_soon_above_the_limit() -> None:
    assert count_scans(pictures.with_scans(2010), 64) == 65


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF", "TIFF", "PPM"])
def test_a_picture_with_flipped_bytes_is_read_or_refused_and_nothing_else(format_: str) -> None:
    whole = pictures.file(pictures.photo(60, 40), format_)
    chance = random.Random(1)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(UnreadableFile):  # and no other exception
            assert max(decode(bytes(data), pixels=1_000_000).pixels.shape) <= 1024


@pytest.mark.parametrize(
    "opening",
    [
        b"",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"BM",
        b"RIFF....WEBP",
        b"....ftypavif",
        b"II*\0",
        b"MM\0*",
        b"P6 ",
    ],
)
def test_random_bytes_are_refused(opening: bytes) -> None:
    chance = random.Random(2)
    for length in (1, 10, 100, 5000):
        assert 400 <= refusal(opening + chance.randbytes(length)).status < 500


@pytest.mark.parametrize(
    "raised", [OSError, SyntaxError, ValueError, KeyError, IndexError, RecursionError, AssertionError, TypeError]
)
def test_every_exception_of_a_decoder_becomes_a_sentence(
    raised: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **options: object) -> None:
        raise raised("inner workings")

    monkeypatch.setattr(Image, "open", fails)
    refused = refusal(b"\xff\xd8\xff")
    assert refused.status == 422
    assert "inner workings" not in refused.message


def test_too_little_memory_is_an_error_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **options: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image, "open", fails)
    refused = refusal(b"\xff\xd8\xff")
    assert refused.status == 413
    assert "memory" in refused.message


def test_the_name_of_a_file_is_ignored() -> None:
    buffer = io.BytesIO()
    buffer.name = "holiday.png"
    pictures.corners().save(buffer, "JPEG", quality=95)
    assert_corners(decode(buffer.getvalue()).pixels)
