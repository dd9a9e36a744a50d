"""Applies a planned layer to its input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import ops
from ..arrays import Maps
from ..weights.bank import Bank
from .plan import Plan, list_arguments

VALUE_LIMIT = 1e38
"""Values are clipped to ±this: float32 ends at 3.4e38, and differences of values must stay below it."""

BLOCK_CELLS = 2**17
"""Cells of the maps that a costly activation reads at a time."""


def apply_layer(
    plan: Plan, bank: Bank | None, x: Maps, white: float, joined: Sequence[Maps] = ()
) -> tuple[Maps, float, bool]:
    """(output maps, their largest absolute value, whether any value was clipped at ±VALUE_LIMIT).

    `white` is the value of white in the scene's range, which preprocessing divides by. `joined` are the maps that a
    join reads besides `x`. The output is finite if the input is.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        if plan.op.join:
            y = ops.join([x, *joined], plan.op.join)
        else:
            # A fully connected layer of one's own is the convolution that it equals.
            y = _convolve(x, bank, plan.transposed or plan.conv or ops.Conv()) if bank else _apply_other(plan, x, white)
        largest = max(-float(y.min()), float(y.max()))
        if largest <= VALUE_LIMIT:  # false for NaN
            return y, largest, False
    y = np.clip(np.nan_to_num(y), -VALUE_LIMIT, VALUE_LIMIT, dtype=np.float32)
    return y, float(np.abs(y).max()), True


def _apply_other(plan: Plan, x: Maps, white: float) -> Maps:
    if plan.law:
        return plan.law.apply(x)
    if plan.pool:
        return ops.pool2d(x, plan.pool)
    if plan.linear:
        return ops.linear(x, plan.linear.weight, plan.linear.bias)
    if plan.preprocessing:
        return plan.preprocessing.apply(x, white, plan.preprocessing.should_invert(x, white))
    if plan.op.function is None:
        raise ValueError(f"{plan.op.name} has no function")
    if plan.op.kind == "pointwise" and x.size > BLOCK_CELLS and not plan.op.values.keeps_whole:
        return _apply_by_maps(plan, x)
    return plan.op.function(x, *list_arguments(plan))


def _apply_by_maps(plan: Plan, x: Maps) -> Maps:
    """Applies a function that has arrays of its own, such as GELU's in float64, to a few maps at a time."""
    assert plan.op.function
    y, maps = np.empty_like(x), max(1, BLOCK_CELLS // (x.shape[1] * x.shape[2]))
    for first in range(0, len(x), maps):
        block = slice(first, first + maps)
        y[block] = plan.op.function(x[block], *list_arguments(plan))
    return y


def _convolve(x: Maps, bank: Bank, conv: ops.Conv | ops.ConvTranspose) -> Maps:
    """Divides after summing, so that whole numbers stay exact until the division, which rounds once.

    The bias of trained weights is added in float32, as PyTorch does.
    """
    if bank.is_undivided and (not bank.exact or np.all(bank.bias == np.rint(bank.bias))):
        return _slide(x, bank.weight, bank.bias.astype(np.float32) if bank.bias.any() else None, conv)
    y = _slide(x, bank.weight, None, conv)
    for plane, divisor, bias in zip(y, bank.total_divisors, bank.bias, strict=True):
        plane[...] = plane.astype(np.float64) / divisor + bias
    return y


def _slide(x: Maps, weight: Maps, bias: Maps | None, conv: ops.Conv | ops.ConvTranspose) -> Maps:
    if isinstance(conv, ops.ConvTranspose):
        return ops.conv_transpose2d(x, weight, bias, conv)
    return ops.conv2d(x, weight, bias, conv)
