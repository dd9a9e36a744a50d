"""The headers of every answer that say who may load it, and what it may do where it is shown."""

from __future__ import annotations

from collections.abc import Iterable

Headers = tuple[tuple[bytes, bytes], ...]

EVERYWHERE: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    # Nothing here loads anything from elsewhere, and a page that demands it of its frames may frame an embed.
    (b"cross-origin-embedder-policy", b"require-corp"),
)
CORS_READABLE: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Content-Location, ETag, Retry-After"),
)
CORS_PREFLIGHT: Headers = (
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
)
NOT_SHARED = ("/metrics",)
"""What no other site's script may read."""

UNUSED = (
    "accelerometer",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
"""Powers of a page that none of ours has a use for. Full screen, the clipboard and sharing stay.

Browsers complain of names that they do not know, such as `bluetooth` on Linux.
"""
SWITCHED_OFF = ", ".join(f"{name}=()" for name in UNUSED)
PERMISSIONS = b"permissions-policy"
NOTHING = "default-src 'none'"
UNFRAMED = "frame-ancestors 'none'"
STYLED = "style-src 'unsafe-inline'"
"""Browsers show a picture in a page of their own making, which has a style."""

PAGE: Headers = (
    (PERMISSIONS, f"camera=(self), {SWITCHED_OFF}".encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
)
OTHER_HTML: Headers = ((PERMISSIONS, f"camera=(), {SWITCHED_OFF}".encode()),)
PICTURE: Headers = (*OTHER_HTML, (b"content-security-policy", f"{NOTHING}; {STYLED}; {UNFRAMED}".encode()))
DATA: Headers = (*OTHER_HTML, (b"content-security-policy", f"{NOTHING}; {UNFRAMED}".encode()))


def is_cors_readable(method: str, path: str) -> bool:
    """Whether scripts of any site may read the answer."""
    return method in ("GET", "HEAD") and path not in NOT_SHARED


def make_common_headers(method: str, path: str, status: int, own: Iterable[tuple[bytes, bytes]]) -> Headers:
    """What is added to an answer with headers of its `own`."""
    readable = CORS_READABLE if is_cors_readable(method, path) else ()
    # A browser copies what a 304 says over what it has, and of what kind that was, a 304 does not say.
    return (*EVERYWHERE, *readable, *(() if status == 304 else _by_kind(path, dict(own).get(b"content-type", b""))))


def _by_kind(path: str, kind: bytes) -> Headers:
    if kind.startswith(b"text/html"):
        # A file that is to be opened elsewhere is sandboxed here, where no opener policy may be.
        return OTHER_HTML if path == "/embed" or path.startswith("/api/") else PAGE
    return PICTURE if kind.startswith(b"image/") else DATA
