"""Makes number_text.json: numbers and their texts, computed with Python's decimal module from the law below.

A whole number below 2^53 is written with all its digits; any other number below 10^−4 or from 2^53 on as a mantissa and
a power of ten, and between them as decimals, with so many significant digits (four in a line, three in a cell), at
least one decimal, without zeros at the end. Halves are rounded away from 0. Minus is U+2212, −0 is 0. Nothing is shared
with app/core/number_text.py or static/pure/text/number-text.js. Run from the checkout:
`python -m tests.golden.make_number_text`.
"""

from __future__ import annotations

import json
import random
import struct
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

FILE = Path(__file__).with_name("number_text.json")
CHOSEN = [
    *(
        0.0,
        -0.0,
        1.0,
        -1.0,
        7.0,
        42.0,
        -459.0,
        255.0,
        16777216.0,
        16777217.0,
        -1234567890.0,
        2.0**53 - 1,
        2.0**53,
        1e21,
    ),
    *(0.5, -0.25, 0.125, -45.125, 2 / 3, -1 / 3, 1 / 9, 7.99996, 7.9999, 0.99995, 0.99996, 9.9999, 99.995, 999.95),
    *(123456.789, 1234567.25, -1234567.25, 1234567.75, 99999.95, 1000.05, 1234.567, 12345.06, 0.0001, 0.00009999),
    *(0.000123456, 0.00012, 1e-4, 9.99949e-5, 9.99951e-5, 1e-5, 1.5e-7, -2.98023224e-8, 7.451e-9, 1e-38, 5e-324),
    *(1e21, 3.4028234663852886e38, -1e38, 1.5e16, 123456789012345680.0, 0.1, 0.2, 0.3, 0.7, -0.4, 0.05, 0.45, 0.0045),
]


def to_float32(value: float) -> float:
    return struct.unpack("<f", struct.pack("<f", value))[0]


def list_numbers() -> list[float]:
    draw = random.Random(20)
    neighbors = [to_float32(value) for value in (0.1, 0.2, 0.3, 0.7, 1 / 3, 119 / 255, 1.005, 0.0045, 12.345, -0.145)]
    spread = [draw.choice([-1, 1]) * draw.random() * 10.0 ** draw.randint(-9, 9) for _ in range(150)]
    halves = [draw.randint(1, 99_999) / 2 ** draw.randint(1, 6) for _ in range(60)]
    return [*CHOSEN, *neighbors, *spread, *map(to_float32, spread[:50]), *halves]


def write(value: float, digits: int) -> str:
    exact = Decimal(value)
    with localcontext() as context:
        context.prec = 1200
        if exact == exact.to_integral_value() and abs(exact) < 2**53:
            text = str(int(exact))
        elif abs(value) < 1e-4 or abs(exact) >= 2**53:
            text = write_power(exact, digits)
        else:
            first = Decimal(repr(value)).adjusted()
            text = strip_zeros(str(exact.quantize(Decimal(1).scaleb(-max(1, digits - 1 - first)), ROUND_HALF_UP)), 1)
    return text.replace("-", "−")


def write_power(exact: Decimal, digits: int) -> str:
    """Four digits of 9.9999e−5 are 1.000e−4."""
    exponent = exact.adjusted()
    mantissa = exact.scaleb(-exponent).quantize(Decimal(1).scaleb(1 - digits), ROUND_HALF_UP)
    if abs(mantissa) == 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    return f"{strip_zeros(f'{mantissa:f}', 0)}e{exponent}"


def strip_zeros(text: str, least: int) -> str:
    whole, _, part = text.partition(".")
    kept = part.rstrip("0").ljust(least, "0")
    return f"{whole}.{kept}" if kept else whole


def main() -> None:
    numbers = list_numbers()
    cases = [[value, write(value, 4), write(value, 3)] for value in numbers]
    shares = [0.0, 0.0004999, 0.0005, 0.001, 0.0593094, 0.2125, 0.54325, 0.9994, 0.9995, 0.99999, 1.0]
    percents = [[share, write_percent(share)] for share in shares]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    shown = ",\n".join(json.dumps(case, ensure_ascii=False) for case in percents)
    FILE.write_text(f'{{"numbers": [\n{lines}\n], "percents": [\n{shown}\n]}}\n', encoding="utf-8")


def write_percent(share: float) -> str:
    exact = Decimal(share * 100)
    if share == 1:
        return "100 %"
    if exact < Decimal("0.05"):
        return "< 0.1 %"
    return "> 99.9 %" if exact >= Decimal("99.95") else f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP)} %"


if __name__ == "__main__":
    main()
