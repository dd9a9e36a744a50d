"""Allowed hosts, and same-origin checks of requests that change something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, format_errors
from tests.pictures import file, photo
from tests.web_client import Client, running

BUILD_OF_ANOTHER = "/static/000000000000/pure/frame/frame.js"
EVERY_KIND = (
    "/",
    "/embed",
    "/api/trace?size=8",
    "/healthz",
    "/metrics",
    "/conv-scope.js",
    BUILD_OF_ANOTHER,
    "/nowhere",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server that only its own machine can reach, without a setting of hosts."""
    with running(tmp_path_factory.mktemp("site"), allowed_hosts="") as started:
        yield started


def asked(client: Client, /, *headers: tuple[str, str], **scope: object) -> tuple[int, str]:
    """The status and the body of a small response to a request with exactly these headers."""
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    status, _, body = client.ask_raw(b"", "/api/kernels", headers=raw, **scope)
    return status, body.decode()


def statuses(client: Client, hosts: Sequence[str]) -> set[int]:
    return {asked(client, ("host", host))[0] for host in hosts}


# --- names and addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8000", "LOCALHOST", "localhost.", "lab.localhost", "127.0.0.1:8000", "127.0.0.1:"),
        *("127.8.8.8", "192.168.0.7", "10.0.0.1:80", "[::1]:8000", "[2001:DB8::1]", "[::ffff:127.0.0.1]"),
    ],
)
def test_a_local_server_accepts_local_names_and_literal_addresses(client: Client, host: str):
    assert asked(client, ("host", host))[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8000", "localhost.evil.example", "notlocalhost", "127.0.0.1.evil.example"),
        *("xn--evl-6na.example", "localhost.localdomain", "0x7f.1", "a" * 63 + ".example", "under_score"),
    ],
)
def test_a_foreign_host_is_rejected_with_its_name_and_the_setting(client: Client, host: str):
    status, body = asked(client, ("host", host))
    assert status == 421
    assert host.partition(":")[0][:50] in body
    assert "CONVOSCOPE_ALLOWED_HOSTS" in body


@pytest.mark.parametrize("path", EVERY_KIND)
def test_no_route_is_served_under_a_foreign_host(client: Client, path: str):
    client.get(path, host="localhost")  # so that an answer is at hand
    answer = client.get(path, host="evil.example")
    assert answer.status_code == 421
    of_a_program = path.startswith(("/api", "/healthz", "/metrics", "/static"))
    assert answer.headers["content-type"].startswith("application/problem+json" if of_a_program else "text/html")
    assert "evil.example" in answer.text
    assert "CONVOSCOPE_ALLOWED_HOSTS" in answer.text


def test_a_page_of_a_name_that_points_here_cannot_upload(client: Client):
    headers = {"host": "evil.example", "origin": "http://evil.example", "sec-fetch-site": "same-origin"}
    answer = client.ask("POST", "/api/images", files={"file": ("a.png", file(photo(9, 9), "PNG"))}, headers=headers)
    assert answer.status_code == 421
    preflight = {"host": "evil.example", "access-control-request-method": "GET"}
    assert client.ask("OPTIONS", "/api/images", headers=preflight).status_code == 421


@pytest.mark.parametrize(
    "host",
    [
        *("", " ", "a b", "me@localhost", "me:secret@localhost", "localhost:0", "localhost:99999", "localhost:-1"),
        *("localhost:80:80", "localhost:eighty", "[::1", "::1", "[::1]8000", "[fe80::1%eth0]", "[fe80::1%25eth0]"),
        *("[]", "[127.0.0.1]", "[localhost]", ".", "localhost..", ".localhost", "a..b", "-a.example", "a" * 64),
        *("a." * 200 + "b", "http://localhost", "localhost/", "localhost,localhost", 'evil"><script>', "*"),
        *("lo\x00cal", "m\xfcnchen.example"),
    ],
)
def test_an_invalid_host_gives_a_400_that_quotes_it_as_text(client: Client, host: str):
    status, body = asked(client, ("host", host))
    assert status == 400
    assert "Host header" in body
    status, headers, page = client.ask_raw(b"", "/", headers=[(b"host", host.encode("latin-1"))])
    assert status == 400
    assert headers["content-type"].startswith("text/html")
    assert b"<script>" not in page
    assert max(map(len, unescape(page.decode()).split())) < 400


def test_no_host_or_two_hosts_give_a_400_except_in_http_1_0(client: Client):
    assert asked(client)[0] == 400
    assert asked(client, ("host", "localhost"), ("host", "localhost"))[0] == 400
    assert asked(client, ("host", "localhost"), ("host", "evil.example"))[0] == 400
    assert asked(client, http_version="1.0")[0] == 200
    assert asked(client, ("host", "evil.example"), http_version="1.0")[0] == 421


# --- the setting ----------------------------------------------------------------------------------------------


def test_only_the_hosts_of_the_setting_are_accepted_with_any_port(tmp_path: Path):
    with running(tmp_path, allowed_hosts="Lab.Uni.edu:8000, *.school.example 10.0.0.7,::1") as client:
        ours = ["lab.uni.edu", "lab.uni.edu.", "LAB.UNI.EDU:9", "a.school.example", "a.b.school.example", "10.0.0.7:80"]
        assert statuses(client, [*ours, "[::1]:8000"]) == {200}
        others = ["localhost", "127.0.0.1", "10.0.0.8", "school.example", "evilschool.example", "uni.edu", "[::2]"]
        assert statuses(client, [*others, "a.school.example.evil.example"]) == {421}


@pytest.mark.parametrize("settings", [{"allowed_hosts": "*"}, {"allowed_hosts": "", "host": "0.0.0.0"}])
def test_any_host_is_accepted_with_a_star_or_on_a_public_address(tmp_path: Path, settings: dict):
    with running(tmp_path, **settings) as client:
        assert statuses(client, ["lab.example", "localhost", "10.0.0.1"]) == {200}
        assert statuses(client, ["a b"]) == {400}


@pytest.mark.parametrize("host", ["::1", "127.0.0.5", "localhost"])
def test_every_loopback_address_counts_as_local(tmp_path: Path, host: str):
    with running(tmp_path, allowed_hosts="", host=host) as client:
        assert statuses(client, ["evil.example"]) == {421}


def test_in_a_jupyterhub_any_host_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/me/")
    with running(tmp_path, allowed_hosts="") as client:
        assert statuses(client, ["hub.example"]) == {200}
    with running(tmp_path, allowed_hosts="hub.example") as client:
        assert statuses(client, ["evil.example"]) == {421}


@pytest.mark.parametrize(
    "said", ["http://lab.example", "lab.example/", "*.*.example", "lab.*", "a b@c", "10.0.0.0/8", "*.10.0.0.1", "a..b"]
)
def test_an_invalid_host_in_the_setting_is_rejected_and_named(said: str):
    with pytest.raises(ValidationError) as refusal:
        Settings(allowed_hosts=said)
    assert said.split()[-1] in format_errors(refusal.value)[0]
    assert "such as lab.example.org" in format_errors(refusal.value)[0]


# --- behind a proxy -------------------------------------------------------------------------------------------


def test_a_proxy_may_use_an_address_if_it_forwards_an_allowed_host(tmp_path: Path):
    with running(tmp_path, allowed_hosts="lab.uni.edu") as client:
        told = ("x-forwarded-host", "lab.uni.edu")
        for host in ("127.0.0.1:8000", "localhost", "convoscope:8000", "lab.uni.edu"):
            assert asked(client, ("host", host), told)[0] == 200
        assert asked(client, ("host", "127.0.0.1"), ("x-forwarded-host", "evil.example"))[0] == 421
        assert asked(client, ("host", "127.0.0.1"), told, client=("203.0.113.9", 1))[0] == 421


def test_a_page_of_a_name_that_points_here_gains_nothing_by_naming_another(tmp_path: Path, client: Client):
    told = ("x-forwarded-host", "lab.uni.edu")
    with running(tmp_path, allowed_hosts="lab.uni.edu") as other:
        assert asked(other, ("host", "evil.example"), told)[0] == 421
    assert asked(client, ("host", "evil.example"), ("x-forwarded-host", "localhost"))[0] == 421


def bring(client: Client, **headers: str) -> tuple[int, str]:
    """Uploads with these headers, `_` for `-`; returns the status and the message."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.ask("POST", "/api/images", files={"file": ("a.png", file(photo(9, 9), "PNG"))}, headers=named)
    return answer.status_code, answer.json().get("detail", "")


def test_a_page_behind_a_proxy_that_changes_the_host_can_upload_if_the_host_is_forwarded(client: Client):
    page = {"host": "127.0.0.1:8000", "origin": "http://lab.uni.edu"}
    status, why = bring(client, **page)
    assert status == 403
    for part in ("lab.uni.edu", "127.0.0.1:8000", "X-Forwarded-Host", "CONVOSCOPE_TRUSTED_PROXIES"):
        assert part in why
    assert bring(client, **page, x_forwarded_host="lab.uni.edu")[0] == 201
    assert bring(client, **page, x_forwarded_host="lab.uni.edu, inner.uni.edu")[0] == 201
    assert bring(client, **page, x_forwarded_host="evil.example")[0] == 403


def test_a_forwarded_port_is_the_sites_own(client: Client):
    page = {"host": "127.0.0.1:8000", "origin": "https://lab.uni.edu:8443", "x_forwarded_host": "lab.uni.edu"}
    assert bring(client, **page)[0] == 403
    assert bring(client, **page, x_forwarded_proto="https", x_forwarded_port="8443")[0] == 201


@pytest.mark.parametrize("site", ["same-site", "cross-site", "elsewhere"])
def test_a_cross_site_request_is_rejected_without_advice_on_proxies(client: Client, site: str):
    status, why = bring(client, host="localhost:8000", origin="http://localhost:9000", sec_fetch_site=site)
    assert status == 403
    assert "CONVOSCOPE" not in why


@pytest.mark.parametrize(
    "origin",
    ["http://[::1", "http://", "://", "null", "http://me@localhost", "file://localhost", "localhost", "http://a b"],
)
def test_an_origin_that_is_not_a_site_is_rejected(client: Client, origin: str):
    assert bring(client, host="localhost", origin=origin)[0] == 403
