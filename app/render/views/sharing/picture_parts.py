"""What the pictures of sharing have in common: circles with numbers, and the legend of the identity colors."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ....core.number_text import MINUS
from ....core.views.sharing_values import SharingValues
from ...figure.primitives import Box, Line, Primitive, Rect
from ...figure.theme import Style
from ..blocks import Block, Run
from .identity_colors import fill_of_weight
from .sharing_texts import write_sharing_text

MOST_NAMED = 27
"""The most weights that the legend names one by one."""
CHIP, LEGEND = 20.0, 13.0
DOT, DASH = (2.0, 3.0), (5.0, 3.0)


def draw_circle(
    part: str,
    at: tuple[float, float],
    radius: float,
    fill: str,
    stroke: str,
    width: float,
    dash: tuple[float, float] = (0, 0),
) -> Iterator[Primitive]:
    """Draw a circle around a point; `dash` are the lengths of a line and of a gap of a dashed one."""
    box = Box(at[0] - radius, at[1] - radius, 2 * radius, 2 * radius)
    if not any(dash):
        yield Rect(part, box, fill, stroke, width, radius)
        return
    yield Rect(part, box, fill, radius=radius)
    around, inner = 2 * math.pi, radius - width / 2
    count = max(8, round(around * radius / sum(dash)))
    for index in range(count):
        angles = [around * (index + share) / count for share in (0, dash[0] / sum(dash))]
        (x, y), (to_x, to_y) = ((at[0] + inner * math.cos(one), at[1] + inner * math.sin(one)) for one in angles)
        yield Line(f"{part}-dash", x, y, to_x, to_y, stroke, width)


def write_number(
    style: Style, part: str, at: tuple[float, float], text: str, room: float, size: float, is_dropped: bool = False
) -> Iterator[Primitive]:
    """Write a number around a point; one that is wider than its room stands on a surface of its own, or is dropped."""
    line = style.write(part, at, text, style.theme.text, "mono", size, "middle", "middle")
    if line.width > room:
        if is_dropped:
            return
        wide = line.width + 4
        yield Rect(f"{part}-surface", Box(at[0] - wide / 2, at[1] - size * 0.6, wide, size * 1.2), style.theme.surface)
    if text:
        yield line


def bracket_runs(text: str, color: str, ink: str) -> list[Run]:
    """A number in its color; a negative one in parentheses."""
    return [("(", ink), (text, color), (")", ink)] if text.startswith(MINUS) else [(text, color)]


def draw_legend(style: Style, values: SharingValues, room: float, most_lines: int | None = None) -> Block:
    """Say what the colors mean: each weight with its color, its name and its number, in at most so many lines."""
    for named in range(min(values.wiring.weights, MOST_NAMED), 0, -1):
        block = _draw_names(style, values, room, named)
        if most_lines is None or block.height <= most_lines * (CHIP + 4):
            return block
    return Block()


def _draw_names(style: Style, values: SharingValues, room: float, shown: int) -> Block:
    count = values.wiring.weights
    head = style.write("view-legend", (0, 14), write_sharing_text("sharing_color"), style.theme.muted, "sans", LEGEND)
    primitives: list[Primitive] = [head]
    x, y, wide = head.width + 10, 0.0, head.width
    for n in range(shown):
        name = values.names.weight(n)
        text = name if values.has_letters else f"{name} = {values.weight_number(n)}"
        line = style.write("view-identity", (0, 0), text, style.theme.text, "mono", LEGEND)
        if x + line.width + 12 > room:
            x, y = 0.0, y + CHIP + 4
        box = Box(x, y, line.width + 12, CHIP)
        primitives.append(Rect("view-identity", box, fill_of_weight(n, count, style.theme.is_dark), radius=4))
        primitives.append(style.write("view-identity", (x + 6, y + 14.5), text, style.theme.text, "mono", LEGEND))
        x = box.right + 6
        wide = max(wide, box.right)
    if count > shown:
        more = write_sharing_text("sharing_more_weights", count=count - shown)
        width = style.metrics.measure(more, "sans", LEGEND)
        if x + width > room:
            x, y = 0.0, y + CHIP + 4
        primitives.append(style.write("view-legend", (x, y + 14), more, style.theme.muted, "sans", LEGEND))
        wide = max(wide, x + width)
    return Block(tuple(primitives), wide, y + CHIP)
