"""The limits of a figure's size, made once from the settings."""

from __future__ import annotations

from dataclasses import dataclass


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
