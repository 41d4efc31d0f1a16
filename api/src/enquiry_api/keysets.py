"""The public keys of an identity provider: fetched from one configured address, kept for a while.

Nothing in a token decides where keys come from or how often they are fetched. A key that is not
known may be new, so that the set is fetched once more; but no more often than once a minute,
whatever is sent.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from enquiry.log.promise import Unavailable

FRESH_SECONDS = 600.0
"""How long a set is used before it is fetched anew: a key that was taken out is refused by then."""
STALE_SECONDS = 3600.0
"""How long a set may be used when the provider does not answer."""
FORCED_SECONDS = 60.0
"""Between two fetches that an unknown key brings about, and between two tries that fail."""
FETCH_SECONDS = 5.0
SET_BYTES_MAX = 262_144
"""Inclusive."""
KEYS_MAX = 100
"""Inclusive."""
RSA_BITS_MIN = 2048

PublicKey = RSAKey | ECKey | OKPKey
_KINDS: Mapping[str, type[PublicKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
Fetch = Callable[[], Awaitable[bytes]]


class NoKeys(Exception):
    """What was fetched is no set of keys, or it could not be fetched."""


def fetching(address: str) -> Fetch:
    """Fetches the set from this address, and from no other.

    Raises:
        ValueError: the address is not ``https``, nor on this machine: whoever is on the way could
            put in keys of their own.
    """
    parts = urlsplit(address)
    local = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise ValueError("the address of the key set begins with https://")

    async def fetch() -> bytes:
        try:
            # A redirect is not followed: the address is the one that was configured.
            async with (
                asyncio.timeout(FETCH_SECONDS),
                httpx.AsyncClient(follow_redirects=False) as client,
                client.stream("GET", address) as answer,
            ):
                if not answer.is_success:
                    raise NoKeys(f"the key set answers with {answer.status_code}")
                return await _bounded(answer)
        except (httpx.HTTPError, TimeoutError) as error:
            raise NoKeys(type(error).__name__) from None

    return fetch


async def _bounded(answer: httpx.Response) -> bytes:
    body = b""
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > SET_BYTES_MAX:
            raise NoKeys("the key set is too large")
    return body


class KeySets:
    """The provider's keys by their id."""

    def __init__(self, fetch: Fetch, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Fetch with ``fetch``; ``monotonic`` tells seconds by a clock that never goes back."""
        self._fetch = fetch
        self._now = monotonic
        self._keys: Mapping[str, PublicKey] = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._lock = asyncio.Lock()
        self.generation = 0
        """Grows whenever the keys were fetched anew: what was judged before is judged again."""

    async def key(self, kid: str) -> PublicKey | None:
        """The key with this id; ``None``: the provider has no such key.

        Raises:
            Unavailable: there is no set that is young enough, and none can be had.
        """
        if not self._usable(FRESH_SECONDS):
            await self._renew()
        elif kid not in self._keys:
            await self._renew(unknown=kid)
        if not self._usable(STALE_SECONDS):
            raise Unavailable
        return self._keys.get(kid)

    def _usable(self, seconds: float) -> bool:
        return self._fetched is not None and self._now() - self._fetched < seconds

    async def _renew(self, unknown: str | None = None) -> None:
        """Fetch once for everybody who waits, unless that was done just now."""
        async with self._lock:
            needed = unknown not in self._keys if unknown else not self._usable(FRESH_SECONDS)
            lately = self._tried is not None and self._now() - self._tried < FORCED_SECONDS
            if not needed or lately:
                return
            self._tried = self._now()
            try:
                self._keys = public_keys(await self._fetch())
            except NoKeys:
                return
            self._fetched = self._tried
            self.generation += 1


def public_keys(document: bytes) -> dict[str, PublicKey]:
    """The keys of a set (RFC 7517) that can check signatures, by their id.

    Symmetric and private keys, keys for encryption, without an id, or too short are left out.

    Raises:
        NoKeys: it is no such set, has none that fits, or more than `KEYS_MAX`.
    """
    try:
        listed: Any = msgspec.json.decode(document)["keys"]
        found = [cast("dict[str, Any]", one) for one in listed if isinstance(one, dict)]
    except (msgspec.MsgspecError, RecursionError, KeyError, TypeError):
        raise NoKeys("this is no set of keys") from None
    if len(found) > KEYS_MAX:
        raise NoKeys("the set has too many keys")
    keys = {kid: key for one in found for kid, key in _public(one)}
    if not keys:
        raise NoKeys("the set has no key that checks signatures")
    return keys


def _public(said: dict[str, Any]) -> list[tuple[str, PublicKey]]:
    kid, kind = said.get("kid"), _KINDS.get(str(said.get("kty")))
    if kind is None or not isinstance(kid, str) or said.get("use", "sig") != "sig" or "d" in said:
        return []
    try:
        key = kind.import_key(cast(Any, said))
    except (JoseError, ValueError, TypeError, KeyError):
        return []
    if isinstance(key, RSAKey) and key.public_key.key_size < RSA_BITS_MIN:
        return []
    return [(kid, key)]
