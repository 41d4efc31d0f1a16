"""What the rules must remember of a walk: visits, notes, shares, outcomes, next steps.

Texts are references and are kept only so that views can show them; no rule looks into one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from enquiry.kernel.run import CertificateFacts, Run
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.entry import Was
from enquiry_learning_walks.state.pieces import (
    AHEAD,
    OUTSIDE,
    SHARING,
    STANDING,
    TAKING_PART,
    UNDER_WAY,
    VISITS_FOR_MANY,
    Audience,
    Criterion,
    CriterionKey,
    NextStep,
    Note,
    Outcome,
    Share,
    Sharing,
    Visit,
    VisitStatus,
    WalkRole,
)


class Walk(Run):
    """A learning walk."""

    focus: str | None = None
    aim: str | None = None
    criteria: tuple[Criterion, ...] = ()
    walk_roles: Mapping[UUID, WalkRole] = {}
    custom_roles: Mapping[UUID, str] = {}
    visits: Mapping[int, Visit] = {}
    told: tuple[UUID, ...] = ()
    """Everybody who was ever told that they are to be visited."""
    about_hosts: Mapping[UUID, tuple[UUID, ...]] = {}
    """Facts that say who hosts which visit, by host; they vanish when the host withdraws."""
    notes: Mapping[UUID, Note] = {}
    shares: Mapping[UUID, Share] = {}
    outcomes: Mapping[UUID, Outcome] = {}
    steps: Mapping[UUID, NextStep] = {}
    sharings: tuple[Sharing, ...] = ()
    named: Mapping[UUID, tuple[int, ...]] = {}
    """Visits of which a walker lets the host know who wrote the notes."""
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    walked: int = 0
    """How many had walked when the walk ended."""
    uncovered: tuple[CriterionKey, ...] = ()
    """Criteria without a note when the walk ended."""
    unheard: bool = False
    """Outcomes went to staff or the alliance before any host had seen them."""

    # Who takes part

    def adults(self) -> tuple[UUID, ...]:
        """Walkers who are no pupils, the lead first."""
        lead = (self.lead,) if self.lead is not None else ()
        return (*lead, *(p for p in self.holders("walker") if p != self.lead))

    def pupil_walkers(self) -> tuple[UUID, ...]:
        """Walkers who are pupils."""
        return self.holders("pupil-walker")

    def team(self) -> tuple[UUID, ...]:
        """Every walker."""
        return (*self.adults(), *self.pupil_walkers())

    def scribes(self) -> tuple[UUID, ...]:
        """Walkers who keep the time and the record."""
        roles = self.walk_roles
        return tuple(p for p in self.team() if roles.get(p) == WalkRole.TIMEKEEPER_SCRIBE)

    def hosts(self) -> tuple[UUID, ...]:
        """Teachers whose rooms are or were to be visited, told or not: their names identify."""
        return tuple(dict.fromkeys(visit.host for visit in self.visits.values()))

    def schools_entered(self) -> tuple[UUID, ...]:
        """The own school, and every school whose rooms are visited."""
        visited = (visit.school for visit in self.visits.values())
        return tuple(dict.fromkeys((*super().schools_entered(), *visited)))

    def descriptors(self) -> Mapping[str, int]:
        """Subjects and year groups, each with the number of rooms to be visited that have it."""
        standing = (v for v in self.visits.values() if v.status in STANDING)
        pairs = {(said, v.room) for v in standing for said in (v.subject, v.year) if said}
        return dict(Counter(said for said, _ in sorted(pairs)))

    def present_hosts(self) -> tuple[UUID, ...]:
        """Hosts who know of their visit and have neither declined nor been passed over."""
        known = (v.host for v in self.visits.values() if v.told and v.status in STANDING)
        return tuple(dict.fromkeys(known))

    # Visits

    def tells_of(self, host: UUID, fact: UUID) -> "Walk":
        """The walk, remembering that this fact says who hosts a visit."""
        facts = (*self.about_hosts.get(host, ()), fact)
        return self.but(about_hosts={**self.about_hosts, host: facts})

    def with_visit(self, visit: Visit) -> "Walk":
        """The walk with this visit in place of the one of the same number."""
        return self.but(visits={**self.visits, visit.number: visit})

    def under_way(self) -> Visit | None:
        """The visit whose room or corridor the team is in."""
        return next((v for v in self.visits.values() if v.status in UNDER_WAY), None)

    def before(self, visit: Visit) -> tuple[Visit, ...]:
        """Visits that come before this one, in the order of their planned starts."""
        place = (visit.start, visit.number)
        return tuple(v for v in self.visits.values() if (v.start, v.number) < place)

    def hosts_withdrawn(self, number: int) -> bool:
        """Whether the host of this visit withdrew from it."""
        visit = self.visits.get(number)
        return visit is not None and self.has_withdrawn(visit.host, *TAKING_PART)

    # Notes, and what rests on them

    def live_notes(self) -> dict[UUID, Note]:
        """Notes that are neither retracted nor withdrawn."""
        return {id_: note for id_, note in self.notes.items() if id_ not in self.gone}

    def live_shares(self) -> dict[UUID, Share]:
        """Shares that are not withdrawn."""
        return {id_: share for id_, share in self.shares.items() if id_ not in self.gone}

    def live_outcomes(self) -> dict[UUID, Outcome]:
        """Outcomes whose author has not withdrawn; supported or not."""
        return {id_: out for id_, out in self.outcomes.items() if id_ not in self.gone}

    def live_steps(self) -> dict[UUID, NextStep]:
        """Next steps whose author has not withdrawn."""
        return {id_: step for id_, step in self.steps.items() if id_ not in self.gone}

    def reads_notes(self, person: UUID, number: int) -> bool:
        """Whether a walker may read the notes of a visit: who was there, and the lead; no pupil,
        and nobody about their own room."""
        visit = self.visits.get(number)
        if visit is None or person == visit.host or person not in self.adults():
            return False
        return person in visit.present or person == self.lead

    def may_cite(self, person: UUID, note: UUID) -> bool:
        """Whether somebody may rest an outcome or a share on this note."""
        known = self.live_notes().get(note)
        return known is not None and (known.by == person or self.reads_notes(person, known.visit))

    def visits_behind(self, outcome: Outcome, audience: Audience | None = None) -> frozenset[int]:
        """Numbers of the visits on which an outcome rests, as far as this audience may know."""
        live = self.live_notes()
        cited = (live[id_] for id_ in outcome.notes if id_ in live)
        return frozenset(note.visit for note in cited if self._may_reach(note, audience))

    def _may_reach(self, note: Note, audience: Audience | None) -> bool:
        if audience is None:
            return True
        people = (note.by, self.visits[note.visit].host)
        return not any(self.has_withdrawn(person, SHARING[audience]) for person in people)

    def supported(self, outcome: UUID, audience: Audience | None = None) -> bool:
        """Whether an outcome still stands, for the team or before an audience."""
        known = self.live_outcomes().get(outcome)
        if known is None:
            return False
        if audience is not None and self.has_withdrawn(known.by, SHARING[audience]):
            return False
        outside = audience in OUTSIDE or (audience is None and self._is_outside(known))
        return len(self.visits_behind(known, audience)) >= (VISITS_FOR_MANY if outside else 1)

    @staticmethod
    def _is_outside(outcome: Outcome) -> bool:
        return any(audience in OUTSIDE for audience in outcome.shared)

    def shown_to(self, audience: Audience) -> tuple[UUID, ...]:
        """Outcomes that were shared with this audience and still stand before it."""
        return tuple(
            id_
            for id_, outcome in self.outcomes.items()
            if audience in outcome.shared and self.supported(id_, audience)
        )

    def taken_back(self, audience: Audience) -> int:
        """How many outcomes this audience was shown that no longer stand."""
        shared = sum(1 for outcome in self.outcomes.values() if audience in outcome.shared)
        return shared - len(self.shown_to(audience))

    # What the common rules ask

    def author_of(self, contribution: UUID) -> UUID | None:
        """Who wrote a note, share, outcome or next step that is still there."""
        for kept in (self.notes, self.shares, self.outcomes, self.steps):
            if contribution in kept and contribution not in self.gone:
                return kept[contribution].by
        return None

    def may_read(self, contribution: UUID, person: UUID) -> bool:
        """A note is for those who were there; what was said and concluded is for the walkers."""
        note = self.notes.get(contribution)
        if note is not None:
            return self.reads_notes(person, note.visit)
        share = self.shares.get(contribution)
        if share is not None and self.visits[share.visit].host == person:
            return False
        return person in self.adults()

    def output_revision(self, output: UUID) -> int | None:
        """Evidence rests on outcomes that expose no single room."""
        known = self.live_outcomes().get(output)
        if known is None or not self.supported(output, Audience.STAFF):
            return None
        return known.revision

    def certificate(self, person: UUID) -> CertificateFacts | None:
        """Whoever was in a room and in the corridor after it, on a walk that has ended."""
        attended = [
            visit
            for visit in self.visits.values()
            if visit.took_place and person in visit.present and person in visit.spoke
        ]
        if not attended or self.ended_at is None:
            return None
        minutes = sum((v.minutes() or 0) + (v.corridor_minutes() or 0) for v in attended)
        days = sorted({visit.day() for visit in attended})
        criteria = ("present at visits", "took part in corridor debriefs", "the walk was completed")
        return CertificateFacts(dates=tuple(days), minutes=minutes, criteria=criteria)

    # Leaving and withdrawing

    def departed(self, person: UUID, was: Was) -> "Walk":
        """Somebody leaves: their place in visits to come is free; the lead passes on."""
        s = (
            super()
            .departed(person, was)
            .but(
                walk_roles={p: role for p, role in self.walk_roles.items() if p != person},
                custom_roles={p: role for p, role in self.custom_roles.items() if p != person},
            )
        )
        for visit in self.visits.values():
            s = s.with_visit(_without_walker(visit, person))
        return s.but(lead=s.successor()) if person == self.lead else s

    def is_last(self, person: UUID) -> bool:
        """Whether nobody could lead the walk without this person."""
        return person == self.lead and self.successor() is None

    def successor(self) -> UUID | None:
        """Who leads when the lead leaves: the scribe, or else whoever joined first."""
        others = tuple(p for p in self.holders("walker") if p != self.lead)
        return next((p for p in self.scribes() if p in others), next(iter(others), None))

    def without(self, person: UUID, purposes: tuple[ConsentPurpose, ...], was: Was) -> "Walk":
        """Somebody withdraws: what is about a host's visit, or a walker's own, vanishes."""
        if set(purposes).isdisjoint(TAKING_PART):
            return self
        s = self.hide(self.about_hosts.get(person, ()), was)
        for visit in self.visits.values():
            if visit.host == person:
                s = s.undone(visit, was)
        if ConsentPurpose.PARTICIPATE in purposes:
            kept = (self.notes, self.shares, self.outcomes, self.steps)
            own = tuple(id_ for one in kept for id_, item in one.items() if item.by == person)
            s = s.hide(own, was)
            return s.departed(person, was) if person in self.team() else s
        return s

    def undone(self, visit: Visit, was: Was) -> "Walk":
        """The host is not taking part (any more): the visit ends, and what it brought vanishes."""
        if visit.status in (*AHEAD, *UNDER_WAY):
            ended = visit.ended_at or (was.at if visit.begun_at else None)
            visit = visit.but(status=VisitStatus.DECLINED, ended_at=ended)
        return self.with_visit(visit).hide(self.written_about(visit.number), was)

    def written_about(self, number: int) -> tuple[UUID, ...]:
        """Ids of notes and shares of one visit."""
        notes = (id_ for id_, note in self.notes.items() if note.visit == number)
        shares = (id_ for id_, share in self.shares.items() if share.visit == number)
        return (*notes, *shares)


def _without_walker(visit: Visit, person: UUID) -> Visit:
    """Records of what was stay; plans, and a corridor that waits for everybody, do not."""
    if visit.status in AHEAD:
        return visit.but(visitors=_less(visit.visitors, person))
    if visit.status in UNDER_WAY:
        return visit.but(present=_less(visit.present, person))
    return visit


def _less(people: Iterable[UUID], person: UUID) -> tuple[UUID, ...]:
    return tuple(one for one in people if one != person)
