"""The error of a network that cannot be priced."""

from __future__ import annotations

from typing import Any

from ..problems import Problem, make_problem
from ..texts import Text, add_catalogue

MESSAGES = add_catalogue(
    {
        "net_unknown": "There is no network called {value} here; there are {allowed}. A pattern such as "
        "[(conv:64@3x3~relu)*2~maxpool:2]*3~flatten~linear:10 can be priced, too.",
        "net_empty": "net is empty; it can be {allowed}.",
        "net_long": "The pattern has {value} characters; it can have {allowed}.",
        "net_unclosed": "The {bracket} at character {position} of the pattern is never closed.",
        "net_unopened": "The {bracket} at character {position} of the pattern closes nothing.",
        "net_crossed": "The {bracket} at character {position} of the pattern would close the {open} at character "
        "{start}; that needs {allowed}.",
        "net_missing": "At character {position} of the pattern a layer is missing.",
        "net_misplaced": "At character {position} of the pattern stands {value}, where there can be {allowed}.",
        "net_count": "The number of repetitions at character {position} is {value}; it can be {allowed}.",
        "net_many": "Unfolded up to character {position}, the pattern has {value} layers; it can have {allowed}.",
        "net_repeat_layer": "To repeat a layer put it into brackets: [{layer}]*{count}.",
        "net_place": "It is at character {position} of the pattern.",
        "net_reference": "At character {position} of the pattern, {written} counts {value} layers back, but it is "
        "layer {number}; it can count back {allowed}.",
        "net_input": "input is {value}; it can be {allowed}.",
        "net_numbers": "This layer would make {value} numbers; it can make {allowed}.",
        "net_channels": "This layer would normalize {value} channels; it can normalize {allowed}.",
        "net_field": "The receptive field would span {value} cells or lie as far apart; that can be {allowed}.",
        # what is allowed
        "net_allowed": "the name of a network, or a pattern of layers",
        "net_times": "a whole number from 1 to {most}",
        "net_after": "~, a closing bracket, the end, or after a group *n",
        "net_back": "1 to {most}",
        "net_input_allowed": "one side such as 224, rows x columns such as 224x192, or channels x rows x columns such "
        "as 3x224x224, up to {maps} channels and {side} cells a side",
    }
)


class ArchitectureError(ValueError):
    """Raised for a network that cannot be priced; `problem` says why.

    `is_unknown`: there is no network of that name.
    """

    def __init__(self, problem: Problem, is_unknown: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_unknown = is_unknown

    def __str__(self) -> str:
        return self.problem.message


def make_net_error(code: str, value: object, allowed: Text | str, *endings: Text, **parts: Any) -> ArchitectureError:
    """An ArchitectureError about `net` with the sentence of that code."""
    return ArchitectureError(make_problem(code, "net", value, allowed, *endings, **parts))
