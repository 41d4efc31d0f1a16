"""A reading circle: the smallest method that has everything the edge must carry.

One opens it, invites readers, chooses a book (a decision), everybody writes thoughts (offline too),
and it is closed.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

from msgspec import Struct

from enquiry.method.builder import Builder
from enquiry.method.codes import Step
from enquiry.method.entry import Entry, Piece, State, Was
from enquiry.method.fields import ask, plain, text
from enquiry.method.method import Method
from enquiry.method.roles import MEMBER, Role
from enquiry.method.rules import Warn, guard, rule

HOST = Role("host", "whoever opened the circle", at_least=1, at_most=1)
READER = Role("reader", "whoever was invited")
PAGES_MAX = 2000


class Circle(State):
    """What the rules remember."""

    host: UUID | None = None
    readers: tuple[UUID, ...] = ()
    book: str | None = None
    page: int = 0
    thoughts: int = 0


class OpenCircle(Entry, records="circle-opened"):
    """Open a reading circle"""

    name: Annotated[str, plain("What is it called?", because="the name of a circle")]

    def apply(self, s: Circle, was: Was) -> Circle:
        """Whoever opens it is its host."""
        return s.but(host=was.by)


class InviteReader(Entry, records="reader-invited"):
    """Invite a reader"""

    person: Annotated[UUID, ask("Whom?", address=True)]

    def apply(self, s: Circle, was: Was) -> Circle:
        """They read along."""
        return s.but(readers=(*s.readers, self.person))


class ChooseBook(Entry, records="book-chosen"):
    """Choose what is read"""

    book: Annotated[str, plain("Which book?", because="the title of a book")]
    pages: Annotated[int, ask("How many pages?", ge=1, le=PAGES_MAX)]

    def apply(self, s: Circle, was: Was) -> Circle:
        """It replaces the one before."""
        return s.but(book=self.book, page=self.pages)


class Line(Piece):
    """A line that struck somebody."""

    number: Annotated[int, ask("Which line?", ge=1)]


class RecordThought(Entry, records="thought-recorded"):
    """Write what you think"""

    page: Annotated[int, ask("On which page?", ge=1, le=PAGES_MAX)]
    thought: Annotated[str, text("What do you think?", upto=300)]
    lines: Annotated[tuple[Line, ...], ask("Which lines?", at_most=20)] = ()

    def apply(self, s: Circle, was: Was) -> Circle:
        """One more."""
        return s.but(thoughts=s.thoughts + 1)


class CloseCircle(Entry, records="circle-closed"):
    """Close the circle"""


@guard("BOOK_MISSING", "Choose a book first.", step=Step.STAGE, source="the method's own")
def a_book_is_chosen(s: Circle, ctx: Any) -> bool:
    """There is something to think about."""
    del ctx
    return s.book is not None


@rule("PAGE_BEYOND_THE_END", "The book has no such page.", step=Step.DOMAIN)
def the_page_exists(s: Circle, e: RecordThought, ctx: Any) -> bool:
    """Nobody thinks about pages that are not there."""
    del ctx
    return e.page <= s.page


def _late(s: Circle, e: ChooseBook, ctx: Any) -> tuple[Warn, ...]:
    del ctx
    return (Warn("FOCUS_DRIFT", params={"thoughts": s.thoughts}),) if s.thoughts else ()


class Thoughts(Struct, frozen=True):
    """The view: how many thoughts."""

    book: str | None
    thoughts: int


def _thoughts(s: Circle, look: Any) -> Thoughts:
    del look
    return Thoughts(s.book, s.thoughts)


def _cast(s: Circle) -> Mapping[str, tuple[UUID, ...]]:
    return {"host": (s.host,) if s.host else (), "reader": s.readers}


def _open(s: Circle, e: OpenCircle, ctx: Any) -> Iterable[Any]:
    del s, ctx
    yield e


def _build() -> Method:
    circle = Builder(
        "reading-circle",
        1,
        "Reading circle",
        state=Circle,
        roles=(HOST, READER),
        cast=_cast,
        acknowledgers=(HOST,),
    )
    reading, closed = circle.stages("reading", final=("closed",))
    circle.move(OpenCircle, by=MEMBER, opens=True, handler=_open, facts=(OpenCircle,))
    circle.move(InviteReader, by=HOST, at=reading)
    circle.move(ChooseBook, by=HOST, at=reading, decision=True, about="book", warns=(_late,))
    circle.move(
        RecordThought,
        by=(HOST, READER),
        at=reading,
        rules=(a_book_is_chosen, the_page_exists),
        offline=True,
    )
    circle.move(CloseCircle, by=HOST, at=reading, to=closed, decision=True)
    for fact in (OpenCircle, InviteReader, ChooseBook, CloseCircle):
        circle.show(fact, to=(HOST, READER))
    circle.show(RecordThought, to=(HOST, READER), hide=("by",))
    circle.view("thoughts", "Thoughts", to=(HOST, READER), build=_thoughts, schema=Thoughts)
    return circle.build()


CIRCLE = _build()
