"""Where in the sample photos a filter answers most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.scene import SampleName as ByName
from ..core.scene import Scene
from ..core.trace.trace import Stage, Trace
from ..models.model import Model
from ..render.color import Scale, photo
from ..render.png import data_uri
from .app_state import Site
from .requests.filters_params import scene_for

PATCHES = 9


@dataclass(frozen=True, slots=True)
class Patch:
    """A place of a sample photo: the map's row and column, the value there, and the pixels that the filter sees."""

    sample: str
    title: str
    row: int
    column: int
    value: float
    picture: str

    def to_json(self) -> dict[str, object]:
        """As the page gets it."""
        return {
            "sample": self.sample,
            "title": self.title,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "picture": self.picture,
        }


def strongest_patches(site: Site, model: Model, filter: int) -> tuple[Patch, ...]:
    """The places of all sample photos where one filter answers most, strongest first; none overlaps another."""
    found: list[tuple[float, str, tuple[int, int], Trace]] = []
    for name, sample in site.samples.items():
        if sample.kind != "photo":
            continue
        trace = site.lab.compute(scene_for(model, Scene(ByName(name)), False, filter)).trace
        if trace is not None and len(trace.stages) == 3:
            found += [(value, name, at, trace) for value, at in _peaks(trace.stages[2])]
    found.sort(key=lambda one: -one[0])
    return tuple(
        Patch(name, site.samples[name].title, *at, value, data_uri(_cells(trace, at)))
        for value, name, at, trace in found[:PATCHES]
    )


def window_at(stage: Stage, at: tuple[int, int]) -> tuple[slice, slice]:
    """The rows and columns of the input that are read at a place, as far as they lie inside."""
    axes: tuple[Any, Any] = (stage.meta["rows"], stage.meta["columns"])
    starts = [place * axis["stride"] - axis["before"] for place, axis in zip(at, axes, strict=True)]
    ends = [start + (axis["kernel"] - 1) * axis["dilation"] + 1 for start, axis in zip(starts, axes, strict=True)]
    rows, columns = (slice(max(0, start), max(0, end)) for start, end in zip(starts, ends, strict=True))
    return rows, columns


def _peaks(stage: Stage) -> Iterator[tuple[float, tuple[int, int]]]:
    """The largest values of a map that read no padding, each outside the windows of those before it."""
    axes: tuple[Any, Any] = (stage.meta["rows"], stage.meta["columns"])
    values = np.full_like(stage.output[0], -np.inf)
    inside = np.ix_(*(np.flatnonzero(_reads_no_padding(axis)) for axis in axes))
    values[inside] = stage.output[0][inside]
    apart = [max(1, -(-axis["kernel"] // axis["stride"])) for axis in axes]
    for _ in range(PATCHES):
        row, column = (int(place) for place in np.unravel_index(int(values.argmax()), values.shape))
        value = float(values[row, column])
        if not np.isfinite(value):
            return
        yield value, (row, column)
        values[max(0, row - apart[0] + 1) : row + apart[0], max(0, column - apart[1] + 1) : column + apart[1]] = -np.inf


def _reads_no_padding(axis: Any) -> Any:
    start = np.arange(axis["positions"]) * axis["stride"] - axis["before"]
    return (start >= 0) & (start + (axis["kernel"] - 1) * axis["dilation"] < axis["size"])


def _cells(trace: Trace, at: tuple[int, int]) -> Any:
    """The pixels behind a place, in the picture as it was before it was prepared."""
    prepared: Any = trace.stages[1].meta["prepare"]
    windows = window_at(trace.stages[2], at)
    rows, columns = (_unprepared(one, prepared[axis]) for one, axis in zip(windows, ("rows", "columns"), strict=True))
    return photo(trace.stages[0].output[:, rows, columns], Scale(0, 255))


def _unprepared(window: slice, span: Any) -> slice:
    start, stop = (span["first"] + place * span["length"] / span["parts"] for place in (window.start, window.stop))
    return slice(int(start), max(int(start) + 1, round(stop)))
