"""Arrays of one's own, from NumPy, PyTorch or anything that NumPy reads: an image, the filters of a convolution."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..images.picture import Picture
from ..lab import ExactInput
from ..local_lab import Own
from ..models.formats import FirstLayer

Array = NDArray[Any]

SHAPES = "(H, W), (C, H, W), (H, W, 1), (H, W, 3) or (H, W, 4)"
BAD_SHAPE = "image has the shape {shape}; it can be {allowed}."
NO_OPACITY = (
    "image has the shape {shape}, which is red, green, blue and opacity: whole numbers from 0 to 255, or fractions "
    "from 0 to 1. It holds {least:g} to {most:g}. Maps come first: (4, H, W)."
)
BAD_WEIGHTS = "weights have the shape {shape}; they can be (K, C, h, w), or (h, w) for one filter."
BAD_BIAS = "The bias has the shape {shape}; for {filters} filters it can be ({filters},)."
NOT_FINITE = "{what} holds {count} of {size} numbers that are infinite or not a number."
NOT_NUMBERS = "{what} holds {kind}; it can hold numbers."
NOT_CUT = "The link says {keys}, which cuts photos; this image is numbers that stay as they are. Leave {keys} out."
GROUPS = "The layer has {groups} groups; filters of one's own read all channels, so that it can have 1."
CONV_OPTIONS = ("stride", "padding", "dilation", "padding_mode")


def own_of(image: Any, weights: Any, said: frozenset[str]) -> Own:
    """What was brought, ready for a figure whose link says the keys `said`. Raises ValueError, a sentence."""
    filters = None if weights is None else filters_of(weights)
    if image is None:
        return Own(filters=filters)
    maps = maps_of(image)
    if _is_photo(maps):
        pixels = np.ascontiguousarray(np.broadcast_to(maps, (3, *maps.shape[1:])).transpose(1, 2, 0), np.uint8)
        return Own(Picture.whole(pixels), "rgb" if len(maps) == 3 else "gray", filters)
    cutting = sorted(said & {"size", "crop", "channels", "range"})
    if cutting:
        raise ValueError(NOT_CUT.format(keys=" and ".join(cutting)))
    values = maps.astype(np.float32)
    return Own(ExactInput(values, _scale(maps)), None, filters)


def maps_of(image: Any) -> Array:
    """An image as maps (C, H, W), its numbers as they are.

    It may be (H, W), (C, H, W), or have its channels last: (H, W, 1) and (H, W, 3) where the first side is neither 1
    nor 3, and (H, W, 4), which is flattened on white, where the first side is above 4. A batch of one is its image.
    """
    array = numbers_of(image, "image")
    shape = array.shape
    if array.ndim == 4 and shape[0] == 1:
        array = array[0]
    if array.ndim == 2:
        array = array[None]
    elif array.ndim == 3 and array.shape[2] in (1, 3) and array.shape[0] not in (1, 3):
        array = array.transpose(2, 0, 1)
    elif array.ndim == 3 and array.shape[2] == 4 and array.shape[0] > 4:
        array = _on_white(array).transpose(2, 0, 1)
    if array.ndim != 3 or 0 in array.shape:
        raise ValueError(BAD_SHAPE.format(shape=shape, allowed=SHAPES))
    return array


def filters_of(weights: Any) -> FirstLayer:
    """Filters (K, C, h, w) or one (h, w), a pair of these and biases, or a layer such as torch.nn.Conv2d."""
    if hasattr(weights, "weight"):
        return _layer(weights.weight, getattr(weights, "bias", None), _options(weights))
    weight, bias = weights if isinstance(weights, tuple) and len(weights) == 2 else (weights, None)
    return _layer(weight, bias, ())


def numbers_of(given: Any, what: str) -> Array:
    """Anything as an array of finite numbers. A tensor is taken from where it is, without its history."""
    if hasattr(given, "detach"):
        given = given.detach().cpu()
        given = given.float() if given.is_floating_point() else given
    array = np.asarray(given)
    if array.dtype.kind not in "biuf":
        raise ValueError(NOT_NUMBERS.format(what=what, kind=array.dtype))
    wrong = int(array.size - np.isfinite(array).sum())
    if wrong:
        raise ValueError(NOT_FINITE.format(what=what, count=wrong, size=array.size))
    return array


def _layer(weight: Any, bias: Any, options: tuple[tuple[str, Any], ...]) -> FirstLayer:
    array = numbers_of(weight, "weights").astype(np.float32)
    filters = array[None, None] if array.ndim == 2 else array
    if filters.ndim != 4 or 0 in filters.shape:
        raise ValueError(BAD_WEIGHTS.format(shape=array.shape))
    if bias is None:
        return FirstLayer("conv", filters, None, options)
    biases = numbers_of(bias, "The bias").astype(np.float32)
    if biases.shape != filters.shape[:1]:
        raise ValueError(BAD_BIAS.format(shape=biases.shape, filters=len(filters)))
    return FirstLayer("conv", filters, biases, options)


def _options(layer: Any) -> tuple[tuple[str, Any], ...]:
    """The options of a PyTorch layer as a file of weights says them."""
    if getattr(layer, "groups", 1) != 1:
        raise ValueError(GROUPS.format(groups=layer.groups))
    return tuple((name, _option(name, getattr(layer, name))) for name in CONV_OPTIONS if hasattr(layer, name))


def _option(name: str, value: Any) -> Any:
    """One of them; padding has four sides there."""
    if isinstance(value, str | int):
        return value
    return [side for side in value for _ in range(2)] if name == "padding" else list(value)


def _on_white(image: Array) -> Array:
    """Colors and opacity (H, W, 4) as colors (H, W, 3) of the same kind, as the Lab shows such pictures."""
    image = image.astype(np.float32) if image.dtype.kind == "b" else image
    whole = image.dtype.kind in "iu"
    white = 255 if whole else 1
    if image.size and not 0 <= image.min() <= image.max() <= white:
        raise ValueError(NO_OPACITY.format(shape=image.shape, least=image.min(), most=image.max()))
    colors, opacity = image[..., :3].astype(np.float64), image[..., 3:] / white
    flat = colors * opacity + white * (1 - opacity)
    return (np.floor(flat + 0.5) if whole else flat).astype(image.dtype)


def _is_photo(maps: Array) -> bool:
    """Whole numbers from 0 to 255 in one map or three."""
    return len(maps) in (1, 3) and maps.dtype.kind in "iu" and maps.min() >= 0 and bool(maps.max() <= 255)


def _scale(maps: Array) -> tuple[float, float] | None:
    """Black and white, where fractions from 0 to 1 in one map or three are a picture."""
    unit = len(maps) in (1, 3) and maps.dtype.kind == "f" and maps.min() >= 0 and maps.max() <= 1
    return (0.0, 1.0) if unit else None
