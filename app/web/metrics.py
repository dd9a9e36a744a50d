"""Counters for whoever runs the server, as Prometheus reads them."""

from __future__ import annotations

import prometheus_client.values as values
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from .readiness import CONDITIONS, Condition

KIND = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


class Metrics:
    """What this server did. Several workers add up theirs in the folder that PROMETHEUS_MULTIPROC_DIR names."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "convoscope_requests", "Answers by route and status.", ("route", "status"), registry=self._registry
        )
        self.trace_seconds = Histogram(
            "convoscope_trace_seconds", "Time to compute one Trace.", buckets=SECONDS, registry=self._registry
        )
        self.shelf = Counter(
            "convoscope_shelf", "Answers found ready (hit) or computed (miss).", ("result",), registry=self._registry
        )
        self.uploads = Counter(
            "convoscope_uploads", "Pictures brought, by the status of the answer.", ("status",), registry=self._registry
        )
        self.weights = Counter(
            "convoscope_weights", "Weights brought, by the status of the answer.", ("status",), registry=self._registry
        )
        self._store = Gauge(
            "convoscope_store",
            "1 for the state that the store is in, 0 for all others.",
            ("state",),
            registry=self._registry,
            multiprocess_mode="mostrecent",
        )
        self._hits, self._misses = self.shelf.labels("hit"), self.shelf.labels("miss")

    def found(self, ready: bool) -> None:
        """Counts a reply as found on the shelf or not."""
        (self._hits if ready else self._misses).inc()

    def store_is(self, found: Condition) -> None:
        """Notes what was found of the store."""
        for condition in CONDITIONS:
            self._store.labels(condition).set(condition == found)

    def text(self) -> bytes:
        """All numbers of all workers, in Prometheus' text format."""
        registry = self._registry
        if values.ValueClass._multiprocess:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
