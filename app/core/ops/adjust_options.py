"""The table of adjustments: names, limits, labels and help of what changes a picture on purpose, in their order."""

from __future__ import annotations

from ..options import Option

MOST_SHIFT = 512
"""Cells; a picture has at most as many on a side."""
MOST_CELLS = 65_535

ADJUST_OPTIONS: tuple[Option, ...] = (
    Option("brightness", "number", "1", "Brightness", "Every number times this; 0 is black.", least=0, most=4),
    Option(
        "contrast", "number", "1", "Contrast", "How far every number is from the mean, times this.", least=0, most=4
    ),
    Option("turn", "number", "0", "Turn", "Degrees around the middle, counterclockwise.", least=-180, most=180),
    Option(
        "flip",
        "word",
        "",
        "Mirror",
        "h: left and right change places, v: top and bottom, hv: both.",
        choices=("", "h", "v", "hv"),
    ),
    Option(
        "shift",
        "shift",
        (0, 0),
        "Shift",
        "Rows down and columns to the right.",
        least=-MOST_SHIFT,
        most=MOST_SHIFT,
    ),
    Option(
        "noise",
        "number",
        "0",
        "Noise",
        "The standard deviation of random numbers that are added, of 255 from black to white.",
        least=0,
        most=128,
    ),
    Option("seed", "whole", 0, "Seed", "The same seed gives the same noise everywhere.", most=999_999_999),
    Option("cover", "box", None, "Cover", "The cells that become 0.", most=MOST_CELLS),
)
"""One row for each field of `Adjustments`, in the order in which they are applied."""
