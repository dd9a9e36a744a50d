"""The limits of a figure's size and of a network's, made once from the settings."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper limits, all inclusive.

    `side`: cells per side of the input; `kernel_side`: cells per side of a typed filter; `filters`: maps a
    layer may make; `layers`: length of the chain; `multiply_adds`: of the whole chain; `trace_bytes`: all
    arrays of a Trace as float32; `link_characters`: length of a query string.
    """

    side: int = 512
    kernel_side: int = 15
    filters: int = 64
    layers: int = 16
    multiply_adds: int = 1_000_000_000
    trace_bytes: int = 64_000_000
    link_characters: int = 6_000


@dataclass(frozen=True, slots=True)
class NetworkLimits:
    """Upper limits of a large network, whose Trace is computed in parts; all inclusive.

    `layers`: length of the chain as it is typed; `multiply_adds`: of the whole chain; `trace_bytes`: arrays in memory
    at once, without the weights in a model's file; `answer_bytes`: the previews and maps that are sent.
    """

    layers: int = 1_024
    multiply_adds: int = 40_000_000_000
    trace_bytes: int = 1_000_000_000
    answer_bytes: int = 64_000_000

    def widen(self, limits: Limits) -> Limits:
        """The limits of what is typed: those of a figure, with as many layers as a network may have."""
        return replace(
            limits,
            layers=max(limits.layers, self.layers),
            multiply_adds=max(limits.multiply_adds, self.multiply_adds),
            trace_bytes=max(limits.trace_bytes, self.trace_bytes),
        )
