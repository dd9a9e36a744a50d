"""The table of a folder of samples: `samples.json`, a list with an object for each picture."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from ..resources import UnusableFile

TABLE_FILE = "samples.json"
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
TEXT_FIELDS = ("name", "title", "alt", "author", "source", "licence", "file")
PILLOW_FORMATS = ("PNG", "JPEG")
WHITESPACE = re.compile(r"\s*")

Row = dict[str, Any]


def read_table(folder: Path) -> list[Row]:
    """The rows of a folder's table as they are written, each with its picture; none where there is no table.

    Raises UnusableFile, with the file, the line and what was expected there.
    """
    return [
        row for line, row in _read_numbered_rows(folder) if _is_good(folder, line, _find_picture_fault(folder, row))
    ]


def read_rows_without_pictures(folder: Path) -> list[Row]:
    """The same, whether or not their pictures are there."""
    return [row for _, row in _read_numbered_rows(folder)]


def write_table(folder: Path, rows: list[Row]) -> None:
    """Writes the table beside and renames it, so that nobody ever reads half of one."""
    unfinished = folder / f".{TABLE_FILE}"
    unfinished.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.replace(unfinished, folder / TABLE_FILE)


def _read_numbered_rows(folder: Path) -> Iterator[tuple[int, Row]]:
    """The rows with the lines in which they begin."""
    table = folder / TABLE_FILE
    try:
        text = table.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except (OSError, ValueError) as reason:
        raise UnusableFile(f"{table} cannot be read: {reason}.") from reason
    for line, row in _parse_numbered_objects(table, text):
        if _is_good(folder, line, _find_row_fault(row)):
            yield line, row


def _is_good(folder: Path, line: int, fault: str) -> bool:
    """True without a fault. Raises UnusableFile for one."""
    if fault:
        raise UnusableFile(f"{folder / TABLE_FILE}, line {line}: {fault}")
    return True


def _parse_numbered_objects(table: Path, text: str) -> Iterator[tuple[int, Any]]:
    """The entries of a list in JSON, each with the line in which it begins."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as reason:
        raise UnusableFile(f"{table}, line {reason.lineno}, column {reason.colno}: {reason.msg}.") from reason
    except RecursionError as reason:
        raise UnusableFile(f"{table} holds lists in lists, deeper than can be read.") from reason
    if not isinstance(found, list):
        raise UnusableFile(f"{table}, line 1: a list was expected, with an object for each picture.")
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    for entry in found:
        at = _skip_whitespace(text, at)
        yield text.count("\n", 0, at) + 1, entry
        at = _skip_whitespace(text, decoder.raw_decode(text, at)[1]) + 1  # behind the comma


def _skip_whitespace(text: str, at: int) -> int:
    blanks = WHITESPACE.match(text, at)
    return blanks.end() if blanks else at


def _find_row_fault(row: Any) -> str:
    """What is wrong with a row, as a sentence; '' for nothing."""
    if not isinstance(row, dict):
        return "an object with a picture's name, file and credits was expected."
    for key in TEXT_FIELDS:
        if not isinstance(row.get(key), str) or not row[key]:
            return f"{key} is {_quote_value(row, key)}; a text was expected."
    if not NAME_PATTERN.fullmatch(row["name"]):
        return (
            f"name is {_quote_value(row, 'name')}; 1 to 64 of a-z, 0-9, - and _ were expected, a letter or digit first."
        )
    if not _is_box(row.get("focus")):
        return f"focus is {_quote_value(row, 'focus')}; top, left, height and width in pixels were expected."
    return ""


def _is_box(value: Any) -> bool:
    """Whether a value is top, left, height and width of a part of a picture."""
    numbers = value if isinstance(value, list) and all(type(number) is int for number in value) else []
    return len(numbers) == 4 and min(numbers) >= 0 and min(numbers[2:]) > 0


def _find_picture_fault(folder: Path, row: Row) -> str:
    """What is wrong with a row's picture, of which the head alone is read."""
    file = folder / row["file"]
    try:
        with Image.open(file, formats=PILLOW_FORMATS) as image:
            width, height = image.size
    except OSError as reason:
        said = os.strerror(reason.errno) if reason.errno else "it is no PNG and no JPEG"
        return f"the picture of {row['name']}, {file}, cannot be read: {said}."
    top, left, rows, columns = row["focus"]
    if top + rows > height or left + columns > width:
        return (
            f"focus is {_quote_value(row, 'focus')}; a part of the picture, which is {height} × {width}, was expected."
        )
    return ""


def _quote_value(row: Row, key: str) -> str:
    return json.dumps(row[key], ensure_ascii=False)[:60] if key in row else "missing"
