"""Reads one file from a multipart form into memory; no photo is written to disk before it is decoded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ...core.problems import Problem, make_problem
from ...core.texts import make_text

FIELD = b"file"
HEADER_BYTES = 4_000
PARTS = 20
"""The limit of fields in a form; browsers send one, and millions of empty ones would take seconds."""
HEADERS = 10
"""The limit of headers of a field; browsers send two."""


class FormError(Exception):
    """A body that is not a form with exactly one file; the problem says what was expected."""

    def __init__(self, code: str, **parts: Any) -> None:
        super().__init__(code)
        self.problem: Problem = make_problem(code, "file", "", make_text("form_allowed"), **parts)


class FileFormReader:
    """Parses a form chunk by chunk and keeps the contents of the field `file`."""

    def __init__(self, content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise FormError("no_form")
        self.file: bytearray | None = None
        self._name = b""
        self._header = b""
        self._value = b""
        self._wanted = False
        self._parts = self._headers = 0
        callbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._in_name,
            "on_header_value": self._in_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
        }
        try:
            self._parser = MultipartParser(options[b"boundary"], callbacks)  # type: ignore[arg-type]
        except FormParserError as reason:
            raise FormError("no_form") from reason

    async def read(self, body: AsyncIterator[bytes]) -> bytes:
        """The file's bytes. Raises FormError."""
        try:
            async for part in body:
                self._parser.write(part)
            self._parser.finalize()
        except FormParserError as reason:
            raise FormError("no_form") from reason
        if self.file is None:
            raise FormError("no_file")
        return bytes(self.file)

    def _begin(self) -> None:
        self._name, self._wanted = b"", False
        self._parts, self._headers = self._parts + 1, 0
        if self._parts > PARTS:
            raise FormError("many_parts", most=PARTS)

    def _in_name(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header + data[start:end])[:HEADER_BYTES]

    def _in_value(self, data: bytes, start: int, end: int) -> None:
        self._value = (self._value + data[start:end])[:HEADER_BYTES]

    def _header_ends(self) -> None:
        self._headers += 1
        if self._headers > HEADERS:
            raise FormError("no_form")
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._name = options.get(b"name", b"")
            self._wanted = self._name == FIELD and b"filename" in options
        self._header = self._value = b""

    def _headers_end(self) -> None:
        if not self._wanted:
            return
        if self.file is not None:
            raise FormError("many_files")
        self.file = bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._wanted and self.file is not None:
            self.file += memoryview(data)[start:end]
