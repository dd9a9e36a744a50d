"""How many weights a layer has if its neurons share them, if each has its own, and if each reads everything.

`static/pure/tabs/sharing/weight-counts.js` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ....core.views.sharing_values import SharingValues
from ....core.views.weight_counts import Sharing, WeightCount, count_weights
from ...figure.primitives import Box, Line, Primitive, Rect
from ...figure.theme import Style
from ..blocks import Block, stack, write_paragraph, write_runs
from .identity_colors import line_of_weight
from .picture_parts import draw_circle
from .sharing_texts import write_sharing_text

WIDEST = 800
"""Pixels of the widest bar, as the note on thin bars counts them."""
INPUTS, NEURONS, TAPS, PITCH, HEIGHT = 6, 4, 3, 26.0, 64.0
"""The small drawings: inputs, neurons, weights of each, points between them and in height."""
NAMES: Mapping[Sharing, str] = MappingProxyType(
    {"shared": "sharing_shared", "own": "sharing_own", "full": "sharing_full"}
)
BESIDE, TEXT = 30.0, 17.0


def draw_weight_counts(style: Style, values: SharingValues, room: Box) -> Block:
    """Draw the three counts with their products and bars to scale; biases are counted."""
    counts = count_weights(values.wiring)
    most = max(one.count for one in counts)
    parts = [_draw_count(style, one, most, room.width) for one in counts]
    if style.is_glance:
        return stack(parts, 6)
    before, shape = (" × ".join(map(str, one)) for one in (values.wiring.before, values.stage.output.shape))
    told = write_sharing_text("sharing_counts", before=before, shape=shape)
    note = write_sharing_text("sharing_thin_bars") if any(one.count / most * WIDEST < 1 for one in counts) else ""
    return stack(
        (
            write_paragraph(style, "view-says", told, room.width, 15, style.theme.muted),
            *parts,
            write_paragraph(style, "view-says", note, room.width, 13, style.theme.muted) if note else Block(),
        ),
        16,
    )


def _draw_count(style: Style, count: WeightCount, most: int, width: float) -> Block:
    """One way to count: its name, its wires, its product, and its bar."""
    theme = style.theme
    small = tuple(_draw_miniature(style, count.sharing))
    x = INPUTS * PITCH + BESIDE
    number = f"{count.count:,}"
    runs = ((f"{count.product} = ", theme.text), (number, theme.text))
    size = TEXT if not style.is_glance else 13.0
    line = list(write_runs(style, "view-count", (x, 24), runs[:1], "mono", size))
    end = line[-1].x + line[-1].width
    line += write_runs(style, "view-count", (end, 24), runs[1:], "mono-bold", size)
    bar = Rect("view-bar", Box(x, 36, max(1.0, (width - x) * count.count / most), 18), theme.filter)
    block = Block((*small, *line, bar), max(width, line[-1].x + line[-1].width), HEIGHT)
    if style.is_glance:
        return block
    name = style.write("view-name", (0, 16), write_sharing_text(NAMES[count.sharing]), theme.text, "bold", 16)
    return stack((Block((name,), name.width, 22), block), 2)


def _draw_miniature(style: Style, sharing: Sharing) -> Iterator[Primitive]:
    """A small drawing of the wires: of six inputs to four neurons."""
    theme = style.theme
    taps = INPUTS if sharing == "full" else TAPS

    def find_x(n: int, count: int) -> float:
        return (n + 0.5) * INPUTS * PITCH / count

    for index in range(NEURONS * taps):
        neuron, tap = divmod(index, taps)
        color = theme.edge
        if sharing == "shared":
            color = line_of_weight(tap, TAPS, theme.is_dark)
        elif sharing == "own":
            color = line_of_weight(index, NEURONS * TAPS, theme.is_dark)
        source = tap if sharing == "full" else neuron + tap
        yield Line("view-miniature", find_x(neuron, NEURONS), 12, find_x(source, INPUTS), HEIGHT - 10, color, 2)
    for count, y, stroke in ((NEURONS, 9.0, theme.output), (INPUTS, HEIGHT - 9, theme.input)):
        for n in range(count):
            yield from draw_circle("view-miniature", (find_x(n, count), y), 6, theme.surface, stroke, 1.5)
