"""`show` and `trace` in a notebook: the numbers against the oracle, the user's arrays, the frame."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from markdown_it import MarkdownIt
from PIL import Image

import app
from tests import oracle
from tests.serving import CHECKOUT

RAMP = np.arange(20 * 24, dtype=np.float32).reshape(20, 24) / 7 - 30


def correlate(maps: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int = 1) -> np.ndarray:
    return oracle.conv2d(maps.tolist(), weight.tolist(), bias.tolist(), stride=(stride, stride))


def test_importing_the_package_is_light_and_dir_lists_the_public_names():
    script = "import sys, app; print(dir(app)); print({'numpy', 'PIL', 'pydantic', 'fastapi'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True).stdout
    assert said.splitlines() == ["['__version__', 'architecture', 'show', 'trace']", "set()"]


def test_using_it_loads_no_server():
    script = "import sys, app; app.trace('image=face'); print({'fastapi', 'uvicorn', 'torch'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, capture_output=True, text=True).stdout
    assert said == "set()\n"


def test_an_unknown_name_is_an_attribute_error_with_the_known_ones():
    with pytest.raises(AttributeError, match="no 'plot'; it has __version__, architecture, show, trace"):
        _ = app.plot


def test_a_trace_holds_every_stage_as_arrays():
    found = app.trace("image=face&layers=conv:sobel-x~relu~maxpool:2")
    assert [stage.op for stage in found.stages] == ["input", "conv", "relu", "maxpool"]
    assert [stage.shape for stage in found.stages] == [(1, 16, 12), (1, 14, 10), (1, 14, 10), (1, 7, 5)]
    before, conv, relu, pool = (stage.output for stage in found.stages)
    weight = np.array([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]], np.float32)
    assert np.array_equal(found[1].weight, weight)
    assert found[1].bias.tolist() == [0]
    assert found[2].weight is None
    assert np.array_equal(conv, correlate(before, weight, np.zeros(1)))
    assert np.array_equal(relu, np.maximum(conv, 0))
    assert np.array_equal(pool, relu.reshape(1, 7, 2, 5, 2).max(axis=(2, 4)))
    assert np.array_equal(found.output, pool)
    assert repr(found).splitlines()[1] == "1 Convolution: 1 × 14 × 10"


@pytest.mark.parametrize(
    "address",
    ["/?image=face&layers=relu", "?image=face&layers=relu", "https://x.example/embed?image=face&layers=relu#a"],
)
def test_a_link_may_be_a_whole_address(address: str):
    assert app.trace(address)[1].shape == (1, 16, 12)


def test_a_step_is_the_arithmetic_of_one_cell():
    found = app.trace("image=face&layers=conv:sobel-x")
    step = found.step(1, 2, 3)
    assert np.sum(step["channels"][0]["products"]) == found[1].output[0, 2, 3]
    with pytest.raises(IndexError, match="row is 14; in stage 1 it can be 0 to 13"):
        found.step(1, 14, 0)
    with pytest.raises(IndexError, match="stage is 0"):
        found.step(0, 0, 0)


@pytest.mark.parametrize(
    "image", [RAMP, RAMP[None], RAMP[..., None], np.stack([RAMP, -RAMP]), RAMP.astype(np.float64), RAMP[None, None]]
)
def test_the_users_own_numbers_are_the_input_unchanged(image: np.ndarray):
    maps = image.reshape(-1, *RAMP.shape)
    assert np.array_equal(app.trace("layers=", image=image)[0].output, maps.astype(np.float32))


@pytest.mark.parametrize("shape", [(40, 30), (1, 40, 30), (40, 30, 1), (3, 40, 30), (40, 30, 3), (1, 3, 40, 30)])
def test_the_users_own_photo_keeps_its_pixels_and_its_color(shape: tuple[int, ...]):
    image = np.random.default_rng(3).integers(0, 256, shape, np.uint8)
    found = app.trace("layers=", image=image)[0]
    maps = image.transpose(2, 0, 1) if shape[-1] <= 3 else image.reshape(-1, 40, 30)
    assert np.array_equal(found.output, maps)
    assert found.meta["colors"] == ("photo" if len(maps) == 3 else "gray")


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32, np.float64])
def test_a_picture_with_opacity_is_flattened_on_white_as_in_the_lab(kind: type):
    generator = np.random.default_rng(3)
    pixels = generator.integers(0, 256, (9, 8, 4), np.uint8)
    image = pixels.astype(kind) if np.issubdtype(kind, np.integer) else (pixels / 255).astype(kind)
    found = app.trace("layers=", image=image)[0]
    white = Image.new("RGBA", (8, 9), "white")
    expected = np.asarray(Image.alpha_composite(white, Image.fromarray(pixels)).convert("RGB"), np.float32)
    assert found.shape == (3, 9, 8)
    scale = 1 if np.issubdtype(kind, np.integer) else 255
    assert np.abs(found.output.transpose(1, 2, 0) * scale - expected).max() <= 1
    opaque = np.where(np.arange(4) == 3, image.dtype.type(255 // scale), image)
    colors = opaque[..., :3].transpose(2, 0, 1).astype(np.float32)
    assert np.array_equal(app.trace("layers=", image=opaque)[0].output, colors)


def test_the_users_own_photo_is_averaged_to_the_size_in_the_link():
    image = np.random.default_rng(3).integers(0, 256, (40, 40, 3), np.uint8)
    found = app.trace("size=8&layers=", image=image)[0].output
    average = image.reshape(8, 5, 8, 5, 3).mean(axis=(1, 3)).transpose(2, 0, 1)
    assert np.array_equal(found, np.floor(average + 0.5))


def test_fractions_from_0_to_1_are_a_picture_too():
    image = np.random.default_rng(3).random((3, 9, 9), np.float32)
    found = app.trace("layers=", image=image)[0]
    assert np.array_equal(found.output, image)
    assert found.meta["scale"] == [0, 1] or found.meta["scale"] == (0, 1)


def test_the_users_own_filters_replace_those_of_the_first_convolution():
    generator = np.random.default_rng(5)
    image = generator.normal(size=(2, 12, 13)).astype(np.float32)
    weight, bias = generator.normal(size=(4, 2, 3, 5)).astype(np.float32), generator.normal(size=4).astype(np.float32)
    found = app.trace("layers=conv:sobel-x,stride=2~relu", image=image, weights=(weight, bias))
    assert np.array_equal(found[1].weight, weight)
    expected = correlate(image, weight, bias, stride=2)
    assert np.allclose(found[1].output, expected, rtol=1e-5, atol=1e-5)
    assert np.array_equal(found[2].output, np.maximum(found[1].output, 0))
    one = app.trace("layers=conv:sobel-x", image=image[:1], weights=weight[0, 0])
    assert np.allclose(one.output, correlate(image[:1], weight[:1, :1], np.zeros(1)), rtol=1e-5, atol=1e-5)


def test_a_layer_and_a_tensor_of_pytorch_give_what_pytorch_gives():
    torch = pytest.importorskip("torch", reason="torch is not installed here")
    torch.manual_seed(1)
    for options in ({"stride": 2, "padding": (1, 2)}, {"padding": "same", "padding_mode": "reflect"}, {"dilation": 2}):
        layer = torch.nn.Conv2d(3, 6, (3, 5), **options)
        image = torch.rand(3, 14, 15, requires_grad=True)
        expected = layer(image[None])[0].detach().numpy()
        found = app.trace("layers=conv:sobel-x", image=image, weights=layer)
        assert np.array_equal(found[0].output, image.detach().numpy())
        assert np.allclose(found.output, expected, rtol=1e-5, atol=1e-5)
    with pytest.raises(ValueError, match="The layer has 3 groups"):
        app.trace(image=image, weights=torch.nn.Conv2d(3, 6, 3, groups=3))
    half = torch.ones(4, 4, dtype=torch.bfloat16)
    assert app.trace("layers=", image=half).output.tolist() == [[[1.0] * 4] * 4]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"image": np.zeros((3, 4, 5, 6))}, r"image has the shape \(3, 4, 5, 6\); it can be \(H, W\), \(C, H, W\)"),
        ({"image": np.full((40, 40, 4), 2.5)}, "red, green, blue and opacity.* Its values are 2.5 to 2.5"),
        ({"image": np.zeros((2, 1, 9, 9))}, r"image has the shape \(2, 1, 9, 9\); it can be"),
        ({"image": np.full((4, 4), np.nan)}, "image has 16 of 16 numbers that are infinite or not a number"),
        ({"image": np.array([["a"]])}, "it must be numbers"),
        ({"image": np.zeros((600, 600))}, "The image has 600 × 600 cells; the limit is 512 per side"),
        ({"link": "size=3", "image": np.full((4, 4), 0.5)}, "The link has size"),
        ({"weights": np.zeros((3, 3, 3))}, r"weights have the shape \(3, 3, 3\); they can be \(K, C, h, w\)"),
        ({"weights": (np.zeros((2, 1, 3, 3)), np.zeros(3))}, r"for 2 filters it can be \(2,\)"),
        (
            {"link": "layers=relu", "weights": np.zeros((3, 3))},
            "first convolution, and the link 'layers=relu' has no convolution",
        ),
        ({"link": "channels=rgb", "weights": np.ones((2, 2))}, "read 1 channel each; here they would get 3"),
        ({"link": "image=u-0a1b2c3d4e5f6g7h8i9j"}, "is a picture on a server"),
        (
            {"link": "layers=conv:w-0a1b2c3d4e5f6g7h8i9j/conv1", "image": np.zeros((9, 9))},
            "These weights are no longer here",
        ),
        ({"link": "image=nobody"}, "nobody"),
        ({"link": "layers=conv:nothing"}, "nothing is unknown"),
        ({"link": "colour=red"}, "colour"),
    ],
)
def test_an_invalid_argument_is_refused_in_a_sentence(arguments: dict, sentence: str):
    with pytest.raises(ValueError, match=sentence):
        app.trace(**arguments)


def test_a_figure_is_a_frame_that_holds_the_whole_page_and_may_run_scripts_alone():
    figure = app.show("image=face&layers=conv:sobel-x~relu", height=400)
    html = figure._repr_html_()
    assert html.startswith("<iframe ")
    assert "<script" not in html, "all that runs, runs inside the frame"
    said = dict(re.findall(r' (\w+)="([^"]*)"', html.partition(">")[0]))
    assert said["sandbox"] == "allow-scripts"
    assert (said["height"], said["width"]) == ("400", "100%")
    assert said["title"] == "Face → Convolution → ReLU"
    assert "color-scheme" not in said["style"], "it would take the frame out of the notebook's theme"
    assert unescape(said["srcdoc"]).startswith("<!doctype html>")
    assert 'data-part="trace"' in unescape(said["srcdoc"])
    assert len(html) < 1_200_000
    assert repr(figure).startswith("Figure(title='Face → Convolution → ReLU'")


def test_a_figure_can_be_saved_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    figure = app.show("https://lab.example/?image=face&layers=relu")
    assert figure.save() == Path("convoscope-face-relu.html")
    html = Path("convoscope-face-relu.html").read_text(encoding="utf-8")
    assert html == figure.html
    assert '<a href="https://lab.example/?image=face&amp;layers=relu"' in html
    assert figure.save("other.html").read_text(encoding="utf-8") == html


def test_in_print_the_figure_is_a_png():
    picture = Image.open(io.BytesIO(app.show("image=face&layers=relu")._repr_png_()))
    assert picture.width == 1600
    assert len(picture.convert("L").getcolors()) > 10


class WithoutFrames(HTMLParser):
    """The HTML that JupyterLab shows in a notebook that is not trusted.

    Its sanitizer removes the tags of a frame and keeps its content, removes styles and scripts with their content, and
    keeps the attributes below, also with `data:` URLs.
    """

    KEPT = frozenset({"p", "img", "a"})
    ATTRIBUTES = frozenset({"src", "alt", "width", "height", "href", "target", "rel"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._dropped = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._dropped += tag in ("style", "script")
        if tag in self.KEPT and not self._dropped:
            self.tags.append((tag, {name: value for name, value in attrs if name in self.ATTRIBUTES}))

    def handle_endtag(self, tag: str) -> None:
        self._dropped -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        self.text += "" if self._dropped else data


def picture_at(address: str) -> Image.Image:
    head, _, data = address.partition(",")
    assert head == "data:image/png;base64"
    assert len(data) < 200_000
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_a_notebook_that_is_not_trusted_shows_a_picture_and_a_sentence():
    figure = app.show('https://lab.example/at/?image=face&layers=relu&title=A <b> "c"')
    shown = WithoutFrames(figure._repr_html_())
    assert shown.text.strip().startswith(
        "This is a picture of the figure. It becomes interactive once the notebook is trusted"
    )
    tags = dict(shown.tags)
    assert tags["img"]["alt"] == 'A <b> "c"'
    assert len(picture_at(tags["img"]["src"] or "").convert("L").getcolors()) > 10
    assert tags["a"]["href"] == "https://lab.example/at/?image=face&layers=relu&title=A%20%3Cb%3E%20%22c%22"
    alone = WithoutFrames(app.show("image=face")._repr_html_())
    assert [tag for tag, _ in alone.tags] == ["p", "img", "p"]


def test_a_figure_of_the_users_arrays_has_no_link_to_a_server():
    for given in ({"image": RAMP}, {"weights": np.ones((3, 3))}):
        figure = app.show("https://lab.example/?layers=conv:sobel-x", **given)
        assert "lab.example" not in figure._repr_html_() + figure.html


def exported(priority: list[str]) -> tuple[str, dict[str, bytes]]:
    """Convert a notebook with a figure to Markdown with nbconvert; return the text and the files."""
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed here")
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed here")
    figure = app.show("image=face&layers=relu")
    data = {"text/html": figure._repr_html_(), "text/plain": repr(figure)}
    data["image/png"] = base64.b64encode(figure._repr_png_()).decode()
    output = nbformat.v4.new_output("execute_result", data, execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("show()", outputs=[output])])
    exporter = nbconvert.MarkdownExporter()
    if priority:
        exporter = nbconvert.MarkdownExporter(config={"NbConvertBase": {"display_data_priority": priority}})
    text, resources = exporter.from_notebook_node(notebook)
    return text, resources["outputs"]


def test_markdown_of_a_notebook_uses_the_picture_with_the_option_of_the_documentation():
    page = (CHECKOUT / "docs" / "notebook.md").read_text(encoding="utf-8")
    option = re.search(r"--NbConvertBase.display_data_priority='(\[.*\])'", page)
    assert option
    text, files = exported(json.loads(option[1]))
    assert "iframe" not in text
    assert "![png](output_0_0.png)" in text
    assert Image.open(io.BytesIO(files["output_0_0.png"])).width == 1600


def test_markdown_of_a_notebook_has_the_frame_as_one_html_block():
    text, _ = exported([])
    pieces = [token.content for token in MarkdownIt().parse(text) if token.type == "html_block"]
    assert len(pieces) == 1
    assert pieces[0].strip() == app.show("image=face&layers=relu")._repr_html_()


def test_pictures_of_any_figure_keep_a_notebook_small():
    noise = np.random.default_rng(1).integers(0, 256, (256, 256, 3), np.uint8)
    figure = app.show("layers=conv:sharpen", image=noise)
    assert len(figure._repr_png_()) <= 150_000
    assert len(dict(WithoutFrames(figure._repr_html_()).tags)["img"]["src"] or "") < 200_000


def test_a_height_out_of_range_is_refused():
    with pytest.raises(ValueError, match="height is 20; it can be 100 to 10,000"):
        app.show(height=20)


def test_a_figure_is_saved_as_the_kind_that_its_name_ends_with(tmp_path: Path):
    figure = app.show("image=face&layers=conv:sobel-x&at=3,4")
    saved = figure.save(tmp_path / "step.gif", show="step", width=320, height=180)
    assert saved.read_bytes().startswith(b"GIF89a")
    assert figure.save(tmp_path / "step.svg").read_bytes().startswith(b"<?xml")
    assert "<html" in figure.save(tmp_path / "step.html").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="3 to 120"):
        figure.save(tmp_path / "other.gif", seconds=1)
    with pytest.raises(ValueError, match="A page has no options"):
        figure.save(tmp_path / "other.html", seconds=5)
