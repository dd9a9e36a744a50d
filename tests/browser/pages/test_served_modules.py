"""The modules as a browser gets them, without their comments, against those in the checkout."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route

from app.resources import find_resource
from app.web.script_comments import remove_comment_lines

STATIC = find_resource("static")
SCRIPTS = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))
SITE = "http://modules.test"

# What each module exports: names, kinds and values that are data. Of one that does not start in an empty page, why.
EXPORTS = """(names) => Promise.all(names.map((name) => import(`convoscope/${name}`).then(
  (module) => Object.entries(module).map(([key, value]) => [key, typeof value, JSON.stringify(value)]),
  (reason) => [String(reason)],
)))"""


def exports(page: Page, served: bool) -> list[object]:
    """What all modules export in an empty page."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(f"{SITE}/").partition("?")[0]
        if not name:
            imports = {"imports": {"convoscope/": f"{SITE}/"}}
            body = f'<!doctype html><script type="importmap">{json.dumps(imports)}</script>'
            return route.fulfill(body=body, content_type="text/html")
        text = (STATIC / name).read_text(encoding="utf-8")
        return route.fulfill(body=remove_comment_lines(text) if served else text, content_type="text/javascript")

    page.route(f"{SITE}/**", answer)
    page.goto(f"{SITE}/")
    found: list[object] = page.evaluate(EXPORTS, SCRIPTS)
    page.unroute(f"{SITE}/**")
    return found


@pytest.mark.complains("404|Failed to load|uncaught|favicon")
def test_every_module_exports_the_same_with_and_without_its_comments(page: Page) -> None:
    whole = exports(page, served=False)
    assert sum(len(found) for found in whole if isinstance(found, list)) > 300
    assert exports(page, served=True) == whole
