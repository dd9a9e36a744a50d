"""The tray: what every classic filter makes of the user's own picture, in small."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..core.arrays import Maps
from ..core.ops import Conv, conv2d
from ..core.ops.geometry import compute_padding
from ..core.weights.kernels import Kernel, make_exact_planes
from .color import Colors, Scale, photo, signed
from .png import data_uri


def tray(maps: Maps, scale: Scale | None, kernels: Iterable[Kernel]) -> Mapping[str, str]:
    """A picture for each kernel by its name, as `data:` addresses, from the maps (C, H, W) that it would read.

    Kernels that keep the brightness show a photo on `scale`, in color if there are three channels; all others,
    and all kernels where the maps are no picture (`scale` None), show the mean of the channels, signed.
    """
    return {kernel.name: data_uri(_effect(maps, scale, kernel)) for kernel in kernels}


def _effect(maps: Maps, scale: Scale | None, kernel: Kernel) -> Colors:
    if kernel.show == "photo" and scale is not None:
        result = _each(maps if len(maps) == 3 else _mean(maps), kernel)
        return photo(np.clip(result, scale.low, scale.high), scale)  # too small for marks to be understood
    result = _each(_mean(maps), kernel)[0]
    _, height, width = kernel.planes.shape
    inner = result[height // 2 : len(result) - height // 2, width // 2 : result.shape[1] - width // 2]
    reach = float(np.abs(inner if inner.size else result).max())
    return signed(result, Scale(-reach, reach))


def _mean(maps: Maps) -> Maps:
    mean: Maps = maps.mean(axis=0, keepdims=True, dtype=np.float32)
    return mean


def _each(maps: Maps, kernel: Kernel) -> Maps:
    """The kernel on each channel of its own; the picture keeps its size, its edge repeated around it."""
    exact = make_exact_planes(kernel.planes)
    weight = np.repeat(exact.numerators[None] / np.float32(exact.divisor * exact.scale), len(maps), axis=0)
    _, height, width = kernel.planes.shape
    conv = Conv(padding=compute_padding("same", (height, width)), groups=len(maps), padding_mode="replicate")
    return conv2d(maps, weight.astype(np.float32), None, conv)
