"""Finds comments, empty lines and indentation in JavaScript files, which a browser does not need.

A small tokenizer: it knows strings, template literals, regular expressions and comments, and of all other code only
what distinguishes a regular expression from a division.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<comment>//[^\n\r\u2028\u2029]*|/\*.*?(?:\*/|\Z))
    |(?P<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)
    |(?P<number>\.?[0-9](?:[eE][+-]|[\w.])*)
    |(?P<word>[\w$#\u200c\u200d\\]+)
    |(?P<mark>=>|\+\+|--|\?\.|.)""",
    re.VERBOSE | re.DOTALL,
)
SPACES_BESIDE_MARK = re.compile(r"(?<![\n ]) +(?=[{}()\[\];,:?=<>&|*%^])|(?<=[{}()\[\];,:?=>&|*%^!]) +|(?<=<) +(?!!)")
"""Spaces that divide nothing: beside every mark but `+`, `-` and `/`, which are others when doubled; `<!` stays two."""
CAST = re.compile(r"/\*\* @type \{[^\n]*\} \*/")
REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[\w$]*")
TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{|\Z)", re.DOTALL)
"""The characters of a template literal up to its end or to a `${`."""

BEFORE_VALUE = frozenset(
    {
        *("await", "case", "default", "delete", "do", "else", "extends", "in", "instanceof", "new", "of", "return"),
        *("throw", "typeof", "void", "yield"),
    }
)
"""Words after which a value begins, which may be a regular expression."""
GOES_ON = re.compile(r"(?:[;{},(\[:?]|=>|[^=!<>]=|&&|\|\|)$")
CONTINUES = re.compile(r"[.?:)\]},]|&&|\|\|")
"""Ends and starts of lines between which no statement ends without a mark."""
STATEMENT_HEADS = frozenset({"if", "while", "for", "with"})
"""Words whose parentheses are followed by a statement."""


def remove_comment_lines(source: str) -> str:
    """The script with the comments that fill whole lines blanked; every line of code keeps its text and number."""
    kept, end = [], 0
    for kind, start, stop in _find_parts(source):
        line_start = source.rfind("\n", 0, start) + 1
        line_stop = source.find("\n", stop)
        line_stop = len(source) if line_stop < 0 else line_stop
        if kind != "comment" or source[line_start:start].strip(" \t") or source[stop:line_stop].strip(" \t\r"):
            continue
        kept += [source[end:line_start], "\n" * source.count("\n", start, stop)]
        end = line_stop
    return "".join([*kept, source[end:]])


def shorten_lines(source: str) -> str:
    """The script without types, comments at the ends of lines and spaces beside marks. Each line keeps its number."""
    kept, end = [], 0
    for kind, start, stop in _find_parts(source):
        code = _remove_spaces(source[end:start])
        if kind == "text":
            kept += [code, source[start:stop]]
        elif source.startswith("//", start):
            kept.append(code.rstrip(" \t"))
        elif _is_type(source, start, stop):
            kept.append(code)
            stop += 1
        else:
            kept += [code, source[start:stop]]
        end = stop
    return "".join([*kept, _remove_spaces(source[end:])])


def _remove_spaces(code: str) -> str:
    return SPACES_BESIDE_MARK.sub("", code)


def _is_type(source: str, start: int, stop: int) -> bool:
    """Whether a comment is the type of the value or parameter that follows it after a space."""
    if not CAST.fullmatch(source, start, stop) or source[stop : stop + 1] != " ":
        return False
    return source.startswith("(", stop + 1) or source[max(0, start - 2) : start].endswith(("(", ", "))


def shorten_script(source: str) -> str:
    """The script without comments that fill lines, types, indentation, spaces beside marks and most ends of lines.

    An end of a line that may end a statement stays, and so do those of texts and those before imports and exports,
    which `static/shells/linker.js` looks for. The script ends statements with `;`.
    """
    short = shorten_lines(remove_comment_lines(source))
    text_lines = _find_text_lines(short)
    written = ""
    parts: list[str] = []
    for at, _, line in split_lines(short):
        goes_on = not written or GOES_ON.search(written) or CONTINUES.match(line)
        is_open = at not in text_lines and goes_on and not line.startswith(("import", "export"))
        parts.append(line if is_open or not parts else f"\n{line}")
        written = line or "\n"
    return "".join(parts)


def split_lines(source: str) -> list[tuple[int, int, str]]:
    """The lines of a script that are not empty: the number of each, from 0 on, the column where it begins, its text.

    A line that begins inside a string or a template literal keeps its indentation and is kept though it is empty, since
    there they are text.
    """
    text_lines = _find_text_lines(source)
    rows = [(line, line if at in text_lines else line.lstrip(" \t")) for at, line in enumerate(source.split("\n"))]
    return [(at, len(line) - len(lean), lean) for at, (line, lean) in enumerate(rows) if lean or at in text_lines]


def _find_text_lines(source: str) -> set[int]:
    """The numbers of the lines that begin inside a string or a template literal."""
    return {
        line
        for kind, start, stop in _find_parts(source)
        if kind == "text"
        for line in range(source.count("\n", 0, start) + 1, source.count("\n", 0, stop) + 1)
    }


def _find_parts(source: str) -> Iterator[tuple[str, int, int]]:
    """Each `comment` and each `text`, with its start and end: a string, characters of a template literal, a pattern."""
    context = _ScriptContext()
    at = 0
    while at < len(source):
        if source[at] == "`" or (source[at] == "}" and context.is_in_template()):
            found = TEMPLATE.match(source, at + 1)
            assert found is not None  # it also matches an empty text
            context.read_template_part(has_code=found[0].endswith("${"), is_start=source[at] == "`")
            yield "text", at, found.end()
            at = found.end()
            continue
        regex = REGEX.match(source, at) if source[at] == "/" and context.value_can_begin else None
        if regex and not source.startswith(("//", "/*"), at):
            context.read_token("regex", regex[0])
            yield "text", at, regex.end()
            at = regex.end()
            continue
        token = TOKEN.match(source, at)
        assert token is not None  # it matches any character
        if token.lastgroup == "comment":
            yield "comment", at, token.end()
        elif token.lastgroup != "blank":
            context.read_token(str(token.lastgroup), token[0])
        if token.lastgroup == "string":
            yield "text", at, token.end()
        at = token.end()


class _ScriptContext:
    """What has been read of a script so far: enough to know whether a value can begin here."""

    def __init__(self) -> None:
        self.value_can_begin = True
        self._open: list[str] = []
        self._last = ""

    def is_in_template(self) -> bool:
        """Whether a closing brace here ends the code inside a template literal."""
        return bool(self._open) and self._open[-1] == "${"

    def read_template_part(self, has_code: bool, is_start: bool) -> None:
        """Adds characters of a template literal, up to code in it or to its end."""
        if not is_start:
            self._open.pop()
        if has_code:
            self._open.append("${")
        self.value_can_begin = has_code
        self._last = "${" if has_code else "`"

    def read_token(self, kind: str, text: str) -> None:
        """Adds the next token that is not a comment."""
        if kind == "mark":
            self._read_mark(text)
        else:
            is_value = kind != "word" or text not in BEFORE_VALUE or self._last in (".", "?.")
            self.value_can_begin = not is_value
        self._last = text if kind in ("mark", "word") else kind

    def _read_mark(self, text: str) -> None:
        if text in "({[":
            self._open.append(f"{self._last} {text}" if text == "(" else self._classify_brace(text))
            self.value_can_begin = True
        elif text in ")}]":
            opened = self._open.pop() if self._open else ""
            self.value_can_begin = opened == "block" or opened.removesuffix(" (") in STATEMENT_HEADS
        else:
            self.value_can_begin = text not in ("++", "--")

    def _classify_brace(self, text: str) -> str:
        """`block` for a brace where a statement may begin or that follows a statement's head, else the brace."""
        is_start = self._last in ("", ";", "{", "}", ")", "=>", "else", "do", "try", "finally")
        return "block" if text == "{" and is_start else text
