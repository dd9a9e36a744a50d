"""The static files, under an address that changes when any of them does."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .responses.ready_response import Reply
from .script_comments import remove_comment_lines

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;'"()]*["']convoscope/([^"']+)["']""", re.MULTILINE)
"""Static imports; dynamic ones are loaded when they are needed."""
CACHE_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """All static files, read and compressed once. `build` is the hash of their names and contents."""

    build: str
    files: Mapping[str, Reply]
    _module_lists: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)

    @property
    def url_path(self) -> str:
        """The path of the folder below the root of the site, without slashes around."""
        return f"static/{self.build}"

    def get(self, path: str) -> Reply | None:
        """The file at `/static/<build>/<name>`; None for another build's, since files of two builds may not fit."""
        build, _, name = path.removeprefix("/static/").partition("/")
        return self.files.get(name) if build == self.build else None

    def list_modules(self, entry: str) -> tuple[str, ...]:
        """A module and all that it imports, directly or not, for a page to preload. Cached."""
        if entry not in self._module_lists:
            self._module_lists[entry] = self._find_imports(entry)
        return self._module_lists[entry]

    def _find_imports(self, entry: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        waiting = [entry]
        while waiting:
            name = waiting.pop(0)
            if name in found or name not in self.files:
                continue
            found[name] = None
            waiting += IMPORT.findall(self.files[name].body.decode())
        return tuple(found)

    def make_import_map(self, root: str) -> str:
        """The import map of `convoscope/x.js` as JSON, in a page from which `root` (`./`, `../`) leads to the site."""
        return json.dumps({"imports": {"convoscope/": f"{root}{self.url_path}/"}}, separators=(",", ":"))


def read_static_files(folder: Path) -> StaticFiles:
    """Every file of a known type under a folder."""
    files = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.suffix in MEDIA_TYPES
    }
    replies = {
        name: Reply(_read_lean(path), MEDIA_TYPES[path.suffix], headers=CACHE_FOREVER) for name, path in files.items()
    }
    build = hash_contents((name.encode(), reply.body) for name, reply in replies.items())
    packed = {name: replace(reply, etag=build).with_gzip() for name, reply in replies.items()}
    return StaticFiles(build, packed)


def _read_lean(path: Path) -> bytes:
    """A file's contents, of scripts without the comments that fill whole lines, which are a quarter of their bytes.

    Every line of code keeps its text and its number, so that positions in a browser's messages fit the source.
    """
    body = path.read_bytes()
    return remove_comment_lines(body.decode()).encode() if path.suffix == ".js" else body


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
