"""The scene of an exercise: options and small whole numbers that a seed draws, as the link of a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..core.ops.geometry import Axis
from ..core.scene import Pair
from .exercise import SIDES, ExerciseSpec, Grid
from .exercise_options import KIND_OPTIONS

FEW_PRODUCTS, MANY_PRODUCTS = 9, 27
"""With more products in a window, its numbers are smaller."""


@dataclass(frozen=True, slots=True)
class DrawnScene:
    """A convolution on an input of whole numbers: the planes of both, and its options. `shape` is that of its map."""

    planes: tuple[Grid, ...]
    weights: tuple[Grid, ...]
    stride: int
    padding: int
    bias: int
    shape: Pair

    @property
    def filter_side(self) -> int:
        """The side of the filter, in cells."""
        return len(self.weights[0])

    @property
    def link(self) -> str:
        """The query string of its figure."""
        return write_link(self.planes, f"conv:{write_planes(self.weights)}{self._options}")

    def link_with(self, weights: Grid) -> str:
        """The query string of the same figure with another filter."""
        return write_link(self.planes, f"conv:{write_planes([weights])}{self._options}")

    @property
    def _options(self) -> str:
        return write_layer_options({"stride": (self.stride, 1), "padding": (self.padding, 0), "bias": (self.bias, 0)})


def draw_options(spec: ExerciseSpec, draw: np.random.Generator) -> dict[str, int]:
    """The options of an exercise: those that are given, the others drawn; channels are 1 where a kind has none."""
    ranges = KIND_OPTIONS[spec.kind]
    options = {"size": 0, "filter": 3, "stride": 1, "padding": 0, "channels": 1}
    for name in SIDES:
        if name in ranges:
            drawn = ranges[name].drawn[int(draw.integers(len(ranges[name].drawn)))]
            given = getattr(spec, name)
            options[name] = drawn if given is None else given
    return options


def draw_scene(spec: ExerciseSpec, draw: np.random.Generator, with_bias: bool = True) -> DrawnScene | None:
    """A convolution on small whole numbers; None where the filter does not fit."""
    options = draw_options(spec, draw)
    side, window, channels = options["size"], options["filter"], options["channels"]
    if window > side + 2 * options["padding"]:
        return None
    axis = Axis(side, window, options["stride"], 1, options["padding"], options["padding"])
    products = window * window * channels
    largest, heaviest = (3, 2) if products <= FEW_PRODUCTS else (2, 2) if products <= MANY_PRODUCTS else (1, 1)
    planes = tuple(draw_grid(draw, (side, side), 0, largest) for _ in range(channels))
    weights = tuple(draw_grid(draw, (window, window), -heaviest, heaviest) for _ in range(channels))
    bias = int(draw.integers(1, 4)) if with_bias else 0
    return DrawnScene(planes, weights, options["stride"], options["padding"], bias, (axis.positions, axis.positions))


def draw_grid(draw: np.random.Generator, shape: Pair, least: int, most: int) -> Grid:
    """Whole numbers from `least` to `most` in rows."""
    return make_grid(draw.integers(least, most + 1, shape).tolist())


def make_grid(rows: Sequence[Sequence[float]]) -> Grid:
    """A grid of numbers that are whole. Raises ValueError for others."""
    if any(value != round(value) for row in rows for value in row):
        raise ValueError("the numbers of a grid are whole")
    return tuple(tuple(round(value) for value in row) for row in rows)


def write_planes(planes: Sequence[Grid]) -> str:
    """Planes of numbers as a link has them: `(1,0;2,1)(0,1;1,1)`."""
    return "".join(f"({';'.join(','.join(map(str, row)) for row in plane)})" for plane in planes)


def write_link(planes: Sequence[Grid], layers: str) -> str:
    """The query string of a figure: its numbers, then its layers."""
    return f"image={write_planes(planes)}&layers={layers}"


def write_layer_options(options: Mapping[str, Pair]) -> str:
    """Options of a layer as a link has them, from (value, default); defaults are left out."""
    return "".join(f",{name}={value}" for name, (value, default) in options.items() if value != default)
