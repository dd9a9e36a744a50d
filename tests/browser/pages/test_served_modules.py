"""The modules as a browser gets them, without comments and joined, against those in the checkout."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Page, Route

from app.resources import find_resource
from app.web.joined_modules import join_modules, list_modules
from app.web.static_files import read_static_files

STATIC = find_resource("static")
SCRIPTS = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))
SERVED = read_static_files(STATIC)
SITE = "http://modules.test"

# What each module exports: names, kinds and values that are data. Of one that does not start in an empty page, why.
EXPORTS = """(names) => Promise.all(names.map((name) => import(`convoscope/${name}`).then(
  (module) => Object.entries(module).map(([key, value]) => [key, typeof value, JSON.stringify(value)]),
  (reason) => [String(reason)],
)))"""


def exports(page: Page, read: Callable[[str], str], names: Sequence[str] = SCRIPTS) -> list[object]:
    """What modules export in an empty page, each read from its name."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(f"{SITE}/").partition("?")[0]
        if not name:
            imports = {"imports": {"convoscope/": f"{SITE}/"}}
            body = f'<!doctype html><script type="importmap">{json.dumps(imports)}</script>'
            return route.fulfill(body=body, content_type="text/html")
        return route.fulfill(body=read(name), content_type="text/javascript")

    page.route(f"{SITE}/**", answer)
    page.goto(f"{SITE}/")
    found: list[object] = page.evaluate(EXPORTS, names)
    page.unroute(f"{SITE}/**")
    return found


def read_file(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def read_served(name: str) -> str:
    return SERVED.files[name].body.decode()


@pytest.mark.complains("404|Failed to load|uncaught|favicon")
def test_every_module_exports_the_same_with_and_without_its_comments(page: Page) -> None:
    whole = exports(page, read_file)
    assert sum(len(found) for found in whole if isinstance(found, list)) > 300
    assert exports(page, read_served) == whole


def test_every_module_exports_the_same_joined_with_the_others(page: Page) -> None:
    folders = ("pure/", "ui/", "features/")
    names = list_modules(read_served, [name for name in SCRIPTS if name.startswith(folders)])
    half = len(names) // 2
    first = join_modules("joined/first.js", names[:half], read_served)
    later = join_modules("joined/later.js", names[half:], read_served, first)
    made = {file.name: file.script for file in (first, later)}
    made |= {name: file.make_stand_in(name, f"{SITE}/") for file in (first, later) for name in file.exports}
    assert exports(page, made.__getitem__, names) == exports(page, read_file, names)
