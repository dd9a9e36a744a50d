"""How many weights a layer has if its neurons share them, if each has its own, and if each reads the whole input.

`static/pure/tabs/sharing/weight-counts.js` is the same in JavaScript.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .wires import Wiring

Sharing = Literal["shared", "own", "full"]


@dataclass(frozen=True, slots=True)
class WeightCount:
    """A number of weights and biases, and the `product` that counts them, as it is written."""

    sharing: Sharing
    count: int
    product: str


def count_weights(wiring: Wiring) -> tuple[WeightCount, ...]:
    """Count the weights of all maps of a layer in three ways, biases included."""
    maps, weights, inputs = wiring.maps, wiring.weights, wiring.inputs
    cells = maps * (1 if wiring.is_linear else wiring.neurons)
    shared = f"{weights:,} + 1"
    return (
        WeightCount("shared", maps * (weights + 1), f"{maps} · ({shared})" if maps > 1 else shared),
        WeightCount("own", cells * (weights + 1), f"{cells:,} · ({shared})"),
        WeightCount("full", cells * (inputs + 1), f"{cells:,} · ({inputs:,} + 1)"),
    )
