"""The filters of a layer as the cards of a table: of each its name, its matrix, its maps and its words.

`static/pure/tabs/filter-table/filter-cards.js` makes the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....core.arrays import Maps
from ....core.number_text import format_number, format_short_number
from ....core.texts import write_message
from ....core.trace.trace import Stage
from ....core.weights.kernel_texts import list_kernel_names, write_kernel
from ....core.writing.amounts import has_decimals
from ...figure_content.step_sentences import name_slice

MOST_FILTERS, MOST_PLANES = 64, 3
"""So many filters, and so many slices of a filter, are drawn."""


@dataclass(frozen=True, slots=True)
class CardMatrix:
    """A slice of a filter: its numbers and their texts, row by row, and what all are multiplied with, "" for 1.

    `plane` names the channels that it reads, "" where all slices are the same.
    """

    weights: Maps
    texts: tuple[tuple[str, ...], ...]
    factor: str
    plane: str = ""


@dataclass(frozen=True, slots=True)
class FilterCard:
    """One filter. `maps` are its map, or three that are one color picture; `words` are "" where there are none."""

    maps: tuple[int, ...]
    name: str
    words: str
    matrices: tuple[CardMatrix, ...]


def has_filter_table(stage: Stage) -> bool:
    """Whether a stage has filters with numbers that can be drawn."""
    return stage.info.operation.kind == "conv" and stage.weight is not None


def list_filter_cards(stage: Stage, before: Stage) -> list[FilterCard]:
    """The filters of a convolution, at most MOST_FILTERS of them.

    Of a filter that reads red, green and blue each alone and makes a color photo again, the three maps are one card.
    """
    values, count = stage.info.values, len(stage.output)
    groups = stage.info.filters.groups if stage.info.filters else 1
    each = count // groups
    is_color = groups == 3 == len(before.output) and before.info.colors == "photo"
    cards = []
    for map in range(count):
        merges = is_color and (values.colors != "signed" or map % each in values.photo_maps)
        if merges and map >= each:
            continue
        maps = (map, map + each, map + 2 * each) if merges else (map,)
        alone = "RGB"[map // each] if is_color and not merges else ""
        cards.append(FilterCard(maps, *_describe_filter(stage, map, alone), _list_matrices(stage, before, map)))
    return cards[:MOST_FILTERS]


def _describe_filter(stage: Stage, map: int, channel: str) -> tuple[str, str]:
    label = write_message(stage.info.labels[map]) if stage.info.labels else ""
    filters = stage.plan.bank.layer.filters if stage.plan and stage.plan.bank else ()
    known = list_kernel_names(filters)
    own = next((name for name in known if label == name or label.startswith(f"{name}, ")), None)
    if own is None:
        return label, ""
    kernel = write_kernel(own)
    return (f"{kernel['title']}, {channel}" if channel else kernel["title"]), kernel["sentence"]


def _list_matrices(stage: Stage, before: Stage, map: int) -> tuple[CardMatrix, ...]:
    """The slices of a filter: one where all are the same, else the first three."""
    assert stage.weight is not None
    planes = stage.weight[map]
    filters = stage.info.filters
    scale = filters.scales[map] if filters else 1
    cell_divisor = scale if has_decimals(scale) else 1
    divisor = (filters.divisors[map] if filters else 1) * scale // cell_divisor
    factor = "" if divisor == 1 else f"1/{divisor}"
    is_one = bool(np.all(planes == planes[0]))
    first = map // (len(stage.output) // (filters.groups if filters else 1)) * len(planes)
    return tuple(
        CardMatrix(plane, _write_rows(plane, cell_divisor), factor, "" if is_one else name_slice(before, first + index))
        for index, plane in enumerate(planes[: 1 if is_one else MOST_PLANES])
    )


def _write_rows(plane: Maps, divisor: int) -> tuple[tuple[str, ...], ...]:
    write = format_number if np.all(plane == np.rint(plane)) else format_short_number
    return tuple(tuple(write(value / divisor) for value in row) for row in plane.tolist())
