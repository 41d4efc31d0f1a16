"""Everything about one person in one alliance, complete and readable, and nothing about others.

Complete means: every event of every stream of the alliance is looked at, whatever rows of
visibility say, because a right to one's own data does not depend on a part that one has. What
counts is what they put on record, what is sealed under their keys whoever wrote it, and every fact
that names them. Texts of others stay closed, and others stand there as ``person-1``, ``person-2``.

A fact that names them among others in a list is told without the others. What is anonymous is not
theirs to find: nobody knows that it is. Source: audit note 3.8, access request.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.kernel.alliance.state import Alliance
from enquiry.log.promise import Log, StoredEvent
from enquiry.method.entry import title_of
from enquiry.method.live import envelope_of
from enquiry.method.method import Recorded
from enquiry.method.registry import Registry
from enquiry.method.texts import TextAt, rewrite
from enquiry.runtime.streams import Loaded, Streams
from enquiry.runtime.texts import Opener

SOMEBODY_ELSES = {"placeholder": "withheld", "reason": "about-somebody-else"}
PAGE = 1000


class About(Struct, frozen=True, kw_only=True):
    """One fact that is about the person."""

    stream: UUID
    method: str
    kind: str
    title: str
    """What kind of thing it is, for people."""
    position: int
    recorded_at: datetime
    by_them: bool
    """Whether they put it on record; otherwise somebody else did, who is not named."""
    roles: tuple[str, ...]
    """Which roles they had at that moment."""
    data: Any


class SubjectAccess:
    """Gathers what there is about people, for whoever answers their requests."""

    def __init__(self, log: Log, registry: Registry, opener: Opener) -> None:
        """Read ``log``; ``opener`` opens what is the person's own."""
        self._log = log
        self._streams = Streams(log, registry)
        self._opener = opener

    async def about(self, alliance: UUID, person: UUID) -> list[About]:
        """Everything about a person of an alliance, or a pupil of a register, oldest first."""
        found: list[About] = []
        others: dict[str, str] = {}
        around = (await self._streams.fresh((alliance,))).get(alliance)
        state = around.live.state if around is not None else None
        people = {str(one) for one in state.people} if isinstance(state, Alliance) else set[str]()
        since = 0
        while events := await self._log.read_alliance(alliance, since, PAGE):
            since = events[-1].sequence + 1
            loaded = await self._streams.fresh({event.stream for event in events})
            for event in events:
                one = loaded.get(event.stream)
                fact = _recorded(one, event)
                if one is None or fact is None or not _is_about(fact, event, person):
                    continue
                told = _told(fact, event, one, person, people, others)
                data = await self._opener.open(
                    told.data, lambda seen, known=loaded: _known(known, seen), alliance
                )
                found.append(msgspec.structs.replace(told, data=data))
        return found


def _recorded(loaded: Loaded | None, event: StoredEvent) -> Recorded | None:
    compiled = loaded.compiled if loaded is not None else None
    return compiled.facts.recorded(event) if compiled is not None else None


def _known(loaded: Mapping[UUID, Loaded], event: StoredEvent) -> Recorded | None:
    return _recorded(loaded.get(event.stream), event)


def _is_about(fact: Recorded, event: StoredEvent, person: UUID) -> bool:
    """They did it, or it names them, or something in it is sealed under a key of theirs."""
    return fact.was.by == person or str(person).encode() in bytes(envelope_of(event.body).data)


def _told(
    fact: Recorded,
    event: StoredEvent,
    loaded: Loaded,
    person: UUID,
    known: set[str],
    others: dict[str, str],
) -> About:
    def kept(at: TextAt) -> str:
        name = at.field.subject
        if name is None:
            return at.value
        subject = fact.was.by if name == "by" else getattr(at.owner, name)
        return at.value if subject == person else cast("str", SOMEBODY_ELSES)

    plain = msgspec.to_builtins(rewrite(fact.entry, kept), str_keys=True)
    people = {str(one) for cast_of in fact.cast.values() for one in cast_of}
    people |= known | {str(one) for one in getattr(loaded.live.state, "people", ())}
    return About(
        stream=event.stream,
        method=loaded.live.method,
        kind=event.kind,
        title=title_of(type(fact.entry)),
        position=event.position,
        recorded_at=fact.was.at,
        by_them=fact.was.by == person,
        roles=tuple(sorted(role for role, held in fact.cast.items() if person in held)),
        data=_nameless(plain, people - {str(person)}, others),
    )


def _nameless(value: Any, people: set[str], others: dict[str, str]) -> Any:
    """The same values, with a pseudonym in place of the id of anybody else."""
    if isinstance(value, str):
        if value not in people and value not in others:
            return value
        return others.setdefault(value, f"person-{len(others) + 1}")
    if isinstance(value, list):
        return [_nameless(one, people, others) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {
            _nameless(name, people, others): _nameless(one, people, others) for name, one in pairs
        }
    return value
