"""What other sites show of a link to a page here (Open Graph): its name, a line about it, the picture of its figure."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from ..requests.public_url import get_public_url


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """The addresses of a page and of the picture that stands for it, both whole."""

    url: str
    image: str


def get_base_url(request: Request) -> str:
    """This server's address as who asks knows it, without a slash at its end."""
    return get_public_url(request).base


def make_preview(base: str, path: str, query: str, figure: str | None) -> LinkPreview:
    """The preview of a page with a query, shown by the picture of a `figure`'s link.

    None stands for a figure that nobody else should see in passing, or whose link is too long: then it is the
    opening one.
    """
    return LinkPreview(_add_query(base + path, query), _add_query(f"{base}/api/figure.png", figure or ""))


def _add_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address
