"""Computes layers with PyTorch, from links to maps: `python -m tests.golden.make_layers` rewrites layers.json.

Each case is a layer as a link writes it, an input as nested lists, and PyTorch's answer. Needs torch; the tests that
read layers.json need neither torch nor this file. A dropout is PyTorch's with a mask that is given.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

FILE = Path(__file__).with_name("layers.json")
PAD_MODE = {"zeros": "constant"}
LAYERS = (
    "batchnorm",
    "batchnorm,mean=(1,-2,0.5),var=(4,0.25,9),weight=(1,2,-0.5),bias=(0,1/3,5),eps=0.001",
    "batchnorm,mean=1/2,var=3",
    "batchnorm,train=1",
    "batchnorm,train=1,weight=(1,2,3),bias=-1,eps=1",
    "lrn",
    "lrn:3,alpha=0.5,beta=0.5,k=2",
    "lrn:2,alpha=1",
    "lrn:1,alpha=2,beta=1",
    "dropout",
    "dropout:0.5,train=1,seed=1",
    "dropout:0.2,train=1,seed=7",
    "dropout:0,train=1",
    "dropout:1,train=1",
    "upsample",
    "upsample:2x3",
    "upsample:3,mode=bilinear",
    "upsample:2x1,mode=bilinear",
    "pad",
    "pad:2x0,value=-1.5",
    "pad:(1,0,2,3)",
    "pad:(1,2,0,3),mode=reflect",
    "pad:(1,2,0,3),mode=replicate",
    "pad:(1,2,0,3),mode=circular",
    "mean",
    "softmax:channels",
    "hardswish",
    "maxpool:2,dilation=2,stride=1",
    "maxpool:3x2,dilation=2x3,stride=2,padding=1,ceil_mode=1",
    "minpool:2,dilation=2x1,padding=1",
    "avgpool:2,dilation=2,stride=1",
    "avgpool:2x3,dilation=2x1,padding=1,count_include_pad=0",
    "l2pool:2,dilation=1x2,stride=1",
    "avgpool:2,divisor_override=3",
    "avgpool:3,stride=2,padding=1,ceil_mode=1,divisor_override=5",
)


def answer(name: str, head: Any, options: dict[str, Any], x: torch.Tensor) -> torch.Tensor:
    """PyTorch's result for one layer on (C, H, W) maps; `options` are those of the link, numbers as floats."""
    return LAYER_OF[name](x, head, **options)


def batch_norm(x, _, *, mean=0.0, var=1.0, weight=1.0, bias=0.0, eps=1e-5, train=False):
    given = (mean, var, weight, bias)
    mean, var, weight, bias = (torch.tensor(one if isinstance(one, tuple) else (one,) * len(x)) for one in given)
    return F.batch_norm(x[None], mean, var, weight, bias, training=bool(train), eps=eps)[0]


def local_response(x, size, *, alpha=1e-4, beta=0.75, k=1.0):
    return F.local_response_norm(x[None], size or 5, alpha, beta, k)[0]


def dropout(x, p, *, train=False, seed=0):
    p = 0.5 if p is None else p
    if not train:
        return F.dropout(x, p, training=False)
    if p == 1:
        return torch.zeros_like(x)
    kept = torch.from_numpy(np.random.default_rng(int(seed)).random(x.shape) >= p)
    return x * kept / (1 - p)


def upsample(x, factor, *, mode="nearest"):
    return torch.nn.Upsample(scale_factor=tuple(map(float, factor or (2, 2))), mode=mode)(x[None])[0]


def pad(x, sides, *, mode="zeros", value=0.0):
    top, bottom, left, right = sides or (1, 1, 1, 1)
    rest = {"value": value} if mode == "zeros" else {}
    return F.pad(x[None], (left, right, top, bottom), mode=PAD_MODE.get(mode, mode), **rest)[0]


def pool(kind: str) -> Callable[..., torch.Tensor]:
    """A pool; what PyTorch's own pools cannot do is added up from its unfolded windows."""

    def apply(
        x, window, *, stride=None, padding=(0, 0, 0, 0), ceil_mode=False, dilation=(1, 1), count_include_pad=True,
        divisor_override=None,
    ):  # fmt: skip
        top, _, left, _ = padding
        rest = {"kernel_size": window, "stride": stride or window, "padding": (top, left), "ceil_mode": bool(ceil_mode)}
        if kind in ("max", "min"):
            sign = 1 if kind == "max" else -1
            return sign * F.max_pool2d(sign * x[None], **rest, dilation=dilation)[0]
        if dilation == (1, 1) and kind == "avg":
            counts = {"count_include_pad": bool(count_include_pad), "divisor_override": divisor_override}
            return F.avg_pool2d(x[None], **rest, **counts)[0]
        ones = torch.ones(1, 1, *window)
        add = {"stride": stride or window, "padding": (top, left), "dilation": dilation}
        values = x**2 if kind == "l2" else x
        total = F.conv2d(values[:, None], ones, **add)[:, 0]
        if kind == "l2":
            return total.sqrt()
        counted = torch.ones_like(x[:1]) if not count_include_pad else None
        cells = math.prod(window) if counted is None else F.conv2d(counted[None], ones, **add)[0]
        return total / cells

    return apply


LAYER_OF: dict[str, Callable[..., torch.Tensor]] = {
    "batchnorm": batch_norm,
    "lrn": local_response,
    "dropout": dropout,
    "upsample": upsample,
    "pad": pad,
    "mean": lambda x, _: torch.mean(x, dim=0, keepdim=True),
    "softmax": lambda x, _: x.softmax(0),
    "hardswish": lambda x, _: F.hardswish(x),
    "maxpool": pool("max"),
    "minpool": pool("min"),
    "avgpool": pool("avg"),
    "l2pool": pool("l2"),
}


def read_layer(text: str) -> tuple[str, Any, dict[str, Any]]:
    """The name, the head and the options of a layer of a link, as Python values."""
    from app.core.limits import Limits
    from app.core.link.query_string import parse_link
    from app.core.scene import parse_number

    (layer,) = parse_link(f"layers={text}", Limits()).scene.layers

    def number(value):
        if isinstance(value, tuple):
            return tuple(number(one) for one in value)
        return float(parse_number(value)) if isinstance(value, str) and value[-1].isdigit() else value

    return layer.op, number(layer.head), {key: number(value) for key, value in layer.options}


def main() -> None:
    """Writes one case a line."""
    draw = np.random.default_rng(31)
    lines = []
    for text in LAYERS:
        x = draw.normal(scale=3, size=(3, 5, 6)).round(2).astype(np.float32)
        y = answer(*read_layer(text), torch.from_numpy(x)).numpy()
        case = {"layer": text, "x": shorten(x), "output": shorten(y)}
        lines.append(json.dumps(case, separators=(",", ":")))
    FILE.write_text(f'{{"torch":"{torch.__version__}","cases":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def shorten(array: np.ndarray) -> Any:
    """Nested lists of the shortest decimals that give back the same float32 values."""
    return [shorten(part) for part in array] if array.ndim else float(str(array))


if __name__ == "__main__":
    main()
