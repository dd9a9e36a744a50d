"""Convoscope: a picture, a filter, and the arithmetic between them, number by number.

In a notebook: `import convoscope`, then `convoscope.show("image=chelsea&layers=conv:sobel-x~relu")` shows the figure
and `convoscope.trace(…)` gives its numbers as NumPy arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook import show, trace

__version__ = "0.1.0"
__all__ = ["__version__", "show", "trace"]


def __getattr__(name: str) -> Any:
    """`show` and `trace` when they are first used: a server, and whoever asks for the version, need neither."""
    if name not in ("show", "trace"):
        raise AttributeError(f"convoscope has no {name!r}; it has {', '.join(__all__)}.")
    from . import notebook

    return getattr(notebook, name)


def __dir__() -> list[str]:
    """What there is, for whoever asks before using it."""
    return list(__all__)
