"""The film of a model's training: the filters of its first layer at some moments, with loss and accuracy."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.arrays import Maps
from ..core.trace.wire import unpack

Array = NDArray[Any]
ARRAY_NAMES = ("frames", "low", "step", "bias", "moment", "loss", "accuracy", "map")


@dataclass(frozen=True, slots=True)
class Film:
    """K filters at M moments of the training.

    `frames` is uint8 (M, K, C, h, w), `low` and `step` are (M,): a weight is low + step · byte. `bias` is (M, K),
    `moment` (M,) the training step of each frame, increasing, `loss` and `accuracy` (M,), NaN where they were not
    measured, `map` (K,) the indices of the filters in the layer. `data` is the whole file.
    """

    layer: str
    frames: Array
    low: Array
    step: Array
    bias: Array
    moment: Array
    loss: Array
    accuracy: Array
    map: Array
    measured: str
    data: bytes

    @property
    def last_step(self) -> int:
        """The last training step."""
        return int(self.moment[-1])

    def find_nearest_frame(self, moment: int) -> int:
        """The index of the frame nearest to a training step; the earlier of two."""
        return int(np.abs(self.moment.astype(np.int64) - moment).argmin())

    def decode_weight(self, frame: int) -> Maps:
        """The filters of a frame, (K, C, h, w)."""
        weight: Maps = self.low[frame] + self.step[frame] * self.frames[frame].astype(np.float32)
        return weight

    def to_json(self) -> dict[str, object]:
        """The moments and the curves, for menus; null where a value was not measured."""
        return {
            "layer": self.layer,
            "moments": self.moment.tolist(),
            "loss": [_none_if_not_finite(value) for value in self.loss.tolist()],
            "accuracy": [_none_if_not_finite(value) for value in self.accuracy.tolist()],
            "map": self.map.tolist(),
            "measured": self.measured,
        }


def read_film(file: Path) -> Film:
    """The film in a safetensors file. Raises ValueError or KeyError for any other file."""
    data = file.read_bytes()
    arrays, metadata = unpack(data)
    header = json.loads(metadata["film"])
    layer = str(header["layer"]).replace(".", "-")
    measured = str(header.get("measured", ""))
    return Film(layer=layer, measured=measured, data=data, **{name: arrays[name] for name in ARRAY_NAMES})


def _none_if_not_finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
