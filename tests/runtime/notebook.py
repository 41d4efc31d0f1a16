"""A small method for tests of the runtime: a lead, guests with consent, notes, one decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel import around
from enquiry.kernel.bookings import Booking, Slots
from enquiry.kernel.run import Run
from enquiry.method.builder import Builder
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text
from enquiry.method.roles import MEMBER, Role
from enquiry.method.rules import Warn, Watch, guard, rule

LEAD, GUEST = Role("lead", "opened it"), Role("guest", "takes part")


class Notebook(Run):
    guests: tuple[UUID, ...] = ()
    notes: Mapping[UUID, tuple[UUID, UUID, str]] = {}
    """Author, whom it is about, text reference; by id."""
    away: tuple[UUID, ...] = ()
    heading: int = 0

    def hosts(self) -> tuple[UUID, ...]:
        return self.guests


class OpenNotebook(Entry, records="notebook-opened"):
    """Open a notebook"""

    title: Annotated[str, text("What is it called?", upto=100)]
    school: UUID

    def apply(self, s: Notebook, was: Was) -> Notebook:
        return s.but(title=self.title, lead=was.by, school=self.school)


class AddGuest(Entry, records="guest-added"):
    """Add a guest"""

    person: UUID

    def apply(self, s: Notebook, was: Was) -> Notebook:
        return s.but(guests=(*s.guests, self.person))


class WriteNote(Entry, records="note-written"):
    """Write a note about somebody"""

    about: Annotated[UUID, ask("About whom?", address=True)]
    text: Annotated[str, text("What did you see?", upto=500, guard="notes_shared")]

    def apply(self, s: Notebook, was: Was) -> Notebook:
        return s.but(notes={**s.notes, was.id: (was.by, self.about, self.text)})


class Withdraw(Entry, records="consent-withdrawn"):
    """Withdraw consent"""

    def apply(self, s: Notebook, was: Was) -> Notebook:
        about = [note for note, (_, person, _) in s.notes.items() if person == was.by]
        return s.but(
            away=(*s.away, was.by),
            gone={**s.gone, **dict.fromkeys(about, was.revision)},
            notes={n: kept for n, kept in s.notes.items() if kept[1] != was.by},
        )


class SetHeading(Entry, records="heading-set"):
    """Decide on the heading"""

    number: Annotated[int, ask("Which?", ge=1, le=99)]

    def apply(self, s: Notebook, was: Was) -> Notebook:
        return s.but(heading=self.number)


class BookRoom(Entry, records="room-booked"):
    """Book a room for an hour"""

    room: UUID
    school: UUID
    start: datetime
    end: datetime


class CloseNotebook(Entry, records="notebook-closed"):
    """Close it"""


@rule("CONSENT_WITHDRAWN", "This person does not take part any more.")
def still_takes_part(s: Notebook, e: WriteNote, ctx: Any) -> bool:
    return e.about not in s.away


@guard("WRONG_STAGE", "There are no guests yet.")
def has_guests(s: Notebook, ctx: Any) -> bool:
    return bool(s.guests)


@guard("NOT_PERMITTED", "Only staff may open one.")
def is_staff(s: Notebook, ctx: Any) -> bool:
    here = around.alliance(ctx)
    return any(here.is_staff(ctx.actor, school, ctx.now.date()) for school in here.schools)


def _empty(s: Notebook, ctx: Any) -> tuple[Warn, ...]:
    return (Warn("NO_PUPIL_VOICE"),) if s.guests and not s.notes else ()


def _booking(s: Notebook, e: BookRoom, ctx: Any):
    yield Booking(
        key=f"{ctx.stream}/1", start=e.start, end=e.end, room=e.room, room_school=e.school
    )


class NoteShown(Struct):
    text: str
    by: UUID


class Page(Struct):
    notes: tuple[NoteShown, ...]


def _page(s: Notebook, look: Any) -> Page:
    return Page(tuple(NoteShown(t, by) for n, (by, _, t) in s.notes.items() if n not in s.gone))


def _is_about_them(s: Notebook, fact: Any, viewer: Any) -> bool:
    return fact.entry.about == viewer.person


def build():
    book = Builder(
        "notebook",
        1,
        "Notebook",
        state=Notebook,
        roles=(LEAD, GUEST),
        cast=lambda s: {"lead": (s.lead,) if s.lead else (), "guest": s.guests},
        gone=lambda s: s.gone,
        acknowledgers=(LEAD,),
    )
    open_, closed = book.stages("open", final=("closed",))
    book.move(OpenNotebook, by=MEMBER, opens=True, rules=(is_staff,))
    book.move(AddGuest, by=LEAD, at=open_)
    both = (LEAD, GUEST)
    book.move(WriteNote, by=both, at=open_, rules=(has_guests, still_takes_part), offline=True)
    book.move(Withdraw, by=GUEST, after_close=True, right=True)
    book.move(SetHeading, by=both, at=open_, decision=True, about="heading")
    slots = Slots(_booking)
    book.move(BookRoom, by=LEAD, at=open_, rules=(slots.free,), also=slots.book)
    book.move(CloseNotebook, by=LEAD, at=open_, to=closed, decision=True)
    book.watch(Watch("NO_PUPIL_VOICE", _empty))
    book.show(OpenNotebook, to=both)
    book.show(AddGuest, to=both)
    book.show(WriteNote, to=LEAD)
    book.show(WriteNote, to=GUEST, when=_is_about_them, hide=("text",))
    book.show(SetHeading, to=both)
    book.view("page", "Notes", to=both, build=_page, schema=Page)
    return book.build()


NOTEBOOK = build()
