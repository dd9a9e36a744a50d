"""The way from a page up to the root of its site, so that a page holds under any path that a proxy puts before it.

Such a proxy may take the path off and say nothing of it: then only the browser knows the whole address.
"""

from __future__ import annotations


def make_root_path(path: str, raw: bytes = b"") -> str:
    """`./` for a page at `/filters`, `../` for one at `/a/b`, `/a/` and `//a`, and so on: to be put before `static/…`.

    `path` is decoded, as ASGI has it; `raw` is the same as it was sent, where that is known: to a browser an escaped
    slash separates nothing.
    """
    levels = path.count("/") - raw.lower().count(b"%2f") - 1
    return "../" * levels or "./"
