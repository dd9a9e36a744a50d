"""Members of a zip archive, of which no more is unpacked than is wanted."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ..byte_source import ByteSource, SourceStream
from ..entries import UnreadableWeights, quote

ZIP_ERRORS = (BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, RuntimeError)
"""What reading an archive raises where it is cut off, damaged or locked."""


@contextmanager
def open_archive(source: ByteSource, most: int) -> Iterator[ZipFile]:
    """An archive of at most so many members. Raises UnreadableWeights, for what its members hold too."""
    try:
        with ZipFile(cast("IO[bytes]", SourceStream(source))) as archive:
            count = len(archive.infolist())
            if count > most:
                raise UnreadableWeights(f"The archive has {count:,} members; at most {most:,} are read.")
            yield archive
    except UnreadableWeights:
        raise
    except ZIP_ERRORS as reason:
        raise UnreadableWeights("The archive is cut off or damaged, or locked with a password.") from reason


def read_member_start(archive: ZipFile, member: ZipInfo, count: int) -> bytes:
    """The first bytes of a member. Raises UnreadableWeights for one that is packed otherwise than weights are."""
    # zipfile unpacks the other kinds without a bound.
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnreadableWeights(f"{quote(member.filename)} in this archive is neither stored nor deflated.")
    with archive.open(member) as file:
        return file.read(count)
