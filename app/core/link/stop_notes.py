"""The lines of words at the stops of a view: how long they are, and how many."""

from __future__ import annotations

from ..options import Option
from ..texts import make_text
from .reader import SceneReader
from .syntax import RawValue


def shorten_lines(reader: SceneReader, option: Option, lines: RawValue) -> RawValue:
    """The lines, none longer than it can be; an error for each that is."""
    for number, line in enumerate(lines, 1):
        if len(line.strip(" ")) > option.most:
            reader.add_error(
                "long_line",
                option.name,
                f"{len(line.strip(' ')):,}",
                make_text("at_most", most=option.most),
                make_text("rest_dropped"),
                number=number,
            )
    return tuple(line.strip(" ")[: option.most] for line in lines)


def keep_one_for_each(reader: SceneReader, lines: tuple[str, ...], stops: int) -> tuple[str, ...]:
    """As many lines as there are stops; an error if there are more."""
    if len(lines) > stops:
        allowed = make_text("line_for_each", count=stops)
        reader.add_error("too_many_lines", "notes", f"{len(lines):,}", allowed, make_text("rest_dropped"))
    kept = lines[:stops]
    while kept and not kept[-1]:
        kept = kept[:-1]
    return kept
