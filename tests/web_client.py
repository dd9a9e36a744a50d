"""A browser without a window for tests of the HTTP side: the real application, no network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from app.settings import Settings
from app.web import create_app

Headers = Sequence[tuple[bytes, bytes]]
HOST: Headers = ((b"host", b"lab.example"),)


class Client:
    """Asks an application and waits for the answer."""

    def __init__(self, app: FastAPI, runner: asyncio.Runner) -> None:
        self.app = app
        self.runner = runner
        self.goes_away = asyncio.Event()
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://lab.example:8000")

    def ask(self, method: str, address: str, **more) -> httpx.Response:
        return self.runner.run(self._client.request(method, address, **more))

    async def start(self, method: str, address: str, body, kind: str) -> httpx.Response:
        """One request among others, for tests that run several in one loop."""
        return await self._client.request(method, address, content=body, headers={"content-type": kind})

    def get(self, address: str, **headers: str) -> httpx.Response:
        return self.ask("GET", address, headers={name.replace("_", "-"): text for name, text in headers.items()})

    def ask_raw(
        self, query: bytes, path: str = "/", method: str = "GET", headers: Headers = HOST, **scope: object
    ) -> tuple[int, dict[str, str], bytes]:
        """Asks with a query string and headers of any bytes, as no library would send them, in any other scope."""
        return self.runner.run(self._raw(query, path, method, headers, scope))

    async def ask_and_go_away(self, path: str, query: str) -> int:
        """Asks, and leaves when `goes_away` is set; the status that nobody sees."""
        return (await self._raw(query.encode(), path, "GET", HOST, {}))[0]

    def ask_together(self, *addresses: str) -> list[httpx.Response]:
        async def together():
            return await asyncio.gather(*(self._client.get(address) for address in addresses))

        return self.runner.run(together())

    async def _raw(
        self, query: bytes, path: str, method: str, headers: Headers, more: dict[str, object]
    ) -> tuple[int, dict[str, str], bytes]:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "root_path": "",
            "headers": list(headers),
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8000),
            **more,
        }
        sent: list[dict] = []

        received = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive():
            message = next(received, None)
            if message is None:
                await self.goes_away.wait()
            return message or {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        got = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], got, b"".join(message.get("body", b"") for message in sent[1:])


@contextmanager
def running(store: Path, **settings) -> Iterator[Client]:
    """A started application with a store of its own, asked under any host; it is stopped at the end."""
    places = {"store": store / "uploads", "samples": store / "samples", "models": store / "models"}
    app = create_app(Settings(**{"allowed_hosts": "*", **places, **settings}))
    with asyncio.Runner() as runner:
        life = app.router.lifespan_context(app)
        runner.run(_enter(life))
        try:
            yield Client(app, runner)
        finally:
            runner.run(_leave(life))


async def _enter(life) -> None:
    await life.__aenter__()


async def _leave(life) -> None:
    await life.__aexit__(None, None, None)


def page_data(html: str) -> dict:
    """What a page hands to its scripts."""
    start = html.index('data-part="tables"')
    start = html.index(">", start) + 1
    return json.loads(html[start : html.index("</script>", start)])


def read_detail(answer: Any, status: int = 422) -> str:
    """The sentence of a refusal, which is problem+json."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    detail: str = answer.json()["detail"]
    return detail
