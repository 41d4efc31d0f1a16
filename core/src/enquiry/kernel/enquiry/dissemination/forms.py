"""The form and the fact of a dissemination."""

from datetime import date
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.dissemination.state import ConsentBasis, Told
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text


class RecordDissemination(Entry, records="dissemination-recorded"):
    """Record that others were told, as the group agreed"""

    proposal: Annotated[
        UUID, ask("Which dissemination did you agree on?", address=True, ui="choice")
    ]
    on: Annotated[date, ask("On which day?", ui="date")]
    artefact: (
        Annotated[str, text("What was shown or handed out?", upto=300, guard="reports")] | None
    ) = None
    consent_basis: Annotated[ConsentBasis, ask("Why may this be told?", ui="choice")]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The same may be told more than once."""
        made = Told(
            id=was.id,
            proposal=self.proposal,
            on=self.on,
            artefact=self.artefact,
            basis=self.consent_basis,
        )
        return s.but(told=(*s.told, made))
