"""How the first layer of a model was learned: its filters at some moments, with loss and accuracy."""

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
    """M moments of K filters.

    `frames` uint8 (M, K, C, h, w) with `low` and `step` (M,): a weight is low + step · byte. `bias` (M, K); `moment`
    (M,) counts steps of training, rising; `loss` and `accuracy` (M,), not-a-number where none was measured; `map`
    (K,) says which filters of the layer these are. `data` is the file itself.
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
    def last(self) -> int:
        """The last step of training."""
        return int(self.moment[-1])

    def nearest(self, moment: int) -> int:
        """The frame whose step of training is nearest to a step; the earlier of two."""
        return int(np.abs(self.moment.astype(np.int64) - moment).argmin())

    def weight(self, frame: int) -> Maps:
        """The filters of a frame, (K, C, h, w)."""
        made: Maps = self.low[frame] + self.step[frame] * self.frames[frame].astype(np.float32)
        return made

    def to_json(self) -> dict[str, object]:
        """The moments and the curves, for menus; null where nothing was measured."""
        return {
            "layer": self.layer,
            "moments": self.moment.tolist(),
            "loss": [_none_if_not_finite(value) for value in self.loss.tolist()],
            "accuracy": [_none_if_not_finite(value) for value in self.accuracy.tolist()],
            "map": self.map.tolist(),
            "measured": self.measured,
        }


def read_film(file: Path) -> Film:
    """The film in a safetensors file. Raises ValueError or KeyError for a file that holds none."""
    data = file.read_bytes()
    arrays, metadata = unpack(data)
    about = json.loads(metadata["film"])
    layer = str(about["layer"]).replace(".", "-")
    return Film(
        layer=layer, measured=str(about.get("measured", "")), data=data, **{name: arrays[name] for name in ARRAY_NAMES}
    )


def _none_if_not_finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
