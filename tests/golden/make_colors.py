"""Makes colors.json: scales of maps, and the bytes of values on them.

Every expected number comes from fractions and loops here; nothing is shared with app/core/trace/color_scale.py or
static/pure/maps/palette.js. Run from the checkout: `python -m tests.golden.make_colors`.
"""

from __future__ import annotations

import json
import random
import struct
from fractions import Fraction
from pathlib import Path

FILE = Path(__file__).with_name("colors.json")
# Below 0, at 0, above 0, and the end of a scale of weights that are all 0 or more.
LIGHT = (33, 102, 172), (247, 247, 247), (178, 24, 43), (74, 82, 90)
DARK = (90, 169, 245), (42, 47, 52), (242, 113, 107), (195, 204, 212)


def f32(value: float) -> float:
    """Rounded to float32, as a Trace holds it."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def nearest(value: Fraction) -> int:
    """The nearest whole number; a half goes up."""
    return (value + Fraction(1, 2)).__floor__()


def clamp(value: Fraction, low: int, high: int) -> Fraction:
    return max(Fraction(low), min(Fraction(high), value))


def color(value: float, kind: str, low: float, high: float, theme: tuple[tuple[int, ...], ...]) -> list[int]:
    """One of 256 grays; or one of 256 colors on each side of that of 0."""
    exact = Fraction(value)
    if kind == "gray":
        return [nearest(clamp((exact - Fraction(low)) / (Fraction(high) - Fraction(low)) * 255, 0, 255))] * 3
    step = nearest(clamp(exact / Fraction(high) * 255, -255, 255))
    below, zero, above, neutral = theme
    end = (zero if step < 0 else neutral) if kind == "neutral" else below if step < 0 else above
    return [nearest(Fraction(zero[i] * (255 - abs(step)) + end[i] * abs(step), 255)) for i in range(3)]


def color_case(draw: random.Random, kind: str, low: float, high: float) -> dict[str, object]:
    low, high = (low, high) if kind == "gray" else (-f32(high) if kind == "signed" else 0.0, f32(high))
    reach = high - low
    values = [f32(low + reach * draw.uniform(-0.2, 1.2)) for _ in range(60)] + [low, high, 0.0]
    return {
        "kind": kind, "low": low, "high": high, "values": values,
        "colors": [color(value, kind, low, high, LIGHT) for value in values],
        "dark": [color(value, kind, low, high, DARK) for value in values],
    }  # fmt: skip


def scale(stage: dict, index: int, colors: str, scope: str) -> list[object]:
    """Kind, low and high of a map's scale: what TEACHING says in a table."""
    wanted = stage["colors"] if colors == "auto" else colors
    is_picture = colors == "auto" and scope == "map" and index in stage.get("photo_maps", ())
    if is_picture or wanted in ("gray", "photo"):
        black, white = stage["picture_scale"]
        return ["gray", black, white if white > black else black + 1]
    largest = 0.0
    for other, (low, high) in enumerate(stage["ranges"]):
        if other == index or scope == "layer" or stage["shape"][1:] == [1, 1]:
            largest = max(largest, -low, low, -high, high)
    end = largest or 1
    return ["positive", 0, end] if stage["never_negative"] else ["signed", -end, end]


def stage_of(name: str, ranges: list[list[float]], **changes: object) -> dict:
    base = {
        "name": name, "shape": [len(ranges), 3, 4], "colors": "signed", "never_negative": False, "scale": None,
        "picture_scale": [0.0, 255.0], "ranges": [[f32(low), f32(high)] for low, high in ranges],
    }  # fmt: skip
    return base | changes


def random_ranges(draw: random.Random, count: int, size: float, least: float = -1) -> list[list[float]]:
    return [sorted(size * draw.uniform(least, 1) for _ in range(2)) for _ in range(count)]


def stages(draw: random.Random) -> list[dict]:
    unit = {"picture_scale": [0.0, 1.0]}
    return [
        stage_of("whole numbers", [[-510, 459]]),
        stage_of("decimals", [[-0.0549, 0.1], [0.25, 0.7]], **unit),
        stage_of("exponents", [[1e-7, 3.5e-6], [-2e-9, 0], [-1e38, 1e38]]),
        stage_of("negative numbers alone", [[-7, -3], [-0.5, -0.25]]),
        stage_of("all zeros", [[0, 0]]),
        stage_of("all zeros after ReLU", [[0, 0], [0, 0]], never_negative=True),
        stage_of("constant", [[7, 7]]),
        stage_of("after ReLU", [[0, 12], [0, 0], [3, 40]], never_negative=True),
        stage_of("shares of ten classes", random_ranges(draw, 10, 1, 0), shape=[10, 1, 1], never_negative=True),
        stage_of("ten scores", random_ranges(draw, 10, 9), shape=[10, 1, 1]),
        stage_of("64 maps", random_ranges(draw, 64, 300)),
        stage_of("a gray picture", [[-12, 270]], colors="gray", scale=[0.0, 255.0]),
        stage_of("a picture of numbers from 0 to 1", [[0, 1]], colors="gray", scale=[0.0, 1.0], **unit),
        stage_of("a color picture", random_ranges(draw, 3, 255, 0), colors="photo", scale=[0.0, 255.0]),
        stage_of("typed numbers", [[0, 8]], colors="gray", scale=[0.0, 8.0], picture_scale=[0.0, 8.0]),
        stage_of("typed numbers below 0", [[-3, -1]], picture_scale=[-3.0, 0.0]),
        stage_of("a copy between edges", [[-300, 200], [0, 255], [-7, 9]], photo_maps=[1]),
    ]


def make() -> dict[str, object]:
    draw = random.Random(10)
    ends = [510, 459, 1, 0.1, 12.75, 3.7e-9, 1e38, 0.7310586]
    colored = [color_case(draw, kind, 0, end) for kind in ("signed", "positive", "neutral") for end in ends]
    grays = [(0, 255), (0, 1), (-3, 0), (0, 8), (12.5, 99.25)]
    scales = []
    for stage in stages(draw):
        looks = ("auto", "signed", "photo")
        asked = [(k, look, scope) for k in range(stage["shape"][0]) for look in looks for scope in ("map", "layer")]
        chosen = asked if len(asked) < 20 else draw.sample(asked, 20)
        answers = [[*question, scale(stage, *question)] for question in chosen]
        scales.append({"stage": stage, "answers": answers})
    return {"colors": colored + [color_case(draw, "gray", *pair) for pair in grays], "scales": scales}


if __name__ == "__main__":
    golden = make()
    parts = [f'"{key}":[\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in golden[key]) + "\n]"
             for key in golden]  # fmt: skip
    FILE.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")
