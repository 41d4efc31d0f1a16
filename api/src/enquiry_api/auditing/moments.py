"""One stream as one reader may see it: its timeline, and everything about it at one moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.audit.notes import Checkpoint, checkpoint_of
from enquiry.audit.proofs import NotSigned, Proofs
from enquiry.method.core_facts import CORE
from enquiry.method.entry import title_of
from enquiry.method.rules import Reject
from enquiry.runtime.evidence import Evidence
from enquiry.runtime.terms import HistoryItem, Representation
from enquiry_api.asking import Ask, absent
from enquiry_api.auditing.addresses import STREAMS
from enquiry_api.auditing.people import names, person
from enquiry_api.auditing.telling import Shown, Who, brief, shown
from enquiry_api.edge import Edge
from enquiry_api.reading import stream_of

PART = 200
"""How much of a history is read at once."""


class Signed(Struct, frozen=True):
    """The last checkpoint of an alliance, and what is needed to check it."""

    checkpoint: Checkpoint
    note: str
    keys: str


class Happened(Struct, frozen=True):
    """A fact in the timeline."""

    item: HistoryItem
    title: str
    """What it is, as its method says."""
    by: str
    evidence: Evidence | None

    def is_under(self, signed: Signed | None) -> bool:
        """Whether a checkpoint covers it."""
        return (
            signed is not None
            and self.evidence is not None
            and self.evidence.sequence < signed.checkpoint.size
        )


class Moment(Struct, frozen=True):
    """A stream as it stood right after something happened."""

    number: int
    """Of the fact in the timeline, from 1."""
    fact: Happened
    rep: Representation
    stage: str
    """The stage's title."""
    views: Mapping[str, Any]
    """Read models by title, as plain JSON values; those that the reader may see in the past."""
    absent: tuple[str, ...]
    """Titles of those that are shown only as they stand today."""

    def plain(self) -> dict[str, Any]:
        """Everything that can differ between two moments, as JSON values."""
        warnings = {
            f"{w.code} ({brief(w.about)})": {
                "severity": w.severity,
                "state": w.state,
            }
            for w in self.rep.warnings
        }
        told = {
            "title": self.rep.title,
            "stage": self.stage,
            "parallel parts": dict(self.rep.tracks),
            "warnings": warnings,
            **self.views,
        }
        return msgspec.to_builtins(told, str_keys=True)


class Story(Struct, frozen=True):
    """A stream and everything that happened in it, as far as one reader may see it."""

    word: str
    id: UUID
    now: Representation
    facts: tuple[Happened, ...]
    who: Who
    signed: Signed | None

    @property
    def here(self) -> str:
        """Its address, below the beginning of the page."""
        return f"{self.word}/{self.id}"

    def number_of(self, revision: int | None) -> int:
        """The last fact at or before this revision, by its number from 1; the last of all, if no
        revision is said; the first, if all came later."""
        upto = sum(1 for one in self.facts if revision is None or one.item.revision <= revision)
        return max(1, upto)

    def number_at(self, at: datetime) -> int:
        """The same for a time."""
        return max(1, sum(1 for one in self.facts if one.item.recorded_at <= at))

    def fact(self, revision: int) -> Happened:
        """The fact of this revision; absent, if the reader may not see it."""
        found = next((one for one in self.facts if one.item.revision == revision), None)
        if found is None:
            raise absent()
        return found


async def story(edge: Edge, ask: Ask) -> Story:
    """The stream that the address names, if it is there for this reader."""
    word, id_ = ask.where["word"], stream_of(ask)
    rep = await edge.system.read(ask.asker, id_, ask.now)
    if STREAMS.get(word) != rep.stream:
        raise absent()
    items = await _history(edge, ask, id_)
    who = await names(edge, ask, rep.alliance)
    evidence = await edge.system.evidence.of(id_, items)
    facts = tuple(_happened(edge, rep, item, who, evidence.get(item.revision)) for item in items)
    if not facts:
        raise absent()
    return Story(word, id_, rep, facts, who, await _signed(edge, ask, rep.alliance))


async def _history(edge: Edge, ask: Ask, id_: UUID) -> list[HistoryItem]:
    items: list[HistoryItem] = []
    cursor: str | None = None
    while True:
        part = await edge.system.history(ask.asker, id_, cursor, PART)
        items += part.items
        if part.next is None:
            return items
        cursor = part.next


def _happened(
    edge: Edge, rep: Representation, item: HistoryItem, who: Who, evidence: Evidence | None
) -> Happened:
    method = edge.installed.method(rep.method, rep.version)
    kinds = {**CORE, **(method.facts if method else {})}
    title = title_of(kinds[item.kind]) if item.kind in kinds else item.kind
    return Happened(item, title, person(who, item.by), evidence)


async def proofs(edge: Edge, ask: Ask, alliance: UUID) -> Proofs:
    """The tree of an alliance; absent where nothing is signed, or not for this reader."""
    found = await edge.system.proofs(ask.asker, alliance, ask.now)
    if found is None:
        raise absent()
    return found


async def _signed(edge: Edge, ask: Ask, alliance: UUID) -> Signed | None:
    try:
        tree = await proofs(edge, ask, alliance)
        note = await tree.checkpoint()
        keys = "".join(f"{line}\n" for line in await tree.keys())
    except (Reject, NotSigned):
        return None
    return Signed(checkpoint_of(note), note, keys)


async def moment(edge: Edge, ask: Ask, told: Story, number: int) -> Moment:
    """The stream right after a fact of its timeline, under the permissions of today."""
    fact = told.facts[number - 1]
    at = fact.item.position
    rep = await edge.system.read(ask.asker, told.id, ask.now, at)
    views, gone = dict[str, Any](), list[str]()
    for ref in rep.views:
        try:
            views[ref.title] = await edge.system.view(ask.asker, told.id, ref.name, ask.now, at)
        except Reject:
            gone.append(ref.title)
    return Moment(number, fact, rep, stage(edge, rep), views, tuple(gone))


def stage(edge: Edge, rep: Representation) -> str:
    """The title of the stage that a stream is in."""
    method = edge.installed.method(rep.method, rep.version)
    known = method.stage(rep.stage) if method else None
    return (known.title if known else "") or rep.stage


def sections(one: Moment, who: Who) -> Sequence[tuple[str, Shown]]:
    """The read models of a moment, ready to be written."""
    return [(title, shown(value, who)) for title, value in one.views.items()]
