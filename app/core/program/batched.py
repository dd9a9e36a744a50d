"""The code of a stage for a stack of pictures, as `static/pure/tabs/code/batched.js` writes it.

What PyTorch computes of a whole batch is one call; any other code is a function that is called for each picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WHOLE = re.compile(
    r"y = (F\.(?:conv2d|conv_transpose2d|local_response_norm|interpolate))\(x\[None\](.*)\)\[0\](?:  #.*)?"
)
"""A call that takes a batch: of one picture, whose only result is read."""
_ALIKE = re.compile(
    r"y = ((?:torch\.(?:relu|tanh|sigmoid)|F\.(?:relu6|gelu|silu|hardswish|leaky_relu|max_pool2d|avg_pool2d))\(x\b.*?)"
    r"(?:  #.*)?"
)
"""A call that takes a picture and a batch alike."""


@dataclass(frozen=True, slots=True)
class BatchedCode:
    """The lines of a stage for a stack, and how many stand before those of one picture; 0 where they are one call."""

    lines: tuple[str, ...]
    before: int


def write_batched(text: str, name: str, inputs: Sequence[str], module: str, shape: str) -> BatchedCode:
    """The lines that make `y` of stacks of pictures: of `x`, of a join also of `x2`, `x3` …, named `inputs`.

    `name` is that of the function, `module` that of the library's arrays, `shape` that of the result in words.
    """
    comment = f"  # {shape}"
    found = _WHOLE.fullmatch(text) if module == "torch" else None
    if found and not re.search(r"\bx\b", found[2]):
        return BatchedCode((f"y = {found[1]}(x{found[2]}){comment}",), 0)
    found = _ALIKE.fullmatch(text) if module == "torch" else None
    if found:
        return BatchedCode((f"y = {found[1]}{comment}",), 0)
    body = [f"    {line}" if line else "" for line in text.split("\n")]
    each = f"{name}(one) for one in x" if len(inputs) == 1 else f"{name}(*maps) for maps in zip({', '.join(inputs)})"
    return BatchedCode(
        (f"def {name}({', '.join(inputs)}):", *body, "    return y", f"y = {module}.stack([{each}]){comment}"), 1
    )
