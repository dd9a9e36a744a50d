"""Crops the input of a figure out of a picture, and caches small inputs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from ..core.messages import say
from ..core.scene import Channels, Pair, Range, Sides
from ..core.trace.trace import TraceInput
from ..images.crop import compute_crop_box, compute_cropped_size, crop_to_cells
from ..images.picture import Picture

ImageInfo = tuple[tuple[str, object], ...]
"""The (name, value) pairs that describe a picture to the browser."""
CropInput = Callable[[Picture, ImageInfo, Pair, Sides | None, Channels, Range], TraceInput]

CACHED_SAMPLE_CELLS = 128 * 128
"""Inputs from samples up to this size are cached, since a class uses the same few pictures."""
CACHED_SAMPLE_INPUTS = 64
CACHED_UPLOAD_CELLS, CACHED_UPLOAD_INPUTS = 64 * 64, 512
"""The same for uploads: at most 25 MB in all."""
VALUE_SCALES = {"byte": (0.0, 255.0), "unit": (0.0, 1.0)}


def crop_input(
    picture: Picture, info: ImageInfo, size: Pair, crop: Sides | None, channels: Channels, range_: Range
) -> TraceInput:
    """The input that is cropped from a picture."""
    values = crop_to_cells(picture, size, crop, channels, range_)
    place = {"stored": [picture.height, picture.width], "cut": list(compute_crop_box(picture, size, crop))}
    return TraceInput(values, {**dict(info), **place}, VALUE_SCALES[range_], _list_notes(picture, info, size, crop))


def _list_notes(picture: Picture, info: ImageInfo, size: Pair, crop: Sides | None) -> tuple[str, ...]:
    """The notes on what of the picture is shown. Samples are cropped by their authors, which goes without a note."""
    notes = []
    height, width = compute_crop_box(picture, size, crop)[2:]
    if crop is None and dict(info)["kind"] == "upload" and (height, width) != (picture.height, picture.width):
        shape = {"all_height": picture.height, "all_width": picture.width}
        notes.append(say("upload_cropped", height=height, width=width, **shape))
    rows, columns = compute_cropped_size(picture, size, crop)
    if crop and not _contains(picture, crop):
        notes.append(say("crop_cut", height=picture.height, width=picture.width))
    if (rows, columns) != size:
        notes.append(say("not_enlarged", rows=rows, columns=columns))
    return tuple(notes)


def make_sample_cache() -> CropInput:
    """`crop_input` with a cache of small inputs, which are read-only."""

    @lru_cache(CACHED_SAMPLE_INPUTS)
    def small(
        picture: Picture, info: ImageInfo, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> TraceInput:
        source = crop_input(picture, info, size, crop, channels, range_)
        source.values.flags.writeable = False
        return source

    def crop_sample(
        picture: Picture, info: ImageInfo, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> TraceInput:
        crop_or_cached = small if size[0] * size[1] <= CACHED_SAMPLE_CELLS else crop_input
        return crop_or_cached(picture, info, size, crop, channels, range_)

    return crop_sample


class UploadCropCache:
    """`crop_input` with a cache of small inputs from uploads, which never change. It keeps no pixels of a picture."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], TraceInput] = OrderedDict()
        self._lock = Lock()

    def __call__(
        self, picture: Picture, info: ImageInfo, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> TraceInput:
        """The input; a small one is cached and read-only."""
        if size[0] * size[1] > CACHED_UPLOAD_CELLS:
            return crop_input(picture, info, size, crop, channels, range_)
        key = (info, size, crop, channels, range_)
        with self._lock:
            source = self._kept.get(key)
        if source is None:
            source = crop_input(picture, info, size, crop, channels, range_)
            source.values.flags.writeable = False
        with self._lock:
            self._kept[key] = source
            self._kept.move_to_end(key)
            if len(self._kept) > CACHED_UPLOAD_INPUTS:
                self._kept.popitem(last=False)
        return source

    def forget(self, id: str) -> None:
        """Removes all inputs from an upload."""
        with self._lock:
            for key in [key for key in self._kept if ("name", id) in key[0]]:  # type: ignore[operator]
                del self._kept[key]


def _contains(picture: Picture, crop: Sides) -> bool:
    top, left, height, width = crop
    return top + height <= picture.height and left + width <= picture.width
