"""The analysis of filters and its descriptions, on synthetic filters."""

from __future__ import annotations

import numpy as np
import pytest

from app.core import filter_description
from app.core.filter_analysis import analyze_filters, choose_clearest_filter, has_direction, order_filters
from app.core.filter_description import HUES, name_direction, name_hue, round_angle

SIDE = 11


def describe_filter(found) -> str:
    """The description in English."""
    return str(filter_description.describe_filter(found))


def waves(angle: float, period: float, side: int = SIDE, phase: float = 0.4) -> np.ndarray:
    """Gray stripes at an angle: 0 horizontal, 45 rising to the right, 90 vertical."""
    rows, columns = np.mgrid[:side, :side]
    turn = np.radians(angle)
    across = columns * np.sin(turn) + rows * np.cos(turn)
    return np.cos(2 * np.pi * across / period + phase)


def step(angle: float, side: int = SIDE) -> np.ndarray:
    """One edge through the middle."""
    rows, columns = np.mgrid[:side, :side] - (side - 1) / 2
    turn = np.radians(angle)
    return np.tanh(columns * np.sin(turn) + rows * np.cos(turn))


def bell(side: int = SIDE) -> np.ndarray:
    rows, columns = np.mgrid[:side, :side] - (side - 1) / 2
    return np.exp(-(rows**2 + columns**2) / 8)


def gray(plane: np.ndarray) -> np.ndarray:
    return np.repeat(plane[None], 3, axis=0)


def colored(plane: np.ndarray, red: float, green: float, blue: float) -> np.ndarray:
    return np.array([red, green, blue])[:, None, None] * plane


def only(one: np.ndarray):
    return analyze_filters(one[None].astype(np.float32))[0]


def apart(one: float, other: float) -> float:
    """How far two directions differ: 0 and 180 are the same."""
    return abs((one - other + 90) % 180 - 90)


@pytest.mark.parametrize("angle", range(0, 180, 15))
@pytest.mark.parametrize("period", [3, 4, 6])
def test_the_direction_and_width_of_stripes_are_found(angle, period):
    found = only(gray(waves(angle, period)))
    assert found.kind == "stripes"
    assert apart(found.angle, angle) < 5
    assert found.period == pytest.approx(period, rel=0.1)


@pytest.mark.parametrize("angle", [0, 45, 90, 135])
def test_one_edge_is_an_edge_and_not_stripes(angle):
    found = only(gray(step(angle)))
    assert found.kind == "edge"
    assert apart(found.angle, angle) < 5
    assert describe_filter(found) == f"{name_direction(angle)} edges, {angle}°"


def test_the_sample_of_rising_bars_is_described_as_rising(site_samples):
    picture = site_samples.picture("bars-45").pixels[:16, :16, 0] / 255 - 0.5
    assert round_angle(only(picture[None]).angle) == 45


def test_stripes_in_words():
    assert describe_filter(only(gray(waves(45, 4)))) == "diagonal stripes, 45°, one every 4 px"
    assert describe_filter(only(gray(waves(0, 2.5)))) == "horizontal stripes, 0°, one every 2.5 px"
    assert describe_filter(only(waves(90, 5)[None])) == "vertical stripes, 90°, one every 5 px"


def test_two_opposed_colors_are_both_named():
    found = only(colored(step(90), -0.5, 0, 0.6))
    assert found.kind == "colors"
    assert set(describe_filter(found).removesuffix(", 90°").split(" against ")) == {"blue", "orange"}
    assert describe_filter(found).endswith(", 90°")
    assert found.color > 0.9


@pytest.mark.parametrize(
    ("red", "green", "blue", "words"),
    [
        (1, -0.5, -0.5, "red, not turquoise"),
        (-0.5, 1, -0.5, "green, not magenta"),
        (-0.5, -0.5, 1, "blue, not yellow"),
        (0.5, 0.5, -1, "yellow, not blue"),
    ],
)
def test_a_patch_of_one_color_is_named_with_its_opposite(red, green, blue, words):
    assert describe_filter(only(colored(bell(), red, green, blue))) == words


def test_no_hue_has_the_name_of_its_opposite():
    for hue in range(0, 360, 3):
        assert name_hue(hue) != name_hue((hue + 180) % 360)
    assert HUES[-1][0] == 360


def test_spots_are_bright_or_dark():
    assert describe_filter(only(gray(bell()))) == "bright spots"
    assert describe_filter(only(gray(-bell()))) == "dark spots"


def test_a_board_of_checks_has_several_directions():
    assert only(gray(waves(0, 4) * waves(90, 4))).kind == "texture"


def test_a_filter_that_only_measures_brightness_is_described_so():
    assert describe_filter(only(gray(np.full((5, 5), 0.3)))) == "bright places of any pattern"


def test_a_dead_filter_beside_living_ones_is_called_nothing():
    bank = np.stack([gray(waves(30, 4)), gray(waves(60, 4)), gray(waves(60, 4)) * 1e-4])
    assert [one.kind for one in analyze_filters(bank)] == ["stripes", "stripes", "nothing"]
    assert analyze_filters(np.zeros((1, 3, 5, 5)))[0].kind == "nothing"


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 64])
def test_any_number_of_channels_can_be_analyzed(channels):
    found = only(np.repeat(waves(90, 4)[None], channels, axis=0))
    assert found.kind == "stripes"
    assert found.color == 0
    assert found.strength == pytest.approx(np.sqrt(channels * (waves(90, 4) ** 2).sum()), rel=1e-5)


def test_every_order_lists_every_filter_once_in_the_order_of_its_name():
    chance = np.random.default_rng(5)
    bank = np.concatenate([np.stack([gray(waves(a, 4)) for a in (150, 30, 90)]), chance.normal(size=(9, 3, 11, 11))])
    found = analyze_filters(bank)
    for name, order in order_filters(found).items():
        assert sorted(order) == list(range(len(bank))), name
    by_angle = [index for index in order_filters(found)["orientation"] if has_direction(found[index])]
    assert [index for index in by_angle if index < 3] == [1, 2, 0]
    strengths = [found[index].strength for index in order_filters(found)["strength"]]
    assert strengths == sorted(strengths, reverse=True)
    periods = [found[index].period for index in order_filters(found)["frequency"]]
    assert periods == sorted(periods, reverse=True)
    assert order_filters(found)["trained"] == tuple(range(len(bank)))


def test_strong_clear_stripes_are_shown_first():
    bank = np.stack([gray(bell()) * 3, gray(waves(20, 4)), gray(waves(70, 4)) * 2])
    assert choose_clearest_filter(analyze_filters(bank)) == 2


@pytest.fixture
def site_samples():
    from app.images.samples import load_samples
    from app.resources import find_resource

    return load_samples(find_resource("sample_images"))
