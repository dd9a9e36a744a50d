"""Numbers as texts, as the Lab writes them. Everything in `render` takes them from here."""

from __future__ import annotations

import math

import numpy as np

MINUS = "−"


def format_number(value: float, digits: int = 4) -> str:
    """Format a whole number in full, any other with `digits` significant digits and always with a decimal point."""
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return _format_digits(value, digits).replace("-", MINUS)


def add_plus_sign(text: str) -> str:
    """Add a plus sign to the text of a positive number."""
    return text if text.startswith(MINUS) or not text.strip("0.?") else f"+{text}"


def bracket_negative(text: str) -> str:
    """Put a negative number in parentheses."""
    return f"({text})" if text.startswith(MINUS) else text


def write_plainly(value: float) -> str:
    """Write a number as it was typed: 0.1307, −0.5, 2."""
    return repr(float(value)).removesuffix(".0").replace("-", MINUS)


def format_percent(share: float) -> str:
    """Format a share of 1 in percent, with one decimal; "0 %" and "100 %" for nothing and all alone."""
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    if share < 0.0005:
        return "< 0.1 %"
    return "> 99.9 %" if share >= 0.9995 else f"{share * 100:.1f} %"


def is_text_exact(value: float) -> bool:
    """Whether the text of `format_number` is exactly the float32 value."""
    if value == int(value):
        return True
    return bool(np.float32(_format_digits(value, 4)) == np.float32(value))


def _format_digits(value: float, digits: int) -> str:
    if value == int(value):
        return f"{value:.0f}" if value else "0"
    size = abs(value)
    if size < 1e-4:
        mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"
    decimals = max(1, digits - 1 - math.floor(math.log10(size)))
    whole, _, part = f"{value:.{min(decimals, 20)}f}".partition(".")
    return f"{whole}.{part.rstrip('0') or '0'}"
