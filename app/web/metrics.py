"""Counters for whoever runs the server, as Prometheus reads them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import prometheus_client.values as values
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from ..images.store.free_space import StoreUsage
from .store_health import CONDITIONS, Condition

KIND = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What counts the answers of a route with a status. To find them by their labels takes longer than to count."""

    count: Any
    seconds: Any


class Metrics:
    """What this server did and has. Several workers add up theirs in the folder that PROMETHEUS_MULTIPROC_DIR names."""

    def __init__(self, version: str, build: str) -> None:
        self._registry = CollectorRegistry()
        self._answers: dict[tuple[str, int], _Answers] = {}
        self._requests = self._counter("requests", "Answers by route and status.", "route", "status")
        self._seconds = self._histogram("request_seconds", "Time from a request to the end of its answer.", "route")
        self.trace_seconds = self._histogram("trace_seconds", "Time to compute one Trace.")
        self.shelf = self._counter("shelf", "Answers found ready (hit) or computed (miss).", "result")
        self.uploads = self._counter("uploads", "Pictures brought, by the status of the answer.", "status")
        self.weights = self._counter("weights", "Weights brought, by the status of the answer.", "status")
        self.connections = self._gauge("connections", "Connections that are open now.", mode="livesum")
        self._store = self._gauge("store", "1 for the state that the store is in, 0 for all others.", "state")
        self._store_bytes = self._gauge("store_bytes", "Bytes in the store, as they count against its size.")
        self._store_files = self._gauge("store_files", "Pictures and weights in the store.")
        self._gauge("build_info", "1, for the version and the build that run.", "version", "build").labels(
            version, build
        ).set(1)
        self._hits, self._misses = self.shelf.labels("hit"), self.shelf.labels("miss")

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Counts an answer and its time."""
        answers = self._answers.get((route, status))
        if answers is None:
            answers = _Answers(self._requests.labels(route, status), self._seconds.labels(route))
            self._answers[route, status] = answers
        answers.count.inc()
        answers.seconds.observe(seconds)

    def found(self, ready: bool) -> None:
        """Counts a reply as found on the shelf or not."""
        (self._hits if ready else self._misses).inc()

    def store_is(self, found: Condition, used: StoreUsage | None) -> None:
        """Notes what was found of the store, and what is in it if that could be found out."""
        for condition in CONDITIONS:
            self._store.labels(condition).set(condition == found)
        if used is not None:
            self._store_bytes.set(used.bytes)
            self._store_files.set(used.files)

    def text(self) -> bytes:
        """All numbers of all workers, in Prometheus' text format."""
        registry = self._registry
        if values.ValueClass._multiprocess:
            registry = CollectorRegistry()
            collector: Any = MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            forget_the_dead(Path(collector._path))
        return generate_latest(registry)

    def _counter(self, name: str, says: str, *labels: str) -> Counter:
        return Counter(f"convoscope_{name}", says, labels, registry=self._registry)

    def _histogram(self, name: str, says: str, *labels: str) -> Histogram:
        return Histogram(f"convoscope_{name}", says, labels, buckets=SECONDS, registry=self._registry)

    def _gauge(self, name: str, says: str, *labels: str, mode: Any = "mostrecent") -> Gauge:
        return Gauge(f"convoscope_{name}", says, labels, registry=self._registry, multiprocess_mode=mode)


def forget_the_dead(folder: Path) -> None:
    """Drops what workers that have ended had open: their connections went with them."""
    for file in folder.glob("gauge_live*_*.db"):
        process = int(file.stem.rpartition("_")[2])
        if not _is_alive(process):
            mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]


def _is_alive(process: int) -> bool:
    if sys.platform == "win32":  # where the same call would interrupt it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True
