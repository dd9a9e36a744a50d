"""Joins the modules that a page needs first into one file, so that a browser asks once instead of fifty times.

Each module stays a file of its own in the checkout and on the server. In a joined file a module is a function that
returns its exports; modules run in the order of ECMAScript: the imports of a module before the module, each once. The
syntax that the joiner knows is that of the modules in `static/`: named imports and exports at the start of a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..script_comments import shorten_lines, split_lines

IMPORT = re.compile(r"""^(?:import|export)\b[^;'"()]*["']convoscope/([^"']+)["']""", re.MULTILINE)
"""Static imports; dynamic ones are loaded when they are needed."""
NAMED_IMPORT = re.compile(r'^import \{([^}]*)\} from "convoscope/([^"]+)";', re.MULTILINE)
WHOLE_IMPORT = re.compile(r'^import \* as ([\w$]+) from "convoscope/([^"]+)";', re.MULTILINE)
BARE_IMPORT = re.compile(r'^import "convoscope/[^"]+";', re.MULTILINE)
EXPORT_DECLARATION = re.compile(r"^export (?=(?:async )?(?:function|class|const) ([\w$]+))", re.MULTILINE)
EXPORT_LIST = re.compile(r'^export \{([^}]*)\}(?: from "convoscope/([^"]+)")?;', re.MULTILINE)
UNKNOWN_SYNTAX = re.compile(r"^(?:import\s|export\s|await\b).*", re.MULTILINE)
_Position = tuple[int, int, int]
"""Where code stands in its own file: the index of its module, its line and its column, from 0 on."""
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class JoinedFile:
    """Some modules in one script: their names in the order in which they run, what each exports, the script, its map.

    `variables` holds what the script calls the exports of each module: `$0`, `$1` and so on, also those of a file
    before it, since the names of modules would be one percent of what a page loads.
    `script` has no indentation, empty lines, types, comments at the ends of lines and spaces beside marks. `source_map`
    leads from each of its lines to that of the module's own file.
    """

    name: str
    exports: Mapping[str, tuple[str, ...]]
    variables: Mapping[str, str]
    script: str
    source_map: str

    def make_stand_in(self, module: str, to_root: str) -> str:
        """A module that exports the same as a joined one, for modules that are loaded later; `to_root` is `../` …"""
        variable, names = self.variables[module], self.exports[module]
        start = f'import {{ {variable} }} from "{to_root}{self.name}";\n'
        return start + (f"export const {{ {', '.join(names)} }} = {variable};\n" if names else "")


@dataclass(frozen=True, slots=True)
class _JoinedModule:
    """One module as the body of a function, with as many lines as its file has."""

    exports: tuple[str, ...]
    body: str


def list_modules(read: Callable[[str], str], entries: Iterable[str], without: Iterable[str] = ()) -> tuple[str, ...]:
    """Modules and all that they import, directly or not, in the order in which they run. Raises ValueError for a cycle.

    `read` gives the source of a module; those of `without`, and what only they import, are left out.
    """
    done, open_, order = set(without), set[str](), list[str]()

    def visit(name: str) -> None:
        if name in open_:
            raise ValueError(f"{name} imports itself, directly or not, so it cannot be joined with others")
        if name in done:
            return
        open_.add(name)
        for imported in IMPORT.findall(read(name)):
            visit(imported)
        open_.remove(name)
        done.add(name)
        order.append(name)

    for entry in entries:
        visit(entry)
    return tuple(order)


def join_modules(
    name: str, modules: Sequence[str], read: Callable[[str], str], before: JoinedFile | None = None
) -> JoinedFile:
    """The modules, in their order, as one script called `name`. Those that they import are among them or in `before`.

    Raises ValueError for syntax that the joiner does not know.
    """
    lines: list[str] = []
    origins: list[_Position | None] = []
    exports: dict[str, tuple[str, ...]] = {}
    variables = dict(before.variables) if before else {}
    for module in modules:
        variables[module] = f"${len(variables)}"
    if before:
        used = sorted({one for module in modules for one in IMPORT.findall(read(module)) if one in before.exports})
        path = "./" + before.name.rpartition("/")[2]
        lines.append(f'import {{ {", ".join(variables[one] for one in used)} }} from "{path}";')
        origins.append(None)
    for index, module in enumerate(modules):
        joined = _join_module(module, read(module), variables)
        exports[module] = joined.exports
        body = split_lines(shorten_lines(joined.body))
        lines += [f"const {variables[module]}=(()=>{{", *(text for *_, text in body), "})();"]
        origins += [None, *((index, line, column) for line, column, _ in body), None]
    lines.append(f"export {{{','.join(variables[module] for module in modules)}}};")
    lines.append(f"//# sourceMappingURL={name.rpartition('/')[2]}.map\n")
    return JoinedFile(name, exports, variables, "\n".join(lines), _make_source_map(name, modules, origins))


def _join_module(module: str, source: str, variables: Mapping[str, str]) -> _JoinedModule:
    exports = {name: name for name in EXPORT_DECLARATION.findall(source)}
    for names, origin in EXPORT_LIST.findall(source):
        prefix = f"{variables[origin]}." if origin else ""
        exports |= {shown: prefix + own for own, shown in _parse_names(names)}
    body = EXPORT_LIST.sub(_keep_lines(lambda _: ""), source)
    body = EXPORT_DECLARATION.sub("", body)
    body = WHOLE_IMPORT.sub(lambda found: f"const {found[1]} = {variables[found[2]]};", body)
    body = BARE_IMPORT.sub("", body)
    body = NAMED_IMPORT.sub(_keep_lines(lambda found: _write_named_import(found, variables)), body)
    unknown = UNKNOWN_SYNTAX.search(body)
    if unknown:
        raise ValueError(f"{module} has “{unknown[0]}”, which cannot be joined with other modules")
    returned = ",".join(own if own == shown else f"{shown}:{own}" for shown, own in exports.items())
    return _JoinedModule(tuple(exports), f"{body.rstrip()}\nreturn {{{returned}}};")


def _write_named_import(found: re.Match[str], variables: Mapping[str, str]) -> str:
    names = ",".join(own if own == shown else f"{own}:{shown}" for own, shown in _parse_names(found[1]))
    return f"const {{{names}}}={variables[found[2]]};"


def _keep_lines(write: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    """A replacement that has as many lines as what it replaces."""
    return lambda found: write(found) + "\n" * found[0].count("\n")


def _parse_names(names: str) -> list[tuple[str, str]]:
    """`a, b as c` as pairs of the module's own name and the name outside."""
    pairs = (one.strip().split(" as ") for one in names.split(","))
    return [(pair[0], pair[-1]) for pair in pairs if pair[0]]


def _make_source_map(name: str, modules: Sequence[str], origins: Sequence[_Position | None]) -> str:
    """A source map of version 3 (ECMA-426) that gives each line where it begins in its module; None has no origin."""
    to_root = "../" * name.count("/")
    mappings: list[str] = []
    last = (0, 0, 0)
    for origin in origins:
        if origin is None:
            mappings.append("")
            continue
        mappings.append("A" + "".join(_encode_number(now - before) for now, before in zip(origin, last, strict=True)))
        last = origin
    sources = [to_root + module for module in modules]
    return json.dumps(
        {"version": 3, "sources": sources, "names": [], "mappings": ";".join(mappings)}, separators=(",", ":")
    )


def _encode_number(number: int) -> str:
    """A number as base64 digits of five bits, the sign in the lowest bit of the first."""
    rest = abs(number) << 1 | (number < 0)
    text = ""
    while True:
        rest, digit = rest >> 5, rest & 31
        text += DIGITS[digit | 32 if rest else digit]
        if not rest:
            return text
