"""The form of an equation: its law, the law with the indices of a place, its numbers, or the product of two vectors.

`static/pure/tabs/equation/equation-form.js` has the same rule.
"""

from __future__ import annotations

from typing import Literal

Form = Literal["law", "indices", "numbers", "vectors"]
FORMS_BY_PRESS: tuple[Form, ...] = ("law", "indices", "numbers")
"""Press 0 of the view shows the law, press 1 the indices, press 2 the numbers."""
WEIGHTED_KINDS = ("conv", "linear")
"""Kinds of steps that are weights times inputs, so that two vectors say them, too."""


def find_form(press: int | None, detail: str, kind: str) -> Form:
    """The form that a View shows of a kind of step: that of its press, without one that of `detail`.

    A step without weights has no vectors; its numbers stand in their place. Raises ValueError for a `detail` that is no
    form.
    """
    if press is not None:
        return FORMS_BY_PRESS[min(press, len(FORMS_BY_PRESS) - 1)]
    for form in FORMS_BY_PRESS:
        if detail == form:
            return form
    if detail != "vectors":
        raise ValueError(f"{detail!r} is no form of an equation; it can be law, indices, numbers or vectors")
    return "vectors" if kind in WEIGHTED_KINDS else "numbers"
