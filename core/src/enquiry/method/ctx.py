"""What a rule may look at besides its own state: actor, time, other streams. All of it values."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct


class Need(Exception):
    """A rule looked at a stream that is not loaded. The runtime loads it and decides again.

    Whatever was looked at joins the append condition: no decision rests on what has changed since.
    """

    def __init__(self, stream: UUID) -> None:
        """``stream``: what is to be loaded."""
        super().__init__(f"stream {stream} is needed")
        self.stream = stream


class Finding(Struct, frozen=True):
    """What TextGuard found in somebody's own words."""

    code: str
    start: int
    """First code point of the span in the author's text, from 0."""
    end: int
    """One past its last."""
    why: str


TextCheck = Callable[[str, str, bool, str], tuple[Finding, ...]]
"""(text, profile, verbatim, what it records) -> findings; roster and word lists are inside."""


def no_text_check(text: str, profile: str, verbatim: bool, about: str) -> tuple[Finding, ...]:
    """Finds nothing: for methods and tests that have no roster."""
    del text, profile, verbatim, about
    return ()


class Ctx(Struct, frozen=True, kw_only=True):
    """One command's surroundings. No clock, no chance, no door to the outside."""

    actor: UUID
    now: datetime
    id: UUID
    """Id of the act: the first fact it records has this id."""
    stream: UUID
    alliance: UUID
    cast: Mapping[str, tuple[UUID, ...]] = {}
    """Who holds which role now."""
    held: frozenset[str] = frozenset()
    """Names of the roles of ``cast`` that the actor holds: looked up once, asked for every move."""
    stage: str = ""
    warnings: Mapping[UUID, Any] = {}
    """Standing warnings that the actor can see, by id."""
    raised: Mapping[UUID, Any] = {}
    """Every warning that was raised in this stream, whoever may see it: for gates, which a warning
    blocks without being shown."""
    acknowledges: bool = False
    """The actor's role answers for warnings of the group."""
    circles: frozenset[str] = frozenset()
    """Circles beyond the run to which the actor belongs (see ``enquiry.method.roles``)."""
    options: Any = None
    reads: Mapping[UUID, Any] = {}
    """States of other streams, loaded so far; ``None`` for one that does not exist."""
    texts: TextCheck = no_text_check
    words: str = ""
    """Version of the word lists inside ``texts``, recorded with whatever they judged."""
    acting_for: UUID | None = None
    occurred_at: datetime | None = None
    opened_by: UUID | None = None
    acted_at: datetime | None = None
    """When something of the method's own was last recorded in this stream."""
    lapsed: frozenset[str] = frozenset()
    """Kinds of text that are kept no longer in this stream."""
    method: str = ""
    version: int = 0
    installed: frozenset[tuple[str, int]] | None = None
    """Id and version of every method by which a run can be opened; ``None``: nobody has said."""

    def who(self, role: Any) -> tuple[UUID, ...]:
        """People who hold this role now."""
        return self.cast.get(role.name, ())

    def read(self, stream: UUID) -> Any:
        """State of another stream of the alliance, or ``None`` if it does not exist."""
        if stream not in self.reads:
            raise Need(stream)
        return self.reads[stream]

    def derived_id(self, name: str) -> UUID:
        """An id that is the same at every attempt to decide this act."""
        return uuid5(self.id, name)
