"""The parts that are the same in every offline page: the player's modules as an import map, styles, start script.

The modules are those of `static/` without what a browser does not need, such as comments: the import map gives each
bare name its code as a `data:` URL.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ..resources import find_resource, shrink_styles
from ..script_comments import shorten_script

ENTRY_MODULE = "shells/offline.js"
LAWS_MODULE = "pure/frame/laws/layer-laws.js"
WORDS_MODULE = "ui/viewer/view/word-labels.js"
QUESTION_MODULE = "features/predict/predict.js"
QUESTION_STYLE = "features/predict/predict.css"
OCCLUSION_MODULE = "ui/viewer/view/occlusion/occlusion-panel.js"
COMPARISON_MODULE = "shells/side-by-side/side-by-side.js"
LESSON_MODULE = "shells/lesson/lesson.js"
SHARING_MODULE = "features/share/share-dialog.js"
LINKER_MODULE = "shells/linker.js"
STYLE_FILES = (
    ("styles/page.css", ""),
    ("styles/tabs.css", ""),
    ("styles/embed.css", "(min-width: 700px), (max-height: 599px)"),
    ("styles/offline.css", ""),
    ("styles/present.css", ""),
    (QUESTION_STYLE, ""),
)
COMPARISON_STYLES = (
    ("styles/page.css", ""),
    ("shells/side-by-side/side-by-side.css", ""),
    ("styles/offline.css", ""),
    ("styles/present.css", ""),
)
LESSON_STYLES = (("styles/page.css", ""), (QUESTION_STYLE, ""), ("shells/lesson/lesson.css", ""))
"""Style files and their media queries: a phone in portrait gets the page layout, not the layout of an embed."""
IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^;'"()]*["']convoscope/([^"']+)["']|\bimport\s*\(\s*["']convoscope/([^"']+)["']""",
    re.MULTILINE,
)
"""Static and dynamic imports: an offline page has to contain both."""
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
END_OF_RULE = re.compile(r"(?<=[{};,])\n+")
"""Ends of lines between the parts of a stylesheet."""
UNSAFE = re.compile("[\x00-\x1f\x7f%#]")
"""Characters that mean something else in a URL. Others stay as they are, which is shorter than base64 by a fifth."""


@dataclass(frozen=True, slots=True)
class PageShell:
    """The import map with the player's code, its styles, and the script that starts it.

    `inner_scripts` and `inner_styles` are those of pages in frames that the page writes.
    """

    import_map: str
    style: str
    boot: str
    allows_eval: bool = False
    inner_scripts: tuple[str, ...] = ()
    inner_styles: tuple[str, ...] = ()

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of the page: only what the file contains."""
        scripts = " ".join(map(_make_policy_hash, (self.import_map, self.boot, *self.inner_scripts)))
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src data: {scripts}" + (" 'unsafe-eval'" if self.allows_eval else ""),
                f"style-src {' '.join(map(_make_policy_hash, (self.style, *self.inner_styles)))}",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            )
        )


@dataclass(frozen=True, slots=True)
class PageParts:
    """What only some figures ask for: the steps of layers with laws of their own, words beside rows, a question."""

    laws: bool = False
    words: bool = False
    question: bool = False

    @property
    def modules_left_out(self) -> tuple[str, ...]:
        """The modules without which the page does. The covered picture asks a server, which a page has not."""
        parts = {LAWS_MODULE: self.laws, WORDS_MODULE: self.words, QUESTION_MODULE: self.question}
        return (OCCLUSION_MODULE, *(module for module, has_part in parts.items() if not has_part))


ALL_PARTS = PageParts(laws=True, words=True, question=True)
"""Those of figures that share their code, whichever they are."""


@cache
def load_shell(parts: PageParts) -> PageShell:
    """Load the shell of a page with these parts from the installed files, once per process."""
    styles = STYLE_FILES if parts.question else tuple(style for style in STYLE_FILES if style[0] != QUESTION_STYLE)
    return _make_shell(ENTRY_MODULE, styles, parts.modules_left_out)


@cache
def load_comparison_shell(has_laws: bool = False) -> PageShell:
    """Load the shell of figures side by side, which has no Share: a file has no address."""
    without = (SHARING_MODULE, OCCLUSION_MODULE, *(() if has_laws else (LAWS_MODULE,)))
    return _make_shell(COMPARISON_MODULE, COMPARISON_STYLES, without)


@cache
def load_lesson_shell() -> PageShell:
    """Load the shell of a lesson, whose figures are pages of their own with the shell of ALL_PARTS.

    A frame that a page has written obeys the policy of that page, too.
    """
    shell, inner = _make_shell(LESSON_MODULE, LESSON_STYLES, ()), load_shell(ALL_PARTS)
    return replace(shell, inner_scripts=(inner.import_map, inner.boot), inner_styles=(inner.style,))


def _make_shell(entry: str, styles: Sequence[tuple[str, str]], without: Collection[str]) -> PageShell:
    folder = find_resource("static")
    modules = sorted(collect_modules(folder, without, entry).items())
    urls = {f"convoscope/{name}": _make_data_url(shorten_script(code.decode())) for name, code in modules}
    style = "".join(_read_style(folder / name, media) for name, media in styles)
    import_map = json.dumps({"imports": urls}, separators=(",", ":"), ensure_ascii=False)
    import_map = import_map.replace("<", "\\u003c")  # no `</script>` within a script
    return PageShell(import_map, style, f'import "convoscope/{entry}";')


@cache
def load_notebook_shell(parts: PageParts) -> PageShell:
    """Load the shell for the frame of a notebook. The content security policy of the notebook applies to it, too.

    VS Code forbids scripts from `data:` URLs and allows eval: there the same modules run through eval.
    """
    linker = (find_resource("static") / LINKER_MODULE).read_text(encoding="utf-8")
    return replace(load_shell(parts), boot=linker, allows_eval=True)


def collect_modules(folder: Path, without: Collection[str] = (), entry: str = ENTRY_MODULE) -> Mapping[str, bytes]:
    """Collect the player's modules by name: the entry module and everything it imports, also dynamically.

    Those of `without` are left out, and what only they import.
    """
    sources: dict[str, bytes] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in sources and name not in without:
            sources[name] = (folder / name).read_bytes()
            code = COMMENT.sub("", sources[name].decode())
            waiting += [static or dynamic for static, dynamic in IMPORT.findall(code)]
    return sources


def _read_style(file: Path, media: str) -> str:
    text = END_OF_RULE.sub("", shrink_styles(file.read_text(encoding="utf-8")))
    return f"@media {media} {{\n{text}}}\n" if media else text


def _make_data_url(code: str) -> str:
    return "data:text/javascript;charset=utf-8," + UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", code)


def _make_policy_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
