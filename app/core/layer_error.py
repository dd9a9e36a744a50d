"""The error of a layer that does not fit its input."""

from __future__ import annotations

from .messages import say
from .problems import Problem


class LayerError(Exception):
    """Raised while planning. `problem` says why and names the option that does not fit.

    `filter` is the index of the filter that does not fit, in the layer's list; None where it is not one filter.
    """

    def __init__(self, problem: Problem, filter: int | None = None) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.filter = filter


def make_layer_error(sentence: str, field: str, value: object, allowed: str, **parts: object) -> LayerError:
    """A LayerError with a sentence of the table; the part `filter` becomes its `filter`."""
    text = say(sentence, field=field, value=value, allowed=allowed, **parts)
    index = parts.get("filter")
    return LayerError(Problem(field, str(value), allowed, text), index if isinstance(index, int) else None)
