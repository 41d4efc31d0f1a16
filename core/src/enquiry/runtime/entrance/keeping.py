"""What the entrance promises, and the reference that keeps it in memory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

NOWHERE = UUID(int=0)
"""In place of an alliance, where something belongs to none."""


class Access(Struct, frozen=True, kw_only=True):
    """That somebody read, took along or was refused something. Never what it said."""

    alliance: UUID
    at: datetime
    person: UUID
    kind: str
    """``export``, ``records``, ``token`` or ``refused``."""
    route: str
    """Name of the address."""
    stream: UUID | None
    outcome: str
    """``allowed``, or the code of the refusal."""
    trace_id: str


class ServiceToken(Struct, frozen=True, kw_only=True):
    """The token of a machine. The secret itself is kept nowhere."""

    id: UUID
    alliance: UUID
    digest: bytes
    """SHA-256 of the whole token, 32 bytes."""
    prefix: str
    """The first letters, by which a token is known again in a list."""
    person: UUID
    """As whom it acts: an id that no human has."""
    title: str
    scopes: tuple[str, ...]
    purpose: str
    issued_by: UUID
    issued_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class Entrance(Protocol):
    """The access log, which only grows; and tokens, which end."""

    async def record(self, access: Access) -> None:
        """Write something down. It is on disk when this returns.

        Raises:
            Unavailable: it cannot be; then what was asked for is not given either.
        """
        ...

    async def of_alliance(self, alliance: UUID, limit: int) -> Sequence[Access]:
        """What was written down of an alliance, newest first."""
        ...

    async def concerning(
        self, person: UUID, streams: Sequence[UUID], limit: int
    ) -> Sequence[Access]:
        """What this person did, and what anybody did with one of these streams, newest first."""
        ...

    async def issue(self, token: ServiceToken) -> None:
        """Keep a new token."""
        ...

    async def token(self, digest: bytes) -> ServiceToken | None:
        """The token with this digest, whether or not it has ended."""
        ...

    async def tokens(self, alliance: UUID) -> Sequence[ServiceToken]:
        """Every token that an alliance ever issued, oldest first."""
        ...

    async def used(self, token: UUID, at: datetime) -> None:
        """Remember when it was used last."""
        ...

    async def revoke(self, alliance: UUID, token: UUID, at: datetime) -> bool:
        """End a token of this alliance at once; whether there was one to end."""
        ...


class MemoryEntrance:
    """Lasts as long as the process: for tests, and for a log in memory."""

    def __init__(self) -> None:
        """Nobody came yet."""
        self._accesses: list[Access] = []
        self._tokens: dict[UUID, ServiceToken] = {}

    async def record(self, access: Access) -> None:
        """See ``Entrance``."""
        self._accesses.append(access)

    async def of_alliance(self, alliance: UUID, limit: int) -> Sequence[Access]:
        """See ``Entrance``."""
        return [one for one in reversed(self._accesses) if one.alliance == alliance][:limit]

    async def concerning(
        self, person: UUID, streams: Sequence[UUID], limit: int
    ) -> Sequence[Access]:
        """See ``Entrance``."""
        found = [
            one for one in reversed(self._accesses) if one.person == person or one.stream in streams
        ]
        return found[:limit]

    async def issue(self, token: ServiceToken) -> None:
        """See ``Entrance``."""
        self._tokens[token.id] = token

    async def token(self, digest: bytes) -> ServiceToken | None:
        """See ``Entrance``."""
        return next((one for one in self._tokens.values() if one.digest == digest), None)

    async def tokens(self, alliance: UUID) -> Sequence[ServiceToken]:
        """See ``Entrance``."""
        return [one for one in self._tokens.values() if one.alliance == alliance]

    async def used(self, token: UUID, at: datetime) -> None:
        """See ``Entrance``."""
        self._tokens[token] = replace(self._tokens[token], last_used_at=at)

    async def revoke(self, alliance: UUID, token: UUID, at: datetime) -> bool:
        """See ``Entrance``."""
        found = self._tokens.get(token)
        if found is None or found.alliance != alliance or found.revoked_at is not None:
            return False
        self._tokens[token] = replace(found, revoked_at=at)
        return True
