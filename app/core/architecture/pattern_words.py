"""The words that a layer of a pattern may have beyond those of links: stages counted back, and `bias=none`.

`add:-3` and `from=-3` count back from the layer itself: -1 is the layer before it. So a group may be repeated, and
every repetition reads its own stages. A plain number is the same stage in every repetition, counted from the input, 0.
`bias=none` makes a convolution or a fully connected layer without biases, as PyTorch's `bias=False`; a link has no word
for it, since a bias of 0 gives the same numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..link.syntax import split_outside_parentheses
from ..messages import quote_text
from ..operation_table import find_operation
from ..texts import make_text
from .architecture_error import make_net_error
from .pattern import PatternLayer

WITHOUT_BIAS = "bias=none"
_BACK = re.compile(r"(?<![\w.])-(\d+)")


@dataclass(frozen=True, slots=True)
class LinkWords:
    """A layer of a pattern in the words of links; `has_bias` is False for one that said `bias=none`."""

    text: str
    has_bias: bool = True


def translate_layer(layer: PatternLayer, number: int) -> LinkWords:
    """The layer in the words of links, as stage `number`. Raises ArchitectureError where it counts back too far."""
    if WITHOUT_BIAS not in layer.text and "-" not in layer.text:
        return LinkWords(layer.text)
    first, *options = split_outside_parentheses(layer.text, ",")
    name, colon, head = first.partition(":")
    row = find_operation(name)
    if colon and row and row.join:
        first = f"{name}:{_count_from_input(head, layer, number)}"
    biases = [option for option in options if option.startswith("bias=")] if _can_have_bias(name) else []
    has_bias = biases[-1:] != [WITHOUT_BIAS]  # the last one counts, as in links
    dropped = [option for option in biases if option == WITHOUT_BIAS or not has_bias]
    kept = [
        _count_from_input(option, layer, number) if option.startswith("from=") else option
        for option in options
        if option not in dropped
    ]
    return LinkWords(",".join((first, *kept)), has_bias)


def _can_have_bias(operation: str) -> bool:
    row = find_operation(operation)
    return row is not None and row.kind in ("conv", "linear")


def _count_from_input(text: str, layer: PatternLayer, number: int) -> str:
    """The text with every stage that is counted back written as its number from the input."""

    def replace_one(found: re.Match[str]) -> str:
        back = int(found[1][:9])
        if not 1 <= back <= number:
            allowed = make_text("net_back", most=number)
            quoted = quote_text(layer.text)
            raise make_net_error("net_reference", back, allowed, written=quoted, number=number, position=layer.position)
        return str(number - back)

    return _BACK.sub(replace_one, text)
