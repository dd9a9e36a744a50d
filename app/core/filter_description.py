"""Descriptions of filters: "diagonal stripes, 45°, one every 4 px", "blue against orange"."""

from __future__ import annotations

from .filter_analysis import FilterAnalysis, has_direction
from .texts import Text, add_catalogue, make_text

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
FILTER_DESCRIPTIONS = add_catalogue(
    {
        "filter_nothing": "nothing: its weights are nearly 0",
        "filter_stripes": "{direction} stripes, {angle}°, one every {period} px",
        "filter_edge": "{direction} edges, {angle}°",
        "filter_spot": "{sign} spots",
        "filter_texture": "patterns of several directions, one every {period} px",
        "filter_even": "{sign} places of any pattern",
        "filter_patch": "{first}, not {second}",
        "filter_colors": "{first} against {second}",
        "filter_colors_along": "{first} against {second}, {angle}°",
        "bright": "bright",
        "dark": "dark",
        **{name: name for name in ("horizontal", "vertical", "diagonal")},
        **{f"hue_{name}": name for _, name in HUES},
    }
)


def describe_filter(one: FilterAnalysis) -> Text:
    """What the filter responds to."""
    hues = dict(zip(("first", "second"), (make_text(f"hue_{name_hue(hue)}") for hue in one.hues or ()), strict=False))
    is_oriented = one.kind == "colors" and has_direction(one)
    return make_text(
        "filter_colors_along" if is_oriented else f"filter_{one.kind}",
        direction=make_text(name_direction(one.angle)),
        angle=round_angle(one.angle),
        period=_format_period(one.period),
        sign=make_text("bright" if one.sign > 0 else "dark"),
        **hues,
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
