"""The film: the first layer at some moments of its training, with the loss and the accuracy it had there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.trace.wire import pack

ZERO_BYTE = 127
"""The byte of the weight 0: bytes run from 0 to 254, so that 0 is kept exactly."""


@dataclass(frozen=True, slots=True, eq=False)
class FilmFrame:
    """The first layer after `step` steps: weight (K, C, h, w), bias (K,), and what was measured then."""

    step: int
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    loss: float
    accuracy: float


def encode_film(name: str, layer: str, moments: list[FilmFrame], filters: NDArray[Any], measured: str) -> bytes:
    """The film of some of the filters as a safetensors file: bytes, with one scale a moment.

    value = low + step · byte. `filters` are the numbers of the filters shown, `measured` says on what.
    """
    shown = [moment.weight[filters] for moment in moments]
    most = np.array([max(float(np.abs(weight).max()), 1e-12) for weight in shown])
    step = most / ZERO_BYTE
    frames = [np.rint(weight / s + ZERO_BYTE).astype(np.uint8) for weight, s in zip(shown, step, strict=True)]
    tensors: dict[str, NDArray[Any]] = {
        "frames": np.stack(frames),
        "low": (-most).astype(np.float32),
        "step": step.astype(np.float32),
        "bias": np.stack([moment.bias[filters] for moment in moments]).astype(np.float32),
        "moment": np.array([moment.step for moment in moments], np.int32),
        "loss": np.array([moment.loss for moment in moments], np.float32),
        "accuracy": np.array([moment.accuracy for moment in moments], np.float32),
        "map": np.asarray(filters, np.int32),
    }
    head = {"version": 1, "model": name, "layer": layer, "measured": measured}
    return pack(tensors, {"film": json.dumps(head, ensure_ascii=False)})


def find_strongest_filters(weight: NDArray[np.float32], count: int | None) -> NDArray[np.intp]:
    """The numbers of the `count` filters with the largest weights, in their own order; all where None."""
    if count is None or count >= len(weight):
        return np.arange(len(weight))
    strength = np.square(weight.reshape(len(weight), -1)).sum(axis=1)
    return np.sort(np.argsort(-strength, kind="stable")[:count])
