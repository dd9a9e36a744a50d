"""The address of this server as the client knows it: scheme, host and path prefix, which proxies forward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv6Address, IPv6Network
from urllib.parse import unquote

from starlette.requests import HTTPConnection
from starlette.types import Scope

from ...addresses import Host, Networks, read_address, read_host, read_prefix, starts_with_own_path

DEFAULT_PORTS = {"http": 80, "https": 443}
HOST, FOR, PROTO, PORT = b"x-forwarded-host", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-port"
PREFIXES = (b"x-forwarded-prefix", b"x-forwarded-context")
FORWARDED = frozenset((HOST, FOR, PROTO, PORT, *PREFIXES))
MAX_FORWARDED_FOR = 50
"""How many entries of X-Forwarded-For are read."""


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """The address of this server for one client.

    `host` includes its port unless that is the default one; `prefix` is a path such as `/convoscope`, or empty.
    """

    scheme: str
    host: str
    prefix: str = ""

    @property
    def base(self) -> str:
        """The URL, without a trailing slash."""
        return f"{self.scheme}://{self.host}{self.prefix}"


def get_public_url(request: HTTPConnection | Scope) -> PublicUrl:
    """The address of this server for the client of a request that went through `apply_proxies`."""
    found: PublicUrl = (request.scope if isinstance(request, HTTPConnection) else request)["public_url"]
    return found


def get_client_address(request: HTTPConnection | Scope) -> str:
    """The IP address of the client behind all trusted proxies; empty if it is not known."""
    client = (request.scope if isinstance(request, HTTPConnection) else request).get("client")
    return str(client[0]) if client else ""


def get_client_network(request: HTTPConnection) -> str:
    """The client for fair queueing: its IPv4 address, or its IPv6 network (/64), which one customer has."""
    address = read_address(get_client_address(request))
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(IPv6Network((address, 64), strict=False))
    return str(address or "")


def get_host_header(scope: Scope) -> str | None:
    """The Host header as it was sent, several joined by commas; None if there is none."""
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    return ",".join(values) if values else None


def apply_proxies(scope: Scope, root_path: str, proxies: Networks) -> Scope:
    """The scope for the application: without the path prefix, with the public address and the client's address.

    The path is `/…`, or empty for the bare prefix without a trailing slash. X-Forwarded headers count only from a
    peer in `proxies`, and only valid ones. `root_path` is the prefix if none is forwarded.
    """
    forwarded = _read_forwarded(scope, proxies)
    default = read_prefix(scope.get("root_path") or "/") or root_path
    prefix = _read_prefix(forwarded, default)
    public_url = PublicUrl(*_read_scheme_and_host(scope, forwarded), prefix)
    changed = {**scope, "path": _strip_prefix(prefix, scope["path"]), "root_path": "", "public_url": public_url}
    if FOR in forwarded:
        changed["client"] = (_find_client(get_client_address(scope), forwarded[FOR], proxies), 0)
    return changed


def make_root_path(path: str, raw: bytes = b"") -> str:
    """The relative path from a page to the site's root: `./` at `/filters`, `../` at `/a/b`, `/a/` and `//a`.

    It is right under any prefix, also one that a proxy removes without a header. `path` is decoded, as in ASGI; `raw`
    is the path as it was sent, if that is known: to a browser an escaped slash separates nothing.
    """
    levels = path.count("/") - raw.lower().count(b"%2f") - 1
    return "../" * levels or "./"


def _read_forwarded(scope: Scope, proxies: Networks) -> Mapping[bytes, str]:
    """The X-Forwarded headers if they come from a trusted proxy; several of one name are joined by commas."""
    forwarded: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name in FORWARDED:
            text = value.decode("latin-1")
            forwarded[name] = f"{forwarded[name]},{text}" if name in forwarded else text
    return forwarded if forwarded and proxies.includes(read_address(get_client_address(scope))) else {}


def _get_first(forwarded: Mapping[bytes, str], name: bytes) -> str:
    """The first value of a header: that of the proxy nearest to the client."""
    return forwarded.get(name, "").partition(",")[0].strip()


def _read_prefix(forwarded: Mapping[bytes, str], default: str) -> str:
    found = (read_prefix(_get_first(forwarded, name)) for name in PREFIXES)
    return next((prefix for prefix in found if prefix is not None), default)


def _strip_prefix(prefix: str, path: str) -> str:
    """The path without the prefix, whether the proxy has removed that or not."""
    decoded = unquote(prefix)
    has_prefix = bool(prefix) and not starts_with_own_path(prefix) and f"{path}/".startswith(f"{decoded}/")
    return path[len(decoded) :] if has_prefix else path


def _read_scheme_and_host(scope: Scope, forwarded: Mapping[bytes, str]) -> tuple[str, str]:
    proto = _get_first(forwarded, PROTO).lower()
    scheme = proto if proto in DEFAULT_PORTS else str(scope["scheme"])
    host = read_host(_get_first(forwarded, HOST)) or read_host(get_host_header(scope) or "") or _get_server_host(scope)
    port = _get_first(forwarded, PORT)
    # A default port that is not this scheme's belongs to some proxy in between.
    if host.port is None and port not in ("80", "443"):
        host = read_host(f"{host.name}:{port}") or host
    return scheme, str(replace(host, port=None) if host.port == DEFAULT_PORTS.get(scheme) else host)


def _get_server_host(scope: Scope) -> Host:
    """The address on which the request arrived, for clients without a Host header."""
    name, port = scope.get("server") or ("localhost", None)
    literal = f"[{name}]" if isinstance(read_address(name), IPv6Address) else name
    return read_host(f"{literal}:{port or ''}") or Host("localhost")


def _find_client(peer: str, forwarded: str, proxies: Networks) -> str:
    """The nearest address that is not a trusted proxy; entries before it can be forged."""
    client = peer
    for entry in reversed(forwarded.rsplit(",", MAX_FORWARDED_FOR)[-MAX_FORWARDED_FOR:]):
        host = read_host(entry.strip()) or read_host(f"[{entry.strip()}]")
        if host is None or host.address is None:
            break
        client = str(host.address)
        if not proxies.includes(host.address):
            break
    return client
