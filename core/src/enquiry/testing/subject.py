"""What the conformance kit examines, and what it has found."""

import traceback
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.method.compiled import Compiled
from enquiry.method.decide import Undeclared
from enquiry.method.flaw import Flaw
from enquiry.method.method import Method
from enquiry.testing.harness import Stream
from enquiry.testing.story import Story
from enquiry.testing.village import VILLAGE
from enquiry.testing.world import PLATFORM, World, person

STRANGER = person("somebody who belongs to nothing")
Hint = Callable[[Stream, UUID], Mapping[str, Any]]
"""(stream, actor) -> a body that this move may be sent with, where chance would never find one."""

EACH_MAX = 6
"""How many findings of one check are kept: the first ones say enough."""


Start = Callable[[], Story]
"""A moment from which walks go on: a story told so far."""


class Subject(Struct, frozen=True):
    """A method under examination."""

    method: Method
    compiled: Compiled
    world: World = VILLAGE
    bodies: Mapping[str, Hint] = {}
    walks: int = 24
    moves: int = 40
    seed: str = "enquiry"
    processes: bool = True
    """Whether walks are compared across processes, which takes a second or two."""
    starts: tuple[Start, ...] = ()
    """Moments of stories from which walks go on, each in its turn, and one walk from nothing."""

    @property
    def people(self) -> tuple[UUID, ...]:
        """Everybody, with a stranger and the platform."""
        return (*self.world.people.values(), STRANGER, PLATFORM)

    def name(self, who: UUID) -> str:
        """What somebody is called in a finding."""
        if who in (STRANGER, PLATFORM):
            return "a stranger" if who == STRANGER else "the platform"
        return next((n for n, id_ in self.world.people.items() if id_ == who), str(who))


class Findings:
    """Flaws found so far, each kind of flaw once."""

    def __init__(self) -> None:
        """Nothing was found yet."""
        self.flaws: list[Flaw] = []
        self._known: set[tuple[str, str]] = set()

    def add(self, check: str, where: str, says: str, key: str = "") -> None:
        """Note a flaw, unless one of the same check and key is known or there are enough."""
        mark = (check, key or says)
        enough = sum(flaw.check == check for flaw in self.flaws) >= EACH_MAX
        if mark not in self._known and not enough:
            self._known.add(mark)
            self.flaws.append(Flaw(check, where, says))

    def crash(self, where: str, error: Exception) -> None:
        """Note that something raised what is no refusal."""
        frames = traceback.extract_tb(error.__traceback__)
        last = frames[-1] if frames else None
        at = f" ({last.filename.rpartition('/')[2]}:{last.lineno} in {last.name})" if last else ""
        says = f"{type(error).__name__}: {error}{at}"
        self.add(_blamed(error, frames), where, says, key=f"{type(error).__name__}{at}")

    def of(self, *checks: str) -> tuple[Flaw, ...]:
        """Flaws of these checks."""
        return tuple(flaw for flaw in self.flaws if flaw.check in checks)


def _blamed(error: Exception, frames: Any) -> str:
    """Which property a crash breaks: folding is total, targets are declared, rules only refuse."""
    if isinstance(error, Undeclared):
        return "P05"
    if isinstance(error, msgspec.ValidationError) and any(f.name == "evolve" for f in frames):
        return "P02"
    return "P03" if any(frame.name == "apply" for frame in frames) else "P04"
