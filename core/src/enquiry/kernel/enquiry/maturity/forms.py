"""Forms and facts of placements."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.maturity.content import Placed
from enquiry.kernel.enquiry.maturity.state import JointPlacement, SchoolPlacement
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, text

_NOTE = text("What makes you think so?", upto=2000, lines=3, guard="reports")


class PlaceSchool(Entry):
    """Say how developed the partnership is at your school"""

    school: Annotated[UUID, ask("Which school?", address=True, ui="choice")]
    strands: Annotated[
        tuple[Placed, ...], ask("How far is each strand developed?", at_least=1, at_most=60)
    ]
    comparable: Annotated[
        bool, ask("May the other schools see it, once all schools have said so?")
    ] = False
    note: Annotated[str, _NOTE] | None = None


class SchoolPlaced(Entry, records="school-placed"):
    """A school placed itself"""

    school: UUID
    model: int
    """Version of the model."""
    strands: tuple[Placed, ...]
    comparable: bool = False
    note: Annotated[str, _NOTE] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The last placement counts."""
        made = SchoolPlacement(
            id=was.id,
            model=self.model,
            strands=self.strands,
            at=was.at,
            comparable=self.comparable,
        )
        schools = {**s.maturity.schools, self.school: made}
        return s.but(maturity=s.maturity.but(schools=schools))


class AlliancePlaced(Entry, records="alliance-placed"):
    """The schools agreed where their alliance stands"""

    proposal: UUID
    model: int
    """Version of the model."""
    strands: tuple[Placed, ...]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Earlier ones stay, so that development can be seen."""
        made = JointPlacement(
            proposal=self.proposal, model=self.model, strands=self.strands, at=was.at
        )
        return s.but(maturity=s.maturity.but(joint=(*s.maturity.joint, made)))
