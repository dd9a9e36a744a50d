"""Computes filters over several channels with PyTorch: `python -m tests.golden.make_channel_sums` writes the file.

A filter of one plane is repeated over the channels of its group, as `F.conv2d(x, plane.repeat(1, C, 1, 1))` does;
with groups=C the whole list of filters is applied to each channel. The numbers of the classic filters stand here as
textbooks print them. Needs torch; the tests that read channel_sums.json do not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

FILE = Path(__file__).parent / "channel_sums.json"

PLANES: dict[str, tuple[list[list[int]], int]] = {
    "identity": ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], 1),
    "sobel-x": ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], 1),
    "sobel-y": ([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], 1),
    "sharpen": ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 1),
    "box-blur": ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 9),
    "gaussian": ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16),
    "(1,0;0,-2)": ([[1, 0], [0, -2]], 1),
    "(1,2,3;4,5,6)/21": ([[1, 2, 3], [4, 5, 6]], 21),
}
"""Filters of one plane, by their text in a link: rows of whole numbers and a divisor."""

CASES: tuple[tuple[int, tuple[str, ...], str], ...] = (
    (1, ("sobel-x",), ""),
    (3, ("sobel-x",), ""),
    (3, ("sobel-x",), "groups=1"),
    (3, ("sobel-x",), "groups=3"),
    (3, ("sharpen",), ""),
    (3, ("sharpen",), "groups=3"),
    (3, ("sobel-x", "sobel-y", "box-blur"), ""),
    (3, ("sobel-x", "box-blur"), "groups=3"),
    (3, ("gaussian",), "flip=1,padding=1"),
    (3, ("(1,0;0,-2)",), "flip=1"),
    (3, ("(1,0;0,-2)",), "stride=2,groups=3,flip=1"),
    (3, ("(1,2,3;4,5,6)/21", "(1,0;0,-2)"), "padding=1,bias=2"),
    (4, ("box-blur",), ""),
    (4, ("box-blur", "identity"), "groups=2"),
    (4, ("sobel-y",), "groups=4,bias=-1"),
)
"""Channels of the input, filters, and options as a link writes them."""


def compute_maps(x: torch.Tensor, names: tuple[str, ...], options: dict[str, int]) -> torch.Tensor:
    """The maps (K, H, W) of the filters on x (C, H, W); smaller filters are centered in the largest."""
    channels, groups = len(x), options.get("groups", 1)
    depth = channels // groups
    rows = max(len(PLANES[name][0]) for name in names)
    columns = max(len(PLANES[name][0][0]) for name in names)
    weights = []
    for name in names:
        cells, divisor = PLANES[name]
        plane = torch.tensor(cells, dtype=torch.float64) / divisor
        top, left = (rows - plane.shape[0]) // 2, (columns - plane.shape[1]) // 2
        bottom, right = rows - plane.shape[0] - top, columns - plane.shape[1] - left
        weights.append(F.pad(plane, (left, right, top, bottom))[None].repeat(depth, 1, 1))
    weight = torch.stack(weights).repeat(groups, 1, 1, 1)
    weight = weight.flip(2, 3) if options.get("flip") else weight
    bias = torch.full((len(weight),), float(options.get("bias", 0)), dtype=torch.float64)
    stride, padding = options.get("stride", 1), options.get("padding", 0)
    return F.conv2d(x[None], weight, bias, stride, padding, 1, groups)[0]


def make_case(draw: np.random.Generator, channels: int, names: tuple[str, ...], options: str) -> dict[str, Any]:
    """One case: the layer's text, the input, PyTorch's maps, and the count of weights and biases of nn.Conv2d."""
    values = {key: int(value) for key, value in (part.split("=") for part in options.split(",") if part)}
    x = torch.from_numpy(draw.integers(0, 256, (channels, 5, 6))).double()
    maps = compute_maps(x, names, values)
    groups = values.get("groups", 1)
    rows = max(len(PLANES[name][0]) for name in names)
    columns = max(len(PLANES[name][0][0]) for name in names)
    layer = torch.nn.Conv2d(channels, len(maps), (rows, columns), groups=groups)
    text = ",".join(filter(None, (f"conv:{';'.join(names)}", options)))
    return {
        "layer": text,
        "input": x.long().tolist(),
        "output": np.round(maps.numpy(), 9).tolist(),
        "parameters": sum(one.numel() for one in layer.parameters()),
    }


def main() -> None:
    """Writes one case a line."""
    draw = np.random.default_rng(11)
    lines = ",\n".join(json.dumps(make_case(draw, *case), separators=(",", ":")) for case in CASES)
    FILE.write_text(f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
