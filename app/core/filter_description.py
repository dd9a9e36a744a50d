"""A portrait in words, for people: "diagonal stripes, 45°, one every 4 px", "blue against orange"."""

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
"""The names of hues up to so many degrees; two that lie opposite never have the same."""
DESCRIPTIONS = {
    "nothing": "nothing: its numbers are nearly 0",
    "stripes": "{direction} stripes, {angle}°, one every {period} px",
    "edge": "{direction} edges, {angle}°",
    "spot": "{sign} spots",
    "texture": "patterns of several directions, one every {period} px",
    "even": "{sign} places, whatever is in them",
    "patch": "{first}, and not {second}",
    "colors": "{first} against {second}",
    "colors along": "{first} against {second}, {angle}°",
}


def describe_filter(portrait: FilterAnalysis) -> str:
    """What the filter prefers, in a few words."""
    first, second = ("", "")
    if portrait.hues:
        first, second = (name_hue(hue) for hue in portrait.hues)
    along = portrait.kind == "colors" and has_direction(portrait)
    angle = round_angle(portrait.angle)
    return DESCRIPTIONS["colors along" if along else portrait.kind].format(
        direction=name_direction(portrait.angle),
        angle=angle,
        period=_format_period(portrait.period),
        sign="bright" if portrait.sign > 0 else "dark",
        first=first,
        second=second,
    )


def round_angle(angle: float) -> int:
    """Rounded to 5°, which is as well as a small filter can tell; 0 to 175."""
    return int(5 * round(angle / 5)) % 180


def name_direction(angle: float) -> str:
    """horizontal, vertical or diagonal."""
    from_lying = min(angle, 180 - angle)
    return "horizontal" if from_lying < 15 else "vertical" if from_lying > 75 else "diagonal"


def name_hue(hue: float) -> str:
    """The name of a hue in degrees."""
    return next(name for end, name in HUES if hue <= end)


def _format_period(cells: float) -> str:
    return f"{cells:.1f}" if cells < 3 else f"{cells:.0f}"
