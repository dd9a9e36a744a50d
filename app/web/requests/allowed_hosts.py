"""Checks the Host header: a page elsewhere may point its own name at this machine (DNS rebinding)."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from starlette.types import Scope

from ...addresses import Host, matches_host, read_address, read_host, read_patterns
from ...core.messages import quote_text
from ...core.texts import make_text
from ...settings import Settings, is_in_jupyterhub
from ..responses.http_errors import HTTPError
from .public_url import get_host_header, get_public_url

ANY_HOST = ("*",)


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The hosts that `patterns` match; without patterns, the machine's own names and all literal addresses.

    A literal address cannot be pointed elsewhere, so a page that was loaded from one came from there.
    """

    patterns: tuple[str, ...] = ()

    def check(self, scope: Scope) -> None:
        """Checks a request's host. Raises HTTPError: 400 for an invalid Host header, 421 for another server's."""
        header = get_host_header(scope)
        if header is None and scope["http_version"] == "1.0":
            return  # a probe: every browser sends HTTP/1.1
        if header is None:
            raise HTTPError(400, make_text("no_host"))
        host = read_host(header)
        if host is None:
            raise HTTPError(400, make_text("bad_host", host=quote_text(header)))
        foreign = self._find_foreign_host(host, read_host(get_public_url(scope).host) or host)
        if foreign is not None:
            raise HTTPError(421, make_text("wrong_host", host=quote_text(foreign.name)))

    def _find_foreign_host(self, host: Host, forwarded: Host) -> Host | None:
        """The first of the two hosts that is not allowed: the Host header, or the host that a trusted proxy forwards.

        A page that reaches the server under its own name could forward anything, so the Host header always counts,
        except for values that only a proxy can write there: an address, or a name of the local network.
        """
        is_own = bool(host.address) or host.is_local
        if not self.patterns:
            return None if is_own else host
        if not self._includes(forwarded):
            return forwarded
        is_from_proxy = forwarded.name != host.name and (is_own or "." not in host.name)
        return None if is_from_proxy or self._includes(host) else host

    def _includes(self, host: Host) -> bool:
        return any(matches_host(pattern, host) for pattern in self.patterns)


def read_allowed_hosts(settings: Settings) -> AllowedHosts:
    """The allowed hosts of the settings; by default all, or local ones where only this machine can connect.

    A JupyterHub connects from this machine on behalf of others, so there the default is all.
    """
    patterns = read_patterns(settings.allowed_hosts)
    is_local_only = _is_loopback(settings.host) and not is_in_jupyterhub()
    return AllowedHosts(patterns or (() if is_local_only else ANY_HOST))


def _is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    address = read_address(host)
    try:
        found = address or read_address(str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0]))
    except OSError:
        return False
    return found is not None and found.is_loopback
