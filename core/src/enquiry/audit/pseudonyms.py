"""What an auditor calls people: names of the auditor's own, which nobody else can join with theirs.

A pseudonym is a keyed hash of a person's id. The key follows from a secret of the platform, the
alliance and the auditor: so one auditor meets the same person under the same pseudonym everywhere
in an alliance, two auditors (or one in two alliances) cannot join their lists, and nobody without
the secret can try out ids. Pure: where the secret lies is not said here.
"""

import hmac
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

SECRET_BYTES = 32
_DOMAIN = b"enquiry pseudonym 1\0"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_VERSION = 8
"""The version of UUIDs with a meaning of their own (RFC 9562): no id of a person has it."""


class Pseudonyms:
    """The pseudonyms that one auditor knows people by, in one alliance."""

    __slots__ = ("_key",)

    def __init__(self, secret: bytes, alliance: UUID, auditor: UUID) -> None:
        """Derive the auditor's key.

        Args:
            secret: of the platform, 32 bytes; with another one everybody is called otherwise.
            alliance: whose people are spoken of.
            auditor: who is to read.

        Raises:
            ValueError: the secret has another length.
        """
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"the secret of pseudonyms has {SECRET_BYTES} bytes")
        self._key = hmac.digest(secret, _DOMAIN + alliance.bytes + auditor.bytes, "sha256")

    def __repr__(self) -> str:
        """Name nobody, and no key."""
        return "Pseudonyms()"

    def of(self, person: UUID) -> UUID:
        """The pseudonym of a person: a UUID of version 8, so that it fits wherever an id does."""
        digest = bytearray(hmac.digest(self._key, person.bytes, "sha256")[:16])
        digest[6] = digest[6] & 0x0F | _VERSION << 4
        digest[8] = digest[8] & 0x3F | 0x80
        return UUID(bytes=bytes(digest))

    def veil(self, value: Any, people: Collection[UUID]) -> Any:
        """Plain JSON values with the id of every one of these people replaced.

        Args:
            value: mappings, lists, tuples, texts, numbers, ids. It is left as it is.
            people: everybody whose id may stand in it; other ids (of streams, schools) stay.

        Returns:
            The same shape, sequences as lists. An id is found as a value, as a key, and within a
            longer text such as ``staff:<id>``, in any case of letters.
        """
        names = {str(person): str(self.of(person)) for person in people}

        def named(text: str) -> str:
            return _ID.sub(lambda found: names.get(found[0].lower(), found[0]), text)

        return _replaced(value, named)


def _replaced(value: Any, named: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return named(value)
    if isinstance(value, UUID):
        return UUID(named(str(value)))
    if isinstance(value, Mapping):
        pairs = cast("Mapping[Any, Any]", value).items()
        return {_replaced(key, named): _replaced(one, named) for key, one in pairs}
    if isinstance(value, list | tuple):
        return [_replaced(one, named) for one in cast("Sequence[Any]", value)]
    return value
