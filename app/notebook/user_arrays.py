"""The user's arrays, from NumPy, PyTorch or anything that NumPy reads: an image, the filters of a convolution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..images.picture import Picture
from ..lab import ExactInput
from ..local_lab import Replacements
from ..models.formats import FirstLayer

Array = NDArray[Any]

IMAGE_SHAPES = "(H, W), (C, H, W), (H, W, 1), (H, W, 3) or (H, W, 4)"
BAD_SHAPE = "image has the shape {shape}; it can be {allowed}."
BAD_OPACITY = (
    "image has the shape {shape}, which means red, green, blue and opacity: whole numbers from 0 to 255, or fractions "
    "from 0 to 1. Its values are {least:g} to {most:g}. Four maps have the shape (4, H, W)."
)
BAD_WEIGHTS = "weights have the shape {shape}; they can be (K, C, h, w), or (h, w) for one filter."
BAD_BIAS = "The bias has the shape {shape}; for {filters} filters it can be ({filters},)."
NOT_FINITE = "{what} has {count} of {size} numbers that are infinite or not a number."
NOT_NUMBERS = "{what} has the type {kind}; it must be numbers."
NO_CROP = "The link has {keys}, which only applies to photos; this image is used unchanged. Leave out {keys}."
BAD_GROUPS = "The layer has {groups} groups; it can have 1, since your own filters read all channels."
BAD_ROWS = "rows is {rows!r}; it can be a list of words, such as ['the', 'cat', 'sat']."
CONV_OPTIONS = ("stride", "padding", "dilation", "padding_mode")


def read_replacements(
    image: Any, weights: Any, link_keys: frozenset[str], rows: Sequence[str] | None = None
) -> Replacements:
    """Read the given image and weights, for a link with the keys `link_keys`. Raises ValueError with a sentence.

    With words for its `rows` an image is numbers, never a photo.
    """
    filters = None if weights is None else read_filters(weights)
    words = None if rows is None else _read_words(rows)
    if image is None:
        return Replacements(filters=filters, words=words)
    maps = read_image(image)
    if _is_photo(maps) and words is None:
        pixels = np.ascontiguousarray(np.broadcast_to(maps, (3, *maps.shape[1:])).transpose(1, 2, 0), np.uint8)
        return Replacements(Picture.from_pixels(pixels), "rgb" if len(maps) == 3 else "gray", filters)
    crop_keys = sorted(link_keys & {"size", "crop", "channels", "range"})
    if crop_keys:
        raise ValueError(NO_CROP.format(keys=" and ".join(crop_keys)))
    values = maps.astype(np.float32)
    return Replacements(ExactInput(values, None if words else _get_scale(maps)), None, filters, words)


def _read_words(rows: Sequence[str]) -> tuple[str, ...]:
    words = () if isinstance(rows, str) else tuple(rows)
    if not words or not all(isinstance(word, str) for word in words):
        raise ValueError(BAD_ROWS.format(rows=rows))
    return words


def read_image(image: Any) -> Array:
    """Read an image as maps (C, H, W), with unchanged numbers.

    It can be (H, W), (C, H, W), or channels last: (H, W, 1) and (H, W, 3) where the first side is neither 1 nor 3, and
    (H, W, 4), which is flattened on white, where the first side is above 4. It can also be a batch of one image.
    """
    array = read_numbers(image, "image")
    shape = array.shape
    if array.ndim == 4 and shape[0] == 1:
        array = array[0]
    if array.ndim == 2:
        array = array[None]
    elif array.ndim == 3 and array.shape[2] in (1, 3) and array.shape[0] not in (1, 3):
        array = array.transpose(2, 0, 1)
    elif array.ndim == 3 and array.shape[2] == 4 and array.shape[0] > 4:
        array = _flatten_on_white(array).transpose(2, 0, 1)
    if array.ndim != 3 or 0 in array.shape:
        raise ValueError(BAD_SHAPE.format(shape=shape, allowed=IMAGE_SHAPES))
    return array


def read_filters(weights: Any) -> FirstLayer:
    """Read filters (K, C, h, w) or one (h, w), a pair of these and biases, or a layer such as torch.nn.Conv2d."""
    if hasattr(weights, "weight"):
        return _make_layer(weights.weight, getattr(weights, "bias", None), _read_options(weights))
    weight, bias = weights if isinstance(weights, tuple) and len(weights) == 2 else (weights, None)
    return _make_layer(weight, bias, ())


def read_numbers(given: Any, what: str) -> Array:
    """Convert anything to an array of finite numbers. A tensor is detached and copied to the CPU."""
    if hasattr(given, "detach"):
        given = given.detach().cpu()
        given = given.float() if given.is_floating_point() else given
    array = np.asarray(given)
    if array.dtype.kind not in "biuf":
        raise ValueError(NOT_NUMBERS.format(what=what, kind=array.dtype))
    bad_count = int(array.size - np.isfinite(array).sum())
    if bad_count:
        raise ValueError(NOT_FINITE.format(what=what, count=bad_count, size=array.size))
    return array


def _make_layer(weight: Any, bias: Any, options: tuple[tuple[str, Any], ...]) -> FirstLayer:
    array = read_numbers(weight, "weights").astype(np.float32)
    filters = array[None, None] if array.ndim == 2 else array
    if filters.ndim != 4 or 0 in filters.shape:
        raise ValueError(BAD_WEIGHTS.format(shape=array.shape))
    if bias is None:
        return FirstLayer("conv", filters, None, options)
    biases = read_numbers(bias, "The bias").astype(np.float32)
    if biases.shape != filters.shape[:1]:
        raise ValueError(BAD_BIAS.format(shape=biases.shape, filters=len(filters)))
    return FirstLayer("conv", filters, biases, options)


def _read_options(layer: Any) -> tuple[tuple[str, Any], ...]:
    """Read the options of a PyTorch layer, in the form that files of weights have."""
    if getattr(layer, "groups", 1) != 1:
        raise ValueError(BAD_GROUPS.format(groups=layer.groups))
    return tuple((name, _convert_option(name, getattr(layer, name))) for name in CONV_OPTIONS if hasattr(layer, name))


def _convert_option(name: str, value: Any) -> Any:
    """Convert one option; the padding gets four sides."""
    if isinstance(value, str | int):
        return value
    return [side for side in value for _ in range(2)] if name == "padding" else list(value)


def _flatten_on_white(image: Array) -> Array:
    """Blend colors with opacity (H, W, 4) on white: (H, W, 3) of the same type."""
    image = image.astype(np.float32) if image.dtype.kind == "b" else image
    is_whole = image.dtype.kind in "iu"
    white = 255 if is_whole else 1
    if image.size and not 0 <= image.min() <= image.max() <= white:
        raise ValueError(BAD_OPACITY.format(shape=image.shape, least=image.min(), most=image.max()))
    colors, opacity = image[..., :3].astype(np.float64), image[..., 3:] / white
    flat = colors * opacity + white * (1 - opacity)
    return (np.floor(flat + 0.5) if is_whole else flat).astype(image.dtype)


def _is_photo(maps: Array) -> bool:
    """Whether the maps are whole numbers from 0 to 255 in one or three channels."""
    return len(maps) in (1, 3) and maps.dtype.kind in "iu" and maps.min() >= 0 and bool(maps.max() <= 255)


def _get_scale(maps: Array) -> tuple[float, float] | None:
    """Return the values of black and white for fractions from 0 to 1 in one or three channels, else None."""
    is_unit = len(maps) in (1, 3) and maps.dtype.kind == "f" and maps.min() >= 0 and maps.max() <= 1
    return (0.0, 1.0) if is_unit else None
