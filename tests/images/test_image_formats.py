"""Every kind of picture file gives the pixels that its format defines, and a note on what was done to them."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.images.decoding.decode import DecodedPicture, DecodeLimits, decode_picture
from app.processes.file_errors import UnreadableFile
from tests import picture_files as files
from tests import pictures

LIMITS = DecodeLimits()


def decode(data: bytes, stretch: bool = False) -> DecodedPicture:
    return decode_picture(data, LIMITS, stretch)


def rounded(values: np.ndarray, most: int) -> np.ndarray:
    """Numbers from 0 to `most` as bytes, to the nearest, in whole numbers alone."""
    return (values.astype(np.int64) * 510 + most) // (2 * most)


def gray_of(decoded: DecodedPicture) -> np.ndarray:
    assert (decoded.pixels == decoded.pixels[..., :1]).all()
    return decoded.pixels[..., 0].astype(int)


def numbers(most: int, *shape: int) -> np.ndarray:
    """Numbers from 0 to `most`, both among them."""
    found = np.random.default_rng(5).integers(0, most + 1, shape)
    found.flat[0], found.flat[1] = 0, most
    return found


# -- PNG ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_a_png_of_gray_is_read_at_every_depth(bits: int, interlaced: bool) -> None:
    most = 2**bits - 1
    values = numbers(most, 13, 21)
    found = gray_of(decode(files.png(values, bits, files.GRAY, interlaced=interlaced)))
    np.testing.assert_array_equal(found, rounded(values, most))


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_the_one_transparent_gray_of_a_png_is_white_and_no_other(bits: int) -> None:
    most = 2**bits - 1
    key = most // 3
    values = numbers(most, 9, 14)
    values[2, 3:7] = [key, max(key - 1, 0), min(key + 1, most), key ^ 1]
    decoded = decode(files.png(values, bits, files.GRAY, files.transparent(key)))
    np.testing.assert_array_equal(gray_of(decoded), np.where(values == key, 255, rounded(values, most)))
    assert "transparent parts shown on white" in decoded.notes


@pytest.mark.parametrize("bits", [8, 16])
def test_the_one_transparent_color_of_a_png_is_white_and_no_other(bits: int) -> None:
    most = 2**bits - 1
    values = numbers(most, 9, 14, 3)
    key = values[4, 4].copy()
    values[4, 5] = key ^ [0, 0, 1]
    decoded = decode(files.png(values, bits, files.RGB, files.transparent(*key)))
    hidden = (values == key).all(axis=2, keepdims=True)
    np.testing.assert_array_equal(decoded.pixels, np.where(hidden, 255, rounded(values, most)))


@pytest.mark.parametrize("interlaced", [False, True])
def test_sixteen_bits_of_color_are_rounded_and_not_cut_off(interlaced: bool) -> None:
    values = numbers(65_535, 19, 23, 3)
    decoded = decode(files.png(values, 16, files.RGB, interlaced=interlaced))
    np.testing.assert_array_equal(decoded.pixels, rounded(values, 65_535))
    assert decoded.notes == ("reduced from 16 to 8 bits",)


@pytest.mark.parametrize(("kind", "channels"), [(files.GRAY_ALPHA, 2), (files.RGBA, 4)])
@pytest.mark.parametrize("bits", [8, 16])
def test_alpha_of_every_depth_is_flattened_on_white(bits: int, kind: int, channels: int) -> None:
    most = 2**bits - 1
    values = numbers(most, 15, 16, channels)
    colors, alpha = values[..., :-1] / most, values[..., -1:] / most
    expected = 255 * (colors * alpha + 1 - alpha)
    decoded = decode(files.png(values, bits, kind))
    assert np.abs(decoded.pixels - expected).max() <= 1.5  # color and alpha are each rounded to a byte before
    assert "transparent parts shown on white" in decoded.notes


def linear_to_srgb(linear: np.ndarray) -> np.ndarray:
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("stored", [1.0, 0.6, 0.3])
@pytest.mark.parametrize(("bits", "kind", "shape"), [(8, files.GRAY, ()), (8, files.RGB, (3,)), (16, files.RGB, (3,))])
def test_the_gamma_of_a_png_is_applied(stored: float, bits: int, kind: int, shape: tuple[int, ...]) -> None:
    most = 2**bits - 1
    values = numbers(most, 12, 17, *shape)
    expected = 255 * linear_to_srgb((values / most) ** (1 / stored))
    decoded = decode(files.png(values, bits, kind, files.gamma(stored)))
    assert np.abs(decoded.pixels - expected.reshape(12, 17, -1)).max() <= 0.51
    assert "colors converted to sRGB" in decoded.notes


@pytest.mark.parametrize("extra", [[files.gamma(0.45455)], [files.gamma(1.0), files.chunk(b"sRGB", b"\0")]])
def test_a_png_in_srgb_keeps_every_pixel(extra: list[bytes]) -> None:
    values = numbers(255, 8, 8, 3)
    decoded = decode(files.png(values, 8, files.RGB, *extra))
    np.testing.assert_array_equal(decoded.pixels, values)
    assert decoded.notes == ()


P3 = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)


# What Chromium 156 draws of these, read back from a canvas.
@pytest.mark.parametrize(
    ("extra", "drawn"),
    [
        ([files.chromaticities(*P3)], [[200, 30, 10], [100, 200, 60]]),
        ([files.chunk(b"cICP", bytes([12, 13, 0, 1]))], [[218, 0, 0], [45, 203, 6]]),
        ([files.chunk(b"cICP", bytes([9, 13, 0, 1]))], [[249, 0, 0], [0, 209, 0]]),
        ([files.chunk(b"cICP", bytes([1, 1, 0, 1]))], [[197, 18, 1], [91, 197, 49]]),
        ([files.chunk(b"cICP", bytes([1, 8, 0, 1]))], [[229, 96, 56], [168, 229, 133]]),
        ([files.chunk(b"cICP", bytes([1, 4, 0, 1]))], [[201, 24, 3], [100, 201, 57]]),
        ([files.gamma(1.0), files.chunk(b"cICP", bytes([12, 13, 0, 1]))], [[218, 0, 0], [45, 203, 6]]),
    ],
)
def test_primaries_of_a_png_are_applied_as_in_a_browser(extra: list[bytes], drawn: list[list[int]]) -> None:
    decoded = decode(files.png(np.array([[[200, 30, 10], [100, 200, 60]]]), 8, files.RGB, *extra))
    assert np.abs(decoded.pixels[0].astype(int) - drawn).max() <= 2


def test_chromaticities_are_applied_with_a_gamma_as_in_a_browser() -> None:
    data = files.png(np.array([[[200, 100, 50]]]), 8, files.RGB, files.gamma(0.45455), files.chromaticities(*P3))
    assert np.abs(decode(data).pixels[0, 0].astype(int) - [216, 93, 24]).max() <= 2


def profile(swap: bool = True) -> bytes:
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return plain.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ") if swap else plain


def test_a_profile_overrides_gamma_and_code_points_override_a_profile() -> None:
    image = Image.new("RGB", (2, 2), (200, 30, 10))
    data = pictures.file(image, "PNG", icc_profile=profile())
    after_head = 8 + 25
    with_gamma = data[:after_head] + files.gamma(1.0) + data[after_head:]
    assert np.abs(decode(with_gamma).pixels[0, 0].astype(int) - [10, 30, 200]).max() <= 3
    with_points = data[:after_head] + files.chunk(b"cICP", bytes([12, 13, 0, 1])) + data[after_head:]
    assert np.abs(decode(with_points).pixels[0, 0].astype(int) - [218, 0, 0]).max() <= 2


def test_colors_for_special_screens_are_not_converted_and_get_a_note() -> None:
    decoded = decode(files.png(np.array([[[200, 30, 10]]]), 8, files.RGB, files.chunk(b"cICP", bytes([9, 16, 0, 1]))))
    assert decoded.pixels.tolist() == [[[200, 30, 10]]]
    assert "special screens" in decoded.notes[-1]


@pytest.mark.parametrize("mode", ["L", "LA", "1", "RGB"])
def test_a_profile_of_another_color_space_is_applied(mode: str) -> None:
    """Photo programs put an RGB profile into gray pictures."""
    image = Image.new("L", (4, 4), 255).convert(mode)
    decoded = decode(pictures.file(image, "PNG", icc_profile=profile(swap=False)))
    assert (decoded.pixels == 255).all()
    assert not any("profile" in note for note in decoded.notes)


# -- only a part of the range is used -----------------------------------------------------------------------------


@pytest.mark.parametrize("used", [9, 10, 12, 14])
@pytest.mark.parametrize(("kind", "shape"), [(files.GRAY, ()), (files.RGB, (3,)), (files.GRAY_ALPHA, (2,))])
def test_sixteen_bits_of_which_few_are_used_get_a_note_and_can_be_stretched(
    used: int, kind: int, shape: tuple[int, ...]
) -> None:
    low, high = 100, 2**used - 1
    values = low + numbers(high - low, 10, 12, *shape)
    if kind == files.GRAY_ALPHA:
        values = np.stack([low + numbers(high - low, 10, 12), np.full((10, 12), 65_535)], axis=2)
    data = files.png(values, 16, kind)
    dark = decode(data)
    assert f"only {used} of 16 bits are used" in dark.notes
    assert dark.dark
    seen = values[..., :1] if kind == files.GRAY_ALPHA else values.reshape(10, 12, -1)
    stretched = decode(data, stretch=True)
    np.testing.assert_array_equal(stretched.pixels, np.broadcast_to(rounded(seen - low, high - low), (10, 12, 3)))
    assert f"stretched: {low} became black and {high} white" in stretched.notes
    assert not stretched.dark
    assert not any("only" in note for note in stretched.notes)


def test_a_mask_of_few_numbers_gets_the_note_too() -> None:
    values = numbers(9, 8, 8)
    decoded = decode(files.png(values, 8, files.GRAY))
    assert decoded.notes == ("only 4 of 8 bits are used",)
    assert decoded.dark
    np.testing.assert_array_equal(gray_of(decode(files.png(values, 8, files.GRAY), stretch=True)), rounded(values, 9))


@pytest.mark.parametrize("values", [np.full((4, 4), 65_535), np.zeros((4, 4), int), np.array([[0, 40_000]])])
def test_the_whole_range_or_a_black_picture_gets_no_note(values: np.ndarray) -> None:
    decoded = decode(files.png(values, 16, files.GRAY))
    assert decoded.notes == ("reduced from 16 to 8 bits",)
    assert not decoded.dark


def test_transparent_pixels_do_not_affect_stretching() -> None:
    values = np.array([[0, 1000, 3000]])
    decoded = decode(files.png(values, 16, files.GRAY, files.transparent(0)), stretch=True)
    assert gray_of(decoded).tolist() == [[255, 0, 255]]


def test_a_flat_picture_stays_as_it_is_when_stretched() -> None:
    decoded = decode(files.png(np.full((3, 3), 70), 8, files.GRAY), stretch=True)
    assert (decoded.pixels == 70).all()


def test_a_photo_is_stretched_in_all_channels_alike() -> None:
    values = np.array([[[50, 60, 70], [100, 80, 150]]])
    decoded = decode(pictures.file(Image.fromarray(values.astype(np.uint8)), "TIFF"), stretch=True)
    assert decoded.pixels.tolist() == rounded(values - 50, 100).tolist()


# -- BMP ----------------------------------------------------------------------------------------------------------

MASKS = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
COLORS = np.array([[0x102030, 0xFFFFFF, 0], [0xC08040, 0x0000FF, 0xFF0000]])
AS_RGB = [[[16, 32, 48], [255, 255, 255], [0, 0, 0]], [[192, 128, 64], [0, 0, 255], [255, 0, 0]]]


@pytest.mark.parametrize(("head", "masks"), [(40, ()), (56, MASKS), (108, MASKS), (124, MASKS), (108, ()), (124, ())])
def test_a_bmp_whose_fourth_byte_is_empty_is_opaque(head: int, masks: tuple[int, ...]) -> None:
    decoded = decode(files.bmp(COLORS, head, masks))
    assert decoded.pixels.tolist() == AS_RGB
    assert decoded.notes == ()


def test_a_bmp_that_uses_its_alpha_keeps_it() -> None:
    decoded = decode(files.bmp(COLORS | np.array([[0xFF000000, 0, 0xFF000000]] * 2), 108, MASKS))
    assert decoded.pixels[:, 1].tolist() == [[255, 255, 255]] * 2
    assert decoded.pixels[1, 0].tolist() == [192, 128, 64]
    assert decoded.notes == ("transparent parts shown on white",)


@pytest.mark.parametrize(
    ("bits", "masks"),
    [
        (32, (0x3FF00000, 0xFFC00, 0x3FF, 0)),
        (32, (0xFF000000, 0xFF0000, 0xFF00, 0)),
        (32, (0xFF, 0xFF00, 0xFF0000, 0)),
        (32, (0x3FF, 0xFFC00, 0x3FF00000, 0xC0000000)),
        (16, (0xF00, 0xF0, 0xF, 0xF000)),
        (16, (0x7C00, 0x3E0, 0x1F, 0x8000)),
        (16, (0xF800, 0x7E0, 0x1F, 0)),
    ],
)
def test_a_bmp_may_have_any_masks(bits: int, masks: tuple[int, ...]) -> None:
    """Opaque, or without an alpha mask."""
    most = [mask >> ((mask & -mask).bit_length() - 1) for mask in masks if mask]
    values = [numbers(limit, 6, 7) for limit in most[:3]]
    pixels = sum(value * (mask & -mask) for value, mask in zip(values, masks[:3], strict=True)) | masks[3]
    decoded = decode(files.bmp(pixels, 108, masks, bits))
    expected = np.stack([rounded(value, limit) for value, limit in zip(values, most[:3], strict=True)], axis=2)
    assert np.abs(decoded.pixels - expected).max() <= 1  # Pillow widens 5 bits by shifting
    assert decoded.notes == ()


def test_a_bmp_with_alpha_in_unusual_bits_is_flattened() -> None:
    decoded = decode(files.bmp(np.array([[0xF00F, 0x0F00]]), 56, (0xF00, 0xF0, 0xF, 0xF000), 16))
    assert decoded.pixels.tolist() == [[[0, 0, 255], [255, 255, 255]]]


# -- TIFF ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("shape", [(7, 9), (7, 9, 3)])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_a_tiff_of_whole_numbers_is_read(dtype: str, shape: tuple[int, ...], planar: bool, big: bool) -> None:
    values = numbers(np.iinfo(dtype).max, *shape).astype(dtype)
    decoded = decode(files.tiff(values, big=big, planar=planar and len(shape) == 3))
    expected = rounded(values.reshape(7, 9, -1), int(np.iinfo(dtype).max))
    np.testing.assert_array_equal(decoded.pixels, np.broadcast_to(expected, (7, 9, 3)))


@pytest.mark.parametrize("big", [False, True])
def test_a_tiff_of_sixteen_bits_and_alpha_is_flattened(big: bool) -> None:
    values = numbers(65_535, 6, 6, 4).astype("u2")
    unit = values / 65_535
    expected = 255 * (unit[..., :3] * unit[..., 3:] + 1 - unit[..., 3:])
    decoded = decode(files.tiff(values, big=big, tags={338: 2}))
    assert np.abs(decoded.pixels - expected).max() <= 1.5


@pytest.mark.parametrize(
    "compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "tiff_deflate", "zstd", "lzma"]
)
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1", "I;16"])
def test_a_tiff_of_every_compression_and_mode_is_read(mode: str, compression: str) -> None:
    photo = pictures.photo(40, 30)
    image = Image.fromarray(numbers(65_535, 30, 40).astype(np.uint16)) if mode == "I;16" else photo.convert(mode)
    decoded = decode(pictures.file(image, "TIFF", compression=compression))
    expected = rounded(np.asarray(image), 65_535) if mode == "I;16" else np.asarray(image.convert("RGB"))
    np.testing.assert_array_equal(decoded.pixels, np.broadcast_to(expected.reshape(30, 40, -1), (30, 40, 3)))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_tiff_with_jpeg_in_it_and_a_large_one_are_read(mode: str) -> None:
    data = pictures.file(pictures.corners().convert(mode), "TIFF", compression="jpeg", quality=95)
    assert np.abs(decode(data).pixels[2, 2].astype(int) - [255, 0, 0]).max() <= (255 if mode == "L" else 12)
    big = pictures.file(pictures.corners(), "TIFF", big_tiff=True)
    assert big[2] == 43
    np.testing.assert_array_equal(decode(big).pixels, np.asarray(pictures.corners()))


def test_a_tiff_of_twelve_bits_uses_its_whole_range() -> None:
    values = numbers(4095, 4, 6)
    body = files.packed(values.ravel(), 12)
    data = files.tiff(np.frombuffer(body, np.uint8).reshape(4, 9), tags={256: 6, 258: 12})
    decoded = decode(data)
    np.testing.assert_array_equal(gray_of(decoded), rounded(values, 4095))
    assert decoded.notes == ("reduced from 12 to 8 bits",)


def test_a_tiff_in_which_white_is_zero_is_not_a_negative() -> None:
    values = numbers(65_535, 5, 5).astype("u2")
    np.testing.assert_array_equal(gray_of(decode(files.tiff(values, tags={262: 0}))), rounded(65_535 - values, 65_535))


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        (np.array([[-3.5, 0, 812.25], [1, 2, 3]], "f4"), -3.5, 812.25),
        (np.array([[0.1, 0.9], [0.5, 1.0]], "f4"), 0, 1),
        (np.array([[0.001, 0.002]], "f4"), 0.001, 0.002),
        (np.array([[-500, 0, 1500]], "i2"), -500, 1500),
        (np.array([[7, 100_000, 300_000]], "i4"), 7, 300_000),
    ],
)
def test_a_tiff_of_other_numbers_is_scaled_with_a_note(values: np.ndarray, low: float, high: float, big: bool) -> None:
    decoded = decode(files.tiff(values, big=big))
    expected = 255 * (values.astype(float) - low) / (high - low)
    assert np.abs(gray_of(decoded) - expected).max() <= 0.51
    assert decoded.notes == (f"scaled: {np.float32(low):g} became black and {np.float32(high):g} white",)


@pytest.mark.parametrize("broken", [[np.nan, 0, np.inf, 2], [np.nan, np.nan, -np.inf, np.inf]])
def test_nan_and_infinity_are_black(broken: list[float]) -> None:
    decoded = decode(files.tiff(np.array([broken], "f4")))
    assert gray_of(decoded)[0, 0] == 0
    assert gray_of(decoded)[0, 2] == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_is_turned_upright(orientation: int) -> None:
    stored = pictures.stored_as(pictures.corners(), orientation)
    data = pictures.file(stored, "TIFF", tiffinfo={0x0112: orientation})
    decoded = decode(data)
    np.testing.assert_array_equal(decoded.pixels, np.asarray(pictures.corners()))
    assert ("turned upright" in decoded.notes) == (orientation != 1)


@pytest.mark.parametrize(
    "tags",
    [
        {50_706: b"\1\4\0\0"},
        {262: 32_803},
        {259: 34_713},
        {254: 1, 330: 8},
    ],
)
def test_a_camera_raw_file_is_an_error_and_its_thumbnail_is_not_shown(tags: dict[int, object]) -> None:
    with pytest.raises(UnreadableFile, match="raw file") as refused:
        decode(files.tiff(np.zeros((4, 4, 3), np.uint8), tags=tags))
    assert refused.value.status == 415


def test_an_unsupported_tiff_gets_advice() -> None:
    with pytest.raises(UnreadableFile, match="Saving it as a PNG") as refused:
        decode(files.tiff(np.zeros((4, 4), "f8")))
    assert refused.value.status == 422


# -- PGM, PPM, PBM, PAM, PFM --------------------------------------------------------------------------------------


def plain(kind: int, values: np.ndarray, most: int | None) -> bytes:
    height, width = values.shape[:2]
    lines = [f"P{kind}", "# a comment", f"{width}  # across", f"{height}", *([] if most is None else [str(most)])]
    return "\n".join([*lines, *(" ".join(map(str, row.ravel())) for row in values)]).encode()


def raw(kind: int, values: np.ndarray, most: int) -> bytes:
    height, width = values.shape[:2]
    return f"P{kind}\n#\n{width} {height}\n{most}\n".encode() + values.astype(">u2" if most > 255 else "u1").tobytes()


@pytest.mark.parametrize("most", [1, 7, 100, 255, 256, 1000, 4095, 65_535])
@pytest.mark.parametrize(("kind", "shape"), [(2, ()), (3, (3,)), (5, ()), (6, (3,))])
def test_a_pgm_or_ppm_is_read_at_every_depth(kind: int, shape: tuple[int, ...], most: int) -> None:
    values = numbers(most, 5, 8, *shape)
    data = plain(kind, values, most) if kind < 4 else raw(kind, values, most)
    found = decode(data).pixels
    expected = rounded(values.reshape(5, 8, -1), most)
    np.testing.assert_array_equal(found, np.broadcast_to(expected, (5, 8, 3)))


@pytest.mark.parametrize("spaced", [True, False])
def test_a_pbm_is_black_where_it_is_one(spaced: bool) -> None:
    values = numbers(1, 5, 11)
    body = plain(1, values, None)
    if not spaced:
        body = b"P1 11 5\n" + "".join(map(str, values.ravel())).encode()
    np.testing.assert_array_equal(gray_of(decode(body)), 255 * (1 - values))
    rows = b"".join(files.packed(row, 1) for row in values)
    np.testing.assert_array_equal(gray_of(decode(b"P4\n11 5\n" + rows)), 255 * (1 - values))


def test_a_pam_with_alpha_is_flattened() -> None:
    head = b"P7\nWIDTH 2\nHEIGHT 1\n# made by hand\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
    decoded = decode(head + bytes([10, 20, 30, 255, 0, 0, 0, 0]))
    assert decoded.pixels.tolist() == [[[10, 20, 30], [255, 255, 255]]]


@pytest.mark.parametrize(("scale", "order"), [("-1.0", "<"), ("1.0", ">")])
def test_a_pfm_is_stored_bottom_up_and_is_scaled(scale: str, order: str) -> None:
    values = np.array([[0.0, 0.5], [1.0, 0.25]])
    data = f"Pf\n2 2\n{scale}\n".encode() + values[::-1].astype(f"{order}f4").tobytes()
    assert gray_of(decode(data)).tolist() == [[0, 128], [255, 64]]


@pytest.mark.parametrize(
    "data", [b"P5\n4 4\n255\n", b"P2 3 3 255 1 2 x", b"P5 0 4 255 ", b"P6\n", b"P5 " + b"9" * 5000, b"P7\nWIDTH 3\n"]
)
def test_an_invalid_pgm_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        decode(data)
    assert refused.value.status == 422


def test_a_pgm_of_too_many_pixels_is_refused_before_anything_is_read() -> None:
    with pytest.raises(UnreadableFile, match="too large"):
        decode(b"P5 100000 100000 255\n" + bytes(10))


# -- other color modes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "note"),
    [("CMYK", "converted from CMYK"), ("LAB", "converted from LAB"), ("P", "converted from a palette")],
)
def test_other_modes_are_converted_with_a_note(mode: str, note: str) -> None:
    image = pictures.corners()
    if mode == "LAB":
        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        image = ImageCms.profileToProfile(image, srgb, lab, outputMode="LAB") or image
        image.info.clear()
    decoded = decode(pictures.file(image if mode == "LAB" else image.convert(mode), "TIFF"))
    assert np.abs(decoded.pixels.astype(int) - np.asarray(pictures.corners())).max() <= 24
    assert note in decoded.notes


def test_a_cmyk_photo_with_a_profile_gets_both_notes() -> None:
    data = pictures.file(pictures.corners().convert("CMYK"), "JPEG", icc_profile=profile(), quality=95)
    assert "converted from CMYK" in decode(data).notes


# -- orientation in XMP alone -------------------------------------------------------------------------------------

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_an_orientation_in_xmp_alone_is_ignored_as_in_browsers(format_: str) -> None:
    options: dict[str, object] = {"xmp": XMP, "quality": 95}
    if format_ == "PNG":
        from PIL.PngImagePlugin import PngInfo

        text = PngInfo()
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options = {"pnginfo": text}
    if format_ == "TIFF":
        options = {"tiffinfo": {700: XMP}}
    decoded = decode(pictures.file(pictures.corners(), format_, **options))
    assert decoded.pixels.shape == (32, 48, 3)
    assert np.abs(decoded.pixels[2, 2].astype(int) - [255, 0, 0]).max() < 40
    assert decoded.notes == ("metadata removed",)


# -- truncated files ----------------------------------------------------------------------------------------------


def gradient(width: int = 200, height: int = 160) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(3).normal(0, 6, (height, width, 3))
    waves = np.stack([x * 255 / width, y * 255 / height, 127 * (1 + np.sin(x / 9) * np.cos(y / 7))], axis=2)
    return Image.fromarray((waves + noise).clip(0, 255).astype(np.uint8))


ENDING = [
    ("JPEG", {"quality": 90}),
    ("JPEG", {"quality": 90, "progressive": True}),
    ("PNG", {}),
    ("GIF", {}),
    ("WEBP", {"quality": 90}),
    ("BMP", {}),
    ("TIFF", {}),
    ("PPM", {}),
]


@pytest.mark.parametrize("kept", [0.5, 0.9])
@pytest.mark.parametrize(("format_", "options"), ENDING)
def test_the_available_part_of_a_truncated_file_is_shown(format_: str, options: dict[str, object], kept: float) -> None:
    data = pictures.file(gradient(), format_, **options)
    whole = decode(data).pixels.astype(int)
    decoded = decode(data[: int(len(data) * kept)])
    assert decoded.pixels.shape == whole.shape
    right = (np.abs(decoded.pixels - whole).max(axis=2) <= (60 if options.get("progressive") else 3)).mean()
    assert right >= kept - 0.25
    assert decoded.notes[0].startswith("the file ends early")


@pytest.mark.parametrize(("format_", "options"), ENDING)
def test_a_file_without_its_last_two_bytes_is_shown(format_: str, options: dict[str, object]) -> None:
    data = pictures.file(gradient(), format_, **options)
    whole = decode(data).pixels.astype(int)
    found = decode(data[:-2]).pixels
    assert (np.abs(found - whole).max(axis=2) <= 3).mean() >= 0.97


def test_a_truncated_16_bit_picture_is_shown() -> None:
    values = numbers(65_535, 60, 40, 3)
    data = files.png(values, 16, files.RGB)
    decoded = decode(data[: len(data) // 2])
    np.testing.assert_array_equal(decoded.pixels[:20], rounded(values[:20], 65_535))
    assert decoded.notes[0].startswith("the file ends early")


def test_a_truncated_bmp_with_unusual_masks_is_shown() -> None:
    values = numbers(15, 40, 20)
    data = files.bmp(values << 8, 56, (0xF00, 0xF0, 0xF, 0), 16)
    decoded = decode(data[: len(data) // 2 + 40])
    np.testing.assert_array_equal(decoded.pixels[21:, :, 0], rounded(values[21:], 15))
    assert decoded.notes[0].startswith("the file ends early")


def test_the_readable_part_of_a_damaged_file_is_shown_with_a_note() -> None:
    data = bytearray(pictures.file(gradient(), "PNG"))
    for i in range(len(data) // 2, len(data) // 2 + 60):
        data[i] ^= 0x55
    decoded = decode(bytes(data))
    np.testing.assert_array_equal(decoded.pixels[:30], np.asarray(gradient())[:30])
    assert decoded.notes[0].startswith("the file is damaged")


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "AVIF"])
def test_a_file_without_any_pixels_is_refused(format_: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        decode(pictures.file(gradient(), format_)[:14])
    assert refused.value.status == 422


def test_damaged_files_do_not_change_the_process() -> None:
    from PIL import ImageFile

    data = pictures.file(gradient(), "JPEG")
    decode(data[: len(data) // 2])
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


# -- unsupported files --------------------------------------------------------------------------------------------

BOX = struct.pack(">I", 24)
SENTENCES = [
    (b"\xff\x0a" + bytes(40), "JPEG XL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), "JPEG XL"),
    (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40), "JPEG 2000"),
    (b"\xff\x4f\xff\x51" + bytes(40), "JPEG 2000"),
    (b"%PDF-1.7\n" + bytes(40), "PDF"),
    (b"<svg xmlns='x'>", "SVG"),
    (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- made with\n Inkscape -->\n<svg>", "SVG"),
    (b"<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C' 'svg11.dtd'><svg>", "SVG"),
    (b"<?xml version='1.0'?><!DOCTYPE svg [\n<!ENTITY ns 'x'>\n]>\n<svg:svg>", "SVG"),
    (b"<!---->" * 1000 + b"<svg>", "SVG"),
    (b"<!---->" * 2000, "web page"),
    (b"<!DOCTYPE html><p>", "web page"),
    (b"\n<html lang=en>", "web page"),
    (b"8BPS" + bytes(40), "Photoshop"),
    (b"%!PS-Adobe-3.0 EPSF-3.0\n", "EPS"),
    (b"\xc5\xd0\xd3\xc6" + bytes(40), "EPS"),
    (b"\0\0\1\0\1\0" + bytes(40), "icon"),
    (bytes(128) + b"DICM" + bytes(40), "DICOM"),
    (BOX + b"ftypmp42" + bytes(40), "video"),
    (BOX + b"ftypqt  " + bytes(40), "Live Photo"),
    (BOX + b"moov" + bytes(40), "video"),
    (b"\x1aE\xdf\xa3" + bytes(40), "video"),
    (b"RIFF\1\2\3\4AVI " + bytes(40), "video"),
    (BOX + b"ftypcrx " + bytes(40), "raw file"),
    (b"FUJIFILMCCD-RAW " + bytes(40), "raw file"),
    (b"II*\0\x10\0\0\0CR\2\0" + bytes(40), "raw file"),
    (b"PK\3\4" + bytes(40), "ZIP"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "Office"),
    (b"\x89HDF\r\n\x1a\n" + bytes(40), "scientific"),
    (b"\x93NUMPY\1\0" + bytes(40), "scientific"),
    (b"gimp xcf v011" + bytes(40), "GIMP"),
    (b"qoif" + bytes(40), "rare format"),
    (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
    (b"1,2,3\n4,5,6\n", "text"),
    (b"hello" + bytes(64), "not a picture"),
]


@pytest.mark.parametrize(("data", "what"), SENTENCES)
def test_an_unsupported_file_is_named_with_advice(data: bytes, what: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        decode(data)
    assert refused.value.status == 415
    assert what in refused.value.message
    assert refused.value.message.endswith(".")
    assert "JPEG, PNG, WebP, GIF, BMP, TIFF" in refused.value.allowed


def test_a_16_bit_animated_png_shows_its_first_frame() -> None:
    first, second = Image.fromarray(np.full((6, 6), 40_000, np.uint16)), Image.fromarray(np.zeros((6, 6), np.uint16))
    buffer = io.BytesIO()
    first.save(buffer, "PNG", save_all=True, append_images=[second])
    decoded = decode(buffer.getvalue())
    assert (decoded.pixels == round(40_000 / 257)).all()
    assert decoded.notes[0] == "only the first of several pictures kept"
