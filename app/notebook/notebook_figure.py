"""A figure where a notebook shows results: the page in one file, in a frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.trace.trace import Trace
from ..local_lab import ComputedFigure, compute_figure, list_keys, split_link
from ..render.first_paint import make_title
from ..render.offline import make_file_name, render_offline_page
from .cell_output import render_frame_html, render_print_png
from .user_arrays import read_replacements

HEIGHT = 560


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure with all its stages and steps. A notebook shows it in place; `save` makes a file of it.

    It needs no server, no network and nothing of the notebook: what is saved with the notebook is the whole of it.
    """

    shown: ComputedFigure = field(repr=False)
    title: str
    base: str = ""
    height: int = HEIGHT

    @property
    def html(self) -> str:
        """The page in one file."""
        return render_offline_page(self.shown.answer, self.shown.view, self.base)

    def save(self, path: str | Path = "") -> Path:
        """Writes the page, under a name that says what is in it unless another is given; returns where it is."""
        place = Path(path or make_file_name(self._trace, self.shown.view))
        place.write_text(self.html, encoding="utf-8")
        return place

    def _repr_html_(self) -> str:
        """The page in a frame, and a picture inside that element for where the frame is taken away."""
        return render_frame_html(self.shown, self.title, self.base, self.height)

    def _repr_png_(self) -> bytes:
        """The figure at rest, for where a notebook becomes paper and no page can be."""
        return render_print_png(self.shown)

    @property
    def _trace(self) -> Trace:
        trace = self.shown.answer.trace
        assert trace is not None
        return trace


def show(link: str = "", *, image: Any = None, weights: Any = None, height: int = HEIGHT) -> Figure:
    """The figure of a link, for the end of a notebook's cell, as in `show("image=chelsea&layers=conv:sobel-x~relu")`.

    `link` is what stands behind the address of a page, or the whole address. `image` and `weights` are taken as
    `trace` takes them; `height` is in pixels. Raises ValueError, a sentence, for what does not fit.
    """
    if not 100 <= height <= 10_000:
        raise ValueError(f"height is {height}; it can be 100 to 10,000 pixels.")
    query, base = split_link(link)
    found = compute_figure(query, read_replacements(image, weights, list_keys(query)))
    assert found.answer.trace is not None
    there = base if image is None and weights is None else ""  # the server does not have what is given here
    return Figure(found, found.view.title or make_title(found.answer.trace), there, height)
