"""Reads the parts of a scene, from a link or from JSON, into valid values and collects their problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from ..graph.dropping import drop_layer, list_drop_problems
from ..limits import Limits
from ..messages import describe_allowed, join_names, quote_name, quote_text
from ..operation_table import OPERATIONS, Operation, find_operation
from ..options import Option
from ..problems import Problem, Severity, make_problem, name_layer, place_problem
from ..scene import SCENE_VERSION, Filter, Layer, OptionValue
from ..texts import Text, make_text
from .coerce import NO_VALUE, coerce_value, find_near_name
from .json_words import JsonWords
from .syntax import RawValue, format_value, is_redundant

_MOST_PROBLEMS = 50
NO_NAME = "empty"
"""The field of a problem with a part whose name is empty."""
_Part = TypeVar("_Part")


class RawOption(NamedTuple):
    """An option before it is checked: `raw` is None where its type is wrong, `written` is the text to quote."""

    name: str
    raw: RawValue | None
    written: Text | str


class SceneReader:
    """Reads the parts of one scene. Every method returns a valid value, or None, and reports what was invalid.

    An invalid part does not affect the others. With `json_words` the errors are those of a scene in JSON.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._layer: int | None = None
        self._operation = ""
        self.json_words: JsonWords | None = None
        self._problems: dict[Severity, list[Problem]] = {"error": [], "note": []}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems, errors first; at most 50 of each severity."""
        return (*self._problems["error"], *self._problems["note"])

    @property
    def is_full(self) -> bool:
        """Whether no further error is kept."""
        return len(self._problems["error"]) >= _MOST_PROBLEMS

    def start_layer(self, index: int | None) -> None:
        """Notes the index of the layer that is read from now on; None after the last one."""
        self._layer, self._operation = index, ""

    def add_error(
        self, code: str, field: str, value: Text | str, allowed: Text | str, *endings: Text | None, **parts: object
    ) -> None:
        """Adds an error with the sentence of that code; `endings` say what is used instead."""
        self._add(self._make_problem(code, field, value, allowed, "error", endings, parts))

    def add_note(self, code: str, field: str, value: str = "") -> None:
        """Adds a note with the sentence of that code."""
        self._add(self._make_problem(code, field, value, "", "note", (), {}))

    def _make_problem(
        self,
        code: str,
        field: str,
        value: Text | str,
        allowed: Text | str,
        severity: Severity,
        endings: Iterable[Text | None],
        parts: Mapping[str, Any],
    ) -> Problem:
        quoted = quote_text(value) if isinstance(value, str) else value
        kept = [ending for ending in endings if ending]
        name = quote_name(field) or NO_NAME
        problem = make_problem(code, name, quoted, allowed, *kept, severity=severity, **parts)
        if self.json_words and severity == "error":
            problem = self.json_words.rewrite(problem, self._layer, self._operation)
        return problem if self._layer is None else place_problem(problem, self._layer, self._operation)

    def _add(self, problem: Problem) -> None:
        found = self._problems[problem.severity]
        if len(found) < _MOST_PROBLEMS:
            found.append(problem)

    def add_unknown_name(
        self,
        code: str,
        field: str,
        value: Text | str,
        names: Iterable[str],
        *endings: Text | None,
        **parts: object,
    ) -> None:
        """Adds an error for a name that is not among `names`, with the most similar one."""
        names = tuple(names)
        near = None if self.is_full or isinstance(value, Text) else find_near_name(value, names)
        hint = make_text("near_name", used=near) if near else None
        allowed = join_names(names) if names else make_text("nothing")
        self.add_error(code, field, value, allowed, hint, *endings, **parts)

    def read_value(self, option: Option, raw_option: RawOption, otherwise: Text | None = None) -> OptionValue | None:
        """The value of an option; for an invalid one the nearest valid value, or else the default.

        `otherwise` is the text for the message where there is neither.
        """
        value, is_exact = (
            NO_VALUE if raw_option.raw is None else coerce_value(option, raw_option.raw, self.limits.filters)
        )
        if is_exact:
            return value
        used = option.default if value is None else value
        then = otherwise
        if used is not None:
            text = quote_text(format_value(option, used), self.limits.link_characters)
            then = make_text("default" if value is None else "nearest", used=text)
        self.add_error(
            "invalid_value", option.name, raw_option.written, describe_allowed(option, self.limits.filters), then
        )
        return used

    def read_version(self, text: str | None, written: Text | str) -> int:
        """The version of the Scene; the current one where `text` is none that can be read."""
        known = {str(version): version for version in range(1, SCENE_VERSION + 1)}
        if text not in known:
            ending = make_text("default", used=str(SCENE_VERSION))
            self.add_error("invalid_value", "version", written, join_names(known), ending)
        return known.get(text or "", SCENE_VERSION)

    def read_operation(self, name: str) -> Operation | None:
        """The operation of that name, or the one with the most similar name."""
        row = find_operation(name)
        if row is None:
            names = [one.name for one in OPERATIONS]
            near = find_near_name(name, names)
            row = find_operation(near) if near else None
            self.add_unknown_name("unknown", "layers", name, names, None if row else make_text("layer_dropped"))
        self._operation = row.name if row else ""
        return row

    def read_options(
        self, row: Operation, given: Iterable[RawOption], filters: Sequence[Filter] = (), head: object = None
    ) -> tuple[tuple[str, OptionValue], ...]:
        """The options of a layer with these filters, or this head, in table order, without redundant ones."""
        values: dict[str, OptionValue | None] = {}
        for raw_option in given:
            option = row.option(raw_option.name)
            if option is None:
                names = (one.name for one in row.options)
                self.add_unknown_name(
                    "unknown_option", raw_option.name, raw_option.name, names, make_text("part_dropped"), op=row.name
                )
                continue
            if raw_option.name in values:
                self.add_note("repeated", raw_option.name, raw_option.name)
            otherwise = make_text("part_dropped") if option.kind == "stage" else None
            values[raw_option.name] = self.read_value(option, raw_option, otherwise)
        ordered = ((option, values.get(option.name)) for option in row.options)
        present = ((option, value) for option, value in ordered if value is not None)
        return tuple((o.name, value) for o, value in present if not is_redundant(o, value, filters, head))

    def read_layer_without_filters(
        self, row: Operation, head: RawOption | None, given: Iterable[RawOption]
    ) -> Layer | None:
        """A layer other than a convolution. None where its operation needs a head and it has none."""
        value: OptionValue | None = None
        if row.head is None:
            if head is not None:
                self.add_error("no_head", "layers", head.written, row.name, make_text("part_dropped"), op=row.name)
        elif head is not None:
            value = self.read_value(row.head, head, make_text("layer_dropped"))
        elif row.head.default is None:
            self.add_error(
                "needs_head", row.head.name, "", describe_allowed(row.head), make_text("layer_dropped"), op=row.name
            )
        if row.head is not None and row.head.default is None and value is None:
            return None
        return Layer(row.name, (), value, self.read_options(row, given, (), value))

    def drop_unread(self, layers: Sequence[Layer | None]) -> tuple[Layer, ...]:
        """The layers without those that could not be read (None); the stages that others read are renumbered."""
        places = list(range(len(layers)))
        left = list(layers)
        while None in left:
            place = left.index(None)
            counts = [None if layer and layer.op == "model" else 1 for layer in left]
            known = [layer or Layer("") for layer in left]
            chain = drop_layer(known, place, counts)
            name, before = name_layer(places[place], ""), [*left[:place], *left[place + 1 :]]
            del places[place]
            for index, problem in list_drop_problems(chain, name):
                row = find_operation(chain.layers[index].op)
                self._add(place_problem(problem, places[index], row.name if row else ""))
            left = [
                None if old is None or (old.head is not None and new.head is None) else new
                for old, new in zip(before, chain.layers, strict=True)
            ]
        return tuple(layer for layer in left if layer is not None)

    def take_at_most(self, what: str, parts: Sequence[_Part], most: int) -> Sequence[_Part]:
        """The first `most` parts; an error if there are more."""
        if len(parts) > most:
            self.add_too_many(what, len(parts), most)
        return parts[:most]

    def add_too_many(self, what: str, count: int, most: int) -> None:
        """Adds an error for a limit that was exceeded."""
        name = make_text(f"{what}_name")
        self.add_error(
            "too_many", what, f"{count:,}", make_text("at_most", most=most), make_text("rest_dropped"), what=name
        )
