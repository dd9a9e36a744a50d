"""The public address of the server: scheme, host and path prefix, from a proxy or from settings."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError
from starlette.requests import Request

from app.addresses import OWN_PATHS, Networks, read_networks
from app.cli import main
from app.settings import Settings, format_errors
from app.web.requests.public_url import apply_proxies, get_client_address, get_public_url
from tests.pictures import file, photo
from tests.proxies import Manners, proxy
from tests.serving import RunningServer
from tests.web_client import Client, running

PREFIX = "/convoscope"
UPLOAD = {"file": ("a.png", file(photo(40, 30), "PNG"), "image/png")}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="module")
def under(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server whose setting gives it a prefix."""
    with running(tmp_path_factory.mktemp("site"), root_path=PREFIX) as started:
        yield started


def base(client: Client, path: str = "/", **headers: str) -> str:
    """The server's address in its page."""
    page = client.get(path, **headers)
    assert page.status_code == 200
    return html.unescape(re.search(r'property="og:url" content="([^"]*)"', page.text)[1]).rstrip("/")


# --- the prefix -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", ["", PREFIX])
def test_a_page_is_the_same_whether_the_proxy_keeps_or_removes_the_prefix(under: Client, kept: str):
    assert base(under, f"{kept}/") == f"http://lab.example:8000{PREFIX}"
    assert base(under, f"{kept}/embed?size=8") == f"http://lab.example:8000{PREFIX}/embed?size=8"
    assert base(under, f"{kept}/filters") == f"http://lab.example:8000{PREFIX}/filters"
    build = under.get(f"{kept}/healthz").json()["build"]
    for path in (
        f"/static/{build}/pure/frame/frame.js",
        "/conv-scope.js",
        "/deck-keys.js",
        "/reveal-convoscope.js",
        "/metrics",
        "/api/film?model=lenet5",
    ):
        assert under.get(kept + path).status_code == 200
    assert under.get(f"{kept}/nowhere").status_code == 404
    assert under.ask("POST", f"{kept}/").status_code == 405


@pytest.mark.parametrize("kept", ["", PREFIX])
def test_every_address_in_a_response_works(under: Client, kept: str):
    trace = under.get(f"{kept}/api/trace?size=8&layers=relu")
    assert trace.headers["content-location"] == f"{PREFIX}/api/trace?size=8&layers=relu"
    posted = under.ask("POST", f"{kept}/api/images", files=UPLOAD)
    assert posted.headers["location"] == f"{PREFIX}/api/images/{posted.json()['image']}.png"
    sample = under.get(f"{kept}/api/samples").json()[0]
    page = under.get(f"{kept}/").text
    picture = html.unescape(re.search(r'property="og:image" content="([^"]*)"', page)[1])
    assert picture.startswith(f"http://lab.example:8000{PREFIX}/api/figure.png")
    saved = re.search(r'<a href="(.*?)"', under.get(f"{kept}/api/export/html?image=face").text)[1]
    assert saved == f"http://lab.example:8000{PREFIX}/?image=face"
    assert under.get(f"{kept}/openapi.json").json()["servers"] == [{"url": PREFIX}]
    told = [trace.headers["content-location"], posted.headers["location"], sample["picture"], sample["thumbnail"]]
    for address in [*told, picture, saved]:
        assert under.get(address).status_code == 200, address


def test_without_a_prefix_addresses_are_as_they_were(client: Client):
    assert client.get("/api/trace?size=8").headers["content-location"] == "/api/trace?size=8"
    assert client.get("/api/samples").json()[0]["picture"].startswith("/api/samples/")
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/"}]
    assert base(client) == "http://lab.example:8000"


def test_a_page_finds_its_samples_under_no_prefix_of_its_own(under: Client):
    assert PREFIX not in re.search(r'data-part="tables">(.*?)</script>', under.get("/").text, re.DOTALL)[1]


def test_the_bare_prefix_redirects_to_its_slash_with_its_query(under: Client):
    for method in ("GET", "HEAD", "POST"):
        answer = under.ask(method, f"{PREFIX}?image=face&title=%C3%BC")
        assert answer.status_code == 308
        assert answer.headers["location"] == f"{PREFIX}/?image=face&title=%C3%BC"
    assert under.get(PREFIX).headers["location"] == f"{PREFIX}/"
    status, headers, _ = under.ask_raw(b'a=\r\nX: y\xff "<', PREFIX)
    assert (status, headers["location"]) == (308, f'{PREFIX}/?a=%0D%0AX:%20y%FF%20"<')


def test_a_path_that_only_begins_with_the_letters_of_the_prefix_is_another(under: Client):
    assert under.get(f"{PREFIX}s/").status_code == 404
    assert under.get(f"{PREFIX}{PREFIX}/").status_code == 404
    assert under.get(f"/x{PREFIX}/").status_code == 404


def test_errors_under_a_prefix_are_json_for_the_api_and_counted_under_their_route(under: Client):
    answer = under.get(f"{PREFIX}/api/trace?size=none")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert 'route="/api/trace",status="422"' in under.get(f"{PREFIX}/metrics").text
    assert PREFIX not in under.get("/metrics").text


def test_a_forwarded_prefix_takes_precedence_over_the_setting(under: Client, client: Client):
    for told in ("/user/me/proxy/8000", "/user/me/proxy/8000/", "/user/me/proxy/8000, /inner"):
        for path in ("/", "/user/me/proxy/8000/"):
            assert base(under, path, x_forwarded_prefix=told) == "http://lab.example:8000/user/me/proxy/8000"
    assert base(client, x_forwarded_context="/user/me") == "http://lab.example:8000/user/me"
    assert base(under, x_forwarded_prefix="/") == "http://lab.example:8000"
    assert base(client, "/user/m%C3%A9@uni/", x_forwarded_prefix="/user/m%C3%A9@uni").endswith("/user/m%C3%A9@uni")


def test_a_prefix_that_begins_like_an_own_path_is_one_that_the_proxy_has_removed(client: Client):
    assert client.get("/api/kernels", x_forwarded_prefix="/api").status_code == 200
    where = client.get("/api/trace?size=8", x_forwarded_prefix="/api").headers["content-location"]
    assert where == "/api/api/trace?size=8"


@pytest.mark.parametrize(
    "told",
    [
        *("//evil.example", "///", "/a//b", "javascript:alert(1)", "evil", "/a/../b", "/..", "/.", "/a/./b"),
        *("/%2e%2e/a", "/%2E./a", "/a%2fb", "/a%5cb", "/a\\b", "/a%0d%0ab", "/a%00", "/%ff", "/%", "/%zz", "/a b"),
        *("/a?b", "/a#b", "/<b>", '/"><script>', "/a'b", "/a&b", "/a\r\nX-Evil: 1", "/\xfc", "/" + "a" * 5_000),
        *("http://evil.example/a", ",/a"),
    ],
)
def test_an_invalid_forwarded_prefix_is_ignored(under: Client, told: str):
    headers = [(b"host", b"lab.example:8000"), (b"x-forwarded-prefix", told.encode("latin-1"))]
    status, got, page = under.ask_raw(b"", "/", headers=headers)
    assert status == 200
    assert f'property="og:url" content="http://lab.example:8000{PREFIX}/"'.encode() in page
    assert "x-evil" not in got
    assert under.ask_raw(b"", PREFIX, headers=headers)[1]["location"] == f"{PREFIX}/"


# --- scheme and host --------------------------------------------------------------------------------------------


def test_a_proxy_forwards_scheme_host_and_port(client: Client):
    host = {"x_forwarded_host": "lab.uni.edu", "x_forwarded_proto": "https"}
    assert base(client, **host) == "https://lab.uni.edu"
    assert base(client, **host, x_forwarded_prefix=PREFIX) == f"https://lab.uni.edu{PREFIX}"
    assert base(client, **host, x_forwarded_port="8443") == "https://lab.uni.edu:8443"
    assert base(client, **host, x_forwarded_port="443") == "https://lab.uni.edu"
    assert base(client, **host, x_forwarded_port="80") == "https://lab.uni.edu"
    assert base(client, x_forwarded_host="lab.uni.edu:9000", x_forwarded_port="8443") == "http://lab.uni.edu:9000"
    assert base(client, x_forwarded_host="LAB.uni.edu.:80") == "http://lab.uni.edu"
    assert base(client, x_forwarded_host="[2001:DB8::1]:80, b.example") == "http://[2001:db8::1]"
    assert base(client, x_forwarded_proto="https, http") == "https://lab.example:8000"
    assert base(client, host="lab.uni.edu", x_forwarded_port="8080") == "http://lab.uni.edu:8080"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *[("proto", value) for value in ("javascript", "", "ftp", "https:", 'https"', "http\r\n")],
        *[("port", value) for value in ("", "0", "99999", "-1", "eighty", "8443 evil", "8" * 5_000)],
        *[
            ("host", value)
            for value in ('evil"><script>', "me@evil.example", "evil.example/a", "", "a b", "evil:0", "[::1")
        ],
        *[("host", value) for value in ("evil.example\r\nX: y", "a" * 5_000, ", evil.example", "http://evil.example")],
    ],
)
def test_an_invalid_forwarded_scheme_host_or_port_is_ignored(client: Client, name: str, told: str):
    headers = [(b"host", b"lab.example"), (f"x-forwarded-{name}".encode(), told.encode())]
    status, _, page = client.ask_raw(b"", "/", headers=headers)
    assert status == 200
    assert b'property="og:url" content="http://lab.example/"' in page


def test_a_request_without_a_host_gets_the_address_of_its_connection(client: Client):
    for server, known in [(("10.0.0.7", 8000), "10.0.0.7:8000"), (("::1", 80), "[::1]"), (None, "localhost")]:
        _, _, page = client.ask_raw(b"", "/", headers=[], http_version="1.0", server=server)
        assert f'property="og:url" content="http://{known}/"'.encode() in page


def test_no_response_for_one_address_is_sent_for_another(client: Client):
    """Each is requested twice, so that the second comes from the cache."""
    seen = {}
    for _ in range(2):
        for prefix in ("", "/a", "/b"):
            for proto in ("http", "https"):
                for host in ("one.example", "two.example"):
                    told = {"x_forwarded_prefix": prefix, "x_forwarded_proto": proto, "x_forwarded_host": host}
                    page = client.get("/?size=8", **{name: value for name, value in told.items() if value})
                    assert f'content="{proto}://{host}{prefix}/?size=8"' in page.text
                    where = client.get("/api/trace?size=8", x_forwarded_prefix=prefix or "/").headers[
                        "content-location"
                    ]
                    assert where == f"{prefix}/api/trace?size=8"
                    seen[page.headers["etag"]] = page.text
    assert len(seen) == 12
    tag = client.get("/?size=8", x_forwarded_prefix="/a").headers["etag"]
    assert client.get("/?size=8", x_forwarded_prefix="/b", if_none_match=tag).status_code == 200


# --- whom to believe --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "peer", "believed"),
    [
        ("127.0.0.0/8,::1", ("127.0.0.1", 5), True),
        ("127.0.0.0/8,::1", ("::1", 5, 0, 0), True),
        ("127.0.0.0/8,::1", ("::ffff:127.0.0.1", 5), True),
        ("127.0.0.0/8,::1", ("10.0.0.1", 5), False),
        ("127.0.0.0/8,::1", None, False),
        ("127.0.0.0/8,::1", ("testclient", 5), False),
        ("10.0.0.0/8 fd00::/8", ("10.200.3.4", 5), True),
        ("10.0.0.0/8 fd00::/8", ("fd00::7", 5), True),
        ("10.0.0.0/8 fd00::/8", ("127.0.0.1", 5), False),
        ("10.0.0.7", ("10.0.0.8", 5), False),
        ("*", ("203.0.113.9", 5), True),
        ("*", None, True),
        ("", ("127.0.0.1", 5), False),
    ],
)
def test_only_a_trusted_proxy_counts(trusted: str, peer: tuple | None, believed: bool):
    headers = [(b"host", b"inner.example"), (b"x-forwarded-host", b"lab.uni.edu"), (b"x-forwarded-prefix", b"/a")]
    outside = get_public_url(apply_proxies(scope(headers, client=peer), "", read_networks(trusted)))
    assert (outside.host, outside.prefix) == (("lab.uni.edu", "/a") if believed else ("inner.example", ""))


def test_forwarded_headers_of_other_clients_are_ignored(tmp_path: Path):
    with running(tmp_path, trusted_proxies="10.0.0.0/8") as client:
        told = {"x_forwarded_host": "evil.example", "x_forwarded_proto": "https", "x_forwarded_prefix": "/evil"}
        assert base(client, **told) == "http://lab.example:8000"
        headers = {"origin": "http://evil.example", "x-forwarded-host": "evil.example"}
        assert client.ask("POST", "/api/images", files=UPLOAD, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("told", "client"),
    [
        (None, "10.0.0.1"),
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.0.0.2, 10.9.9.9", "203.0.113.9"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("203.0.113.9:55000", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:DB8::1]:55000", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, unknown, 10.0.0.2", "10.0.0.2"),
        ("evil.example", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("203.0.113.9," * 5_000 + "10.0.0.2", "203.0.113.9"),
    ],
)
def test_the_client_is_the_nearest_address_that_is_not_a_trusted_proxy(told: str | None, client: str):
    headers = [(b"x-forwarded-for", told.encode())] if told is not None else []
    inner = apply_proxies(scope(headers, client=("10.0.0.1", 5)), "", read_networks("10.0.0.0/8"))
    assert get_client_address(inner) == get_client_address(Request(inner)) == client
    stranger = apply_proxies(scope(headers, client=("192.0.2.1", 5)), "", read_networks("10.0.0.0/8"))
    assert get_client_address(stranger) == "192.0.2.1"


def test_several_lines_of_a_header_are_one_list():
    headers = [(b"x-forwarded-for", b"198.51.100.1"), (b"x-forwarded-for", b"203.0.113.9")]
    assert (
        get_client_address(apply_proxies(scope(headers, client=("10.0.0.1", 5)), "", Networks(includes_all=True)))
        == "198.51.100.1"
    )
    assert (
        get_client_address(apply_proxies(scope(headers, client=("10.0.0.1", 5)), "", read_networks("10.0.0.1")))
        == "203.0.113.9"
    )


def test_the_path_of_a_server_around_this_one_is_a_prefix_too():
    inner = apply_proxies(scope([], path="/outer/api/trace", root_path="/outer"), "", Networks())
    assert (inner["path"], get_public_url(inner).prefix) == ("/api/trace", "/outer")


def scope(headers: list[tuple[bytes, bytes]], **more: object) -> dict[str, object]:
    plain = {"type": "http", "scheme": "http", "path": "/", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 1)}
    return {**plain, "headers": headers, **more}


# --- the settings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"), [("", ""), ("/", ""), ("/a/b", "/a/b"), ("/a/b/", "/a/b"), ("/a%40b", "/a%40b")]
)
def test_a_root_path_is_a_path_without_a_slash_at_its_end(said: str, meant: str):
    assert Settings(root_path=said).root_path == meant


@pytest.mark.parametrize("said", ["convoscope", "//a", "/a//b", "/a/..", "http://lab.example/a", "/a b", "/a?b", '/"'])
def test_an_invalid_root_path_is_rejected_with_an_example(said: str):
    with pytest.raises(ValidationError) as refusal:
        Settings(root_path=said)
    assert format_errors(refusal.value) == [
        f"CONVOSCOPE_ROOT_PATH={said}: It has to be a path such as /convoscope, which begins with one / and has no "
        "empty part."
    ]


@pytest.mark.parametrize("name", OWN_PATHS)
def test_a_root_path_that_begins_like_an_own_path_is_rejected(name: str):
    for said in (f"/{name}", f"/{name}/lab", f"/%{ord(name[0]):x}{name[1:]}"):
        with pytest.raises(ValidationError) as refusal:
            Settings(root_path=said)
        assert "It may not begin with api, compare, controls.json, conv-scope.js," in format_errors(refusal.value)[0]
    Settings(root_path=f"/{name}s")


def test_no_root_path_may_begin_like_any_own_path(client: Client):
    firsts = {route.path.split("/")[1] for route in client.app.state.routes}
    assert firsts - {""} <= set(OWN_PATHS)


@pytest.mark.parametrize("said", ["localhost", "10.0.0.0/33", "lab.example", "10.0.0", "/8", "10.0.0.1;10.0.0.2"])
def test_an_invalid_trusted_proxy_is_rejected_with_an_example(said: str):
    with pytest.raises(ValidationError) as refusal:
        Settings(trusted_proxies=f"127.0.0.1, {said}")
    assert f": {said} is not an address or a network such as 10.0.0.0/8." in format_errors(refusal.value)[0]


# --- real servers -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("site")) as started:
        yield started


def tried(url: str, origin: str) -> None:
    """Everything that a visitor does at `url`, as a browser does over plain HTTP."""
    page = httpx.get(f"{url}/?size=8", timeout=60)
    assert f'property="og:url" content="{url}/?size=8"' in page.text
    brought = httpx.post(f"{url}/api/images", files=UPLOAD, headers={"Origin": origin}, timeout=60)
    assert brought.status_code == 201
    assert httpx.get(origin + brought.headers["location"], timeout=60).headers["content-type"] == "image/png"
    trace = httpx.get(f"{url}/api/trace?image={brought.json()['image']}&size=8", timeout=60)
    assert httpx.get(origin + trace.headers["content-location"], timeout=60).content == trace.content


def test_behind_a_proxy_that_changes_the_host_an_upload_needs_a_forwarded_host(server: RunningServer):
    with proxy(server.url, Manners(prefix="", keeps_host=False)) as silent:
        answer = httpx.post(f"{silent.url}/api/images", files=UPLOAD, headers={"Origin": silent.origin}, timeout=60)
        assert answer.status_code == 403
        assert "CONVOSCOPE_TRUSTED_PROXIES" in answer.json()["detail"]
    with proxy(server.url, Manners(prefix="", keeps_host=False, says=("Host", "Proto", "For"))) as telling:
        tried(telling.url, telling.origin)


@pytest.mark.parametrize("strips", [True, False])
def test_everything_works_under_a_forwarded_prefix(server: RunningServer, strips: bool):
    with proxy(server.url, Manners(strips=strips, says=("Host", "Prefix"), keeps_host=False)) as there:
        tried(there.url, there.origin)
        assert there.outside == []


@pytest.mark.parametrize("strips", [True, False])
def test_everything_works_under_a_configured_prefix_and_without_it(tmp_path: Path, strips: bool):
    manners = Manners(prefix=PREFIX, strips=strips)
    environment = {"CONVOSCOPE_ROOT_PATH": PREFIX}
    with RunningServer(tmp_path, environment=environment) as own, proxy(own.url, manners) as there:
        tried(there.url, there.origin)
        assert httpx.get(there.url, follow_redirects=True).url.path == f"{PREFIX}/"
        assert httpx.get(f"{own.url}/api/kernels", timeout=60).status_code == 200
        assert there.outside == []


def test_only_the_servers_own_setting_names_trusted_proxies(tmp_path: Path):
    environment = {"CONVOSCOPE_TRUSTED_PROXIES": "", "FORWARDED_ALLOW_IPS": "*"}
    with RunningServer(tmp_path, environment=environment) as own:
        told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
        assert f'property="og:url" content="{own.url}/"' in httpx.get(own.url, headers=told, timeout=60).text


def test_an_invalid_root_path_is_reported_before_the_server_starts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("CONVOSCOPE_ROOT_PATH", "/static")
    assert main(["serve"]) == 1
    assert capsys.readouterr().err.startswith("CONVOSCOPE_ROOT_PATH=/static: It may not begin with ")
