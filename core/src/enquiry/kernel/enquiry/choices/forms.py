"""Forms and facts of the choice of a method."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.choices.state import Choice
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, plain, text

_REASON = text("Why does it suit the question?", upto=1000, lines=3)
_EXPECTED = text("What is it expected to tell?", upto=1000, lines=3)


class MethodChosen(Entry, records="method-chosen"):
    """The group chose a method"""

    proposal: UUID
    method: Annotated[str, plain("Which method?", because="the id of a method")]
    reasoned: bool = False
    """Whether the reason says why."""
    familiar: bool = True
    left_out: tuple[UUID, ...] = ()

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """A reason once given is not lost by choosing again without one."""
        known = s.reasons.get(self.method, False) or self.reasoned
        made = Choice(
            id=self.proposal,
            method=self.method,
            reasoned=self.reasoned,
            familiar=self.familiar,
            left_out=self.left_out,
        )
        return s.but(choices=(*s.choices, made), reasons={**s.reasons, self.method: known})


class AmendMethodReason(Entry):
    """Say why a method that was chosen suits the question; the choice itself stays"""

    choice: Annotated[UUID, ask("Which choice?", address=True, ui="choice")]
    reason: Annotated[str, _REASON]
    expected_information: Annotated[str, _EXPECTED] | None = None


class MethodReasonAmended(Entry, records="method-reason-amended"):
    """Somebody said why the method suits the question"""

    choice: UUID
    reason: Annotated[str, _REASON]
    expected_information: Annotated[str, _EXPECTED] | None = None
    reasoned: bool = False
    """Whether the reason says why."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """A reason is known, unless it says that nobody knows."""
        if not self.reasoned:
            return s
        choices = tuple(c.but(reasoned=True) if c.id == self.choice else c for c in s.choices)
        methods = {c.method: True for c in choices if c.id == self.choice}
        return s.but(choices=choices, reasons={**s.reasons, **methods})
