"""Cutting the input of a figure out of a picture, and remembering the small cuts that are asked for again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from ..core.messages import say
from ..core.scene import Channels, Pair, Range, Sides
from ..core.trace.trace import Source
from ..images.crop import compute_crop_box, compute_cropped_size, crop_to_cells
from ..images.picture import Picture

About = tuple[tuple[str, object], ...]
"""What is known of a picture, for the browser: names and values."""
Cut = Callable[[Picture, About, Pair, Sides | None, Channels, Range], Source]

SMALL = 128 * 128
"""Inputs from samples up to so many cells are kept: a class turns many knobs on the same few pictures."""
KEPT = 64
SMALL_OF_UPLOADS, KEPT_OF_UPLOADS = 64 * 64, 512
"""The same for uploads: at most 25 MB in all."""
SCALES = {"byte": (0.0, 255.0), "unit": (0.0, 1.0)}


def source_of(
    picture: Picture, about: About, size: Pair, crop: Sides | None, channels: Channels, range_: Range
) -> Source:
    """The input that is cut from a picture."""
    values = crop_to_cells(picture, size, crop, channels, range_)
    place = {"stored": [picture.height, picture.width], "cut": list(compute_crop_box(picture, size, crop))}
    return Source(values, {**dict(about), **place}, SCALES[range_], _notes(picture, size, crop))


def _notes(picture: Picture, size: Pair, crop: Sides | None) -> tuple[str, ...]:
    notes = []
    rows, columns = compute_cropped_size(picture, size, crop)
    if crop and not _holds(picture, crop):
        notes.append(say("crop_cut", height=picture.height, width=picture.width))
    if (rows, columns) != size:
        notes.append(say("not_enlarged", rows=rows, columns=columns))
    return tuple(notes)


def kept_sources() -> Cut:
    """`source_of` that remembers small inputs, which cannot be written to."""

    @lru_cache(KEPT)
    def small(
        picture: Picture, about: About, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> Source:
        source = source_of(picture, about, size, crop, channels, range_)
        source.values.flags.writeable = False
        return source

    def cut(
        picture: Picture, about: About, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> Source:
        known = small if size[0] * size[1] <= SMALL else source_of
        return known(picture, about, size, crop, channels, range_)

    return cut


class CutsOfUploads:
    """`source_of` that remembers the cells of small cuts by the id of the upload, and never its pixels.

    An upload never changes, and a student who turns knobs on one asks for the same cut again and again.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Source] = OrderedDict()
        self._alone = Lock()

    def __call__(
        self, picture: Picture, about: About, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> Source:
        """The cut, which cannot be written to where it is a small one."""
        if size[0] * size[1] > SMALL_OF_UPLOADS:
            return source_of(picture, about, size, crop, channels, range_)
        key = (about, size, crop, channels, range_)
        with self._alone:
            source = self._kept.get(key)
        if source is None:
            source = source_of(picture, about, size, crop, channels, range_)
            source.values.flags.writeable = False
        with self._alone:
            self._kept[key] = source
            self._kept.move_to_end(key)
            if len(self._kept) > KEPT_OF_UPLOADS:
                self._kept.popitem(last=False)
        return source

    def forget(self, id: str) -> None:
        """Drops all cells of an upload."""
        with self._alone:
            for key in [key for key in self._kept if ("name", id) in key[0]]:  # type: ignore[operator]
                del self._kept[key]


def _holds(picture: Picture, crop: Sides) -> bool:
    top, left, height, width = crop
    return top + height <= picture.height and left + width <= picture.width
