"""Checks that a request that changes something comes from this site's own pages."""

from __future__ import annotations

from dataclasses import replace

from starlette.datastructures import Headers

from ...addresses import Host, read_host
from ...core.messages import quote_text
from ...core.texts import make_text
from ..responses.http_errors import HTTPError
from .public_url import DEFAULT_PORTS

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def check_same_origin(method: str, headers: Headers, host: str) -> None:
    """Rejects uploads and deletions that another site makes a browser send (CSRF). Raises HTTPError (403).

    Browsers send the origin of a request in Sec-Fetch-Site; older ones, and all over plain HTTP, in Origin; programs
    send neither. `host` is this server's as the client knows it.
    """
    if method in SAFE_METHODS:
        return
    fetch_site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if fetch_site in ("same-origin", "none") or (fetch_site is None and origin is None):
        return
    theirs, ours = _read_hosts(origin or "", host)
    if fetch_site is None and theirs and theirs == ours:
        return
    if fetch_site is None and theirs:
        raise HTTPError(403, make_text("other_host", origin=quote_text(str(theirs)), host=quote_text(host)))
    raise HTTPError(403, make_text("other_site", origin=quote_text(origin) if origin else make_text("another_site")))


def _read_hosts(origin: str, host: str) -> tuple[Host | None, Host | None]:
    """The host of an origin and that of this server, each with its port; before a proxy the scheme may differ.

    None stands for an origin that is not a site, such as `null`.
    """
    scheme, _, authority = origin.lower().partition("://")
    default_port = DEFAULT_PORTS.get(scheme)
    theirs, ours = read_host(authority), read_host(host)
    if default_port is None:
        return None, ours
    return _add_port(theirs, default_port), _add_port(ours, default_port)


def _add_port(host: Host | None, default_port: int) -> Host | None:
    return replace(host, port=host.port or default_port) if host else None
