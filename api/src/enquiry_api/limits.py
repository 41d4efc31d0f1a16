"""How many requests one person may send, and the header fields that tell of it.

A bucket for each person, whatever token they hold: it is full at first, holds as many requests as a
minute allows, and fills evenly. What is counted is a request by somebody known; whoever sends no
token is held off by whatever stands before this server.
"""

import math
import time
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from enquiry.runtime.terms import Asker
from enquiry_api.answers import Header

REQUESTS_PER_MINUTE = 3000
"""For one person, at first all at once: far beyond what a frontend sends for somebody who works."""
WINDOW_SECONDS = 60
PEOPLE_MAX = 10_000
"""Buckets that are kept; beyond it, the full ones are forgotten: a new one is full as well."""


class Admission(Struct, frozen=True):
    """Whether a request is taken."""

    retry_after: int | None = None
    """After how many seconds to come again (429); ``None``: it is taken."""
    headers: tuple[Header, ...] = ()
    """What its answer says of the limit, whatever else it is."""


Admit: TypeAlias = Callable[[Asker], Admission]
"""The seam for limits: called for every request of a known person, before anything is done."""


class PerPerson:
    """So many requests in so many seconds for each person."""

    def __init__(
        self,
        requests: int = REQUESTS_PER_MINUTE,
        window_seconds: int = WINDOW_SECONDS,
        now: Callable[[], float] = time.monotonic,
        name: str = "person",
    ) -> None:
        """Every bucket is full.

        Args:
            requests: that a bucket holds, at least 1.
            window_seconds: after which an empty one is full again.
            now: seconds by a clock that never goes back.
            name: of the policy, as the header fields call it.
        """
        self._name = name
        self._window = float(window_seconds)
        self._each = window_seconds / requests
        self._now = now
        self._full_at: dict[UUID, float] = {}
        self._policy = f'"{name}";q={requests};w={window_seconds}'.encode()

    def __call__(self, asker: Asker) -> Admission:
        """Take a request out of the asker's bucket, unless there is none left in it."""
        now = self._now()
        if len(self._full_at) >= PEOPLE_MAX:
            self._full_at = {who: full for who, full in self._full_at.items() if full > now}
        missing = max(self._full_at.get(asker.person, now) - now, 0.0)
        over = missing + self._each - self._window
        if over > _ROUNDING:
            return Admission(math.ceil(over), self._said(missing))
        missing += self._each
        self._full_at[asker.person] = now + missing
        return Admission(None, self._said(missing))

    def _said(self, missing: float) -> tuple[Header, ...]:
        """The fields of draft-ietf-httpapi-ratelimit-headers: what is left, when it is full."""
        left = int((self._window - missing + _ROUNDING) / self._each)
        limit = f'"{self._name}";r={left};t={math.ceil(missing)}'.encode()
        return ((b"ratelimit-policy", self._policy), (b"ratelimit", limit))


Budget: TypeAlias = Literal["proofs", "exports", "replay"]
"""What costs much, and is counted on its own."""
BUDGETS: Mapping[Budget, tuple[int, int]] = {
    "proofs": (600, 6000),
    "exports": (60, 300),
    "replay": (30, 60),
}
"""Requests a minute: of one token's holder, and of everybody in one alliance."""


class Budgets:
    """Buckets for what costs much: one for each person or machine, one for each alliance.

    The names of buckets come from the token and from the log, never from a header.
    """

    def __init__(
        self,
        most: Mapping[Budget, tuple[int, int]] = BUDGETS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """``most``: requests a minute by budget, of one person and of one alliance."""
        self._each = {
            budget: (
                PerPerson(person, WINDOW_SECONDS, now, budget),
                PerPerson(alliance, WINDOW_SECONDS, now, f"{budget}-alliance"),
            )
            for budget, (person, alliance) in most.items()
        }

    def person(self, budget: Budget, asker: Asker) -> Admission:
        """Take one out of somebody's own bucket."""
        return self._each[budget][0](asker)

    def alliance(self, budget: Budget, alliance: UUID) -> Admission:
        """Take one out of an alliance's bucket: for whoever may know the alliance, nobody else."""
        return self._each[budget][1](Asker(alliance))


def both(first: Admission, second: Admission) -> Admission:
    """The answer of two limits: taken only if both take it; header fields list both."""
    waits = [one.retry_after for one in (first, second) if one.retry_after is not None]
    fields: dict[bytes, bytes] = {}
    for name, value in (*first.headers, *second.headers):
        fields[name] = fields[name] + b", " + value if name in fields else value
    return Admission(max(waits, default=None), tuple(fields.items()))


_ROUNDING = 1e-6
"""Seconds that sums of floating-point numbers may be wrong by."""
