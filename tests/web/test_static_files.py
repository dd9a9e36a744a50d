"""Static files: scripts are sent without their comment lines and otherwise unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.resources import find_resource
from app.web.static_files import read_static_files

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


def test_a_page_preloads_no_module_that_is_imported_dynamically(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "convoscope/b.js";\nconst c = () => import("convoscope/c.js");\n')
    (tmp_path / "b.js").write_text("export const b = 1;\n")
    (tmp_path / "c.js").write_text("export const c = 1;\n")
    assert read_static_files(tmp_path).list_modules("a.js") == ("a.js", "b.js")
