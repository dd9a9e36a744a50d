"""Whether a request that changes something comes from this site's own pages."""

from __future__ import annotations

from dataclasses import replace

from starlette.datastructures import Headers

from ...addresses import Host, read_host
from ...core.messages import quote_text
from ..http_messages import OTHER_HOST, OTHER_SITE
from ..responses.http_errors import Refused
from .forwarded import PORTS

READING = ("GET", "HEAD", "OPTIONS")


def must_be_own(method: str, headers: Headers, host: str) -> None:
    """No other site may make a visitor's browser upload or delete here. Raises Refused (403).

    Browsers say where a request comes from in Sec-Fetch-Site, older ones, and all of them over plain HTTP, in Origin;
    programs say neither. `host` is this server's as the client knows it.
    """
    if method in READING:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site in ("same-origin", "none") or (site is None and origin is None):
        return
    theirs, ours = _both(origin or "", host)
    if site is None and theirs and theirs == ours:
        return
    if site is None and theirs:
        raise Refused(403, OTHER_HOST.format(origin=quote_text(str(theirs)), host=quote_text(host)))
    raise Refused(403, OTHER_SITE.format(origin=quote_text(origin) if origin else "another site"))


def _both(origin: str, host: str) -> tuple[Host | None, Host | None]:
    """The host of an origin and the one that was asked, each with its port; in front of a proxy the scheme may differ.

    None stands for an origin that is no site, such as `null`.
    """
    scheme, _, authority = origin.lower().partition("://")
    usual = PORTS.get(scheme)
    theirs, ours = read_host(authority), read_host(host)
    if usual is None:
        return None, ours
    return _with_port(theirs, usual), _with_port(ours, usual)


def _with_port(host: Host | None, usual: int) -> Host | None:
    return replace(host, port=host.port or usual) if host else None
