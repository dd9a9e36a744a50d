"""Security headers: who may load a response, and what it may do where it is shown."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.pictures import file, photo
from tests.web_client import Client, running

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
    "cross-origin-embedder-policy": "require-corp",
}
PAGES = ("/", "/?image=nobody", "/filters", "/nowhere")
DATA = (
    "/api/trace?size=8",
    "/api/samples",
    "/openapi.json",
    "/healthz",
    "/metrics",
    "/api/trace?x=1",
    "/conv-scope.js",
)
PICTURES = ("/api/picture.png?size=8", "/api/samples/chelsea.png", "/api/qr.svg?link=https://lab.example/")
UNUSED = ("microphone", "geolocation", "usb", "payment", "midi", "serial", "hid", "display-capture")
USED = ("fullscreen", "clipboard-write", "web-share", "autoplay", "screen-wake-lock", "picture-in-picture")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


def static(client: Client, name: str) -> str:
    return f"/static/{client.get('/healthz').json()['build']}/{name}"


def permissions(answer: httpx.Response) -> dict[str, str]:
    return dict(rule.split("=", 1) for rule in answer.headers["permissions-policy"].split(", "))


def rules(answer: httpx.Response) -> list[str]:
    return answer.headers["content-security-policy"].split("; ")


def every_answer(client: Client) -> Iterator[httpx.Response]:
    """One response of each kind: pages, data, pictures, files, errors, redirects, a 304."""
    for path in (
        *PAGES,
        *DATA,
        *PICTURES,
        "/embed",
        "/api/export/html?image=face",
        static(client, "pure/frame/frame.js"),
    ):
        answer = client.get(path)
        yield answer
        yield client.ask("HEAD", path)
        if "etag" in answer.headers:
            held = client.get(path, if_none_match=answer.headers["etag"])
            assert held.status_code == 304
            yield held
    yield client.get("/static/000000000000/pure/frame/frame.js")
    yield client.get("/", host="a b")
    yield client.get("/lab", x_forwarded_prefix="/lab")
    yield client.ask("OPTIONS", "/api/trace", headers={"access-control-request-method": "GET"})
    yield client.ask("POST", "/api/images", headers={"origin": "https://evil.example"})
    yield client.ask("POST", "/api/images", files={"file": ("a.png", file(photo(9, 9), "PNG"))})
    yield client.ask("DELETE", "/api/images/u-aaaaaaaaaaaaaaaaaaaa?token=x")


def test_every_response_can_be_loaded_by_a_page_that_requires_cross_origin_headers(client: Client):
    statuses = set()
    for answer in every_answer(client):
        statuses.add(answer.status_code)
        assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE, answer.url
    assert statuses >= {200, 201, 204, 304, 308, 400, 403, 404, 410, 422}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_use_the_camera_and_has_an_opener_policy(client: Client, path: str):
    answer = client.get(path)
    assert permissions(answer)["camera"] == "(self)"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_an_embed_has_no_camera_and_no_opener_policy(client: Client):
    answer = client.get("/embed")
    assert permissions(answer)["camera"] == "()"
    assert "cross-origin-opener-policy" not in answer.headers


def test_an_exported_file_has_only_its_own_policy(client: Client):
    """Browsers treat a sandboxed response with an opener policy as an error."""
    answer = client.get("/api/export/html?image=face")
    assert rules(answer) == ["default-src 'none'", "sandbox"]
    assert "cross-origin-opener-policy" not in answer.headers


@pytest.mark.parametrize("path", [*PAGES, "/embed", *DATA, *PICTURES])
def test_unused_browser_features_are_disabled_and_used_ones_are_not_named(client: Client, path: str):
    said = permissions(client.get(path))
    assert {name: said[name] for name in UNUSED} == dict.fromkeys(UNUSED, "()")
    assert not said.keys() & set(USED)


@pytest.mark.parametrize("path", [*DATA, *PICTURES])
def test_a_response_that_is_not_a_page_can_load_nothing_and_cannot_be_framed(client: Client, path: str):
    answer = client.get(path)
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(rules(answer))
    assert "cross-origin-opener-policy" not in answer.headers
    assert permissions(answer)["camera"] == "()"


def test_files_and_responses_to_uploads_are_no_pages_either(client: Client):
    brought = client.ask("POST", "/api/images", files={"file": ("a.png", file(photo(9, 9), "PNG"))})
    for answer in (
        client.get(static(client, "styles/page.css")),
        client.get(static(client, "pure/frame/frame.js")),
        brought,
    ):
        assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(rules(answer))


def test_a_304_does_not_change_the_policies_of_the_stored_response(client: Client):
    """A browser replaces its stored headers by those of a 304."""
    for path in ("/", "/embed", "/api/picture.png?size=8", static(client, "pure/frame/frame.js")):
        first = client.get(path)
        held = client.get(path, if_none_match=first.headers["etag"])
        for name in ("permissions-policy", "cross-origin-opener-policy", "content-security-policy"):
            assert held.headers.get(name) in (None, first.headers.get(name))


def test_any_site_can_read_the_api_and_the_modules_but_not_the_metrics(client: Client):
    for path in (
        "/api/trace?size=8",
        "/api/samples",
        "/conv-scope.js",
        "/embed",
        "/healthz",
        static(client, "pure/frame/frame.js"),
    ):
        assert client.get(path).headers["access-control-allow-origin"] == "*"
    asking = {"access-control-request-method": "GET", "origin": "https://evil.example"}
    for method, path in [("GET", "/metrics"), ("HEAD", "/metrics"), ("GET", "/metrics?x=1"), ("OPTIONS", "/metrics")]:
        answer = client.ask(method, path, headers=asking)
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert client.get("/lab/metrics", x_forwarded_prefix="/lab").headers.get("access-control-allow-origin") is None
