"""Whether a request that changes something comes from this site's own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from .refusal import Refused
from .words import OTHER_SITE

READING = ("GET", "HEAD", "OPTIONS")
PORTS = {"http": 80, "https": 443}


def must_be_own(method: str, headers: Headers) -> None:
    """No other site may make a visitor's browser upload or delete here. Raises Refused (403).

    Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin; programs say neither.
    """
    if method in READING:
        return
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    own = site in ("same-origin", "none") if site else origin is None or _same(origin, headers.get("host", ""))
    if not own:
        raise Refused(403, OTHER_SITE.format(origin=(origin or "another site")[:100]))


def _same(origin: str, host: str) -> bool:
    """Whether an origin is the host that was asked; in front of a proxy the scheme may differ."""
    parts = urlsplit(origin)
    usual = PORTS.get(parts.scheme)
    if usual is None:
        return False
    return _with_port(parts.netloc, usual) == _with_port(host, usual)


def _with_port(host: str, usual: int) -> str:
    host = host.lower()
    return host if host.rpartition(":")[2].isdigit() and not host.endswith("]") else f"{host}:{usual}"
