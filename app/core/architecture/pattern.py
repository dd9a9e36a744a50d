"""Patterns: texts of layers with repeated groups, such as `[(conv:64@3x3~relu)*2~maxpool:2]*3~flatten~linear:10`.

A pattern is a list of items with ~ between them. An item is a layer in the words of links, or a group: a pattern in
[ ] or ( ), then `*n` if it is repeated. Groups may be nested. A ( opens a group only where an item begins; behind a
layer's name it belongs to the layer, as in `conv:(1,0,-1)` and `add:(3,7)`. White space around items has no meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from ..messages import quote_text
from ..ops.layer_options import MOST_STAGE
from ..texts import make_text
from .architecture_error import ArchitectureError, make_net_error

MOST_LAYERS = MOST_STAGE + 1
"""The most layers of an unfolded pattern: ResNet-152 has about 520, its joins and normalizations included."""
MOST_CHARACTERS = 24_000
"""The most characters of a pattern; a link has a lower limit of its own."""
MOST_DIGITS = 6
"""Of a number of repetitions; longer ones are too many anyway."""

_CLOSES = {"[": "]", "(": ")"}
_SPACE = re.compile(r"\s*")
_TIMES = re.compile(r"\s*\*\s*([^\s~\[\]()]*)")
_REPEATED_LAYER = re.compile(r"(.+)\*(\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PatternLayer:
    """One layer of an unfolded pattern: its text, and where that begins in the pattern, counted from 1."""

    text: str
    position: int

    @property
    def repeated(self) -> tuple[str, str] | None:
        """(layer, count) of a layer that is written as if it were a group: `relu*2`."""
        found = _REPEATED_LAYER.fullmatch(self.text)
        return (found[1], found[2]) if found else None


@dataclass(slots=True)
class _Group:
    """A group that is being read: its bracket, "" for the whole pattern, where it opens, and its layers so far."""

    bracket: str
    position: int
    layers: list[PatternLayer] = field(default_factory=list)


def unfold_pattern(text: str) -> tuple[PatternLayer, ...]:
    """The layers of a pattern, every group repeated. Raises ArchitectureError with the position of what is wrong.

    No more than MOST_LAYERS layers are ever made, however groups are nested: each group is counted before it is
    repeated.
    """
    if len(text) > MOST_CHARACTERS:
        raise make_net_error("net_long", f"{len(text):,}", make_text("at_most", most=MOST_CHARACTERS))
    if not text.strip():
        raise make_net_error("net_empty", "", make_text("net_allowed"))
    return _PatternReader(text).read()


class _PatternReader:
    """Reads a pattern from left to right, without recursion: the open groups are a list."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open = [_Group("", 0)]

    def read(self) -> tuple[PatternLayer, ...]:
        """The layers of the whole pattern."""
        while True:
            self._read_item()
            self._close_groups()
            if self._at == len(self._text):
                break
            self._at += 1  # the ~ before the next item
        last = self._open[-1]
        if last.bracket:
            raise _make_unclosed_error(last.bracket, last.position)
        return tuple(last.layers)

    def _read_item(self) -> None:
        """Reads a layer, with the brackets that open before it."""
        self._skip_space()
        while self._text[self._at : self._at + 1] in ("[", "("):
            self._open.append(_Group(self._text[self._at], self._at + 1))
            self._at += 1
            self._skip_space()
        start, self._at = self._at, self._find_end_of_layer()
        layer = self._text[start : self._at].rstrip()
        if not layer:
            self._raise_missing()
        self._add([PatternLayer(layer, start + 1)])

    def _find_end_of_layer(self) -> int:
        """The place of the ~, the bracket or the end behind a layer, whose own ( ) are read over."""
        inside: list[int] = []
        for at in range(self._at, len(self._text)):
            sign = self._text[at]
            if sign == "(":
                inside.append(at + 1)
            elif sign == ")" and inside:
                inside.pop()
            elif not inside and sign in "~[])":
                return at
        if inside:
            raise _make_unclosed_error("(", inside[0])
        return len(self._text)

    def _close_groups(self) -> None:
        """Reads the brackets that close behind an item, with their numbers, up to a ~ or the end."""
        self._skip_space()
        while self._text[self._at : self._at + 1] not in ("", "~"):
            self._close_group()
            self._skip_space()

    def _close_group(self) -> None:
        sign, position, group = self._text[self._at], self._at + 1, self._open[-1]
        if sign not in _CLOSES.values():
            found = quote_text(sign)
            raise make_net_error("net_misplaced", found, make_text("net_after"), position=position)
        if not group.bracket:
            raise make_net_error("net_unopened", sign, "", bracket=sign, position=position)
        needed = _CLOSES[group.bracket]
        if sign != needed:
            parts = {"bracket": sign, "open": group.bracket, "start": group.position, "position": position}
            raise make_net_error("net_crossed", sign, needed, **parts)
        self._at += 1
        times = self._read_times()
        self._open.pop()
        self._check_count(len(self._open[-1].layers) + len(group.layers) * times)
        self._add(group.layers * times)

    def _read_times(self) -> int:
        """The number behind a group, 1 where there is none."""
        found = _TIMES.match(self._text, self._at)
        if not found:
            return 1
        digits, position = found[1], found.start(1) + 1
        self._at = found.end()
        if not (digits.isascii() and digits.isdigit()) or not int(digits[:MOST_DIGITS]) or len(digits) > MOST_DIGITS:
            allowed = make_text("net_times", most=MOST_LAYERS)
            raise make_net_error("net_count", quote_text(digits), allowed, position=position)
        return int(digits)

    def _add(self, layers: list[PatternLayer]) -> None:
        group = self._open[-1]
        self._check_count(len(group.layers) + len(layers))
        group.layers += layers

    def _check_count(self, count: int) -> None:
        if count > MOST_LAYERS:
            most = make_text("at_most", most=MOST_LAYERS)
            raise make_net_error("net_many", f"{count:,}", most, position=self._at)

    def _skip_space(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _raise_missing(self) -> NoReturn:
        raise make_net_error("net_missing", "", make_text("net_allowed"), position=self._at + 1)


def _make_unclosed_error(bracket: str, position: int) -> ArchitectureError:
    return make_net_error("net_unclosed", bracket, _CLOSES[bracket], bracket=bracket, position=position)
