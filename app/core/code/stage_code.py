"""The code of a stage: the lines that compute its output `y` from its input `x`, in PyTorch and in NumPy.

`x` is the output of the stage that it reads; a join reads `x2`, `x3`, …, too. These, `weight` and `bias` are arrays as
the Trace holds them: float32, filters turned by 180° with `flip` and of whole
numbers where a sum is divided afterwards. Who shows the code puts the lines before it that make them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..layers.layer_law import Dialect, LayerLaw
from ..ops.join import JoinKind
from ..texts import Text, make_text
from ..trace.execute import VALUE_LIMIT
from ..trace.plan import Plan
from ..trace.stage_info import StageInfo
from ..trace.trace import Stage
from .numpy_code import write_numpy_conv, write_numpy_linear, write_numpy_pool, write_numpy_transposed
from .preprocessing_code import DialectName, write_preprocessing
from .python_source import format_moved_slices, format_shape
from .torch_code import write_torch_conv, write_torch_linear, write_torch_pool, write_torch_transposed

LARGEST_VALUE = float(np.float32(VALUE_LIMIT))
"""Where values were clipped, as float32 holds it."""
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
    return write_planned_code(stage.info, stage.plan)


def write_planned_code(info: StageInfo, plan: Plan | None) -> StageCode:
    """The code of a stage with these facts and this plan, None for the input: the code depends on nothing else."""
    if plan is None:
        return StageCode()
    if is_cut_off(info):
        return StageCode(missing=(make_text("code_cut_off", most=f"{VALUE_LIMIT:g}"),))
    code = StageCode("\n".join(_write_torch(info, plan)), "\n".join(_write_numpy(info, plan)))
    missing = [title for name, title in TITLES.items() if not getattr(code, name)]
    reasons = tuple(make_text("code_missing", title=title, layer=info.title) for title in missing)
    return StageCode(code.torch, code.numpy, reasons)


def is_cut_off(info: StageInfo) -> bool:
    """Whether values of a stage were clipped, so that no short code computes them."""
    return info.values.largest >= LARGEST_VALUE


def _write_torch(info: StageInfo, plan: Plan) -> tuple[str, ...]:
    """The lines in PyTorch."""
    if plan.law:
        return _write_law(info, plan.law, "torch")
    if plan.conv and plan.geometry:
        return write_torch_conv(plan.conv, plan.geometry, info.shape, _get_divisors(info))
    if plan.transposed:
        return write_torch_transposed(plan.transposed, plan.in_shape[0], info.shape, _get_divisors(info))
    if plan.pool and plan.geometry:
        return write_torch_pool(plan.pool, plan.geometry, info.shape)
    if info.operation.kind == "linear":
        return write_torch_linear(info.shape, _get_divisors(info))
    if info.operation.join:
        return (_write_join("torch", info.operation.join, len(info.reads)) + format_shape(info.shape),)
    if info.preprocessing:
        return write_preprocessing("torch", info.preprocessing, plan.in_shape[0])
    return _fill_template(info, info.operation.code.torch)


def _write_numpy(info: StageInfo, plan: Plan) -> tuple[str, ...]:
    """The lines in NumPy."""
    if plan.law:
        return _write_law(info, plan.law, "numpy")
    if plan.conv and plan.geometry:
        return write_numpy_conv(plan.conv, plan.geometry, plan.in_shape[0], info.shape, _get_divisors(info))
    if plan.transposed and plan.geometry:
        divisors = _get_divisors(info)
        return write_numpy_transposed(plan.transposed, plan.geometry, plan.in_shape[0], info.shape, divisors)
    if plan.pool and plan.geometry:
        return write_numpy_pool(plan.pool, plan.geometry, info.shape)
    if info.operation.kind == "linear":
        return write_numpy_linear(info.shape[0], plan.in_shape, _get_divisors(info))
    if info.operation.join:
        return (_write_join("numpy", info.operation.join, len(info.reads)) + format_shape(info.shape),)
    if info.preprocessing:
        return write_preprocessing("numpy", info.preprocessing, plan.in_shape[0])
    return _fill_template(info, info.operation.code.numpy)


def _write_law(info: StageInfo, law: LayerLaw, dialect: Dialect) -> tuple[str, ...]:
    """The lines of a layer with numbers of its own, with the shape behind the last one."""
    *lines, last = law.write_code(dialect)
    return *lines, last + format_shape(info.shape)


def name_inputs(count: int) -> tuple[str, ...]:
    """The names of the arrays that a program reads: `x`, and for the other stages of a join `x2`, `x3`, …"""
    return ("x", *(f"x{number}" for number in range(2, count + 1)))


def _write_join(dialect: DialectName, kind: JoinKind, count: int) -> str:
    names = name_inputs(count)
    if kind == "concat":
        function = "torch.cat" if dialect == "torch" else "np.concatenate"
        return f"y = {function}([{', '.join(names)}])"
    return f"y = {(' + ' if kind == 'add' else ' * ').join(names)}"


def _get_divisors(info: StageInfo) -> tuple[int, ...]:
    """What the sum of each filter is divided by."""
    filters = info.filters
    return tuple(d * s for d, s in zip(filters.divisors, filters.scales, strict=True)) if filters else ()


def _fill_template(info: StageInfo, template: str) -> tuple[str, ...]:
    """The lines of the operation table with the numbers of this layer, and the shape behind the last one."""
    if not template:
        return ()
    moved = format_moved_slices(info.by) if info.by else ""
    return (template.format(slope=info.slope, moved=moved) + format_shape(info.shape),)
