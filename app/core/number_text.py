"""Numbers as texts, the same as in the browser's `number-text.js`; tests/golden/number_text.json holds both.

Minus is U+2212. A whole number below 2^53 is written with all its digits, another number with four significant digits
and at least one decimal: 7.99996 is 8.0. Halves are rounded away from 0.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
LARGEST_WHOLE = 2.0**53
"""From here on, a float is not the only whole number that it stands for."""
SMALLEST_FIXED = 1e-4
"""Smaller numbers are written with a power of ten."""


def format_number(value: float, digits: int = 4) -> str:
    """The text of a number, with `digits` significant digits where it is not whole: "−0.6667", "8.0", "1.5e−7"."""
    if not math.isfinite(value):
        return "?" if math.isnan(value) else ("∞" if value > 0 else f"{MINUS}∞")
    return _write_digits(value, digits).replace("-", MINUS)


def format_short_number(value: float) -> str:
    """A number for a small cell: three significant digits."""
    return format_number(value, 3)


def is_text_full(value: float) -> bool:
    """Whether the text of `format_number` is exactly the number."""
    if abs(value) < LARGEST_WHOLE and value == int(value):
        return True
    return float(_write_digits(value, 4)) == value


def format_percent(share: float) -> str:
    """A share of 1 in percent, with one decimal: "54.3 %", "< 0.1 %", "100 %" for the whole alone."""
    if share == 1:
        return "100 %"
    if share < 0.0005:
        return "< 0.1 %"
    return "> 99.9 %" if share >= 0.9995 else f"{round_half_up(share * 100, 1)} %"


def format_share(share: float) -> str:
    """A share of 1 for a glance: whole percent, "46 %"; near 0 and near the whole as `format_percent` writes it."""
    return f"{round_half_up(share * 100, 0)} %" if 0.01 <= share <= 0.99 else format_percent(share)


def add_plus_sign(text: str) -> str:
    """The text of a number with + where it is positive."""
    return text if text.startswith(MINUS) or not text.partition("e")[0].strip("0.?") else f"+{text}"


def bracket_negative(text: str) -> str:
    """The text of a number, in parentheses where it is negative."""
    return f"({text})" if text.startswith(MINUS) else text


def round_half_up(value: float, decimals: int) -> str:
    """The float, taken exactly, with so many decimals; halves away from 0."""
    return format(Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), "f")


def _write_digits(value: float, digits: int) -> str:
    size = abs(value)
    if size < LARGEST_WHOLE and value == int(value):
        return str(int(value))
    if size >= LARGEST_WHOLE or size < SMALLEST_FIXED:
        return write_power(value, digits)
    decimals = max(1, digits - 1 - floor_log10(size))
    whole, _, part = round_half_up(value, decimals).partition(".")
    return f"{whole}.{part.rstrip('0') or '0'}"


def write_power(value: float, digits: int) -> str:
    """A number other than 0 with so many significant digits and a power of ten, with ASCII signs: "-1.3e6"."""
    exponent = floor_log10(abs(value))
    mantissa = Decimal(value).scaleb(-exponent).quantize(Decimal(1).scaleb(1 - digits), ROUND_HALF_UP)
    if abs(mantissa) >= 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    text = format(mantissa, "f")
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}e{exponent}"


def floor_log10(size: float) -> int:
    """The exponent of the first significant digit of a positive number: 2 for 100, 1 for 99.9."""
    return Decimal(repr(float(size))).adjusted()
