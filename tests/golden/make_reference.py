"""Computes the reference cases with PyTorch: `python -m tests.golden.make_reference` rewrites ops.json.

Each case is an operation, its options, its arrays as nested lists, and PyTorch's answer. Needs torch
and numpy; the tests that read ops.json need neither torch nor this file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
PAD_MODE = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}

Case = dict[str, Any]


def answer(op: str, options: dict[str, Any], arrays: dict[str, torch.Tensor]) -> torch.Tensor:
    """PyTorch's result for one operation on (C, H, W) maps."""
    x = arrays["x"]
    match op:
        case "conv2d":
            return conv2d(x, arrays["weight"], arrays.get("bias"), **options)
        case "pool2d":
            return pool2d(x, **options)
        case "globalpool":
            pool = F.adaptive_avg_pool2d if options["kind"] == "avg" else F.adaptive_max_pool2d
            return pool(x, 1)
        case "linear":
            return F.linear(x.flatten(), arrays["weight"], arrays.get("bias")).reshape(-1, 1, 1)
        case "softmax":
            return x.flatten().softmax(0).reshape(x.shape)
        case "leaky_relu":
            return F.leaky_relu(x, options["slope"])
        case "flatten":
            return x.reshape(-1, 1, 1)
        case "relu6" | "gelu" | "silu":
            return getattr(F, op)(x)
        case "step":
            return torch.heaviside(x, torch.zeros(()))
        case _:
            return getattr(torch, {"absolute": "abs"}.get(op, op))(x)


def conv2d(
    x, weight, bias, *, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1), groups=1,
    padding_mode="zeros", flip=False,
) -> torch.Tensor:  # fmt: skip
    """F.pad with the mode, then F.conv2d; a flipped kernel is turned by 180 degrees."""
    top, bottom, left, right = padding
    if any(padding):
        x = F.pad(x[None], (left, right, top, bottom), mode=PAD_MODE[padding_mode])[0]
    weight = weight.flip(2, 3) if flip else weight
    return F.conv2d(x[None], weight, bias, tuple(stride), 0, tuple(dilation), groups)[0]


def pool2d(x, kind, kernel_size, stride, padding=(0, 0, 0, 0), ceil_mode=False, count_include_pad=True) -> torch.Tensor:
    """PyTorch's own padding where it is the same on both sides, otherwise F.pad and a pool without padding."""
    top, bottom, left, right = padding
    both = (top, left)
    if (top, left) != (bottom, right):
        fill = {"max": -torch.inf, "min": torch.inf}.get(kind, 0.0)
        x, both = F.pad(x, (left, right, top, bottom), value=fill), (0, 0)
    rest = {"kernel_size": tuple(kernel_size), "stride": tuple(stride), "padding": both, "ceil_mode": ceil_mode}
    match kind:
        case "max":
            return F.max_pool2d(x[None], **rest)[0]
        case "min":
            return -F.max_pool2d(-x[None], **rest)[0]
        case "avg":
            return F.avg_pool2d(x[None], **rest, count_include_pad=count_include_pad)[0]
    return F.avg_pool2d((x * x)[None], **rest, divisor_override=1)[0].sqrt()


def cases() -> list[Case]:
    """A few dozen small cases, the same on every run."""
    draw = np.random.default_rng(20)
    return [_case(draw, op, options, **sizes) for op, options, sizes in _plans()]


def _plans() -> list[tuple[str, dict[str, Any], dict[str, tuple[int, ...]]]]:
    conv = [
        ((1, 7, 7), (1, 1, 3, 3), {}),
        ((3, 6, 5), (2, 3, 3, 2), {"padding": (1, 1, 1, 1), "stride": (2, 1)}),
        ((2, 9, 8), (3, 2, 2, 4), {"padding": (0, 3, 2, 1), "stride": (3, 2)}),
        ((1, 8, 9), (2, 1, 3, 3), {"dilation": (2, 3), "padding": (2, 2, 3, 3)}),
        ((4, 6, 6), (6, 2, 3, 3), {"groups": 2, "padding": (1, 1, 1, 1)}),
        ((3, 6, 7), (3, 1, 3, 3), {"groups": 3}),
        ((3, 5, 5), (6, 1, 1, 1), {"groups": 3}),
        ((1, 6, 6), (1, 1, 3, 3), {"flip": True}),
        ((2, 12, 13), (2, 2, 5, 5), {"stride": (4, 4), "padding": (2, 2, 2, 2), "dilation": (2, 1)}),
        ((64, 4, 4), (8, 64, 1, 1), {}),
        ((1, 3, 3), (1, 1, 3, 3), {"padding": (2, 2, 2, 2), "flip": True}),
        ((1, 1, 9), (1, 1, 1, 5), {"stride": (1, 3)}),
    ]
    conv += [((2, 5, 6), (2, 2, 3, 3), {"padding": (1, 2, 3, 0), "padding_mode": mode}) for mode in PAD_MODE]
    conv += [((1, 4, 4), (1, 1, 3, 3), {"padding": (3,) * 4, "padding_mode": mode}) for mode in PAD_MODE]
    plans = [("conv2d", options, {"x": x, "weight": weight, "bias": weight[:1]}) for x, weight, options in conv]
    pools = [
        ((2, 2), (2, 2), (0, 0, 0, 0)),
        ((3, 3), (2, 2), (1, 1, 1, 1)),
        ((3, 2), (1, 3), (0, 0, 1, 1)),
        ((2, 3), (3, 2), (1, 1, 1, 1)),
    ]
    for kind in ("max", "min", "avg", "l2"):
        for kernel, stride, padding in pools:
            for ceil in (False, True):
                options = {"kind": kind, "kernel_size": kernel, "stride": stride, "padding": padding}
                plans.append(("pool2d", options | {"ceil_mode": ceil}, {"x": (2, 7, 8)}))
                if kind == "avg":
                    left_out = {"ceil_mode": ceil, "count_include_pad": False}
                    plans.append(("pool2d", options | left_out, {"x": (2, 7, 8)}))
    uneven = {"kernel_size": (3, 3), "stride": (2, 2), "padding": (0, 2, 1, 0)}
    plans += [("pool2d", {"kind": kind} | uneven, {"x": (1, 6, 6)}) for kind in ("max", "min", "avg", "l2")]
    plans += [("globalpool", {"kind": kind}, {"x": (3, 4, 5)}) for kind in ("avg", "max")]
    plans += [("linear", {}, {"x": (2, 3, 2), "weight": (4, 12), "bias": (4,)})]
    plans += [(op, {}, {"x": (2, 3, 4)}) for op in ("relu", "sigmoid", "tanh", "absolute", "softmax", "flatten")]
    plans += [("leaky_relu", {"slope": 0.1}, {"x": (2, 3, 4)})]
    return [*plans, *((op, {}, {"x": (2, 3, 4)}) for op in ("relu6", "gelu", "silu", "step"))]


def _case(draw: np.random.Generator, op: str, options: dict[str, Any], **sizes: tuple[int, ...]) -> Case:
    arrays = {name: draw.normal(scale=3, size=size).round(2).astype(np.float32) for name, size in sizes.items()}
    if op in ("relu6", "gelu", "silu", "step"):
        arrays["x"].flat[:5] = 0, 6, 40, -40, -5  # where they bend, and far from there
    result = answer(op, options, {name: torch.from_numpy(array) for name, array in arrays.items()})
    lists = {name: _short(array) for name, array in arrays.items()}
    return {"op": op, "options": options, **lists, "output": _short(result.numpy())}


def _short(array: np.ndarray) -> Any:
    """Nested lists of the shortest decimals that give back the same float32 values."""
    if array.ndim:
        return [_short(part) for part in array]
    return float(str(array))


def main() -> None:
    """Writes one case a line, so that a change shows as one."""
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases())
    text = f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n'
    (HERE / "ops.json").write_text(text, encoding="utf-8")
    print(f"{len(lines.splitlines())} cases, {len(text)} bytes")


if __name__ == "__main__":
    main()
