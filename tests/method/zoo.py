"""A zoo of broken methods: each is a small shared diary with one thing wrong with it.

``SOUND`` is the diary as it should be. Every animal has a name at the top of the module, so that
the kit can walk it in another process.
"""

import os
import random
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Struct

from enquiry import (
    MEMBER,
    Builder,
    Ctx,
    Entry,
    Look,
    Method,
    Role,
    Stage,
    State,
    Step,
    Warn,
    Was,
    Watch,
    ask,
    guard,
    plain,
    rule,
    text,
)

KEEPER = Role("keeper", at_least=1, at_most=1)
READER = Role("reader")


class Diary(State):
    """What the diary remembers."""

    keeper: UUID | None = None
    readers: tuple[UUID, ...] = ()
    pages: tuple[UUID, ...] = ()
    moods: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    seen: Mapping[str, int] = {}


class Start(Entry, records="started"):
    """Start a diary"""

    def apply(self, s: Diary, was: Was) -> Diary:
        """Whoever starts it keeps it."""
        return s.but(keeper=was.by)


class AddReader(Entry, records="reader-added"):
    """Let somebody read along"""

    person: Annotated[UUID, ask("Whom?", ui="people")]

    def apply(self, s: Diary, was: Was) -> Diary:
        """Once each."""
        known = tuple(p for p in s.readers if p != self.person)
        return s.but(readers=(*known, self.person))


class Write(Entry, records="written"):
    """Write a page"""

    words: Annotated[str, text("What happened?", upto=400, lines=4)]
    mood: Annotated[Literal["sunny", "grey"], ask("How was it?")]

    def apply(self, s: Diary, was: Was) -> Diary:
        """One page more."""
        return s.but(
            pages=(*s.pages, was.id), moods=(*s.moods, self.mood), words=(*s.words, self.words)
        )


class Close(Entry, records="closed"):
    """Close the diary"""


class Cover(Struct, frozen=True):
    """What the readers see from outside."""

    readers: int


def cover(s: Diary, look: Look) -> Cover:
    """How many read along."""
    del look
    return Cover(len(s.readers))


@guard("STEP_ORDER", "Write something first.")
def something_written(s: Diary, ctx: Ctx) -> bool:
    """There is a page."""
    del ctx
    return bool(s.pages)


def _cast(s: Diary) -> Mapping[str, tuple[UUID, ...]]:
    return {"keeper": (s.keeper,) if s.keeper else (), "reader": s.readers}


def build(
    *,
    state: type[Diary] = Diary,
    start: type[Entry] = Start,
    write: type[Entry] = Write,
    close_rules: tuple[Any, ...] = (something_written,),
    roles: tuple[Role, ...] = (KEEPER, READER),
    change: Callable[[Builder], Any] | None = None,
    view: Callable[[Any, Look], Any] = cover,
    schema: type = Cover,
    cast: Callable[[Any], Mapping[str, tuple[UUID, ...]]] = _cast,
    **of_write: Any,
) -> Method:
    """The diary, with something else in one place."""
    diary = Builder("diary", 1, "A diary", state=state, roles=roles, cast=cast)
    opened, closed = diary.stages("open", final=("closed",))
    diary.move(start, by=MEMBER, opens=True, kind="start")
    diary.move(AddReader, by=KEEPER, at=opened)
    diary.move(write, by=KEEPER, at=opened, kind="write", **of_write)
    diary.move(Close, by=KEEPER, at=opened, to=closed, rules=close_rules)
    diary.show(start, to=READER, today=True)
    diary.show(AddReader, to=READER, today=True)
    diary.show(Close, to=READER)
    diary.view("cover", "The cover", to=(KEEPER, READER), build=view, schema=schema)
    if change is not None:
        change(diary)
    return diary.build()


SOUND = build()


def _attic(diary: Builder) -> None:
    (attic,) = diary.stages("attic")
    diary.move(Dust, by=KEEPER, at=attic, to=Stage("closed", final=True))


class Dust(Entry, records="dusted"):
    """Dust the attic"""


def _cellar(diary: Builder) -> None:
    (cellar,) = diary.stages("cellar")
    diary.move(Dust, by=KEEPER, at=Stage("open"), to=cellar)


ORPHAN = build(change=_attic)
DEAD_END = build(change=_cellar)

BURGLAR = Role("burglar")


def _burgle(diary: Builder) -> None:
    diary.move(Dust, by=(KEEPER, BURGLAR), at=Stage("open"))


UNDECLARED_ROLE = build(change=_burgle)
UNUSED_ROLE = build(roles=(KEEPER, READER, BURGLAR))


class ListDiary(Diary):
    """A state that can be changed in place."""

    ticks: list[int] = []  # noqa: RUF012 - that is what is wrong with it


MUTABLE_STATE = build(state=ListDiary)


class WriteFloat(Write, records="written"):
    """Write a page"""

    hours: Annotated[float, ask("How many hours?")] = 1.0


FLOAT_FACT = build(write=WriteFloat)


class WriteUntitled(Entry, records="written"):
    words: Annotated[str, text("What happened?", upto=400)]

    def apply(self, s: Diary, was: Was) -> Diary:
        """One page more."""
        return s.but(pages=(*s.pages, was.id))


UNTITLED = build(write=WriteUntitled)


class WriteUnasked(Write, records="written"):
    """Write a page"""

    count: int = 1


UNASKED = build(write=WriteUnasked)


@rule("NOT_PERMITTED", "Only on sunny days.")
def is_sunny(s: Diary, e: Write, ctx: Ctx) -> bool:
    """Judged where the mood is not read yet."""
    del s, ctx
    return e.mood == "sunny"


NEVER_ASKED = build(rules=(is_sunny,))


class WriteUnmarked(Write, records="written"):
    """Write a page"""

    place: Annotated[str, ask("Where?")] = "here"


UNMARKED = build(write=WriteUnmarked)


@rule("NOT_PERMITTED", "Only in the evening.", step=Step.DOMAIN)
def evening(s: Diary, e: Write, ctx: Ctx) -> bool:
    """A code of the catalogue at a step that is not its own."""
    del s, e, ctx
    return True


MISPLACED_CODE = build(rules=(evening,))


def _misspelt(diary: Builder) -> None:
    diary.show(Write, to=READER, hide=("wrods",))


MISSPELT_ROW = build(change=_misspelt)


class WriteAnew(Write, records="written", version=3):
    """Write a page"""


def _one_step(diary: Builder) -> None:
    diary.upcast("written", 2)(lambda value: value)


MISSING_UPCAST = build(write=WriteAnew, change=_one_step)


_COUNTED = [0]


class Counted(Entry, records="counted"):
    """A page was counted"""

    number: int


def _count(s: Diary, e: Write, ctx: Ctx) -> Iterable[Entry]:
    del s, ctx
    _COUNTED[0] += 1
    yield e
    yield Counted(number=_COUNTED[0])


HIDDEN_COUNTER = build(handler=_count, facts=(Write, Counted))


class Tagged(Entry, records="tagged"):
    """A page was tagged"""

    tags: tuple[Annotated[str, plain("Tag", because="one of four words")], ...]


def _tag(s: Diary, e: Write, ctx: Ctx) -> Iterable[Entry]:
    del s, ctx
    yield e
    yield Tagged(tags=tuple({"home", "garden", "street", "school"}))


SET_ORDER = build(handler=_tag, facts=(Write, Tagged))


class Rated(Entry, records="rated"):
    """A page was rated"""

    stars: Annotated[int, ask("How many?", ge=1, le=5)]


def _rate(s: Diary, e: Write, ctx: Ctx) -> Iterable[Entry]:
    del s, ctx
    yield e
    yield Rated(stars=9 if e.mood == "grey" else 3)


OWN_LIMITS = build(handler=_rate, facts=(Write, Rated))

_FOLDED = [0]


class WriteGlobal(Write, records="written"):
    """Write a page"""

    def apply(self, s: Diary, was: Was) -> Diary:
        """The state depends on how often anything was folded."""
        _FOLDED[0] += 1
        return s.but(pages=(*s.pages, was.id), seen={"folded": _FOLDED[0]})


FOLDED_GLOBAL = build(write=WriteGlobal)


class WriteFragile(Write, records="written"):
    """Write a page"""

    def apply(self, s: Diary, was: Was) -> Diary:
        """It refuses a third page, when it is too late to refuse."""
        if len(s.pages) == 2:
            raise ValueError("the diary is full")
        return s.but(pages=(*s.pages, was.id))


FOLDING_REFUSES = build(write=WriteFragile)


@guard("STEP_ORDER", "The first page must be there.")
def first_page(s: Diary, ctx: Ctx) -> bool:
    """It looks where nothing is."""
    del ctx
    return s.pages[0] is not None


CRASHING_GUARD = build(close_rules=(first_page,))


def _look_up(s: Diary, e: Write, ctx: Ctx) -> Iterable[Entry]:
    del ctx
    if e.mood == "grey" and s.pages:
        raise KeyError("umbrella")
    yield e


CRASHING_HANDLER = build(handler=_look_up)


def _jump(s: Diary, e: Write, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield e
    if e.mood == "grey":
        yield Stage("closed", final=True)


UNDECLARED_TARGET = build(handler=_jump)


def _smuggle(s: Diary, e: Write, ctx: Ctx) -> Iterable[Any]:
    del s, ctx
    yield e
    yield Close()


UNDECLARED_FACT = build(handler=_smuggle, facts=(Write,))


@guard("STEP_ORDER", "Never.")
def never(s: Diary, ctx: Ctx) -> bool:
    """It never holds."""
    del s, ctx
    return False


NEVER_OPENS = build(close_rules=(never,))


@rule("CRITERIA_REQUIRED", "Not like this.")
def nothing_will_do(s: Diary, e: Any, ctx: Ctx) -> bool:
    """Offered, and refused whatever is filled in."""
    del s, e, ctx
    return False


DEAD_BUTTON = build(close_rules=(nothing_will_do,))


@guard("STEP_ORDER", "Enough pages.")
def not_yet_three(s: Diary, ctx: Ctx) -> bool:
    """After three pages nothing more can be written."""
    del ctx
    return len(s.pages) < 3


@guard("STEP_ORDER", "Too few pages.")
def exactly_two(s: Diary, ctx: Ctx) -> bool:
    """It can only be closed at one moment, which passes."""
    del ctx
    return len(s.pages) == 2


@guard("STEP_ORDER", "Enough readers.")
def nobody_yet(s: Diary, ctx: Ctx) -> bool:
    """Readers only at the beginning."""
    del ctx
    return not s.readers and not s.pages


def _stuck() -> Method:
    diary = Builder("diary", 1, "A diary", state=Diary, roles=(KEEPER, READER), cast=_cast)
    opened, closed = diary.stages("open", final=("closed",))
    diary.move(Start, by=MEMBER, opens=True)
    diary.move(AddReader, by=KEEPER, at=opened, rules=(nobody_yet,))
    diary.move(Write, by=KEEPER, at=opened, rules=(not_yet_three,))
    diary.move(Close, by=KEEPER, at=opened, to=closed, rules=(exactly_two,))
    diary.show(AddReader, to=READER)
    return diary.build()


STUCK = _stuck()


@guard("STEP_ORDER", "Not on this day.")
def today(s: Diary, ctx: Ctx) -> bool:
    """It looks at the clock on the wall."""
    del ctx
    return datetime.now().year > 2000 and bool(s.pages)


WALL_CLOCK = build(close_rules=(today,))


@guard("STEP_ORDER", "Not yet.")
def later(s: Diary, ctx: Ctx, clock: Callable[[], float] = time.time) -> bool:
    """It kept a clock where nobody looks for one."""
    del ctx
    return clock() > 0 and bool(s.pages)


KEPT_CLOCK = build(close_rules=(later,))


def _dice(s: Diary, e: Write, ctx: Ctx) -> Iterable[Entry]:
    del s, ctx
    random.random()
    yield e


DICE = build(handler=_dice)


def _environment(s: Diary, look: Look) -> Cover:
    del look
    return Cover(len(s.readers) + len(os.environ.get("NO_SUCH_VARIABLE", "")))


ENVIRONMENT = build(view=_environment)


def _file(s: Diary) -> Mapping[str, tuple[UUID, ...]]:
    with open(os.devnull, encoding="utf-8"):
        return _cast(s)


FILE_IN_CAST = build(cast=_file)


class Telling(Struct, frozen=True):
    """A cover that tells more than it should."""

    told: tuple[str, ...]


def _moods(s: Diary, look: Look) -> Telling:
    del look
    return Telling(s.moods)


def _pages(s: Diary, look: Look) -> Telling:
    del look
    return Telling((str(len(s.pages)),))


def _words(s: Diary, look: Look) -> Telling:
    del look
    return Telling(s.words)


LEAKED_VALUE = build(view=_moods, schema=Telling)
LEAKED_COUNT = build(view=_pages, schema=Telling)
LEAKED_TEXT = build(view=_words, schema=Telling)


def _unsigned(diary: Builder) -> None:
    diary.show(Write, to=READER, today=True, hide=("by",))


class Signed(Struct, frozen=True):
    """Who wrote last."""

    last: UUID | None


class LastDiary(Diary):
    """A diary that remembers who wrote last."""

    last: UUID | None = None


class WriteLast(Write, records="written"):
    """Write a page"""

    def apply(self, s: LastDiary, was: Was) -> LastDiary:
        """Remember the author."""
        return s.but(pages=(*s.pages, was.id), last=was.by)


def _signature(s: LastDiary, look: Look) -> Signed:
    del look
    return Signed(s.last)


def _leaked_author() -> Method:
    diary = Builder("diary", 1, "A diary", state=LastDiary, roles=(KEEPER, READER), cast=_cast)
    opened, closed = diary.stages("open", final=("closed",))
    diary.move(Start, by=MEMBER, opens=True)
    diary.move(AddReader, by=KEEPER, at=opened)
    diary.move(WriteLast, by=(KEEPER, READER), at=opened)
    diary.move(Close, by=KEEPER, at=opened, to=closed, rules=(something_written,))
    diary.show(Start, to=READER, today=True)
    diary.show(AddReader, to=READER, today=True)
    diary.show(WriteLast, to=READER, today=True, hide=("by",))
    diary.view("cover", "The cover", to=(KEEPER, READER), build=_signature, schema=Signed)
    return diary.build()


LEAKED_AUTHOR = _leaked_author()


def _in_place(s: Diary, e: Write, ctx: Ctx) -> Iterable[Entry]:
    del ctx
    yield e
    seen: Any = s.seen
    seen["pages"] = seen.get("pages", 0) + 1


IN_PLACE = build(handler=_in_place)


class Titled(Entry, records="titled"):
    """A page got a title"""

    title: Annotated[str, plain("Title", because="the first word, which says nothing")]


def _first_word(s: Diary, e: Write, ctx: Ctx) -> Iterable[Entry]:
    del s, ctx
    yield e
    yield Titled(title=e.words)


LAUNDERED = build(handler=_first_word, facts=(Write, Titled))


class Measured(Entry, records="measured"):
    """A page was measured"""

    letters: int


def _measure(s: Diary, e: Write, ctx: Ctx) -> Iterable[Entry]:
    del s, ctx
    yield e
    yield Measured(letters=len(e.words))


MEASURED_WORDS = build(handler=_measure, facts=(Write, Measured))


def _strange_watch(diary: Builder) -> None:
    def many(s: Diary, ctx: Ctx) -> tuple[Warn, ...]:
        del ctx
        return (Warn("FOCUS_DRIFT"),) if len(s.pages) > 1 else ()

    diary.watch(Watch("TIMEBOX_OVERRUN", many))


STRANGE_WATCH = build(change=_strange_watch)


def _weightless(s: Diary, e: Write, ctx: Ctx) -> tuple[Warn, ...]:
    del s, e, ctx
    return (Warn("INK_IS_LOW"),)


WEIGHTLESS_WARNING = build(warns=(_weightless,))

ZOO: Mapping[str, tuple[Method, frozenset[str]]] = {
    name: (method, frozenset(checks.split()))
    for name, method, checks in (
        ("an orphan stage", ORPHAN, "M01 P06"),
        ("a dead end", DEAD_END, "M01 P06"),
        ("a role that is not declared", UNDECLARED_ROLE, "M02"),
        ("a role that nothing uses", UNUSED_ROLE, "M02"),
        ("a state that can be changed in place", MUTABLE_STATE, "M03"),
        ("a fact with a float", FLOAT_FACT, "M03"),
        ("a form without a title", UNTITLED, "M04"),
        ("a field that asks nothing", UNASKED, "M04"),
        ("a rule that would never be asked", NEVER_ASKED, "M05"),
        ("a text that is nobody's", UNMARKED, "M06"),
        ("a code at a step not its own", MISPLACED_CODE, "M07"),
        ("a row that hides a misspelt field", MISSPELT_ROW, "M08"),
        ("an old version that cannot be lifted", MISSING_UPCAST, "P07"),
        ("a hidden counter", HIDDEN_COUNTER, "P01"),
        ("the order of a set", SET_ORDER, "P01"),
        ("a fact beyond its own limits", OWN_LIMITS, "P02"),
        ("folding that reads a global", FOLDED_GLOBAL, "P03"),
        ("folding that refuses", FOLDING_REFUSES, "P03"),
        ("a guard that crashes", CRASHING_GUARD, "P04"),
        ("a handler that crashes", CRASHING_HANDLER, "P04"),
        ("a jump to an undeclared stage", UNDECLARED_TARGET, "P05"),
        ("a fact that its move does not declare", UNDECLARED_FACT, "P05"),
        ("a guard that never opens", NEVER_OPENS, "P06"),
        ("a dead button", DEAD_BUTTON, "P06"),
        ("a place where everybody is stuck", STUCK, "P06"),
        ("a clock on the wall", WALL_CLOCK, "P08"),
        ("a clock kept as a default", KEPT_CLOCK, "P08"),
        ("dice", DICE, "P08"),
        ("the environment", ENVIRONMENT, "P08"),
        ("a file", FILE_IN_CAST, "P08"),
        ("a leaked value", LEAKED_VALUE, "P09"),
        ("a leaked count", LEAKED_COUNT, "P09"),
        ("a leaked text", LEAKED_TEXT, "P09"),
        ("a leaked author", LEAKED_AUTHOR, "P09"),
        ("a state changed in place", IN_PLACE, "P10"),
        ("a text in a plain field", LAUNDERED, "P13"),
        ("the length of a text", MEASURED_WORDS, "P13"),
        ("a watch that raises another's warning", STRANGE_WATCH, "P14"),
        ("a warning without a weight", WEIGHTLESS_WARNING, "P14"),
    )
}
"""Each broken method, with the checks that must fail for it: no other may. Where nobody can get to
or from a stage, walks find what the look at the chart found."""

__all__ = ["SOUND", "ZOO"]
