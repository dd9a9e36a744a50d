"""Applies a planned layer to its input."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .. import ops
from ..arrays import Maps
from ..weights.bank import Bank
from .plan import Plan, read_shift, read_slope

VALUE_LIMIT = 1e38
"""Values are clipped to ±this: float32 ends at 3.4e38, and differences of values must stay below it."""


def apply_layer(plan: Plan, bank: Bank | None, x: Maps, white: float) -> tuple[Maps, float, bool]:
    """(output maps, their largest absolute value, whether any value was clipped at ±VALUE_LIMIT).

    `white` is the value of white in the scene's range, which preprocessing divides by.
    The output is finite if the input is.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        y = _convolve(x, bank, plan.conv) if plan.conv and bank else _apply_other(plan, x, white)
        largest = max(-float(y.min()), float(y.max()))
        if largest <= VALUE_LIMIT:  # false for NaN
            return y, largest, False
    y = np.clip(np.nan_to_num(y), -VALUE_LIMIT, VALUE_LIMIT, dtype=np.float32)
    return y, float(np.abs(y).max()), True


def _apply_other(plan: Plan, x: Maps, white: float) -> Maps:
    if plan.pool:
        return ops.pool2d(x, plan.pool)
    if plan.linear:
        return ops.linear(x, plan.linear.weight, plan.linear.bias)
    if plan.preprocessing:
        return plan.preprocessing.apply(x, white, plan.preprocessing.should_invert(x, white))
    return _FUNCTIONS[plan.op.name](plan, x)


def _convolve(x: Maps, bank: Bank, conv: ops.Conv) -> Maps:
    """Divides after summing, so that whole numbers stay exact until the division, which rounds once.

    The bias of trained weights is added in float32, as PyTorch does.
    """
    if bank.is_undivided and (not bank.exact or np.all(bank.bias == np.rint(bank.bias))):
        return ops.conv2d(x, bank.weight, bank.bias.astype(np.float32) if bank.bias.any() else None, conv)
    y = ops.conv2d(x, bank.weight, None, conv)
    for plane, divisor, bias in zip(y, bank.total_divisors, bank.bias, strict=True):
        plane[...] = plane.astype(np.float64) / divisor + bias
    return y


_FUNCTIONS: Mapping[str, Callable[[Plan, Maps], Maps]] = {
    "relu": lambda _, x: ops.relu(x),
    "leaky_relu": lambda plan, x: ops.leaky_relu(x, read_slope(plan.layer)),
    "sigmoid": lambda _, x: ops.sigmoid(x),
    "tanh": lambda _, x: ops.tanh(x),
    "abs": lambda _, x: ops.absolute(x),
    "softmax": lambda _, x: ops.softmax(x),
    "globalavgpool": lambda _, x: ops.globalpool(x, "avg"),
    "globalmaxpool": lambda _, x: ops.globalpool(x, "max"),
    "shift": lambda plan, x: ops.shift(x, read_shift(plan.layer)),
    "flatten": lambda _, x: ops.flatten(x),
}
