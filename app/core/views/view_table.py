"""The table operation × view: whether a view has something to show for a stage, or which sentence stands in its place.

A stage of the Trace says what its operation lacks (`missing`), and `TABS.instead` in
`static/pure/strings/tab-strings.js` has the sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

ViewName = Literal["equation", "neuron", "matrix", "field", "function", "code", "network", "occlusion"]
Missing = Literal[
    "input", "no_neuron", "no_matrix", "many_inputs", "pooled", "shares", "joined", "moved", "chance", "neighbors"
]
"""Why a view shows nothing. `input`: the picture is computed from nothing. `no_neuron`, `no_matrix`: the layer has no
weights of its own. The others say why no curve over one number gives a cell: it is a sum of `many_inputs`, or `pooled`
from a window, one of the `shares` of a whole, `joined` from several stages, `moved` here and not changed, left to
`chance`, or divided by what its `neighbors` hold."""
VIEW_NAMES: tuple[ViewName, ...] = (
    *("equation", "neuron", "matrix", "field", "function", "code", "network", "occlusion"),
)
"""The views in the order in which they stand below the figure."""

_WEIGHTED = ("", "", "", "", "many_inputs", "", "", "")
_POOL = ("", "no_neuron", "no_matrix", "", "pooled", "", "", "")
_CURVE = ("", "no_neuron", "no_matrix", "", "", "", "", "")
_MOVED = ("", "no_neuron", "no_matrix", "", "moved", "", "", "")
_JOIN = ("", "no_neuron", "no_matrix", "", "joined", "", "", "")
_ROWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        #         equation neuron matrix field function code network occlusion
        "input": ("", "input", "input", "input", "input", "", "", ""),
        "conv": _WEIGHTED,
        "convtranspose": _WEIGHTED,
        "linear": _WEIGHTED,
        "relu": _CURVE,
        "leaky_relu": _CURVE,
        "relu6": _CURVE,
        "gelu": _CURVE,
        "silu": _CURVE,
        "hardswish": _CURVE,
        "step": _CURVE,
        "sigmoid": _CURVE,
        "tanh": _CURVE,
        "abs": _CURVE,
        "batchnorm": _CURVE,
        "softmax": ("", "no_neuron", "no_matrix", "", "shares", "", "", ""),
        "lrn": ("", "no_neuron", "no_matrix", "", "neighbors", "", "", ""),
        "dropout": ("", "no_neuron", "no_matrix", "", "chance", "", "", ""),
        "maxpool": _POOL,
        "avgpool": _POOL,
        "minpool": _POOL,
        "l2pool": _POOL,
        "globalavgpool": _POOL,
        "globalmaxpool": _POOL,
        "mean": _POOL,
        "upsample": _MOVED,
        "center": ("", "no_neuron", "no_matrix", "", "many_inputs", "", "", ""),
        "pad": _MOVED,
        "shift": _MOVED,
        "flatten": _MOVED,
        "prepare": ("", "no_neuron", "no_matrix", "", "many_inputs", "", "", ""),
        "add": _JOIN,
        "concat": _JOIN,
        "mul": _JOIN,
        "model": ("",) * len(VIEW_NAMES),  # it is unfolded before there is a stage of it
    }
)


def list_missing_views(operation: str) -> dict[str, str]:
    """The views that have nothing to show for an operation, each with the reason (see `Missing`).

    Raises KeyError for an operation that the table lacks.
    """
    return {view: reason for view, reason in zip(VIEW_NAMES, _ROWS[operation], strict=True) if reason}


def has_view(operation: str, view: str) -> bool:
    """Whether a view has something to show for an operation; no view ("") shows nothing."""
    return view in VIEW_NAMES and view not in list_missing_views(operation)
