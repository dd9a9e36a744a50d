"""An empty page with the pure modules, and the golden steps that Python is held to as well."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

CHECKOUT = Path(__file__).resolve().parents[2]
CASES = json.loads((CHECKOUT / "tests" / "golden" / "steps.json").read_text(encoding="utf-8"))
NAMES = [case["name"] for case in CASES]
SITE = "http://modules.test"
IMPORT_MAP = {"imports": {"convoscope/": f"{SITE}/static/"}}
PAGE = f'<!doctype html><script type="importmap">{json.dumps(IMPORT_MAP)}</script>'

Run = Callable[..., Any]

# In every script: the modules, a Trace from the golden file's nested lists, and a case's frame.
PRELUDE = """
  const [F, W, P, C, L, V, timeline, S, N, plans] = await Promise.all(
    [
      "pure/frame/frame",
      "pure/protocol/wire",
      "pure/maps/palette",
      "pure/text/caption",
      "pure/maps/layout",
      "pure/link/view",
      "pure/frame/timeline",
      "pure/text/output-size",
      "pure/text/step-texts",
      "pure/story/playback-plan",
    ].map((name) => import(`convoscope/${name}.js`)));
  const Y = {...timeline, ...plans};
  const flat = (nested) => nested === null ? null : Float32Array.from(nested.flat(Infinity));
  const traceOf = (json) => ({...json, stages: json.stages.map((stage) => ({
    ...W.completeFacts(stage), bytes: null,
    output: flat(stage.output), weight: flat(stage.weight), bias: flat(stage.bias)}))});
  const buffer = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
"""


@contextmanager
def empty_page(browser: Browser) -> Iterator[Page]:
    """A page that holds nothing but an import map."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")
        yield page


def answer(route: Route) -> None:
    """The empty page, and the modules as they lie in the checkout."""
    path = route.request.url.removeprefix(f"{SITE}/")
    if not path:
        route.fulfill(body=PAGE, content_type="text/html")
    elif path.startswith("static/") and (CHECKOUT / path).is_file():
        route.fulfill(body=(CHECKOUT / path).read_bytes(), content_type="text/javascript")
    else:
        route.fulfill(status=404)
