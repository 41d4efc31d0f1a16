"""For machines that watch: alive, ready, numbers. Without tokens, and without content."""

from typing import Any

from enquiry_api.answers import NEVER_KEPT, TEXT, Answer, encode
from enquiry_api.asking import Ask
from enquiry_api.edge import Access, Edge, Endpoint, Reply

_METRICS = b"text/plain; version=0.0.4; charset=utf-8"


async def _alive(edge: Edge, ask: Ask) -> Answer:
    del edge, ask
    return Answer(200, b"alive\n", NEVER_KEPT, TEXT)


async def _health(edge: Edge) -> dict[str, Any]:
    """What the system says of itself, and whether it can be used."""
    try:
        health = await edge.system.health()
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is: not ready
        return {"ready": False, "error": type(error).__name__}
    ready = health.get("ready", True) is True and not edge.streams.ending.is_set()
    return {**health, "ready": ready}


async def _ready(edge: Edge, ask: Ask) -> Answer:
    del ask
    health = await _health(edge)
    return Answer(200 if health["ready"] else 503, encode(health), NEVER_KEPT)


async def _metrics(edge: Edge, ask: Ask) -> Answer:
    del ask
    health = await _health(edge)
    edge.metrics.ready.set(health["ready"])
    edge.metrics.lags(health.get("lag", {}))
    return Answer(200, edge.metrics.text(), NEVER_KEPT, _METRICS)


def endpoints() -> tuple[Endpoint, ...]:
    """Three addresses for machines."""

    def made(path: str, name: str, title: str, handle: Any, *replies: Reply) -> Endpoint:
        return Endpoint(
            verb="GET",
            path=path,
            name=name,
            title=title,
            tag="health",
            handle=handle,
            replies=replies,
            access=Access.HEALTH,
        )

    alive = Reply(status=200, says="It runs.", media=TEXT)
    ready = Reply(status=200, says="It can be used.", schema={"type": "object"})
    not_ready = Reply(status=503, says="It cannot be used now.", schema={"type": "object"})
    metrics = Reply(status=200, says="As Prometheus reads it.", media=_METRICS)
    return (
        made("/livez", "check-alive", "Does it run?", _alive, alive),
        made("/readyz", "check-ready", "Can it be used?", _ready, ready, not_ready),
        made("/metrics", "read-metrics", "Numbers", _metrics, metrics),
    )
