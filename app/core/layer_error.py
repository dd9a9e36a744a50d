"""The error of a layer that does not fit its input."""

from __future__ import annotations

from typing import Any

from .problems import Problem, make_problem
from .texts import Text


class LayerError(Exception):
    """Raised while planning. `problem` says why and names the option that does not fit.

    `filter` is the index of the filter that does not fit, in the layer's list; None where it is not one filter. `part`
    is that of a stage in the head of a join.
    """

    def __init__(self, problem: Problem, filter: int | None = None, part: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.filter = filter
        self.part = part

    def __str__(self) -> str:
        return self.problem.message


def make_layer_error(code: str, field: str, value: object, allowed: Text | str, **parts: Any) -> LayerError:
    """A LayerError with the sentence of that code; the parts `filter` and `part` become its own."""
    indices = (parts.get(name) for name in ("filter", "part"))
    return LayerError(
        make_problem(code, field, value, allowed, **parts),
        *(index if isinstance(index, int) else None for index in indices),
    )
