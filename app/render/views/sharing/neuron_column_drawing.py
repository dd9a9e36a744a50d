"""The neurons at one place: one of each map of a group. They read the same window, each with a filter of its own.

`static/pure/tabs/sharing/neuron-column.js` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator

from ....core.views.sharing_values import SharingValues
from ...figure.primitives import Box, Line, Primitive, Rect
from ...figure.theme import Style
from ..blocks import Block, mix, stack, write_paragraph
from .picture_parts import DOT, draw_circle, write_number
from .sharing_texts import write_sharing_text

LEAST, MOST = 3, 12
"""The most neurons that are drawn, and the least of many."""
PITCH, RADIUS, TOP, WINDOW = 88.0, 28.0, 68.0, 172.0
"""Between two neurons, their radius, their line, the window below them."""
TEXT, MOST_FACTOR = 12.0, 1.8


def draw_neuron_column(style: Style, values: SharingValues, room: Box) -> Block:
    """Draw the neurons at the place of a cell, as many as have room."""
    maps = values.wiring.maps_of_group
    least = LEAST if style.is_glance else MOST
    shown = min(maps, max(min(int(room.width // PITCH), MOST), min(least, MOST)))
    map = values.wiring.place_of(values.here)[0]
    first = map // maps * maps
    start = first + min(max(map - first - shown // 2, 0), maps - shown)
    is_known = values.output_number(values.here) != ""
    row, column = values.wiring.place_of(values.here)[1:]
    texts = [values.write_output((start + n, row, column)) if is_known else "" for n in range(shown)]
    wide = max(shown, LEAST) * PITCH
    picture = Block(tuple(_draw(style, values, texts, start, wide)), wide, WINDOW + 36)
    notes = (
        []
        if style.is_glance
        else [
            _write_law(values),
            *([write_sharing_text("sharing_neurons_drawn", shown=shown, count=maps)] if maps > shown else ()),
        ]
    )
    said = stack((write_paragraph(style, "view-says", one, room.width, 15, style.theme.muted) for one in notes), 2)
    fitted = picture.fit(Box(0, 0, room.width, room.height - said.height - 12), MOST_FACTOR)
    return stack((fitted, said), 12)


def _write_law(values: SharingValues) -> str:
    """Which neurons read the same window, and how many there are in all."""
    wiring, shape = values.wiring, values.stage.output.shape
    maps, size = wiring.maps_of_group, wiring.weights
    if wiring.is_linear:
        return write_sharing_text("sharing_neurons_of_one" if maps == 1 else "sharing_neurons", neurons=maps, size=size)
    code = "sharing_column_of_one" if maps == 1 else "sharing_column"
    if maps < wiring.maps:
        code = "sharing_column_of_group_of_one" if maps == 1 else "sharing_column_of_group"
    said = write_sharing_text(code, maps=maps, size=size)
    if wiring.neurons == 1:
        return said
    count = f"{wiring.maps * wiring.neurons:,}"
    return f"{said} {write_sharing_text('sharing_neurons_in_all', shape=' × '.join(map(str, shape)), count=count)}"


def _name(values: SharingValues, map: int) -> str:
    classes = values.stage.info.classes
    if classes:
        return classes[map]
    return write_sharing_text("sharing_neuron_number" if values.wiring.is_linear else "sharing_filter", map=map)


def _draw(style: Style, values: SharingValues, texts: list[str], start: int, wide: float) -> Iterator[Primitive]:
    theme, middle, size = style.theme, wide / 2, values.wiring.weights
    chosen = values.wiring.place_of(values.here)[0] - start
    centers = [middle + (n - (len(texts) - 1) / 2) * PITCH for n in range(len(texts))]
    for x in centers:
        yield Line("view-wire", x, TOP + RADIUS, middle, WINDOW, theme.edge, 1.2)
    for n, (x, text) in enumerate(zip(centers, texts, strict=True)):
        width = 4.0 if n == chosen else 1.5
        dash = (0.0, 0.0) if text else DOT
        yield from draw_circle("view-neuron", (x, TOP), RADIUS, theme.surface, theme.output, width, dash)
        yield from write_number(style, "view-neuron", (x, TOP), text, 2 * RADIUS - 4, TEXT)
        name = style.metrics.shorten(_name(values, start + n), "mono", TEXT, PITCH - 4)
        yield style.write("view-name", (x, TOP - RADIUS - 23), name, theme.text, "mono", TEXT, "middle")
        bias, fitted = style.fit(f"b = {values.write_bias(start + n)}", "mono", (TEXT,), PITCH - 4)
        yield style.write("view-bias", (x, TOP - RADIUS - 8), bias, theme.muted, "mono", fitted, "middle")
    box = Box(middle - 100, WINDOW, 200, 32)
    yield Rect("view-window", box, mix(theme.input, theme.surface, 0.12), theme.input, 1, 6)
    same = (
        write_sharing_text("sharing_same_window_of_one")
        if size == 1
        else write_sharing_text("sharing_same_window", size=size)
    )
    yield style.write("view-window", box.center, same, theme.text, "mono", TEXT, "middle", "middle")
