"""What a browser fetches until the first figure is drawn: HTML, styles and scripts as they are sent, compressed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest

from tests.web_client import Client, running

LIGHT = 100_000  # bytes, without the Trace, which a page of a small figure carries
TRACE = re.compile(r'"trace":"[^"]*"')
STYLES_LATER = {"settings", "share", "authoring", "present", "tabs"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("store")) as made:
        yield made


def named(html: str) -> list[str]:
    """The files that a page names: what the browser fetches before it draws."""
    return sorted({f"/{name}" for name in re.findall(r'(?:href|src)="\./(static/[^"]+)"', html)})


def sent(client: Client, address: str) -> int:
    """Bytes of a body as a browser gets it: zipped where that is worth it."""
    answer = client.get(address, accept_encoding="gzip")
    assert answer.status_code == 200
    return int(answer.headers["content-length"])


@pytest.mark.parametrize("query", ["", "image=coffee&channels=rgb&layers=conv:random*8~relu~maxpool:2&stage=2"])
@pytest.mark.parametrize("path", ["/", "/embed"])
def test_the_first_figure_takes_at_most_100_kb(client: Client, path: str, query: str):
    address = f"{path}?{query}" if query else path
    html = client.get(address).text
    weights = {name: sent(client, name) for name in (address, *named(html))}
    weights["the trace"] = len(gzip.compress(TRACE.sub("", html).encode())) - len(gzip.compress(html.encode()))
    assert sum(weights.values()) <= LIGHT, sorted(weights.items(), key=lambda item: -item[1])


def test_what_waits_for_somebody_is_not_among_it(client: Client):
    files = {name.split("/", 3)[3] for name in named(client.get("/").text)}
    assert files >= {"joined/lab.js", "styles/page.css"}
    assert not files & {f"styles/{name}.css" for name in STYLES_LATER}
    assert len([name for name in files if name.endswith(".js")]) == 1
    script = next(name for name in named(client.get("/").text) if name.endswith("lab.js"))
    source_map = client.get(f"{script}.map").json()
    modules = {name.removeprefix("../") for name in source_map["sources"]}
    assert "ui/viewer/viewer.js" in modules
    assert not [name for name in modules if name.startswith(("features/", "pure/tabs/", "ui/present/"))]
    assert not modules & {"ui/controls/settings.js", "ui/controls/layer/inspector.js"}


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_page_carries_the_numbers_of_a_small_figure_and_asks_for_those_of_a_large_one(client: Client, path: str):
    small, large = (client.get(f"{path}?image=coffee&size={size}&layers=conv:sobel-x~relu").text for size in (32, 96))
    assert '"trace":' in small
    assert "/api/trace" not in small
    assert '"trace":' not in large
    assert "/api/trace?" in large
