"""The catalogue of what a volume writes.

The live page writes the same: they belong to VOLUME in `static/pure/strings/tab-strings.js` and are repeated here;
tests/render/test_figure_texts.py holds each of them to its owner, word for word.
"""

from __future__ import annotations

from ....core.number_text import MINUS, format_number
from ....core.texts import Text, add_catalogue, make_text, write_message
from ....core.trace.trace import Stage

VOLUME_TEXTS = add_catalogue(
    {
        "volume_filter": "W{map}",
        "volume_map": "map {map}",
        "volume_bias": "+ b{map} = {bias}",
        "volume_result": "= {result}",
        "volume_channel_sum": "Σ {sum}",
        "volume_place": "at ({row}, {column})",
        "volume_column": "The {count} numbers at one place are its depth column: one of each map.",
        "volume_column_of_place": "The {count} numbers of one place stand together: one of each slice.",
        "volume_pixel": "A pixel is 3 numbers, one of each slice: red, green and blue together make its color.",
        "volume_drawn": "{shown} of {count}",
        "volume_slices_drawn": "{shown} of {count} input slices drawn.",
        "volume_maps_drawn": "{shown} of {count} output slices drawn.",
        "volume_all_filters": "All {count} filters",
        "volume_some_filters": "{shown} of {count} filters",
        "volume_one_open": "Filter {map} is open: choose another one among the small pictures.",
        "volume_box": "The window is a box through {slices} slices, {shape}: {count} products + b make one number.",
        "volume_counts": "{filters} filters of {size} weights and 1 bias: "
        "{filters} · ({weights} + 1) = {count} numbers.",
        "volume_counts_of_one": "1 filter of {size} weights and 1 bias: 1 · ({weights} + 1) = {count} numbers.",
        "volume_one_by_one": "A 1 × 1 filter mixes channels and looks at one place.",
        "volume_products": "{count} products, together {sum}",
        "volume_becomes": " → {title}: {value}",
        "volume_other": "1 other",
        "volume_others": "{count} others",
        "volume_shape": "{maps} × {rows} × {columns}",
        "volume_column_shape": "{count} × 1",
        "volume_stretched": "{shape} numbers in one column of {count}, map by map and row by row. The spatial "
        "structure is lost: nothing in the column says what was beside, below or in the next channel.",
        "volume_this_pixel": "this pixel",
        "volume_right": "to the right",
        "volume_below": "below",
        "volume_next_channel": "next channel",
        "volume_neighbor": "{index}: {name}, {value}",
        "volume_by": "{name} {by}",
        "volume_went": "Places further down the column: {neighbors}.",
    }
)


def write_volume_text(code: str, /, **params: Text | str | int) -> str:
    """Write a text of a volume; whole numbers without separators. Raises KeyError for a code that is not there."""
    written = {key: str(part) if isinstance(part, int) else part for key, part in params.items()}
    return write_message(make_text(code, **written))


def write_bias(stage: Stage, map: int) -> str:
    """Write the bias of a filter, as it was typed where it was: "+ b2 = 3"."""
    typed = stage.info.filters.bias_text if stage.info.filters else ()
    bias = 0.0 if stage.bias is None else float(stage.bias[map])
    return write_volume_text(
        "volume_bias", map=map, bias=typed[map].replace("-", MINUS) if typed else format_number(bias)
    )
