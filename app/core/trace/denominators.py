"""Values that are known exactly: whole multiples of one fraction, although float32 rounds them.

Typed decimals (0.7), pictures of a range from 0 to 1 (k/255), and what layers of whole numbers, decimals and fractions
make of them all are whole numbers over one denominator. A cell in float32 is near one of these, so that it tells the
exact value: 0.7 − 0.4 − 0.3 is 0, and not −2.98e−8.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..arrays import Maps
from ..ops.join import JoinKind
from ..scene import parse_number
from ..weights.bank import Bank
from .plan import Plan, read_exact_slope

FLOAT32_ROUNDING = 2.0**-24
"""The largest relative error of one rounding to float32."""
MOST_ERROR = 0.125
"""The largest error that is accepted, as a share of a step between multiples; below 0.5 the nearest is certain."""

LARGEST_MULTIPLE = 2**40
LARGEST_CUT_WINDOW = 32
"""In larger windows at an edge, the count of cells would give a denominator beyond all use."""


@dataclass(frozen=True, slots=True)
class ExactGrid:
    """The values of a stage are multiples of 1/`denominator`; each is stored with an error of at most `error`.

    `largest` is the largest absolute value.
    """

    denominator: int
    error: float
    largest: float

    def if_certain(self) -> ExactGrid | None:
        """The grid where the stored values tell their multiple for certain, else None."""
        is_small = self.denominator * max(1.0, self.largest) < LARGEST_MULTIPLE
        return self if is_small and self.denominator * self.error <= MOST_ERROR else None


def find_input_grid(values: Maps, denominators: Iterable[int]) -> ExactGrid | None:
    """The grid of an input: the first denominator with whose multiples all values agree in float32."""
    exact = values.astype(np.float64)
    largest = float(np.abs(exact).max())
    for denominator in denominators:
        nearest = np.rint(exact * denominator) / denominator
        if np.array_equal(nearest.astype(np.float32), values):
            error = float(np.abs(nearest - exact).max())
            return ExactGrid(denominator, error, largest).if_certain()
    return None


def find_grid_after(
    plan: Plan, bank: Bank | None, read: Sequence[ExactGrid | None], largest: float
) -> ExactGrid | None:
    """The grid of a layer's output, whose largest absolute value is `largest`; None where it is not known.

    `read` are the grids of the stages that it reads.
    """
    known = [grid for grid in read if grid is not None]
    if len(known) < len(read):
        return None
    if plan.op.join:
        grid = _find_grid_of_join(plan.op.join, known)
    else:
        grid = _find_grid_after_filters(bank, known[0]) if bank else _find_grid_without_filters(plan, known[0])
    return ExactGrid(grid.denominator, grid.error, largest).if_certain() if grid else None


def _find_grid_of_join(kind: JoinKind, read: Sequence[ExactGrid]) -> ExactGrid | None:
    """The grid of stacks that are joined: of a sum the common denominator, of a product that of all factors."""
    common = math.lcm(*(grid.denominator for grid in read))
    if kind == "concat":
        return ExactGrid(common, max(grid.error for grid in read), 0.0)
    made = read[0]
    for grid in read[1:]:
        if kind == "add":
            error, largest = made.error + grid.error, made.largest + grid.largest
            denominator = math.lcm(made.denominator, grid.denominator)
        else:
            largest = made.largest * grid.largest
            error = (made.largest + made.error) * (grid.largest + grid.error) - largest
            denominator = made.denominator * grid.denominator
        is_whole = denominator == 1 and error == 0 and largest < 2**24
        made = ExactGrid(denominator, error if is_whole else error + FLOAT32_ROUNDING * largest, largest)
    return made


def _find_grid_after_filters(bank: Bank, before: ExactGrid) -> ExactGrid | None:
    if not bank.exact:
        return None
    terms = bank.weight[0].size + 2
    denominator, error = 1, 0.0
    for total, divisor, bias, text in zip(
        bank.weight_sums, bank.total_divisors, bank.bias.tolist(), bank.bias_text, strict=True
    ):
        written = parse_bias(text)
        if written is None:
            return None
        denominator = math.lcm(denominator, before.denominator * divisor, written.denominator)
        summed = total * before.error + _round_sum(terms, total * before.largest, before)
        end = total * before.largest / divisor + abs(bias)
        is_whole = summed == 0 and divisor == 1 and written.denominator == 1
        error = max(error, summed / divisor + (0.0 if is_whole else 2 * FLOAT32_ROUNDING * end))
    return ExactGrid(denominator, error, 0.0)


def _round_sum(terms: int, size: float, before: ExactGrid) -> float:
    """The error of adding up in float32: none for whole numbers below 2^24."""
    is_whole = before.denominator == 1 and before.error == 0 and size < 2**24
    return 0.0 if is_whole else terms * FLOAT32_ROUNDING * size


def parse_bias(text: str) -> Fraction | None:
    """The exact value of a bias as it was written; None for a text that is not a number."""
    try:
        return parse_number(text)
    except (ValueError, ZeroDivisionError):
        return None


def _find_grid_without_filters(plan: Plan, before: ExactGrid) -> ExactGrid | None:
    match plan.op.values.multiples:
        case "kept" if plan.law and plan.law.multiple > 1:
            error = max(before.error, FLOAT32_ROUNDING * before.largest)
            return ExactGrid(math.lcm(before.denominator, plan.law.multiple), error, 0.0)
        case "kept":
            return before
        case "averaged":
            area, multiple = _find_count_multiple(plan)
            error = before.error + (area + 2) * FLOAT32_ROUNDING * before.largest
            return ExactGrid(before.denominator * multiple, error, 0.0)
        case "scaled":
            slope = read_exact_slope(plan.layer)
            error = max(1.0, abs(float(slope))) * (before.error + 2 * FLOAT32_ROUNDING * before.largest)
            return ExactGrid(before.denominator * slope.denominator, error, 0.0)
        case "ramp":
            growth = (2 * before.largest + 3) / 6
            error = growth * (before.error + 4 * FLOAT32_ROUNDING * before.largest)
            return ExactGrid(6 * before.denominator**2, error, 0.0)
        case "steps" if before.error == 0:  # else a 0 may be stored as a number above it, whose step is 1
            return ExactGrid(1, 0.0, 1.0)
    return None


def _find_count_multiple(plan: Plan) -> tuple[int, int]:
    """(the cells of a window, a multiple of every count of them). Fewer count where padding does not."""
    if plan.law:
        return plan.law.multiple, plan.law.multiple
    if plan.pool and plan.pool.divisor_override:
        return plan.pool.kernel_size[0] * plan.pool.kernel_size[1], plan.pool.divisor_override
    if plan.geometry is None:
        area = plan.in_shape[1] * plan.in_shape[2]
        return area, area
    sides = (plan.geometry.rows, plan.geometry.columns)
    area = sides[0].kernel * sides[1].kernel
    if not any(axis.before or axis.after or axis.ceil for axis in sides):
        return area, area
    return area, math.prod(math.lcm(*range(1, min(axis.kernel, LARGEST_CUT_WINDOW) + 1)) for axis in sides)


def round_to_multiple(value: float, denominator: int) -> float:
    """The nearest multiple of 1/denominator."""
    return math.floor(value * denominator + 0.5) / denominator + 0.0
