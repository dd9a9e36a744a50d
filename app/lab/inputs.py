"""Where the input of a figure comes from: a sample, an upload, or numbers that somebody typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from ..core.arrays import Maps
from ..core.link.coerce import find_near_name
from ..core.messages import join_names, quote_text, say
from ..core.problems import Problem
from ..core.scene import OMITTED_UPLOAD, Planes, Scene, UploadId
from ..core.scene import SampleName as SampleName
from ..core.trace.plan import Shape
from ..core.trace.trace import TraceInput
from ..core.weights.kernels import make_exact_planes
from ..images.crop import size_of_cut
from ..images.picture import Picture
from ..images.samples import Samples
from .crop_cache import VALUE_SCALES, CropInput, UploadCropCache, crop_input, make_sample_cache


@dataclass(frozen=True, slots=True, eq=False)
class ExactInput:
    """Maps (C, H, W) that somebody brought as they are, cell by cell: never cut, averaged or rounded.

    `scale` is the value of black and of white where they are a picture, None where they are not.
    """

    maps: Maps
    scale: tuple[float, float] | None = None


class UploadLookup(Protocol):
    """Where uploads are kept."""

    def get(self, id: str) -> Picture | ExactInput | None:
        """What was brought under an id, None for one that is unknown or has expired."""


@dataclass(frozen=True, slots=True)
class ResolvedInput:
    """What a Scene's image is. Nothing is cut yet, so that the shape at any size is known for nothing.

    `scene` is the one asked for, or the nearest whose picture is here. `picture` None stands for typed numbers, or
    with `gone` for an upload that is no longer here. `info` goes to the browser as it is.
    """

    scene: Scene
    info: Mapping[str, object]
    picture: Picture | None = None
    problems: tuple[Problem, ...] = ()
    gone: bool = False
    cut: CropInput = field(default=crop_input)
    values: ExactInput | None = None

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

    def source(self, size: tuple[int, int]) -> TraceInput:
        """The input itself at that size."""
        scene = self.scene
        if isinstance(scene.image, Planes):
            return TraceInput(_compute_numbers(scene.image), self.info, None)
        if self.values:
            return TraceInput(self.values.maps, self.info, self.values.scale)
        if self.picture is None:
            return TraceInput(np.zeros(self.shape(size), np.float32), self.info, VALUE_SCALES[scene.range])
        return self.cut(self.picture, tuple(self.info.items()), size, scene.crop, scene.channels, scene.range)


@dataclass(frozen=True, slots=True)
class InputResolver:
    """The pictures that figures are made of."""

    samples: Samples
    uploads: UploadLookup | None
    cut: CropInput = field(default_factory=make_sample_cache)
    cut_upload: UploadCropCache = field(default_factory=UploadCropCache)

    def find(self, scene: Scene) -> ResolvedInput:
        """The image of a Scene; the opening one in place of a sample that is not here."""
        match scene.image:
            case Planes():
                return ResolvedInput(scene, _describe_input("numbers"))
            case UploadId(id):
                picture = self.uploads.get(id) if self.uploads else None
                if picture is None:
                    return ResolvedInput(scene, _describe_input("gone", id), None, (_make_gone_problem(id),), True)
                if isinstance(picture, ExactInput):
                    return ResolvedInput(scene, _describe_input("upload", id), values=picture)
                info = {**_describe_input("upload", id), "notes": picture.notes}
                return _check_crop(ResolvedInput(scene, info, picture, cut=self.cut_upload))
            case SampleName(name) if name in self.samples:
                return _check_crop(
                    ResolvedInput(scene, self._sample_info(name), self.samples.picture(name), cut=self.cut)
                )
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
        names = join_names(self.samples)
        near = find_near_name(name, self.samples)
        said = say("unknown", field="image", value=quote_text(name), allowed=names)
        meant = say("near_name", used=near) if near else ""
        return Problem("image", quote_text(name), names, said + meant + say("opening_shown", used=instead.name))


def _check_crop(found: ResolvedInput) -> ResolvedInput:
    """A cut that lies wholly outside is left out, with a problem; one that reaches out gets a note later."""
    picture, crop = found.picture, found.scene.crop
    if picture is None or crop is None or (crop[0] < picture.height and crop[1] < picture.width):
        return found
    can_be = say("crop_start", bottom=picture.height - 1, right=picture.width - 1)
    said = ",".join(map(str, crop))
    text = say("crop_outside", value=said, allowed=can_be) + say("part_dropped")
    problem = Problem("crop", said, can_be, text)
    return replace(found, scene=replace(found.scene, crop=None), problems=(*found.problems, problem))


def _describe_input(kind: str, name: str = "") -> dict[str, object]:
    title = say("numbers_title" if kind == "numbers" else "upload_title")
    return {"kind": kind, "name": name, "title": title, "alt": say(f"{kind}_alt"), "credit": ""}


def _make_gone_problem(id: str) -> Problem:
    return Problem("image", id, say("kept_picture"), say("left_out" if id == OMITTED_UPLOAD.id else "gone"))


def _compute_numbers(planes: Planes) -> np.ndarray[Shape, np.dtype[np.float32]]:
    """Typed numbers as values, each rounded once."""
    exact = make_exact_planes(planes)
    divisor = exact.divisor * exact.scale
    if divisor == 1:
        return exact.numerators
    return (exact.numerators.astype(np.float64) / divisor).astype(np.float32)
