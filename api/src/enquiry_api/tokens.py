"""Local tokens, the browser's session, and the clock of stories: what only local operation has."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from enquiry.method.compiled import invalid
from enquiry_api import purposes
from enquiry_api.answers import NEVER_KEPT, Answer, encode
from enquiry_api.asking import Ask, strict
from enquiry_api.edge import Access, Body, Edge, Endpoint, Reply
from enquiry_api.problems import Refused
from enquiry_api.reading import ref

SECONDS_DEFAULT = 12 * 60 * 60
SECONDS_MAX = 366 * 24 * 60 * 60
"""Inclusive."""


class TokenWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """For whom a token is to be made."""

    person: UUID
    seconds: Annotated[int, Meta(ge=60, le=SECONDS_MAX)] = SECONDS_DEFAULT
    """For how long."""
    operator: bool = False
    purpose: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    """What it may be used for; sent along with every request that bears it."""


class TokenMade(Struct, frozen=True):
    """A bearer token. It is shown once and kept nowhere."""

    token: str
    person: UUID
    expires_at: datetime


class Ticked(Struct, frozen=True):
    """What the passing of time brought about."""

    now: datetime
    changes: int
    """Warnings that were raised or resolved."""


async def _mint(edge: Edge, ask: Ask) -> Answer:
    strict(ask.body)
    try:
        wanted = msgspec.json.decode(ask.body, type=TokenWanted)
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    signer = edge.local_tokens
    assert signer is not None  # noqa: S101 - the address exists only where it is
    if wanted.purpose is not None:
        purposes.check(purposes.declared(None, wanted.purpose))
    token, expires = signer.mint(
        wanted.person, wanted.seconds, operator=wanted.operator, purpose=wanted.purpose
    )
    made = TokenMade(token, wanted.person, datetime.fromtimestamp(expires, UTC))
    return Answer(201, encode(made), NEVER_KEPT)


async def _tick(edge: Edge, ask: Ask) -> Answer:
    if not edge.clock.settable:
        raise Refused("CLOCK_NOT_SETTABLE")
    changes = await edge.system.tick(ask.now)
    return Answer(200, encode(Ticked(ask.now, changes)), NEVER_KEPT)


def endpoints(edge: Edge) -> tuple[Endpoint, ...]:
    """The addresses that this way of operation has."""
    return (*((_TOKENS,) if edge.local_tokens else ()), *((_TICKS,) if edge.clock.settable else ()))


_TOKENS = Endpoint(
    verb="POST",
    path="/v1/tokens",
    name="mint-token",
    watched="token",
    title="Make a token for somebody (local operation only)",
    tag="you",
    handle=_mint,
    access=Access.OPERATOR,
    params=(),
    body=Body(schema=ref("TokenWanted"), bytes_max=4096),
    replies=(Reply(status=201, says="The token.", schema=ref("TokenMade")),),
    problems=(422,),
)
_TICKS = Endpoint(
    verb="POST",
    path="/v1/clock/ticks",
    name="tick",
    title="Let time pass: everything that is due by Enquiry-Now happens (stories only)",
    tag="health",
    handle=_tick,
    access=Access.OPERATOR,
    replies=(Reply(status=200, says="It happened.", schema=ref("Ticked")),),
    problems=(503,),
)
