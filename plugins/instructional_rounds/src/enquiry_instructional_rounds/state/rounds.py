"""What the rules must remember of rounds, and what leaving and withdrawing change.

Texts are references and are kept only so that views can show them; no rule looks into one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from enquiry.kernel.run import CertificateFacts, Run
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.entry import Was
from enquiry_instructional_rounds.state.pieces import (
    CARDS_LEAST,
    CLASSROOMS_LEAST,
    SHOWING,
    STANDING,
    TAKING_PART,
    UNFINISHED,
    Card,
    DebriefStep,
    FollowUp,
    Option,
    Pattern,
    Prediction,
    PrivateNote,
    Problem,
    Visit,
    VisitStatus,
)


class Rounds(Run):
    """Instructional rounds at one school."""

    problems: tuple[Problem, ...] = ()
    """As published, the present one last."""
    teams: Mapping[int, tuple[UUID, ...]] = {}
    visits: Mapping[int, Visit] = {}
    told: tuple[UUID, ...] = ()
    """Everybody who was ever told that they are to be visited."""
    about_hosts: Mapping[UUID, tuple[UUID, ...]] = {}
    """Facts that say who hosts which visit, by host."""
    notes: Mapping[UUID, PrivateNote] = {}
    cards: Mapping[UUID, Card] = {}
    patterns: Mapping[UUID, Pattern] = {}
    predictions: Mapping[UUID, Prediction] = {}
    options: Mapping[UUID, Option] = {}
    step: DebriefStep | None = None
    """Where the debrief is; ``None`` before it and after it."""
    debriefed_at: datetime | None = None
    """When the debrief was first opened."""
    completed_at: datetime | None = None
    carried: tuple[UUID, ...] = ()
    """Patterns that every team had agreed to when analysis was left; the others are parked."""
    only_teacher: bool = False
    """When describing was left, there was no card on pupils or task."""
    challenges: int = 0
    unanimous: bool = False
    """When the debrief was completed, nobody had challenged a card and no pattern was parked."""
    lost: bool = False
    """Something that others could read is there no more, or no longer supported."""
    pack_lost: bool = False
    """Something that the host was given is there no more."""
    reviews: Mapping[UUID, int] = {}
    """Revision at which each reviewer last confirmed."""
    shared_at: datetime | None = None
    examples: tuple[UUID, ...] = ()
    """Cards that the network lets the host see, without author and visit."""
    follow_ups: Mapping[UUID, FollowUp] = {}

    # Who takes part

    def network(self) -> tuple[UUID, ...]:
        """Network facilitators, the lead first."""
        lead = (self.lead,) if self.lead is not None else ()
        return (*lead, *(p for p in self.holders("network-facilitator") if p != self.lead))

    def observers(self) -> tuple[UUID, ...]:
        """Members of the network who observe."""
        return self.holders("observer")

    def host_leads(self) -> tuple[UUID, ...]:
        """The host lead, if there is one."""
        return self.holders("host-lead")

    def host_side(self) -> tuple[UUID, ...]:
        """The host lead and the host team."""
        return (*self.host_leads(), *self.holders("host-team"))

    def inside(self, person: UUID) -> bool:
        """Whether somebody is of the network: a facilitator, or one who observes."""
        return person == self.lead or not {"network-facilitator", "observer"}.isdisjoint(
            self.people.get(person, ())
        )

    def team_of(self, person: UUID) -> int | None:
        """The number of somebody's team."""
        return next((no for no, team in self.teams.items() if person in team), None)

    def standing_teams(self) -> tuple[int, ...]:
        """Teams that anybody is left in."""
        return tuple(no for no, team in self.teams.items() if team)

    def hosts(self) -> tuple[UUID, ...]:
        """Teachers whose rooms are or were to be visited, told or not: their names identify."""
        return tuple(dict.fromkeys(visit.host for visit in self.visits.values()))

    def present_hosts(self) -> tuple[UUID, ...]:
        """Host teachers who know of their visit, and neither declined nor withdrew."""
        known = (v for v in self.visits.values() if v.told and v.status in STANDING)
        return tuple(dict.fromkeys(v.host for v in known if not self.host_withdrew(v)))

    def descriptors(self) -> Mapping[str, int]:
        """Subjects and year groups, each with the number of classrooms that have it."""
        standing = [v for v in self.visits.values() if v.status in STANDING]
        pairs = {(said, v.host) for v in standing for said in (v.subject, v.year) if said}
        return dict(Counter(said for said, _ in sorted(pairs)))

    # Visits

    def with_visit(self, visit: Visit) -> Self:
        """The rounds with this visit in place of the one of the same number."""
        return self.but(visits={**self.visits, visit.number: visit})

    def tells_of(self, host: UUID, fact: UUID) -> Self:
        """The rounds, remembering that this fact says who hosts a visit."""
        facts = (*self.about_hosts.get(host, ()), fact)
        return self.but(about_hosts={**self.about_hosts, host: facts})

    def host_withdrew(self, visit: Visit) -> bool:
        """Whether the host teacher of this visit withdrew from it."""
        return self.has_withdrawn(visit.host, *TAKING_PART)

    def visited(self) -> frozenset[UUID]:
        """Classrooms that were visited to the end, by their teachers."""
        return frozenset(v.host for v in self.visits.values() if v.status == VisitStatus.DONE)

    def under_way(self, team: int) -> Visit | None:
        """The visit in whose room a team is."""
        mine = (v for v in self.visits.values() if v.team == team)
        return next((v for v in mine if v.status == VisitStatus.OPEN), None)

    # Cards, and what rests on them

    def live_cards(self) -> dict[UUID, Card]:
        """Cards that are neither taken back nor withdrawn."""
        return {id_: card for id_, card in self.cards.items() if id_ not in self.gone}

    def card(self, id_: UUID) -> Card | None:
        """A card that is on the board."""
        return None if id_ in self.gone else self.cards.get(id_)

    def pattern(self, id_: UUID) -> Pattern | None:
        """A pattern that is on the wall."""
        return None if id_ in self.gone else self.patterns.get(id_)

    def usable(self, pattern: Pattern) -> tuple[Card, ...]:
        """Cards of a pattern that are there, and need no rewording."""
        known = (self.card(id_) for id_ in pattern.cards)
        return tuple(card for card in known if card is not None and not card.needs_rewording)

    def classrooms(self, cards: Iterable[Card]) -> int:
        """From how many classrooms these cards come."""
        return len({self.visits[card.visit].host for card in cards if card.visit in self.visits})

    def rests_enough(self, pattern: Pattern) -> bool:
        """Whether enough usable cards from enough classrooms are left to a pattern."""
        cards = self.usable(pattern)
        return len(cards) >= CARDS_LEAST and self.classrooms(cards) >= CLASSROOMS_LEAST

    def missing(self, pattern: Pattern) -> tuple[int, ...]:
        """Teams that have yet to agree to a pattern."""
        return tuple(no for no in self.standing_teams() if no not in pattern.agreed)

    def agreed_by_all(self) -> tuple[UUID, ...]:
        """Patterns that rest on enough, and that every team has agreed to."""
        return tuple(
            id_
            for id_, pattern in self.patterns.items()
            if id_ not in self.gone and self.rests_enough(pattern) and not self.missing(pattern)
        )

    def carries(self, id_: UUID) -> bool:
        """Whether a pattern was agreed by all and is still supported: others may rest on it."""
        pattern = self.pattern(id_)
        return pattern is not None and id_ in self.carried and self.rests_enough(pattern)

    def item(self, id_: UUID) -> Pattern | Prediction | Option | None:
        """A pattern, prediction or option that nobody took away, supported or not."""
        if id_ in self.gone:
            return None
        return self.patterns.get(id_) or self.predictions.get(id_) or self.options.get(id_)

    def stands(self, id_: UUID) -> bool:
        """Whether a pattern, prediction or option is supported, and so in the host's pack."""
        match self.item(id_):
            case Pattern():
                return self.carries(id_)
            case Prediction(patterns=patterns) | Option(patterns=patterns):
                return any(self.carries(one) for one in patterns)
            case _:
                return False

    def pack(self) -> tuple[UUID, ...]:
        """Everything that stands: patterns, predictions, options, each in order."""
        every = (*self.patterns, *self.predictions, *self.options)
        return tuple(id_ for id_ in every if self.stands(id_))

    def live_options(self) -> dict[UUID, Option]:
        """Options that stand."""
        return {id_: option for id_, option in self.options.items() if self.stands(id_)}

    def shown_examples(self) -> tuple[UUID, ...]:
        """Cards that the host may see, as long as a pattern that stands rests on them."""
        cited = {c for id_, p in self.patterns.items() if self.carries(id_) for c in p.cards}
        live = (id_ for id_ in self.examples if id_ in cited and self.card(id_) is not None)
        return tuple(id_ for id_ in live if not self.cards[id_].needs_rewording)

    # What the common rules ask

    def author_of(self, contribution: UUID) -> UUID | None:
        """Who wrote what is signed. A note of correction on a card would tell whose it is."""
        known = self.item(contribution)
        if known is None and contribution not in self.gone:
            followed = self.follow_ups.get(contribution)
            return followed.by if followed is not None else None
        return known.by if known is not None else None

    def owns(self, item: UUID, person: UUID) -> bool:
        """What was shared with the host is the host lead's to pass on; before, it is its author's,
        and a card or a private note is nobody's."""
        if self.shared_at is not None:
            return person in self.host_leads() and self.item(item) is not None
        return self.author_of(item) == person

    def wrote(self, contribution: UUID, person: UUID) -> bool:
        """Also a private note, which is nobody's to correct or to share."""
        note = self.notes.get(contribution)
        if note is None or contribution in self.gone:
            return super().wrote(contribution, person)
        return note.by == person

    def may_retract(self, contribution: UUID) -> bool:
        """A private note: nobody else rests on it. A card has a move of its own."""
        return contribution in self.notes

    def may_read(self, contribution: UUID, person: UUID) -> bool:
        """The host side reads about what was shared with it; all else stays in the network, but
        for private notes: nobody learns even that there was one."""
        if contribution in self.notes:
            return False
        shared = self.shared_at is not None and self.stands(contribution)
        return self.inside(person) or shared or contribution in self.follow_ups

    def reviewed(self, was: Was) -> Self:
        """It takes a facilitator and a teacher of the host school; the earlier of both counts."""
        reviews = {**self.reviews, was.by: was.revision}
        network = [at for who, at in reviews.items() if who in self.network()]
        hosts = [at for who, at in reviews.items() if who in self.holders("host-team")]
        both = min(max(network), max(hosts)) if network and hosts else 0
        return self.but(reviews=reviews, reviewed_at=both)

    def output_revision(self, output: UUID) -> int | None:
        """Evidence rests on what stands."""
        known = self.item(output)
        return known.revision if known is not None and self.stands(output) else None

    def certificate(self, person: UUID) -> CertificateFacts | None:
        """Whoever was present in a classroom, in rounds whose debrief was completed."""
        attended = [
            visit
            for visit in self.visits.values()
            if visit.status == VisitStatus.DONE and person in visit.present
        ]
        if not attended or self.completed_at is None or person not in self.adopted:
            return None
        days = tuple(sorted({visit.day() for visit in attended}))
        criteria = ("adopted the norms", "present in classrooms", "the debrief was completed")
        minutes = sum(visit.took() or 0 for visit in attended)
        return CertificateFacts(dates=days, minutes=minutes, criteria=criteria)

    # Leaving and withdrawing

    def successor(self) -> UUID | None:
        """Who leads when the lead leaves: another facilitator, or else whoever observes longest."""
        others = (*self.holders("network-facilitator"), *self.observers())
        return next((person for person in others if person != self.lead), None)

    def departed(self, person: UUID, was: Was) -> Self:
        """Somebody leaves: their place in a team is free; the lead passes on."""
        teams = {no: tuple(p for p in team if p != person) for no, team in self.teams.items()}
        s = super().departed(person, was).but(teams=teams)
        return s.but(lead=self.successor()) if person == self.lead else s

    def without(self, person: UUID, purposes: tuple[ConsentPurpose, ...], was: Was) -> Self:
        """Somebody withdraws: what was seen in their room, or what they wrote, vanishes."""
        s = self
        mine = tuple(v for v in self.visits.values() if v.host == person)
        if not set(purposes).isdisjoint(TAKING_PART):
            for visit in mine:
                s = s.undone(visit, was)
            if s.debriefed_at is None:
                s = s.hide(s.about_hosts.get(person, ()), was)
        numbers = {visit.number for visit in mine}
        s = s.without_cards(
            (id_ for id_, card in s.cards.items() if _is_hit(card, numbers, purposes)), was
        )
        if ConsentPurpose.PARTICIPATE in purposes:
            s = s.without_own(person, was)
        lost, pack_lost = s.lost or self.loses(s), s.pack_lost or self.pack_loses(s)
        return s.but(lost=lost, pack_lost=pack_lost)

    def loses(self, after: "Rounds") -> bool:
        """Whether something that others could read here is gone or unsupported there."""
        fewer = any(id_ in after.gone for id_ in self.cards if id_ not in self.gone)
        items = (*self.patterns, *self.predictions, *self.options)
        gone = any(self.item(id_) is not None and after.item(id_) is None for id_ in items)
        return fewer or gone or any(not after.stands(id_) for id_ in self.pack())

    def pack_loses(self, after: "Rounds") -> bool:
        """Whether something that the host was given here does not stand there."""
        shared = self.shared_at is not None
        return shared and any(not after.stands(id_) for id_ in self.pack())

    def undone(self, visit: Visit, was: Was) -> Self:
        """The host teacher takes no part (any more): the visit ends, private notes on it vanish."""
        if visit.status in UNFINISHED:
            ended = was.at if visit.begun_at is not None else None
            visit = visit.but(status=VisitStatus.DECLINED, ended_at=ended)
        notes = tuple(id_ for id_, note in self.notes.items() if note.visit == visit.number)
        return self.with_visit(visit).hide(notes, was)

    def without_cards(self, cards: Iterable[UUID], was: Was) -> Self:
        """Cards vanish, with all that was done to them."""
        acts = tuple(act for id_ in tuple(cards) for act in self.cards[id_].acts)
        return self.hide(acts, was)

    def without_own(self, person: UUID, was: Was) -> Self:
        """What somebody wrote vanishes, and they take no part any more."""
        cards = [id_ for id_, card in self.cards.items() if card.by == person]
        own = [act for p in self.patterns.values() if p.by == person for act in p.acts]
        for kept in (self.notes, self.predictions, self.options, self.follow_ups):
            own += [id_ for id_, item in kept.items() if item.by == person]
        s = self.without_cards(cards, was).hide(tuple(own), was)
        return s.departed(person, was) if person in self.people or person == self.lead else s


def _is_hit(card: Card, visits: set[int], purposes: tuple[ConsentPurpose, ...]) -> bool:
    """Whether a card rests on what the host teacher of one of these visits takes back."""
    if card.visit not in visits:
        return False
    quoted = card.verbatim and ConsentPurpose.QUOTE_VERBATIM in purposes
    return quoted or not set(purposes).isdisjoint(SHOWING)
