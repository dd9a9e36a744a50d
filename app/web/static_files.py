"""The static files, under an address that changes when any of them does.

The modules of a page's first load come joined in one file. A page imports modules from `joined/PAGE/`, where a joined
one is a short module that hands on the exports of the joined file, and every other file is the one of `static/`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ..resources import shrink_styles
from ..script_comments import remove_comment_lines
from .joined_modules import JoinedFile, join_modules, list_modules
from .responses.ready_response import Reply

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".map": "application/json",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
JOINED = "joined"
"""The folder of the joined scripts, `joined/lab.js`, and of the modules as a page imports them, `joined/lab/…`."""
FILES_GZIP_LEVEL = 6
"""Static files are compressed once, when the process starts."""
CACHE_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class PageScripts:
    """The modules of a page: the one that starts it, and those that it loads as soon as its figure is drawn."""

    start: str
    then: tuple[str, ...] = ()


PAGE_SCRIPTS: Mapping[str, PageScripts] = {
    "lab": PageScripts("shells/lab.js", ("ui/controls/settings.js", "ui/page/page-links.js", "ui/motion/motion.js")),
    "embed": PageScripts("shells/embed/embed.js", ("ui/motion/motion.js",)),
    "filters": PageScripts("shells/filters.js"),
    "docs": PageScripts("shells/docs.js"),
    "examples": PageScripts("shells/examples.js"),
    "exercises": PageScripts("shells/exercises/exercises.js"),
    "lessons": PageScripts("shells/lesson/shelf.js"),
    "teacher": PageScripts("shells/lesson/plain-page.js"),
    "lesson": PageScripts("shells/lesson/lesson.js"),
    "make-lesson": PageScripts("shells/make-lesson/make-lesson.js"),
    "compare": PageScripts("shells/side-by-side/side-by-side.js"),
}


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """All static files, read and compressed once. `build` is the hash of their names and contents."""

    build: str
    files: Mapping[str, Reply]

    @property
    def url_path(self) -> str:
        """The path of the folder below the root of the site, without slashes around."""
        return f"static/{self.build}"

    def get(self, path: str) -> Reply | None:
        """The file at `/static/<build>/<name>`; None for another build's, since files of two builds may not fit."""
        build, _, name = path.removeprefix("/static/").partition("/")
        if build != self.build:
            return None
        return self.files.get(name) or self.files.get(_remove_page(name))

    def get_script(self, page: str) -> str:
        """The name of the joined script that starts a page."""
        return f"{JOINED}/{page}.js"

    def make_import_map(self, root: str, page: str = "") -> str:
        """The import map of `convoscope/x.js` as JSON, in a page from which `root` (`./`, `../`) leads to the site."""
        folder = f"{self.url_path}/{JOINED}/{page}" if page else self.url_path
        return json.dumps({"imports": {"convoscope/": f"{root}{folder}/"}}, separators=(",", ":"))


def _remove_page(name: str) -> str:
    """`ui/dom.js` for `joined/lab/ui/dom.js`."""
    folder, _, rest = name.partition("/")
    return rest.partition("/")[2] if folder == JOINED else ""


def read_static_files(folder: Path) -> StaticFiles:
    """Every file of a known type under a folder."""
    files = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.suffix in MEDIA_TYPES
    }
    replies = {
        name: Reply(_read_lean(path), MEDIA_TYPES[path.suffix], headers=CACHE_FOREVER) for name, path in files.items()
    }
    replies |= {
        name: Reply(text.encode(), MEDIA_TYPES[Path(name).suffix], headers=CACHE_FOREVER)
        for name, text in _join_pages({name: reply.body for name, reply in replies.items()}).items()
    }
    build = hash_contents((name.encode(), reply.body) for name, reply in replies.items())
    packed = {name: replace(reply, etag=build).with_gzip(FILES_GZIP_LEVEL) for name, reply in replies.items()}
    return StaticFiles(build, packed)


def _join_pages(files: Mapping[str, bytes]) -> dict[str, str]:
    """The joined scripts of all pages whose start is among the files, their source maps, and the modules in between."""

    @cache
    def read(name: str) -> str:
        return files[name].decode()

    made: dict[str, str] = {}
    for page, scripts in PAGE_SCRIPTS.items():
        if scripts.start not in files:
            continue
        first = list_modules(read, [scripts.start])
        joined = [join_modules(f"{JOINED}/{page}.js", first, read)]
        if scripts.then:
            later = list_modules(read, scripts.then, first)
            joined.append(join_modules(f"{JOINED}/{page}-later.js", later, read, joined[0]))
        for file in joined:
            made |= {file.name: file.script, f"{file.name}.map": file.source_map, **_make_stand_ins(page, file)}
    return made


def _make_stand_ins(page: str, file: JoinedFile) -> dict[str, str]:
    return {
        f"{JOINED}/{page}/{module}": file.make_stand_in(module, "../" * (module.count("/") + 2))
        for module in file.exports
    }


def _read_lean(path: Path) -> bytes:
    """A file's contents, without the comments of scripts and styles, which are a quarter of their bytes.

    Every line of code keeps its number, and in a script its text, so that positions in a browser's messages fit the
    source.
    """
    body = path.read_bytes()
    if path.suffix == ".js":
        return remove_comment_lines(body.decode()).encode()
    return shrink_styles(body.decode()).encode() if path.suffix == ".css" else body


def hash_contents(parts: Iterable[tuple[bytes, bytes]]) -> str:
    """A short hash of pairs of a name and contents."""
    digest = hashlib.sha256()
    for name, content in parts:
        digest.update(b"%d %s %d " % (len(name), name, len(content)) + content)
    return digest.hexdigest()[:12]


def hash_folders(*folders: Path) -> str:
    """A short hash of all files in some folders."""
    paths = [path for folder in folders if folder.exists() for path in sorted(folder.rglob("*")) if path.is_file()]
    return hash_contents((path.name.encode(), path.read_bytes()) for path in paths if "__pycache__" not in path.parts)
