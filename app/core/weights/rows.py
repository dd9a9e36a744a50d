"""Fully connected layers of one's own: the convolution that each of them equals.

A fully connected layer on C × H × W maps is a convolution whose filters are as large as its input: row k, read as C
planes of H × W, is filter k.
"""

from __future__ import annotations

from ..arrays import Shape
from ..layer_error import LayerError, make_layer_error
from ..scene import Filter, Layer, Planes, RandomFilters, RandomRows, Rows, ShapeFilters, ShapeRows
from ..texts import Text, make_text

SHARED_OPTIONS = ("bias", "seed", "from")
"""Options of a fully connected layer that the convolution has, too."""


def find_convolution(layer: Layer, in_shape: Shape) -> Layer:
    """The convolution that equals a fully connected layer with weights of its own on maps of this shape.

    Its filters have the same numbers, in the same order. Raises LayerError where a typed row has another count of
    numbers than the maps.
    """
    rows = layer.head
    if not isinstance(rows, Rows):
        raise ValueError("the layer has no weights of its own")
    options = tuple(option for option in layer.options if option[0] in SHARED_OPTIONS)
    return Layer("conv", _make_filters(rows, in_shape), None, options)


def _make_filters(rows: Rows, in_shape: Shape) -> tuple[Filter, ...]:
    channels, height, width = in_shape
    match rows:
        case RandomRows(count):
            return (RandomFilters(count, height, width),)
        case ShapeRows(count):
            return (ShapeFilters(count, height, width),)
        case Planes():
            _, _, numbers = rows.shape
            if numbers != channels * height * width:
                raise make_row_error(numbers, in_shape, make_text("typed_row"))
            return tuple(Planes(_fold_row(row, in_shape), rows.divisor) for row in rows.planes[0])


def make_row_error(numbers: int, in_shape: Shape, reader: Text | str) -> LayerError:
    """The LayerError that a fully connected layer reads another count of numbers than its input has."""
    channels, height, width = in_shape
    found = channels * height * width
    return make_layer_error(
        "linear_numbers" if (height, width) == (1, 1) else "linear_maps",
        "layers",
        reader,
        str(numbers),
        given=numbers,
        found=found,
        channels=channels,
        rows=height,
        columns=width,
    )


def _fold_row(row: tuple[str, ...], in_shape: Shape) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """C planes of H × W of a row of C·H·W numbers."""
    channels, height, width = in_shape
    lines = [row[first : first + width] for first in range(0, len(row), width)]
    return tuple(tuple(lines[channel * height : (channel + 1) * height]) for channel in range(channels))
