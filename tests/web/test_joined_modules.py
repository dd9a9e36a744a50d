"""Modules joined into one script: their order, their names, and where each line comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from app.web.joined_modules import JoinedFile, join_modules, list_modules

MODULES = {
    "a.js": """import { b, two as other } from "convoscope/b.js";
import {
  c,
} from "convoscope/deep/c-c.js";
const late = () => import("convoscope/late.js");
export const a = [b, other, c, late];
export { d } from "convoscope/d.js";
""",
    "b.js": """import { d } from "convoscope/d.js";
export function b() {
  return d;
}
const one = 1;
export { one as two };
""",
    "deep/c-c.js": 'import * as all from "convoscope/b.js";\nexport async function c() {\n  return all;\n}\n',
    "d.js": 'export const d = "export const x";\n',
    "late.js": 'import { b } from "convoscope/b.js";\nexport const late = b;\n',
}


def join(modules: Mapping[str, str], entry: str, before: JoinedFile | None = None) -> JoinedFile:
    known = before.exports if before else ()
    return join_modules("joined/x.js", list_modules(modules.__getitem__, [entry], known), modules.__getitem__, before)


def test_modules_run_after_all_that_they_import_and_each_once():
    assert list_modules(MODULES.__getitem__, ["a.js"]) == ("d.js", "b.js", "deep/c-c.js", "a.js")


def test_a_module_that_is_imported_dynamically_is_not_joined():
    assert "late.js" not in join(MODULES, "a.js").exports


def test_a_later_file_takes_from_the_first_what_is_there_already():
    first = join(MODULES, "a.js")
    later = join(MODULES, "late.js", first)
    assert list(later.exports) == ["late.js"]
    assert later.script.startswith('import { $1 } from "./x.js";\nconst $4=(()=>{')
    assert later.make_stand_in("late.js", "../").startswith("import { $4 } from ")


def test_a_joined_module_exports_what_its_file_exports():
    assert join(MODULES, "a.js").exports == {
        "d.js": ("d",),
        "b.js": ("b", "two"),
        "deep/c-c.js": ("c",),
        "a.js": ("a", "d"),
    }


def test_a_stand_in_hands_on_the_exports_of_its_module():
    assert join(MODULES, "a.js").make_stand_in("deep/c-c.js", "../../") == (
        'import { $2 } from "../../joined/x.js";\nexport const { c } = $2;\n'
    )


def test_every_line_of_code_leads_to_where_it_begins_in_its_module():
    joined = join(MODULES, "a.js")
    source_map = json.loads(joined.source_map)
    assert source_map["sources"] == ["../d.js", "../b.js", "../deep/c-c.js", "../a.js"]
    lines = joined.script.split("\n")
    found = []
    for line, (module, number, column) in read_mappings(source_map["mappings"]).items():
        origin = MODULES[source_map["sources"][module].removeprefix("../")].split("\n")
        if lines[line].startswith(("return d", "return all", "const late", "const one")):
            found.append(column)
            assert lines[line] == origin[number][column:].replace(" = ", "=").replace(" => ", "=>")
    assert sorted(found) == [0, 0, 2, 2]


def test_a_joined_script_has_no_indentation_but_in_its_texts():
    modules = {"a.js": "export function a() {\n  if (b) {\n    c(`d\n  e`);\n  }\n}\n"}
    assert "{\nif(b){\nc(`d\n  e`);\n}\n}" in join(modules, "a.js").script


def read_mappings(mappings: str) -> dict[int, tuple[int, int, int]]:
    """The module, the line and the column of each line, by the rules of ECMA-426."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    found, position = {}, (0, 0, 0)
    for line, text in enumerate(mappings.split(";")):
        values, value, shift = [], 0, 0
        for digit in map(digits.index, text):
            value |= (digit & 31) << shift
            shift += 5
            if digit < 32:
                values.append(-(value >> 1) if value & 1 else value >> 1)
                value, shift = 0, 0
        if values:
            position = (position[0] + values[1], position[1] + values[2], position[2] + values[3])
            found[line] = position
    return found


@pytest.mark.parametrize("text", ["export default 3;", 'import x from "y";', "await 1;", "export let x = 1;"])
def test_syntax_that_cannot_be_joined_is_refused(text: str):
    with pytest.raises(ValueError, match="cannot be joined"):
        join({"a.js": f"{text}\n"}, "a.js")


def test_modules_that_import_each_other_are_refused():
    modules = {"a.js": 'import { b } from "convoscope/b.js";\n', "b.js": 'import { a } from "convoscope/a.js";\n'}
    with pytest.raises(ValueError, match=r"a\.js imports itself"):
        join(modules, "a.js")
