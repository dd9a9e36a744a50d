"""Weights on somebody else's server, of which only those parts are fetched that are read."""

from __future__ import annotations

import re
from http.client import HTTPException, HTTPResponse
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from .formats import UnreadableWeights

TIMEOUT_SECONDS = 60
"""A server that is silent for so long is given up."""
MIN_FETCH_BYTES = 4_096
"""Bytes that are fetched at once: descriptions are read in small steps."""
TAIL_BYTES = 16_384
"""Archives are read from their end, where their list of contents lies."""
CHUNK_BYTES = 1 << 20


class RemoteFile:
    """A file behind an http(s) address. Its parts are fetched as they are read, where the server can send parts.

    Otherwise all of it is fetched, up to `most` bytes. `fetched` counts the bytes that came. Raises UnreadableWeights
    with a sentence wherever the server or the network does not do its part.
    """

    def __init__(self, url: str, most: int) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise UnreadableWeights(f"{url} is no address that begins with http:// or https://.")
        self._url = url
        self._most = most
        self._parts: dict[int, bytes] = {}
        self.fetched = 0
        self.size = 0
        self.size = self._open()

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

    def _open(self) -> int:
        """The size of the file; the first bytes, or all, are there afterwards."""
        with self._ask(0, MIN_FETCH_BYTES) as answer:
            said = re.fullmatch(r"bytes 0-\d+/(\d+)", answer.headers.get("Content-Range", ""))
            if answer.status == 206 and said:
                self._parts[0] = self._body(answer, MIN_FETCH_BYTES)
                return int(said[1])
            self._parts[0] = self._body(answer, self._most)
            return len(self._parts[0])

    def _fetch(self, first: int, last: int) -> bytes:
        with self._ask(first, last) as answer:
            if answer.status != 206:
                raise UnreadableWeights("The server sent parts of the file at first, and then no longer.")
            data = self._body(answer, last - first)
        if len(data) != last - first:
            raise UnreadableWeights("The server ended before it had sent what it was asked for.")
        return data

    def _ask(self, first: int, last: int) -> HTTPResponse:
        headers = {"Range": f"bytes={first}-{last - 1}", "Accept-Encoding": "identity", "User-Agent": "convoscope"}
        try:
            return cast(HTTPResponse, urlopen(Request(self._url, headers=headers), timeout=TIMEOUT_SECONDS))
        except HTTPError as error:
            raise UnreadableWeights(f"The server answered {error.code} ({error.reason}) to {self._url}.") from error
        except (URLError, OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise UnreadableWeights(f"{self._url} could not be fetched: {reason}.") from error

    def _body(self, answer: HTTPResponse, most: int) -> bytes:
        """What comes, up to `most` bytes. Raises UnreadableWeights for more."""
        parts: list[bytes] = []
        size = 0
        try:
            while part := answer.read(CHUNK_BYTES):
                size += len(part)
                parts.append(part)
                if size > most:
                    raise UnreadableWeights(
                        f"The server sends whole files only, and this one is larger than {most / 1e6:,.0f} MB."
                    )
        except (OSError, HTTPException) as error:
            raise UnreadableWeights(f"{self._url} broke off after {size:,} bytes.") from error
        self.fetched += size
        return b"".join(parts)
