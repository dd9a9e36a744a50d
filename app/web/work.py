"""Where arithmetic runs: small work at once, larger work in a few threads, so that small requests never wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ..core.scene import Layer, Learned, Named, Planes, Random, Scene, Upload
from ..models.brought import brought_in
from .refusal import Refused
from .words import BUSY

T = TypeVar("T")
SMALL = 400_000
"""Multiply-adds, roughly, up to which a Scene takes no more than about 2 ms."""
TRAINED = ("prepare", "linear", "model")
WAITING = 512
"""Pieces of work that may wait for a thread before the server says that it is busy."""


class Threads:
    """A limited number of threads for work of over about 2 ms, started when they are needed."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: ThreadPoolExecutor | None = None
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Runs `work` as soon as a thread is free. Raises Refused (503) where too much waits already."""
        if self._waiting >= WAITING:
            raise Refused(503, BUSY, headers={"Retry-After": "2"})
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._count, "lab")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Lets go of the threads; what waits is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def is_small(scene: Scene) -> bool:
    """Whether computing a Scene takes no more than about 2 ms, judged without computing anything."""
    if isinstance(scene.image, Upload) or any(layer.op in TRAINED for layer in scene.layers):
        return False  # its pixels or weights come from the disk
    if brought_in(scene):
        return False
    channels, rows, columns = _input_shape(scene)
    cells, work = rows * columns, rows * columns * channels
    for layer in scene.layers:
        maps = _maps(layer, channels)
        work += cells * max(maps, channels) * _weights(layer, channels)
        channels = maps
    return work <= SMALL


def _input_shape(scene: Scene) -> tuple[int, int, int]:
    if isinstance(scene.image, Planes):
        return scene.image.shape
    return 3 if scene.channels == "rgb" else 1, *scene.size


def _maps(layer: Layer, channels: int) -> int:
    if layer.op != "conv":
        return channels
    groups = layer.get("groups")
    count = sum(f.count if isinstance(f, Random) else 64 if isinstance(f, Learned) else 1 for f in layer.filters)
    repeats = groups if isinstance(groups, int) else channels if channels == 3 else 1
    return count * repeats


def _weights(layer: Layer, channels: int) -> int:
    """Weights that one output cell reads; a handful for a layer that has none."""
    if layer.op != "conv":
        head = layer.head
        return sum(map(abs, head)) + 4 if isinstance(head, tuple) and all(isinstance(n, int) for n in head) else 4  # type: ignore[arg-type]
    return max((_area(f) for f in layer.filters), default=1) * channels


def _area(f: Planes | Named | Learned | Random) -> int:
    match f:
        case Planes():
            return f.shape[1] * f.shape[2]
        case Random():
            return f.height * f.width
        case Learned():
            return 121
        case Named():
            return 25
