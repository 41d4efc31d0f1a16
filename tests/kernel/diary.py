"""The smallest method that books: a diary of one school; slots are booked and released."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from enquiry.kernel.bookings import Booking, Release, Slots
from enquiry.kernel.run import Run
from enquiry.kernel.run.forms import CloseRun
from enquiry.method.builder import Builder
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, plain
from enquiry.method.roles import MEMBER, Role

KEEPER = Role("keeper", "whoever opened it", at_least=1)

What = Annotated[str, plain("What is booked?", because="a name out of a test", address=True)]
When = Annotated[datetime, ask("When?")]
People = Annotated[tuple[UUID, ...], ask("Who?", ui="people")]
Room = Annotated[UUID, ask("Where?")]


class OpenDiary(Entry, records="opened"):
    """Open a diary"""

    school: Annotated[UUID, ask("Of which school?")]

    def apply(self, s: Run, was: Was) -> Run:
        return s.but(school=self.school, lead=was.by)


class Slot(Piece):
    """What is booked, by name."""

    what: What
    start: When
    end: When
    people: People = ()
    room: Room | None = None
    school: Annotated[UUID, ask("At which school?")] | None = None
    room_end: When | None = None
    visited: Annotated[UUID, ask("Who is visited?")] | None = None


class Book(Entry, records="booked-here"):
    """Book, contributing"""

    what: What
    slot: Annotated[Slot, ask("What?")]


class Rebook(Entry, records="rebooked-here"):
    """Book, deciding"""

    what: What
    slot: Annotated[Slot, ask("What?")]


class Change(Entry, records="changed-here"):
    """Book and release several at once"""

    slots: Annotated[tuple[Slot, ...], ask("What?")] = ()
    without: Annotated[
        tuple[Annotated[str, plain("Which?", because="a name")], ...], ask("Without?")
    ] = ()


class Insist(Change, records="insisted-here"):
    """Book and release several at once, whatever stands there"""


def booking(slot: Slot, run: UUID) -> Booking:
    return Booking(
        key=f"{run}/{slot.what}",
        start=slot.start,
        end=slot.end,
        people=slot.people,
        room=slot.room,
        room_school=slot.school,
        room_end=slot.room_end,
        visited=slot.visited,
    )


def _one(s: Run, e: Book | Rebook, ctx: Any) -> Iterable[Booking | Release]:
    yield booking(e.slot, ctx.stream)


def _all(s: Run, e: Change, ctx: Any) -> Iterable[Booking | Release]:
    for what in e.without:
        yield Release(f"{ctx.stream}/{what}")
    for slot in e.slots:
        yield booking(slot, ctx.stream)


def _build() -> Any:
    diary = Builder(
        "diary",
        1,
        "Diary",
        state=Run,
        roles=(KEEPER,),
        cast=lambda s: {"keeper": (s.lead,) if s.lead else ()},
    )
    closed = diary.stages("open", final=("closed",))[1]
    diary.move(OpenDiary, by=MEMBER, opens=True)
    one, several = Slots(_one), Slots(_all)
    single = {"rules": (one.free,), "warns": (one.warns,), "also": one.book}
    diary.move(Book, by=KEEPER, **single)
    diary.move(Rebook, by=KEEPER, decision=True, about=lambda e: e.what, **single)
    diary.move(Change, by=KEEPER, rules=(several.free,), warns=(several.warns,), also=several.book)
    diary.move(Insist, by=KEEPER, also=several.book, after_close=True)
    diary.move(CloseRun, by=KEEPER, to=closed)
    return diary.build()


DIARY = _build()
