"""A method with a rule at every step: each holds once its name has been switched on."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from enquiry import (
    MEMBER,
    Builder,
    Ctx,
    Entry,
    Role,
    Rule,
    State,
    Was,
    ask,
    guard,
    plain,
    rule,
)

OWNER = Role("owner")
CLIMBER = Role("climber")
_BECAUSE = "a word of this test"


class Ladder(State):
    """What has been switched on, and who may climb."""

    owner: UUID | None = None
    on: tuple[str, ...] = ()
    climbers: tuple[UUID, ...] = ()


class Begin(Entry, records="begun"):
    """Begin"""

    def apply(self, s: Ladder, was: Was) -> Ladder:
        """Whoever begins owns the ladder."""
        return s.but(owner=was.by)


class Switch(Entry, records="switched"):
    """Switch a rule on"""

    name: Annotated[str, plain("Which?", because=_BECAUSE)]

    def apply(self, s: Ladder, was: Was) -> Ladder:
        """From now on it holds."""
        return s.but(on=(*s.on, self.name))


class Admit(Entry, records="admitted"):
    """Admit a climber"""

    person: Annotated[UUID, ask("Whom?", ui="people")]

    def apply(self, s: Ladder, was: Was) -> Ladder:
        """They may climb."""
        return s.but(climbers=(*s.climbers, self.person))


class MoveOn(Entry, records="moved-on"):
    """Move on"""


class Climb(Entry, records="climbed"):
    """Climb"""

    rung: Annotated[int, ask("Which rung?", address=True, ge=1)]
    hands: Annotated[int, ask("With how many hands?", ge=1, le=2)]


class Stop(Entry, records="stopped"):
    """Stop"""


def needs(name: str, code: str) -> Rule:
    """A rule on the addressed rung: holds once it is switched on."""

    @rule(code, f"{name} is off.")
    def switched_on(s: Ladder, e: Climb, ctx: Ctx) -> bool:
        del ctx
        return name in s.on and e.rung > 0

    return switched_on


@guard("NOT_ALL_AGREED", "Not everybody agreed.")
def agreed(s: Ladder, ctx: Ctx) -> bool:
    """A guard of the last step."""
    del ctx
    return "agreed" in s.on


RULES = (
    # In no order: core sorts by step.
    agreed,
    needs("fields", "GRADING_FORBIDDEN"),
    needs("stage", "FOCUS_LOCKED"),
    needs("consent", "CONSENT_REQUIRED"),
    needs("mine", "OWNER_ONLY"),
    needs("visible", "NOT_FOUND"),
)


def _cast(s: Ladder) -> Mapping[str, tuple[UUID, ...]]:
    return {"owner": (s.owner,) if s.owner else (), "climber": s.climbers}


def _build() -> Any:
    ladder = Builder("ladder", 1, "Ladder", state=Ladder, roles=(OWNER, CLIMBER), cast=_cast)
    low, high, end = ladder.stages("low", "high", final=("end",))
    ladder.move(Begin, by=MEMBER, opens=True)
    ladder.move(Switch, by=OWNER, after_close=True)
    ladder.move(Admit, by=OWNER)
    ladder.move(MoveOn, by=OWNER, at=low, to=high, decision=True, about="rung-1")
    ladder.move(
        Climb,
        by=CLIMBER,
        at=high,
        rules=RULES,
        decision=True,
        about=lambda e: f"rung-{e.rung}",
    )
    ladder.move(Stop, by=OWNER, to=end)
    ladder.show(Begin, to=CLIMBER, today=True)
    return ladder.build()


METHOD = _build()
