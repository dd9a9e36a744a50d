"""The Jinja templates of the served pages and of the offline page."""

from __future__ import annotations

import json
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ..core.texts import write_for_json
from ..core.views.view_table import VIEW_NAMES
from ..resources import find_resource
from .page_texts import get_language_tag, write_page_text


@cache
def load_templates() -> Environment:
    """Load the templates; values are escaped in HTML, and an undefined variable is an error.

    In them `text("code")` is a sentence of the pages' catalogue, `language_tag()` the page's `lang`, and `view_names`
    are the views of a step.
    """
    environment = Environment(
        loader=FileSystemLoader(find_resource("templates")),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(text=write_page_text, language_tag=get_language_tag, view_names=VIEW_NAMES)
    return environment


def to_script_json(value: object) -> Markup:
    """Format JSON for a script element: no character of it can end the element or start a comment."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=write_for_json)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def merge_script_json(one: Markup, other: Markup) -> Markup:
    """Merge two objects of `to_script_json`, both not empty and without common keys, into one."""
    return Markup(f"{one[:-1]},{other[1:]}")
