"""What the edge counts. One registry per application, so that two in one process never mix."""

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Requests by address and status, their duration, refusals by code, open streams, lag."""

    def __init__(self) -> None:
        """Start counting at nought."""
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "enquiry_http_answers",
            "Answers that were sent.",
            ("verb", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "enquiry_http_seconds",
            "From the first byte of a request to its answer being ready, in seconds.",
            ("verb", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._refusals = Counter(
            "enquiry_refusals", "Refusals, by code.", ("code",), registry=self.registry
        )
        self._lag = Gauge(
            "enquiry_lag_events",
            "How many events something that follows the log is behind its head.",
            ("what",),
            registry=self.registry,
        )
        self._lag_seconds = Gauge(
            "enquiry_lag_seconds",
            "Age of the oldest event that something that follows the log has yet to follow.",
            ("what",),
            registry=self.registry,
        )
        self.ready = Gauge(
            "enquiry_ready", "1: it can be used; 0: it cannot.", registry=self.registry
        )
        self.streams = Gauge(
            "enquiry_http_streams", "Live streams that are open.", registry=self.registry
        )
        # Looking a label up costs more than counting: keep what was looked up.
        self._answer_of: dict[tuple[str, str, int], Any] = {}
        self._seconds_of: dict[tuple[str, str], Any] = {}

    def answered(self, verb: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        counter = self._answer_of.get((verb, route, status))
        if counter is None:
            counter = self._answers.labels(verb, route, str(status))
            self._answer_of[verb, route, status] = counter
        counter.inc()
        histogram = self._seconds_of.get((verb, route))
        if histogram is None:
            histogram = self._seconds.labels(verb, route)
            self._seconds_of[verb, route] = histogram
        histogram.observe(seconds)

    def refused(self, code: str) -> None:
        """Count a refusal."""
        self._refusals.labels(code).inc()

    def lags(self, lags: Mapping[str, Mapping[str, float]]) -> None:
        """Note how far each follower is behind, by its name: in ``events`` and in ``seconds``."""
        for what, lag in lags.items():
            self._lag.labels(what).set(lag["events"])
            self._lag_seconds.labels(what).set(lag["seconds"])

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)
