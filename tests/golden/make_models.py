"""Computes what PyTorch makes of the shipped models: `python -m tests.golden.make_models` rewrites models.json.

For each model two small pictures, as the bytes that its first layer's scaling is given, and of every layer's output
its shape, mean, deviation, extremes and 24 values at even distances. Needs torch; the tests that read the file do not.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from app.core.trace.wire import unpack

HERE = Path(__file__).parent
MODELS = HERE.parents[1] / "app" / "models" / "data"
SAMPLES = 24

Arrays = dict[str, Any]


def shipped() -> list[str]:
    """The names of the models."""
    return sorted(file.name.split(".")[0] for file in MODELS.glob("*.safetensors") if file.name.count(".") == 1)


def model(name: str) -> tuple[Arrays, dict[str, Any]]:
    """Weights and description of a shipped model."""
    weights, metadata = unpack((MODELS / f"{name}.safetensors").read_bytes())
    return weights, json.loads(metadata["model"])


def outputs(weights: Arrays, description: dict[str, Any], pixels: np.ndarray) -> Iterator[tuple[str, torch.Tensor]]:
    """PyTorch's output of every layer, from uint8 (C, H, W) on."""
    prepare = description["prepare"]
    mean, std = (torch.tensor(prepare[key]).reshape(-1, 1, 1) for key in ("mean", "std"))
    x = (torch.from_numpy(pixels).float() / 255 - mean) / std
    for layer in description["layers"]:
        options = layer.get("options", {})
        weight, bias = (
            torch.from_numpy(weights[f"{layer['name']}.{kind}"].astype(np.float32))
            if f"{layer['name']}.{kind}" in weights
            else None
            for kind in ("weight", "bias")
        )
        match layer["op"]:
            case "conv":
                top, bottom, left, right = options["padding"]
                x = F.conv2d(F.pad(x, (left, right, top, bottom))[None], weight, bias, options["stride"])[0]
            case "maxpool":
                x = F.max_pool2d(x, layer["head"], options.get("stride"))
            case "globalavgpool":
                x = F.adaptive_avg_pool2d(x, 1)
            case "flatten":
                x = x.reshape(-1, 1, 1)
            case "linear":
                x = F.linear(x.flatten(), weight, bias).reshape(-1, 1, 1)
            case "softmax":
                x = x.flatten().softmax(0).reshape(x.shape)
            case "relu":
                x = x.relu()
            case other:
                raise ValueError(f"{other} is an operation that this file does not know")
        yield layer["name"], x


def pictures(description: dict[str, Any]) -> list[np.ndarray]:
    """One with waves and an edge in it, one of noise: uint8 (C, H, W)."""
    height, width = description["prepare"]["size"] or (63, 67)
    channels = len(description["prepare"]["mean"])
    c, y, x = np.meshgrid(np.arange(channels), np.arange(height), np.arange(width), indexing="ij")
    waves = 128 + 60 * np.sin((x + 2 * y) / 5 + c) + 60 * (x > y + 3 * c)
    noise = np.random.default_rng(7).integers(0, 256, (channels, height, width))
    return [waves.clip(0, 255).astype(np.uint8), noise.astype(np.uint8)]


def summary(name: str, output: torch.Tensor) -> dict[str, Any]:
    """The summary of one layer's output."""
    values = output.double().flatten()
    at = np.unique(np.linspace(0, len(values) - 1, SAMPLES).astype(int)).tolist()
    return {
        "name": name,
        "shape": list(output.shape),
        "mean": digits(values.mean()),
        "deviation": digits(values.std(correction=0)),
        "least": digits(values.min()),
        "most": digits(values.max()),
        "values": [[i, digits(values[i])] for i in at],
    }


def digits(value: torch.Tensor) -> float:
    """Seven digits: what float32 holds."""
    return float(f"{float(value):.7g}")


def cases() -> Iterator[dict[str, Any]]:
    """Every case, the pixels as base64 of their bytes in C order."""
    for name in shipped():
        weights, description = model(name)
        for pixels in pictures(description):
            yield {
                "model": name,
                "shape": list(pixels.shape),
                "pixels": base64.b64encode(pixels.tobytes()).decode("ascii"),
                "layers": [summary(layer, output) for layer, output in outputs(weights, description, pixels)],
            }


def main() -> None:
    """Write the file, one case a line."""
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases())
    text = f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n'
    (HERE / "models.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
