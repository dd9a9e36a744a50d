"""The offline page, without a browser: its contents, its policy, its size."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from hypothesis import given, settings

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.scene import SampleName, Scene, UploadId, View
from app.core.trace.wire import unpack
from app.lab import LabResult
from app.render.offline import MAX_TRACE_BYTES, make_file_name, render_offline_page
from app.render.offline_shell import collect_modules
from app.script_comments import shorten_script
from tests.figures import UPLOAD, lab, small_scenes
from tests.strategies import views

STATIC = Path(__file__).resolve().parents[2] / "static"
LARGEST = 1_500_000


def answered(query: str = "", **limits: int) -> tuple[LabResult, View]:
    link = parse_link(query, Limits(**limits))
    assert link.problems == ()
    return lab(**limits).compute(link.scene), link.view


def page(query: str = "", base: str = "") -> str:
    return render_offline_page(*answered(query), base)


def inside(html: str, pattern: str) -> str:
    (found,) = re.findall(pattern, html, flags=re.DOTALL)
    return found


def import_map(html: str) -> dict[str, str]:
    return json.loads(inside(html, r'<script type="importmap">(.*?)</script>'))["imports"]


def trace_of(html: str) -> tuple[dict[str, np.ndarray], dict]:
    text = inside(html, r'data-part="trace">(.*?)</script>')
    arrays, texts = unpack(gzip.decompress(base64.b64decode(text)))
    return arrays, json.loads(texts["trace"])


def tables(html: str) -> dict:
    return json.loads(inside(html, r'data-part="tables">(.*?)</script>'))


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_modules_are_the_files_of_the_program_but_for_their_comments():
    urls = import_map(page())
    assert {
        f"convoscope/{name}.js" for name in ("ui/viewer/viewer", "pure/frame/frame", "shells/offline")
    } <= urls.keys()
    for name, url in urls.items():
        code = unquote(url.removeprefix("data:text/javascript;charset=utf-8,"))
        written = (STATIC / name.removeprefix("convoscope/")).read_text(encoding="utf-8")
        assert code == shorten_script(written)
        assert "/**\n" not in code


def test_dynamically_imported_modules_are_in_the_file_too():
    assert "pure/tabs/matrix-tab.js" in collect_modules(STATIC)
    other_shells = {"shells/lab.js", "shells/embed/embed.js", "shells/filters.js", "features/upload/upload.js"}
    assert not other_shells & collect_modules(STATIC).keys()


def test_the_page_has_all_numbers_of_every_stage():
    query = "size=64&channels=rgb&layers=conv:random*4@5x5,seed=3,groups=1~sigmoid~maxpool:2"
    arrays, header = trace_of(page(query))
    stages = answered(query)[0].trace.stages
    assert [meta["op"] for meta in header["stages"]] == [stage.info.op for stage in stages]
    for index, stage in enumerate(stages):
        assert arrays[f"{index}.output"].dtype == np.float32
        assert np.array_equal(arrays[f"{index}.output"], stage.output)
    assert np.array_equal(arrays["1.weight"], stages[1].weight)


def test_the_policy_allows_only_the_contents_of_the_file():
    html = page()
    policy = inside(html, r'http-equiv="Content-Security-Policy" content="(.*?)"').replace("&#39;", "'")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == digest(inside(html, r"<style>(.*?)</style>"))
    scripts = [inside(html, r'type="importmap">(.*?)</script>'), inside(html, r'<script type="module">(.*?)</script>')]
    assert rules["script-src"] == " ".join(["data:", *map(digest, scripts)])
    assert not re.findall(r"(?:src|href)=[\"'](?!data:)", html)
    assert not re.findall(r"url\((?![\"']?data:)", inside(html, r"<style>(.*?)</style>"))


@pytest.mark.parametrize(
    "layers", ["conv:sobel-x~relu~maxpool:2", "conv:random*16@5x5,groups=1,seed=7~sigmoid~avgpool:2"]
)
def test_a_color_picture_of_64_by_64_cells_makes_a_file_of_at_most_one_and_a_half_megabytes(layers: str):
    assert len(page(f"size=64&channels=rgb&range=unit&layers={layers}").encode()) <= LARGEST


def test_the_figure_is_painted_before_any_script_runs_and_the_page_has_its_title():
    html = page("image=face&layers=conv:sobel-x~relu&at=2,3&theme=dark")
    assert inside(html, "<title>(.*?)</title>") == "Face → Convolution → ReLU · Convoscope"
    assert 'data-theme="dark"' in html
    assert html.count('class="paint"') == 2
    assert "position 24 of 140" in html
    assert html.count('class="stage ') == 3


def test_the_title_in_the_link_is_the_title_of_the_page():
    html = page("image=face&title=What%20ReLU%20does&ui=min")
    assert inside(html, "<title>(.*?)</title>") == "What ReLU does · Convoscope"
    assert '<h1 class="title" data-part="title" translate="no">What ReLU does</h1>' in html
    assert 'data-ui="min"' in html


def test_the_page_keeps_the_whole_view_of_the_link():
    view = "stage=2&at=1,2&tab=matrix&mode=row&tempo=0.5&theme=projector&hide=tabs"
    assert tables(page(f"image=face&{view}"))["query"] == f"image=face&{view}"


def test_the_page_links_to_the_lab_only_where_a_server_is_known():
    assert "<a " not in page("image=face")
    html = page("image=face&stage=2", "https://lab.example.org")
    assert inside(html, r'<p class="made".*?<a href="(.*?)"').replace("&amp;", "&") == (
        "https://lab.example.org/?image=face&stage=2"
    )


def test_an_upload_is_in_the_page_without_its_id():
    scene = parse_link("size=5&layers=conv:sobel-x,padding=same", Limits()).scene
    answer = lab().compute(replace(scene, image=UploadId(UPLOAD)))
    html = render_offline_page(answer, View(), "https://lab.example.org")
    assert UPLOAD not in html
    assert UPLOAD not in json.dumps(trace_of(html)[1])
    assert "<a " not in html
    assert np.array_equal(trace_of(html)[0]["0.output"], answer.trace.stages[0].output)


def test_a_figure_with_too_many_numbers_is_refused_with_its_size_and_the_limit():
    answer, view = answered("image=(1,2;3,4)&layers=")
    (stage,) = answer.trace.stages
    large = replace(stage, output=np.zeros((1, 1000, MAX_TRACE_BYTES // 4000 + 1), np.float32))
    with pytest.raises(ValueError, match=r"holds 16\.0 MB of numbers; a page in one file can hold 16 MB"):
        render_offline_page(replace(answer, trace=replace(answer.trace, stages=(large,))), view)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "convoscope-cat-sobel-x-relu-max-pool-2x2.html"),
        ("channels=rgb&layers=conv:gaussian~relu", "convoscope-cat-gaussian-relu.html"),
        ("image=(1,2;3,4)&layers=", "convoscope-your-numbers.html"),
        ("image=face&layers=conv:sobel-x;sobel-y", "convoscope-face-convolution.html"),
        ("image=face&layers=" + "~".join(["globalavgpool"] * 6), f"convoscope-face{'-global-average' * 5}.html"),
        ("image=face&title=Was%20ReLU%20t\u00e4te", "was-relu-tate.html"),
    ],
)
def test_the_file_is_named_after_the_figure(query: str, name: str):
    answer, view = answered(query)
    assert make_file_name(answer.trace, view) == name


@given(small_scenes(), views())
@settings(max_examples=25)
def test_the_page_of_any_figure_has_its_numbers(scene: Scene, view: View):
    answer = lab().compute(scene, (), repair=True)
    arrays, _ = trace_of(render_offline_page(answer, replace(view, predict="")))
    for index, stage in enumerate(answer.trace.stages):
        assert np.array_equal(arrays[f"{index}.output"], stage.output, equal_nan=True)


def test_a_text_cannot_end_its_script_element():
    answer, view = answered("image=face")
    trace = answer.trace
    first = trace.stages[0]
    info = replace(first.info, image=replace(first.info.image, title="</script><b>"))
    changed = replace(answer, trace=replace(trace, stages=(replace(first, info=info), *trace.stages[1:])))
    html = render_offline_page(replace(changed, scene=replace(answer.scene, image=SampleName("face"))), view)
    assert "</script><b>" not in html
