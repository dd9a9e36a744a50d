"""The dot product of a 1 × 1 filter with the column of numbers at one place: what is multiplied, channel by channel.

`static/pure/tabs/volume/dot-product.js` writes the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from ....core.explain.beats import list_beats
from ....core.number_text import format_number
from ....core.writing.amounts import read_filter
from ...figure.primitives import Primitive
from ...figure.theme import Style
from ...figure_content.step_sentences import name_slice
from ..blocks import Block
from .volume_parts import VolumeParts, VolumeStep
from .volume_sums import FilterSum, drop_plus
from .volume_texts import write_volume_text

ROW, SPACE = 1.45, 14.0


def draw_dot_product(
    style: Style, step: VolumeStep, parts: VolumeParts, sums: Sequence[FilterSum], text: float
) -> Block:
    """Draw the channels that are drawn as a table, each with its number, its weight and their product; the others
    together.
    """
    if parts.before is None:
        return Block()
    columns = [["", "x", "w", "x·w"], *list_columns(step, parts, sums)]
    theme, x, drawn = style.theme, 0.0, list[Primitive]()
    for n, column in enumerate(columns):
        wide = max(style.metrics.measure(one, "mono", text) for one in column)
        for row, one in enumerate(column):
            color = theme.input if row == 0 or (n == 0 and row == 1) else theme.text
            color = theme.filter if n == 0 and row == 2 else color
            if one:
                at = x + wide, (row + 0.75) * text * ROW
                drawn.append(
                    style.write("view-dot", at, one, color, "mono-bold" if not n or not row else "mono", text, "end")
                )
        x += wide + SPACE
    return Block(tuple(drawn), x, 4 * text * ROW)


def list_columns(step: VolumeStep, parts: VolumeParts, sums: Sequence[FilterSum]) -> list[list[str]]:
    """The columns of the table: the name of a channel, its number, its weight and their product, "" before it is known;
    the last one has what the other channels add up to, where there are any.
    """
    numbers, texts, before = step.numbers, step.write(step.map), parts.before
    if before is None:
        return []
    own = next(one for one in sums if one.map == step.map)
    index = {one["channel"]: n for n, one in enumerate(numbers["channels"])}
    shown = [channel for channel in parts.channels if channel in index]
    columns = []
    for channel in shown:
        one = texts.channels[index[channel]]
        product = drop_plus(one.sum) if channel in own.channels else ""
        columns.append([name_slice(before, channel), one.values[0][0], one.weights[0][0], product])
    rest = len(index) - len(shown)
    if rest:
        beats = list_beats(step.stage)
        left = numbers["sum"]
        for channel in shown:
            left -= numbers["channels"][index[channel]]["sum"]
        others = format_number(left / read_filter(step.stage, before, numbers).cell_divisor)
        is_known = beats.index(step.beat) >= beats.index("sum")
        sign = "" if texts.is_sum_exact else "≈ "
        name = write_volume_text("volume_other") if rest == 1 else write_volume_text("volume_others", count=rest)
        columns.append([name, "", "", f"{sign}{others}" if is_known else ""])
    return columns
