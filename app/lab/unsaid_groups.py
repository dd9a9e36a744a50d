"""Writes `groups` into layers whose meaning depends on the version of the scene.

Until version 1 a layer of classic filters alone that did not give `groups` read each of three channels alone. Since
version 2 it reads all of them, as any other filter does.
"""

from __future__ import annotations

from dataclasses import replace

from ..core.operation_table import find_operation
from ..core.problems import Problem, make_problem
from ..core.scene import Layer, NamedFilter
from ..core.texts import make_text

GROUPS_NOT_GIVEN = "groups_not_given"
"""The note, for the author of a link: it is not shown where only readers see it, in embeds and in files."""
CHANNELS = 3
"""The channels on which classic filters used to read each channel alone."""


def write_groups(layer: Layer, channels: int, version: int) -> tuple[Layer, Problem | None]:
    """(the layer on an input of `channels` channels, a note where it means something else since version 2).

    A layer of version 1 gets the groups that it had. One of version 2 gets a note and groups=1, so that its link says
    from now on what it means and the note comes once.
    """
    if channels != CHANNELS or layer.get("groups") is not None or not _has_only_classic_filters(layer):
        return layer, None
    if version == 1:
        return _add_groups(layer, channels), None
    note = make_problem(
        GROUPS_NOT_GIVEN,
        "groups",
        1,
        make_text("each_alone", channels=channels),
        severity="note",
        channels=channels,
        maps=len(layer.filters),
    )
    return _add_groups(layer, 1), note


def _has_only_classic_filters(layer: Layer) -> bool:
    return layer.op == "conv" and all(isinstance(one, NamedFilter) for one in layer.filters)


def _add_groups(layer: Layer, groups: int) -> Layer:
    """The layer with its groups, among its options in the order of the operation table."""
    row = find_operation(layer.op)
    values = dict(layer.options) | {"groups": groups}
    names = [option.name for option in row.options] if row else list(values)
    return replace(layer, options=tuple((name, values[name]) for name in names if name in values))
