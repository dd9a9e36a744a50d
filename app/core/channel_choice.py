"""Which input channel stands beside a map, and whether three maps are one color picture.

The first paint, the picture of a figure and the live page all follow these rules; `static/pure/maps/map-choice.js` is
the same in JavaScript, and `tests/golden/channels.json` holds both.
"""

from __future__ import annotations

from .arrays import Shape
from .operation_table import Kind


def choose_input_channel(kind: Kind, map: int, maps: int, input_shape: Shape, groups: int = 1, start: int = 0) -> int:
    """Return the input channel that is shown beside map `map` of `maps`: the first channel that the map reads.

    Softmax reads all channels; beside its map stands the channel of the same number, as for every operation that
    makes each map from one channel. `groups` counts only for a convolution; in a concatenation the maps of what is
    shown begin at `start`.
    """
    channels, rows, columns = input_shape
    match kind:
        case "conv":
            return map // (maps // groups) * (channels // groups)
        case "flatten":
            return map // (rows * columns)
        case "linear":
            return 0
    return min(map - start, channels - 1)


def is_color_picture(maps: int, colors: str, look: str) -> bool:
    """Whether three maps are shown as red, green and blue of one picture.

    `colors` is how the values of the stage are colored by themselves ("photo" or "signed"), `look` what the View asks
    for ("auto", "photo" or "signed").
    """
    return maps == 3 and (colors if look == "auto" else look) == "photo"
