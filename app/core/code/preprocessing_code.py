"""Preprocessing as code: crop, averages over parts, channels, inverting, and the scale of the training."""

from __future__ import annotations

from functools import lru_cache

from ..arrays import Shape
from ..ops.preprocessing import LUMINANCE_WEIGHTS, PreprocessingPlan, Resampling
from ..trace.stage_info import PreprocessingInfo
from .dialects import Dialect
from .python_source import format_comment, format_shape

AVERAGE_IN_TORCH = """\
def average(cells, parts):  # parts × cells: the share of each cell in each part
    edges = torch.arange(parts + 1) * cells / parts
    start = torch.maximum(edges[:-1, None], torch.arange(cells) + 0.0)
    stop = torch.minimum(edges[1:, None], torch.arange(cells) + 1.0)
    return (stop - start).clamp(min=0) * parts / cells
"""
AVERAGE = """\
def average(cells, parts):  # parts × cells: the share of each cell in each part
    edges = np.arange(parts + 1) * cells / parts
    start = np.maximum(edges[:-1, None], np.arange(cells))
    stop = np.minimum(edges[1:, None], np.arange(cells) + 1)
    return np.maximum(stop - start, 0) * parts / cells
"""
"""The function that averages along one axis where cells are covered in part, in NumPy and what is called like it."""


@lru_cache(64)
def write_preprocessing(dialect: Dialect, info: PreprocessingInfo, channels: int) -> tuple[str, ...]:
    """The lines of one dialect, in the order in which they are computed, for an input of `channels`.

    None in SciPy where parts of cells are averaged: it has no function for that.
    """
    made = info.plan
    averages = _write_averages(dialect, made, channels)
    needs_function = any("average(" in line for line in averages)
    if needs_function and dialect.name == "scipy":
        return ()
    average = AVERAGE_IN_TORCH if dialect.name == "torch" else AVERAGE.replace("np.", f"{dialect.module}.")
    return (
        *((*average.splitlines(), "") if needs_function else ()),
        *_write_crop(made),
        *averages,
        *_write_mix(dialect, made),
        *([f"x = {info.white:g} - x{format_comment('white on black')}"] if info.inverted else []),
        *_write_scale(dialect.array, info.white, made),
    )


def _write_crop(made: PreprocessingPlan) -> list[str]:
    if all(axis.length == axis.size for axis in (made.rows, made.columns)):
        return []
    rows, columns = (f"{axis.first}:{axis.first + axis.length}" for axis in (made.rows, made.columns))
    return [f"x = x[:, {rows}, {columns}]{format_comment('the middle')}"]


def _write_averages(dialect: Dialect, made: PreprocessingPlan, channels: int) -> list[str]:
    rows, columns = made.rows, made.columns
    if rows.length == rows.parts and columns.length == columns.parts:
        return []
    shape = format_shape((channels, rows.parts, columns.parts))
    if rows.length % rows.parts == 0 and columns.length % columns.parts == 0:
        high, wide = rows.length // rows.parts, columns.length // columns.parts
        if dialect.name == "torch":
            return [f"x = F.avg_pool2d(x, {high if high == wide else (high, wide)}){shape}"]
        if dialect.name == "keras":
            window = f"{(high, wide)}, {(high, wide)}"
            return [f'x = ops.average_pool(x[None], {window}, data_format="channels_first")[0]{shape}']
        sizes = (channels, rows.parts, high, columns.parts, wide)
        return [f"x = x.reshape{sizes}.mean(axis=(2, 4)){shape}"]
    before, after = _write_matrix(rows), _write_matrix(columns)
    product = " @ ".join(filter(None, (before, "x", after and f"{after}.T")))
    return [f"x = {product}{shape}"]


def _write_matrix(axis: Resampling) -> str:
    return "" if axis.length == axis.parts else f"average({axis.length}, {axis.parts})"


def _write_mix(dialect: Dialect, made: PreprocessingPlan) -> list[str]:
    channels: Shape = made.shape
    if made.keeps_channels:
        return []
    if made.mix == (LUMINANCE_WEIGHTS,):
        terms = (f"{weight} * x[{channel}:{channel + 1}]" for channel, weight in enumerate(LUMINANCE_WEIGHTS))
        return [f"x = {' + '.join(terms)}{format_comment('gray')}"]
    repeated = f"{dialect.module}.repeat(x, {channels[0]}, axis=0)"
    if dialect.name == "torch":
        repeated = f"x.repeat({channels[0]}, 1, 1)"
    return [f"x = {repeated}{format_comment('the same gray in every channel')}"]


def _write_scale(array: str, white: float, made: PreprocessingPlan) -> list[str]:
    """(x / white − mean) / std, with a number where all channels have the same."""
    lines, names = [], {}
    values = {"mean": made.preprocessing.mean, "std": made.preprocessing.std}
    for name, each in values.items():
        names[name] = repr(each[0]) if len(each) == 1 else name
        if len(each) > 1:
            lines.append(f"{name} = {array}({list(each)})[:, None, None]")
    share = "x" if white == 1 else f"x / {white:g}"
    is_scaled = set(values["mean"]) == {0.0} and set(values["std"]) == {1.0}
    if is_scaled:
        return [f"y = {share}{format_shape(made.shape)}"]
    return [*lines, f"y = ({share} - {names['mean']}) / {names['std']}{format_shape(made.shape)}"]
