"""The links of a lesson's figures: `/?image=…`, `/compare?a=…&b=…` and `/filters?model=…` of this site alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

PAGES = {"": "", "embed": "", "compare": "compare", "embed/compare": "compare", "filters": "filters"}
"""The pages that a figure of a lesson can be on, by the paths that name them."""
FRAMES = {"": "embed", "compare": "embed/compare", "filters": "filters"}
"""The page that shows the figure in a frame, by the page of a lesson's link."""
COMPARED = ("a", "b", "c", "d")
NAMING_KEYS = ("image", "batch", "layers", "model", "scene")
"""The keys that can name an upload."""
_UPLOAD = re.compile(r"(?:^|[\s(),:;~\"])[uw]-\w")
MOST_LINK = 24_000


def read_figure_link(text: str) -> str | None:
    """The link as a lesson has it, `?…`, `compare?…` or `filters?…`; None for any other address."""
    path, mark, query = text.strip().partition("?")
    page = PAGES.get(path.removeprefix("/"))
    if page is None or path.startswith("//") or not mark or any(one.isspace() for one in query):
        return None
    return f"{page}?{query.partition('#')[0]}"


def split_figure_link(link: str) -> tuple[str, str]:
    """The page of a lesson's link, "" for the Lab, and its query."""
    page, _, query = link.partition("?")
    return page, query


def make_frame_address(link: str, **keys: str) -> str:
    """The address of the frame of a link below the root of the site, with these keys in its query changed."""
    page, query = split_figure_link(link)
    return f"{FRAMES[page]}?{change_keys(query, keys)}"


def list_figure_queries(link: str) -> tuple[str, ...]:
    """The queries of all figures of a link: one of the Lab, those of a comparison, none of a page of filters."""
    page, query = split_figure_link(link)
    if page == "":
        return (query,)
    if page == "filters":
        return ()
    given = dict(part.partition("=")[::2] for part in query.split("&"))
    return tuple(_find_query(unquote(given[key])) for key in COMPARED if key in given)


def change_keys(query: str, keys: Mapping[str, str]) -> str:
    """The query with these keys set; all others stay as they are written, in their order."""
    kept = [part for part in query.split("&") if part and part.partition("=")[0] not in keys]
    return "&".join((*kept, *(f"{key}={value}" for key, value in keys.items() if value)))


def names_upload(query: str) -> bool:
    """Whether a query names a picture or weights that somebody uploaded: `u-…`, which others do not have."""
    pairs = (part.partition("=") for part in query.split("&"))
    named = (unquote(value) for key, _, value in pairs if unquote(key) in NAMING_KEYS)
    return any(_UPLOAD.search(value) for value in named)


def _find_query(text: str) -> str:
    return text.partition("?")[2] if "?" in text else text
