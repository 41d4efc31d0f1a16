"""The smallest run that has everything in common with the others: people gather and write notes.

Petra plans and leads; Kelly and Hamish join, Pip as a pupil; Declan is a host. Notes are about a
host; a note is also an output, which can be reworded and become evidence.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

from tests.kernel.valley import BECK_ROAD, around_runs, who

from enquiry.kernel.run import (
    CertificateFacts,
    More,
    Run,
    Settings,
    common,
    consent_given,
    forms,
    may_start,
    pupils_are_trained,
)
from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.builder import Builder
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, text
from enquiry.method.method import Stage
from enquiry.method.roles import Role
from enquiry.testing import Story, given

LEAD = Role("lead", "whoever leads", at_most=1)
WALKER = Role("walker", "the walkers")
PUPIL = Role("pupil-walker", "pupils who walk")
HOST = Role("host", "the hosts")
INVITED = Role("invited", "whoever was invited", outside=True)
FORMER = Role("former", "whoever took part", outside=True)
VISITED = (ConsentPurpose.PARTICIPATE, ConsentPurpose.BE_OBSERVED)


class Kept(Piece):
    """A note, as the rules remember it."""

    by: UUID
    about: UUID
    revision: int


class Gathering(Run):
    """The state of one gathering."""

    hosted: tuple[UUID, ...] = ()
    notes: Mapping[UUID, Kept] = {}

    def walkers(self) -> tuple[UUID, ...]:
        lead = () if self.lead is None else (self.lead,)
        return (*lead, *(p for p in self.holders("walker") if p != self.lead))

    def hosts(self) -> tuple[UUID, ...]:
        return self.hosted

    def author_of(self, contribution: UUID) -> UUID | None:
        known = self.notes.get(contribution)
        return known.by if known and contribution not in self.gone else None

    def may_read(self, contribution: UUID, person: UUID) -> bool:
        return person in self.walkers()

    def output_revision(self, output: UUID) -> int | None:
        known = self.notes.get(output)
        return known.revision if known and output not in self.gone else None

    def certificate(self, person: UUID) -> CertificateFacts | None:
        wrote = any(note.by == person for note in self.notes.values())
        return CertificateFacts(dates=(), minutes=30, criteria=("wrote a note",)) if wrote else None

    def without(self, person: UUID, purposes: tuple[ConsentPurpose, ...], was: Was) -> "Gathering":
        if set(purposes).isdisjoint(VISITED):
            return self
        about = tuple(id_ for id_, note in self.notes.items() if note.about == person)
        return self.hide(about, was)


class NameHost(Entry, records="host-named"):
    """Name a host"""

    person: Annotated[UUID, ask("Whom?", ui="people")]

    def apply(self, s: Gathering, was: Was) -> Gathering:
        return s.but(hosted=(*s.hosted, self.person))


class Note(Entry, records="noted"):
    """Note something about a host"""

    about: Annotated[UUID, ask("About whom?", address=True, ui="people")]
    text: Annotated[str, text("What?", upto=500)]

    def apply(self, s: Gathering, was: Was) -> Gathering:
        kept = Kept(by=was.by, about=self.about, revision=was.revision)
        return s.but(notes={**s.notes, was.id: kept})


class Reword(Entry, records="reworded"):
    """Say a note in other words"""

    note: Annotated[UUID, ask("Which?", address=True)]
    text: Annotated[str, text("What?", upto=500)]

    def apply(self, s: Gathering, was: Was) -> Gathering:
        known = s.notes.get(self.note)
        if known is None:
            return s
        return s.but(notes={**s.notes, self.note: known.but(revision=was.revision)})


class Observe(Entry, records="observed"):
    """Observe a lesson together"""

    present: Annotated[tuple[UUID, ...], ask("Who is there?", address=True, ui="people")]


planned, live = Stage("planned"), Stage("live")
closed, cancelled = Stage("closed", final=True), Stage("cancelled", final=True)


def cast(s: Gathering) -> Mapping[str, tuple[UUID, ...]]:
    return {
        "lead": () if s.lead is None else (s.lead,),
        "walker": s.walkers(),
        "pupil-walker": s.holders("pupil-walker"),
        "host": s.hosted,
        "invited": tuple(s.invited),
        "former": s.former,
    }


def _leave(s: Gathering, e: forms.LeaveRun, ctx: Any) -> Iterable[Any]:
    yield e
    yield live


def build(
    *,
    personal_sharing: bool = False,
    consents: bool = False,
    more: Mapping[type[Entry], More] | None = None,
    state: type[Gathering] = Gathering,
    registrars: tuple[Role, ...] = (),
    retracting: tuple[Role, ...] = (),
    extend: Callable[[Builder], None] | None = None,
) -> Any:
    """The method; ``consents``: hosts must have consented before it starts; ``extend`` adds."""
    made = Builder(
        "gathering",
        1,
        "Gathering",
        state=state,
        roles=(LEAD, WALKER, PUPIL, HOST, INVITED, FORMER),
        cast=cast,
        gone=lambda s: s.gone,
        acknowledgers=(LEAD,),
        group=(LEAD, WALKER),
    )
    made.stages("planned", "live", final=("closed", "cancelled"))
    common(
        made,
        Settings(
            plan=forms.PlanRun,
            lead=LEAD,
            participants=(WALKER,),
            pupils=(PUPIL,),
            invited=INVITED,
            invitable=("walker", "pupil-walker"),
            core=("walker", "pupil-walker"),
            subjects=(WALKER, PUPIL, HOST, FORMER),
            joining=(planned, live),
            cancelled=cancelled,
            protocol=2,
            registrars=registrars,
            retracting=retracting,
            personal_sharing=personal_sharing,
            more={forms.LeaveRun: More(handler=_leave, to=(live,)), **(more or {})},
        ),
    )
    starting = may_start("walker", "pupil-walker")
    if consents:
        starting = (*starting, consent_given(HOST, ConsentPurpose.BE_VIDEO_RECORDED))
    made.move(forms.StartRun, by=LEAD, at=planned, to=live, rules=starting, decision=True)
    made.move(NameHost, by=LEAD)
    made.move(Note, by=(WALKER, PUPIL), at=live)
    made.move(Reword, by=WALKER, at=live)
    trained = (pupils_are_trained(lambda s, e: e.present),)
    made.move(Observe, by=LEAD, at=live, rules=trained)
    made.move(forms.CloseRun, by=LEAD, at=live, to=closed, decision=True)
    made.show(Note, to=(LEAD, WALKER))
    if extend is not None:
        extend(made)
    return made.build()


GATHERING = build()

PLAN = {"purpose": "explore", "title": "How pupils use feedback", "school": str(BECK_ROAD)}

REVIEW = {
    "names_removed": True,
    "roles_unclear": True,
    "no_unique_events": True,
    "findings": "A surname was taken out",
    "confirm": True,
}


def begun(method: Any = GATHERING, world: Any = None, **plan: Any) -> Story:
    """Petra has planned it, and nobody else knows."""
    told = given(method, world or around_runs(), "2026-11-02 08:00").who("Petra")
    return told.does("plan-run", {**PLAN, **plan})


def joins(told: Story, name: str, role: str = "walker") -> Story:
    """The lead invites somebody, who accepts."""
    told = told.who("Petra").does("invite-to-run", {"person": who(name), "role": role})
    return told.who(name).does("accept-run-invitation")


def gathered(method: Any = GATHERING, world: Any = None, **plan: Any) -> Story:
    """Kelly and Hamish walk along, Pip as a pupil; Declan is a host."""
    told = joins(joins(begun(method, world, **plan), "Kelly"), "Hamish")
    told = joins(told, "Pip", "pupil-walker")
    return told.who("Petra").does("name-host", {"person": who("Declan")}).then()


def adopted(told: Story, *names: str) -> Story:
    for name in names or ("Petra", "Kelly", "Hamish", "Pip"):
        told = told.who(name).does("adopt-protocol", {"version": 2})
    return told


def started(method: Any = GATHERING, world: Any = None, **plan: Any) -> Story:
    """It has begun."""
    told = adopted(gathered(method, world, **plan))
    return told.who("Petra").does("start-run").then("started", stage="live")


def notes(told: Story, name: str, called: str, about: str = "Declan") -> Story:
    form = {"about": who(about), "text": f"Said by {called}"}
    return told.who(name).does("note", form, called=called)


def ended(told: Story) -> Story:
    return told.who("Petra").does("close-run").then("closed", stage="closed")


def kinds(told: Story, name: str) -> list[str]:
    """Kinds of the facts that somebody reads, in order, without core's own."""
    core = {"opened", "stage-entered", "warning-raised", "warning-resolved"}
    return [fact["kind"] for fact in told.reads(name) if fact["kind"] not in core]
