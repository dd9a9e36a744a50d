"""The programs of a stage: complete texts that compute the stage's output `y` from its input `x`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..messages import write_message
from ..texts import Text, make_text
from ..trace.execute import VALUE_LIMIT
from ..trace.trace import Stage
from .dialects import NUMPY, TORCH, Dialect, DialectName, format_shape, write_array
from .literals import format_moved_slices
from .numpy_code import write_numpy_conv, write_numpy_linear, write_numpy_pool
from .preprocessing_code import write_preprocessing
from .torch_code import write_torch_conv, write_torch_pool

SOURCE = "{source}"
"""Stands in a program for the expression that opens the bytes of the Trace."""


@dataclass(frozen=True, slots=True)
class Program:
    """A stage as a program in one dialect.

    `text` is complete where every array is short enough to be written out. Otherwise it reads arrays from the Trace:
    SOURCE stands for the expression that opens it, and `query` has the keys of /api/trace that send these arrays.
    Where the dialect cannot compute the stage, `text` is "" and `missing` is the reason.
    """

    dialect: DialectName
    title: str
    text: str = ""
    query: str = ""
    missing: Text | None = None

    def to_json(self) -> dict[str, object]:
        """The program as an entry of a stage's `code`."""
        entry: dict[str, object] = {"dialect": self.dialect, "title": self.title, "text": self.text}
        if self.query:
            entry["query"] = self.query
        if self.missing:
            entry["missing"] = write_message(self.missing)
        return entry


def write_programs(stage: Stage) -> tuple[Program, ...]:
    """The stage as a program in every dialect. The program of the chain's input only defines `x`."""
    if stage.info.values.largest >= float(np.float32(VALUE_LIMIT)):
        reason = make_text("code_cut_off", most=f"{VALUE_LIMIT:g}")
        return tuple(Program(dialect.name, dialect.title, missing=reason) for dialect in (TORCH, NUMPY))
    return _write_program(TORCH, stage, _write_torch(stage)), _write_program(NUMPY, stage, _write_numpy(stage))


def _write_program(dialect: Dialect, stage: Stage, body: Sequence[str]) -> Program:
    if not body and stage.plan:
        reason = make_text("code_missing", title=dialect.title, layer=stage.info.title)
        return Program(dialect.name, dialect.title, missing=reason)
    arrays = _write_arrays(dialect, stage)
    code = "\n".join([*arrays, "", *body] if body else arrays)
    imports = [line for beginning, line in dialect.imports if beginning in code]
    if "= figure[" not in code:
        return Program(dialect.name, dialect.title, "\n".join([*imports, "", code]))
    loading = [*imports, f"from {dialect.loader} import load", "", f"figure = load({SOURCE}.read())"]
    text = "\n".join(["from urllib.request import urlopen", *loading, code])
    return Program(dialect.name, dialect.title, text, _make_query(stage))


def _make_query(stage: Stage) -> str:
    """The keys of /api/trace that send the arrays of a program, its input as float32."""
    source = _get_source(stage)
    only = f"{source}" if stage.weight is None else f"{source},{stage.info.index}"
    return f"only={only}&stages={source}"


def _get_source(stage: Stage) -> int:
    """The stage whose output is this one's input; the chain's input is its own."""
    return max(0, stage.info.index - 1)


def _write_arrays(dialect: Dialect, stage: Stage) -> list[str]:
    x = stage.output if stage.input is None else stage.input
    lines = [write_array(dialect, "x", x, f"{_get_source(stage)}.output", "channels, rows, columns")]
    weight, bias, filters = stage.weight, stage.bias, stage.info.filters
    if weight is None or bias is None:
        return lines
    entry = f"{stage.info.index}.weight"
    if filters is None:
        lines.append(write_array(dialect, "weight", weight, entry, "outputs, inputs"))
    else:
        axes = f"filters, channels{' of a group' if filters.groups > 1 else ''}, rows, columns"
        if filters.flip:
            drawn = weight[:, :, ::-1, ::-1]
            lines.append(write_array(dialect, "weight", drawn, entry, f"{axes}; turned by 180°", dialect.turned))
        else:
            lines.append(write_array(dialect, "weight", weight, entry, axes))
    return [*lines, write_array(dialect, "bias", bias, f"{stage.info.index}.bias", "")]


def _write_torch(stage: Stage) -> Sequence[str]:
    """The lines from `x` to `y` in PyTorch; none for the input of the chain."""
    info, plan = stage.info, stage.plan
    if plan is None:
        return ()
    if plan.conv and plan.geometry:
        return write_torch_conv(plan.conv, plan.geometry, info.shape, _get_divisors(stage))
    if plan.pool and plan.geometry:
        return write_torch_pool(plan.pool, plan.geometry, info.shape)
    if info.preprocessing:
        return write_preprocessing("torch", info.preprocessing, plan.in_shape[0])
    return _fill_template(stage, info.operation.code.torch)


def _write_numpy(stage: Stage) -> Sequence[str]:
    """The lines from `x` to `y` in NumPy; none for the input of the chain."""
    info, plan = stage.info, stage.plan
    if plan is None:
        return ()
    if plan.conv and plan.geometry:
        return write_numpy_conv(plan.conv, plan.geometry, plan.in_shape[0], info.shape, _get_divisors(stage))
    if plan.pool and plan.geometry:
        return write_numpy_pool(plan.pool, plan.geometry, info.shape)
    if plan.linear:
        return write_numpy_linear(*plan.linear.weight.shape)
    if info.preprocessing:
        return write_preprocessing("numpy", info.preprocessing, plan.in_shape[0])
    return _fill_template(stage, info.operation.code.numpy)


def _get_divisors(stage: Stage) -> tuple[int, ...]:
    """What the sum of each filter is divided by."""
    filters = stage.info.filters
    return tuple(d * s for d, s in zip(filters.divisors, filters.scales, strict=True)) if filters else ()


def _fill_template(stage: Stage, template: str) -> Sequence[str]:
    """The lines of the operation table with the numbers of this layer, and the shape behind the last one."""
    info = stage.info
    if not template:
        return ()
    moved = format_moved_slices(info.by) if info.by else ""
    return f"{template.format(slope=info.slope, moved=moved)}{format_shape(info.shape)}".splitlines()
