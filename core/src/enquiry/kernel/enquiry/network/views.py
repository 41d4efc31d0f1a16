"""Who works with whom: schools in meetings, trials and runs; people in meetings and trials.

Source: 2.20, 4.13.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.enquiry.roles import FACILITATORS
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.trials.state import DEPLOYED
from enquiry.method.method import Look

MEETING, TRIAL, RUN = "meeting", "trial", "run"


class SchoolOnMap(Struct, frozen=True):
    """A school that takes part."""

    school: UUID
    name: Any


class Tie(Struct, frozen=True):
    """Two schools, or two people, that worked together."""

    first: UUID
    second: UUID
    kind: str
    """``meeting``: both were there. ``trial``: both deployed the same strategy in one trial cycle,
    or gave an account of it. ``run``: people of both schools took part."""
    strength: int
    """How many meetings, strategies or runs; at least 1."""


class Gap(Struct, frozen=True):
    """Two schools, or two people, that have not worked together so far."""

    first: UUID
    second: UUID


class Network(Struct, frozen=True):
    """The schools in the order in which they joined, and what ties each pair."""

    schools: tuple[SchoolOnMap, ...]
    ties: tuple[Tie, ...]
    gaps: tuple[Gap, ...]
    people: tuple[Tie, ...]
    """Among the members: your own; for facilitators, those of everybody."""
    people_gaps: tuple[Gap, ...]
    """The same: with whom you have not worked so far."""


def network(s: Enquiry, look: Look) -> Network:
    """Over the whole enquiry. Who has left a run still worked with the others.

    Who takes part with whom is for oneself and for those who support the group, as taking part is
    (2.20): a member reads the ties that are their own.
    """
    known = around.alliance(look).schools
    ties, gaps = _map(s.schools, _together(s, look), (MEETING, TRIAL, RUN))
    people, missing = _map(s.members, _in_person(s), (MEETING, TRIAL))
    return Network(
        tuple(SchoolOnMap(id_, known[id_].name if id_ in known else None) for id_ in s.schools),
        ties,
        gaps,
        tuple(tie for tie in people if _may_see(tie, look)),
        tuple(gap for gap in missing if _may_see(gap, look)),
    )


def _may_see(pair: Tie | Gap, look: Look) -> bool:
    return look.has(FACILITATORS) or look.viewer.person in (pair.first, pair.second)


def _map(
    every: Sequence[UUID], occasions: Iterable[tuple[str, frozenset[UUID]]], kinds: Sequence[str]
) -> tuple[tuple[Tie, ...], tuple[Gap, ...]]:
    """What ties each pair, and the pairs that nothing ties; both in the order of ``every``."""
    tied = Counter(
        (*pair, kind)
        for kind, together in occasions
        for pair in combinations([one for one in every if one in together], 2)
    )
    pairs = tuple(combinations(every, 2))
    ties = (
        Tie(a, b, kind, tied[a, b, kind])
        for a, b in pairs
        for kind in kinds
        if (a, b, kind) in tied
    )
    gaps = (Gap(a, b) for a, b in pairs if not any((a, b, kind) in tied for kind in kinds))
    return tuple(ties), tuple(gaps)


def _in_person(s: Enquiry) -> Iterable[tuple[str, frozenset[UUID]]]:
    """Every occasion of the enquiry itself on which people worked together.

    Not runs: who takes part in a run is told by the run, to whom it concerns.
    """
    for meeting in s.meetings.closed:
        yield MEETING, frozenset(meeting.attended)
    told: dict[tuple[UUID, int], set[UUID]] = {}
    for id_, account in s.trials.accounts.items():
        trial = s.trials.trials.get(account.trial)
        if trial is not None and id_ not in s.gone:
            told.setdefault((trial.strategy, trial.cycle), set()).add(account.by)
    for people in told.values():
        yield TRIAL, frozenset(people)


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
