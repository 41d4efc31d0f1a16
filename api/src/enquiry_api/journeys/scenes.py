"""A story as a sequence of scenes: one command or question each, with its time and its actor."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from enquiry_api.journeys.names import OPERATOR, local
from enquiry_api.journeys.story import Step, Story, StoryError, zone_of


class Scene(Struct, frozen=True):
    """One command or question of a story, with everything said that its step leaves open."""

    story: Story
    step: Step
    who: str
    now: datetime
    number: int
    """Which of the story's scenes, from 1."""

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.story.path}:{self.step.line}"

    @property
    def tell(self) -> str:
        """What happens, in a few words."""
        return self.step.tell or f"{self.who}: {self._deed()}"

    def _deed(self) -> str:
        step = self.step
        if step.do is not None:
            return step.do
        if step.tick:
            return "time passes"
        return "inbox" if step.inbox else f"reads {step.view or step.read}"


def scenes(story: Story) -> Iterator[Scene]:
    """Every scene of a story, in order; each not before the one before it.

    Raises:
        StoryError: a time cannot be read, goes backwards, or is missing at the start.
    """
    number = 0
    now: datetime | None = None
    for outer in story.steps:
        for step in _spread(outer):
            zone = zone_of(story, step)
            if step.when is not None:
                now = _later(story, step, _local(story, step, now, zone), now)
            if now is None:
                raise StoryError(f"{story.path}:{step.line}: the first step says when")
            whos = (step.who,) if isinstance(step.who, str) else (step.who or (OPERATOR,))
            for who in whos:
                number += 1
                yield Scene(story, step, who, now, number)


def _local(story: Story, step: Step, before: datetime | None, zone: ZoneInfo) -> datetime:
    """The time of a step; a message says where it stands."""
    try:
        return local(step.when or "", before, zone)
    except StoryError as error:
        raise StoryError(f"{story.path}:{step.line}: {error}") from None


def _later(story: Story, step: Step, now: datetime, before: datetime | None) -> datetime:
    if before is not None and now < before:
        raise StoryError(f"{story.path}:{step.line}: {step.when} is before the step before it")
    return now


def _spread(outer: Step) -> tuple[Step, ...]:
    """The steps within a step, each with what the outer one says for all."""
    if not outer.all:
        return (outer,)
    kept = ("when", "zone", "row", "tell", "who", "do", "on", "within", "expect", "read", "view")
    said = {name: getattr(outer, name) for name in kept}
    return tuple(
        replace(one, **{name: value for name, value in said.items() if not getattr(one, name)})
        for one in outer.all
    )
