"""Metrics for operators, in Prometheus' format."""

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
from .store_health import STORE_CONDITIONS, StoreCondition

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


@dataclass(frozen=True, slots=True)
class _RouteMetrics:
    """The metrics of one route and status, kept since looking them up by label takes longer than counting."""

    count: Any
    seconds: Any


class Metrics:
    """The metrics of this server; several workers add up theirs in the folder PROMETHEUS_MULTIPROC_DIR."""

    def __init__(self, version: str, build: str) -> None:
        self._registry = CollectorRegistry()
        self._by_route: dict[tuple[str, int], _RouteMetrics] = {}
        self._responses = self._add_counter("requests", "Responses by route and status.", "route", "status")
        self._seconds = self._add_histogram(
            "request_seconds", "Time from a request to the end of its response.", "route"
        )
        self.trace_seconds = self._add_histogram("trace_seconds", "Time to compute one Trace.")
        self.cache_lookups = self._add_counter(
            "shelf", "Replies found in the cache (hit) or computed (miss).", "result"
        )
        self.uploads = self._add_counter("uploads", "Uploads of pictures by the status of the response.", "status")
        self.weights = self._add_counter("weights", "Uploads of weights by the status of the response.", "status")
        self.connections = self._add_gauge("connections", "Connections that are open now.", mode="livesum")
        self._store = self._add_gauge("store", "1 for the state that the store is in, 0 for all others.", "state")
        self._store_bytes = self._add_gauge("store_bytes", "Bytes in the store, as they count against its size.")
        self._store_files = self._add_gauge("store_files", "Pictures and weights in the store.")
        self._add_gauge("build_info", "1, for the version and the build that run.", "version", "build").labels(
            version, build
        ).set(1)
        self._hits, self._misses = self.cache_lookups.labels("hit"), self.cache_lookups.labels("miss")

    def count_response(self, route: str, status: int, seconds: float) -> None:
        """Counts a response and its time."""
        metrics = self._by_route.get((route, status))
        if metrics is None:
            metrics = _RouteMetrics(self._responses.labels(route, status), self._seconds.labels(route))
            self._by_route[route, status] = metrics
        metrics.count.inc()
        metrics.seconds.observe(seconds)

    def count_lookup(self, is_hit: bool) -> None:
        """Counts a lookup in the cache of replies."""
        (self._hits if is_hit else self._misses).inc()

    def set_store_condition(self, count_lookup: StoreCondition, used: StoreUsage | None) -> None:
        """Notes what was found of the store, and what is in it if that could be found out."""
        for condition in STORE_CONDITIONS:
            self._store.labels(condition).set(condition == count_lookup)
        if used is not None:
            self._store_bytes.set(used.bytes)
            self._store_files.set(used.files)

    def format_text(self) -> bytes:
        """All metrics of all workers, in Prometheus' text format."""
        registry = self._registry
        if values.ValueClass._multiprocess:
            registry = CollectorRegistry()
            collector = WorkersCollector(registry)  # type: ignore[no-untyped-call]
            drop_dead_workers(collector.folder)
        return generate_latest(registry)

    def _add_counter(self, name: str, description: str, *labels: str) -> Counter:
        return Counter(f"convoscope_{name}", description, labels, registry=self._registry)

    def _add_histogram(self, name: str, description: str, *labels: str) -> Histogram:
        return Histogram(f"convoscope_{name}", description, labels, buckets=BUCKETS, registry=self._registry)

    def _add_gauge(self, name: str, description: str, *labels: str, mode: Any = "mostrecent") -> Gauge:
        return Gauge(f"convoscope_{name}", description, labels, registry=self._registry, multiprocess_mode=mode)


class WorkersCollector(MultiProcessCollector):
    """The metrics of all workers, without files that a worker has opened and not written to yet."""

    @property
    def folder(self) -> Path:
        """The folder in which the workers keep their metrics."""
        return Path(self._path)

    def collect(self) -> Any:
        """What the files add up to."""
        files = [str(file) for file in sorted(self.folder.glob("*.db")) if file.stat().st_size]
        return self.merge(files, accumulate=True)  # type: ignore[no-untyped-call]


def drop_dead_workers(folder: Path) -> None:
    """Drops the live gauges of workers that have ended, such as their open connections."""
    for file in folder.glob("gauge_live*_*.db"):
        process_id = int(file.stem.rpartition("_")[2])
        if not _is_process_alive(process_id):
            mark_process_dead(process_id, str(folder))  # type: ignore[no-untyped-call]


def _is_process_alive(process_id: int) -> bool:
    if sys.platform == "win32":  # where os.kill would interrupt it
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True
