"""Of all convolutions in a file those that could be shown, and the one that is likeliest to come first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from ..entries import (
    FLOAT_DTYPES,
    MAX_BYTES,
    MAX_FILTERS,
    Candidate,
    Contents,
    FirstLayer,
    UnreadableWeights,
    check_filter_count,
    check_size,
    quote,
    read_numbers,
)
from ..failure_messages import describe_skipped, describe_unknown_object, explain_missing_layers
from .array_names import make_layer_name
from .axis_order import get_axis_order
from .layer_roles import COLORS, Role, find_leading, find_roles

MAX_CANDIDATES = 200
"""Layers that are offered."""
MAX_PARTS, MAX_PART_CHARACTERS, MAX_ARRAY_CHARACTERS = 16, 200, 120
MAX_USUAL_SIDE, MAX_LIKELY_SIDE = 15, 32
PICTURE_CHANNELS = range(1, 5)
"""Channels that a picture may have."""
TRANSPOSED_NOTE = (
    "A transposed convolution: the network paints with these filters instead of reading. They are turned to "
    "(out, in, h, w) and not flipped."
)
CONV1D_NOTE = "A 1-D convolution, shown as filters of one row."
MAYBE_TRANSPOSED_REMARK = "may be of a transposed convolution"


@dataclass(frozen=True, slots=True)
class LayerChoice:
    """A layer that was found, how it is read, and its rank: the lowest is shown where none is asked for."""

    candidate: Candidate
    rank: tuple[int, int]
    read: Callable[[], FirstLayer]
    kind: str = FLOAT_DTYPES[0]

    @property
    def can_be_shown(self) -> bool:
        """Whether it is small enough, and of numbers."""
        shape = self.candidate.shape
        return 0 < 4 * prod(shape) <= MAX_BYTES and shape[0] <= MAX_FILTERS and self.kind in FLOAT_DTYPES


def find_choices(contents: Contents) -> list[LayerChoice]:
    """The layers in a file's arrays, in the order of the network. Raises UnreadableWeights where there are none."""
    roles, known = find_roles(contents)
    if contents.missing:
        raise UnreadableWeights(describe_unknown_object(contents.missing))
    if not roles:
        raise UnreadableWeights(explain_missing_layers(contents))
    skipped = describe_skipped(contents)
    leads = _find_confirmed_leading(roles, known)
    ranks = [(role.aside, _rank_role(role, place in leads) + 3 * role.decoder) for place, role in enumerate(roles)]
    rows = zip(roles, ranks, make_unique_names([role.entry.name for role in roles]), strict=True)
    return [
        LayerChoice(_make_candidate(role, name), rank, _make_reader(role, name, skipped), role.entry.kind)
        for role, rank, name in rows
    ]


def list_candidates(choices: Sequence[LayerChoice]) -> tuple[Candidate, ...]:
    """The layers that can be shown, the likeliest first, and the others in their order."""
    able = [choice for choice in choices if choice.can_be_shown]
    if not able:
        choose_likeliest(choices).read()
        raise UnreadableWeights("There is no layer in this file that can be shown.")
    first = choose_likeliest(able)
    others = sorted((choice for choice in able if choice is not first), key=lambda choice: choice.rank[0])
    return tuple(choice.candidate for choice in (first, *others))[:MAX_CANDIDATES]


def choose_likeliest(choices: Sequence[LayerChoice]) -> LayerChoice:
    """The first of the lowest rank."""
    return min(choices, key=lambda choice: choice.rank)


def choose_layer(choices: Sequence[LayerChoice], layer: str | None) -> LayerChoice:
    """The layer of that name, its own or its array's, or the likeliest. Raises UnreadableWeights for another name."""
    if layer is None:
        return choose_likeliest(choices)
    for choice in choices:
        if layer in (choice.candidate.name, choice.candidate.array):
            return choice
    for choice in choices:
        if make_layer_name(layer) == choice.candidate.name:
            return choice
    some = ", ".join(one.name for one in list_candidates(choices)[:5])
    more = f", and {len(choices) - 5:,} others" if len(choices) > 5 else ""
    raise UnreadableWeights(f"There is no layer {quote(layer)} in this file; there are {some}{more}.")


def make_unique_names(arrays: Sequence[str]) -> list[str]:
    """The names of arrays' layers as links write them, each once."""
    taken: set[str] = set()
    names: list[str] = []
    counts: dict[str, int] = {}
    for array in arrays:
        name = plain = make_layer_name(array)
        while name in taken:
            counts[plain] = counts.get(plain, 1) + 1
            end = f"-{counts[plain]}"
            name = plain[: 64 - len(end)] + end
        taken.add(name)
        names.append(name)
    return names


def _rank_role(role: Role, leads: bool) -> int:
    """0 for a layer that reads a picture, 1 to 4 for what is less and less likely to be a first one."""
    filters, _, rows, columns = role.shape
    if role.reads not in PICTURE_CHANNELS or role.flat:
        return 4
    wide = max(rows, columns) if min(rows, columns) > 1 else 1
    if role.is_fixed or wide > MAX_LIKELY_SIDE:
        return 3
    if wide > MAX_USUAL_SIDE:
        return 2
    if leads or (role.reads == COLORS and (rows, columns) != (1, 1)) or (role.reads == 1 and filters == COLORS):
        return 0
    return 1 if role.reads in (1, COLORS) else 2


def _find_confirmed_leading(roles: Sequence[Role], known: bool) -> set[int]:
    """The places of layers that come first and whose maps the next one reads, all of them or each on its own.

    Sorted names may have the filters of each map of a deeper layer before the first one.
    """
    return {
        place
        for place in find_leading(roles)
        if (known or roles[place].reads > 1)
        and not roles[place].depthwise
        and place + 1 < len(roles)
        and _can_follow(roles[place].shape[0], roles[place + 1])
    }


def _can_follow(maps: int, after: Role) -> bool:
    filters, channels = after.shape[:2]
    return channels == maps or (channels == 1 and filters % maps == 0)


def _make_candidate(role: Role, name: str) -> Candidate:
    parts = (*role.entry.parts, *(role.bias.parts if role.bias else ()))
    parts = tuple(dict.fromkeys(parts))
    fit = len(parts) <= MAX_PARTS and all(part.isprintable() and len(part) <= MAX_PART_CHARACTERS for part in parts)
    return Candidate(
        name, role.shape, quote(role.entry.name, MAX_ARRAY_CHARACTERS), _make_remark(role), parts if fit else ()
    )


def _make_remark(role: Role) -> str:
    said = {"keras": "turned from (h, w, C, K)", "mlx": "turned from (K, h, w, C)"}
    flat = {"keras": "turned from (w, C, K)", "mlx": "turned from (K, w, C)"}
    remarks = [
        (flat if role.flat else said).get(role.layout, ""),
        "1-D convolution" if role.flat else "",
        "transposed convolution"
        if role.transposed
        else MAYBE_TRANSPOSED_REMARK
        if role.decoder and role.shape[1] in PICTURE_CHANNELS
        else "",
        f"{role.groups} groups" if role.groups > 1 else "",
    ]
    return ", ".join(filter(None, remarks))


def _make_reader(role: Role, name: str, skipped: tuple[str, ...]) -> Callable[[], FirstLayer]:
    def read() -> FirstLayer:
        check_size(role.entry.name, role.shape)
        check_filter_count(role.entry.name, role.shape[0])
        weight = _reorder_weights(role, read_numbers(role.entry))
        bias = read_numbers(role.bias) if role.bias else None
        notes = (*role.entry.notes(), *_make_notes(role), *skipped)
        return FirstLayer(name, weight, bias, reordered=role.layout == "keras", groups=role.groups, notes=notes)

    return read


def _reorder_weights(role: Role, values: np.ndarray) -> np.ndarray:
    """The numbers of an array as (K, C, h, w)."""
    if role.layout == "keras" and role.groups > 1:
        return np.ascontiguousarray(values.transpose(2, 3, 0, 1)).reshape(role.shape)
    values = values.transpose(get_axis_order(role.layout, values.ndim))
    if role.transposed and role.layout != "mlx":
        values = values.swapaxes(0, 1)
    return np.ascontiguousarray(values).reshape(role.shape)


def _make_notes(role: Role) -> tuple[str, ...]:
    notes = []
    if role.layout == "mlx":
        notes.append("The file keeps them as MLX does, (K, h, w, C); here they are (K, C, h, w).")
    if role.flat:
        notes.append(CONV1D_NOTE)
    if role.transposed:
        notes.append(TRANSPOSED_NOTE)
    if role.groups > 1:
        notes.append(f"Each filter reads one of {role.groups} channels (groups={role.groups}).")
    if role.bias and role.beside:
        notes.append(f"The bias is {quote(role.bias.name)}, which comes next in the file.")
    return (*notes, *(role.bias.notes() if role.bias else ()))
