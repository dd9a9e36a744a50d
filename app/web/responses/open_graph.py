"""Open Graph: the URL and the picture that other sites show for a link to a page."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from ..requests.public_url import get_public_url


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """The absolute URLs of a page and of its preview picture."""

    url: str
    image: str


def get_base_url(request: Request) -> str:
    """This server's URL as the client knows it, without a trailing slash."""
    return get_public_url(request).base


def make_preview(base: str, path: str, query: str, figure: str | None, picture: str = "/api/figure.png") -> LinkPreview:
    """The preview of a page, with a picture of the figure whose query string is `figure`.

    None stands for a private figure or one whose link is too long; the picture is that of the default figure then.
    `picture` is the address that draws it.
    """
    return LinkPreview(_add_query(base + path, query), _add_query(base + picture, figure or ""))


def _add_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address
