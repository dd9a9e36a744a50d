"""float32 numbers as literals of Python; `static/pure/tabs/code/number-list.js` writes the same."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from ..arrays import Maps

EXACT_BELOW = 2**24
"""float32 holds every whole number up to here."""
PLAIN = range(-6, 21)
"""Exponents of the first digit of numbers that JavaScript writes without a power of ten."""


def write_numbers(values: Maps, shape: tuple[int, ...], indent: int) -> str:
    """Nested lists, aligned: rows on lines of their own, indented. Python reads back the same float32 numbers."""
    numbers: list[float] = np.asarray(values, np.float32).ravel().tolist()
    texts = [write_number(value) for value in numbers]
    width = max(map(len, texts))
    return _nest([text.rjust(width) for text in texts], shape, indent)


def _nest(texts: list[str], shape: tuple[int, ...], indent: int) -> str:
    if len(shape) == 1:
        return f"[{', '.join(texts)}]"
    each = len(texts) // shape[0]
    inner = [_nest(texts[start : start + each], shape[1:], indent + 1) for start in range(0, len(texts), each)]
    separator = f",\n{' ' * (indent + 1)}"
    return f"[{separator.join(inner)}]"


def write_number(value: float) -> str:
    """A float32 number as a float literal with as few digits as it needs: 3., -0.25, 0.1, 1e+21."""
    if value == int(value) and abs(value) <= EXACT_BELOW:
        return f"{int(value)}."
    exact, digits = Decimal(value), 1
    while np.float32(float(rounded := _round(exact, digits))) != np.float32(value):
        digits += 1
    text = _write_plain(rounded)
    return text if "." in text or "e" in text else f"{text}."


def _round(exact: Decimal, digits: int) -> Decimal:
    """The number with so many significant digits, halves away from 0."""
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), ROUND_HALF_UP).normalize()


def _write_plain(number: Decimal) -> str:
    """The number as JavaScript writes it."""
    exponent = number.adjusted()
    if exponent in PLAIN:
        return format(number, "f")
    sign, digits, _ = number.as_tuple()
    first, *others = map(str, digits)
    point = "." if others else ""
    return f"{'-' * sign}{first}{point}{''.join(others)}e{'+' if exponent > 0 else '-'}{abs(exponent)}"
