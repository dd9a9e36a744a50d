"""Convoscope: an image, a filter, and the arithmetic between them, number by number.

In a notebook: `import convoscope`, then `convoscope.show("image=chelsea&layers=conv:sobel-x~relu")` shows the figure
and `convoscope.trace(…)` returns its numbers as NumPy arrays. `convoscope.architecture("resnet-50")` is a table of what
a network costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook import architecture, show, trace

__version__ = "0.1.0"
__all__ = ["__version__", "architecture", "show", "trace"]


def __getattr__(name: str) -> Any:
    """Import the functions when they are first used; the server and `--version` do not need them."""
    if name not in ("architecture", "show", "trace"):
        raise AttributeError(f"convoscope has no {name!r}; it has {', '.join(__all__)}.")
    from . import notebook

    return getattr(notebook, name)


def __dir__() -> list[str]:
    """List the public names, including those not imported yet."""
    return list(__all__)
