"""Which numbers stand in the cells of a map, and in which font.

Each cell is decided for itself: its number is shown where it can be read, and rounded to three and then to two
significant digits before it is left out. `static/pure/maps/cell-digits.js` decides the same for the page;
tests/golden/cell_digits.json holds both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.number_text import MINUS, floor_log10, format_percent, format_short_number, round_half_up, write_power
from ...core.trace.trace import Stage
from ...core.writing.amounts import read_amount

SMALLEST_DIGITS, LARGEST_DIGITS = 12, 34
"""The smallest and the largest font of a number in a cell, in points."""
MOST_CELLS_WITH_DIGITS = 400
"""A map of more cells is looked at as a picture: it shows no numbers, however large its cells are."""
SMALLEST_CELL = 26
HEIGHT_OF_LINE, HEIGHT_OF_THREE = 0.48, 0.4
"""The font of one line, and of each of three lines, in sides of a cell."""
COMFORTABLE_THREE, COMFORTABLE_DIGITS = 0.28, 14
"""The font of three lines in a large cell, in sides of it, and the font below which it does not fall for that."""
AIRY_WIDTH, WIDTH = 0.86, 0.92
"""The part of a cell's side that a line may fill: where there is a choice, and at most."""
CHARACTER = 0.6
LINE_PITCH = 0.86
"""From one line to the next, in fonts: digits have no descenders."""
LARGEST_WRITTEN, SMALLEST_WRITTEN = 1e5, 1e-4


@dataclass(frozen=True, slots=True)
class MapDigits:
    """The font of a map's digits, and the lines of each cell in reading order; None where none can be read."""

    size: float
    lines: Sequence[Sequence[str] | None]


def list_value_texts(stage: Stage, value: float) -> list[str]:
    """List the texts of a value of a stage, from the exact one to the shortest."""
    if stage.info.operation.kind == "softmax":
        return _list_share_texts(value)
    return list_number_texts(read_amount(stage, value).value)


def list_number_texts(value: float) -> list[str]:
    """List the texts of a number, each shorter than the one before; digits before the point are never rounded away."""
    exact = format_short_number(value)
    if exact in ("0", "?", "∞", f"{MINUS}∞"):
        return [exact]
    return _keep_shorter([exact, _round(value, 3), _round(value, 2), _write_large(value, 2)])


def choose_lines(values: Sequence[Sequence[str]], cell: float, smallest: float = SMALLEST_DIGITS) -> list[str] | None:
    """Choose for each value of a cell its most exact text that fits; None where one has none."""
    if cell < SMALLEST_CELL or _fit_height(cell, len(values)) < smallest:
        return None
    lines = [
        next(
            (text for part in (AIRY_WIDTH, WIDTH) for text in texts if len(text) * CHARACTER * smallest <= part * cell),
            "",
        )
        for texts in values
    ]
    return lines if all(lines) else None


def choose_digit_size(cell: float, longest: int, count: int) -> float:
    """Choose the font of `count` lines of `longest` characters: with air, unless it would be too small."""
    airy, wide = (cell * part / (max(longest, 1) * CHARACTER) for part in (AIRY_WIDTH, WIDTH))
    least = next((size for size in (COMFORTABLE_DIGITS, SMALLEST_DIGITS) if wide >= size), 0)
    high = _fit_height(cell, count)
    comfortable = max(COMFORTABLE_DIGITS, COMFORTABLE_THREE * cell) if count > 1 else high
    return min(high, comfortable, max(airy, least), LARGEST_DIGITS)


def choose_map_digits(cells: Sequence[Sequence[Sequence[str]]], cell: float) -> MapDigits | None:
    """Choose the digits of a map from the texts of the values of each cell; None where no cell has a number."""
    if len(cells) > MOST_CELLS_WITH_DIGITS or cell < SMALLEST_CELL:
        return None
    lines = [choose_lines(values, cell, COMFORTABLE_DIGITS) or choose_lines(values, cell) for values in cells]
    shown = [one for one in lines if one]
    if not shown:
        return None
    longest = max(len(text) for one in shown for text in one)
    return MapDigits(choose_digit_size(cell, longest, len(shown[0])), lines)


def _list_share_texts(share: float) -> list[str]:
    if 0 < share < 0.01:
        whole = "< 1 %"
    elif 0.995 <= share < 1:
        whole = "> 99 %"
    else:
        whole = f"{round_half_up(share * 100, 0)} %"
    return _keep_shorter([format_percent(share), whole])


def _fit_height(cell: float, count: int) -> float:
    return cell * (HEIGHT_OF_THREE if count > 1 else HEIGHT_OF_LINE)


def _round(value: float, digits: int) -> str:
    """A number with so many significant digits, and all those before the point."""
    exponent = floor_log10(abs(value))
    if exponent < -4 or exponent >= 15:
        return _write_large(value, digits)
    text = round_half_up(value, max(0, digits - 1 - exponent))
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


def _write_large(value: float, digits: int) -> str:
    """A very large or very small number with a power of ten, another one rounded."""
    if SMALLEST_WRITTEN <= abs(value) < LARGEST_WRITTEN:
        return _round(value, digits)
    return write_power(value, digits).replace("-", MINUS)


def _keep_shorter(texts: Sequence[str]) -> list[str]:
    return [text for at, text in enumerate(texts) if all(len(before) > len(text) for before in texts[:at])]
