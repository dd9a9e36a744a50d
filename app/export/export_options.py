"""What can be written of a figure, and what can be chosen of each kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from ..core.scene import Pair
from .exported_figure import SHOWS
from .film.film_plan import FILM_SHOWS, USUAL_SECONDS

ExportKind = Literal["gif", "webp", "mp4", "pptx", "svg", "pdf", "latex", "csv", "xlsx", "npz", "safetensors", "json"]
EXPORT_KINDS: tuple[ExportKind, ...] = get_args(ExportKind)
FILM_SIZE, LEAST_SIDE, MOST_SIDE = (1280, 720), 160, 3840
ASPECTS = ("16:9", "4:3")
PAPERS = ("A4", "letter")
PDF_SHOWS = (*SHOWS, "stages")
"""A PDF can have the figures of all stages on one page, too."""
VALUES = ("map", "step")
MOST_BLANK = 144


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file: its suffix, its media type, and the options that it has."""

    suffix: str
    media_type: str
    options: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()


FILM_OPTIONS = ("show", "pace", "width", "height", "seconds", "repeat", "blank")
PPTX_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[ExportKind, FileFormat] = MappingProxyType(
    {
        "gif": FileFormat(".gif", "image/gif", FILM_OPTIONS, FILM_SHOWS),
        "webp": FileFormat(".webp", "image/webp", FILM_OPTIONS, FILM_SHOWS),
        "mp4": FileFormat(".mp4", "video/mp4", FILM_OPTIONS, FILM_SHOWS),
        "pptx": FileFormat(".pptx", PPTX_TYPE, ("show", "aspect", "blank"), SHOWS),
        "svg": FileFormat(".svg", "image/svg+xml", ("blank",)),
        "pdf": FileFormat(".pdf", "application/pdf", ("show", "blank", "paper"), PDF_SHOWS),
        "latex": FileFormat("-latex.zip", "application/zip", ("show", "blank"), SHOWS),
        "csv": FileFormat(".csv", "text/csv; charset=utf-8", ("values",)),
        "xlsx": FileFormat(".xlsx", XLSX_TYPE),
        "npz": FileFormat(".npz", "application/zip"),
        "safetensors": FileFormat(".safetensors", "application/octet-stream"),
        "json": FileFormat(".json", "application/json"),
    }
)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What was chosen for a file. `show` "" is what is usual for its kind, `pace` "" for what it shows.

    `size` is (width, height) of a film in pixels and `seconds` its greatest length. `blank` are the (row, column) of
    cells of the output that stay empty: a PDF with some is a worksheet with its key, on a `paper`. `values` is what a
    CSV file has: the map or the step in view.
    """

    kind: ExportKind
    show: str = ""
    pace: str = ""
    size: Pair = FILM_SIZE
    seconds: float = USUAL_SECONDS
    repeat: bool = True
    aspect: str = ASPECTS[0]
    blank: tuple[Pair, ...] = ()
    paper: str = PAPERS[0]
    values: str = VALUES[0]

    @property
    def format(self) -> FileFormat:
        """Its kind of file."""
        return FORMATS[self.kind]


@dataclass(frozen=True, slots=True)
class ExportLimits:
    """The most that one film may be: frames, and pixels of all of them together."""

    frames: int = 600
    pixels: int = 700_000_000


ANY_LENGTH = ExportLimits(100_000, 10**13)
"""On one's own machine a film may be as long as one likes."""
ENDINGS: Mapping[str, ExportKind] = MappingProxyType(
    {".zip": "latex", **{row.suffix: kind for kind, row in FORMATS.items() if kind != "latex"}}
)
"""The kinds of files by the endings of their names."""


def find_file_kind(name: str) -> ExportKind | None:
    """Find the kind of a file by the ending of its name; None for HTML and any other."""
    return next((kind for ending, kind in ENDINGS.items() if name.lower().endswith(ending)), None)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that was written: its name, media type and bytes."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FilmEstimate:
    """What a film will be: its pictures, its seconds, about how many bytes, and the links of the first and the middle
    step.
    """

    frames: int
    seconds: float
    bytes: int
    first: str
    middle: str
