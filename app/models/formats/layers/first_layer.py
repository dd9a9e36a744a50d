"""Chooses among the convolutions of a file: those that can be shown, and the likeliest first layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from ....core.texts import Text, make_text
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
"""The most layers that are listed."""
MAX_PARTS, MAX_PART_CHARACTERS, MAX_ARRAY_CHARACTERS = 16, 200, 120
MAX_USUAL_SIDE, MAX_LIKELY_SIDE = 15, 32
PICTURE_CHANNELS = range(1, 5)
"""The numbers of channels of a picture."""
TRANSPOSED_NOTE = make_text("transposed_note")
CONV1D_NOTE = make_text("note_1d")
MAYBE_TRANSPOSED_REMARK = make_text("remark_maybe_transposed")


@dataclass(frozen=True, slots=True)
class LayerChoice:
    """A layer of a file, the function that reads it, and its rank: by default the layer with the lowest is read."""

    candidate: Candidate
    rank: tuple[int, int]
    read: Callable[[], FirstLayer]
    dtype: str = FLOAT_DTYPES[0]

    @property
    def can_be_shown(self) -> bool:
        """Whether it is small enough and made of floats."""
        shape = self.candidate.shape
        return 0 < 4 * prod(shape) <= MAX_BYTES and shape[0] <= MAX_FILTERS and self.dtype in FLOAT_DTYPES


def find_choices(contents: Contents) -> list[LayerChoice]:
    """The layers among a file's arrays, in the order of the network. Raises UnreadableWeights if there are none."""
    roles, is_ordered = find_roles(contents)
    if contents.missing:
        raise UnreadableWeights(describe_unknown_object(contents.missing))
    if not roles:
        raise UnreadableWeights(explain_missing_layers(contents))
    skipped = describe_skipped(contents)
    leading = _find_confirmed_leading(roles, is_ordered)
    ranks = [(role.doubts, _rank_role(role, i in leading) + 3 * role.is_decoder) for i, role in enumerate(roles)]
    rows = zip(roles, ranks, make_unique_names([role.entry.name for role in roles]), strict=True)
    return [
        LayerChoice(_make_candidate(role, name), rank, _make_reader(role, name, skipped), role.entry.dtype)
        for role, rank, name in rows
    ]


def list_candidates(choices: Sequence[LayerChoice]) -> tuple[Candidate, ...]:
    """The layers that can be shown: the likeliest first layer, then the others in their order."""
    showable = [choice for choice in choices if choice.can_be_shown]
    if not showable:
        choose_likeliest(choices).read()  # raises the reason
        raise UnreadableWeights(make_text("no_showable_layer"))
    first = choose_likeliest(showable)
    others = sorted((choice for choice in showable if choice is not first), key=lambda choice: choice.rank[0])
    return tuple(choice.candidate for choice in (first, *others))[:MAX_CANDIDATES]


def choose_likeliest(choices: Sequence[LayerChoice]) -> LayerChoice:
    """The first choice with the lowest rank."""
    return min(choices, key=lambda choice: choice.rank)


def choose_layer(choices: Sequence[LayerChoice], layer: str | None) -> LayerChoice:
    """The choice by its name or its array's name, by default the likeliest. Raises UnreadableWeights for others."""
    if layer is None:
        return choose_likeliest(choices)
    for choice in choices:
        if layer in (choice.candidate.name, choice.candidate.array):
            return choice
    for choice in choices:
        if make_layer_name(layer) == choice.candidate.name:
            return choice
    some = ", ".join(one.name for one in list_candidates(choices)[:5])
    code = "no_such_layer_of_many" if len(choices) > 5 else "no_such_layer"
    raise UnreadableWeights(make_text(code, layer=quote(layer), names=some, others=len(choices) - 5))


def make_unique_names(arrays: Sequence[str]) -> list[str]:
    """The unique names of layers in links, from the names of their arrays."""
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


def _rank_role(role: Role, is_leading: bool) -> int:
    """0 for a layer that reads a picture, up to 4 for one that is unlikely to be the first."""
    filters, _, rows, columns = role.shape
    if role.input_channels not in PICTURE_CHANNELS or role.is_1d:
        return 4
    wide = max(rows, columns) if min(rows, columns) > 1 else 1
    if role.is_color_shift or wide > MAX_LIKELY_SIDE:
        return 3
    if wide > MAX_USUAL_SIDE:
        return 2
    if (
        is_leading
        or (role.input_channels == COLORS and (rows, columns) != (1, 1))
        or (role.input_channels == 1 and filters == COLORS)
    ):
        return 0
    return 1 if role.input_channels in (1, COLORS) else 2


def _find_confirmed_leading(roles: Sequence[Role], is_ordered: bool) -> set[int]:
    """The indices of the layers that come first and whose maps the next layer can read.

    If the names are sorted, a layer of one channel may be a depthwise one of deeper layers.
    """
    return {
        i
        for i in find_leading(roles)
        if (is_ordered or roles[i].input_channels > 1)
        and not roles[i].depthwise
        and i + 1 < len(roles)
        and _can_follow(roles[i].shape[0], roles[i + 1])
    }


def _can_follow(maps: int, next_role: Role) -> bool:
    filters, channels = next_role.shape[:2]
    return channels == maps or (channels == 1 and filters % maps == 0)


def _make_candidate(role: Role, name: str) -> Candidate:
    parts = (*role.entry.parts, *(role.bias.parts if role.bias else ()))
    parts = tuple(dict.fromkeys(parts))
    are_valid = len(parts) <= MAX_PARTS and all(
        part.isprintable() and len(part) <= MAX_PART_CHARACTERS for part in parts
    )
    return Candidate(
        name, role.shape, quote(role.entry.name, MAX_ARRAY_CHARACTERS), _make_remark(role), parts if are_valid else ()
    )


def join_remarks(remarks: Iterable[Text | None]) -> Text | str:
    """All remarks in one text; "" if there are none."""
    joined: Text | str = ""
    for remark in filter(None, remarks):
        joined = make_text("two_remarks", first=joined, second=remark) if joined else remark
    return joined


def _make_remark(role: Role) -> Text | str:
    layouts_2d = {"keras": make_text("remark_hwck"), "mlx": make_text("remark_khwc")}
    layouts_1d = {"keras": make_text("remark_wck"), "mlx": make_text("remark_kwc")}
    remarks = [
        (layouts_1d if role.is_1d else layouts_2d).get(role.layout),
        make_text("remark_1d") if role.is_1d else None,
        make_text("remark_transposed")
        if role.transposed
        else MAYBE_TRANSPOSED_REMARK
        if role.is_decoder and role.shape[1] in PICTURE_CHANNELS
        else None,
        make_text("remark_groups", groups=role.groups) if role.groups > 1 else None,
    ]
    return join_remarks(remarks)


def _make_reader(role: Role, name: str, skipped: tuple[Text, ...]) -> Callable[[], FirstLayer]:
    def read() -> FirstLayer:
        check_size(role.entry.name, role.shape)
        check_filter_count(role.entry.name, role.shape[0])
        weight = _reorder_weights(role, read_numbers(role.entry))
        bias = read_numbers(role.bias) if role.bias else None
        notes = (*role.entry.notes(), *_make_notes(role), *skipped)
        return FirstLayer(name, weight, bias, reordered=role.layout == "keras", groups=role.groups, notes=notes)

    return read


def _reorder_weights(role: Role, values: np.ndarray) -> np.ndarray:
    """The weights as (K, C, h, w)."""
    if role.layout == "keras" and role.groups > 1:
        return np.ascontiguousarray(values.transpose(2, 3, 0, 1)).reshape(role.shape)
    values = values.transpose(get_axis_order(role.layout, values.ndim))
    if role.transposed and role.layout != "mlx":
        values = values.swapaxes(0, 1)
    return np.ascontiguousarray(values).reshape(role.shape)


def _make_notes(role: Role) -> tuple[Text, ...]:
    notes = []
    if role.layout == "mlx":
        notes.append(make_text("mlx_order_note"))
    if role.is_1d:
        notes.append(CONV1D_NOTE)
    if role.transposed:
        notes.append(TRANSPOSED_NOTE)
    if role.groups > 1:
        notes.append(make_text("one_channel_note", channels=role.groups, groups=role.groups))
    if role.bias and role.is_bias_by_position:
        notes.append(make_text("bias_by_position_note", name=quote(role.bias.name)))
    return (*notes, *(role.bias.notes() if role.bias else ()))
