"""The import rules of the house, held against the code. A new module in a known folder needs no change here."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "app"
STATIC = CHECKOUT / "static"

# --- Python -------------------------------------------------------------------------------------------------

# cli | server → web → render → lab → {images, models, core}; images, models, lab → processes → core.
# Whoever is named may import what is listed; what lies at the top of the package is named by its module.
FIGURES = {"images", "models", "core", "lab", "render"}
PYTHON_EDGES = {
    "core": set(),
    "processes": {"core"},
    "resources": set(),
    "script_comments": set(),
    "addresses": set(),
    "logging_setup": set(),
    "rate_limited_log": set(),
    "settings": {"core", "addresses", "logging_setup"},
    "folder_checks": {"settings", "resources", "lessons"},
    "images": {"core", "processes", "resources"},
    "models": {"core", "processes", "resources"},
    "training": {"models", "core", "resources"},
    "lab": {"images", "models", "core", "processes"},
    "render": {"lab", "images", "models", "core", "resources", "script_comments", "package"},
    "examples": {"core", "resources"},
    "export": {"core", "lab", "images", "models", "processes", "render", "resources"},
    "exercises": {"core", "lab", "render", "lessons", "resources"},
    "lessons": {"core", "lab", "render", "resources", "package"},
    "web": FIGURES
    | {"examples", "exercises", "export", "lessons", "processes", "settings", "folder_checks", "addresses", "resources"}
    | {"rate_limited_log", "package"}
    | {"script_comments"},
    "server": {"web", "settings", "folder_checks", "logging_setup", "rate_limited_log", "resources"},
    "local_lab": {"lab", "images", "models", "core", "settings", "resources"},
    "notebook": FIGURES | {"local_lab", "export"},
    "cli": FIGURES
    | {"lessons", "exercises", "export"}
    | {"server", "local_lab", "training", "addresses", "settings", "resources", "package"},
    "package": {"notebook"},  # __init__.py: the version, and what a notebook asks for, loaded when it does
    "__main__": {"cli"},
}

# Libraries that only some may use; any other is free to all but the core.
HOLDERS = {
    "PIL": {"images", "render", "export"},
    "reportlab": {"export"},
    "pptx": {"export"},
    "lxml": {"export"},
    "xlsxwriter": {"export"},
    "fontTools": {"export"},
    "imageio_ffmpeg": {"export"},
    "pillow_heif": {"images"},
    "fastapi": {"web", "server"},
    "starlette": {"web"},
    "jinja2": {"web", "render"},
    "markdown_it": {"lessons"},
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
        "contextvars",  # the current language
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
    "cli.actions",
    "processes.worker_process",
}  # the last hands it on
MOST_NAMES = 14
"""Modules in one folder, in JavaScript with its folders: what can be taken in at a glance."""
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "tools", "stuff", "base"}

PYTHON_FILES = sorted(PACKAGE.rglob("*.py"))
CORE_FILES = [path for path in PYTHON_FILES if path.is_relative_to(PACKAGE / "core")]


def each(paths: list[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """One test of a rule for all these files; it names each file that breaks the rule, with the reason."""

    def make(rule: Callable[[Path], None]) -> Callable[[], None]:
        def check() -> None:
            broken = {}
            for path in paths:
                try:
                    rule(path)
                except AssertionError as error:
                    broken[str(path.relative_to(CHECKOUT))] = str(error)
            assert broken == {}

        return check

    return make


python_modules, core_modules = each(PYTHON_FILES), each(CORE_FILES)


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
def test_only_the_command_imports_training(path: Path):
    """An installation can leave the folder `training` out; `cli/command.py` then says so."""
    if unit(dotted(path)) != "training" and dotted(path) != "cli.command":
        assert not [name for name in imported_here(path) if unit(name) == "training"]


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


def test_no_python_module_and_no_class_has_a_name_with_two_meanings():
    modules = Counter(path.stem for path in PYTHON_FILES if path.stem not in ("__init__", "__main__"))
    assert [name for name, count in modules.items() if count > 1] == []
    classes = Counter(
        node.name for path in PYTHON_FILES for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in classes.items() if count > 1] == []


def test_a_folder_of_python_can_be_taken_in_at_a_glance():
    folders = Counter(path.parent for path in PYTHON_FILES if path.stem != "__init__")
    assert [f"{folder.relative_to(CHECKOUT)}: {count}" for folder, count in folders.items() if count > MOST_NAMES] == []


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

# shells → features → ui → pure: the first folder of a module is its layer. types.js is for the type checker alone.
JS_EDGES = {
    "pure": {"pure"},
    "ui": {"pure", "ui"},
    "features": {"pure", "ui", "features/upload", "features/lesson"},  # and its own feature
    "shells": {"pure", "ui", "features"},  # and its own folder
    "public": set(),  # for other people's pages, where bare names mean nothing
}
PUBLIC = {"conv-scope", "deck-keys", "reveal-convoscope"}
# The parts of the figure are siblings: they know what lies under all of them, and not each other.
UNDER_A_PART = {"ui/dom", "ui/draw", "ui/site", "ui/load-stylesheet"}
JOINS_PARTS = {
    "ui/viewer": {"ui"},
    "ui/page": {"ui/controls"},  # what stands around the figure of a page that has settings
}

# What the browser offers, as it stands in code, and where it may be used.
# `window` alone is a word of this house, the cells that a filter reads: only the browser's members of it count.
OF_THE_WINDOW = "document|location|navigator|history|fetch|inner|outer|device|match|get|set|clear|request|add|remove"
NOT_PURE = {"ui", "features", "shells", "public"}
JS_HOLDERS = {
    # The language of all sentences is an attribute of the page, and the only thing of it that pure modules read.
    "the page": (
        rf"\bdocument\.|\bglobalThis\b|(?<![.\w])window\.({OF_THE_WINDOW})",
        NOT_PURE | {"pure/strings/language"},
    ),
    "timers": (r"\b(setTimeout|setInterval|requestAnimationFrame|queueMicrotask)\b", NOT_PURE),
    "a clock or chance": (r"\bperformance\.|\bDate\b|\bMath\.random\b|\bcrypto\.", NOT_PURE),
    "storage or device": (r"\b(localStorage|sessionStorage|indexedDB)\b|\bnavigator\.", NOT_PURE),
    # Shells alone speak to a server, and the features that bring something there or ask for it.
    "fetch": (
        r"\bfetchSite\s*\(|\bXMLHttpRequest\b|\bEventSource\b|\bsendBeacon\b",
        {"ui/site", "features/upload", "features/gallery/gallery-requests", "features/share/export-stream", "shells"},
    ),
    # They do so through the one function that gives up a server that hangs.
    "fetch itself": (r"\bfetch\s*\(", {"ui/site/site"}),
    # Others write no address of this site themselves: a proxy may put a path before all of them.
    "where the site is": (
        r"""\blocation\.origin\b|\bbaseURI\b|(\bassign\(|\b(src|href)[:=]) ?["'`]/""",
        {"ui/site/site", "public"},
    ),
    "history": (
        r"\bhistory\.|\bpushState\b|\breplaceState\b",
        {
            *("shells/lab", "shells/exercises/exercise-form", "shells/side-by-side/side-by-side"),
            *("ui/page/plain-header", "features/gallery/gallery-address"),
        },
    ),
    # Drawing is draw's; the other two only take a picture's pixels before it is sent, on a canvas nobody sees.
    "a canvas": (r"\bgetContext\s*\(", {"ui/draw", "features/upload/upload", "ui/controls/image/camera"}),
}

JS_FILES = sorted(STATIC.rglob("*.js"))
js_modules = each(JS_FILES)


def js_name(path: Path) -> str:
    """`static/pure/frame/frame.js` → `pure/frame/frame`; a module with a public address → `public/conv-scope`."""
    name = path.relative_to(STATIC).with_suffix("").as_posix()
    return name if "/" in name else f"public/{name}"


def js_layer(name: str) -> str:
    return name.split("/")[0]


def js_unit(name: str) -> str:
    """`ui/controls/image/crop` → `ui/controls`; `ui/dom` → `ui/dom`."""
    return "/".join(name.split("/")[:2])


def lies_in(name: str, places: Iterable[str]) -> bool:
    """Whether a module is one of these, or in one of these folders."""
    return any(name == place or name.startswith(f"{place}/") for place in places)


def without_comments(text: str) -> str:
    """The code without /* … */ and // …; the // of an address stays."""
    return re.sub(r"/\*.*?\*/|(?<![:'\"`])//[^\n]*", "", text, flags=re.DOTALL)


def js_imports(text: str) -> list[str]:
    """What a module imports at run time, static and dynamic, as it is written."""
    code = without_comments(text)
    static = re.findall(r"^\s*(?:import|export)\b[^;'\"()]*?\bfrom\s*[\"']([^\"']+)[\"']", code, flags=re.MULTILINE)
    bare = re.findall(r"^\s*import\s*[\"']([^\"']+)[\"']", code, flags=re.MULTILINE)
    return static + bare + re.findall(r"\bimport\s*\(\s*[\"']([^\"']+)[\"']", code)


def test_every_javascript_module_has_a_layer():
    assert {js_layer(js_name(path)) for path in JS_FILES} == JS_EDGES.keys()
    assert {path.stem for path in STATIC.glob("*.js")} == PUBLIC, "only modules with a public address lie at the top"


@js_modules
def test_a_javascript_module_imports_what_its_layer_may(path: Path):
    own = js_name(path)
    for name in js_imports(source(path)):
        assert name.startswith("convoscope/"), f"{name} is not a bare name: it would not load from one file"
        assert (STATIC / name.removeprefix("convoscope/")).is_file(), f"{name} does not exist"
        other = js_name(STATIC / name.removeprefix("convoscope/"))
        allowed = JS_EDGES[js_layer(own)] | ({js_unit(own)} if js_layer(own) != "public" else set())
        assert lies_in(other, allowed), f"{own} may not import {name}"
        if js_layer(own) == js_layer(other) == "ui":
            allowed = UNDER_A_PART | JOINS_PARTS.get(js_unit(own), set()) | {js_unit(own)}
            assert lies_in(other, allowed), f"{own} may not import {name}: parts do not know each other"


@js_modules
def test_a_javascript_module_uses_of_the_browser_only_what_it_may(path: Path):
    own = js_name(path)
    code = without_comments(source(path))
    for offer, (pattern, holders) in JS_HOLDERS.items():
        if not lies_in(own, holders):
            used = re.search(pattern, code)
            assert used is None, f"{own} may not use {used and used[0]} ({offer})"


def test_a_javascript_module_has_a_name_of_its_own_in_plain_words():
    names = [path.stem for path in JS_FILES]
    assert sorted(set(names)) == sorted(names), "two modules have one name"
    for path in (path for path in STATIC.rglob("*") if not path.name.startswith(".")):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem), f"{path.name} is not in kebab-case"
        assert path.stem not in EMPTY_NAMES


def test_a_folder_of_javascript_can_be_taken_in_at_a_glance():
    crowded = {
        path.relative_to(STATIC).as_posix(): count
        for path in (STATIC, *(path for path in STATIC.rglob("*") if path.is_dir()))
        if (count := len(list(path.iterdir()))) > MOST_NAMES
    }
    assert not crowded


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
    /** @import {T} from "convoscope/pure/types.js" */
    const address = "https://example.org/";
    """
    assert sorted(js_imports(source)) == [f"convoscope/{letter}.js" for letter in "abcde"]
