"""A weights file behind an http(s) URL, of which only the parts that are read are fetched."""

from __future__ import annotations

import re
from http.client import HTTPException, HTTPResponse
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from ..core.texts import make_text
from .formats import UnreadableWeights

TIMEOUT_SECONDS = 60
"""The timeout for a server that sends nothing."""
MIN_FETCH_BYTES = 4_096
"""Bytes that are fetched at once, since headers are read in small steps."""
TAIL_BYTES = 16_384
"""Bytes that are fetched at the end of a file, where a zip archive has its directory."""
CHUNK_BYTES = 1 << 20


class RemoteFile:
    """A file behind an http(s) URL, read by range requests if the server supports them.

    Otherwise the whole file is fetched, up to `max_bytes`. `fetched` counts the received bytes. Raises
    UnreadableWeights with a sentence for any failure of the server or the network.
    """

    def __init__(self, url: str, max_bytes: int) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise UnreadableWeights(make_text("not_an_address", url=url))
        self._url = url
        self._max_bytes = max_bytes
        self._parts: dict[int, bytes] = {}
        self.fetched = 0
        self.size = 0
        self.size = self._fetch_start()

    def read(self, start: int, count: int) -> bytes:
        """At most `count` bytes from `start` on."""
        count = max(0, min(count, self.size - start))
        if count == 0:
            return b""
        for first, part in self._parts.items():
            if first <= start and start + count <= first + len(part):
                return part[start - first : start - first + count]
        first = max(0, min(start, self.size - TAIL_BYTES)) if start > self.size - TAIL_BYTES else start
        last = min(self.size, max(start + count, first + MIN_FETCH_BYTES))
        self._parts[first] = self._fetch(first, last)
        return self._parts[first][start - first : start - first + count]

    def _fetch_start(self) -> int:
        """Fetches the first bytes, or the whole file; returns the size of the file."""
        with self._request(0, MIN_FETCH_BYTES) as response:
            content_range = re.fullmatch(r"bytes 0-\d+/(\d+)", response.headers.get("Content-Range", ""))
            if response.status == 206 and content_range:
                self._parts[0] = self._read_body(response, MIN_FETCH_BYTES)
                return int(content_range[1])
            self._parts[0] = self._read_body(response, self._max_bytes)
            return len(self._parts[0])

    def _fetch(self, first: int, last: int) -> bytes:
        with self._request(first, last) as response:
            if response.status != 206:
                raise UnreadableWeights(make_text("server_stopped"))
            data = self._read_body(response, last - first)
        if len(data) != last - first:
            raise UnreadableWeights(make_text("server_sent_fewer"))
        return data

    def _request(self, first: int, last: int) -> HTTPResponse:
        headers = {"Range": f"bytes={first}-{last - 1}", "Accept-Encoding": "identity", "User-Agent": "convoscope"}
        try:
            return cast(HTTPResponse, urlopen(Request(self._url, headers=headers), timeout=TIMEOUT_SECONDS))
        except HTTPError as error:
            raise UnreadableWeights(
                make_text("server_answered", status=error.code, reason=error.reason, url=self._url)
            ) from error
        except (URLError, OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise UnreadableWeights(make_text("not_fetched", url=self._url, reason=reason)) from error

    def _read_body(self, response: HTTPResponse, max_bytes: int) -> bytes:
        """The body of a response. Raises UnreadableWeights for more than `max_bytes`."""
        chunks: list[bytes] = []
        size = 0
        try:
            while chunk := response.read(CHUNK_BYTES):
                size += len(chunk)
                chunks.append(chunk)
                if size > max_bytes:
                    raise UnreadableWeights(make_text("whole_file_too_large", most=f"{max_bytes / 1e6:,.0f}"))
        except (OSError, HTTPException) as error:
            raise UnreadableWeights(make_text("broke_off", url=self._url, size=size)) from error
        self.fetched += size
        return b"".join(chunks)
