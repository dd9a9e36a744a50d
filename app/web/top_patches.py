"""The maximally activating patches of a first-layer filter in the sample pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core.ops.geometry import Axis
from ..core.ops.preprocessing import Resampling
from ..core.scene import SampleName, Scene
from ..core.trace.trace import Stage, Trace
from ..lab.excitation.peak_search import list_peak_samples
from ..models.model import Model
from ..render.color import Colors, Scale, to_photo_colors
from ..render.png import make_data_url
from .app_state import AppState
from .requests.filters_params import make_filters_scene

PATCHES = 9


@dataclass(frozen=True, slots=True)
class Patch:
    """A position in a sample picture: row and column of the map, the value there, and the pixels in the window."""

    sample: str
    title: str
    row: int
    column: int
    value: float
    picture: str

    def to_json(self) -> dict[str, object]:
        """The patch as JSON."""
        return {
            "sample": self.sample,
            "title": self.title,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "picture": self.picture,
        }


def find_top_patches(state: AppState, model: Model, filter: int) -> tuple[Patch, ...]:
    """The patches of the samples that the model is shown with the largest values of one filter, largest first.

    None overlap.
    """
    found: list[tuple[float, str, tuple[int, int], Trace]] = []
    for name in list_peak_samples(state.samples, model):
        trace = state.lab.compute(make_filters_scene(model, Scene(SampleName(name)), False, filter)).trace
        if trace is not None and len(trace.stages) == 3:
            found += [(value, name, at, trace) for value, at in _find_peaks(trace.stages[2])]
    found.sort(key=lambda window: -window[0])
    return tuple(
        Patch(name, str(state.samples[name].title_text), *at, value, make_data_url(_crop_photo(trace, at)))
        for value, name, at, trace in found[:PATCHES]
    )


def find_window(stage: Stage, at: tuple[int, int]) -> tuple[slice, slice]:
    """The rows and columns of the input in the window at a position, without padding."""
    axes = _list_axes(stage)
    starts = [axis.window_start(position) for position, axis in zip(at, axes, strict=True)]
    ends = [start + axis.effective_kernel for start, axis in zip(starts, axes, strict=True)]
    rows, columns = (slice(max(0, start), max(0, end)) for start, end in zip(starts, ends, strict=True))
    return rows, columns


def _find_peaks(stage: Stage) -> Iterator[tuple[float, tuple[int, int]]]:
    """The largest values of a map whose windows have no padding, none inside the windows of those before it."""
    axes = _list_axes(stage)
    values = np.full_like(stage.output[0], -np.inf)
    inside = np.ix_(*(np.flatnonzero(_reads_no_padding(axis)) for axis in axes))
    values[inside] = stage.output[0][inside]
    apart = [max(1, -(-axis.kernel // axis.stride)) for axis in axes]
    for _ in range(PATCHES):
        row, column = (int(position) for position in np.unravel_index(int(values.argmax()), values.shape))
        value = float(values[row, column])
        if not np.isfinite(value):
            return
        yield value, (row, column)
        values[max(0, row - apart[0] + 1) : row + apart[0], max(0, column - apart[1] + 1) : column + apart[1]] = -np.inf


def _list_axes(stage: Stage) -> tuple[Axis, Axis]:
    """The rows and columns of the stage's window. Raises ValueError where nothing slides."""
    if stage.geometry is None:
        raise ValueError("the stage has no window")
    return stage.geometry.rows, stage.geometry.columns


def _reads_no_padding(axis: Axis) -> NDArray[np.bool_]:
    start = np.arange(axis.positions) * axis.stride - axis.before
    return (start >= 0) & (start + axis.effective_kernel <= axis.size)


def _crop_photo(trace: Trace, at: tuple[int, int]) -> Colors:
    """The pixels of the window at a position, in the photo before preprocessing."""
    prepared = trace.stages[1].info.preprocessing
    if prepared is None:
        raise ValueError("the filters read a photo without preprocessing")
    windows, spans = find_window(trace.stages[2], at), (prepared.plan.rows, prepared.plan.columns)
    rows, columns = (_map_to_photo(window, span) for window, span in zip(windows, spans, strict=True))
    return to_photo_colors(trace.stages[0].output[:, rows, columns], Scale(0, 255))


def _map_to_photo(window: slice, span: Resampling) -> slice:
    start, stop = (span.first + position * span.length / span.parts for position in (window.start, window.stop))
    return slice(int(start), max(int(start) + 1, round(stop)))
