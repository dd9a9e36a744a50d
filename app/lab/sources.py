"""Where the input of a figure comes from: a sample, an upload, or numbers that somebody typed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from typing import Protocol

import numpy as np

from ..core.kernels import exact_planes
from ..core.maps import Maps
from ..core.plan import Shape
from ..core.problems import Problem
from ..core.scene import LEFT_OUT, Channels, Pair, Planes, Range, Scene, Sides, Upload
from ..core.scene import Sample as SampleName
from ..core.trace import Source
from ..core.values import near_name
from ..core.words import listed, say, shown
from ..images.cut import cells, cut_box, size_of_cut
from ..images.picture import Picture
from ..images.samples import Samples

About = tuple[tuple[str, object], ...]
"""What is known of a picture, for the browser: names and values."""
Cut = Callable[[Picture, About, Pair, Sides | None, Channels, Range], Source]

SMALL = 128 * 128
"""Inputs from samples up to so many cells are kept: a class turns many knobs on the same few pictures."""
KEPT = 64
SMALL_CUT, KEPT_CUTS = 64 * 64, 512
"""The same for uploads: at most 25 MB in all."""
SCALES = {"byte": (0.0, 255.0), "unit": (0.0, 1.0)}


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Maps (C, H, W) that somebody brought as they are, cell by cell: never cut, averaged or rounded.

    `scale` is the value of black and of white where they are a picture, None where they are not.
    """

    maps: Maps
    scale: tuple[float, float] | None = None


class Pictures(Protocol):
    """Where uploads are kept."""

    def get(self, id: str) -> Picture | Values | None:
        """What was brought under an id, None for one that is unknown or has expired."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a Scene's image is. Nothing is cut yet, so that the shape at any size is known for nothing.

    `scene` is the one asked for, or the nearest whose picture is here. `picture` None stands for typed numbers, or
    with `gone` for an upload that is no longer here. `info` goes to the browser as it is.
    """

    scene: Scene
    info: Mapping[str, object]
    picture: Picture | None = None
    problems: tuple[Problem, ...] = ()
    gone: bool = False
    cut: Cut = field(default_factory=lambda: source_of)
    values: Values | None = None

    def shape(self, size: tuple[int, int]) -> Shape:
        """(channels, rows, columns) of the input when so many rows and columns of cells are asked for."""
        scene = self.scene
        if isinstance(scene.image, Planes):
            return scene.image.shape
        if self.values:
            channels, height, width = self.values.maps.shape
            return channels, height, width
        rows, columns = size_of_cut(self.picture, size, scene.crop) if self.picture else size
        return 3 if scene.channels == "rgb" else 1, rows, columns

    def source(self, size: tuple[int, int]) -> Source:
        """The input itself at that size."""
        scene = self.scene
        if isinstance(scene.image, Planes):
            return Source(_numbers(scene.image), self.info, None)
        if self.values:
            return Source(self.values.maps, self.info, self.values.scale)
        if self.picture is None:
            return Source(np.zeros(self.shape(size), np.float32), self.info, SCALES[scene.range])
        return self.cut(self.picture, tuple(self.info.items()), size, scene.crop, scene.channels, scene.range)


@dataclass(frozen=True, slots=True)
class Sources:
    """The pictures that figures are made of."""

    samples: Samples
    uploads: Pictures | None
    cut: Cut = field(default_factory=lambda: kept_sources())
    cut_upload: Cut = field(default_factory=lambda: kept_cuts_of_uploads())

    def find(self, scene: Scene) -> Found:
        """The image of a Scene; the opening one in place of a sample that is not here."""
        match scene.image:
            case Planes():
                return Found(scene, _info("numbers"))
            case Upload(id):
                picture = self.uploads.get(id) if self.uploads else None
                if picture is None:
                    return Found(scene, _info("gone", id), None, (_gone(id),), True)
                if isinstance(picture, Values):
                    return Found(scene, _info("upload", id), values=picture)
                info = {**_info("upload", id), "notes": picture.notes}
                return _cut_fits(Found(scene, info, picture, cut=self.cut_upload))
            case SampleName(name) if name in self.samples:
                return _cut_fits(Found(scene, self._sample_info(name), self.samples.picture(name), cut=self.cut))
            case SampleName(name):
                instead = self._opening()
                found = self.find(replace(scene, image=instead))
                return replace(found, problems=(self._unknown(name, instead), *found.problems))

    def _opening(self) -> SampleName:
        opening = Scene().image
        if isinstance(opening, SampleName) and opening.name in self.samples:
            return opening
        return SampleName(next(iter(self.samples)))

    def _sample_info(self, name: str) -> dict[str, object]:
        sample = self.samples[name]
        credit = f"{sample.author}, {sample.licence}"
        return {"kind": "sample", "name": name, "title": sample.title, "alt": sample.alt, "credit": credit}

    def _unknown(self, name: str, instead: SampleName) -> Problem:
        names = listed(self.samples)
        near = near_name(name, self.samples)
        said = say("unknown", field="image", value=shown(name), allowed=names)
        meant = say("near_name", used=near) if near else ""
        return Problem("image", shown(name), names, said + meant + say("opening_shown", used=instead.name))


def source_of(
    picture: Picture, about: About, size: Pair, crop: Sides | None, channels: Channels, range_: Range
) -> Source:
    """The input that is cut from a picture."""
    values = cells(picture, size, crop, channels, range_)
    place = {"stored": [picture.height, picture.width], "cut": list(cut_box(picture, size, crop))}
    return Source(values, {**dict(about), **place}, SCALES[range_], _notes(picture, size, crop))


def _notes(picture: Picture, size: Pair, crop: Sides | None) -> tuple[str, ...]:
    notes = []
    rows, columns = size_of_cut(picture, size, crop)
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


def kept_cuts_of_uploads() -> Cut:
    """`source_of` that remembers the cells of small cuts by the id of the upload, and never its pixels.

    An upload never changes, and who turns knobs on one asks for the same cut again and again.
    """
    kept: OrderedDict[tuple[object, ...], Source] = OrderedDict()
    alone = Lock()

    def cut(
        picture: Picture, about: About, size: Pair, crop: Sides | None, channels: Channels, range_: Range
    ) -> Source:
        if size[0] * size[1] > SMALL_CUT:
            return source_of(picture, about, size, crop, channels, range_)
        key = (about, size, crop, channels, range_)
        with alone:
            source = kept.get(key)
        if source is None:
            source = source_of(picture, about, size, crop, channels, range_)
            source.values.flags.writeable = False
        with alone:
            kept[key] = source
            kept.move_to_end(key)
            if len(kept) > KEPT_CUTS:
                kept.popitem(last=False)
        return source

    return cut


def _cut_fits(found: Found) -> Found:
    """A cut that lies wholly outside is left out, with a problem; one that reaches out gets a note later."""
    picture, crop = found.picture, found.scene.crop
    if picture is None or crop is None or (crop[0] < picture.height and crop[1] < picture.width):
        return found
    can_be = say("crop_start", bottom=picture.height - 1, right=picture.width - 1)
    said = ",".join(map(str, crop))
    text = say("crop_outside", value=said, allowed=can_be) + say("part_dropped")
    problem = Problem("crop", said, can_be, text)
    return replace(found, scene=replace(found.scene, crop=None), problems=(*found.problems, problem))


def _holds(picture: Picture, crop: Sides) -> bool:
    top, left, height, width = crop
    return top + height <= picture.height and left + width <= picture.width


def _info(kind: str, name: str = "") -> dict[str, object]:
    title = say("numbers_title" if kind == "numbers" else "upload_title")
    return {"kind": kind, "name": name, "title": title, "alt": say(f"{kind}_alt"), "credit": ""}


def _gone(id: str) -> Problem:
    return Problem("image", id, say("kept_picture"), say("left_out" if id == LEFT_OUT.id else "gone"))


def _numbers(planes: Planes) -> np.ndarray[Shape, np.dtype[np.float32]]:
    """Typed numbers as values, each rounded once."""
    exact = exact_planes(planes)
    divisor = exact.divisor * exact.scale
    if divisor == 1:
        return exact.numerators
    return (exact.numerators.astype(np.float64) / divisor).astype(np.float32)
