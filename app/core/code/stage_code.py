"""The code of a stage: the lines that compute its output `y` from its input `x`, in each dialect.

`x` is the output of the stage that it reads; a join reads `x2`, `x3`, …, too. These, `weight` and `bias` are arrays as
the Trace holds them: float32, filters turned by 180° with `flip` and of whole numbers where a sum is divided
afterwards. Who shows the code puts the lines before it that make them. Arrays are those of the dialect; the lines of
Keras and JAX take NumPy's, too. The names that lines use are torch and F; ops of Keras; jax, jnp and lax; signal,
ndimage and special of SciPy; math and np.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..layers.layer_law import LayerLaw
from ..ops import Conv, ConvTranspose, Pool
from ..ops.geometry import Geometry
from ..ops.join import JoinKind
from ..texts import Text, make_text
from ..trace.execute import VALUE_LIMIT
from ..trace.plan import Plan
from ..trace.stage_info import StageInfo
from ..trace.trace import Stage
from .dialects import DIALECTS, Dialect, DialectName, find_dialect
from .jax_code import write_jax_conv, write_jax_linear, write_jax_pool, write_jax_shift, write_jax_transposed
from .keras_code import (
    write_keras_conv,
    write_keras_linear,
    write_keras_pool,
    write_keras_shift,
    write_keras_transposed,
)
from .missing_code import explain_missing_code
from .numpy_code import write_numpy_conv, write_numpy_linear, write_numpy_pool, write_numpy_transposed
from .preprocessing_code import write_preprocessing
from .python_source import format_moved_slices, format_shape
from .scipy_code import write_scipy_conv, write_scipy_linear, write_scipy_pool, write_scipy_transposed
from .torch_code import write_torch_conv, write_torch_linear, write_torch_pool, write_torch_transposed

LARGEST_VALUE = float(np.float32(VALUE_LIMIT))
"""Where values were clipped, as float32 holds it."""


@dataclass(frozen=True, slots=True)
class StageCode:
    """The code of a stage in each dialect that can compute it; `missing` says why another one cannot."""

    texts: tuple[tuple[DialectName, str], ...] = ()
    missing: tuple[Text, ...] = ()

    def __getitem__(self, name: DialectName) -> str:
        """The code in one dialect. Raises KeyError where it has none."""
        return dict(self.texts)[name]

    def to_json(self) -> dict[str, str]:
        """The code in the dialects that have it."""
        return dict(self.texts)


def write_code(stage: Stage) -> StageCode:
    """The code of a stage; none for the input of the chain, which is `x` itself."""
    return write_planned_code(stage.info, stage.plan)


def write_planned_code(info: StageInfo, plan: Plan | None) -> StageCode:
    """The code of a stage with these facts and this plan, None for the input: the code depends on nothing else."""
    if plan is None:
        return StageCode()
    if is_cut_off(info):
        return StageCode(missing=(make_text("code_cut_off", most=f"{VALUE_LIMIT:g}"),))
    texts = [(dialect, "\n".join(_write_lines(dialect, info, plan))) for dialect in DIALECTS]
    return StageCode(
        tuple((dialect.name, text) for dialect, text in texts if text),
        tuple(explain_missing_code(dialect, info, plan) for dialect, text in texts if not text),
    )


def is_cut_off(info: StageInfo) -> bool:
    """Whether values of a stage were clipped, so that no short code computes them."""
    return info.values.largest >= LARGEST_VALUE


def _write_lines(dialect: Dialect, info: StageInfo, plan: Plan) -> tuple[str, ...]:
    """The lines in one dialect, none where it cannot say them."""
    name = dialect.name
    if plan.law:
        return _write_law(info, plan.law, name)
    if plan.conv and plan.geometry:
        return _write_conv(name, info, plan, plan.conv, plan.geometry)
    if plan.transposed and plan.geometry:
        return _write_transposed(name, info, plan, plan.transposed, plan.geometry)
    if plan.pool and plan.geometry:
        return _write_pool(name, info, plan.pool, plan.geometry)
    if info.operation.kind == "linear":
        return _write_linear(name, info, plan)
    if info.operation.join:
        return (_write_join(name, info.operation.join, len(info.reads)) + format_shape(info.shape),)
    if info.preprocessing:
        return write_preprocessing(dialect, info.preprocessing, plan.in_shape[0])
    if info.by and name == "keras":
        return write_keras_shift(info.by, info.shape)
    if info.by and name == "jax":
        return write_jax_shift(info.by, info.shape)
    if info.by and name == "scipy":
        return (f"y = ndimage.shift(x, {(0, *info.by)}, order=0){format_shape(info.shape)}",)
    return _fill_template(info, getattr(info.operation.code, name))


def _write_conv(name: DialectName, info: StageInfo, plan: Plan, conv: Conv, geometry: Geometry) -> tuple[str, ...]:
    channels, shape, divisors = plan.in_shape[0], info.shape, _get_divisors(info)
    match name:
        case "torch":
            return write_torch_conv(conv, geometry, shape, divisors)
        case "keras":
            return write_keras_conv(conv, geometry, shape, divisors)
        case "jax":
            return write_jax_conv(conv, geometry, shape, divisors)
        case "numpy":
            return write_numpy_conv(conv, geometry, channels, shape, divisors)
    return write_scipy_conv(conv, geometry, channels, shape, divisors)


def _write_transposed(
    name: DialectName, info: StageInfo, plan: Plan, conv: ConvTranspose, geometry: Geometry
) -> tuple[str, ...]:
    channels, shape, divisors = plan.in_shape[0], info.shape, _get_divisors(info)
    match name:
        case "torch":
            return write_torch_transposed(conv, channels, shape, divisors)
        case "keras":
            return write_keras_transposed(conv, geometry, shape, divisors)
        case "jax":
            return write_jax_transposed(conv, geometry, shape, divisors)
        case "numpy":
            return write_numpy_transposed(conv, geometry, channels, shape, divisors)
    return write_scipy_transposed(conv, geometry, channels, shape, divisors)


def _write_pool(name: DialectName, info: StageInfo, pool: Pool, geometry: Geometry) -> tuple[str, ...]:
    match name:
        case "torch":
            return write_torch_pool(pool, geometry, info.shape)
        case "keras":
            return write_keras_pool(pool, geometry, info.shape)
        case "jax":
            return write_jax_pool(pool, geometry, info.shape)
        case "numpy":
            return write_numpy_pool(pool, geometry, info.shape)
    return write_scipy_pool(pool, geometry, info.shape)


def _write_linear(name: DialectName, info: StageInfo, plan: Plan) -> tuple[str, ...]:
    divisors = _get_divisors(info)
    match name:
        case "torch":
            return write_torch_linear(info.shape, divisors)
        case "keras":
            return write_keras_linear(info.shape, divisors)
        case "jax":
            return write_jax_linear(info.shape, divisors)
        case "numpy":
            return write_numpy_linear(info.shape[0], plan.in_shape, divisors)
    return write_scipy_linear(info.shape, divisors)


def _write_law(info: StageInfo, law: LayerLaw, name: DialectName) -> tuple[str, ...]:
    """The lines of a layer with numbers of its own, with the shape behind the last one."""
    lines = law.write_code(name)
    return (*lines[:-1], lines[-1] + format_shape(info.shape)) if lines else ()


def name_inputs(count: int) -> tuple[str, ...]:
    """The names of the arrays that a program reads: `x`, and for the other stages of a join `x2`, `x3`, …"""
    return ("x", *(f"x{number}" for number in range(2, count + 1)))


def _write_join(dialect: DialectName, kind: JoinKind, count: int) -> str:
    names = name_inputs(count)
    if kind == "concat":
        function = "torch.cat" if dialect == "torch" else f"{find_dialect(dialect).module}.concatenate"
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
