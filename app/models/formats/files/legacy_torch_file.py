"""State files of PyTorch before 1.6: five pickles one after another, then the numbers of every storage."""

from __future__ import annotations

import io

from ..byte_source import Source, Stream
from ..entries import MOST_HEADER, WIDTHS, Contents, UnreadableWeights
from ..read_limits import ReadLimits
from .pickle_reader import read_pickle
from .state_dict import found_in
from .torch_file import Part, contents
from .torch_tensors import DAMAGED, Storage, is_plain

MAGIC = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The number that comes first, in words of a pickle."""
LENGTH = 8
"""Before its numbers a storage says how many there are."""


def entries(source: Source, limits: ReadLimits) -> Contents:
    """All tensors in their order. Raises UnreadableWeights where a pickle runs programs."""
    file = _Buffered(Stream(source, MOST_HEADER))
    storages: dict[str, Storage] = {}
    for _ in range(3):  # the magic number, the version, the machine
        read_pickle(file, limits.instructions)
    state = read_pickle(file, limits.instructions, storages)
    keys = read_pickle(file, limits.instructions)
    starts = _starts(keys, storages, file.tell())
    return contents(found_in(state), lambda key: _reader(source, starts.get(key)))


class _Buffered(io.BufferedReader):
    """Reads ahead, and makes room for no more than is there, whatever length a pickle says."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(stream, 16_384)
        self._size = stream.size

    def read(self, size: int | None = -1) -> bytes:
        """So many bytes, or all that are left."""
        left = max(0, self._size - self.tell())
        return super().read(left if size is None or size < 0 else min(size, left))


def _starts(keys: object, storages: dict[str, Storage], at: int) -> dict[str, int]:
    """Where the numbers of every storage begin."""
    starts: dict[str, int] = {}
    for key in keys if isinstance(keys, list) else ():
        storage = storages.get(str(key)) if is_plain(key) else None
        width = WIDTHS.get(storage.kind, 0) if storage else 0
        if storage is None or not width:
            raise UnreadableWeights(DAMAGED)
        starts[storage.key] = at + LENGTH
        at += LENGTH + storage.numbers * width
    return starts


def _reader(source: Source, start: int | None) -> Part:
    """Bytes of a storage from an offset on; none of one that is not there."""
    return lambda offset, count: b"" if start is None else source.read(start + offset, count)
