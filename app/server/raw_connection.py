"""Below HTTP requests: callbacks of the body parser, unsent bytes, and error responses without the application."""

from __future__ import annotations

import asyncio
import sys
from http import HTTPStatus
from typing import Protocol


class BodyReceiver(Protocol):
    """The methods of a connection that a body parser calls."""

    def on_body(self, body: bytes, /) -> None:
        """A part of the body has arrived."""

    def on_trailer(self, name: bytes, value: bytes, /) -> None:
        """A header or trailer has arrived."""

    def on_last_message_complete(self) -> None:
        """The body is complete."""


class BodyCallbacks:
    """The callbacks of a parser that reads only the body of a connection's last request."""

    def __init__(self, connection: BodyReceiver) -> None:
        self.on_body = connection.on_body
        self.on_header = connection.on_trailer
        self.on_message_complete = connection.on_last_message_complete


def count_unsent_bytes(transport: asyncio.Transport) -> int:
    """Bytes that the system still has to send on a connection, on Linux; elsewhere 0."""
    if sys.platform != "linux":
        return 0
    import fcntl
    import termios

    try:
        unsent = fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, bytes(4))
    except OSError:
        return 0
    return int.from_bytes(unsent, sys.byteorder)


def encode_error_response(status: int, code: str, headers: dict[str, str], **parts: object) -> bytes:
    """The bytes of an error response, for requests that cannot reach the application."""
    from ..web.responses.http_errors import make_coded_error, make_problem_reply
    from ..web.responses.security_headers import make_common_headers

    reply = make_problem_reply(make_coded_error(status, code, {**headers, "Connection": "close"}, **parts))
    first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()
    own = reply.raw_headers(gzipped=False, body=True)
    fields = [b"%s: %s" % pair for pair in (*own, *make_common_headers("POST", "", status, own))]
    return b"\r\n".join([first, *fields, b"", reply.body])
