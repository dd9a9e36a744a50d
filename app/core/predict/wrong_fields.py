"""Wrong answers for the size of a receptive field: a table of rules as in `wrong_answers.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod

from ..views.field import FieldTerm

FIELD_RULES: Mapping[str, Callable[[Sequence[FieldTerm]], int]] = {
    "field_without_stride": lambda terms: 1 + sum(term.window - 1 for term in terms),
    "field_added": lambda terms: sum(term.window for term in terms),
    "field_last": lambda terms: terms[-1].window,
    "field_multiplied": lambda terms: prod(term.window for term in terms),
    "field_windows_times_jump": lambda terms: sum(term.window * term.jump for term in terms),
    "field_without_first": lambda terms: sum((term.window - 1) * term.jump for term in terms),
}
"""Rules for the size of a receptive field along one axis, from what each layer adds to it."""


def list_wrong_fields(terms: Sequence[FieldTerm]) -> Iterator[tuple[str, int]]:
    """The wrong answers for the size of a receptive field, with the codes of their rules, the likeliest first."""
    for code, rule in FIELD_RULES.items():
        yield code, rule(terms)
