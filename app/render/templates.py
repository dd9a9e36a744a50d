"""The templates that come with the program, for the pages of a server and for a page in one file."""

from __future__ import annotations

import json
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ..resources import find_resource


@cache
def templates() -> Environment:
    """The templates; what is put into HTML is escaped, and what a template is not given is an error."""
    return Environment(
        loader=FileSystemLoader(find_resource("templates")),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def script_json(value: object) -> Markup:
    """JSON that can stand inside a script element: nothing in it can end the element or start a comment."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def merged(one: Markup, other: Markup) -> Markup:
    """Two objects as `script_json` writes them, neither of them empty, as one; they have no key in common."""
    return Markup(f"{one[:-1]},{other[1:]}")
