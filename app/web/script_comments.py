"""What of a script a browser needs; see `app/resources/script_parts.py`."""

from __future__ import annotations

from ..resources import remove_comment_lines, shorten_lines, split_lines

__all__ = ["remove_comment_lines", "shorten_lines", "split_lines"]
