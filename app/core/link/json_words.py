"""Problems of a scene in JSON in the words of JSON: where in it they are, and which values it can have there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..operation_table import find_operation
from ..ops.adjust_options import ADJUST_OPTIONS
from ..problems import Problem
from ..texts import Text, make_text

ALLOWED = {
    "pair": "json_pair",
    "shift": "json_shift",
    "padding": "json_padding",
    "numbers": "json_numbers",
    "box": "json_box",
    "flag": "json_flag",
    "stages": "json_stages",
    "weights": "json_weights",
    "planes": "json_planes",
    "random": "json_random",
    "shape": "json_shape",
    "random_maps": "json_random_maps",
    "random_rows": "json_random_rows",
    "random_vectors": "json_random_vectors",
    "shape_rows": "json_shape_rows",
    "filter": "json_filter",
}
"""What is allowed in a link, and the same in JSON."""
USED = ("nearest", "default")
"""Endings that name a value which is used instead."""


@dataclass(slots=True)
class JsonWords:
    """Where in the JSON something is read: `part` is a member of the scene, `filter` the index of a filter."""

    part: str = ""
    filter: int | None = None

    def rewrite(self, problem: Problem, layer: int | None, operation: str) -> Problem:
        """The error of a link as that of the JSON: what is allowed, what is used instead, and its path."""
        given = problem.allowed
        code = given.code if isinstance(given, Text) else ""
        allowed = replace(given, code=ALLOWED[code]) if isinstance(given, Text) and code in ALLOWED else given
        params = tuple((key, allowed if key == "allowed" else part) for key, part in problem.text.params)
        endings = [_rewrite_used(ending, code) for ending in problem.endings]
        path = self.find_path(problem.field, problem.code, layer, operation)
        return replace(
            problem,
            allowed=allowed,
            text=replace(problem.text, params=params),
            endings=(*endings, *([make_text("json_path", path=path)] if path else [])),
        )

    def find_path(self, field: str, code: str, layer: int | None, operation: str) -> str:
        """The path of a field from the scene on, such as `layers[1].options.stride`.

        "" for a member of the scene, which the message names.
        """
        if layer is None:
            is_adjustment = self.part == "adjust" and field in {option.name for option in ADJUST_OPTIONS} | {"seed"}
            if is_adjustment or (self.part in ("image", "batch") and field not in (self.part, "item")):
                return f"{self.part}.{field}"
            return ""
        place = f"layers[{layer}]"
        row = find_operation(operation)
        if field == "layers":
            return f"{place}.op" if code == "unknown" else place
        if self.filter is not None:
            return f"{place}.filters[{self.filter}]" + ("" if field == "filters" else f".{field}")
        if field == "weights" or (row and row.head and field == row.head.name):
            return f"{place}.head"
        return f"{place}.{field}" if field in ("filters", "options") else f"{place}.options.{field}"


def _rewrite_used(ending: Text, allowed: str) -> Text:
    """An ending with the value that is used instead as JSON writes it."""
    if ending.code not in USED:
        return ending
    params = tuple((key, write_as_json(str(part), allowed) if key == "used" else part) for key, part in ending.params)
    return replace(ending, params=params)


def write_as_json(text: str, allowed: str) -> str:
    """The value of a link as JSON writes it, for an option with these allowed values: 1x3 is [1, 3]."""
    if allowed == "flag":
        return {"1": "true", "0": "false"}.get(text, text)
    if found := re.fullmatch(r"(?:random\*)?(\d+)@(\d+)x(\d+)", text):
        return f"[{', '.join(found.groups())}]"
    if allowed in ("random_rows", "random_vectors", "shape_rows"):
        return text.rpartition("*")[2]
    if re.fullmatch(r"-?\d+x-?\d+", text):
        return f"[{text.replace('x', ', ')}]"
    if re.fullmatch(r"\(?-?[\d./]+(,-?[\d./]+)+\)?", text):
        return f"[{text.strip('()').replace(',', ', ')}]"
    return text
