"""Security headers: who may load a response, and what it may do where it is shown."""

from __future__ import annotations

from collections.abc import Iterable

RawHeaders = tuple[tuple[bytes, bytes], ...]

COMMON: RawHeaders = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    # Pages load nothing from other sites, and a page that requires this of its frames can embed a figure.
    (b"cross-origin-embedder-policy", b"require-corp"),
)
CORS_READABLE: RawHeaders = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Content-Location, ETag, Retry-After"),
)
CORS_PREFLIGHT: RawHeaders = (
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
)
CORS_EXCLUDED = ("/metrics",)
"""Paths that scripts of other sites cannot read."""

UNUSED_FEATURES = (
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
"""Browser features that no page uses. Full screen, the clipboard and sharing stay enabled.

Browsers log warnings for names that they do not know, such as `bluetooth` on Linux.
"""
DISABLED_FEATURES = ", ".join(f"{name}=()" for name in UNUSED_FEATURES)
PERMISSIONS_POLICY = b"permissions-policy"
CSP_NO_SOURCES = "default-src 'none'"
CSP_NO_FRAMES = "frame-ancestors 'none'"
CSP_INLINE_STYLE = "style-src 'unsafe-inline'"
"""Browsers show an image in a generated page that has a style."""

PAGE: RawHeaders = (
    (PERMISSIONS_POLICY, f"camera=(self), {DISABLED_FEATURES}".encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
)
OTHER_HTML: RawHeaders = ((PERMISSIONS_POLICY, f"camera=(), {DISABLED_FEATURES}".encode()),)
IMAGE: RawHeaders = (
    *OTHER_HTML,
    (b"content-security-policy", f"{CSP_NO_SOURCES}; {CSP_INLINE_STYLE}; {CSP_NO_FRAMES}".encode()),
)
DATA: RawHeaders = (*OTHER_HTML, (b"content-security-policy", f"{CSP_NO_SOURCES}; {CSP_NO_FRAMES}".encode()))


def is_cors_readable(method: str, path: str) -> bool:
    """Whether scripts of any site may read the response."""
    return method in ("GET", "HEAD") and path not in CORS_EXCLUDED


def make_common_headers(method: str, path: str, status: int, own: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """The headers to add to a response that has the headers `own`."""
    readable = CORS_READABLE if is_cors_readable(method, path) else ()
    # A browser copies the headers of a 304 over the stored ones, and a 304 has no content type.
    return (*COMMON, *readable, *(() if status == 304 else _headers_by_type(path, dict(own).get(b"content-type", b""))))


def _headers_by_type(path: str, media_type: bytes) -> RawHeaders:
    if media_type.startswith(b"text/html"):
        # Exported files are sandboxed here, and a sandbox allows no opener policy.
        return OTHER_HTML if path == "/embed" or path.startswith("/api/") else PAGE
    return IMAGE if media_type.startswith(b"image/") else DATA
