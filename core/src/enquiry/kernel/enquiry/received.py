"""What runs tell the enquiry that they serve."""

from uuid import UUID

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was


class EvidenceReceived(Entry, records="evidence-received"):
    """A run published evidence into the enquiry"""

    run: UUID
    publication: UUID
    """Id of the act by which the run published it."""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Remember where it came from."""
        return s.but(evidence={**s.evidence, self.publication: self.run})


class EvidenceWithdrawn(Entry, records="evidence-withdrawn"):
    """Something that a run had published here was withdrawn; nobody is told whose it was"""

    run: UUID
    publication: UUID
    outputs: tuple[UUID, ...]
    """What the pieces rested on that no longer stand."""
