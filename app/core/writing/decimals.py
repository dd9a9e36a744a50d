"""One number of decimals for several numbers, so that the texts of a sum's terms add up to the text of the sum.

A number is rounded to whole units of its last decimal, and units are added as whole numbers. The browser's
`decimals.js` computes the same with the same operations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..number_text import MINUS, floor_log10

FEWEST_DIGITS, MOST_DIGITS = 3, 4
"""Significant digits of the largest of the numbers that are rounded together: below 1, and from 1 on."""
LONGEST_TEXT = 7
"""Characters of a number in a cell of a table, where it is written in full."""
MOST_DECIMALS = 8
SMALLEST_FIXED, LARGEST_FIXED = 1e-3, 1e9
"""Smaller and larger numbers that are rounded are written with a power of ten, the same for all."""
TOLERANCE = 1e-9
"""Of a unit: what float64 adds to an exact number."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a step. `is_exact`: it is what the layers make of the input, not only as near as float32 comes."""

    value: float
    is_exact: bool


ZERO = Amount(0.0, True)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers that belong together are written: as whole units of 10^−decimals.

    `exponent` is the power of ten that all of them share, None where there is none. `is_full`: no digit is lost.
    """

    decimals: int
    exponent: int | None = None
    is_full: bool = False

    @property
    def mantissa_decimals(self) -> int:
        """The decimals that are written."""
        return self.decimals + (self.exponent or 0)


def power_of_ten(exponent: int) -> float:
    """10^exponent as the nearest float, in both languages."""
    return float(f"1e{exponent}")


def to_units(value: float, decimals: int) -> int:
    """The number in units of 10^−decimals, halves away from 0."""
    size = int(abs(value) * power_of_ten(decimals) + 0.5 + TOLERANCE)
    return -size if value < 0 else size


def count_decimals(amount: Amount) -> int | None:
    """The decimals that write a number in full; None where they are too many, or where it is not exact."""
    value = abs(amount.value)
    if value == int(value):
        return 0
    if not amount.is_exact:
        return None
    for decimals in range(MOST_DECIMALS + 1):
        scaled = value * power_of_ten(decimals)
        if scaled >= LARGEST_FIXED:
            return None
        if abs(scaled - int(scaled + 0.5)) <= TOLERANCE:
            return decimals
    return None


def write_units(units: int, format: NumberFormat, is_trimmed: bool = False) -> str:
    """The text of a number in units of a format; `is_trimmed` leaves out zeros at the end."""
    if is_trimmed and not units:
        return "0"
    decimals = format.mantissa_decimals
    digits = str(abs(units)).rjust(decimals + 1, "0") if decimals > 0 else str(abs(units)) + "0" * -decimals
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals > 0 else digits
    if is_trimmed and decimals > 0:
        text = text.rstrip("0").rstrip(".")
    exponent = f"e{format.exponent}".replace("-", MINUS) if format.exponent is not None else ""
    return (MINUS if units < 0 else "") + text + exponent


def is_written_in_full(amount: Amount, format: NumberFormat) -> bool:
    """Whether the text of a number in this format is exactly the number."""
    scaled = abs(amount.value) * power_of_ten(format.decimals)
    return amount.is_exact and abs(scaled - abs(to_units(amount.value, format.decimals))) <= TOLERANCE


def write_amount(amount: Amount, format: NumberFormat) -> str:
    """The text of a number in this format: in full without zeros at the end, or rounded with all decimals."""
    is_full = is_written_in_full(amount, format)
    return (
        "0" if is_full and not amount.value else write_units(to_units(amount.value, format.decimals), format, is_full)
    )


def choose_format(
    amounts: Iterable[Amount], significant: int | None = None, longest: int = LONGEST_TEXT
) -> NumberFormat:
    """The format of numbers that are written together.

    In full where that is short: whole numbers, and decimals of at most `longest` characters. Else rounded, to so many
    significant digits of the largest, with at least one decimal.
    """
    listed = list(amounts)
    largest = max((abs(amount.value) for amount in listed), default=0.0)
    full = [_short_decimals(amount, longest) for amount in listed]
    known = [decimals for decimals in full if decimals is not None]
    if len(known) == len(full) and (largest < LARGEST_FIXED or all(amount.is_exact for amount in listed)):
        return NumberFormat(max(known, default=0), None, True)
    return round_format(largest, significant)


def round_format(largest: float, significant: int | None = None) -> NumberFormat:
    """The format of rounded numbers: so many significant digits of the largest, with at least one decimal."""
    if largest == 0:
        return NumberFormat(FEWEST_DIGITS)
    first = floor_log10(largest)
    digits = significant or (FEWEST_DIGITS if first < 0 else MOST_DIGITS)
    if largest < SMALLEST_FIXED or largest >= LARGEST_FIXED:
        return NumberFormat(digits - 1 - first, first)
    return NumberFormat(max(1, digits - 1 - first))


def _short_decimals(amount: Amount, longest: int) -> int | None:
    decimals = count_decimals(amount)
    return decimals if not decimals or measure_text(amount.value, decimals) <= longest else None


def measure_text(value: float, decimals: int) -> int:
    """Characters of a number with its sign and so many decimals."""
    return max(0, floor_log10(abs(value))) + 3 + decimals if value else 1


def widen_for_result(format: NumberFormat, largest: float, result: float) -> NumberFormat:
    """The format with one more decimal where a result that is not 0 would look like 0, if there is room."""
    is_lost = 0 < abs(result) * power_of_ten(format.decimals) < 1
    if format.exponent is None and is_lost and measure_text(largest, format.decimals + 1) <= LONGEST_TEXT:
        return replace(format, decimals=format.decimals + 1)
    return format
