"""Static files: scripts are sent without their comment lines and otherwise unchanged."""

from __future__ import annotations

import json
import re

import pytest

from app.resources import find_resource, shrink_styles
from app.web.static_files import PAGE_SCRIPTS, read_static_files

FOLDER = find_resource("static")
STATICS = read_static_files(FOLDER)
SCRIPTS = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js"))

scripts = pytest.mark.parametrize("name", SCRIPTS)


@scripts
def test_a_script_is_sent_without_comment_lines_and_otherwise_unchanged(name: str) -> None:
    source = (FOLDER / name).read_text(encoding="utf-8").split("\n")
    sent = STATICS.files[name].body.decode().split("\n")
    assert len(sent) == len(source)
    assert all(line in ("", written) for line, written in zip(sent, source, strict=True))
    assert not [line for line in sent if line.lstrip().startswith(("//", "/**")) and line.rstrip().endswith("*/")]


def test_what_a_page_imports_is_the_joined_module_where_there_is_one_and_else_the_file() -> None:
    folder = f"/static/{STATICS.build}/joined/lab"
    joined = STATICS.get(f"{folder}/ui/dom.js")
    assert joined
    assert re.match(rb'import { \$\d+ } from "../../../joined/lab.js";', joined.body)
    later = STATICS.get(f"{folder}/ui/controls/settings.js")
    assert later
    assert b"lab-later.js" in later.body
    assert STATICS.get(f"{folder}/ui/present/present.js") == STATICS.files["ui/present/present.js"]
    assert STATICS.get(f"{folder}/styles/settings.css") == STATICS.files["styles/settings.css"]
    assert STATICS.get(f"{folder}/none.js") is None
    assert STATICS.get("/static/other/joined/lab/ui/dom.js") is None


@pytest.mark.parametrize("page", PAGE_SCRIPTS)
def test_every_page_has_one_script(page: str) -> None:
    script = STATICS.files[STATICS.get_script(page)].body.decode()
    assert "\nimport " not in script
    assert not script.startswith("import ")
    assert json.loads(STATICS.files[f"joined/{page}.js.map"].body)["sources"][-1] == f"../{PAGE_SCRIPTS[page].start}"


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("/* a */\na {\n  b: c; /* d\n  e */\n}\n", "\na{\nb: c; \n\n}\n"),
        ('a::after {\n  content: "/* b */  c";\n}', 'a::after{\ncontent:"/* b */  c";\n}'),
        ("a {\n  content: 'it\\'s /* b */';\n}", "a{\ncontent:'it\\'s /* b */';\n}"),
        ("a :hover,\na > b {\n  --c: d e, f;\n}", "a :hover,\na > b{\n--c:d e, f;\n}"),
        ("@media (a: b) {\n  c {\n    d: e;\n  }\n}", "@media (a: b){\nc{\nd:e;\n}\n}"),
        ("a {\n  b: url(c/*d);\n}\n/* e */", "a{\nb:url(c/*d);\n}\n"),
    ],
)
def test_a_stylesheet_is_sent_without_comments_and_indentation(source: str, sent: str):
    assert shrink_styles(source) == sent
