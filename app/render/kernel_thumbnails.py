"""Thumbnails of the classic filters: the user's image, filtered with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..core.arrays import Maps
from ..core.ops import Conv, conv2d
from ..core.ops.geometry import compute_padding
from ..core.weights.kernels import Kernel, make_exact_planes
from .color import Colors, Scale, to_photo_colors, to_signed_colors
from .png import make_data_url


def draw_kernel_thumbnails(maps: Maps, scale: Scale | None, kernels: Iterable[Kernel]) -> Mapping[str, str]:
    """Filter the maps (C, H, W) with each kernel; return PNGs as `data:` URLs by the name of the kernel.

    Kernels that keep the brightness show a photo on `scale`, in color if there are three channels. All others,
    and all kernels where the maps are not a photo (`scale` None), show the filtered mean of the channels, signed.
    """
    return {kernel.name: make_data_url(_draw_thumbnail(maps, scale, kernel)) for kernel in kernels}


def _draw_thumbnail(maps: Maps, scale: Scale | None, kernel: Kernel) -> Colors:
    if kernel.show == "photo" and scale is not None:
        result = _filter_each_channel(maps if len(maps) == 3 else _average_channels(maps), kernel)
        return to_photo_colors(
            np.clip(result, scale.low, scale.high), scale
        )  # clipped, since marks are unclear in a thumbnail
    result = _filter_each_channel(_average_channels(maps), kernel)[0]
    _, height, width = kernel.planes.shape
    inner = result[height // 2 : len(result) - height // 2, width // 2 : result.shape[1] - width // 2]
    reach = float(np.abs(inner if inner.size else result).max())
    return to_signed_colors(result, Scale(-reach, reach))


def _average_channels(maps: Maps) -> Maps:
    mean: Maps = maps.mean(axis=0, keepdims=True, dtype=np.float32)
    return mean


def _filter_each_channel(maps: Maps, kernel: Kernel) -> Maps:
    """Filter each channel with the kernel, with replicate padding, so that the size stays the same."""
    exact = make_exact_planes(kernel.planes)
    weight = np.repeat(exact.numerators[None] / np.float32(exact.divisor * exact.scale), len(maps), axis=0)
    _, height, width = kernel.planes.shape
    conv = Conv(padding=compute_padding("same", (height, width)), groups=len(maps), padding_mode="replicate")
    return conv2d(maps, weight.astype(np.float32), None, conv)
