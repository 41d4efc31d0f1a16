"""Forms and facts of the norms."""

from typing import Annotated

from enquiry.kernel.enquiry.norms.state import Principle
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, text


class Norm(Piece):
    """One agreed way of working."""

    principle: Annotated[Principle, ask("What is it about?", ui="choice")]
    text: Annotated[str, text("How do we want to work?", upto=500, lines=2)]


class ProposeNorms(Entry, records="norms-proposed"):
    """Propose the norms of the group, or a new version of them"""

    items: Annotated[tuple[Norm, ...], ask("Which?", at_least=1, at_most=40)]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """A new version; whoever adopted an earlier one has yet to adopt this."""
        about = tuple(dict.fromkeys(item.principle for item in self.items))
        return s.but(norms=s.norms.but(version=s.norms.version + 1, principles=about))


class AdoptNorms(Entry, records="norms-adopted"):
    """Adopt the norms of the group"""

    version: Annotated[int, ask("Which version?", address=True, ge=1)]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Remember who adopted which version."""
        return s.but(norms=s.norms.but(adopted={**s.norms.adopted, was.by: self.version}))
