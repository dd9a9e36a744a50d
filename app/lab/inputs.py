"""Resolves the image of a Scene: a sample, an upload, or typed numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod
from typing import Protocol

import numpy as np

from ..core.arrays import Maps, Shape
from ..core.link.coerce import find_near_name
from ..core.messages import join_names, quote_text
from ..core.problems import Problem, make_problem
from ..core.scene import (
    OMITTED_UPLOAD,
    Image,
    Numbers,
    OneHot,
    Planes,
    RandomMaps,
    RandomVectors,
    SampleName,
    Scene,
    UploadId,
    Vectors,
    choose_item,
)
from ..core.texts import Text, make_text
from ..core.trace.stage_info import ImageInfo
from ..core.trace.trace import TraceInput
from ..core.weights.kernels import make_exact_planes
from ..core.weights.random_numbers import PARTS_OF_ONE, draw_input
from ..core.words.row_words import Sentence
from ..core.words.vocabulary import list_vocabulary
from ..core.words.word_vectors import make_vectors
from ..images.crop import compute_cropped_size
from ..images.picture import Picture
from ..images.samples import Samples
from .adjusted_input import adjust_input
from .crop_cache import VALUE_SCALES, CropInput, UploadCropCache, crop_input, make_sample_cache


@dataclass(frozen=True, slots=True, eq=False)
class ExactInput:
    """An uploaded array (C, H, W) that is used cell by cell: never cropped, averaged or rounded.

    `scale` is the value of black and of white of a picture, None for an array that is not one.
    """

    maps: Maps
    scale: tuple[float, float] | None = None


class UploadLookup(Protocol):
    """Finds uploads by id."""

    def get(self, id: str) -> Picture | ExactInput | None:
        """The upload, None for an id that is unknown or has expired."""


@dataclass(frozen=True, slots=True)
class ResolvedInput:
    """The image of a Scene. It is not cropped yet, so that its shape at any size costs nothing.

    `scene` is the requested one, or the nearest whose picture exists. `picture` is None for numbers, and with
    `gone` for an upload that no longer exists; `has_lost` says that of another picture of the stack, which is left out.
    `image` says where it comes from, `titles` name the pictures of the stack.
    """

    scene: Scene
    image: ImageInfo
    picture: Picture | None = None
    problems: tuple[Problem, ...] = ()
    gone: bool = False
    crop_input: CropInput = field(default=crop_input)
    exact: ExactInput | None = None
    has_lost: bool = False
    titles: tuple[Text | str, ...] = ()

    def shape(self, size: tuple[int, int]) -> Shape:
        """(channels, rows, columns) of the input at `size` (rows, columns)."""
        scene, image = self.scene, self.scene.shown_image
        if isinstance(image, Numbers):
            return image.shape
        if self.exact:
            channels, height, width = self.exact.maps.shape
            return channels, height, width
        rows, columns = compute_cropped_size(self.picture, size, scene.crop) if self.picture else size
        return 3 if scene.channels == "rgb" else 1, rows, columns

    def make_input(self, size: tuple[int, int]) -> TraceInput:
        """The input at that size, with what the Scene changes of it on purpose."""
        source, adjust = self._make_unchanged(size), self.scene.adjust
        if self.scene.rows:
            source = replace(source, sentence=Sentence(self.scene.rows, _describe_vectors(self.scene)))
        return source if adjust is None else adjust_input(source, adjust)

    def _make_unchanged(self, size: tuple[int, int]) -> TraceInput:
        scene, image = self.scene, self.scene.shown_image
        if isinstance(image, Planes):
            values, denominator = _compute_numbers(image)
            return TraceInput(values, self.image, None, denominator=denominator)
        if isinstance(image, RandomMaps):
            values = draw_input(image.seed, image.shape)
            return TraceInput(values, self.image, None, denominator=PARTS_OF_ONE)
        if isinstance(image, Vectors):
            values, denominator = make_vectors(image)
            return TraceInput(values, self.image, None, denominator=denominator)
        if self.exact:
            return TraceInput(self.exact.maps, self.image, self.exact.scale)
        if self.picture is None:
            return TraceInput(np.zeros(self.shape(size), np.float32), self.image, VALUE_SCALES[scene.range])
        return self.crop_input(self.picture, self.image, size, scene.crop, scene.channels, scene.range)


@dataclass(frozen=True, slots=True)
class InputResolver:
    """Resolves the images of scenes; a random input has at most `most_numbers` numbers."""

    samples: Samples
    uploads: UploadLookup | None
    most_numbers: int
    crop_sample: CropInput = field(default_factory=make_sample_cache)
    crop_upload: UploadCropCache = field(default_factory=UploadCropCache)

    def resolve(self, scene: Scene) -> ResolvedInput:
        """The image of a Scene; for an unknown sample the default one, with a problem.

        Of a stack it is the picture that is shown. One that does not exist, or has another shape than the first, is
        left out, with a problem.
        """
        return self._resolve_stack(scene) if scene.batch else self._resolve_one(scene)

    def _resolve_stack(self, scene: Scene) -> ResolvedInput:
        found = [self._resolve_one(choose_item(scene, item)) for item in range(len(scene.stack))]
        problems = [_find_stack_problem(one, scene.stack[item], item) for item, one in enumerate(found)]
        first = next((item for item, problem in enumerate(problems) if problem is None), None)
        if first is None:
            return replace(found[0], has_lost=True)
        shape = found[first].shape(scene.size)
        for item, one in enumerate(found):
            if problems[item] is None and one.shape(scene.size) != shape:
                problems[item] = _make_shape_problem((one, found[first]), scene)
        kept = [item for item, problem in enumerate(problems) if problem is None]
        shown = scene.item if scene.item in kept else first
        image, *batch = (found[item].scene.image for item in kept)
        stack = replace(found[shown].scene, image=image, batch=tuple(batch), item=kept.index(shown))
        told = tuple(problem for problem in problems if problem)
        return replace(
            found[shown],
            scene=stack,
            problems=(*told, *found[shown].problems),
            has_lost=any(one.gone for one in found),
            titles=tuple(found[item].image.title for item in kept),
        )

    def _resolve_one(self, scene: Scene) -> ResolvedInput:
        match scene.image:
            case Planes():
                return ResolvedInput(scene, _describe_input("numbers"))
            case RandomMaps():
                return self._resolve_random(scene, scene.image)
            case OneHot() | RandomVectors():
                return ResolvedInput(scene, _describe_words(scene.image))
            case UploadId(id):
                picture = self.uploads.get(id) if self.uploads else None
                if picture is None:
                    return ResolvedInput(scene, _describe_input("gone", id), None, (_make_gone_problem(id),), True)
                if isinstance(picture, ExactInput):
                    found = ResolvedInput(scene, _describe_input("upload", id), exact=picture)
                    return _check_words(found, picture.maps.shape[1])
                if scene.rows:
                    scene, problem = _drop_words(scene)
                    found = self.resolve(scene)
                    return replace(found, problems=(problem, *found.problems))
                image = replace(_describe_input("upload", id), notes=tuple(picture.notes))
                return _check_crop(ResolvedInput(scene, image, picture, crop_input=self.crop_upload))
            case SampleName(name) if name in self.samples:
                return _check_crop(
                    ResolvedInput(
                        scene, self._sample_info(name), self.samples.picture(name), crop_input=self.crop_sample
                    )
                )
            case SampleName(name):
                instead = self._default_sample()
                resolved = self._resolve_one(replace(scene, image=instead))
                return replace(resolved, problems=(self._unknown(name, instead), *resolved.problems))

    def _resolve_random(self, scene: Scene, maps: RandomMaps) -> ResolvedInput:
        """A random input; one of too many numbers has fewer maps, with a problem."""
        if prod(maps.shape) <= self.most_numbers:
            return ResolvedInput(scene, _describe_random(maps))
        fewer = replace(maps, count=max(1, self.most_numbers // (maps.height * maps.width)))
        allowed, shown = make_text("at_most", most=self.most_numbers), make_text("fewer_maps", count=fewer.count)
        problem = make_problem("random_numbers", "image", prod(maps.shape), allowed, shown)
        return ResolvedInput(replace(scene, image=fewer), _describe_random(fewer), None, (problem,))

    def _default_sample(self) -> SampleName:
        opening = Scene().image
        if isinstance(opening, SampleName) and opening.name in self.samples:
            return opening
        return SampleName(next(iter(self.samples)))

    def _sample_info(self, name: str) -> ImageInfo:
        sample = self.samples[name]
        credit = f"{sample.author}, {sample.licence}"
        return ImageInfo("sample", name, sample.title_text, sample.alt_text, credit)

    def _unknown(self, name: str, instead: SampleName) -> Problem:
        names = join_names(self.samples)
        near = find_near_name(name, self.samples)
        hint = [make_text("near_name", used=near)] if near else []
        shown = make_text("opening_shown", used=instead.name)
        return make_problem("unknown", "image", quote_text(name), names, *hint, shown)


def _find_stack_problem(resolved: ResolvedInput, image: Image, item: int) -> Problem | None:
    """Why a picture of a stack cannot be in it; None for one that can, whose crop may have been left out."""
    first = next((problem for problem in resolved.problems if problem.code != "crop_outside"), None)
    if first is None:
        return None
    field, dropped = "batch" if item else "image", make_text("part_dropped")
    number = str(item + 1)
    if resolved.gone:
        value = image.id if isinstance(image, UploadId) else ""
        return make_problem("batch_gone", field, value, make_text("kept_picture"), dropped, number=number)
    if first.code == "random_numbers":
        return make_problem("batch_numbers", field, first.value, first.allowed, dropped, number=number)
    near = [ending for ending in first.endings if ending.code == "near_name"]
    return make_problem("batch_unknown", field, first.value, first.allowed, *near, dropped)


def _make_shape_problem(pair: tuple[ResolvedInput, ResolvedInput], scene: Scene) -> Problem:
    """The problem with a picture that does not have the shape of the first one."""
    one, first = pair
    shape, expected = (" × ".join(map(str, input.shape(scene.size))) for input in pair)
    text = make_text(
        "batch_shape", name=one.image.title, value=shape, first=first.image.title, shape=expected, allowed=expected
    )
    return Problem("batch", shape, expected, text, (make_text("part_dropped"),))


def _check_crop(resolved: ResolvedInput) -> ResolvedInput:
    """Removes a crop that lies outside the picture, with a problem. One partly outside gets a note later."""
    picture, crop = resolved.picture, resolved.scene.crop
    if picture is None or crop is None or (crop[0] < picture.height and crop[1] < picture.width):
        return resolved
    allowed = make_text("crop_start", bottom=picture.height - 1, right=picture.width - 1)
    text = ",".join(map(str, crop))
    problem = make_problem("crop_outside", "crop", text, allowed, make_text("part_dropped"))
    return replace(resolved, scene=replace(resolved.scene, crop=None), problems=(*resolved.problems, problem))


def _check_words(resolved: ResolvedInput, rows: int) -> ResolvedInput:
    """Removes words of which there are not as many as rows, with a problem."""
    scene = resolved.scene
    if len(scene.rows) in (0, rows):
        return resolved
    can_be, dropped = make_text("words_for_rows", count=rows), make_text("words_dropped")
    problem = make_problem("words_count", "rows", len(scene.rows), can_be, dropped)
    return replace(resolved, scene=replace(scene, rows=()), problems=(*resolved.problems, problem))


def _drop_words(scene: Scene) -> tuple[Scene, Problem]:
    """The scene of a picture without words, and the problem that says so."""
    can_be, dropped = make_text("words_allowed"), make_text("words_dropped")
    value = quote_text(",".join(scene.rows))
    return replace(scene, rows=()), make_problem("words_on_picture", "rows", value, can_be, dropped)


def _describe_words(vectors: Vectors) -> ImageInfo:
    title = make_text("words_title", count=len(vectors.words))
    kind = "numbers" if isinstance(vectors, OneHot) else "random"
    return ImageInfo(kind, "", title, make_text("words_alt", words=", ".join(vectors.words)))


def _describe_vectors(scene: Scene) -> Text:
    """Where the vectors of the words of a scene are from."""
    match scene.image:
        case OneHot(words):
            return make_text("vectors_one_hot", words=", ".join(list_vocabulary(words)))
        case RandomVectors(_, _, seed) | RandomMaps(_, _, _, seed):
            is_by_word = isinstance(scene.image, RandomVectors)
            return make_text("vectors_random" if is_by_word else "vectors_random_rows", seed=str(seed))
        case Planes():
            return make_text("vectors_typed")
    return make_text("vectors_given")


def _describe_input(kind: str, name: str = "") -> ImageInfo:
    title = make_text("numbers_title" if kind == "numbers" else "upload_title")
    return ImageInfo(kind, name, title, make_text(f"{kind}_alt"))


def _describe_random(maps: RandomMaps) -> ImageInfo:
    size = {"rows": maps.height, "columns": maps.width, "seed": maps.seed}
    many = make_text("random_input_title", count=maps.count, **size)
    title = many if maps.count > 1 else make_text("random_input_one", **size)
    return ImageInfo("random", "", title, make_text("random_input_alt"))


def _make_gone_problem(id: str) -> Problem:
    code = "left_out" if id == OMITTED_UPLOAD.id else "gone"
    return Problem("image", id, make_text("kept_picture"), make_text(code), (make_text("drop_again"),))


def _compute_numbers(planes: Planes) -> tuple[np.ndarray[Shape, np.dtype[np.float32]], int]:
    """The values of typed numbers, each rounded once, and their common denominator."""
    exact = make_exact_planes(planes)
    divisor = exact.divisor * exact.scale
    if divisor == 1:
        return exact.numerators, 1
    return (exact.numerators.astype(np.float64) / divisor).astype(np.float32), divisor
