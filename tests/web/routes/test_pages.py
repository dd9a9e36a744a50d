from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import random
import re
from html import unescape
from urllib.parse import urljoin

import numpy as np
import pytest
from PIL import Image

from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.operation_table import OPERATIONS
from app.core.options import VIEW_OPTIONS
from app.web.routes.pages import FOLD_RAIL
from tests.web_client import page_data, running

CATCHALL = "<b>&\"'`{{7*7}}</script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as client:
        yield client


def rules(answer):
    policy = answer.headers["content-security-policy"]
    return {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}


def pictures(html):
    uris = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", html)
    return [np.array(Image.open(io.BytesIO(base64.b64decode(uri)))) for uri in uris]


# --- pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_page_contains_its_figure(site, path):
    answer = site.get(path)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    shapes = [picture.shape[:2] for picture in pictures(answer.text)]
    assert (32, 32) in shapes
    assert (30, 30) in shapes


def test_the_tables_of_the_controls_come_after_the_figure_and_stay_in_the_browser_until_they_change(site):
    data = page_data(site.get("/").text)
    tables = site.get(data["controls"])
    assert {"operations", "kernels", "samples", "networks"} <= tables.json().keys()
    assert not tables.json().keys() & data.keys()
    assert "immutable" in tables.headers["cache-control"]
    other = site.get("/controls.json?v=another")
    assert (other.json(), other.headers["cache-control"]) == (tables.json(), "no-cache")
    assert "controls" not in page_data(site.get("/embed").text)


def test_the_numbers_of_a_step_are_in_the_page_before_any_script_runs(site):
    html = unescape(site.get("/?image=(7,0;0,5)&layers=conv:(2,0;0,-1)&at=0,0").text)
    cells = re.findall(r"<td>([^<]*)</td>", html)
    assert cells == ["7", "0", "0", "5", "2", "0", "0", "−1", "+14", "0", "0", "−5"]
    assert re.search(r">\s*9\s*</output>", html)


def test_a_page_begins_at_the_first_stop_and_notes_once_which_stops_lie_outside(site):
    html = site.get("/?size=8&layers=relu&stops=2,3;1,50;90,4").text
    assert "position 20 of 64" in html
    notes = [
        problem["message"]
        for problem in page_data(site.get("/?size=8&layers=relu&stops=2,3;1,50;90,4").text)["problems"]
    ]
    assert notes == ["stops is 1,50;90,4, but the map has 8 × 8 cells: 1,7;7,4 is shown."]
    assert "position 1 of 64" in site.get("/?size=8&layers=relu&stops=2,3&at=0,0").text


def test_the_words_at_a_stop_are_in_the_page_before_any_script_runs(site):
    for path in ("/", "/embed"):
        link = f"{path}?size=8&layers=relu&stops=2,3;1,5&notes=First%253B%20%3Cb%3E;Then"
        assert re.search(r"data-story>First; &lt;b&gt;</p>", site.get(link).text)
        assert re.search(r"data-story>Then</p>", site.get(f"{link}&at=1,5").text)
        assert "data-story" not in site.get(f"{link}&at=0,0").text
        assert "data-story>First" in site.get(f"{link}&story=1").text, "stops take the place of a story"


def test_a_page_passes_all_tables_and_the_figure_to_its_scripts(site):
    data = page_data(site.get("/?size=8&layers=relu").text)
    tables = site.get(data["controls"]).json()
    assert [row["name"] for row in tables["operations"]] == [operation.name for operation in OPERATIONS]
    assert [row["name"] for row in data["view"]] == [option.name for option in VIEW_OPTIONS]
    assert data["scene"]["layers"] == [{"op": "relu", "options": {}}]
    assert data["link"] == "size=8&layers=relu"
    assert data["problems"] == []
    assert {"kernels", "samples", "sizes", "limits", "has_heic"} <= data.keys() | tables.keys()


def test_a_theme_of_the_link_holds_from_the_first_paint_on(site):
    assert '<html lang="en" data-theme="dark">' in site.get("/?theme=dark").text
    assert '<html lang="en">' in site.get("/").text


def test_no_query_is_the_opening_figure(site):
    data = page_data(site.get("/").text)
    assert data["link"] == data["query"] == ""
    assert data["scene"]["image"] == {"sample": "chelsea"}
    assert [layer["op"] for layer in data["scene"]["layers"]] == ["conv", "relu", "maxpool"]


def test_a_scene_as_json_opens_a_page_too(site):
    data = page_data(site.get('/?scene={"image":{"planes":[[["1"]]]},"layers":[]}').text)
    assert data["query"] == "image=(1)&layers="


@pytest.mark.parametrize("path", ["/", "/embed"])
@pytest.mark.parametrize(
    ("said", "linked"),
    [("", "tab=network"), ("&stage=14", "stage=14"), ("&map=4", "stage=14&map=4"), ("&tab=field", "tab=field")],
)
def test_the_link_of_a_network_s_page_says_what_it_opens(site, path, said, linked):
    network = "image=digit-3&size=28&layers=model:lenet5"
    assert page_data(site.get(f"{path}?{network}{said}").text)["query"] == f"{network}&{linked}"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("size=0", 1),
        ("size=99999", 512),
        ("layers=conv:sobel-x,stride=0&size=8", 8),
        ("image=nobody&size=8", 8),
        ("layers=conv:random*9@99x99&size=8", 8),
        ("scene={", 32),
    ],
)
def test_a_page_with_an_invalid_value_shows_the_nearest_valid_figure_and_a_note(site, query, shown):
    answer = site.get(f"/?{query}")
    assert answer.status_code == 200
    data = page_data(answer.text)
    assert data["problems"]
    for problem in data["problems"]:
        assert problem["message"] in unescape(answer.text)
    again = page_data(site.get(f"/?{data['query']}").text)
    assert again["problems"] == []
    assert again["scene"] == data["scene"]
    assert data["scene"]["size"] == [shown, shown]


def test_a_position_outside_the_figure_is_moved_inside_with_a_note(site):
    data = page_data(site.get("/?size=8&stage=9&map=3&at=99,2").text)
    assert {problem["field"] for problem in data["problems"]} == {"stage", "map", "at"}
    assert parse_link(data["query"], Limits()).view.at == (2, 2)


def test_a_page_ignores_unknown_keys(site):
    data = page_data(site.get("/?size=8&utm_source=mail").text)
    assert data["problems"] == []
    assert data["query"] == "size=8"


def test_a_figure_over_a_limit_is_shown_smaller(tmp_path):
    with running(tmp_path, multiply_adds=1_000_000) as site:
        data = page_data(site.get("/?size=512&layers=conv:gaussian").text)
        assert data["scene"]["size"][0] < 512
        assert data["problems"][0]["field"] == "multiply_adds"
        assert site.get("/api/trace?size=512&layers=conv:gaussian").status_code == 422


def test_nothing_in_an_address_becomes_markup_or_script(site):
    status, _, body = site.ask_raw(f"image={CATCHALL}&layers={CATCHALL}&at={CATCHALL}&{CATCHALL}=1".encode())
    html = body.decode()
    assert status == 200
    assert "<script>alert" not in html
    assert "49" not in re.findall(r"<p>[^<]*</p>", html)
    page_data(html)


def test_an_unknown_address_gives_an_error_page(site):
    answer = site.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address." in answer.text
    assert "content-security-policy" in answer.headers


def test_an_unexpected_error_is_a_page_or_json_and_reveals_no_details(tmp_path, monkeypatch):
    with running(tmp_path) as site:

        def broken(*_):
            raise RuntimeError("secret detail")

        monkeypatch.setattr(site.app.state.app_state.lab, "compute", broken)
        page, call = site.get("/"), site.get("/api/trace")
        assert page.status_code == call.status_code == 500
        assert page.headers["content-type"].startswith("text/html")
        assert call.headers["content-type"] == "application/problem+json"
        assert call.headers["access-control-allow-origin"] == "*"
        assert "secret" not in page.text + call.text
        assert 'convoscope_requests_total{route="/api/trace",status="500"} 1.0' in site.get("/metrics").text


FRAGMENTS = [
    *("image=", "size=", "crop=", "channels=", "range=", "layers=", "scene=", "stage=", "map=", "at=", "beat=", "pin="),
    *("colors=", "hide=", "tempo=", "theme=", "play=", "mode=", "&", "&", "&", "=", "~", "~", ":", ",", ";", "(", ")"),
    *(
        "conv:",
        "relu",
        "maxpool:",
        "avgpool:3",
        "l2pool",
        "softmax",
        "flatten",
        "shift:-1x2",
        "globalavgpool",
        "linear:a",
    ),
    *("stride=", "padding=", "same", "full", "dilation=", "groups=", "bias=", "padding_mode=reflect", "ceil_mode=1"),
    *("sobel-x", "box-blur", "gaussian", "random*2@3x3", "lenet5/conv1.3", "(1,0;0,-1)", "(1,2)(3,4)/9", "chelsea"),
    *("u-aaaaaaaaaaaaaaaaaaaa", "0", "1", "2", "3", "16", "8x9", "-1", "0.5", "1/3", "1e999", "nan", "9" * 30, "gray"),
    *(
        "rgb",
        "byte",
        "unit",
        "%00",
        "%ff",
        "%",
        "+",
        "é",
        "\x00",
        "<",
        '"',
        "{",
        "[[",
        "]",
        '{"layers":[{"op":"conv"}]}',
    ),
]


def random_query(chance: random.Random) -> bytes:
    """Parts of links in random order, sometimes with a changed byte."""
    text = "".join(chance.choice(FRAGMENTS) for _ in range(chance.randint(1, 14)))
    query = bytearray(("size=8&" if chance.random() < 0.7 else "").encode() + text.encode())
    if chance.random() < 0.2:
        query[chance.randrange(len(query))] = chance.randrange(256)
    return bytes(query)


def every_query_gives_a_page(site, count, seed):
    chance = random.Random(seed)
    for _ in range(count):
        query = random_query(chance)
        status, _, body = site.ask_raw(query, chance.choice(["/", "/embed"]))
        assert status == 200, query
        data = page_data(body.decode())
        assert parse_link(data["query"], Limits()).problems == (), query
        status, _, _ = site.ask_raw(query, "/api/steps")
        assert status in (200, 410, 422), query


def test_random_query_strings_give_a_page_each(site):
    every_query_gives_a_page(site, 500, seed=1)


@pytest.mark.long
def test_ten_thousand_random_query_strings_give_a_page_each(site):
    every_query_gives_a_page(site, 10_000, seed=2)


# --- headers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "inline"), [("/", 2), ("/embed", 1), ("/examples", 1)])
def test_the_content_policy_allows_only_the_sites_own_files_and_the_inline_scripts_by_their_digests(site, path, inline):
    answer = site.get(path)
    allowed = rules(answer)
    scripts = re.findall(r'<script(?: type="importmap")?>(.*?)</script>', answer.text, re.DOTALL)
    assert len(scripts) == inline, "the import map, and in the Lab what folds its settings before the first paint"
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    assert allowed["script-src"] == ["'self'", *(f"'sha256-{digest}'" for digest in digests)]
    assert allowed["style-src"] == ["'self'"]
    assert allowed["img-src"] == ["'self'", "data:", "blob:"]
    assert allowed["default-src"] == ["'none'"]


@pytest.mark.parametrize("path", ["/", "/embed", "/nowhere"])
def test_no_page_has_inline_script_or_style_but_what_folds_the_settings(site, path):
    html = site.get(path).text.replace(f"<script>{FOLD_RAIL}</script>", "", 1)
    for attributes in re.findall(r"<script([^>]*)>", html):
        assert "src=" in attributes or "importmap" in attributes or "application/json" in attributes
    assert "<style" not in html
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)


def test_any_page_can_frame_an_embed_and_only_its_own_site_the_lab(site):
    assert "frame-ancestors" not in rules(site.get("/embed"))
    assert rules(site.get("/"))["frame-ancestors"] == ["'self'"]
    for path in ("/", "/embed"):
        assert "x-frame-options" not in site.get(path).headers


def test_the_import_map_names_files_that_exist_and_never_change(site):
    html = site.get("/").text
    prefix = json.loads(re.search(r'<script type="importmap">(.*?)</script>', html)[1])["imports"]["convoscope/"]
    answer = site.get(urljoin("/", f"{prefix}pure/frame/frame.js"))
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"
    linked = re.findall(r'(?:href|src)="(./static/[^"]+)"', html)
    assert linked
    for address in linked:
        assert site.get(urljoin("/", address)).status_code == 200, address


def test_files_of_another_build_are_not_mixed_with_these(site):
    answer = site.get("/static/000000000000/pure/frame/frame.js")
    assert answer.status_code == 404
    assert site.get("/static/../app/settings.py").status_code == 404


def test_no_response_sets_a_cookie_and_content_types_are_not_sniffed(site):
    for path in ("/", "/embed", "/api/trace?size=8", "/api/samples", "/healthz", "/nowhere", "/api/trace?x=1"):
        headers = site.get(path).headers
        assert "set-cookie" not in headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["access-control-allow-origin"] == "*"


def test_html_json_and_scripts_are_compressed_for_clients_that_accept_it(site):
    build = page_data(site.get("/").text) and site.get("/healthz").json()["build"]
    for path in ("/", "/api/kernels", f"/static/{build}/pure/frame/frame.js", "/api/trace?size=8&format=json"):
        zipped = site.ask("GET", path, headers={"accept-encoding": "gzip, br"})
        plain = site.ask("GET", path, headers={"accept-encoding": "identity"})
        refused = site.ask("GET", path, headers={"accept-encoding": "gzip;q=0"})
        assert zipped.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert "content-encoding" not in refused.headers
        assert zipped.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
        assert int(zipped.headers["content-length"]) < int(plain.headers["content-length"])
        assert zipped.content == plain.content == refused.content


def test_a_page_is_fresh_for_ever_until_something_changes(site):
    first = site.get("/?size=8")
    assert first.headers["cache-control"] == "no-cache"
    assert site.get("/?size=8", If_None_Match=first.headers["etag"]).status_code == 304
    assert site.get("/?size=8&at=1,1", If_None_Match=first.headers["etag"]).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/trace?size=8", "/api/samples", "/healthz", "/nowhere", "/api/trace?x=1"])
def test_head_gives_the_headers_of_get_without_a_body(site, path):
    got, head = site.get(path), site.ask("HEAD", path)
    assert head.status_code == got.status_code
    assert head.content == b""
    assert head.headers == got.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/"), ("PUT", "/api/trace"), ("DELETE", "/api/trace"), ("PATCH", "/api/images"), ("GET", "/api/images")],
)
def test_an_unknown_method_gives_a_405_with_the_allowed_ones(site, method, path):
    answer = site.ask(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"]


def test_a_preflight_request_is_allowed(site):
    answer = site.ask("OPTIONS", "/api/trace", headers={"access-control-request-method": "GET", "origin": "null"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    posting = site.ask("OPTIONS", "/api/images", headers={"access-control-request-method": "POST", "origin": "null"})
    assert posting.status_code == 405
    assert "access-control-allow-methods" not in posting.headers


def test_nothing_in_a_figures_json_can_end_its_script_element(site):
    html = site.get("/?image=nobody%3C/script%3E%3C!--").text
    start = html.index('data-part="tables"')
    assert "<!--" not in html[start:]
    assert html[start:].count("</script>") == 1


def test_a_compressed_page_is_small(site):
    page = re.sub(rb'"trace":"[^"]*"', b"", site.get("/").content)  # the numbers of the figure, which a page may carry
    assert len(gzip.compress(page)) < 20_000


def test_canonical_links_of_pages_come_back_unchanged(site):
    for query in ("size=8&layers=relu&stage=0&at=1,2&theme=dark", "layers=conv:sobel-x,stride=2&stage=1&map=0"):
        data = page_data(site.get(f"/?{query}").text)
        link = parse_link(data["query"], Limits())
        assert format_link(link.scene, link.view) == data["query"]
