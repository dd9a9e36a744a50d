"""State files of PyTorch before 1.6: five pickles in a row, then the numbers of every storage."""

from __future__ import annotations

import io

from ..byte_source import ByteSource, SourceStream
from ..entries import DTYPE_BYTES, MAX_HEADER_BYTES, Contents, UnreadableWeights
from ..read_limits import ReadLimits
from .pickle_reader import read_pickle
from .state_dict import find_tensors
from .torch_file import StorageReader, make_contents
from .torch_tensors import DAMAGED_MESSAGE, Storage, is_text_or_number

MAGIC = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The pickled magic number at the beginning."""
COUNT_BYTES = 8
"""The bytes before a storage that give the count of its numbers."""


def read_contents(source: ByteSource, limits: ReadLimits) -> Contents:
    """All tensors in their order. Raises UnreadableWeights for a damaged or unsafe pickle."""
    file = _BoundedReader(SourceStream(source, MAX_HEADER_BYTES))
    storages: dict[str, Storage] = {}
    for _ in range(3):  # magic number, version, system
        read_pickle(file, limits.instructions)
    state = read_pickle(file, limits.instructions, storages)
    keys = read_pickle(file, limits.instructions)
    starts = _locate_storages(keys, storages, file.tell())
    return make_contents(find_tensors(state), lambda key: _make_storage_reader(source, starts.get(key)))


class _BoundedReader(io.BufferedReader):
    """A buffered reader that allocates no more than the file has, whatever length a pickle gives."""

    def __init__(self, stream: SourceStream) -> None:
        super().__init__(stream, 16_384)
        self._size = stream.size

    def read(self, size: int | None = -1) -> bytes:
        """The next `size` bytes, or all that are left."""
        left = max(0, self._size - self.tell())
        return super().read(left if size is None or size < 0 else min(size, left))


def _locate_storages(keys: object, storages: dict[str, Storage], position: int) -> dict[str, int]:
    """The positions at which the numbers of every storage begin."""
    starts: dict[str, int] = {}
    for key in keys if isinstance(keys, list) else ():
        storage = storages.get(str(key)) if is_text_or_number(key) else None
        width = DTYPE_BYTES.get(storage.dtype, 0) if storage else 0
        if storage is None or not width:
            raise UnreadableWeights(DAMAGED_MESSAGE)
        starts[storage.key] = position + COUNT_BYTES
        position += COUNT_BYTES + storage.count * width
    return starts


def _make_storage_reader(source: ByteSource, start: int | None) -> StorageReader:
    """A reader of the storage at a position; it returns no bytes if the storage is missing."""
    return lambda offset, count: b"" if start is None else source.read(start + offset, count)
