"""The numbers of a figure as NumPy arrays, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.arrays import Maps
from ..core.explain import explain_step
from ..core.trace.trace import Trace
from ..local_lab import keys_of, query_in, shown
from .user_arrays import own_of


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage: `output` (C, H, W), and of layers with weights `weight` and `bias`, all float32; None where there are
    none. `meta` is what the HTTP interface says of it: geometry, parameters, receptive field, notes.
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
class Numbers:
    """All stages of a figure, the input first; `notes` says what was noticed on the way."""

    stages: tuple[Stage, ...]
    notes: tuple[str, ...]
    _trace: Trace = field(repr=False)

    def __len__(self) -> int:
        """How many stages there are, the input among them."""
        return len(self.stages)

    def __getitem__(self, index: int) -> Stage:
        """The stage of that index."""
        return self.stages[index]

    @property
    def output(self) -> Maps:
        """What comes out at the end."""
        return self.stages[-1].output

    def step(self, stage: int, row: int, column: int, map: int = 0) -> dict[str, Any]:
        """What happens at one cell of a stage: window, values, weights, products, sum, bias, result.

        Raises IndexError for a place that the figure does not have.
        """
        if not 0 < stage < len(self.stages):
            raise IndexError(f"stage is {stage}; steps are those of 1 to {len(self.stages) - 1}.")
        for name, value, most in zip(("map", "row", "column"), (map, row, column), self[stage].shape, strict=True):
            if not 0 <= value < most:
                raise IndexError(f"{name} is {value}; in stage {stage} it can be 0 to {most - 1}.")
        return explain_step(self._trace, stage, map, row, column)

    def __repr__(self) -> str:
        """A line for each stage."""
        return "\n".join(f"{stage.index} {stage.title}: {' × '.join(map(str, stage.shape))}" for stage in self.stages)


def trace(link: str = "", *, image: Any = None, weights: Any = None) -> Numbers:
    """The numbers of a figure, as in `trace("image=chelsea&layers=conv:sobel-x").stages[1].output`, which is (C, H, W).

    `link` is what stands behind the address of a page, or the whole address.

    `image` takes the place of the link's picture: an array or tensor (H, W), (C, H, W), or (H, W, 3) where the last
    side is 3 and the first is neither 1 nor 3. Whole numbers from 0 to 255 in one map or three are a photo: every pixel
    is a cell, unless the link says size, crop, channels or range. All others are taken as they are, as float32.

    `weights` take the place of the filters of the link's first convolution: (K, C, h, w), one filter (h, w), a pair of
    these and biases (K,), or a layer such as torch.nn.Conv2d, whose stride, padding, dilation and padding mode hold
    where the link says nothing else than the default.

    Raises ValueError, a sentence, for what does not fit.
    """
    query, _ = query_in(link)
    answer = shown(query, own_of(image, weights, keys_of(query))).answer
    found = answer.trace
    assert found is not None
    stages = tuple(
        Stage(index, str(one.meta["op"]), str(one.meta["title"]), one.output, one.weight, one.bias, one.meta)
        for index, one in enumerate(found.stages)
    )
    said = [note for one in found.stages for note in _notes(one.meta)]
    return Numbers(stages, (*(problem.message for problem in answer.problems), *said), found)


def _notes(meta: Mapping[str, Any]) -> list[str]:
    notes: list[str] = meta["notes"]
    return notes
