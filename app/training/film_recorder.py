"""The film: the first layer at several steps of its training, with the loss and accuracy at each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.trace.wire import pack

ZERO_BYTE = 127
"""The byte of weight 0: bytes are 0 to 254, so that 0 is exact."""


@dataclass(frozen=True, slots=True, eq=False)
class FilmFrame:
    """The first layer after `step` steps: weight (K, C, h, w), bias (K,), loss and accuracy."""

    step: int
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    loss: float
    accuracy: float


def encode_film(name: str, layer: str, film_frames: list[FilmFrame], filters: NDArray[Any], measured: str) -> bytes:
    """Encode the film of some filters as a safetensors file of bytes, with one scale per frame.

    value = low + step · byte. `filters` are the indices of the filters, `measured` names the test pictures.
    """
    weights = [frame.weight[filters] for frame in film_frames]
    largest = np.array([max(float(np.abs(weight).max()), 1e-12) for weight in weights])
    step = largest / ZERO_BYTE
    frames = [np.rint(weight / s + ZERO_BYTE).astype(np.uint8) for weight, s in zip(weights, step, strict=True)]
    tensors: dict[str, NDArray[Any]] = {
        "frames": np.stack(frames),
        "low": (-largest).astype(np.float32),
        "step": step.astype(np.float32),
        "bias": np.stack([frame.bias[filters] for frame in film_frames]).astype(np.float32),
        "moment": np.array([frame.step for frame in film_frames], np.int32),
        "loss": np.array([frame.loss for frame in film_frames], np.float32),
        "accuracy": np.array([frame.accuracy for frame in film_frames], np.float32),
        "map": np.asarray(filters, np.int32),
    }
    head = {"version": 1, "model": name, "layer": layer, "measured": measured}
    return pack(tensors, {"film": json.dumps(head, ensure_ascii=False)})


def find_strongest_filters(weight: NDArray[np.float32], count: int | None) -> NDArray[np.intp]:
    """Find the indices of the `count` filters with the largest weights, in ascending order; None returns all."""
    if count is None or count >= len(weight):
        return np.arange(len(weight))
    strength = np.square(weight.reshape(len(weight), -1)).sum(axis=1)
    return np.sort(np.argsort(-strength, kind="stable")[:count])
