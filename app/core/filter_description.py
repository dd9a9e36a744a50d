"""Descriptions of filters: "diagonal stripes, 45°, one every 4 px", "blue against orange"."""

from __future__ import annotations

from .filter_analysis import FilterAnalysis, has_direction

HUES = (
    (15, "red"),
    (45, "orange"),
    (75, "yellow"),
    (105, "yellow-green"),
    (165, "green"),
    (195, "turquoise"),
    (255, "blue"),
    (285, "violet"),
    (315, "magenta"),
    (345, "pink"),
    (360, "red"),
)
"""(upper end in degrees, name) of each hue; opposite hues never share a name."""
DESCRIPTIONS = {
    "nothing": "nothing: its weights are nearly 0",
    "stripes": "{direction} stripes, {angle}°, one every {period} px",
    "edge": "{direction} edges, {angle}°",
    "spot": "{sign} spots",
    "texture": "patterns of several directions, one every {period} px",
    "even": "{sign} places of any pattern",
    "patch": "{first}, not {second}",
    "colors": "{first} against {second}",
    "colors along": "{first} against {second}, {angle}°",
}


def describe_filter(one: FilterAnalysis) -> str:
    """What the filter responds to."""
    first, second = ("", "")
    if one.hues:
        first, second = (name_hue(hue) for hue in one.hues)
    is_oriented = one.kind == "colors" and has_direction(one)
    angle = round_angle(one.angle)
    return DESCRIPTIONS["colors along" if is_oriented else one.kind].format(
        direction=name_direction(one.angle),
        angle=angle,
        period=_format_period(one.period),
        sign="bright" if one.sign > 0 else "dark",
        first=first,
        second=second,
    )


def round_angle(angle: float) -> int:
    """The angle rounded to 5° (0 to 175), the precision of a small filter."""
    return int(5 * round(angle / 5)) % 180


def name_direction(angle: float) -> str:
    """horizontal, vertical or diagonal."""
    from_horizontal = min(angle, 180 - angle)
    return "horizontal" if from_horizontal < 15 else "vertical" if from_horizontal > 75 else "diagonal"


def name_hue(hue: float) -> str:
    """The name of a hue given in degrees."""
    return next(name for end, name in HUES if hue <= end)


def _format_period(cells: float) -> str:
    return f"{cells:.1f}" if cells < 3 else f"{cells:.0f}"
