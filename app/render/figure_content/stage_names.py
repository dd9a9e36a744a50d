"""Short names of stages, for cards and for the terms of a step."""

from __future__ import annotations

NAME_ENDING = " · "
"""Between the name of a layer in its network and its title."""


def name_card(title: str) -> str:
    """The short name of a stage: that of the layer in its network, else the title."""
    return title.partition(NAME_ENDING)[0]
