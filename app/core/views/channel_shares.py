"""What each input channel adds to the sum of one cell: the widths and colors of its wires in the view of a network.

`static/pure/tabs/network/channel-shares.js` is the same in JavaScript.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..scene import Pair
from ..trace.trace import Stage, Trace, get_read
from .network_columns import find_before_flattening
from .wires import NO_CELL, Wiring, find_wiring, has_wires


@dataclass(frozen=True, slots=True)
class ChannelShare:
    """What one channel adds to a sum, and its share of it: sum / Σ |sums|, below 0 where the sum is.

    `channel` counts the maps that stand before a flattening. `is_silent`: all that the cell reads of the channel is 0.
    """

    channel: int
    sum: float
    share: float
    is_silent: bool


def list_shares(trace: Trace, stage: Stage, map: int, cell: Pair) -> tuple[ChannelShare, ...]:
    """List the shares of all channels that a cell reads, in their order; () where the stage has no weights.

    The bias is none of them. Sums are in float64.
    """
    if not has_wires(stage) or stage.weight is None:
        return ()
    before = get_read(trace, stage, map)
    wiring = find_wiring(stage, before, map)
    values, first = _read_values(trace, stage, before, wiring, cell)
    weights = stage.weight.reshape(wiring.maps, -1)[map].astype(np.float64).reshape(len(values), -1)
    sums = (values * weights).sum(axis=1)
    all_sums = float(np.abs(sums).sum())
    return tuple(
        ChannelShare(first + n, float(one), float(one) / all_sums if all_sums else 0.0, not values[n].any())
        for n, one in enumerate(sums)
    )


def _read_values(
    trace: Trace, stage: Stage, before: Stage, wiring: Wiring, cell: Pair
) -> tuple[npt.NDArray[np.float64], int]:
    """What each weight of a cell meets, a row for each channel; 0 outside of the input. And the first channel."""
    if wiring.down is None or wiring.across is None:
        maps = find_before_flattening(trace, stage).output
        return maps.reshape(len(maps), -1).astype(np.float64), 0
    down, across = wiring.down[cell[0]], wiring.across[cell[1]]
    read = before.output[wiring.first : wiring.first + wiring.channels].astype(np.float64)
    window = read[:, np.maximum(down, 0)][:, :, np.maximum(across, 0)]
    window = np.where((down > NO_CELL)[:, None] & (across > NO_CELL)[None, :], window, 0.0)
    return window.reshape(wiring.channels, -1), wiring.first
