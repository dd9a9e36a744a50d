"""What each array with filters is to its network: a convolution, a transposed one, one that reads channels apart."""

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
"""The largest side of a filter of one row or column; arrays of three axes that are longer are no filters."""
COLORS = 3


@dataclass(frozen=True, slots=True)
class Role:
    """A convolution among the arrays of a file.

    `shape` is (K, C, h, w) as it would be shown, `bias` the array of its bias, `beside` says that this bias was told by
    its place alone. `aside` counts what speaks against it being of the model itself, `decoder` says that it belongs to
    the half that makes pictures.
    """

    entry: Entry
    shape: tuple[int, ...]
    layout: str
    bias: Entry | None = None
    beside: bool = False
    groups: int = 1
    transposed: bool = False
    depthwise: bool = False
    aside: int = 0
    decoder: bool = False

    @property
    def reads(self) -> int:
        """Channels that the layer reads."""
        return self.shape[1] * self.groups

    @property
    def is_fixed(self) -> bool:
        """Whether it may be there to shift colors alone: from each channel to itself, cell by cell."""
        return self.shape[2:] == (1, 1) and self.shape[0] == self.shape[1]

    @property
    def flat(self) -> bool:
        """Whether it is a convolution along one axis."""
        return len(self.entry.shape) == 3


def find_roles(contents: Contents) -> tuple[list[Role], bool]:
    """The convolutions in the order in which the network uses them, as far as that is known, and whether it is.

    Raises UnreadableWeights.
    """
    entries = compute_parametrized(contents.entries)
    names = [entry.name for entry in entries]
    known = names != sorted(names)
    kernels = [entry for entry in entries if _can_be_filters(entry)]
    kernels = [one for one in kernels if not _is_optimizer_state(one)]
    if not known:
        kernels.sort(key=lambda entry: make_natural_sort_key(entry.name))
    biases = match_biases(entries, kernels)
    lengths = {name: bias.shape[0] for name, (bias, _) in biases.items()}
    plain = [entry for entry in kernels if not has_running_average_part(_list_name_parts(entry))] or kernels
    layout = guess_layout(plain, lengths, contents.layout)
    stated = any(_is_in_model_state(entry) for entry in kernels)
    roles = [_make_role(entry, layout, biases.get(entry.name), stated) for entry in kernels]
    return _apply_neighbors(roles), known


def _can_be_filters(entry: Entry) -> bool:
    """Whether this array can be filters: four axes, or three and a name that says so; no mean or deviation."""
    if len(entry.shape) not in (3, 4) or is_statistic_name(entry.name) or "parametrizations." in entry.name:
        return False
    if min(entry.shape) < 1:
        return False
    named = is_weights_name(entry.name)
    if len(entry.shape) == 3:
        return (
            named
            and entry.kind in FLOAT_DTYPES
            and max(entry.shape[1:]) <= MAX_1D_SIDE
            and not is_other_layer_name(entry.name)
        )
    return named or prod(entry.shape) > 4


def _list_name_parts(entry: Entry) -> list[str]:
    return [*entry.way, *split_parts(entry.name)]


def _is_optimizer_state(entry: Entry) -> bool:
    return has_optimizer_part(_list_name_parts(entry))


def _is_in_model_state(entry: Entry) -> bool:
    return any(part in STATE_KEYS for part in entry.way)


def _make_role(entry: Entry, layout: str, bias: tuple[Entry, bool] | None, stated: bool) -> Role:
    shape = reorder_shape(entry.shape, layout)
    length = bias[0].shape[0] if bias else None
    depthwise, groups = is_depthwise_name(entry.name), 1
    if layout == "keras" and "depthwise" in entry.name.lower() and len(entry.shape) == 4:
        rows, columns, groups, each = entry.shape
        shape = (groups * each, 1, rows, columns)
    transposed = not groups > 1 and _is_transposed(shape, layout, length, entry.name)
    if transposed and layout != "mlx":
        shape = (shape[1], shape[0], *shape[2:])
    fits = bias if length == shape[0] else None
    aside = (
        (not is_weights_name(entry.name))
        + has_running_average_part(_list_name_parts(entry))
        + (stated and not _is_in_model_state(entry))
    )
    return Role(
        entry,
        shape,
        layout,
        bias=fits[0] if fits else None,
        beside=bool(fits and fits[1]),
        groups=groups,
        transposed=transposed,
        depthwise=depthwise,
        aside=int(aside),
        decoder=transposed or is_decoder_name(".".join([*entry.way, entry.name])),
    )


def _is_transposed(shape: tuple[int, ...], layout: str, bias: int | None, name: str) -> bool:
    """A transposed convolution keeps (in, out, h, w), or (h, w, out, in): its bias is as long as the other axis."""
    filters, channels = shape[:2]
    if bias is not None and filters != channels and layout != "mlx":
        return bias == channels
    return is_transposed_name(name)


def _apply_neighbors(roles: Sequence[Role]) -> list[Role]:
    """What the neighbours of layers tell: networks that make pictures, and filters of one color each."""
    nets: dict[tuple[str, ...], list[Role]] = {}
    for role in roles:
        nets.setdefault(_get_network_name(role), []).append(role)
    backwards = {one.entry.name for net in nets.values() if _is_transposed_chain(net) for one in net}
    found = [_make_transposed(role) if role.entry.name in backwards else role for role in roles]
    for place in find_leading(found):
        if _reads_colors_apart(found, place):
            found[place] = replace(found[place], groups=COLORS)
    return found


def find_leading(roles: Sequence[Role]) -> set[int]:
    """The places of layers before which nothing but fixed shifts of colors comes."""
    begun: set[int] = set()
    found: set[int] = set()
    for place, role in enumerate(roles):
        if role.aside not in begun:
            found.add(place)
        if not role.is_fixed:
            begun.add(role.aside)
    return found


def _get_network_name(role: Role) -> tuple[str, ...]:
    """What a layer's name and the dictionaries around it begin with."""
    return (*role.entry.way, *split_parts(role.entry.name)[:-2][:1])


def _is_transposed_chain(net: Sequence[Role]) -> bool:
    """Whether these are transposed convolutions one after another, of which none has a bias that says so."""
    if any(role.flat or role.bias or role.transposed or role.layout != "torch" for role in net):
        return False
    pairs = list(pairwise(net))
    return bool(pairs) and all(
        one.shape[1] == after.shape[0] and one.shape[0] != after.shape[1] for one, after in pairs
    )


def _make_transposed(role: Role) -> Role:
    shape = (role.shape[1], role.shape[0], *role.shape[2:])
    return replace(role, shape=shape, transposed=True, decoder=True)


def _reads_colors_apart(roles: Sequence[Role], place: int) -> bool:
    """Whether a first layer reads the colors of a picture apart, and not a gray picture."""
    role = roles[place]
    if role.flat or role.transposed or role.groups > 1 or role.shape[1] != 1 or role.shape[0] % COLORS:
        return False
    if any(one.shape[1] == COLORS and max(one.shape[2:]) > 1 for one in roles):
        return False
    after = roles[place + 1] if place + 1 < len(roles) else None
    mixed = after is not None and after.shape[1:] == (COLORS, 1, 1)
    return role.depthwise or (role.shape[0] == COLORS and mixed)
