"""Finds the convolutions among the arrays of a file, and whether they are transposed, depthwise, or of a decoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod

from ..entries import FLOAT_DTYPES, Contents, Entry
from .array_names import (
    STATE_KEYS,
    has_optimizer_part,
    has_running_average_part,
    is_decoder_name,
    is_depthwise_name,
    is_other_layer_name,
    is_statistic_name,
    is_transposed_name,
    is_weights_name,
    make_natural_sort_key,
    split_parts,
)
from .axis_order import guess_layout, reorder_shape
from .bias_matching import match_biases
from .parametrizations import compute_parametrized

MAX_1D_SIDE = 1_024
"""The largest side of a 1-D filter; longer arrays of three axes are not filters."""
COLORS = 3


@dataclass(frozen=True, slots=True)
class Role:
    """A convolution among the arrays of a file.

    `shape` is (K, C, h, w) as it is shown, `bias` the array of its bias, `is_bias_by_position` says that the bias was
    found by its position alone. `doubts` counts the reasons why it may not belong to the model itself, `is_decoder`
    says that it belongs to a network that makes pictures.
    """

    entry: Entry
    shape: tuple[int, ...]
    layout: str
    bias: Entry | None = None
    is_bias_by_position: bool = False
    groups: int = 1
    transposed: bool = False
    depthwise: bool = False
    doubts: int = 0
    is_decoder: bool = False

    @property
    def input_channels(self) -> int:
        """The number of channels that the layer reads."""
        return self.shape[1] * self.groups

    @property
    def is_color_shift(self) -> bool:
        """Whether it may only shift colors: 1 × 1, with as many filters as channels."""
        return self.shape[2:] == (1, 1) and self.shape[0] == self.shape[1]

    @property
    def is_1d(self) -> bool:
        """Whether it is a 1-D convolution."""
        return len(self.entry.shape) == 3


def find_roles(contents: Contents) -> tuple[list[Role], bool]:
    """The convolutions in the order of the network as far as it is known, and whether it is. Raises UnreadableWeights.

    If the file sorts its arrays by name, their natural order is used.
    """
    entries = compute_parametrized(contents.entries)
    names = [entry.name for entry in entries]
    is_ordered = names != sorted(names)
    kernels = [entry for entry in entries if _can_be_filters(entry)]
    kernels = [one for one in kernels if not _is_optimizer_state(one)]
    if not is_ordered:
        kernels.sort(key=lambda entry: make_natural_sort_key(entry.name))
    biases = match_biases(entries, kernels)
    lengths = {name: bias.shape[0] for name, (bias, _) in biases.items()}
    plain = [entry for entry in kernels if not has_running_average_part(_list_name_parts(entry))] or kernels
    layout = guess_layout(plain, lengths, contents.layout)
    has_state = any(_is_in_model_state(entry) for entry in kernels)
    roles = [_make_role(entry, layout, biases.get(entry.name), has_state) for entry in kernels]
    return _apply_neighbors(roles), is_ordered


def _can_be_filters(entry: Entry) -> bool:
    """Whether an array can be filters: four axes, or three and a name of weights; no statistic."""
    if len(entry.shape) not in (3, 4) or is_statistic_name(entry.name) or "parametrizations." in entry.name:
        return False
    if min(entry.shape) < 1:
        return False
    named = is_weights_name(entry.name)
    if len(entry.shape) == 3:
        return (
            named
            and entry.dtype in FLOAT_DTYPES
            and max(entry.shape[1:]) <= MAX_1D_SIDE
            and not is_other_layer_name(entry.name)
        )
    return named or prod(entry.shape) > 4


def _list_name_parts(entry: Entry) -> list[str]:
    return [*entry.wrappers, *split_parts(entry.name)]


def _is_optimizer_state(entry: Entry) -> bool:
    return has_optimizer_part(_list_name_parts(entry))


def _is_in_model_state(entry: Entry) -> bool:
    return any(part in STATE_KEYS for part in entry.wrappers)


def _make_role(entry: Entry, layout: str, bias: tuple[Entry, bool] | None, has_state: bool) -> Role:
    shape = reorder_shape(entry.shape, layout)
    length = bias[0].shape[0] if bias else None
    depthwise, groups = is_depthwise_name(entry.name), 1
    if layout == "keras" and "depthwise" in entry.name.lower() and len(entry.shape) == 4:
        rows, columns, groups, each = entry.shape
        shape = (groups * each, 1, rows, columns)
    transposed = not groups > 1 and _is_transposed(shape, layout, length, entry.name)
    if transposed and layout != "mlx":
        shape = (shape[1], shape[0], *shape[2:])
    matching = bias if length == shape[0] else None
    doubts = (
        (not is_weights_name(entry.name))
        + has_running_average_part(_list_name_parts(entry))
        + (has_state and not _is_in_model_state(entry))
    )
    return Role(
        entry,
        shape,
        layout,
        bias=matching[0] if matching else None,
        is_bias_by_position=bool(matching and matching[1]),
        groups=groups,
        transposed=transposed,
        depthwise=depthwise,
        doubts=int(doubts),
        is_decoder=transposed or is_decoder_name(".".join([*entry.wrappers, entry.name])),
    )


def _is_transposed(shape: tuple[int, ...], layout: str, bias: int | None, name: str) -> bool:
    """A transposed convolution is stored as (in, out, h, w) or (h, w, out, in): its bias belongs to the other axis."""
    filters, channels = shape[:2]
    if bias is not None and filters != channels and layout != "mlx":
        return bias == channels
    return is_transposed_name(name)


def _apply_neighbors(roles: Sequence[Role]) -> list[Role]:
    """Corrects roles by their neighbors: chains of transposed convolutions, and first layers with one group a color."""
    networks: dict[tuple[str, ...], list[Role]] = {}
    for role in roles:
        networks.setdefault(_get_network_name(role), []).append(role)
    transposed = {one.entry.name for chain in networks.values() if _is_transposed_chain(chain) for one in chain}
    corrected = [_make_transposed(role) if role.entry.name in transposed else role for role in roles]
    for i in find_leading(corrected):
        if _reads_colors_apart(corrected, i):
            corrected[i] = replace(corrected[i], groups=COLORS)
    return corrected


def find_leading(roles: Sequence[Role]) -> set[int]:
    """The indices of the layers before which there are only color shifts."""
    started: set[int] = set()
    leading: set[int] = set()
    for i, role in enumerate(roles):
        if role.doubts not in started:
            leading.add(i)
        if not role.is_color_shift:
            started.add(role.doubts)
    return leading


def _get_network_name(role: Role) -> tuple[str, ...]:
    """The keys around a layer and the first part of its name."""
    return (*role.entry.wrappers, *split_parts(role.entry.name)[:-2][:1])


def _is_transposed_chain(net: Sequence[Role]) -> bool:
    """Whether these layers fit one another only as transposed convolutions, and no bias shows it."""
    if any(role.is_1d or role.bias or role.transposed or role.layout != "torch" for role in net):
        return False
    pairs = list(pairwise(net))
    return bool(pairs) and all(
        one.shape[1] == after.shape[0] and one.shape[0] != after.shape[1] for one, after in pairs
    )


def _make_transposed(role: Role) -> Role:
    shape = (role.shape[1], role.shape[0], *role.shape[2:])
    return replace(role, shape=shape, transposed=True, is_decoder=True)


def _reads_colors_apart(roles: Sequence[Role], index: int) -> bool:
    """Whether a first layer of one channel reads the colors of a picture separately, not a gray picture."""
    role = roles[index]
    if role.is_1d or role.transposed or role.groups > 1 or role.shape[1] != 1 or role.shape[0] % COLORS:
        return False
    if any(one.shape[1] == COLORS and max(one.shape[2:]) > 1 for one in roles):
        return False
    next_role = roles[index + 1] if index + 1 < len(roles) else None
    is_mixed = next_role is not None and next_role.shape[1:] == (COLORS, 1, 1)
    return role.depthwise or (role.shape[0] == COLORS and is_mixed)
