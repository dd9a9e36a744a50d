"""All known networks by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ...texts import add_catalogue
from .branching_nets import BRANCHING_NETS
from .first_nets import FIRST_NETS
from .net_definition import NetDefinition
from .residual_nets import RESIDUAL_NETS

NETS: Mapping[str, NetDefinition] = MappingProxyType(
    {net.name: net for net in (*FIRST_NETS, *BRANCHING_NETS, *RESIDUAL_NETS)}
)
"""The networks, in the order of their lists."""
NET_TEXTS = add_catalogue({net.version_code: net.version for net in NETS.values()})
