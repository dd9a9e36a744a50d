"""The table of samples in a folder: `samples.json`, a list with one object for each picture."""

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
    """The rows of the table, whose pictures are checked too; none if there is no table.

    Raises UnusableFile, with the file, the line and what was expected there.
    """
    rows = []
    for line, row in _read_numbered_rows(folder):
        _raise_fault(folder, line, _find_picture_fault(folder, row))
        rows.append(row)
    return rows


def read_rows_without_pictures(folder: Path) -> list[Row]:
    """The rows of the table, without a look at their pictures. Raises UnusableFile."""
    return [row for _, row in _read_numbered_rows(folder)]


def write_table(folder: Path, rows: list[Row]) -> None:
    """Writes a temporary file and renames it, so that nobody reads a half-written table."""
    unfinished = folder / f".{TABLE_FILE}"
    unfinished.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.replace(unfinished, folder / TABLE_FILE)


def _read_numbered_rows(folder: Path) -> Iterator[tuple[int, Row]]:
    """The checked rows, each with the line in which it begins. Raises UnusableFile."""
    table = folder / TABLE_FILE
    try:
        text = table.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except (OSError, ValueError) as reason:
        raise UnusableFile(f"{table} cannot be read: {reason}.") from reason
    for line, row in _parse_numbered_objects(table, text):
        _raise_fault(folder, line, _find_row_fault(row))
        yield line, row


def _raise_fault(folder: Path, line: int, fault: str) -> None:
    """Raises UnusableFile for a fault; does nothing if it is ''."""
    if fault:
        raise UnusableFile(f"{folder / TABLE_FILE}, line {line}: {fault}")


def _parse_numbered_objects(table: Path, text: str) -> Iterator[tuple[int, Any]]:
    """The items of a JSON list, each with the line in which it begins. Raises UnusableFile."""
    try:
        items = json.loads(text)
    except json.JSONDecodeError as reason:
        raise UnusableFile(f"{table}, line {reason.lineno}, column {reason.colno}: {reason.msg}.") from reason
    except RecursionError as reason:
        raise UnusableFile(f"{table} is nested too deeply.") from reason
    if not isinstance(items, list):
        raise UnusableFile(f"{table}, line 1: a list was expected, with an object for each picture.")
    decoder, position = json.JSONDecoder(), text.index("[") + 1
    for item in items:
        position = _skip_whitespace(text, position)
        yield text.count("\n", 0, position) + 1, item
        position = _skip_whitespace(text, decoder.raw_decode(text, position)[1]) + 1  # after the comma


def _skip_whitespace(text: str, position: int) -> int:
    whitespace = WHITESPACE.match(text, position)
    return whitespace.end() if whitespace else position


def _find_row_fault(row: Any) -> str:
    """A sentence on what is wrong with a row; '' for a good one."""
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
    """Whether a value is a list of top, left, height and width."""
    numbers = value if isinstance(value, list) and all(type(number) is int for number in value) else []
    return len(numbers) == 4 and min(numbers) >= 0 and min(numbers[2:]) > 0


def _find_picture_fault(folder: Path, row: Row) -> str:
    """A sentence on what is wrong with a row's picture file, of which only the header is read; '' for a good one."""
    file = folder / row["file"]
    try:
        with Image.open(file, formats=PILLOW_FORMATS) as image:
            width, height = image.size
    except OSError as reason:
        cause = os.strerror(reason.errno) if reason.errno else "it is neither a PNG nor a JPEG"
        return f"the picture of {row['name']}, {file}, cannot be read: {cause}."
    top, left, rows, columns = row["focus"]
    if top + rows > height or left + columns > width:
        return (
            f"focus is {_quote_value(row, 'focus')}; a part of the picture, which is {height} × {width}, was expected."
        )
    return ""


def _quote_value(row: Row, key: str) -> str:
    return json.dumps(row[key], ensure_ascii=False)[:60] if key in row else "missing"
