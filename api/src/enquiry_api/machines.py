"""Tokens of machines: made by a steward for one alliance, narrow, and ended at once.

A machine acts as somebody of its own, whom a steward adds to the alliance like everybody else: what
it may do follows from that in the log, and the token's scopes only make it less. No token can be
made for an id that somebody else has, so that nobody is impersonated.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID, uuid4

import msgspec
from msgspec import Meta, Struct

from enquiry.method.compiled import invalid
from enquiry.method.rules import Reject
from enquiry.runtime.entrance import Access as Written
from enquiry.runtime.entrance import Entrance, ServiceToken
from enquiry.runtime.terms import Asker
from enquiry_api import purposes
from enquiry_api.answers import NEVER_KEPT, Answer, encode
from enquiry_api.asking import Ask, absent, strict
from enquiry_api.edge import Body, Edge, Endpoint, Reply
from enquiry_api.identity import Caller
from enquiry_api.params import STREAM, Param, uuid_of
from enquiry_api.problems import Refused
from enquiry_api.reading import ref, stream_of

PREFIX = "enqs_"
SECRET_BYTES = 32
PREFIX_SHOWN = len(PREFIX) + 6
"""Letters of a token that are kept as they are, so that it is known again."""
SECONDS_MAX = 366 * 24 * 3600
"""Inclusive."""
TOKENS_MAX = 50
"""Tokens of one alliance that are valid at once, inclusive."""
USED_SECONDS = 60
"""How finely it is told when a token was used last."""
Scope = Literal["read", "act", "proofs", "exports"]
Purpose = Annotated[str, Meta(min_length=1, max_length=100)]


class Machines:
    """Judges tokens of machines; asked at every request, so that an end is one at once."""

    def __init__(self, entrance: Entrance, now: Callable[[], datetime]) -> None:
        """Look tokens up in ``entrance``; ``now`` tells the time, UTC."""
        self._entrance = entrance
        self._now = now

    async def identify(self, token: str) -> Caller:
        """Which machine holds this token.

        Raises:
            Refused: ``UNAUTHENTICATED``: there is no such token, or it has ended.
            Unavailable: tokens cannot be looked up now.
        """
        found = await self._entrance.token(hashlib.sha256(token.encode()).digest())
        now = self._now()
        if found is None or found.revoked_at is not None or now >= found.expires_at:
            raise Refused("UNAUTHENTICATED")
        last = found.last_used_at
        if last is None or abs(now - last) >= timedelta(seconds=USED_SECONDS):
            await self._entrance.used(found.id, now)
        return Caller(
            Asker(found.person, within=found.alliance),
            found.purpose,
            int(found.expires_at.timestamp()),
            frozenset(found.scopes),
        )


class ServiceWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """For which machine a token is to be made, and what for."""

    title: Annotated[str, Meta(min_length=1, max_length=100)]
    """What the machine is called: a program, no person."""
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=4)]
    seconds: Annotated[int, Meta(ge=60, le=SECONDS_MAX)]
    """For how long."""
    purpose: Purpose = purposes.DEFAULT
    person: UUID | None = None
    """As which machine, if it had a token before; otherwise it is a new one."""


class ShownService(Struct, frozen=True, kw_only=True):
    """A token of a machine, without its secret."""

    id: UUID
    title: str
    prefix: str
    person: UUID
    """As whom it acts: add this id to the alliance (``add-person``) and say where it belongs."""
    scopes: tuple[str, ...]
    purpose: str
    issued_by: UUID
    issued_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class ShownServices(Struct, frozen=True):
    """Every token that was ever issued here, oldest first."""

    items: tuple[ShownService, ...]


class ServiceMade(Struct, frozen=True, kw_only=True):
    """A new token. It is shown once: what is kept is a digest of it."""

    token: str
    service: ShownService


def shown(token: ServiceToken) -> ShownService:
    """What is told of a token."""
    names = ShownService.__struct_fields__
    return ShownService(**{name: getattr(token, name) for name in names})


async def _looked_after(edge: Edge, ask: Ask) -> UUID:
    """The alliance that the address names, for whoever looks after it."""
    standing = await edge.system.read(ask.asker, stream_of(ask), ask.now)
    if standing.stream != "alliance":
        raise absent()
    if "steward" not in standing.roles:
        raise Reject("NOT_PERMITTED", "Only a steward of the alliance can do this.")
    return standing.id


async def _issue(edge: Edge, ask: Ask) -> Answer:
    alliance = await _looked_after(edge, ask)
    strict(ask.body)
    try:
        wanted = msgspec.json.decode(ask.body, type=ServiceWanted)
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    purposes.check(purposes.declared(None, wanted.purpose))
    known = await edge.entrance.tokens(alliance)
    if wanted.person is not None and wanted.person not in {one.person for one in known}:
        raise Reject("NOT_FOUND", "There is no such machine.", pointer="/person")
    valid = [one for one in known if one.revoked_at is None and one.expires_at > ask.now]
    if len(valid) >= TOKENS_MAX:
        raise Reject("VALIDATION_FAILED", "There are as many tokens as there may be: end one.")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ServiceToken(
        id=uuid4(),
        alliance=alliance,
        digest=hashlib.sha256(secret.encode()).digest(),
        prefix=secret[:PREFIX_SHOWN],
        person=wanted.person or uuid4(),
        title=wanted.title,
        scopes=tuple(dict.fromkeys(wanted.scopes)),
        purpose=wanted.purpose,
        issued_by=ask.asker.person,
        issued_at=ask.now,
        expires_at=ask.now + timedelta(seconds=wanted.seconds),
    )
    await _written(edge, ask, alliance, "issue-service-token")
    await edge.entrance.issue(token)
    return Answer(201, encode(ServiceMade(token=secret, service=shown(token))), NEVER_KEPT)


async def _list(edge: Edge, ask: Ask) -> Answer:
    alliance = await _looked_after(edge, ask)
    found = await edge.entrance.tokens(alliance)
    return Answer(200, encode(ShownServices(tuple(shown(one) for one in found))), NEVER_KEPT)


async def _revoke(edge: Edge, ask: Ask) -> Answer:
    alliance = await _looked_after(edge, ask)
    try:
        token = uuid_of(ask.where["token"])
    except ValueError:
        raise absent() from None
    if not await edge.entrance.revoke(alliance, token, ask.now):
        raise absent()
    await _written(edge, ask, alliance, "revoke-service-token")
    return Answer(204, b"", NEVER_KEPT)


async def _written(edge: Edge, ask: Ask, alliance: UUID, route: str) -> None:
    await edge.entrance.record(
        Written(
            alliance=alliance,
            at=ask.now,
            person=ask.asker.person,
            kind="token",
            route=route,
            stream=alliance,
            outcome="allowed",
            trace_id=ask.trace_id,
        )
    )


_TOKEN = Param(
    name="token",
    place="path",
    says="Which token: its id, not its secret.",
    schema={"type": "string", "minLength": 1},
    read=str,
    required=True,
)
_PATH = "/v1/alliances/{id}/service-tokens"


def endpoints() -> tuple[Endpoint, ...]:
    """Every address of machines' tokens."""
    return (
        Endpoint(
            verb="POST",
            path=_PATH,
            name="issue-service-token",
            title="Make a token for a machine",
            tag="you",
            help="For stewards. The machine acts as somebody of its own, who is added like others.",
            handle=_issue,
            people=True,
            params=(STREAM,),
            body=Body(schema=ref("ServiceWanted"), bytes_max=4096),
            replies=(Reply(status=201, says="The token, this once.", schema=ref("ServiceMade")),),
            problems=(404, 422, 503),
        ),
        Endpoint(
            verb="GET",
            path=_PATH,
            name="list-service-tokens",
            title="Tokens of machines, without their secrets",
            tag="you",
            handle=_list,
            people=True,
            params=(STREAM,),
            replies=(Reply(status=200, says="They.", schema=ref("ShownServices")),),
            problems=(404, 503),
        ),
        Endpoint(
            verb="DELETE",
            path=_PATH + "/{token}",
            name="revoke-service-token",
            title="End a token of a machine at once",
            tag="you",
            handle=_revoke,
            people=True,
            params=(STREAM, _TOKEN),
            replies=(Reply(status=204, says="It has ended.", media=None),),
            problems=(404, 503),
        ),
    )
