"""Refuses windows, paddings and stages that do not fit the maps of a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..arrays import Shape
from ..layer_error import make_layer_error
from ..ops import ConvTranspose
from ..ops.geometry import Geometry
from ..ops.join import JoinKind, find_joined_shape, find_misfit
from ..ops.transposed import TransposedAxis
from ..scene import Pair, Sides
from ..texts import Text, make_text

FITTING: Mapping[JoinKind, str] = {"add": "add_allowed", "concat": "concat_allowed", "mul": "mul_allowed"}
"""The words for the stages that a join can read."""


def check_window(geometry: Geometry, what: str) -> None:
    """Raises LayerError where a window (`a_filter` or `a_window`) has no position."""
    for cells, axis in (("rows", geometry.rows), ("columns", geometry.columns)):
        if axis.positions:
            continue
        parts = {
            "cells": make_text(cells),
            "padded": axis.padded,
            "padded_cells": _name_cells(cells, axis.padded),
            "with_padding": make_text("with_padding") if axis.padded > axis.size else "",
        }
        if axis.dilation > 1 and axis.kernel <= axis.padded:
            most = (axis.padded - 1) // (axis.kernel - 1)
            raise make_layer_error(
                "dilation",
                "dilation",
                axis.dilation,
                make_text("at_most", most=most),
                reach=axis.effective_kernel,
                **parts,
            )
        allowed = make_text("at_most", most=axis.padded)
        raise make_layer_error("window", "kernel_size", axis.effective_kernel, allowed, what=make_text(what), **parts)


def check_output_padding(transposed: ConvTranspose) -> None:
    """Raises LayerError where the output has more rows or columns besides than it may, as PyTorch does."""
    for cells, given, stride, dilation in zip(
        ("rows", "columns"), transposed.output_padding, transposed.stride, transposed.dilation, strict=True
    ):
        most = max(stride, dilation) - 1
        if given > most:
            allowed = make_text("at_most", most=most)
            parts = {"cells": make_text(cells), "stride": stride, "dilation": dilation}
            raise make_layer_error("output_padding", "output_padding", given, allowed, **parts)


def check_crop(geometry: Geometry) -> None:
    """Raises LayerError where the padding of a transposed convolution cuts all of its output off."""
    for cells, axis in (("rows", geometry.rows), ("columns", geometry.columns)):
        if isinstance(axis, TransposedAxis) and not axis.positions:
            allowed = make_text("at_most", most=(axis.full - 1) // 2)
            raise make_layer_error("crop", "padding", axis.crop, allowed, full=axis.full, cells=make_text(cells))


def check_join(kind: JoinKind, reads: Sequence[int], shapes: Sequence[Shape]) -> None:
    """Raises LayerError where the shapes of the stages that a join reads do not agree; its `part` is the misfit."""
    place = find_misfit(shapes, kind)
    if place is None:
        return
    others = shapes[:place]
    channels, rows, columns = find_joined_shape(others, "mul" if kind == "concat" else kind)
    code = FITTING[kind]
    if kind == "mul" and rows * columns == 1:
        code = "mul_allowed_one" if channels == 1 else "mul_allowed_any"
    allowed = make_text(code, channels=channels, rows=rows, columns=columns)
    before = max(range(place), key=lambda n: others[n][1] * others[n][2])
    raise make_layer_error(
        "join_shapes",
        "stages",
        reads[place],
        allowed,
        part=place - 1,
        op=make_text(f"title_{kind}"),
        shape=_write_shape(shapes[place]),
        first=reads[before],
        other=_write_shape(shapes[before]),
    )


def _write_shape(shape: Shape) -> str:
    return " × ".join(map(str, shape))


def check_padding_mode(mode: str, padding: Sides, size: Pair, option: str = "padding_mode") -> None:
    """Raises LayerError where a padding that repeats cells is wider than the map of `size` (rows, columns)."""
    short = {"reflect": 1, "circular": 0}.get(mode)
    if short is None:
        return
    for sides, length, cells in ((padding[:2], size[0], "rows"), (padding[2:], size[1], "columns")):
        if max(sides) > length - short:
            allowed = make_text("at_most", most=length - short)
            parts = {"option": option, "mode": mode, "size": length, "cells": _name_cells(cells, length)}
            raise make_layer_error("padding_mode", "padding", max(sides), allowed, **parts)


def check_causal(padding: object, size: Pair) -> None:
    """Raises LayerError where the padding of a signal is asked for on maps of several rows; `size`: (rows, columns)."""
    if padding == "causal" and size[0] != 1:
        raise make_layer_error("causal", "padding", "causal", make_text("causal_allowed"), rows=size[0])


def check_pool_windows(geometry: Geometry) -> None:
    """Raises LayerError where a window of a dilated pool would read cells of the padding alone."""
    for cells, axis in (("rows", geometry.rows), ("columns", geometry.columns)):
        if axis.dilation == 1:
            continue
        for position in range(axis.positions):
            if not any(0 <= cell < axis.size for cell in axis.window_cells(position)):
                parts = {"size": axis.kernel, "cells": _name_cells(cells, axis.kernel), "dilation": axis.dilation}
                raise make_layer_error("windows_outside", "padding", max(axis.before, axis.after), "0", **parts)


def check_pool_padding(padding: Sides, window: Pair) -> None:
    """Raises LayerError where a padding is wider than half the window, from its first cell to its last."""
    for sides, length, cells in ((padding[:2], window[0], "rows"), (padding[2:], window[1], "columns")):
        if max(sides) > length // 2:
            allowed = make_text("at_most", most=length // 2)
            raise make_layer_error(
                "pool_padding", "padding", max(sides), allowed, size=length, cells=_name_cells(cells, length)
            )


def _name_cells(cells: str, count: int) -> Text:
    """The word after a count of `rows` or `columns`: singular for one."""
    return make_text({"rows": "row_of_cells", "columns": "column_of_cells"}[cells] if count == 1 else cells)
