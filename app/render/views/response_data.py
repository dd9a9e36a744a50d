"""What is measured of a cell while its picture is turned or shifted, and what a file brings along of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ...core.scene import Scene, View
from ...core.trace.trace import Stage, Trace, get_image
from ...lab import LabResult
from ...lab.sweeps import Sweep, list_values, measure_responses, read_value
from ..view_position import fit_view


@dataclass(frozen=True, slots=True)
class ResponseCurve:
    """What a cell answers at each value of a sweep; `now` is the value that the picture has."""

    sweep: Sweep
    responses: tuple[float, ...]
    now: float

    def to_json(self) -> dict[str, Any]:
        """What the page reads of it."""
        sweep = self.sweep
        at = list(sweep.at or (0, 0))
        facts = {"kind": sweep.kind, "stage": sweep.stage, "map": sweep.map, "at": at}
        return {**facts, "values": list(sweep.values), "responses": list(self.responses)}


@dataclass(frozen=True, slots=True)
class ResponseData:
    """What a file brings along: the curve, or a sentence why there is none, and the shares of classes before."""

    curve: ResponseCurve | None = None
    trouble: str = ""
    before: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What the page reads of it, without what is not there."""
        given = {"sweep": self.curve and self.curve.to_json(), "trouble": self.trouble, "before": list(self.before)}
        return {name: value for name, value in given.items() if value}


def choose_sweep(answer: LabResult, view: View) -> Sweep | None:
    """The sweep that a View shows of a figure: that of the cell in focus. None without one, and while it asks."""
    trace = answer.trace
    if trace is None or not view.sweep or view.predict or get_image(trace).kind == "gone":
        return None
    position = fit_view(trace, view)
    values = list_values(view.sweep, read_value(answer.scene, view.sweep))
    return Sweep(view.sweep, values, position.stage.info.index, position.map, position.cell)


def choose_unchanged(answer: LabResult) -> Scene | None:
    """The scene without what changes its picture, where a network answers to both; None for any other figure."""
    trace = answer.trace
    if trace is None or answer.scene.adjust is None or answer.question or not has_shares(trace.stages[-1]):
        return None
    return None if get_image(trace).kind == "gone" else replace(answer.scene, adjust=None)


def has_shares(stage: Stage) -> bool:
    """Whether a stage is the shares of classes."""
    maps, rows, columns = stage.output.shape
    return bool(stage.info.operation.kind == "softmax" and rows * columns == 1 and maps > 1)


def read_shares(trace: Trace) -> tuple[float, ...]:
    """The shares of all classes."""
    return tuple(float(share) for share in trace.stages[-1].output[:, 0, 0])


def measure_response(answer: LabResult, view: View, compute: Callable[[Scene], Trace]) -> ResponseData:
    """What a file of a figure brings along; `compute` computes the figures of other scenes."""
    sweep, unchanged = choose_sweep(answer, view), choose_unchanged(answer)
    curve = None
    if sweep:
        responses = measure_responses(sweep, answer.scene, compute)
        curve = ResponseCurve(sweep, responses, read_value(answer.scene, sweep.kind))
    return ResponseData(curve, before=read_shares(compute(unchanged)) if unchanged else ())
