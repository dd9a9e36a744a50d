"""The numbers of a figure as NumPy arrays, by stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.arrays import Maps
from ..core.explain import explain_step
from ..core.texts import write_message
from ..core.trace.stage_json import stage_to_json
from ..core.trace.trace import Trace
from ..local_lab import compute_figure, list_keys, split_link
from .user_arrays import read_replacements


@dataclass(frozen=True, slots=True, eq=False)
class StageArrays:
    """One stage: `output` (C, H, W), and `weight` and `bias`, float32, or None for a layer without weights. `meta` has
    the fields of the HTTP interface: geometry, parameters, receptive field, notes.
    """

    index: int
    op: str
    title: str
    output: Maps = field(repr=False)
    weight: Maps | None = field(repr=False)
    bias: Maps | None = field(repr=False)
    meta: Mapping[str, Any] = field(repr=False)

    @property
    def shape(self) -> tuple[int, ...]:
        """(channels, rows, columns)."""
        return self.output.shape


@dataclass(frozen=True, slots=True, eq=False)
class TraceArrays:
    """All stages of a figure, the input first; `notes` has the notes on the link and on all stages."""

    stages: tuple[StageArrays, ...]
    notes: tuple[str, ...]
    _trace: Trace = field(repr=False)

    def __len__(self) -> int:
        """The number of stages, including the input."""
        return len(self.stages)

    def __getitem__(self, index: int) -> StageArrays:
        """The stage at an index."""
        return self.stages[index]

    @property
    def output(self) -> Maps:
        """The output of the last stage."""
        return self.stages[-1].output

    def step(self, stage: int, row: int, column: int, map: int = 0) -> dict[str, Any]:
        """Return the arithmetic of one cell of a stage: window, values, weights, products, sum, bias, result.

        Raises IndexError for a cell outside the figure.
        """
        if not 0 < stage < len(self.stages):
            raise IndexError(f"stage is {stage}; it can be 1 to {len(self.stages) - 1}.")
        for name, value, most in zip(("map", "row", "column"), (map, row, column), self[stage].shape, strict=True):
            if not 0 <= value < most:
                raise IndexError(f"{name} is {value}; in stage {stage} it can be 0 to {most - 1}.")
        return explain_step(self._trace, stage, map, row, column)

    def __repr__(self) -> str:
        """One line per stage."""
        return "\n".join(f"{stage.index} {stage.title}: {' × '.join(map(str, stage.shape))}" for stage in self.stages)


def trace(link: str = "", *, image: Any = None, weights: Any = None, rows: Sequence[str] | None = None) -> TraceArrays:
    """Compute the numbers of a figure: `trace("image=chelsea&layers=conv:sobel-x").stages[1].output` is (C, H, W).

    `link` is the query string of a page, or the whole address.

    `image` replaces the image of the link: an array or tensor (H, W), (C, H, W), or (H, W, 3) where the last side is 3
    and the first is neither 1 nor 3. Whole numbers from 0 to 255 in one or three channels are a photo: every pixel is a
    cell, unless the link has size, crop, channels or range. Other values are used unchanged, as float32.

    `weights` replace the filters of the first convolution of the link: (K, C, h, w), one filter (h, w), a pair of
    these and biases (K,), or a layer such as torch.nn.Conv2d, whose stride, padding, dilation and padding mode apply
    where the link has the defaults.

    `rows` are words for the rows of the input, one for each: `trace("image=one-hot&layers=", rows=["the", "cat"])`.

    Raises ValueError with a sentence for an invalid argument.
    """
    query, _ = split_link(link)
    computed = compute_figure(query, read_replacements(image, weights, list_keys(query), rows))
    stages = tuple(
        StageArrays(
            index,
            one.info.op,
            write_message(one.info.title),
            one.output,
            one.weight,
            one.bias,
            stage_to_json(one),
        )
        for index, one in enumerate(computed.trace.stages)
    )
    notes = [write_message(note) for one in computed.trace.stages for note in one.info.notes]
    return TraceArrays(stages, (*(problem.message for problem in computed.answer.problems), *notes), computed.trace)
