"""The code of a stage: the lines that compute its output `y` from its input `x`, in PyTorch and in NumPy.

`x`, `weight` and `bias` are arrays as the Trace holds them: float32, filters turned by 180° with `flip` and of whole
numbers where a sum is divided afterwards. Who shows the code puts the lines before it that make them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..texts import Text, make_text
from ..trace.execute import VALUE_LIMIT
from ..trace.trace import Stage
from .numpy_code import write_numpy_conv, write_numpy_linear, write_numpy_pool
from .preprocessing_code import write_preprocessing
from .python_source import format_moved_slices, format_shape
from .torch_code import write_torch_conv, write_torch_pool

TITLES = {"torch": "PyTorch", "numpy": "NumPy"}


@dataclass(frozen=True, slots=True)
class StageCode:
    """The code of a stage in each dialect, "" in one that cannot compute it; `missing` then says why."""

    torch: str = ""
    numpy: str = ""
    missing: tuple[Text, ...] = ()

    def to_json(self) -> dict[str, str]:
        """The code in the dialects that have it."""
        return {name: text for name, text in (("torch", self.torch), ("numpy", self.numpy)) if text}


def write_code(stage: Stage) -> StageCode:
    """The code of a stage; none for the input of the chain, which is `x` itself."""
    if stage.plan is None:
        return StageCode()
    if stage.info.values.largest >= float(np.float32(VALUE_LIMIT)):
        return StageCode(missing=(make_text("code_cut_off", most=f"{VALUE_LIMIT:g}"),))
    code = StageCode("\n".join(_write_torch(stage)), "\n".join(_write_numpy(stage)))
    missing = [title for name, title in TITLES.items() if not getattr(code, name)]
    reasons = tuple(make_text("code_missing", title=title, layer=stage.info.title) for title in missing)
    return StageCode(code.torch, code.numpy, reasons)


def _write_torch(stage: Stage) -> tuple[str, ...]:
    """The lines in PyTorch."""
    info, plan = stage.info, stage.plan
    if plan and plan.conv and plan.geometry:
        return write_torch_conv(plan.conv, plan.geometry, info.shape, _get_divisors(stage))
    if plan and plan.pool and plan.geometry:
        return write_torch_pool(plan.pool, plan.geometry, info.shape)
    if plan and info.preprocessing:
        return write_preprocessing("torch", info.preprocessing, plan.in_shape[0])
    return _fill_template(stage, info.operation.code.torch)


def _write_numpy(stage: Stage) -> tuple[str, ...]:
    """The lines in NumPy."""
    info, plan = stage.info, stage.plan
    if plan and plan.conv and plan.geometry:
        return write_numpy_conv(plan.conv, plan.geometry, plan.in_shape[0], info.shape, _get_divisors(stage))
    if plan and plan.pool and plan.geometry:
        return write_numpy_pool(plan.pool, plan.geometry, info.shape)
    if plan and plan.linear:
        return write_numpy_linear(*plan.linear.weight.shape)
    if plan and info.preprocessing:
        return write_preprocessing("numpy", info.preprocessing, plan.in_shape[0])
    return _fill_template(stage, info.operation.code.numpy)


def _get_divisors(stage: Stage) -> tuple[int, ...]:
    """What the sum of each filter is divided by."""
    filters = stage.info.filters
    return tuple(d * s for d, s in zip(filters.divisors, filters.scales, strict=True)) if filters else ()


def _fill_template(stage: Stage, template: str) -> tuple[str, ...]:
    """The lines of the operation table with the numbers of this layer, and the shape behind the last one."""
    info = stage.info
    if not template:
        return ()
    moved = format_moved_slices(info.by) if info.by else ""
    return (template.format(slope=info.slope, moved=moved) + format_shape(info.shape),)
