"""The classic kernels and the exact numbers of typed ones."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from app.core.scene import Planes, RandomFilters, parse_number
from app.core.weights.kernels import KERNELS, Kernel, draw_random_weights, find_kernel, make_exact_planes

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/worked-figures.json").read_text())


def values(row: Kernel) -> np.ndarray:
    exact = make_exact_planes(row.planes)
    return exact.numerators[0] / (exact.divisor * exact.scale)


def gabor(degrees: int) -> np.ndarray:
    """Stripes at an angle (counter-clockwise, 0 is horizontal), one every 4 cells, fading from the middle."""
    turn = math.radians(degrees + 90)
    up, right = np.mgrid[3:-4:-1, -3:4]
    across = right * math.cos(turn) + up * math.sin(turn)
    along = -right * math.sin(turn) + up * math.cos(turn)
    fade = np.exp(-(across**2 + 0.75**2 * along**2) / (2 * 1.75**2))
    wave = np.cos(2 * math.pi * across / 4)
    whole = np.rint(100 * fade * (wave - (fade * wave).sum() / fade.sum()))
    whole[3, 3] -= whole.sum()
    return whole


def test_every_kernel_that_a_lecture_needs_is_in_the_table():
    asked = """identity 1x1 edges-diagonal laplacian edges sharpen box-blur gaussian sobel-x sobel-y
        prewitt-x prewitt-y scharr-x scharr-y log emboss motion-blur gabor-0 gabor-45
        gabor-90 gabor-135 curve vertical-edge"""
    assert sorted(row.name for row in KERNELS) == sorted(asked.split())


@pytest.mark.parametrize(
    ("name", "rows", "divisor"),
    [
        ("edges-diagonal", [[1, 0, -1], [0, 0, 0], [-1, 0, 1]], 1),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]], 1),
        ("edges", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], 1),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 1),
        ("sobel-x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], 1),
        ("vertical-edge", GOLDEN["vertical_edge"]["weight"][0][0], 1),
        ("curve", GOLDEN["curve_on_curve"]["weight"][0][0], 1),
        ("box-blur", [[1] * 3] * 3, 9),
        ("gaussian", [[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16),
    ],
)
def test_the_kernels_of_the_lectures_have_their_numbers(name, rows, divisor):
    assert find_kernel(name).planes.planes == (tuple(tuple(map(str, row)) for row in rows),)
    assert find_kernel(name).planes.divisor == divisor


@pytest.mark.parametrize("family", ["sobel", "prewitt", "scharr"])
def test_the_y_kernels_are_the_x_kernels_on_their_side(family):
    assert np.array_equal(values(find_kernel(f"{family}-y")), values(find_kernel(f"{family}-x")).T)


@pytest.mark.parametrize("degrees", [0, 45, 90, 135])
def test_the_gabor_kernels_follow_their_formula(degrees):
    exact = make_exact_planes(find_kernel(f"gabor-{degrees}").planes)
    assert np.array_equal(exact.numerators[0], gabor(degrees))
    assert exact.divisor == 100


def test_a_kernel_keeps_the_brightness_or_gives_0_for_a_uniform_picture():
    for row in KERNELS:
        if row.name != "curve":
            assert round(float(values(row).sum()), 6) == (1 if row.show == "photo" else 0), row.name


def test_every_kernel_says_in_one_sentence_what_it_does():
    for row in KERNELS:
        assert row.sentence[0].isupper(), row.name
        assert row.sentence.find(".") == len(row.sentence) - 1, row.name
    assert len({row.sentence for row in KERNELS}) == len({row.title for row in KERNELS}) == len(KERNELS)


def test_a_name_that_is_not_in_the_table_gives_none():
    assert find_kernel("soble") is None


def test_decimals_and_fractions_become_whole_numbers_over_one_denominator():
    exact = make_exact_planes(Planes(((("0.5", "1/3"), ("-2", "0.25/5")),), 9))
    assert (exact.divisor, exact.scale, exact.exact) == (9, 60, True)
    assert exact.numerators.tolist() == [[[30, 20], [-120, 3]]]
    assert exact.numerators.dtype == np.float32


def test_numbers_that_float32_cannot_hold_as_whole_ones_are_rounded_and_say_so():
    exact = make_exact_planes(Planes(((("1/999983", "1000000"),),)))
    assert (exact.exact, exact.scale) == (False, 1)
    assert exact.numerators.tolist() == [[[np.float32(1 / 999983), 1000000]]]
    assert make_exact_planes(Planes(((("16777216/16",),),))).exact


def test_the_written_form_does_not_change_the_value():
    assert parse_number("0.50") == Fraction(1, 2) == parse_number("1/2") == parse_number("2/4")


def test_random_filters_are_whole_numbers_from_minus_two_to_two_and_the_same_everywhere():
    first = draw_random_weights(RandomFilters(4, 3, 2), 3, seed=7)
    assert (first.shape, first.dtype) == ((4, 3, 3, 2), np.float32)
    assert np.array_equal(first, draw_random_weights(RandomFilters(4, 3, 2), 3, seed=7))
    assert not np.array_equal(first, draw_random_weights(RandomFilters(4, 3, 2), 3, seed=8))
    assert set(draw_random_weights(RandomFilters(20, 5, 5), 1, 0).flat) == {-2, -1, 0, 1, 2}


def test_the_generator_is_the_published_one():
    """SplitMix64 as Steele, Lea and Flood give it, one number after the other in plain Python."""
    mask, state, expected = 2**64 - 1, 123, []
    for _ in range(54):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        expected.append((z ^ (z >> 31)) % 5 - 2)
    assert draw_random_weights(RandomFilters(2, 3, 3), 3, seed=123).reshape(-1).tolist() == expected
    # The first output from 0 is 0xE220A8397B1DCDAF, as in Vigna's reference code.
    assert draw_random_weights(RandomFilters(1, 1, 1), 1, seed=0).item() == 0xE220A8397B1DCDAF % 5 - 2
