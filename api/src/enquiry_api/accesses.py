"""The access log: what was taken along, made or refused, by whom; written before the answer goes.

If it cannot be written down, it is not given (503). A record never says what was read.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from enquiry.log.promise import Unavailable
from enquiry.method.rules import Reject
from enquiry.runtime.entrance import Access as Written
from enquiry.runtime.entrance.keeping import NOWHERE
from enquiry_api.answers import NEVER_KEPT, Answer, encode
from enquiry_api.asking import Ask, absent
from enquiry_api.edge import Edge, Endpoint, Reply
from enquiry_api.params import STREAM, uuid_of
from enquiry_api.reading import ref, stream_of

SHOWN_MAX = 200
"""Inclusive: the newest."""
STREAMS_MAX = 500
"""Of how many of one's own streams it is told, inclusive."""


class ShownAccess(Struct, frozen=True, kw_only=True):
    """Something that was read with care, or refused."""

    at: datetime
    person: UUID
    kind: str
    route: str
    stream: UUID | None
    outcome: str
    trace_id: str


class ShownAccesses(Struct, frozen=True):
    """The newest first, 200 at most."""

    items: tuple[ShownAccess, ...]


async def given(edge: Edge, endpoint: Endpoint, ask: Ask) -> None:
    """Write down that something is about to be given.

    Raises:
        Unavailable: it cannot be written down.
    """
    if endpoint.watched is not None:
        where = await alliance_of(edge, ask) or NOWHERE, _stream(ask)
        await _write(edge, ask, endpoint.watched, endpoint.name, where, "allowed")


async def refused(edge: Edge, endpoint: Endpoint, ask: Ask, error: Exception) -> None:
    """Write down that somebody known was refused what is watched, or what they may not do.

    Of an alliance only where the asker may know it: nobody writes into the log of another.
    """
    if not isinstance(error, Reject) or error.code not in ("NOT_PERMITTED", "NOT_FOUND"):
        return
    if error.code == "NOT_FOUND" and endpoint.watched is None:
        return
    alliance = await alliance_of(edge, ask)
    where = (NOWHERE, None) if alliance is None else (alliance, _stream(ask))
    # Nothing is given here, so nothing more is held back where it cannot be written down.
    with suppress(Unavailable):
        await _write(edge, ask, "refused", endpoint.name, where, error.code)


async def alliance_of(edge: Edge, ask: Ask) -> UUID | None:
    """To which alliance the stream of the address belongs, as far as the asker may know it."""
    stream = _stream(ask)
    if stream is None:
        return None
    try:
        return (await edge.system.read(ask.asker, stream, ask.now)).alliance
    except Reject:
        return None


def _stream(ask: Ask) -> UUID | None:
    try:
        return uuid_of(ask.where["id"])
    except (KeyError, ValueError):
        return None


async def _write(
    edge: Edge, ask: Ask, kind: str, route: str, where: tuple[UUID, UUID | None], outcome: str
) -> None:
    alliance, stream = where
    await edge.entrance.record(
        Written(
            alliance=alliance,
            at=ask.now,
            person=ask.asker.person,
            kind=kind,
            route=route,
            stream=stream,
            outcome=outcome,
            trace_id=ask.trace_id,
        )
    )


async def _of_alliance(edge: Edge, ask: Ask) -> Answer:
    standing = await edge.system.read(ask.asker, stream_of(ask), ask.now)
    if standing.stream != "alliance":
        raise absent()
    if "steward" not in standing.roles:
        raise Reject("NOT_PERMITTED", "Only a steward of the alliance can do this.")
    return _shown(await edge.entrance.of_alliance(standing.id, SHOWN_MAX))


async def _mine(edge: Edge, ask: Ask) -> Answer:
    streams = [
        one.id
        for kind in ("run", "enquiry")
        for one in (await edge.system.streams(ask.asker, kind, None, STREAMS_MAX)).items
    ]
    return _shown(await edge.entrance.concerning(ask.asker.person, streams, SHOWN_MAX))


def _shown(found: Sequence[Written]) -> Answer:
    names = ShownAccess.__struct_fields__
    items = tuple(ShownAccess(**{name: getattr(row, name) for name in names}) for row in found)
    return Answer(200, encode(ShownAccesses(items)), NEVER_KEPT)


def endpoints() -> tuple[Endpoint, ...]:
    """Every address of the access log."""
    reply = Reply(status=200, says="It.", schema=ref("ShownAccesses"))
    return (
        Endpoint(
            verb="GET",
            path="/v1/alliances/{id}/accesses",
            name="list-accesses",
            title="What was taken along or refused in an alliance, and by whom",
            tag="you",
            help="For stewards. It says who, what, when and how it ended; never what it said.",
            handle=_of_alliance,
            people=True,
            params=(STREAM,),
            replies=(reply,),
            problems=(404, 503),
        ),
        Endpoint(
            verb="GET",
            path="/v1/me/accesses",
            name="list-own-accesses",
            title="Who took along what you can see, and what you were refused",
            tag="you",
            handle=_mine,
            people=True,
            replies=(reply,),
            problems=(503,),
        ),
    )
