"""Single sign-on: access tokens of one OpenID provider, by the keys that it publishes.

A person's id follows from the provider and the subject, so that nothing has to be stored to know
somebody again: a steward adds them to the alliance under that id. The token says
who somebody is and nothing more; claims about roles, groups or mail addresses are not read.
"""

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from msgspec import Struct

from enquiry.runtime.terms import Asker
from enquiry_api.identity import LEEWAY_SECONDS, REMEMBERED_MAX, Caller, wall_seconds
from enquiry_api.keysets import KeySets, PublicKey
from enquiry_api.params import uuid_of
from enquiry_api.problems import Refused

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
"""What may be configured: signatures by a private key that the provider alone has."""
DEFAULT_ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
DEFAULT_TYPES = ("at+jwt",)
"""RFC 9068: an access token says that it is one. An identity token is for the frontend alone."""
TOKEN_BYTES_MAX = 8192
"""Inclusive."""
SUBJECT_MAX = 255
"""Inclusive: characters of a subject (OpenID Connect Core, 2)."""
PURPOSE_CLAIM = "enquiry_purpose"


class Provider(Struct, frozen=True, kw_only=True):
    """Whose tokens are taken, and how they are told from others. All of it is configuration."""

    issuer: str
    """Exactly as it stands in the tokens."""
    audience: str
    """What this server is called by the provider."""
    algorithms: tuple[str, ...] = DEFAULT_ALGORITHMS
    types: tuple[str, ...] = DEFAULT_TYPES
    """Values of the header ``typ``, in any case of letters."""
    person_claim: str | None = None
    """Claim with the person's id, where the provider's directory holds it; else it follows from the
    subject. Name one only if nobody but the directory can set it."""

    def __post_init__(self) -> None:
        """Refuse settings under which a token would prove nothing.

        Raises:
            ValueError: no issuer or audience, no type, or an algorithm that is not in `ALGORITHMS`.
        """
        if not self.issuer or not self.audience or not self.types:
            raise ValueError("an issuer, an audience and a type of tokens are needed")
        unknown = set(self.algorithms) - set(ALGORITHMS)
        if unknown or not self.algorithms:
            raise ValueError(f"algorithms are some of {', '.join(ALGORITHMS)}")

    def person(self, subject: str) -> UUID:
        """The id of whoever the provider calls so: the same for ever, and nobody else's."""
        return uuid5(uuid5(NAMESPACE_URL, self.issuer), subject)


class _Header(Struct):
    """What is read of a token's header; anything in it that says where keys are is not."""

    alg: str
    kid: str
    typ: str = ""
    crit: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class SingleSignOn:
    """Access tokens of an OpenID provider."""

    def __init__(
        self,
        provider: Provider,
        keys: KeySets,
        seconds_now: Callable[[], float] = wall_seconds,
    ) -> None:
        """Take tokens of this provider; ``seconds_now`` tells seconds since 1970."""
        self.provider = provider
        self._keys = keys
        self._now = seconds_now
        self._types = {_type(one) for one in provider.types}
        self._known: dict[str, Caller] = {}
        self._generation = 0
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(self._now()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def identify(self, token: str) -> Caller:
        """Who holds this token; one that was checked is checked anew when the keys are."""
        if len(token) > TOKEN_BYTES_MAX:
            raise Refused("UNAUTHENTICATED")
        header = _header(token)
        key = await self._key(header)
        if self._generation != self._keys.generation or len(self._known) >= REMEMBERED_MAX:
            self._known.clear()
            self._generation = self._keys.generation
        caller = self._known.get(token)
        if caller is None:
            caller = self._known[token] = self._checked(token, key, header.alg)
        if self._now() >= caller.expires + LEEWAY_SECONDS:
            self._known.pop(token, None)
            raise Refused("UNAUTHENTICATED")
        return caller

    async def _key(self, header: _Header) -> PublicKey:
        fits = header.alg in self.provider.algorithms and _type(header.typ) in self._types
        # `crit` names extensions that must be understood: there is none that we do.
        if not fits or header.crit is not msgspec.UNSET:
            raise Refused("UNAUTHENTICATED")
        key = await self._keys.key(header.kid)
        said = cast("str | None", key.get("alg")) if key is not None else None
        if key is None or said not in (None, header.alg):
            raise Refused("UNAUTHENTICATED")
        return key

    def _checked(self, token: str, key: PublicKey, algorithm: str) -> Caller:
        try:
            claims = jwt.decode(token, key, algorithms=[algorithm]).claims
            self._claims.validate(claims)
            person = self._person(claims)
            expires = int(claims["exp"])
        except (JoseError, ValueError, TypeError, OverflowError, RecursionError):
            raise Refused("UNAUTHENTICATED") from None
        purpose = claims.get(PURPOSE_CLAIM)
        return Caller(Asker(person), purpose if isinstance(purpose, str) else None, expires)

    def _person(self, claims: dict[str, Any]) -> UUID:
        subject = claims["sub"]
        if not isinstance(subject, str) or not 1 <= len(subject) <= SUBJECT_MAX:
            raise ValueError("no subject")
        if self.provider.person_claim is None:
            return self.provider.person(subject)
        return uuid_of(str(claims.get(self.provider.person_claim)))


def _header(token: str) -> _Header:
    head = token.partition(".")[0]
    try:
        raw = urlsafe_b64decode(head + "=" * (-len(head) % 4))
        return msgspec.json.decode(raw, type=_Header)
    except (binascii.Error, ValueError, RecursionError):
        raise Refused("UNAUTHENTICATED") from None


def _type(said: str) -> str:
    return said.lower().removeprefix("application/")
