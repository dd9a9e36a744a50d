"""Under which hosts this server answers: a page elsewhere may point its own name at this machine (DNS rebinding)."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from starlette.types import Scope

from ...addresses import Host, covers, read_address, read_host, read_patterns
from ...core.messages import quote_text
from ...settings import Settings, in_jupyterhub
from ..http_messages import BAD_HOST, NO_HOST, WRONG_HOST
from ..responses.http_errors import Refused
from .forwarded import host_asked, outside_of

ANY = ("*",)


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that `patterns` mean; without any, the machine's own names and all literal addresses.

    Nobody can point a literal address elsewhere, so a page that was loaded from one came from there.
    """

    patterns: tuple[str, ...] = ()

    def must_have(self, scope: Scope) -> None:
        """Holds a request that `arrived` to them. Raises Refused: 400 for a Host that is none, 421 for another's."""
        said = host_asked(scope)
        if said is None and scope["http_version"] == "1.0":
            return  # a probe: every browser says it
        if said is None:
            raise Refused(400, NO_HOST)
        asked = read_host(said)
        if asked is None:
            raise Refused(400, BAD_HOST.format(host=quote_text(said)))
        foreign = self._foreign(asked, read_host(outside_of(scope).host) or asked)
        if foreign is not None:
            raise Refused(421, WRONG_HOST.format(host=quote_text(foreign.name)))

    def _foreign(self, asked: Host, forwarded: Host) -> Host | None:
        """Which of the two is not ours: the Host itself, or the one that a trusted proxy forwards.

        A page that reaches the server under a name of its own could tell it anything, so the Host counts in any case;
        but what a proxy writes there, no page can: an address, or a name that only a local network knows.
        """
        own = bool(asked.address) or asked.is_local
        if not self.patterns:
            return None if own else asked
        if not self._have(forwarded):
            return forwarded
        of_a_proxy = forwarded.name != asked.name and (own or "." not in asked.name)
        return None if of_a_proxy or self._have(asked) else asked

    def _have(self, host: Host) -> bool:
        return any(covers(pattern, host) for pattern in self.patterns)


def hosts_of(settings: Settings) -> Hosts:
    """Those that are set. If none is: all, unless only this machine can ask and no JupyterHub asks for others."""
    patterns = read_patterns(settings.allowed_hosts)
    alone = _is_loopback(settings.host) and not in_jupyterhub()
    return Hosts(patterns or (() if alone else ANY))


def _is_loopback(host: str) -> bool:
    """Whether a server that listens on `host` can be reached from its own machine alone."""
    address = read_address(host)
    try:
        found = address or read_address(str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0]))
    except OSError:
        return False
    return found is not None and found.is_loopback
