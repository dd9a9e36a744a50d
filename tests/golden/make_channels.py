"""Computes which input channel stands beside each map: `python -m tests.golden.make_channels` rewrites channels.json.

PyTorch finds it, from the gradient of a map with respect to the input: of the channels that raise the map, the first.
Whether three maps make one color picture is a table written by hand. Needs torch; the tests that read the file do not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
import torch.nn.functional as F

FILE = Path(__file__).parent / "channels.json"
SIDE = 4
Layer = Callable[[torch.Tensor], torch.Tensor]

GROUPS = (
    *((1, 1, 1), (1, 4, 1), (3, 1, 1), (3, 3, 1), (3, 6, 1), (3, 3, 3), (3, 6, 3), (3, 9, 3)),
    *((4, 2, 2), (4, 8, 2), (4, 4, 4), (6, 6, 2), (16, 32, 4), (64, 64, 1), (64, 64, 64), (64, 64, 8)),
)
"""Channels, filters and groups of convolutions."""
PICTURES = (
    *((1, "photo", "auto", False), (2, "photo", "photo", False), (4, "photo", "photo", False)),
    *((3, "photo", "auto", True), (3, "photo", "photo", True), (3, "photo", "signed", False)),
    *((3, "signed", "auto", False), (3, "signed", "photo", True), (3, "signed", "signed", False)),
)
"""Number of maps, colors of the stage, colors that the View asks for, whether they make one picture."""


def layers() -> Iterator[tuple[str, int, int, Layer]]:
    """Each case: the operation, the channels of its input, its groups, and the layer itself."""
    for channels, filters, groups in GROUPS:
        weight = torch.ones(filters, channels // groups, 3, 3)
        yield "conv", channels, groups, lambda x, weight=weight, groups=groups: F.conv2d(x, weight, groups=groups)
    for channels in (1, 2, 3, 7, 64):
        yield "maxpool", channels, 1, lambda x: F.max_pool2d(x, 2)
        yield "globalavgpool", channels, 1, lambda x: F.adaptive_avg_pool2d(x, 1)
        yield "relu", channels, 1, F.relu
        yield "shift", channels, 1, lambda x: torch.roll(x, 1, -1)
        yield "softmax", channels, 1, lambda x: F.softmax(x.flatten(), 0).reshape(x.shape)
        yield "flatten", channels, 1, lambda x: x.reshape(1, -1, 1, 1)
        yield "linear", channels, 1, lambda x: F.linear(x.flatten(), torch.ones(5, x.numel())).reshape(1, 5, 1, 1)
    yield "prepare", 1, 1, lambda x: x.expand(1, 3, SIDE, SIDE)
    yield "prepare", 3, 1, lambda x: x.mean(1, keepdim=True)
    yield "prepare", 3, 1, lambda x: (x - 0.5) / 0.25


def channel_of(layer: Layer, picture: torch.Tensor, map: int) -> int:
    """The first channel of which more makes the map larger."""
    picture = picture.clone().requires_grad_()
    # One cell of softmax shows what raises it; all cells together always add up to 1.
    layer(picture)[0, map].flatten()[0].backward()
    raising = (picture.grad[0].flatten(1) > 0).any(1)
    return int(raising.nonzero()[0])


def main() -> None:
    """Write all cases."""
    torch.manual_seed(1)
    cases = []
    for op, channels, groups, layer in layers():
        picture = torch.rand(1, channels, SIDE, SIDE) + 0.1
        maps = layer(picture).shape[1]
        beside = [channel_of(layer, picture, map) for map in range(maps)]
        cases.append({"op": op, "groups": groups, "input_shape": [channels, SIDE, SIDE], "channels": beside})
    pictures = [dict(zip(("maps", "colors", "look", "is_picture"), row, strict=True)) for row in PICTURES]
    lines = [json.dumps(case, separators=(",", ":")) for case in cases]
    channels, color_pictures = ",\n    ".join(lines), ",\n    ".join(json.dumps(row) for row in pictures)
    text = f'{{\n  "channels": [\n    {channels}\n  ],\n  "pictures": [\n    {color_pictures}\n  ]\n}}\n'
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
