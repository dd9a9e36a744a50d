from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ops.geometry import (
    ONE_CELL,
    Axis,
    Geometry,
    compute_padding,
    count_conv_parameters,
    count_multiply_adds,
)


@st.composite
def axes(draw):
    kernel = draw(st.integers(1, 6))
    return Axis(
        size=draw(st.integers(1, 20)),
        kernel=kernel,
        stride=draw(st.integers(1, 7)),
        dilation=draw(st.integers(1, 3)),
        before=draw(st.integers(0, kernel)),
        after=draw(st.integers(0, kernel)),
        ceil=draw(st.booleans()),
    )


def square(*args, **options):
    return Geometry(Axis(*args, **options), Axis(*args, **options))


def test_a_stride_that_does_not_fit_names_the_unread_cell_and_a_padding_that_helps():
    axis = Axis(7, 3, stride=3)
    assert axis.positions == 2
    assert not axis.fits
    assert axis.quotient == Fraction(7, 3)
    assert axis.leftover == 1
    assert axis.unread == (6,)
    assert axis.fitting_padding == 1
    assert Axis(7, 3, stride=3, before=1, after=1).positions == 3


def test_a_stride_longer_than_the_window_leaves_gaps_unread():
    assert Axis(8, 2, stride=3).unread == (2, 5)


def test_a_dilated_window_with_a_long_stride_leaves_gaps_unread():
    assert Axis(7, 2, stride=4, dilation=2).unread == (1, 3, 5)


def test_a_ceil_mode_window_may_extend_beyond_the_end():
    axis = Axis(5, 2, stride=2, ceil=True)
    assert (axis.positions, axis.overhang, axis.leftover, axis.unread) == (3, 1, 0, ())


def test_a_ceil_mode_window_may_not_start_in_the_padding_after_the_input():
    assert Axis(6, 2, stride=2, before=1, after=1, ceil=True).positions == 4
    assert Axis(6, 3, stride=5, before=1, after=1, ceil=True).positions == 2
    assert Axis(4, 2, stride=3, before=1, after=1, ceil=True).positions == 2


def test_a_window_longer_than_the_padded_input_has_no_position():
    axis = Axis(2, 3)
    assert (axis.positions, axis.fits, axis.unread, axis.leftover) == (0, False, (0, 1), 2)
    with pytest.raises(ValueError, match="3 rows long; there are 2"):
        square(2, 3).check_fits()


def test_a_window_reads_padding_as_cells_outside_the_input():
    axis = Axis(4, 3, stride=2, dilation=2, before=2, after=2)
    assert axis.window_start(0) == -2
    assert axis.window_cells(0) == (-2, 0, 2)
    assert axis.window_cells(1) == (0, 2, 4)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"size": 0, "kernel": 1}, "size is 0"),
        ({"size": 3, "kernel": 0}, "kernel is 0"),
        ({"size": 3, "kernel": 1, "stride": 0}, "stride is 0; it must be a whole number from 1 on"),
        ({"size": 3, "kernel": 1, "dilation": 0}, "dilation is 0"),
        ({"size": 3, "kernel": 1, "before": -1}, "padding is -1; it must be a whole number from 0 on"),
    ],
)
def test_an_impossible_axis_says_which_number_is_wrong(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        Axis(**values)


@given(axes())
def test_every_input_cell_is_read_by_some_window_or_called_unread(axis):
    read = {index for position in range(axis.positions) for index in axis.window_cells(position)}
    assert set(axis.unread) == set(range(axis.size)) - read


@given(axes())
def test_the_last_window_ends_at_the_end_or_before_its_leftover_or_beyond_by_its_overhang(axis):
    if axis.positions:
        end = axis.window_cells(axis.positions - 1)[-1] + 1
        assert end == axis.size + axis.after - axis.leftover + axis.overhang
        assert axis.leftover == 0 or axis.overhang == 0
        assert axis.ceil or axis.overhang == 0


@given(axes())
def test_it_fits_exactly_where_the_quotient_is_the_whole_number_of_positions(axis):
    whole = axis.quotient.denominator == 1 and axis.quotient >= 1
    assert axis.fits == whole
    if axis.fits and not axis.ceil:
        assert axis.quotient == axis.positions


@given(axes())
def test_the_fitting_padding_fits_and_no_smaller_one_does(axis):
    def fits(padding):
        sides = {"before": padding, "after": padding}
        return Axis(axis.size, axis.kernel, axis.stride, axis.dilation, **sides).fits

    found = [padding for padding in range(axis.kernel + 1) if fits(padding)]
    assert axis.fitting_padding == (found[0] if found else None)


@given(st.integers(1, 30), st.integers(1, 6), st.integers(1, 3))
def test_same_padding_keeps_the_size_and_full_padding_grows_it_by_the_effective_kernel(size, kernel, dilation):
    for name, expected in (("same", size), ("full", size + dilation * (kernel - 1)), ("valid", None)):
        top, bottom, left, right = compute_padding(name, (kernel, 1), (dilation, 1))
        assert (left, right) == (0, 0)
        assert bottom - top in (0, 1)
        if expected:
            assert Axis(size, kernel, dilation=dilation, before=top, after=bottom).positions == expected


@given(st.integers(1, 30), st.integers(1, 6), st.integers(1, 3))
def test_causal_padding_keeps_the_length_and_reads_nothing_that_comes_later(size, kernel, dilation):
    top, bottom, left, right = compute_padding("causal", (1, kernel), (1, dilation))
    assert (top, bottom, right) == (0, 0, 0)
    axis = Axis(size, kernel, dilation=dilation, before=left, after=right)
    assert axis.positions == size
    assert all(axis.window_cells(place)[-1] == place for place in range(size))


def test_padding_by_numbers_stays_as_it_is_and_a_negative_one_is_refused():
    assert compute_padding((1, 2, 3, 4), (3, 3)) == (1, 2, 3, 4)
    assert compute_padding("same", (4, 4)) == (1, 2, 1, 2)
    with pytest.raises(ValueError, match="left is -1"):
        compute_padding((0, 0, -1, 0), (3, 3))
    with pytest.raises(ValueError, match="'sane'; it can be valid, same, full, causal or four"):
        compute_padding("sane", (3, 3))


def test_strides_multiply_the_jump_of_the_receptive_field():
    conv, pool = square(32, 5), square(28, 2, stride=2)
    assert ONE_CELL.extend(conv).extend(pool).extend(conv)[:2] == ((14, 14), (2, 2))
    assert ONE_CELL.extend(square(32, 3, dilation=2)).size == (5, 5)


def test_parameters_and_products_count_every_weight_of_every_filter():
    assert count_conv_parameters(10, 3, (5, 5), bias=True) == 760
    assert count_conv_parameters(10, 3, (5, 5), bias=False) == 750
    assert count_multiply_adds(10, 3, (5, 5), (32, 32)) == 768_000
