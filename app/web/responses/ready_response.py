"""A finished response: status, headers and body, which can be sent any number of times."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ...core.texts import write_for_json

HTML_TYPE = "text/html; charset=utf-8"
PNG_TYPE = "image/png"
CSV_TYPE = "text/csv; charset=utf-8"
BINARY_TYPE = "application/octet-stream"
NO_CACHE = {"Cache-Control": "no-cache"}
GZIP_MIN_BYTES = 500
"""Smaller bodies fit into one packet uncompressed."""
GZIP_LEVEL = 4
"""Half the time of level 6, for 3 % more bytes: somebody waits for the reply."""
GZIP_TYPES = ("text/", "application/json", "application/problem+json", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished response. `etag` has no quotes; a client that already has the same ETag receives a 304."""

    body: bytes
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    gzipped: bytes | None = None

    @property
    def size(self) -> int:
        """About how many bytes it takes in memory."""
        return len(self.body) + len(self.gzipped or b"") + 1000

    def with_gzip(self, level: int = GZIP_LEVEL) -> Reply:
        """The reply with a compressed variant of its body too, if that is worth it."""
        if self.gzipped or len(self.body) < GZIP_MIN_BYTES or not self.media_type.startswith(GZIP_TYPES):
            return self
        return replace(self, gzipped=gzip.compress(self.body, level, mtime=0))

    def raw_headers(self, gzipped: bool, body: bool) -> list[tuple[bytes, bytes]]:
        """The headers as ASGI takes them."""
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        if self.etag:
            headers.append((b"etag", format_etag(self.etag).encode()))
        if self.gzipped:
            headers.append((b"vary", b"Accept-Encoding"))
        if not body:
            return headers
        if gzipped:
            headers.append((b"content-encoding", b"gzip"))
        if self.status != 204:
            length = len(self.gzipped or b"") if gzipped else len(self.body)
            headers += [(b"content-type", self.media_type.encode()), (b"content-length", str(length).encode())]
        return headers

    async def send(self, scope: Scope, send: Send) -> None:
        """Sends the reply: compressed if the client accepts it, as a 304 if it has it, without a body for HEAD."""
        request_headers = Headers(scope=scope)
        is_current = bool(self.etag) and matches_etag(request_headers.get("if-none-match", ""), self.etag)
        gzipped = self.gzipped is not None and accepts_gzip(request_headers.get("accept-encoding", ""))
        status = 304 if is_current else self.status
        await send(
            {"type": "http.response.start", "status": status, "headers": self.raw_headers(gzipped, not is_current)}
        )
        is_empty = is_current or scope["method"] == "HEAD"
        body = b"" if is_empty else (self.gzipped if gzipped and self.gzipped is not None else self.body)
        await send({"type": "http.response.body", "body": body})


class ReplyResponse(Response):
    """A Reply as a Starlette Response."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(b"", reply.status)
        self.reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.reply.send(scope, send)


def make_json_reply(value: object, status: int = 200, **headers: str) -> Reply:
    """A reply with a value as JSON; `_` in a header's name stands for `-`."""
    return Reply(encode_json(value), "application/json", status, _header_names(headers)).with_gzip()


def encode_json(value: object) -> bytes:
    """Compact JSON; infinity and NaN, which JSON lacks, become null."""
    try:
        return _encode(value).encode()
    except ValueError:
        return _encode(_replace_non_finite(value)).encode()


def _encode(value: object) -> str:
    """JSON, encoded in pieces if it has nested lists: the encoder holds the GIL until it is done."""
    if isinstance(value, dict) and value:
        return f"{{{','.join(f'{_encode(str(key))}:{_encode(part)}' for key, part in value.items())}}}"
    if isinstance(value, list) and value and isinstance(value[0], list | dict):
        return f"[{','.join(map(_encode, value))}]"
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=write_for_json)


def make_etag(*parts: object) -> str:
    """A short hash of all the parts, the same in every process."""
    return hashlib.sha256("\n".join(map(str, parts)).encode(errors="replace")).hexdigest()[:20]


def format_etag(etag: str) -> str:
    """An ETag as it is sent: weak, since the compressed body has the same."""
    return f'W/"{etag}"'


def matches_etag(if_none_match: str, etag: str) -> bool:
    """Whether a client's If-None-Match names this ETag."""
    if not if_none_match:
        return False
    is_current = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return f'"{etag}"' in is_current


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether gzip is named in Accept-Encoding and not refused with q=0."""
    for part in accept_encoding.split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _header_names(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _replace_non_finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _replace_non_finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_replace_non_finite(part) for part in value]
    return value
