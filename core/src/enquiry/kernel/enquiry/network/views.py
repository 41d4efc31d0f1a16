"""Which schools work with which: in meetings, in trials, in runs. Schools, never people."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.trials.state import DEPLOYED
from enquiry.method.method import Look

MEETING, TRIAL, RUN = "meeting", "trial", "run"


class SchoolOnMap(Struct, frozen=True):
    """A school that takes part."""

    school: UUID
    name: Any


class Tie(Struct, frozen=True):
    """Two schools that worked together."""

    first: UUID
    second: UUID
    kind: str
    """``meeting``: people of both were there. ``trial``: both deployed the same strategy in one
    trial cycle. ``run``: people of both took part."""
    strength: int
    """How many meetings, strategies or runs; at least 1."""


class Gap(Struct, frozen=True):
    """Two schools that have not worked together so far."""

    first: UUID
    second: UUID


class Network(Struct, frozen=True):
    """The schools in the order in which they joined, and what ties each pair."""

    schools: tuple[SchoolOnMap, ...]
    ties: tuple[Tie, ...]
    gaps: tuple[Gap, ...]


def network(s: Enquiry, look: Look) -> Network:
    """Over the whole enquiry. Who has left a run still worked with the others."""
    tied = Counter(
        (*pair, kind)
        for kind, together in _together(s, look)
        for pair in combinations([school for school in s.schools if school in together], 2)
    )
    known = around.alliance(look).schools
    kinds = (MEETING, TRIAL, RUN)
    pairs = tuple(combinations(s.schools, 2))
    return Network(
        tuple(SchoolOnMap(id_, known[id_].name if id_ in known else None) for id_ in s.schools),
        tuple(
            Tie(a, b, kind, tied[a, b, kind])
            for a, b in pairs
            for kind in kinds
            if (a, b, kind) in tied
        ),
        tuple(Gap(a, b) for a, b in pairs if not any((a, b, kind) in tied for kind in kinds)),
    )


def _together(s: Enquiry, look: Look) -> Iterable[tuple[str, frozenset[UUID]]]:
    """Every occasion on which schools worked together."""
    for meeting in s.meetings.closed:
        yield MEETING, _schools(look, meeting.attended, meeting.on)
    trials = [one for one in s.trials.trials.values() if one.status in DEPLOYED]
    for tried in dict.fromkeys((one.strategy, one.cycle) for one in trials):
        yield (
            TRIAL,
            frozenset(one.school for one in trials if (one.strategy, one.cycle) == tried),
        )
    for id_ in s.runs:
        run = look.read(id_)
        if run is not None and run.started_at is not None:
            on = run.started_at.date()
            here = frozenset({run.school} if run.school is not None else ())
            yield RUN, here | _schools(look, (*run.people, *run.former), on)


def _schools(look: Look, people: Iterable[UUID], on: date) -> frozenset[UUID]:
    alliance = around.alliance(look)
    return frozenset(m.school for person in people for m in alliance.memberships(person, on))
