"""Removing comments, types, empty lines and indentation from scripts, and nothing that only looks like them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from app.resources import find_resource
from app.script_comments import remove_comment_lines, shorten_lines, shorten_script, split_lines

CHECKOUT = Path(__file__).resolve().parents[2]
TYPESCRIPT = CHECKOUT / ".ci" / "node_modules" / "typescript"
SCRIPTS = sorted(find_resource("static").rglob("*.js"))

# Prints the names of the scripts that a compiler does not write alike as they are written and as they are sent. Where
# ends of lines differ, it marks the end of each statement: one that ends elsewhere differs in more than spaces.
COMPARE = """
const ts = require(process.argv[1]);
const options = { compilerOptions: { removeComments: true, target: "esnext", module: "esnext" } };
const code = (text) => ts.transpileModule(text, options).outputText;
const bare = (text) => code(text).replace(/\\s+/g, "");
const scripts = JSON.parse(require("fs").readFileSync(0, "utf8"));
for (const [name, written, sent, short] of scripts)
  if (code(written) !== code(sent) || bare(written) !== bare(short)) console.log(name);
"""


@pytest.mark.parametrize(
    "source",
    [
        "const a = `\n// a line of text\n/* and another */\n`;",
        "const a = `${b}\n// text\n${c}\n/* text */\n`;",
        "const a = `${b.map((c) => `${c}\n// inner text\n`)}\n// outer text\n`;",
        "const a = `${{ b: `}` }.b}\n// text\n`;",
        "const a = `\\`\n// text\n`;",
        "const a = `\\${\n// text\n`;",
        "const a = `$\n// text\n$`;",
        "const a = 'text \\\n// goes on';",
        'const a = "text \\\n/* goes on */";',
        "const a = /`/;\nconst b = `\n// text\n`;",
        "const a = /[/`]/.test(b), c = /\\/`/;\nconst d = `\n// text\n`;",
        "if (a) /'/.test(b);\nconst d = `\n// text\n`;",
        "return /['\"`]/\n;const d = `\n// text\n`;",
        "{ a(); }\n/`/.test(b);\nconst d = `\n// text\n`;",
        "const a = b / c; const d = `\n// text\n` / e;",
        "const a = (b) / c, d = `\n// text\n` / 2;",
        "const a = b[0] / c++ / d, e = `\n// text\n`;",
        "const a = x.return / 2, e = `\n// text / 2\n`;",
        "const a = 'it\\'s'; const b = `\n// text\n`;",
        "a(); /* behind code */\n/* before code */ b();",
        "a(/*\n   within code */ b);\nc(/* this\n*/ d);",
    ],
)
def test_a_text_that_looks_like_a_comment_stays(source: str) -> None:
    assert remove_comment_lines(source) == source


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("// a\nb();\n  // c\n", "\nb();\n\n"),
        ("/** a */\nb();\n  /*\n   * c `\n   */\nd();", "\nb();\n\n\n\nd();"),
        ("const a = `${\n// a comment in code\nb}`;", "const a = `${\n\nb}`;"),
        ("const a = `\n// text\n`;\n// a comment with a ` in it\nb();", "const a = `\n// text\n`;\n\nb();"),
        ("const a = /\\/\\*/;\n// a comment\nconst b = /[*]\\//;", "const a = /\\/\\*/;\n\nconst b = /[*]\\//;"),
        ("const a = 'http://b';\n/* it's\n a comment */\nc();", "const a = 'http://b';\n\n\nc();"),
        ("// a\r\nb();\r\n// the end", "\nb();\r\n"),
        ("a(); // behind code\n// alone", "a(); // behind code\n"),
        ("", ""),
    ],
)
def test_comments_that_fill_lines_are_removed_and_other_lines_keep_their_number(source: str, sent: str) -> None:
    assert remove_comment_lines(source) == sent


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("{\n  a();\n\tb();\n}", [(0, 0, "{"), (1, 2, "a();"), (2, 1, "b();"), (3, 0, "}")]),
        ("a(`b\n  c`,\n  d);", [(0, 0, "a(`b"), (1, 0, "  c`,"), (2, 2, "d);")]),
        ("a(`${\n  b}\n  c`);\n  d();", [(0, 0, "a(`${"), (1, 2, "b}"), (2, 0, "  c`);"), (3, 2, "d();")]),
        ("a('b \\\n  c');", [(0, 0, "a('b \\"), (1, 0, "  c');")]),
        ("/* `\n  */\n  a();", [(0, 0, "/* `"), (1, 2, "*/"), (2, 2, "a();")]),
        ("a();\n\n  \nb(`\n\n`);", [(0, 0, "a();"), (3, 0, "b(`"), (4, 0, ""), (5, 0, "`);")]),
    ],
)
def test_lines_lose_indentation_and_empty_ones_are_left_out_where_they_are_no_text(
    source: str, lines: list[tuple[int, int, str]]
) -> None:
    assert split_lines(source) == lines


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("const a = /** @type {B} */ (c);", "const a=(c);"),
        ("f(/** @type {(a: B) => C} */ (d), /** @type {E[]} */ (g));", "f((d),(g));"),
        ("const a = (/** @type {B} */ c, /** @type {D} */ d) => c;", "const a=(c,d)=>c;"),
        ("const a = `/** @type {B} */ (c)`;", "const a=`/** @type {B} */ (c)`;"),
        ("return /* why */ (a);", "return /* why */(a);"),
        ("return /** @type {B} */ a;", "return /** @type {B} */ a;"),
        ("a(); // why\nb();", "a();\nb();"),
        ("a(`${b} // c`, '// d', /[/]/); // e", "a(`${b} // c`,'// d',/[/]/);"),
        ("f(a, `b, ${c, d}, e`, 'g, h', /i, j/);", "f(a,`b, ${c,d}, e`,'g, h',/i, j/);"),
        ("const a = b / c; // d /* e\nf(); /* g */ h();", "const a=b / c;\nf();/* g */ h();"),
        ("if (a) { b(); } else { c(); }", "if(a){b();}else{c();}"),
        ("a = b + +c - -d + e++ - --f / g;", "a=b + +c - -d + e++ - --f / g;"),
        ("a = b < !--c && d >= /, e/.f;", "a=b< !--c&&d>=/, e/.f;"),
        ("a = b ? [c] : `${d ? e : f} : g`;", "a=b?[c]:`${d?e:f} : g`;"),
        (
            "for (const a of b) {\n  if (c in d) return new E(f);\n  }",
            "for(const a of b){\n  if(c in d)return new E(f);\n  }",
        ),
    ],
)
def test_lines_lose_types_comments_at_their_ends_and_spaces_that_divide_nothing(source: str, sent: str) -> None:
    assert shorten_lines(source) == sent


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("if (a) {\n  b();\n} else {\n  c();\n}\nd();", "if(a){b();}else{c();}d();"),
        ("const a = b\n  .c()\n  .d();\ne();", "const a=b.c().d();e();"),
        ("const a = b ? c\n  : d;\nlet e\nlet f", "const a=b?c:d;let e\nlet f"),
        ("a(`b\n  c`,\n  d);\ne(`\n\n`);", "a(`b\n  c`,d);e(`\n\n`);"),
        ("const a = b <\n  c;\nreturn\nd;", "const a=b<\nc;return\nd;"),
        ("a = `${\nb}\n`\nc", "a=`${b}\n`\nc"),
        (
            'import {\n  a,\n} from "b";\nimport "c";\nexport const d = 1;',
            'import{a,}from "b";\nimport "c";\nexport const d=1;',
        ),
    ],
)
def test_a_script_keeps_the_ends_of_lines_that_may_end_a_statement(source: str, sent: str) -> None:
    assert shorten_script(source) == sent


@pytest.mark.parametrize("source", ["`${", "`a", "'a", "/* a", "}", ")", "/", "a / ", "`${`${", "/[", "\\", "'\\"])
def test_an_invalid_script_raises_no_error(source: str) -> None:
    assert isinstance(remove_comment_lines(source), str)
    assert split_lines(source) == [(0, 0, source)]


def remove_both(source: str) -> str:
    return "\n".join(line for *_, line in split_lines(shorten_lines(remove_comment_lines(source))))


@pytest.mark.long
def test_every_script_compiles_to_the_same_without_its_comments_and_indentation() -> None:
    node = shutil.which("node")
    if node is None or not TYPESCRIPT.exists():
        pytest.skip("the compiler of `make lint` is not here")
    written = [(path.name, path.read_text(encoding="utf-8")) for path in SCRIPTS]
    scripts = json.dumps([(name, text, remove_both(text), shorten_script(text)) for name, text in written])
    command = [node, "-e", COMPARE, str(TYPESCRIPT)]
    said = subprocess.run(command, input=scripts, capture_output=True, text=True, check=True).stdout
    assert said == ""
