"""A watch that says what it looks at is judged again only when that has changed."""

from uuid import UUID

from enquiry import MEMBER, Builder, Ctx, Entry, Role, State, Warn, Was, Watch
from enquiry.testing import Story, given

LEAD = Role("lead")


class Shelf(State):
    """Books and cups."""

    lead: UUID | None = None
    books: tuple[str, ...] = ()
    cups: int = 0


class Begin(Entry, records="begun"):
    """Begin"""

    def apply(self, s: Shelf, was: Was) -> Shelf:
        """Whoever begins leads."""
        return s.but(lead=was.by)


class SetBooks(Entry, records="books-set"):
    """Say which books there are"""

    books: tuple[str, ...]

    def apply(self, s: Shelf, was: Was) -> Shelf:
        """Exactly these."""
        return s.but(books=self.books)


class AddCup(Entry, records="cup-added"):
    """Add a cup"""

    def apply(self, s: Shelf, was: Was) -> Shelf:
        """One more."""
        return s.but(cups=s.cups + 1)


class _Counted:
    """A watch over the books, and how often it was judged."""

    def __init__(self) -> None:
        self.judged = 0

    def __call__(self, s: Shelf, ctx: Ctx) -> tuple[Warn, ...]:
        del ctx
        self.judged += 1
        return tuple(Warn("FOCUS_DRIFT", about=book) for book in s.books)


def _shelf(holds: _Counted, *looks_at: str) -> Story:
    shelf = Builder(
        "shelf",
        1,
        "Shelf",
        state=Shelf,
        roles=(LEAD,),
        cast=lambda s: {"lead": (s.lead,) if s.lead else ()},
    )
    shelf.stages("open", final=("closed",))
    shelf.move(Begin, by=MEMBER, opens=True)
    shelf.move(SetBooks, by=LEAD)
    shelf.move(AddCup, by=LEAD)
    shelf.watch(Watch("FOCUS_DRIFT", holds, looks_at=looks_at))
    return given(shelf.build()).who("Petra").does("begin").settled()


def _cups(story: Story, holds: _Counted) -> int:
    """How often the watch was judged while two cups were added."""
    story = story.does("add-cup").settled()
    before = holds.judged
    story.does("add-cup").does("add-cup").settled()
    return holds.judged - before


def test_what_has_not_changed_is_not_judged_again() -> None:
    holds = _Counted()
    assert _cups(_shelf(holds, "books").does("set-books", {"books": ["a"]}), holds) == 0


def test_a_watch_that_does_not_say_is_judged_after_every_act() -> None:
    holds = _Counted()
    assert _cups(_shelf(holds).does("set-books", {"books": ["a"]}), holds) >= 2


def test_a_change_of_what_it_looks_at_raises_and_resolves() -> None:
    story = _shelf(_Counted(), "books").does("set-books", {"books": ["a"]})
    story = story.then(warns=["FOCUS_DRIFT"]).does("add-cup").then(warns=[], resolves=[])
    story = story.does("set-books", {"books": ["b"]})
    story = story.then(warns=["FOCUS_DRIFT"], resolves=["FOCUS_DRIFT"])
    story.does("set-books", {"books": []}).then(warns=[], resolves=["FOCUS_DRIFT"])


def test_two_streams_of_a_method_are_judged_each_by_what_it_holds() -> None:
    holds = _Counted()
    one = _shelf(holds, "books").does("set-books", {"books": ["a"]}).then(warns=["FOCUS_DRIFT"])
    other = _shelf(holds, "books").does("add-cup").then(warns=[])
    one.does("add-cup").then(warns=[], resolves=[])
    other.does("set-books", {"books": ["a"]}).then(warns=["FOCUS_DRIFT"])
