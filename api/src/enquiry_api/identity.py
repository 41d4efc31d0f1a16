"""Who asks: the seam between tokens of any kind and the people of the log.

A token says who you are; what you may do follows from the log. There are three kinds: tokens that
this server signed itself (`LocalTokens`), those of a school's single sign-on (`enquiry_api.oidc`),
and those of machines (`enquiry_api.machines`). `enquiry_api.doors` puts them together.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast
from uuid import UUID, uuid5

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Struct

from enquiry.runtime.terms import Asker
from enquiry_api.problems import Refused

ISSUER = "enquiry-local"
AUDIENCE = "enquiry"
ALGORITHM = "Ed25519"
LEEWAY_SECONDS = 60
"""How far two clocks may differ."""
TOKEN_BYTES_MAX = 4096
"""Inclusive."""
REMEMBERED_MAX = 10_000
"""How many tokens are remembered, so that a signature is checked once and not at every request."""


class Caller(Struct, frozen=True):
    """Somebody with a valid token."""

    asker: Asker
    purpose: str | None
    """What the token is for, if it says so (see `enquiry_api.purposes`)."""
    expires: int
    """Seconds since 1970; not valid at or after it, give or take `LEEWAY_SECONDS`."""
    scopes: frozenset[str] | None = None
    """What a machine may do at most; ``None``: it is a person."""


class Identity(Protocol):
    """Turns a bearer token into somebody."""

    async def identify(self, token: str) -> Caller:
        """Who holds this token.

        Raises:
            Refused: ``UNAUTHENTICATED``; the reason is never told, for it would help nobody honest.
            Unavailable: what the token is judged by cannot be had now.
        """
        ...


def wall_seconds() -> float:
    """Seconds since 1970 by the machine's clock, by which tokens expire."""
    return datetime.now(UTC).timestamp()


class LocalTokens:
    """Tokens signed with a key in the data folder: for one machine, for trying out, for tests."""

    def __init__(self, key: OKPKey, seconds_now: Callable[[], float] = wall_seconds) -> None:
        """Sign and check with ``key``; ``seconds_now`` tells seconds since 1970."""
        self._key = key
        self._now = seconds_now
        self._known: dict[str, Caller] = {}
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(self._now()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            exp={"essential": True},
        )
        self.operator = uuid5(UUID(int=0), key.thumbprint())
        """Whoever runs this server: the same for as long as the key is."""

    def mint(
        self, person: UUID, seconds: int, *, operator: bool = False, purpose: str | None = None
    ) -> tuple[str, int]:
        """A token for somebody, valid for so many seconds, and when it expires (since 1970)."""
        now = int(self._now())
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(person),
            "iat": now,
            "exp": now + seconds,
        }
        if operator:
            claims["operator"] = True
        if purpose is not None:
            claims["purpose"] = purpose
        header = {"alg": ALGORITHM, "typ": "JWT"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM]), now + seconds

    async def identify(self, token: str) -> Caller:
        """Who holds this token; a known one is not checked anew until it expires."""
        caller = self._known.get(token)
        if caller is None:
            caller = self._check(token)
            if len(self._known) >= REMEMBERED_MAX:
                self._known.clear()
            self._known[token] = caller
        if self._now() >= caller.expires + LEEWAY_SECONDS:
            del self._known[token]
            raise Refused("UNAUTHENTICATED")
        return caller

    def _check(self, token: str) -> Caller:
        if len(token) > TOKEN_BYTES_MAX:
            raise Refused("UNAUTHENTICATED")
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            self._claims.validate(claims)
            asker = Asker(UUID(cast(str, claims["sub"])), claims.get("operator") is True)
            purpose = claims.get("purpose")
            expires = int(cast(int, claims["exp"]))
        except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
            raise Refused("UNAUTHENTICATED") from None
        return Caller(asker, purpose if isinstance(purpose, str) else None, expires)


def signing_key(path: Path) -> OKPKey:
    """Read the key that signs local tokens, or make it: a file that its owner alone can read.

    Raises:
        PermissionError: somebody else can read the file; whoever can, can be anybody.
    """
    if not path.exists():
        _write_private(path, OKPKey.generate_key("Ed25519").as_pem(private=True))
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} can be read by others: chmod 600 {path}")
    return OKPKey.import_key(path.read_bytes())


def _write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
