"""Finds the files that come with the program, checks that folders are readable, and makes stylesheets shorter."""

from __future__ import annotations

import os
import re
from pathlib import Path

STRING_OR_COMMENT = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z))|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|url\([^"'()]*\)""", re.DOTALL
)
INDENTATION = re.compile("^[ \t]+", re.MULTILINE)
DECLARATION = re.compile(r"^(-{0,2}[a-z][\w-]*): (?=[^{]*;$)")


class UnusableFile(ValueError):
    """A file or folder of this installation cannot be used; the message names it and says what was expected."""


def check_readable(folder: Path) -> None:
    """Raises UnusableFile for a folder that cannot be read; a missing folder counts as an empty one."""
    try:
        with os.scandir(folder) as found:
            next(found, None)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UnusableFile(f"The folder {folder} cannot be read: {error.strerror}.") from error


def find_resource(name: str) -> Path:
    """The folder or file `name`: inside the package in an installed wheel, beside it in the checkout.

    The package comes first, since beside an installed one there may be other packages' files.
    Raises FileNotFoundError.
    """
    package = Path(__file__).resolve().parent
    for place in (package / name, package.parent / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"{name} is neither in {package} nor beside it: the installation is incomplete.")


def shrink_styles(source: str) -> str:
    """A stylesheet without comments, indentation and most spaces beside marks; strings and numbers of lines stay."""
    bare = STRING_OR_COMMENT.sub(lambda found: "\n" * found[0].count("\n") if found["comment"] else found[0], source)
    return "\n".join(map(_shrink_rule, INDENTATION.sub("", bare).split("\n")))


def _shrink_rule(line: str) -> str:
    """A line of a stylesheet without the space before its brace, and behind the colon of a declaration."""
    if line.endswith(" {"):
        return line[:-2] + "{"
    return DECLARATION.sub(r"\1:", line, count=1)
