"""Taking back a contribution of one's own, while its window is open; that there was one remains."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.run.consenting import what_is_lost
from enquiry.kernel.run.settings import Settings, add
from enquiry.kernel.run.state import Run
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask
from enquiry.method.method import Recorded
from enquiry.method.roles import Viewer
from enquiry.method.rules import rule


class RetractContribution(Entry, records="run/contribution-retracted"):
    """Take back a contribution of yours"""

    contribution: Annotated[UUID, ask("Which of your contributions?", address=True)]

    def apply(self, s: Run, was: Was) -> Run:
        """Nobody sees it any more, nor what was said to correct it."""
        return s.retracted(self.contribution, was)


@rule("NOT_FOUND", "There is no such contribution of yours.", source="4.3")
def wrote_it(s: Run, e: RetractContribution, ctx: Ctx) -> bool:
    """Nobody takes back what somebody else wrote, nor anything twice."""
    return s.wrote(e.contribution, ctx.actor)


@rule("WRONG_STAGE", "The others rest on it by now: it can no longer be taken back.", source="4.3")
def window_is_open(s: Run, e: RetractContribution, ctx: Ctx) -> bool:
    """The method says how long something can be taken back."""
    del ctx
    return s.may_retract(e.contribution)


def retracting(run: Builder, settings: Settings) -> None:
    """Everybody takes back what is their own; whoever could read it sees that it is gone.

    Where a method has a code of its own for its window, that rule is asked first.
    """
    add(
        run,
        settings,
        RetractContribution,
        by=settings.retracting,
        rules=(wrote_it,),
        last=(window_is_open,),
        also=what_is_lost,
    )
    run.show(RetractContribution, to=settings.everybody, today=True, when=_could_read_it)


def _could_read_it(s: Run, fact: Recorded, viewer: Viewer) -> bool:
    """The method lets them read what it was."""
    return s.may_read(getattr(fact.entry, "contribution"), viewer.person)  # noqa: B009
