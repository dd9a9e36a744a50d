"""The import rules of the house, held against the code. A new module in a known folder needs no change here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "app"
STATIC = CHECKOUT / "static"

# --- Python -------------------------------------------------------------------------------------------------

# cli | server → web → render → lab → {images, models, core}; models → core; images, models → processes.
# Whoever is named may import what is listed; what lies at the top of the package is named by its module.
FIGURES = {"images", "models", "core", "lab", "render"}
PYTHON_EDGES = {
    "core": set(),
    "processes": set(),
    "resources": set(),
    "addresses": set(),
    "logging_setup": set(),
    "rate_limited_log": set(),
    "settings": {"core", "addresses", "logging_setup"},
    "folder_checks": {"settings", "resources"},
    "images": {"processes", "resources"},
    "models": {"core", "processes", "resources"},
    "training": {"models", "core", "resources"},
    "lab": {"images", "models", "core"},
    "render": {"lab", "images", "models", "core", "resources", "package"},
    "web": FIGURES
    | {"processes", "settings", "folder_checks", "addresses", "rate_limited_log", "resources", "package"},
    "server": {"web", "settings", "folder_checks", "logging_setup", "rate_limited_log", "resources"},
    "local_lab": {"lab", "images", "models", "core", "settings", "resources"},
    "notebook": FIGURES | {"local_lab"},
    "cli": FIGURES | {"server", "local_lab", "training", "addresses", "settings", "resources", "package"},
    "package": {"notebook"},  # __init__.py: the version, and what a notebook asks for, loaded when it does
    "__main__": {"cli"},
}

# Libraries that only some may use; any other is free to all but the core.
HOLDERS = {
    "PIL": {"images", "render"},
    "pillow_heif": {"images"},
    "fastapi": {"web", "server"},
    "starlette": {"web"},
    "jinja2": {"web", "render"},
    "segno": {"render"},
    "prometheus_client": {"web"},
    "pydantic": {"web", "settings", "cli"},
    "pydantic_settings": {"settings"},
    "uvicorn": {"server"},
}

# What has no files, no clock, no chance and no system in it.
CORE_MAY_IMPORT = {
    *(
        "__future__",
        "abc",
        "base64",
        "bisect",
        "collections",
        "contextlib",
        "dataclasses",
        "decimal",
        "difflib",
        "enum",
    ),
    *("fractions", "functools", "hashlib", "heapq", "itertools", "json", "math", "numbers", "numpy", "operator"),
    *("re", "string", "struct", "textwrap", "types", "typing", "unicodedata", "urllib.parse"),
}
CORE_MAY_NOT_CALL = {"open", "input", "print", "exec", "eval"}
NUMPY_FILES = {"load", "save", "savez", "savez_compressed", "fromfile", "tofile", "memmap", "loadtxt", "savetxt"}
READS_THE_ENVIRONMENT = {
    "settings",
    "server.serve",
    "server.process_setup",
    "cli.command",
    "processes.worker_process",
}  # the last hands it on
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "tools", "stuff", "base"}

PYTHON_FILES = sorted(PACKAGE.rglob("*.py"))
CORE_FILES = [path for path in PYTHON_FILES if path.is_relative_to(PACKAGE / "core")]

python_modules = pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))
core_modules = pytest.mark.parametrize("path", CORE_FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))


def dotted(path: Path) -> str:
    """`app/core/trace/trace.py` → `core.trace`; a folder's __init__ is the folder; the package's own is ''."""
    parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def unit(module: str) -> str:
    """The row of the table that a module belongs to: its folder, or itself where it lies at the top."""
    return module.split(".")[0] or "package"


MODULES = {dotted(path): path for path in PYTHON_FILES}


@cache
def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(source(path))


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """(level, module) of every import at any depth but those for type checkers alone; level 0 is absolute."""
    found: list[tuple[int, str]] = []
    for node in walk_without_type_checking(parsed(path)):
        if isinstance(node, ast.Import):
            found += [(0, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                found += [(node.level, f"{node.module or ''}.{name.name}".strip(".")) for name in node.names]
            else:
                found.append((0, node.module or ""))
    return tuple(found)


def walk_without_type_checking(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        for_types = isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")
        if not for_types:
            yield from walk_without_type_checking(child)


def imported_here(path: Path) -> set[str]:
    """The modules of the package that this one imports, each as `core.trace`."""
    package = dotted(path).split(".") if path.name == "__init__.py" else dotted(path).split(".")[:-1]
    package = [part for part in package if part]
    found = set()
    for level, name in imports(path):
        if level:
            base = package[: len(package) - level + 1]
            whole = ".".join([*base, *name.split(".")]) if name else ".".join(base)
            found.add(whole if whole in MODULES else whole.rpartition(".")[0])
    return found


@python_modules
def test_a_python_module_imports_only_what_the_table_allows(path: Path):
    own = unit(dotted(path))
    assert own in PYTHON_EDGES, f"{own} is new: give it a row in PYTHON_EDGES and say whom it may import."
    wrong = {name for name in imported_here(path) if unit(name) not in PYTHON_EDGES[own] | {own}}
    assert not wrong, f"{own} may not import {sorted(wrong)}"


@python_modules
def test_a_python_module_imports_its_own_package_by_relative_names(path: Path):
    """The package is called `app` in the checkout and `convoscope` in the wheel."""
    absolute = [name for level, name in imports(path) if not level and name.split(".")[0] in ("app", "convoscope")]
    assert not absolute


@python_modules
def test_a_library_is_used_only_where_it_belongs(path: Path):
    own = unit(dotted(path))
    libraries = {name.split(".")[0] for level, name in imports(path) if not level}
    wrong = {name for name in libraries if own not in HOLDERS.get(name, {own})}
    assert not wrong, f"{own} may not use {sorted(wrong)}"


@python_modules
def test_only_the_settings_and_who_starts_the_server_read_the_environment(path: Path):
    if dotted(path) in READS_THE_ENVIRONMENT:
        return
    nodes = ast.walk(parsed(path))
    read = [node.attr for node in nodes if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")]
    assert not read


@python_modules
def test_no_module_is_a_drawer_for_odds_and_ends_or_keeps_state(path: Path):
    assert path.stem not in EMPTY_NAMES
    tree = parsed(path)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]
    empty = [node.lineno for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) and starts_empty(node)]
    assert not empty, f"an empty container at module level, in line {empty}, is there to be changed"


def starts_empty(node: ast.Assign | ast.AnnAssign) -> bool:
    return node.value is not None and ast.unparse(node.value) in ("[]", "{}", "set()", "dict()", "list()")


def test_no_python_modules_import_each_other_in_a_circle():
    graph = {name: imported_here(path) - {name} for name, path in MODULES.items()}
    # A folder's __init__ only gathers names of its modules; who imports one of them does not need the others.
    gatherers = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    edges = {name: seen - gatherers for name, seen in graph.items() if name not in gatherers}
    list(TopologicalSorter(edges).static_order())


@core_modules
def test_the_core_knows_numpy_and_pure_modules_alone(path: Path):
    libraries = {name for level, name in imports(path) if not level}
    wrong = {name for name in libraries if not {name, name.split(".")[0]} & CORE_MAY_IMPORT}
    assert not wrong


@core_modules
def test_the_core_reads_no_files_and_prints_nothing(path: Path):
    tree = parsed(path)
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = {call.id for call in calls if isinstance(call, ast.Name)} & CORE_MAY_NOT_CALL
    files = {call.attr for call in calls if isinstance(call, ast.Attribute)} & NUMPY_FILES
    assert not named | files


@core_modules
def test_the_core_draws_random_numbers_only_from_a_seed_that_it_was_given(path: Path):
    tree = parsed(path)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("np.random", "numpy.random"):
            drawn = parents[node]
            assert isinstance(drawn, ast.Attribute)
            assert drawn.attr in ("default_rng", "Generator", "PCG64", "Philox", "SeedSequence")
            call = parents[drawn]
            assert drawn.attr != "default_rng" or (isinstance(call, ast.Call) and call.args)


def test_the_rules_notice_what_they_forbid(tmp_path: Path):
    """The reader of imports sees lazy, relative and gathered imports, and leaves out those for types."""
    example = tmp_path / "example.py"
    example.write_text(
        "import os.path\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .web import app\n"
        "def late():\n    from ..lab import see\n    from . import trace\n"
    )
    assert list(imports(example)) == [(0, "os.path"), (0, "typing"), (2, "lab.see"), (1, "trace")]


# --- JavaScript ---------------------------------------------------------------------------------------------

# live | embed → viewer → its parts → draw, dom → the pure ones; draw → palette, layout; caption → frame, strings.
# A folder is one row; types.js is for the type checker alone. The viewer's parts are siblings: they know what lies
# under all of them and not each other, but for the strip of stages, which shows what the figure composes.
PURE = {
    *("frame", "player", "layout", "palette", "caption", "strings", "view", "views", "edits", "pasted", "keys", "wire"),
    *("types", "bare"),
}
# Modules of a unit that is not pure as a whole.
PURE_TOO = {
    "embed/keys",
    "embed/messages",
    "share/address",
    "share/picture",
    "share/snippets",
    "teacher/draft",
    "weights/zip",
}
UNDER_A_PART = {"dom", "draw", "caption", "edits", "frame", "keys", "layout", "palette", "player", "strings", "view"}
PARTS = {"figure", "arithmetic", "transport", "pointer", "loupe", "controls", "views"}
LAB_SHELL = {
    "carried",
    "viewer",
    "controls",
    "view",
    "edits",
    "dom",
    "page",
    "upload",
    "wire",
    "strings",
    "share",
    "site",
    "teacher",
}
JS_EDGES = {
    **{name: set() for name in PURE | {"dom"}},
    **dict.fromkeys(PARTS, UNDER_A_PART),
    # Where the site is: what of it a module asks for or leads to goes through here.
    "site": set(),
    "controls": UNDER_A_PART | {"figure", "pasted", "site"},
    "pasted": {"edits", "strings"},
    "views": {"caption", "frame", "palette", "strings"},
    "caption": {"frame", "strings"},
    "draw": {"palette", "layout"},
    "upload": {"bare", "dom", "site", "strings"},
    "viewer": PARTS | UNDER_A_PART | {"present"},
    # Comes when somebody presents; the viewer lends it its keys.
    "present": {"dom", "site", "strings"},
    # What changes the figure (its image, its layers) is brought by the one shell in which it can be changed.
    "carried": {"bare", "strings", "upload"},
    "live": LAB_SHELL,
    # What stands around the content of a page that has settings: its header, what it says, its help.
    "page": {"controls", "dom", "site", "strings", "upload"},
    # Giving the figure away: a dialog that is loaded when it is opened.
    "share": {"controls", "dom", "site", "strings", "upload", "view"},
    "teacher": {"share", "controls", "dom", "frame", "site", "strings", "view"},
    "embed": {"viewer", "view", "dom", "frame", "site", "wire", "strings"},
    "deck-keys": set(),
    "reveal-convoscope": set(),  # for other people's pages, where bare names mean nothing
    # The wall of learned filters: values, pictures and panels that one shell joins.
    "wall": {"caption", "dom", "draw", "layout", "palette", "site", "strings", "view", "wire"},
    "docs": {"dom", "site", "strings"},
    "filters": {"wall", "controls", "dom", "keys", "page", "share", "strings", "upload", "weights"},
    "weights": {"dom", "site", "strings", "upload"},
    "offline": {"viewer", "view", "dom", "wire"},
    "linker": set(),
    "conv-scope": set(),  # stands alone, in pages of other sites
}

# What the browser offers, as it stands in code, and the modules that may use it; None is all but the pure ones.
# `window` alone is a word of this house, the cells that a filter reads: only the browser's members of it count.
OF_THE_WINDOW = "document|location|navigator|history|fetch|inner|outer|device|match|get|set|clear|request|add|remove"
JS_HOLDERS = {
    "the page": (rf"\bdocument\.|\bglobalThis\b|(?<![.\w])window\.({OF_THE_WINDOW})", None),
    "timers": (r"\b(setTimeout|setInterval|requestAnimationFrame|queueMicrotask)\b", None),
    "a clock or chance": (r"\bperformance\.|\bDate\b|\bMath\.random\b|\bcrypto\.", None),
    "storage or device": (r"\b(localStorage|sessionStorage|indexedDB)\b|\bnavigator\.", None),
    # Shells alone speak to a server, and those that bring, take back and ask for them; nothing else that they share.
    "fetch": (
        r"\bfetchSite\s*\(|\bXMLHttpRequest\b|\bEventSource\b|\bsendBeacon\b",
        {"site", "live", "wall/server", "embed", "upload", "weights", "page/brought"},
    ),
    # They do so through the one function that gives up a server that hangs.
    "fetch itself": (
        r"\bfetch\s*\(",
        {"site"},
    ),
    # Others write no address of this site themselves: a proxy may put a path before all of them.
    "where the site is": (
        r"""\blocation\.origin\b|\bbaseURI\b|(\bassign\(|\b(src|href)[:=]) ?["'`]/""",
        {"site", "conv-scope", "reveal-convoscope"},
    ),
    "history": (r"\bhistory\.|\bpushState\b|\breplaceState\b", {"live", "wall/address"}),
    # Drawing is draw's; the other two only take a picture's pixels before it is sent, on a canvas nobody sees.
    "a canvas": (r"\bgetContext\s*\(", {"draw", "upload", "controls/camera"}),
}

JS_FILES = sorted(STATIC.rglob("*.js"))
js_modules = pytest.mark.parametrize("path", JS_FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))


def js_unit(name: str) -> str:
    """`views/matrix.js` → `views`; `draw.js` → `draw`."""
    return name.split("/")[0].removesuffix(".js")


def own_unit(path: Path) -> str:
    return js_unit(path.relative_to(STATIC).as_posix())


def without_comments(text: str) -> str:
    """The code without /* … */ and // …; the // of an address stays."""
    return re.sub(r"/\*.*?\*/|(?<![:'\"`])//[^\n]*", "", text, flags=re.DOTALL)


def js_imports(text: str) -> list[str]:
    """What a module imports at run time, static and dynamic, as it is written."""
    code = without_comments(text)
    static = re.findall(r"^\s*(?:import|export)\b[^;'\"()]*?\bfrom\s*[\"']([^\"']+)[\"']", code, flags=re.MULTILINE)
    bare = re.findall(r"^\s*import\s*[\"']([^\"']+)[\"']", code, flags=re.MULTILINE)
    return static + bare + re.findall(r"\bimport\s*\(\s*[\"']([^\"']+)[\"']", code)


@js_modules
def test_a_javascript_module_imports_bare_names_that_the_table_allows(path: Path):
    own = own_unit(path)
    assert own in JS_EDGES, f"{own} is new: give it a row in JS_EDGES and say whom it may import."
    for name in js_imports(source(path)):
        assert name.startswith("convoscope/"), f"{name} is not a bare name: it would not load from one file"
        assert (STATIC / name.removeprefix("convoscope/")).is_file(), f"{name} does not exist"
        other = js_unit(name.removeprefix("convoscope/"))
        assert other in JS_EDGES[own] | {own}, f"{own} may not import {name}"


@js_modules
def test_a_javascript_module_uses_of_the_browser_only_what_it_may(path: Path):
    own = own_unit(path)
    module = path.relative_to(STATIC).with_suffix("").as_posix()
    code = without_comments(source(path))
    for offer, (pattern, holders) in JS_HOLDERS.items():
        if {own, module} & (holders or set()) or (holders is None and own not in PURE and module not in PURE_TOO):
            continue
        used = re.search(pattern, code)
        assert used is None, f"{own} may not use {used and used[0]} ({offer})"


@js_modules
def test_a_javascript_module_has_named_exports_only(path: Path):
    assert not re.search(r"^\s*export\s+default\b", source(path), flags=re.MULTILINE)


def test_no_javascript_modules_import_each_other_in_a_circle():
    names = {path.relative_to(STATIC).as_posix(): path for path in JS_FILES}
    graph = {
        name: {seen.removeprefix("convoscope/") for seen in js_imports(source(path))} for name, path in names.items()
    }
    list(TopologicalSorter(graph).static_order())


def test_the_reader_of_javascript_sees_every_way_to_import_and_no_comment():
    source = """
    import {a} from "convoscope/a.js";  // import {x} from "convoscope/x.js"
    import {
      b,
    } from 'convoscope/b.js';
    import "convoscope/c.js";
    export {d} from "convoscope/d.js";
    const late = () => import("convoscope/e.js");
    /** @import {T} from "convoscope/types.js" */
    const address = "https://example.org/";
    """
    assert sorted(js_imports(source)) == [f"convoscope/{letter}.js" for letter in "abcde"]
