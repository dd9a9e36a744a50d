"""Figures into files, as `convoscope render` does: one, or all of a list."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO
from urllib.parse import urlsplit

from ..addresses import read_host
from ..images.picture import Picture
from ..images.picture_tasks import decode_in_new_process
from ..local_lab import Own, query_in, shown
from ..render.offline import file_name, offline_page, slug

NAMED = re.compile(r"(?P<name>[^?&=]*?):\s+(?P<scene>.*)")
COMMENT = re.compile(r"(^|\s)#.*$")
NEITHER = "{text} is neither a link, such as image=chelsea&layers=conv:sobel-x, nor a file of links."
EMPTY = "{file} holds no links: it should have one a line."
NO_TEXT = "{file} is no text in UTF-8, so it is no list of links."
STANDARD_INPUT = "standard input"
BAD_BASE = (
    "--base is {text!r}; it has to be the address of a server, with http or https, its host and, if need be, a path: "
    "https://lab.example.org/convoscope/."
)
WIDTH = 28
ENDING = ".html"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure that is to be a file: its link, the name it was given if any, and the line that it stands in."""

    scene: str
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one: the file, or the sentence that says why there is none."""

    wanted: Wanted
    file: Path | None = None
    refusal: str = ""


def wanted_in(text: str) -> tuple[Wanted, ...]:
    """What was asked for: a link, or all of a file of links.

    Raises ValueError for what is neither, and OSError as reading does.
    """
    if "=" in text or "://" in text or text.strip() in ("", "/"):
        return (Wanted(text),)
    if not os.path.isfile(text):
        raise ValueError(NEITHER.format(text=text))
    return _links_of(Path(text).read_bytes(), text)


def wanted_on(stream: BinaryIO) -> tuple[Wanted, ...]:
    """All of a list on standard input. Raises ValueError for what is none."""
    return _links_of(stream.read(), STANDARD_INPUT)


def base_of(text: str) -> str:
    """The address of a server for links to lead to, '' for none. Raises ValueError with a sentence for what is none."""
    if text and not _is_address(text):
        raise ValueError(BAD_BASE.format(text=text))
    return query_in(text)[1]


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = read_host(parts.netloc.encode("idna").decode())
    except ValueError:
        return False
    plain = text.isprintable() and not {*text} & {*" \\\"'<>"}
    return plain and parts.scheme in ("http", "https") and host is not None


def _links_of(data: bytes, name: str) -> tuple[Wanted, ...]:
    try:
        found = tuple(read_list(data.decode("utf-8-sig")))
    except UnicodeDecodeError as reason:
        raise ValueError(NO_TEXT.format(file=name)) from reason
    if not found:
        raise ValueError(EMPTY.format(file=name))
    return found


def read_list(text: str) -> Iterator[Wanted]:
    """The links of a list: one a line, `name: link` or the link alone, `#` before what is only for people."""
    for number, line in enumerate(text.splitlines(), 1):
        said = COMMENT.sub("", line).strip()
        named = NAMED.fullmatch(said)
        if named:
            yield Wanted(named["scene"].strip(), named["name"].strip(), number)
        elif said:
            yield Wanted(said, "", number)


def picture_in(file: Path, stretch: bool = False) -> Picture:
    """The picture in a file, as a server makes it of an upload. Raises UnreadableFile, a ValueError, and OSError."""
    decoded = decode_in_new_process(file.read_bytes(), stretch)
    return Picture.from_pixels(decoded.pixels, decoded.notes)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is ready to be written, and the name of its file."""

    html: str
    name: str


def page_of(wanted: Wanted, own: Own | None = None, base: str = "") -> Page:
    """The page of a figure; `base` is the address of a server, as `base_of` gives it, and counts more than the link's.

    Raises ValueError, in sentences, for what does not fit.
    """
    query, server = query_in(wanted.scene)
    found = shown(query, own)
    html = offline_page(found.answer, found.view, base or server)
    assert found.answer.trace is not None
    name = slug(wanted.name.removesuffix(ENDING)) + ENDING if wanted.name else file_name(found.answer.trace, found.view)
    return Page(html, name)


def render_one(wanted: Wanted, place: Path, own: Own | None = None, base: str = "") -> Path:
    """Writes the page of a figure to a file, or into a folder under a name of its own, and says where it is.

    Raises ValueError, in sentences, for what does not fit, and OSError as writing does.
    """
    page = page_of(wanted, own, base)
    file = place / page.name if place.is_dir() else place
    file.write_text(page.html, encoding="utf-8")
    return file


def render_all(wanted: Iterable[Wanted], folder: Path, own: Own | None = None, base: str = "") -> Iterator[Made]:
    """Writes the pages of all figures, one after the other; one that does not fit stops none of the others."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for one in wanted:
        try:
            page = page_of(one, own, base)
        except ValueError as reason:
            yield Made(one, refusal=str(reason))
            continue
        file = folder / _free(page.name, taken)
        file.write_text(page.html, encoding="utf-8")
        yield Made(one, file)


def _free(name: str, taken: set[str]) -> str:
    """The name, numbered where another figure of the list has it already."""
    stem, found, number = name.removesuffix(ENDING), name, 1
    while found in taken:
        number += 1
        found = f"{stem}-{number}{ENDING}"
    taken.add(found)
    return found


class Bar:
    """How many of the figures are done, drawn on a terminal and nowhere else."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = total
        self._stream = stream
        self._done = 0

    def step(self, name: str) -> None:
        """One more is done."""
        self._done += 1
        if not self._stream.isatty():
            return
        full = self._done * WIDTH // self._total
        bar = f"{'█' * full}{'░' * (WIDTH - full)}"
        self._stream.write(f"\r{bar}  {self._done} of {self._total}  {name[:40]}\x1b[K")
        if self._done == self._total:
            self._stream.write("\n")
        self._stream.flush()
