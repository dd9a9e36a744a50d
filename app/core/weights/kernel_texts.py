"""Titles and sentences of the classic filters, which a stage says of its own ones."""

from __future__ import annotations

from collections.abc import Sequence

from ..scene import Filter, NamedFilter
from ..texts import add_catalogue, make_text, write_message
from .kernels import KERNELS, find_kernel

KERNEL_TEXTS = add_catalogue(
    {
        **{f"title_{kernel.name}": kernel.title for kernel in KERNELS},
        **{f"sentence_{kernel.name}": kernel.sentence for kernel in KERNELS},
    }
)


def list_kernel_names(filters: Sequence[Filter]) -> tuple[str, ...]:
    """The names of the classic filters among several of a layer, each once, in their order; () of one alone."""
    names = (one.name for one in filters if isinstance(one, NamedFilter) and len(filters) > 1)
    return tuple(dict.fromkeys(name for name in names if find_kernel(name)))


def write_kernel(name: str) -> dict[str, str]:
    """The title and the sentence of a classic filter, in the current language."""
    return {part: write_message(make_text(f"{part}_{name}")) for part in ("title", "sentence")}
