"""Parses hosts, networks and path prefixes, in request headers and in the settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import unquote

Address = IPv4Address | IPv6Address

MAX_NAME_LENGTH = 253
MAX_PREFIX_LENGTH = 1_000
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"{LABEL}(?:\.{LABEL})*")
HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:]+)(?::(?P<port>[0-9]{0,5}))?")
SEGMENT = re.compile(r"(?:[A-Za-z0-9._~@:+,=!$*;-]|%[0-9A-Fa-f]{2})+")
LOCAL_NAMES = ("localhost", "*.localhost")
"""Names that mean the machine itself everywhere (RFC 6761)."""
OWN_PATHS = (
    "api",
    "compare",
    "controls.json",
    "conv-scope.js",
    "deck-keys.js",
    "docs",
    "embed",
    "examples",
    "exercises",
    "filters",
    "glossary",
    "healthz",
    "lessons",
    "metrics",
    "openapi.json",
    "readyz",
    "reveal-convoscope.js",
    "static",
)
"""First segments of this server's own paths. A prefix with the same one would be ambiguous."""


@dataclass(frozen=True, slots=True)
class Host:
    """A name in lower case without a trailing dot, or a literal address, IPv6 in brackets; and the port, if given."""

    name: str
    port: int | None = None
    address: Address | None = None

    def __str__(self) -> str:
        return self.name if self.port is None else f"{self.name}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether it names the machine itself: a loopback address or name."""
        return self.address.is_loopback if self.address else any(matches_host(local, self) for local in LOCAL_NAMES)


@dataclass(frozen=True, slots=True)
class Networks:
    """Some networks; with `includes_all`, every address and also clients without one."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    includes_all: bool = False

    def includes(self, address: Address | None) -> bool:
        """Whether an address is in one of them."""
        return self.includes_all or (address is not None and any(address in network for network in self.networks))


@lru_cache(256)
def read_host(text: str) -> Host | None:
    """Parses a host as in the Host header; None if it is invalid."""
    found = HOST.fullmatch(text.lower()) if text.isascii() else None
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else None
    if port is not None and not 1 <= port <= 65_535:
        return None
    text_name = found["name"]
    name, address = text_name.removesuffix("."), read_address(text_name.strip("[]"))
    if address is not None and (":" in text_name) == text_name.startswith("["):
        return Host(f"[{address}]" if address.version == 6 else str(address), port, address)
    return Host(name, port) if len(name) <= MAX_NAME_LENGTH and NAME.fullmatch(name) else None


def read_address(text: str) -> Address | None:
    """Parses a literal address without brackets, IPv4-mapped IPv6 as IPv4; None if it is invalid."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def read_prefix(text: str) -> str | None:
    """Parses a path prefix and removes its trailing slash; '' for '/', None if it is invalid.

    It is percent-encoded, as in an address. No segment is empty, `.` or `..`, not even percent-encoded.
    """
    if not text.startswith("/") or len(text) > MAX_PREFIX_LENGTH:
        return None
    prefix = text.removesuffix("/")
    return prefix if all(map(_is_segment, prefix.split("/")[1:])) else None


def starts_with_own_path(prefix: str) -> bool:
    """Whether a prefix begins like one of this server's own paths."""
    return unquote(prefix[1:].partition("/")[0]) in OWN_PATHS


def read_root_path(text: str) -> str:
    """Parses a path prefix from the settings; '' for none. Raises ValueError with a sentence."""
    prefix = read_prefix(text) if text else ""
    if prefix is None:
        raise ValueError("It has to be a path such as /convoscope, which begins with one / and has no empty part")
    if starts_with_own_path(prefix):
        raise ValueError(f"It may not begin with {', '.join(OWN_PATHS)}: these are addresses of this server itself")
    return prefix


def read_networks(text: str) -> Networks:
    """Parses addresses and networks from the settings, `*` for all. Raises ValueError with a sentence."""
    parts = _split_list(text)
    return Networks(tuple(_parse_network(part) for part in parts if part != "*"), "*" in parts)


def read_patterns(text: str) -> tuple[str, ...]:
    """Parses host patterns: names, `*.` before a name, addresses, `*` for any. Raises ValueError with a sentence."""
    return tuple(map(_parse_pattern, _split_list(text)))


def matches_host(pattern: str, host: Host) -> bool:
    """Whether a pattern matches a host; `*.` stands for one or more labels."""
    return pattern in ("*", host.name) or (pattern.startswith("*.") and host.name.endswith(pattern[1:]))


def _is_segment(text: str) -> bool:
    plain = unquote(text)
    is_sound = (
        plain.isprintable() and plain not in (".", "..") and not {*plain} & {"/", "\\", "\N{REPLACEMENT CHARACTER}"}
    )
    return is_sound and bool(SEGMENT.fullmatch(text))


def _split_list(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,]+", text) if part]


def _parse_network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text} is not an address or a network such as 10.0.0.0/8") from None


def _parse_pattern(text: str) -> str:
    if text == "*":
        return text
    star = "*." if text.startswith("*.") else ""
    bare = text.removeprefix(star)
    host = read_host(f"[{bare}]" if bare.count(":") > 1 and not bare.startswith("[") else bare)
    if host is None or (star and host.address):
        raise ValueError(f"{text} is not a name such as lab.example.org or *.example.org, or an address")
    return star + host.name
