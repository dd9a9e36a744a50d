"""What each array with filters is to its network: a convolution, a transposed one, one that reads channels apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod

from ..entries import FLOATS, Contents, Entry
from .array_names import (
    WRAPPERS,
    in_order,
    is_copy,
    is_optimizer,
    is_statistic,
    is_weights,
    says_decoder,
    says_depthwise,
    says_no_convolution,
    says_transposed,
    words,
)
from .axis_order import layout_of, turned
from .bias_matching import biases_of
from .parametrizations import composed

MOST_LENGTH = 1_024
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


def roles_in(contents: Contents) -> tuple[list[Role], bool]:
    """The convolutions in the order in which the network uses them, as far as that is known, and whether it is.

    Raises UnreadableWeights.
    """
    entries = composed(contents.entries)
    names = [entry.name for entry in entries]
    known = names != sorted(names)
    kernels = [entry for entry in entries if _may_be(entry)]
    kernels = [one for one in kernels if not _of_optimizer(one)]
    if not known:
        kernels.sort(key=lambda entry: in_order(entry.name))
    biases = biases_of(entries, kernels)
    lengths = {name: bias.shape[0] for name, (bias, _) in biases.items()}
    plain = [entry for entry in kernels if not is_copy(_parts(entry))] or kernels
    layout = layout_of(plain, lengths, contents.layout)
    stated = any(_in_state(entry) for entry in kernels)
    roles = [_role(entry, layout, biases.get(entry.name), stated) for entry in kernels]
    return _by_neighbours(roles), known


def _may_be(entry: Entry) -> bool:
    """Whether this array can be filters: four axes, or three and a name that says so; no mean or deviation."""
    if len(entry.shape) not in (3, 4) or is_statistic(entry.name) or "parametrizations." in entry.name:
        return False
    if min(entry.shape) < 1:
        return False
    named = is_weights(entry.name)
    if len(entry.shape) == 3:
        return (
            named
            and entry.kind in FLOATS
            and max(entry.shape[1:]) <= MOST_LENGTH
            and not says_no_convolution(entry.name)
        )
    return named or prod(entry.shape) > 4


def _parts(entry: Entry) -> list[str]:
    return [*entry.way, *words(entry.name)]


def _of_optimizer(entry: Entry) -> bool:
    return is_optimizer(_parts(entry))


def _in_state(entry: Entry) -> bool:
    return any(part in WRAPPERS for part in entry.way)


def _role(entry: Entry, layout: str, bias: tuple[Entry, bool] | None, stated: bool) -> Role:
    shape = turned(entry.shape, layout)
    length = bias[0].shape[0] if bias else None
    depthwise, groups = says_depthwise(entry.name), 1
    if layout == "keras" and "depthwise" in entry.name.lower() and len(entry.shape) == 4:
        rows, columns, groups, each = entry.shape
        shape = (groups * each, 1, rows, columns)
    transposed = not groups > 1 and _is_transposed(shape, layout, length, entry.name)
    if transposed and layout != "mlx":
        shape = (shape[1], shape[0], *shape[2:])
    fits = bias if length == shape[0] else None
    aside = (not is_weights(entry.name)) + is_copy(_parts(entry)) + (stated and not _in_state(entry))
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
        decoder=transposed or says_decoder(".".join([*entry.way, entry.name])),
    )


def _is_transposed(shape: tuple[int, ...], layout: str, bias: int | None, name: str) -> bool:
    """A transposed convolution keeps (in, out, h, w), or (h, w, out, in): its bias is as long as the other axis."""
    filters, channels = shape[:2]
    if bias is not None and filters != channels and layout != "mlx":
        return bias == channels
    return says_transposed(name)


def _by_neighbours(roles: Sequence[Role]) -> list[Role]:
    """What the neighbours of layers tell: networks that make pictures, and filters of one color each."""
    nets: dict[tuple[str, ...], list[Role]] = {}
    for role in roles:
        nets.setdefault(_net(role), []).append(role)
    backwards = {one.entry.name for net in nets.values() if _goes_backwards(net) for one in net}
    found = [_swapped(role) if role.entry.name in backwards else role for role in roles]
    for place in leading(found):
        if _one_a_color(found, place):
            found[place] = replace(found[place], groups=COLORS)
    return found


def leading(roles: Sequence[Role]) -> set[int]:
    """The places of layers before which nothing but fixed shifts of colors comes."""
    begun: set[int] = set()
    found: set[int] = set()
    for place, role in enumerate(roles):
        if role.aside not in begun:
            found.add(place)
        if not role.is_fixed:
            begun.add(role.aside)
    return found


def _net(role: Role) -> tuple[str, ...]:
    """What a layer's name and the dictionaries around it begin with."""
    return (*role.entry.way, *words(role.entry.name)[:-2][:1])


def _goes_backwards(net: Sequence[Role]) -> bool:
    """Whether these are transposed convolutions one after another, of which none has a bias that says so."""
    if any(role.flat or role.bias or role.transposed or role.layout != "torch" for role in net):
        return False
    pairs = list(pairwise(net))
    return bool(pairs) and all(
        one.shape[1] == after.shape[0] and one.shape[0] != after.shape[1] for one, after in pairs
    )


def _swapped(role: Role) -> Role:
    shape = (role.shape[1], role.shape[0], *role.shape[2:])
    return replace(role, shape=shape, transposed=True, decoder=True)


def _one_a_color(roles: Sequence[Role], place: int) -> bool:
    """Whether a first layer reads the colors of a picture apart, and not a gray picture."""
    role = roles[place]
    if role.flat or role.transposed or role.groups > 1 or role.shape[1] != 1 or role.shape[0] % COLORS:
        return False
    if any(one.shape[1] == COLORS and max(one.shape[2:]) > 1 for one in roles):
        return False
    after = roles[place + 1] if place + 1 < len(roles) else None
    mixed = after is not None and after.shape[1:] == (COLORS, 1, 1)
    return role.depthwise or (role.shape[0] == COLORS and mixed)
