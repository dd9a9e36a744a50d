"""Cropping: which box is used, and that each cell is the exact average of the pixels it covers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.images.crop import compute_crop_box, compute_cropped_size, crop_to_cells
from app.images.picture import Picture


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height * 1000 + width).integers(0, 256, (height, width, 3), dtype=np.uint8)


def average_by_enlarging(pixels: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The reference: repeats every pixel until the cells cover whole pixels, then takes plain sums."""
    height, width, _ = pixels.shape
    large = pixels.astype(np.int64).repeat(rows, axis=0).repeat(columns, axis=1)
    sums = large.reshape(rows, height, columns, width, 3).sum(axis=(1, 3))
    return np.floor(sums / (height * width) + 0.5).transpose(2, 0, 1)


@given(st.tuples(*[st.integers(1, 24)] * 2), st.tuples(*[st.integers(1, 24)] * 2))
@settings(max_examples=80, deadline=None)
def test_each_cell_is_the_average_of_the_pixels_it_covers(of: tuple[int, int], size: tuple[int, int]) -> None:
    picture = Picture.from_pixels(noise(*of))
    box = (0, 0, *of)
    rows, columns = compute_cropped_size(picture, size, box)
    expected = average_by_enlarging(picture.pixels, rows, columns)
    np.testing.assert_array_equal(crop_to_cells(picture, size, box, "rgb", "byte"), expected)


@given(
    st.tuples(*[st.integers(1, 60)] * 2),
    st.tuples(*[st.integers(1, 60)] * 2),
    st.none() | st.tuples(*[st.integers(-5, 80)] * 4),
    st.data(),
)
@settings(max_examples=150, deadline=None)
def test_no_crop_leaves_the_picture_or_enlarges_it(of, size, crop, data) -> None:  # type: ignore[no-untyped-def]
    top = data.draw(st.integers(0, of[0] - 1))
    left = data.draw(st.integers(0, of[1] - 1))
    focus = (top, left, data.draw(st.integers(1, of[0] - top)), data.draw(st.integers(1, of[1] - left)))
    picture = Picture(noise(*of), focus)
    top, left, height, width = compute_crop_box(picture, size, crop)
    assert 0 <= top < top + height <= of[0]
    assert 0 <= left < left + width <= of[1]
    rows, columns = compute_cropped_size(picture, size, crop)
    assert rows <= min(size[0], height)
    assert columns <= min(size[1], width)
    result = crop_to_cells(picture, size, crop, "gray", "byte")
    assert result.shape == (1, rows, columns)
    assert result.dtype == np.float32


def test_gray_is_the_weighted_sum_of_the_rgb_cells() -> None:
    picture = Picture.from_pixels(noise(50, 50))
    red, green, blue = crop_to_cells(picture, (7, 7), None, "rgb", "byte").astype(np.int64)
    gray = crop_to_cells(picture, (7, 7), None, "gray", "byte")[0]
    np.testing.assert_array_equal(gray, np.floor((299 * red + 587 * green + 114 * blue) / 1000 + 0.5))


def test_the_weights_of_gray_are_those_of_the_lectures() -> None:
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    gray = crop_to_cells(Picture.from_pixels(pixels), (1, 4), None, "gray", "byte")
    assert gray.tolist() == [[[76, 150, 29, 255]]]


def test_bytes_are_whole_numbers_and_units_are_those_divided_by_255() -> None:
    picture = Picture.from_pixels(noise(33, 33))
    as_bytes = crop_to_cells(picture, (10, 10), None, "rgb", "byte")
    assert (as_bytes == np.rint(as_bytes)).all()
    units = crop_to_cells(picture, (10, 10), None, "rgb", "unit")
    np.testing.assert_array_equal(units, as_bytes / np.float32(255))
    assert units.dtype == np.float32


def test_an_icon_of_five_pixels_stays_five_cells() -> None:
    icon = Picture.from_pixels(noise(5, 5))
    assert compute_cropped_size(icon, (32, 32), None) == (5, 5)
    result = crop_to_cells(icon, (32, 32), None, "rgb", "byte")
    np.testing.assert_array_equal(result, icon.pixels.transpose(2, 0, 1))


def test_a_picture_smaller_than_the_size_is_shown_whole_in_its_own_shape() -> None:
    assert compute_crop_box(Picture.from_pixels(noise(16, 12)), (32, 32), None) == (0, 0, 16, 12)


def test_a_crop_of_an_upload_is_the_largest_square_in_its_middle() -> None:
    assert compute_crop_box(Picture.from_pixels(noise(60, 100)), (32, 32), None) == (0, 20, 60, 60)


def test_a_crop_that_is_not_square_keeps_its_cells_square() -> None:
    assert compute_crop_box(Picture.from_pixels(noise(60, 100)), (20, 40), None) == (5, 0, 50, 100)


def test_a_small_crop_shows_the_focus_and_a_larger_one_its_surroundings() -> None:
    picture = Picture(noise(100, 200), (40, 150, 20, 20))
    assert compute_crop_box(picture, (10, 10), None) == (40, 150, 20, 20)
    assert compute_crop_box(picture, (20, 20), None) == (40, 150, 20, 20)
    assert compute_crop_box(picture, (64, 64), None) == (18, 128, 64, 64)


def test_a_focus_at_the_edge_moves_the_crop_inside() -> None:
    picture = Picture(noise(100, 100), (0, 90, 10, 10))
    assert compute_crop_box(picture, (50, 50), None) == (0, 50, 50, 50)


def test_a_given_crop_is_used_as_it_is() -> None:
    picture = Picture.from_pixels(noise(40, 40))
    assert compute_crop_box(picture, (8, 8), (3, 4, 8, 8)) == (3, 4, 8, 8)
    result = crop_to_cells(picture, (8, 8), (3, 4, 8, 8), "rgb", "byte")
    np.testing.assert_array_equal(result, picture.pixels[3:11, 4:12].transpose(2, 0, 1))


@pytest.mark.parametrize(
    ("crop", "used"),
    [
        ((30, 30, 99, 99), (30, 30, 10, 10)),
        ((-5, -5, 20, 20), (0, 0, 15, 15)),
        ((99, 99, 5, 5), (39, 39, 1, 1)),
        ((0, 0, 0, 0), (0, 0, 1, 1)),
    ],
)
def test_a_crop_loses_what_lies_outside_the_picture(
    crop: tuple[int, int, int, int], used: tuple[int, int, int, int]
) -> None:
    assert compute_crop_box(Picture.from_pixels(noise(40, 40)), (8, 8), crop) == used


def test_a_size_of_0_is_refused_with_the_size_in_the_sentence() -> None:
    with pytest.raises(ValueError, match="0 × 5"):
        crop_to_cells(Picture.from_pixels(noise(4, 4)), (0, 5), None, "gray", "byte")


@pytest.mark.parametrize("focus", [(0, 0, 9, 9), (-1, 0, 2, 2), (0, 0, 0, 1), (4, 4, 1, 1)])
def test_a_focus_outside_its_picture_is_refused(focus: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="not inside"):
        Picture(noise(4, 4), focus)


def test_pixels_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="uint8"):
        Picture.from_pixels(np.zeros((4, 4, 4), np.uint8))
