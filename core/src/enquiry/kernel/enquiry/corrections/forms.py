"""The form and the fact of a note of correction."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text


class CorrectionNote(Entry, records="correction-noted"):
    """Add a note of correction to something of your own; the record itself stays"""

    contribution: Annotated[UUID, ask("To which of your contributions?", address=True)]
    text: Annotated[
        str, text("What is to be corrected?", upto=2000, lines=3, guard="contributions")
    ]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """It shares the fate of what it corrects."""
        return s.but(corrections={**s.corrections, was.id: self.contribution})
