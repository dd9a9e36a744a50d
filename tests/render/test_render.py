from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

from app.core.operation_table import INPUT
from app.core.trace.stage_info import StageInfo
from app.core.trace.trace import Stage
from app.core.trace.value_facts import ValueFacts
from app.core.weights.kernels import KERNELS, find_kernel
from app.render import (
    Scale,
    choose_scale,
    color_map,
    draw_kernel_thumbnails,
    encode_png,
    enlarge,
    make_data_url,
    render_map_png,
    to_photo_colors,
    to_signed_colors,
)

BLUE, WHITE, RED = [0x21, 0x66, 0xAC], [0xF7, 0xF7, 0xF7], [0xB2, 0x18, 0x2B]


def maps(*planes):
    return np.array(planes, np.float32)


def stage(output, colors, scale=None):
    values = ValueFacts(False, float(np.abs(output).max()), colors, scale)
    return Stage(StageInfo(INPUT, "Some maps", output.shape, values), output)


def read(data):
    return np.array(Image.open(io.BytesIO(data)).convert("RGB"))


def read_data_url(uri):
    return read(base64.b64decode(uri.removeprefix("data:image/png;base64,")))


def test_zero_is_near_white_and_both_ends_have_their_own_colors():
    colors = to_signed_colors(maps([-510, 0, 510])[0], Scale(-510, 510))
    assert colors.tolist() == [BLUE, WHITE, RED]


def test_signed_colors_are_symmetric_even_if_the_scale_is_not():
    assert to_signed_colors(maps([-1, 4])[0], Scale(-1, 4)).tolist()[1] == RED
    quarter = to_signed_colors(maps([-1, 1])[0], Scale(-1, 4)).astype(int)
    for got, end in zip(quarter, (BLUE, RED), strict=True):
        assert np.abs(got - (np.array(WHITE) * 0.75 + np.array(end) * 0.25)).max() <= 1


def test_values_out_of_range_are_clipped():
    assert to_signed_colors(maps([-9e9, 9e9])[0], Scale(-1, 1)).tolist() == [BLUE, RED]


def test_a_map_of_zeros_is_near_white_everywhere():
    assert to_signed_colors(maps([0, 0])[0], Scale(0, 0)).tolist() == [WHITE, WHITE]


def test_a_photo_keeps_its_own_gray():
    assert to_photo_colors(maps([[0, 128, 255]]), Scale(0, 255)).tolist() == [[[0] * 3, [128] * 3, [255] * 3]]


def test_overshoots_and_undershoots_of_a_photo_are_marked():
    assert to_photo_colors(maps([[-3, 258]]), Scale(0, 255)).tolist() == [[BLUE, RED]]


def test_three_channels_of_a_photo_make_one_colored_picture():
    red, green, blue = [[255, 1]], [[0, 2]], [[0, 3]]
    shown = color_map(stage(maps(red, green, blue), "photo", [0, 255]))
    assert shown.tolist() == [[[255, 0, 0], [1, 2, 3]]]


def test_one_channel_of_a_photo_can_be_shown():
    shown = color_map(stage(maps([[255]], [[7]], [[0]]), "photo", [0, 255]), 1)
    assert shown.tolist() == [[[7, 7, 7]]]


def test_the_scale_of_a_layer_spans_all_its_maps():
    both = stage(maps([[-1, 2]], [[-8, 3]]), "signed")
    assert choose_scale(both, 0) == Scale(-2, 2)
    assert choose_scale(both, 0, scope="layer") == Scale(-8, 8)


def test_a_png_has_exactly_the_given_colors():
    colors = np.random.default_rng(1).integers(0, 256, (5, 7, 3), np.uint8)
    assert np.array_equal(read(encode_png(colors)), colors)
    assert np.array_equal(read_data_url(make_data_url(colors)), colors)


def test_an_enlarged_map_has_a_square_of_one_color_per_cell():
    big = read(render_map_png(stage(maps([[0, 255]]), "gray", [0, 255]), 0, "auto", "map", 4))
    assert big.shape == (4, 8, 3)
    assert (big[:, :4] == 0).all()
    assert (big[:, 4:] == 255).all()
    assert np.array_equal(enlarge(np.zeros((1, 1, 3), np.uint8), 3), np.zeros((3, 3, 3), np.uint8))


def test_the_thumbnails_show_every_classic_filter_on_the_picture():
    picture = np.random.default_rng(2).integers(0, 256, (1, 9, 9)).astype(np.float32)
    pictures = draw_kernel_thumbnails(picture, Scale(0, 255), KERNELS)
    assert set(pictures) == {kernel.name for kernel in KERNELS}
    assert all(read_data_url(uri).shape == (9, 9, 3) for uri in pictures.values())
    assert np.array_equal(read_data_url(pictures["identity"])[..., 0], picture[0])


def test_a_filter_that_sums_to_1_keeps_the_colors_of_a_photo():
    picture = np.random.default_rng(3).integers(0, 256, (3, 6, 6)).astype(np.float32)
    shown = read_data_url(draw_kernel_thumbnails(picture, Scale(0, 255), [find_kernel("identity")])["identity"])
    assert np.array_equal(shown, np.moveaxis(picture, 0, -1))
