"""Parts of a scene, from a link or from JSON, become checked values; what was wrong with them is gathered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from ..limits import Limits
from ..messages import describe_allowed, join_names, quote_text, say
from ..options import OPERATIONS, Operation, Option, find_operation
from ..problems import Problem, Severity
from ..scene import Filter, Layer, OptionValue
from .coerce import NO_VALUE, coerce_value, find_near_name
from .syntax import RawValue, format_value, is_redundant

_MOST_PROBLEMS = 50
_Part = TypeVar("_Part")


class RawOption(NamedTuple):
    """A named part as it was given: `raw` is None where its type was wrong, `written` is what to quote."""

    name: str
    raw: RawValue | None
    written: str


class SceneReader:
    """Reads the parts of one scene. Every method gives a good value, or None, and reports what was bad.

    One bad part costs that part alone. `layer` is the index of the layer being read, as it was written.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.layer: int | None = None
        self._problems: dict[Severity, list[Problem]] = {"error": [], "note": []}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong, errors first; at most 50 of a kind, since nobody reads more."""
        return (*self._problems["error"], *self._problems["note"])

    @property
    def full(self) -> bool:
        """There are as many errors as anybody reads."""
        return len(self._problems["error"]) >= _MOST_PROBLEMS

    def error(self, sentence: str, field: str, value: str, can_be: str, then: str = "", **parts: object) -> None:
        """Reports a sentence of the table, and what follows from it."""
        said = say(sentence, field=quote_text(field), value=quote_text(value), allowed=can_be, **parts)
        self._add(Problem(quote_text(field), quote_text(value), can_be, said + then, "error", self.layer))

    def note(self, sentence: str, field: str, value: str = "") -> None:
        """Reports a sentence that stops nothing."""
        self._add(
            Problem(
                quote_text(field), quote_text(value), "", say(sentence, value=quote_text(value)), "note", self.layer
            )
        )

    def _add(self, problem: Problem) -> None:
        found = self._problems[problem.severity]
        if len(found) < _MOST_PROBLEMS:
            found.append(problem)

    def unknown(
        self, sentence: str, field: str, value: str, names: Iterable[str], then: str = "", **parts: object
    ) -> None:
        """Reports a name that is not among those of a table, with the one that may have been meant."""
        names = tuple(names)
        near = None if self.full else find_near_name(value, names)
        meant = say("near_name", used=near) if near else ""
        self.error(sentence, field, value, join_names(names) if names else say("nothing"), meant + then, **parts)

    def value(self, option: Option, said: RawOption, otherwise: str = "") -> OptionValue | None:
        """The value of an option; the nearest good one, or its default, where what was said is bad.

        `otherwise` says what happens where there is neither.
        """
        value, good = NO_VALUE if said.raw is None else coerce_value(option, said.raw, self.limits.filters)
        if good:
            return value
        used = option.default if value is None else value
        then = otherwise
        if used is not None:
            text = quote_text(format_value(option, used), self.limits.link_characters)
            then = say("default" if value is None else "nearest", used=text)
        self.error("bad", option.name, said.written, describe_allowed(option, self.limits.filters), then)
        return used

    def operation(self, name: str) -> Operation | None:
        """The operation of that name, or the one that was meant."""
        row = find_operation(name)
        if row is None:
            names = [one.name for one in OPERATIONS]
            near = find_near_name(name, names)
            row = find_operation(near) if near else None
            self.unknown("unknown", "layers", name, names, "" if row else say("layer_dropped"))
        return row

    def options(
        self, row: Operation, given: Iterable[RawOption], filters: Sequence[Filter] = ()
    ) -> tuple[tuple[str, OptionValue], ...]:
        """The options of a layer with such filters in the order of the table, what goes without saying left out."""
        values: dict[str, OptionValue | None] = {}
        for said in given:
            option = row.option(said.name)
            if option is None:
                names = (one.name for one in row.options)
                self.unknown("unknown_option", said.name, said.name, names, say("part_dropped"), op=row.name)
                continue
            if said.name in values:
                self.note("repeated", said.name, said.name)
            values[said.name] = self.value(option, said)
        ordered = ((option, values.get(option.name)) for option in row.options)
        present = ((option, value) for option, value in ordered if value is not None)
        return tuple((o.name, value) for o, value in present if not is_redundant(o, value, filters))

    def plain_layer(self, row: Operation, head: RawOption | None, given: Iterable[RawOption]) -> Layer | None:
        """A layer that is not a convolution. None where it has no head and cannot be without one."""
        value: OptionValue | None = None
        if row.head is None:
            if head is not None:
                self.error("no_head", "layers", head.written, row.name, say("part_dropped"), op=row.name)
        elif head is not None:
            value = self.value(row.head, head, say("layer_dropped"))
        elif row.head.default is None:
            self.error("needs_head", row.head.name, "", describe_allowed(row.head), say("layer_dropped"), op=row.name)
        if row.head is not None and row.head.default is None and value is None:
            return None
        return Layer(row.name, (), value, self.options(row, given))

    def at_most(self, what: str, parts: Sequence[_Part], most: int) -> Sequence[_Part]:
        """The first parts, as many as a limit lets."""
        if len(parts) > most:
            self.too_many(what, len(parts), most)
        return parts[:most]

    def too_many(self, what: str, count: int, most: int) -> None:
        """Reports that a limit was passed."""
        self.error("too_many", what, f"{count:,}", say("at_most", most=most), say("rest_dropped"), what=what)
