"""The figure as the result of a notebook cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.trace.trace import Trace
from ..export.export_options import ANY_LENGTH, ExportKind, find_file_kind
from ..export.exported_figure import ExportedFigure
from ..export.option_reader import read_options
from ..local_lab import ComputedFigure, compute_figure, list_keys, split_link
from ..render.offline import make_file_name, render_offline_page
from ..render.stage_texts import make_title
from ..render.views.response_data import measure_response
from .cell_output import render_frame_html, render_print_png
from .user_arrays import read_replacements

HEIGHT = 560


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure with all its stages and steps. A notebook shows it in the cell; `save` writes it to a file.

    It needs no server and no network: the saved notebook contains the whole figure.
    """

    computed: ComputedFigure = field(repr=False)
    title: str
    base: str = ""
    height: int = HEIGHT

    @property
    def html(self) -> str:
        """The offline page."""
        figure = self.computed
        response = measure_response(figure.answer, figure.view, figure.compute)
        return render_offline_page(
            figure.answer, figure.view, self.base, list_items=lambda _: figure.items, response=response
        )

    def save(self, path: str | Path = "", **options: object) -> Path:
        """Write the figure to `path`, by default as a page with a name made from its layers; return the path.

        The ending of the name says what it becomes: `.html`, a film `.gif`, `.webp`, `.mp4`, slides `.pptx`, `.svg`,
        `.pdf`, LaTeX `.zip`, or its numbers as `.csv`, `.xlsx`, `.npz`, `.safetensors`, `.json`. `options` are those of
        `/api/export`, such as `save("step.gif", show="step", seconds=6)`. Raises ValueError with a sentence.
        """
        file = Path(path or make_file_name(self._trace, self.computed.view))
        if kind := find_file_kind(file.name):
            made = self._export(kind, {name: str(value) for name, value in options.items()})
            file.write_bytes(made)
        elif options:
            raise ValueError(f"A page has no options; the name {file.name} ends with no other kind of file.")
        else:
            file.write_text(self.html, encoding="utf-8")
        return file

    def _export(self, kind: ExportKind, given: Mapping[str, str]) -> bytes:
        from ..export.export_writer import write_export  # it loads the libraries of all kinds of files

        options, problems = read_options(kind, given)
        if problems:
            raise ValueError("\n".join(problem.message for problem in problems))
        figure = self.computed
        curve = measure_response(figure.answer, figure.view, figure.compute).curve
        exported = ExportedFigure.from_answer(figure.answer, figure.view, self.base, curve)
        return write_export(exported, options, ANY_LENGTH).data

    def _repr_html_(self) -> str:
        """The page in a frame, with a PNG for where the frame is removed."""
        return render_frame_html(self.computed, self.title, self.base, self.height)

    def _repr_png_(self) -> bytes:
        """The PNG, for print and other formats without HTML."""
        return render_print_png(self.computed)

    @property
    def _trace(self) -> Trace:
        return self.computed.trace


def show(
    link: str = "", *, image: Any = None, weights: Any = None, rows: Sequence[str] | None = None, height: int = HEIGHT
) -> Figure:
    """Show the figure of a link in the cell, as in `show("image=chelsea&layers=conv:sobel-x~relu")`.

    `link` is the query string of a page, or the whole address. `image`, `weights` and `rows` are those of `trace`;
    `height` is in pixels. Raises ValueError with a sentence for an invalid argument.
    """
    if not 100 <= height <= 10_000:
        raise ValueError(f"height is {height}; it can be 100 to 10,000 pixels.")
    query, base = split_link(link)
    computed = compute_figure(query, read_replacements(image, weights, list_keys(query), rows))
    base = base if image is None and weights is None else ""  # the server does not have the given arrays
    return Figure(computed, computed.view.title or make_title(computed.trace), base, height)
