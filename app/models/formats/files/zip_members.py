"""Reads the members of a zip archive, decompressing no more than is needed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ....core.texts import make_text
from ..byte_source import ByteSource, SourceStream
from ..entries import UnreadableWeights, quote

ZIP_ERRORS = (BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, RuntimeError)
"""The exceptions of zipfile for an archive that is truncated, damaged or encrypted."""


@contextmanager
def open_archive(source: ByteSource, max_members: int) -> Iterator[ZipFile]:
    """A context with an archive. Raises UnreadableWeights for too many members, and for damage found inside it."""
    try:
        with ZipFile(cast("IO[bytes]", SourceStream(source))) as archive:
            count = len(archive.infolist())
            if count > max_members:
                raise UnreadableWeights(make_text("too_many_members", count=count, most=max_members))
            yield archive
    except UnreadableWeights:
        raise
    except ZIP_ERRORS as reason:
        raise UnreadableWeights(make_text("damaged_archive")) from reason


def read_member_start(archive: ZipFile, member: ZipInfo, count: int) -> bytes:
    """The first bytes of a member. Raises UnreadableWeights for a compression other than deflate."""
    # zipfile decompresses the other kinds without a limit.
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnreadableWeights(make_text("unknown_compression", name=quote(member.filename)))
    with archive.open(member) as file:
        return file.read(count)
