"""Prices a network: a known one by its name, or any pattern of layers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..arrays import Shape
from ..link.coerce import find_near_name
from ..link.syntax import parse_whole
from ..messages import join_names, quote_text
from ..operation_table import find_operation
from ..problems import make_problem
from ..texts import Text, make_text
from ..weights.pretrained import TrainedModels
from .architecture_error import ArchitectureError
from .chain_plan import MOST_CHANNELS, MOST_SIDE, plan_parts
from .counting import price_stages
from .nets.net_definition import NetDefinition, NetPart
from .nets.net_table import NETS
from .pattern import unfold_pattern
from .priced_stage import PricedStage, PriceTotals, add_up

DEFAULT_SHAPE: Shape = (3, 224, 224)
"""The input of a pattern where none is given."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Architecture:
    """A priced network: its stages, the input first, and their totals.

    `name`, `title`, `version` and `source` are those of a known network, "" for a pattern. `pattern` is how it is
    written, and `layers` the same unfolded, in the words of links.
    """

    name: str
    title: str
    version: Text | str
    source: str
    pattern: str
    layers: tuple[str, ...]
    stages: tuple[PricedStage, ...]
    totals: PriceTotals

    @property
    def input(self) -> Shape:
        """(channels, rows, columns) of the input."""
        return self.stages[0].shape

    @property
    def output(self) -> Shape:
        """(channels, rows, columns) of the last stage."""
        return self.stages[-1].shape


def price_net(net: str, input: str, trained: TrainedModels) -> Architecture:
    """The prices of a known network, by its name, or of a pattern, on an input that is written as in links.

    `input` is one side, rows x columns, or channels x rows x columns; "" is the network's own, for a pattern 3 × 224 ×
    224. Raises ArchitectureError.
    """
    known = find_net(net)
    definition = known or NetDefinition("", "", "", "", DEFAULT_SHAPE, (NetPart("", net.strip()),))
    return price_definition(definition, read_input(input, definition.shape), trained)


def count_layers(net: str) -> int:
    """How many layers the prices of a network or a pattern are made of. Raises ArchitectureError for a bad pattern."""
    known = find_net(net)
    return sum(len(unfold_pattern(part)) for part in ([one.pattern for one in known.parts] if known else [net]))


def price_definition(net: NetDefinition, shape: Shape, trained: TrainedModels) -> Architecture:
    """The prices of a network on an input of `shape` (C, H, W). Raises ArchitectureError."""
    planned = plan_parts(net.parts, shape, trained)
    stages = price_stages(planned.stages, shape)
    version = net.version_text if net.name else ""
    return Architecture(net.name, net.title, version, net.source, net.pattern, planned.layers, stages, add_up(stages))


def find_net(text: str) -> NetDefinition | None:
    """The known network of that name, None for a pattern. Raises ArchitectureError for a name that is neither."""
    name = text.strip()
    found = NETS.get(name.lower())
    if found or not _NAME.fullmatch(name) or find_operation(name):
        return found
    near = find_near_name(name, NETS)
    hints = (make_text("near_name", used=near),) if near else ()
    problem = make_problem("net_unknown", "net", quote_text(name), join_names(NETS), *hints)
    raise ArchitectureError(problem, is_unknown=True)


def read_input(text: str, default: Shape) -> Shape:
    """The shape (C, H, W) of an input: `224`, `224x192` with the channels of `default`, or `3x224x224`.

    Raises ArchitectureError.
    """
    if not text.strip():
        return default
    parts = [parse_whole(part.strip()) for part in text.strip().lower().replace("×", "x").split("x")]
    sizes = [part for part in parts if part is not None]
    shape = {1: (default[0], *sizes * 2), 2: (default[0], *sizes), 3: tuple(sizes)}.get(len(sizes), ())
    most = (MOST_CHANNELS, MOST_SIDE, MOST_SIDE)
    if len(sizes) != len(parts) or not shape or any(not 1 <= n <= m for n, m in zip(shape, most, strict=True)):
        allowed = make_text("net_input_allowed", maps=MOST_CHANNELS, side=MOST_SIDE)
        raise ArchitectureError(make_problem("net_input", "input", quote_text(text), allowed))
    channels, rows, columns = shape
    return channels, rows, columns
