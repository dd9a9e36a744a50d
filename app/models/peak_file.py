"""The file with what excites the maps of a model's convolutions most, made when the model comes with the program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..core.network.peaks import LayerPeaks
from ..core.trace.wire import Tensor, pack, unpack

PEAKS_SUFFIX = ".peaks.safetensors"


@dataclass(frozen=True, slots=True)
class ModelPeaks:
    """The peaks of each convolution by its name, among samples with these names in this order."""

    samples: tuple[str, ...]
    layers: Mapping[str, LayerPeaks]


def pack_peaks(peaks: ModelPeaks) -> bytes:
    """The safetensors file: `NAME.pictures` as bytes, `NAME.places` and `NAME.values` for each layer."""
    tensors: dict[str, Tensor] = {}
    for name, layer in peaks.layers.items():
        tensors[f"{name}.pictures"] = layer.pictures.astype(np.uint8)
        tensors[f"{name}.places"] = layer.places.astype(np.uint8)
        tensors[f"{name}.values"] = layer.values
    return pack(tensors, {"peaks": json.dumps({"samples": peaks.samples, "layers": list(peaks.layers)})})


def read_peaks(file: Path) -> ModelPeaks:
    """The peaks in a file of `pack_peaks`. Raises ValueError or KeyError for any other."""
    tensors, metadata = unpack(file.read_bytes())
    header = json.loads(metadata["peaks"])
    layers = {
        name: LayerPeaks(
            tensors[f"{name}.pictures"].astype(np.int32),
            tensors[f"{name}.places"].astype(np.int32),
            tensors[f"{name}.values"],
        )
        for name in header["layers"]
    }
    return ModelPeaks(tuple(header["samples"]), layers)
