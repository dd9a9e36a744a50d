"""The files that come with the program: where they are, and what of them a browser needs."""

from __future__ import annotations

from .installed_files import UnusableFile, check_readable, find_resource, shrink_styles
from .script_parts import remove_comment_lines, shorten_lines, shrink_script, split_lines

__all__ = [
    "UnusableFile",
    "check_readable",
    "find_resource",
    "remove_comment_lines",
    "shorten_lines",
    "shrink_script",
    "shrink_styles",
    "split_lines",
]
