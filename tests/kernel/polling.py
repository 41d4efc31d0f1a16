"""The smallest method that has surveys: a group with members and a lead, reviewed or not."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from enquiry.kernel.surveys import Asking, WithSurveys, surveys
from enquiry.method.builder import Builder
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask
from enquiry.method.roles import MEMBER, Role

LEAD = Role("lead", "whoever leads", at_most=1)
GROUP = Role("group", "whoever takes part")


class Polling(WithSurveys):
    """Who takes part, and whether ethics were reviewed."""

    lead: UUID | None = None
    schools: tuple[UUID, ...] = ()
    people: tuple[UUID, ...] = ()
    reviewed: bool = False


class OpenPolling(Entry, records="polling-opened"):
    """Open a group"""

    people: Annotated[tuple[UUID, ...], ask("Who takes part?", ui="people")]
    schools: Annotated[tuple[UUID, ...], ask("Which schools?")] = ()

    def apply(self, s: Polling, was: Was) -> Polling:
        """Whoever opens it leads."""
        return s.but(lead=was.by, people=(was.by, *self.people), schools=self.schools)


class ReviewEthics(Entry, records="ethics-reviewed"):
    """Complete the ethics review"""

    def apply(self, s: Polling, was: Was) -> Polling:
        """Surveys may be opened."""
        return s.but(reviewed=True)


def _cast(s: Polling) -> Mapping[str, tuple[UUID, ...]]:
    return {"lead": () if s.lead is None else (s.lead,), "group": s.people}


def _polling() -> Any:
    polling = Builder(
        "polling", 1, "Polling", state=Polling, roles=(LEAD, GROUP), cast=_cast, stream="enquiry"
    )
    polling.stages("open")
    polling.move(OpenPolling, by=MEMBER, opens=True)
    polling.move(ReviewEthics, by=LEAD)
    for fact in (OpenPolling, ReviewEthics):
        polling.show(fact, to=GROUP, today=True)
    settings = Asking(
        openers=(LEAD,),
        respondents=(GROUP,),
        followers=(LEAD,),
        members=lambda s: s.people,
        reviewed=lambda s: s.reviewed,
    )
    surveys(polling, settings)
    return polling.build()


POLLING = _polling()
