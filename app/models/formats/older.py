"""State files of PyTorch before 1.6: five pickles one after another, then the numbers of every storage."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from .checkpoint import WIDTHS, collected, tensor_entry
from .layer import MOST_HEADER, Entry, UnreadableWeights
from .pickled import DAMAGED, Storage, read_pickle
from .source import Source, Stream

MAGIC = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""The number that comes first, in words of a pickle."""
ALL_WIDTHS = {
    **WIDTHS,
    "LongStorage": 8,
    "IntStorage": 4,
    "ShortStorage": 2,
    "CharStorage": 1,
    "ByteStorage": 1,
    "BoolStorage": 1,
}
LENGTH = 8
"""Before its numbers a storage says how many there are."""


def entries(source: Source) -> Iterator[Entry]:
    """All tensors in their order. Raises UnreadableWeights where a pickle says more than tensors."""
    file = io.BufferedReader(Stream(source, MOST_HEADER), 16_384)
    storages: dict[str, Storage] = {}
    for _ in range(3):  # the magic number, the version, the machine
        read_pickle(file)
    state = read_pickle(file, storages)
    keys = read_pickle(file)
    starts = _starts(keys, storages, file.tell())
    for name, tensor in collected(state):
        yield tensor_entry(name, tensor, _reader(source, starts.get(tensor.storage.key)))


def _starts(keys: object, storages: dict[str, Storage], at: int) -> dict[str, int]:
    """Where the numbers of every storage begin."""
    starts: dict[str, int] = {}
    for key in keys if isinstance(keys, list) else ():
        storage = storages.get(str(key))
        width = ALL_WIDTHS.get(storage.kind, 0) if storage else 0
        if storage is None or not width or storage.numbers < 0:
            raise UnreadableWeights(DAMAGED)
        starts[storage.key] = at + LENGTH
        at += LENGTH + storage.numbers * width
    return starts


def _reader(source: Source, start: int | None) -> Callable[[int, int], bytes]:
    """Bytes of a storage from an offset on; none of one that is not there."""
    return lambda offset, count: b"" if start is None else source.read(start + offset, count)
