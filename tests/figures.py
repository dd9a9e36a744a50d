"""Labs with the samples of the checkout and a store of one picture, and their answers to links."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.operation_table import find_operation
from app.core.scene import Layer, RandomFilters, RandomRows, SampleName, Scene, ShapeFilters, ShapeRows
from app.images.picture import Picture
from app.images.samples import Samples, load_samples
from app.lab import Lab, LabResult
from tests.strategies import layers, planes

FOLDER = Path(__file__).resolve().parents[1] / "sample_images"
UPLOAD = "u-icon"


@cache
def samples() -> Samples:
    return load_samples(FOLDER)


class Store:
    """A store with one picture of 5 × 5 pixels, an icon."""

    def get(self, id: str) -> Picture | None:
        icon = np.arange(75, dtype=np.uint8).reshape(5, 5, 3)
        return Picture.from_pixels(icon) if id == UPLOAD else None


def lab(**limits: int) -> Lab:
    return Lab(samples(), Store(), Limits(**limits))


def answer(query: str, repair: bool = False, **limits: int) -> LabResult:
    """Return the answer of a lab with these limits to a valid link."""
    link = parse_link(query, Limits())
    assert link.problems == ()
    return lab(**limits).compute(link.scene, (), repair)


def stages(query: str):
    trace = answer(query).trace
    assert trace is not None
    return trace.stages


def only_message(query: str, repair: bool = False, **limits: int) -> str:
    """Return the only problem of a figure; there must be a Trace with repair, and none without."""
    result = answer(query, repair, **limits)
    assert (result.trace is not None) == repair
    assert len(result.problems) == 1
    return result.problems[0].message


def _small(name: str, value: object) -> object:
    """Reduce the value of an option for a small figure."""
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        least, most = {"padding": (0, 3), "shift": (-9, 9)}.get(name, (1, 3))
        return tuple(min(max(cells, least), most) if cells > 16 else cells % 4 or least for cells in value)
    return value


@st.composite
def small_layers(draw: st.DrawFn) -> Layer:
    """A layer of any kind that often fits an image of a few cells."""
    layer = draw(layers())
    row = find_operation(layer.op)
    options = tuple((name, _small(name, value)) for name, value in layer.options if name != "groups")
    if layer.filters and draw(st.booleans()):
        options += (("groups", draw(st.integers(1, 3))),)
    filters = tuple(
        replace(one, count=one.count % 3 + 1, height=one.height % 4 + 1, width=one.width % 4 + 1)
        if isinstance(one, RandomFilters | ShapeFilters)
        else one
        for one in layer.filters
    )
    head = _small(layer.op, layer.head)
    if isinstance(head, RandomRows | ShapeRows):
        head = replace(head, count=head.count % 3 + 1)
    known = [option.name for option in row.options]
    options = tuple(sorted(options, key=lambda option: known.index(option[0])))
    return replace(layer, filters=filters, head=head, options=options)


@st.composite
def small_scenes(draw: st.DrawFn) -> Scene:
    """A scene with a small image or typed numbers, and up to four layers that often fit."""
    image = draw(st.one_of(st.sampled_from(["chelsea", "face", "checkerboard"]).map(SampleName), planes(side=7)))
    size = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    channels, range_ = draw(st.sampled_from(["gray", "rgb"])), draw(st.sampled_from(["byte", "byte", "unit"]))
    chain = tuple(draw(st.lists(small_layers(), min_size=1, max_size=4)))
    return Scene(image=image, size=size, channels=channels, range=range_, layers=chain)
