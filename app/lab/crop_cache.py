"""Cutting the input of a figure out of a picture, and remembering the small cuts that are asked for again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from ..core.messages import say
from ..core.scene import Channels, Pair, Range, Sides
from ..core.trace.trace import TraceInput
from ..images.crop import cells, cut_box, size_of_cut
from ..images.picture import Picture

ImageInfo = tuple[tuple[str, object], ...]
"""What is known of a picture, for the browser: names and values."""
CropInput = Callable[[Picture, ImageInfo, Pair, Sides | None, Channels, Range], TraceInput]

CACHED_SAMPLE_CELLS = 128 * 128
"""Inputs from samples up to so many cells are kept: a class turns many knobs on the same few pictures."""
CACHED_SAMPLE_INPUTS = 64
CACHED_UPLOAD_CELLS, CACHED_UPLOAD_INPUTS = 64 * 64, 512
"""The same for uploads: at most 25 MB in all."""
VALUE_SCALES = {"byte": (0.0, 255.0), "unit": (0.0, 1.0)}


def crop_input(
    picture: Picture, about: ImageInfo, size: Pair, crop: Sides | None, channels: Channels, range_: Range
) -> TraceInput:
    """The input that is cut from a picture."""
    values = cells(picture, size, crop, channels, range_)
    place = {"stored": [picture.height, picture.width], "cut": list(cut_box(picture, size, crop))}
    return TraceInput(values, {**dict(about), **place}, VALUE_SCALES[range_], _list_notes(picture, size, crop))


def _list_notes(picture: Picture, size: Pair, crop: Sides | None) -> tuple[str, ...]:
    notes = []
    rows, columns = size_of_cut(picture, size, crop)
    if crop and not _contains(picture, crop):
        notes.append(say("crop_cut", height=picture.height, width=picture.width))
    if (rows, columns) != size:
        notes.append(say("not_enlarged", rows=rows, columns=columns))
    return tuple(notes)


def make_sample_cache() -> CropInput:
    """`crop_input` that remembers small inputs, which cannot be written to."""

    @lru_cache(CACHED_SAMPLE_INPUTS)
    def small(
        picture: Picture, about: ImageInfo, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> TraceInput:
        source = crop_input(picture, about, size, crop, channels, range_)
        source.values.flags.writeable = False
        return source

    def cut(
        picture: Picture, about: ImageInfo, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> TraceInput:
        known = small if size[0] * size[1] <= CACHED_SAMPLE_CELLS else crop_input
        return known(picture, about, size, crop, channels, range_)

    return cut


class UploadCropCache:
    """`crop_input` that remembers the cells of small cuts by the id of the upload, and never its pixels.

    An upload never changes, and a student who turns knobs on one asks for the same cut again and again.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], TraceInput] = OrderedDict()
        self._alone = Lock()

    def __call__(
        self, picture: Picture, about: ImageInfo, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> TraceInput:
        """The cut, which cannot be written to where it is a small one."""
        if size[0] * size[1] > CACHED_UPLOAD_CELLS:
            return crop_input(picture, about, size, crop, channels, range_)
        key = (about, size, crop, channels, range_)
        with self._alone:
            source = self._kept.get(key)
        if source is None:
            source = crop_input(picture, about, size, crop, channels, range_)
            source.values.flags.writeable = False
        with self._alone:
            self._kept[key] = source
            self._kept.move_to_end(key)
            if len(self._kept) > CACHED_UPLOAD_INPUTS:
                self._kept.popitem(last=False)
        return source

    def forget(self, id: str) -> None:
        """Drops all cells of an upload."""
        with self._alone:
            for key in [key for key in self._kept if ("name", id) in key[0]]:  # type: ignore[operator]
                del self._kept[key]


def _contains(picture: Picture, crop: Sides) -> bool:
    top, left, height, width = crop
    return top + height <= picture.height and left + width <= picture.width
