"""The Share dialog's outputs, checked by other parsers: links by the server, pictures by Pillow, code by its kind."""

from __future__ import annotations

import ast
import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Route

from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.scene import Scene, View
from app.images.crop import crop_to_cells as cut_cells
from app.images.samples import load_samples

CHECKOUT = Path(__file__).resolve().parents[3]
SITE = "http://modules.test"
IMPORT_MAP = {"imports": {"convoscope/": f"{SITE}/static/"}}
PAGE = f'<!doctype html><script type="importmap">{json.dumps(IMPORT_MAP)}</script>'
PRELUDE = """
  const [A, P, S] = await Promise.all(
    [
      "pure/link/safe-link",
      "pure/files/picture-in-link",
      "pure/link/snippets",
    ].map((name) => import(`convoscope/${name}.js`)));
  const list = (bytes) => Array.from(bytes);
"""
UNSAFE = set("()[]{}<>*~;,'\"`!|\\^@ ")  # where Markdown or a chat program ends a link, or reads it as emphasis
ODD_TITLES = [
    'He said "1 < 2" & left',
    "100 % (really)",
    "`x` *y* ~z~ [q](r)",
    "größer\u2028als 😀",
    "'); alert(1); ('",
]

Run = Callable[..., Any]
RANDOM = np.random.default_rng(4)


@pytest.fixture(scope="module")
def run(browser: Browser) -> Iterator[Run]:
    """run(script, argument) evaluates a script in a page with nothing but an import map."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")
        yield lambda script, argument=None: page.evaluate(f"async (given) => {{ {PRELUDE} {script} }}", argument)


def answer(route: Route) -> None:
    """The empty page, and the modules of the checkout."""
    path = route.request.url.removeprefix(f"{SITE}/")
    if not path:
        route.fulfill(body=PAGE, content_type="text/html")
    else:
        route.fulfill(body=(CHECKOUT / path).read_bytes(), content_type="text/javascript")


# --- links ---------------------------------------------------------------------------------------------------


ANY_CHARACTERS = "aZ09 -_.~!*'();:@&=+$,/?%#[]<>{}|^`\"\\éßж中😀\u00a0\u200f\u2028"
CHOICES = {
    "image": ["coffee", "u-Zk3_9-x", "(1,-2;3,4)/10", "(0.5,1/3)(1,2)(3,4)", "no such picture"],
    "size": ["8", "12x16", "0"],
    "crop": ["1,2,30,40", ""],
    "channels": ["rgb"],
    "range": ["unit"],
    "layers": [
        "",
        "conv:(1,0,-1;2,0,-2)/4;sobel-x,stride=2x1,padding=(0,1,2,3),bias=(1/2,-1)~relu~maxpool:2",
        "conv:random*3@5x3,seed=7,padding_mode=circular~leaky_relu:0.2~globalavgpool",
        "conv:lenet5/conv1.3@7~softmax",
        "conv:(1,2~~;",
        "model:lenet5",
    ],
    "stage": ["0", "3", "-1"],
    "at": ["3,4", "3"],
    "beat": ["write"],
    "theme": ["dark"],
    "hide": ["image,strip,tabs", "nothing"],
    "lock": ["figure"],
    "stops": ["0,0;0,1;3,4", "0;;"],
    "play": ["1"],
}


def links(count: int) -> list[str]:
    """Random links, valid and invalid, with any character in their titles; the same ones every time."""
    random = Random(4)
    made = []
    for _ in range(count):
        said = random.sample(sorted(CHOICES), random.randint(0, 6))
        values = {key: random.choice(CHOICES[key]) for key in said}
        values["title"] = "".join(random.choices(ANY_CHARACTERS, k=random.randint(0, 12)))
        made.append("&".join(f"{key}={value}" for key, value in values.items()))
    return made


def opened(query: str) -> tuple[Scene, View]:
    """The scene and view of a link."""
    link = parse_link(query, Limits())
    return link.scene, link.view


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_shared_link_has_no_unsafe_character_and_opens_the_same_figure(run: Run, count: int) -> None:
    queries = links(count)
    for query, sturdy in zip(queries, run("return given.map(A.escapeQuery);", queries), strict=True):
        assert sturdy.isascii()
        assert not set(sturdy) & UNSAFE
        assert re.search(r"(^|[A-Za-z0-9=&])$", sturdy)
        assert opened(sturdy) == opened(query)


def test_escaping_a_typed_link_keeps_its_meaning(run: Run) -> None:
    typed = [
        "title=100% of it",
        "title=%zz%4",
        "title=a+b.",
        "layers=conv:(1,2;3,4)/10&title=ü😀!",
        "title=\u212a\u017f",
    ]
    for query, sturdy in zip(typed, run("return given.map(A.escapeQuery);", typed), strict=True):
        assert sturdy.isascii()
        assert opened(sturdy) == opened(query)
    assert run("return A.escapeQuery('%');") == "%25"


@pytest.mark.parametrize(
    ("name", "alone"),
    [("localhost", True), ("127.0.0.1", True), ("[::1]", True), ("lab.example", False), ("192.168.0.7", False)],
)
def test_loopback_hosts_are_recognized(run: Run, name: str, alone: bool) -> None:
    assert run("return A.isLoopback(given);", name) is alone


# --- a picture in a link ---------------------------------------------------------------------------------------


def cells(rows: int, columns: int, channels: int, kind: str) -> np.ndarray:
    """Random cells (rows, columns, channels), or smooth ones as in a photo."""
    if kind == "random":
        return RANDOM.integers(0, 256, (rows, columns, channels), np.uint8)
    y, x = np.mgrid[0:rows, 0:columns]
    wave = 128 + 60 * np.sin(x / 9) + 50 * np.cos(y / 7)
    return np.repeat(wave[:, :, None], channels, 2).astype(np.uint8)


@pytest.mark.parametrize("kind", ["random", "smooth"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (7, 3), (48, 48), (64, 40)])
def test_a_picture_in_a_link_has_every_pixel(run: Run, size: tuple[int, int], channels: int, kind: str) -> None:
    pixels = cells(*size, channels, kind)
    maps = pixels.transpose(2, 0, 1).astype(float)
    fragment, read = run(
        """const stage = {shape: given.shape, output: Float32Array.from(given.values)};
        const fragment = P.fragmentOf(await P.encodePng(P.pixelCellsOf(stage, false)));
        const {png, rows, columns} = P.readPicture(fragment);
        return [fragment, {png: list(png), rows, columns}];""",
        {"shape": list(maps.shape), "values": maps.ravel().tolist()},
    )
    assert re.fullmatch(r"#picture=[A-Za-z0-9_-]*[A-Za-z0-9]", fragment)
    assert (read["rows"], read["columns"]) == size
    with Image.open(io.BytesIO(bytes(read["png"]))) as image:
        image.load()
        assert image.mode == ("RGB" if channels == 3 else "L")
        assert np.array_equal(np.asarray(image).reshape(*size, channels), pixels)
    plain = fragment.removeprefix("#picture=")
    assert base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4)) == bytes(read["png"])


def test_values_from_0_to_1_become_their_bytes(run: Run) -> None:
    script = "return list(P.pixelCellsOf({shape: [1, 16, 16], output: Float32Array.from(given)}, true).bytes);"
    assert run(script, [float(np.float32(i) / np.float32(255)) for i in range(256)]) == list(range(256))


def test_a_gray_photo_of_48_by_48_cells_is_about_two_thousand_characters(run: Run) -> None:
    chelsea = load_samples(CHECKOUT / "sample_images").picture("chelsea")
    values = cut_cells(chelsea, (48, 48), None, "gray", "byte").ravel().tolist()
    stage = "{shape: [1, 48, 48], output: Float32Array.from(given)}"
    script = f"return P.fragmentOf(await P.encodePng(P.pixelCellsOf({stage}, false))).length;"
    assert 1_000 < run(script, values) < 2_800


def test_damage_at_any_byte_of_a_picture_is_detected(run: Run) -> None:
    script = """const stage = {shape: [1, 5, 6], output: Float32Array.from({length: 30}, (_, i) => (i * 37) % 256)};
      const whole = P.fragmentOf(await P.encodePng(P.pixelCellsOf(stage, false)));
      const start = "#picture=".length;
      const cut = Array.from({length: whole.length - start}, (_, i) => whole.slice(0, start + i));
      const changed = Array.from({length: whole.length - start - 1}, (_, i) => {
        const at = start + i;
        return whole.slice(0, at) + (whole[at] === "A" ? "B" : "A") + whole.slice(at + 1);
      });
      const followed = [").", "%20", "&x=1", "…"].map((tail) => whole + tail);
      return [[...cut, ...changed], followed].map((all) => all.map((hash) => P.readPicture(hash) !== null));"""
    damaged, followed = run(script)
    assert not any(damaged)
    assert all(followed), "what a program puts behind a link is passed over"


def test_random_fragments_never_throw(run: Run) -> None:
    letters = np.array(list("ABCXYZabcxyz0189-_%#()=&é "))
    hashes = ["#picture=" + "".join(RANDOM.choice(letters, RANDOM.integers(0, 90))) for _ in range(500)]
    png = "iVBORw0KGgo"  # how every PNG begins
    hashes += ["#picture=" + png + "".join(RANDOM.choice(letters[:16], RANDOM.integers(0, 90))) for _ in range(500)]
    assert run("return given.filter((hash) => P.readPicture(hash) !== null);", hashes) == []


def test_the_query_for_a_picture_in_a_link_has_one_cell_a_pixel(run: Run) -> None:
    query = "image=u-abc&size=24x16&crop=1,2,30,20&channels=rgb&adjust=turn:15&layers=conv:sobel-x&at=2,3"
    inside = run("return A.queryWithPictureInLink(given, 24, 16);", query)
    assert inside == "image=u-in-link&size=24x16&channels=rgb&layers=conv:sobel-x&at=2,3"
    assert run("return A.queryWithPictureInLink('image=u-abc', 32, 32);") == "image=u-in-link"


# --- code to paste ---------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The start tags of a text with their attributes, and the text around them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts += [data.strip()] if data.strip() else []


FIGURES = [
    (format_link(scene, view), scene, view)
    for scene, view in [
        (Scene(), View()),
        *(
            opened(f"image=(1,-2;3,4)/10&layers=conv:(0,1;1,0)*2;sobel-x,stride=2~relu&at=1,1&title={title}")
            for title in ("", *(title.replace("%", "%25").replace("&", "%26") for title in ODD_TITLES))
        ),
    ]
]


def shared(query: str, view: View) -> dict[str, Any]:
    name = view.title or "A figure"
    return {"base": SITE, "query": query, "name": name, "width": 960, "height": 540, "stops": ""}


@pytest.mark.parametrize(("query", "scene", "view"), FIGURES)
def test_an_iframe_is_one_tag_whose_address_opens_the_figure(run: Run, query: str, scene: Scene, view: View) -> None:
    code = run("return S.iframe(given);", shared(query, view))
    assert code.isascii()
    read = Tags(code)
    ((tag, attributes),) = read.tags
    assert (tag, read.texts) == ("iframe", [])
    assert set(attributes) == {"src", "title", "width", "height", "loading", "allowfullscreen", "style"}
    assert attributes["title"] == (view.title or "A figure")
    address = urlsplit(attributes["src"] or "")
    assert (address.path, opened(address.query)) == ("/embed", (scene, view))


@pytest.mark.parametrize(("query", "scene", "view"), FIGURES)
def test_markdown_is_a_picture_in_a_link_for_a_reader_of_markdown(
    run: Run, query: str, scene: Scene, view: View
) -> None:
    reader = pytest.importorskip("markdown_it", reason="markdown-it-py reads Markdown as GitHub does")
    code = run("return S.markdown(given);", shared(query, view))
    read = Tags(reader.MarkdownIt("gfm-like").disable("linkify").render(f"before {code} after"))
    assert [tag for tag, _ in read.tags] == ["p", "a", "img"]
    link, picture = (urlsplit(read.tags[i][1][name] or "") for i, name in ((1, "href"), (2, "src")))
    assert (link.path, opened(link.query)) == ("/", (scene, view))
    assert (picture.path, opened(picture.query)) == ("/api/figure.png", (scene, view))
    assert read.texts == ["before", "after"]


@pytest.mark.parametrize(("query", "scene", "view"), FIGURES)
def test_a_cell_of_a_notebook_is_python_that_shows_the_figure(run: Run, query: str, scene: Scene, view: View) -> None:
    code = run("return S.jupyter(given);", shared(query, view))
    imported, shown = ast.parse(code).body
    assert ast.unparse(imported) == "import convoscope"
    assert isinstance(shown, ast.Expr)
    assert isinstance(shown.value, ast.Call)
    assert ast.unparse(shown.value.func) == "convoscope.show"
    (argument,) = shown.value.args
    assert opened(ast.literal_eval(argument)) == (scene, view)


@pytest.mark.parametrize("kind", ["reveal", "quarto"])
@pytest.mark.parametrize("stops", ["", "0,0;0,1;3,4"])
@pytest.mark.parametrize(("query", "scene", "view"), FIGURES)
def test_a_slide_has_one_frame_and_loads_the_plugin(
    run: Run, query: str, scene: Scene, view: View, stops: str, kind: str
) -> None:
    code = run(f"return S.{kind}(given);", {**shared(query, view), "stops": stops})
    assert code.isascii()
    read = Tags(code)
    (frame,) = (attributes for tag, attributes in read.tags if tag == "iframe")
    assert opened(urlsplit(frame["data-src"] or "").query) == (scene, view)
    assert frame.get("data-stops", "") == stops
    scripts = [attributes["src"] for tag, attributes in read.tags if tag == "script"]
    assert scripts == [f"{SITE}/reveal-convoscope.js"]
    assert {tag for tag, _ in read.tags} <= {"section", "iframe", "script"}


@pytest.mark.parametrize("kind", ["slidev", "marp"])
@pytest.mark.parametrize(("query", "scene", "view"), FIGURES)
def test_a_slide_in_markdown_has_one_frame_and_the_script_for_keys(
    run: Run, query: str, scene: Scene, view: View, kind: str
) -> None:
    code = run(f"return S.{kind}(given);", shared(query, view))
    assert code.isascii()
    start, _, rest = code.partition("\n\n")
    assert start == "---"
    frame, _, after = rest.partition("\n\n")
    ((tag, attributes),) = Tags(frame).tags
    assert tag == "iframe"
    assert opened(urlsplit(attributes["src"] or "").query) == (scene, view)
    script = f'<script type="module" src="{SITE}/deck-keys.js"></script>'
    assert after == {"marp": script}.get(kind, after)
    assert script in after
    assert Tags(after).tags == (
        [] if kind == "slidev" else [("script", {"type": "module", "src": f"{SITE}/deck-keys.js"})]
    )


BASES = {
    f"{SITE}/user/me@x.org/proxy/8000": f"{SITE}/user/me@x.org/proxy/8000",
    f"{SITE}/~prof/spring_(2026)": f"{SITE}/~prof/spring_%282026%29",
}


@pytest.mark.parametrize(("base", "written"), BASES.items())
@pytest.mark.parametrize("kind", ["iframe", "reveal", "quarto", "slidev", "marp", "markdown", "element"])
def test_code_leads_to_a_site_under_any_path(run: Run, base: str, written: str, kind: str) -> None:
    code = run(f"return S.{kind}(given);", {**shared("image=face", View()), "base": base, "stops": "0,0"})
    found = re.findall(rf"{SITE}[^?\")]*", code)
    assert len(found) == {"iframe": 1}.get(kind, 2)
    assert all(address.startswith(f"{written}/") for address in found)


@pytest.mark.parametrize("kind", ["iframe", "reveal", "quarto", "slidev", "marp"])
def test_shared_frames_set_a_normal_color_scheme(run: Run, kind: str) -> None:
    code = run(f"return S.{kind}(given);", shared("image=face", View(transparent=True)))
    (frame,) = (attributes for tag, attributes in Tags(code).tags if tag == "iframe")
    assert frame["style"] == "color-scheme: normal"


@pytest.mark.parametrize("stops", ["", "0,0;1,1"])
def test_a_quarto_document_begins_with_a_head_in_yaml(run: Run, stops: str) -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML reads the head of the document")
    code = run("return S.quarto(given);", {**shared("image=face", View()), "stops": stops})
    _, head, body = code.split("---\n")
    told = yaml.safe_load(head)["format"]["revealjs"]["include-after-body"]["text"]
    assert Tags(told).tags == [("script", {"type": "module", "src": f"{SITE}/reveal-convoscope.js"})]
    assert re.fullmatch(r"\n## A figure\n\n```\{=html\}\n<iframe .*</iframe>\n```", body)


@pytest.mark.parametrize(("query", "scene", "view"), FIGURES)
def test_the_attributes_of_an_element_are_the_keys_of_the_link(run: Run, query: str, scene: Scene, view: View) -> None:
    code = run("return S.element(given);", shared(query, view))
    assert code.isascii()
    (script, element, link) = Tags(code).tags
    assert script == ("script", {"type": "module", "src": f"{SITE}/conv-scope.js"})
    said = {name: value or "" for name, value in element[1].items() if name != "style"}
    assert opened("&".join(f"{name}={quote(value, safe='')}" for name, value in said.items())) == (scene, view)
    assert opened(urlsplit(link[1]["href"] or "").query) == (scene, view)
