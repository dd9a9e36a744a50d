"""A reverse proxy under a path prefix: one that strips it, as JupyterHub's and VS Code's do, or one that keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import IO
from urllib.parse import urlsplit

PREFIX = "/user/me/proxy/8000"
PIECE = 65_536
TIMEOUT = 60  # seconds; no test is decided by it
OF_ONE_CONNECTION = frozenset(
    ("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade")
)


@dataclass(frozen=True, slots=True)
class Manners:
    """What a proxy does to a request.

    It takes `prefix` off the path, or keeps it. It says X-Forwarded-Host, -Proto, -Port and -Prefix where `says` names
    them ("Host", "Proto", "Port", "Prefix", also "For"), with `headers` in place of and beside them. The server gets
    the visitor's Host, or the server's own where `keeps_host` is false.
    """

    prefix: str = PREFIX
    strips: bool = True
    says: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    keeps_host: bool = True


@dataclass(frozen=True, slots=True)
class Proxied:
    """A running proxy. `url` is the address of the site behind it, without a slash at the end."""

    origin: str
    url: str
    outside: list[str] = field(default_factory=list)
    """Paths that were asked for and do not lie under the prefix; each got a 404."""


@contextmanager
def proxy(upstream: str, manners: Manners | None = None) -> Iterator[Proxied]:
    """A proxy on a free port of this machine, in front of the server at `upstream` (http, no slash at the end)."""
    manners = manners or Manners()
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True  # a browser keeps its connections open
    origin = f"http://127.0.0.1:{server.server_port}"
    proxied = Proxied(origin, origin + manners.prefix)
    server.RequestHandlerClass = _handler(upstream, manners, proxied)
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    serving.start()
    try:
        yield proxied
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def _handler(upstream: str, manners: Manners, proxied: Proxied) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:  # the visitor has gone
                self.close_connection = True

        def pass_on(self) -> None:
            path, _, query = self.path.partition("?")
            if path == manners.prefix and manners.strips:
                self.answer_itself(302, f"{manners.prefix}/{'?' if query else ''}{query}")
            elif path == manners.prefix or path.startswith(manners.prefix + "/"):
                self.ask(self.path[len(manners.prefix) :] if manners.strips else self.path)
            else:
                proxied.outside.append(self.path)
                self.answer_itself(404)

        def ask(self, target: str) -> None:
            with closing(HTTPConnection(urlsplit(upstream).netloc, timeout=TIMEOUT)) as there:
                there.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers_for_it():
                    there.putheader(name, value)
                there.endheaders()
                for piece in self.body():
                    there.send(piece)
                self.hand_back(there.getresponse())

        def headers_for_it(self) -> Iterator[tuple[str, str]]:
            host = self.headers["Host"]
            said = {
                "For": self.client_address[0],
                "Host": host,
                "Proto": "http",
                "Port": urlsplit(f"//{host}").port or 80,
                "Prefix": manners.prefix,
            }
            own = {f"X-Forwarded-{name}": str(said[name]) for name in manners.says} | dict(manners.headers)
            replaced = OF_ONE_CONNECTION | {"host"} | {name.lower() for name in own}
            yield "Host", host if manners.keeps_host else urlsplit(upstream).netloc
            yield from own.items()
            yield from ((name, value) for name, value in self.headers.items() if name.lower() not in replaced)
            if "Transfer-Encoding" in self.headers:
                yield "Transfer-Encoding", "chunked"

        def body(self) -> Iterator[bytes]:
            """The request's body, piece by piece, as it is to be sent on."""
            if "Transfer-Encoding" in self.headers:
                yield from _chunks(self.rfile)
            else:
                yield from _pieces(self.rfile, int(self.headers["Content-Length"] or 0))

        def hand_back(self, answer: HTTPResponse) -> None:
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in OF_ONE_CONNECTION:
                    self.send_header(name, value)
            bare = self.command == "HEAD" or answer.status in (204, 304)
            chunked = not bare and answer.getheader("Content-Length") is None
            if chunked:
                self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            while not bare and (piece := answer.read1(PIECE)):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
            if chunked:
                self.wfile.write(b"0\r\n\r\n")

        def answer_itself(self, status: int, location: str = "") -> None:
            for _ in self.body():
                pass
            self.send_response_only(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = pass_on

    return Handler


def _pieces(source: IO[bytes], left: int) -> Iterator[bytes]:
    while left and (piece := source.read(min(left, PIECE))):
        left -= len(piece)
        yield piece


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    """A chunked body, chunk by chunk, framed as it came."""
    while True:
        head = source.readline()
        size = int(head.split(b";")[0] or b"0", 16)
        yield head + source.read(size + 2)
        if not size:
            return
