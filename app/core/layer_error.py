"""A layer that cannot be applied to what comes before it."""

from __future__ import annotations

from .messages import say
from .problems import Problem


class LayerError(Exception):
    """Raised while planning; `problem` says why, in plain words, and names the option that does not fit.

    `filter` is the index, among the layer's filters as they are written, of the one that is to blame, if one is.
    """

    def __init__(self, problem: Problem, filter: int | None = None) -> None:
        super().__init__(problem.message)
        self.problem = problem
        self.filter = filter


def make_layer_error(sentence: str, field: str, value: object, can_be: str, **parts: object) -> LayerError:
    """A Misfit with a sentence of the table. `filter` among the parts also says which one is to blame."""
    text = say(sentence, field=field, value=value, allowed=can_be, **parts)
    blamed = parts.get("filter")
    return LayerError(Problem(field, str(value), can_be, text), blamed if isinstance(blamed, int) else None)
