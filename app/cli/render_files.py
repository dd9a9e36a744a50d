"""The work of `convoscope render`: HTML files of one figure, or of all figures in a list."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO
from urllib.parse import urlsplit

from ..addresses import read_host
from ..core.texts import make_text
from ..images.picture import Picture
from ..images.picture_tasks import decode_in_new_process
from ..local_lab import Replacements, compute_figure, split_link
from ..render.offline import make_file_name, render_offline_page, slugify
from ..render.views.response_data import measure_response

NAMED_LINK = re.compile(r"(?P<name>[^?&=]*?):\s+(?P<link>.*)")
COMMENT = re.compile(r"(^|\s)#.*$")
BAR_WIDTH = 28
SUFFIX = ".html"


@dataclass(frozen=True, slots=True)
class FigureRequest:
    """A figure to render: its link, the given name if any, and its line in the list."""

    link: str
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class RenderResult:
    """The result of one request: the file, or a sentence with the error."""

    request: FigureRequest
    file: Path | None = None
    error: str = ""


def read_requests(text: str) -> tuple[FigureRequest, ...]:
    """Read an argument: a link, or the name of a file of links.

    Raises ValueError where it is neither, and OSError.
    """
    if "=" in text or "://" in text or text.strip() in ("", "/"):
        return (FigureRequest(text),)
    if not os.path.isfile(text):
        raise ValueError(str(make_text("not_a_link", text=text)))
    return _decode_list(Path(text).read_bytes(), text)


def read_requests_from_stream(stream: BinaryIO) -> tuple[FigureRequest, ...]:
    """Read a list of links from standard input. Raises ValueError where it is not a list."""
    return _decode_list(stream.read(), str(make_text("standard_input")))


def read_base(text: str) -> str:
    """Read the address of the server to link to, "" for none. Raises ValueError with a sentence."""
    if text and not _is_server_address(text):
        raise ValueError(str(make_text("not_a_base", text=repr(text))))
    return split_link(text)[1]


def _is_server_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = read_host(parts.netloc.encode("idna").decode())
    except ValueError:
        return False
    is_plain = text.isprintable() and not {*text} & {*" \\\"'<>"}
    return is_plain and parts.scheme in ("http", "https") and host is not None


def _decode_list(data: bytes, name: str) -> tuple[FigureRequest, ...]:
    try:
        requests = tuple(parse_list(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise ValueError(str(make_text("not_text", file=name))) from error
    if not requests:
        raise ValueError(str(make_text("empty_list", file=name)))
    return requests


def parse_list(text: str) -> Iterator[FigureRequest]:
    """Parse a list of links, one per line, as `name: link` or the link alone; `#` begins a comment."""
    for number, line in enumerate(text.splitlines(), 1):
        content = COMMENT.sub("", line).strip()
        named = NAMED_LINK.fullmatch(content)
        if named:
            yield FigureRequest(named["link"].strip(), named["name"].strip(), number)
        elif content:
            yield FigureRequest(content, "", number)


def read_picture(file: Path, stretch: bool = False) -> Picture:
    """Read a picture from a file, decoded like an upload. Raises UnreadableFile, a ValueError, and OSError."""
    decoded = decode_in_new_process(file.read_bytes(), stretch)
    return Picture.from_pixels(decoded.pixels, decoded.notes)


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page and the name of its file."""

    html: str
    name: str


def render_page(request: FigureRequest, replacements: Replacements | None = None, base: str = "") -> RenderedPage:
    """Render the page of a figure. `base`, the address of a server, takes precedence over the address in the link.

    Raises ValueError with a sentence for an invalid link.
    """
    query, server = split_link(request.link)
    figure = compute_figure(query, replacements)
    response = measure_response(figure.answer, figure.view, figure.compute)
    html = render_offline_page(
        figure.answer, figure.view, base or server, list_items=lambda _: figure.items, response=response
    )
    name = (
        slugify(request.name.removesuffix(SUFFIX)) + SUFFIX
        if request.name
        else make_file_name(figure.trace, figure.view)
    )
    return RenderedPage(html, name)


def render_one(request: FigureRequest, place: Path, replacements: Replacements | None = None, base: str = "") -> Path:
    """Write the page of a figure to a file, or under its own name into a folder; return the path of the file.

    Raises ValueError with a sentence for an invalid link, and OSError.
    """
    page = render_page(request, replacements, base)
    file = place / page.name if place.is_dir() else place
    file.write_text(page.html, encoding="utf-8")
    return file


def render_all(
    requests: Iterable[FigureRequest], folder: Path, replacements: Replacements | None = None, base: str = ""
) -> Iterator[RenderResult]:
    """Write the pages of all figures; an invalid link does not stop the others."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for request in requests:
        try:
            page = render_page(request, replacements, base)
        except ValueError as error:
            yield RenderResult(request, error=str(error))
            continue
        file = folder / make_unique_name(page.name, taken)
        file.write_text(page.html, encoding="utf-8")
        yield RenderResult(request, file)


def make_unique_name(name: str, taken: set[str], suffix: str = SUFFIX) -> str:
    """Return the name, with a number where another figure of the list has it."""
    stem, unique, number = name.removesuffix(suffix), name, 1
    while unique in taken:
        number += 1
        unique = f"{stem}-{number}{suffix}"
    taken.add(unique)
    return unique


class FileProgressBar:
    """A progress bar of finished figures, drawn only on a terminal."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = total
        self._stream = stream
        self._done = 0

    def advance(self, name: str) -> None:
        """Count one more figure as finished and draw the bar."""
        self._done += 1
        if not self._stream.isatty():
            return
        filled = self._done * BAR_WIDTH // self._total
        bar = f"{'█' * filled}{'░' * (BAR_WIDTH - filled)}"
        self._stream.write(f"\r{bar}  {self._done} of {self._total}  {name[:40]}\x1b[K")
        if self._done == self._total:
            self._stream.write("\n")
        self._stream.flush()
