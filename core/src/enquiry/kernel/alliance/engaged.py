"""How many enquiries a school takes part in at a time: told to the alliance by each enquiry.

Nobody reads these facts. What they bring to light is remarked in the enquiries themselves, to the
school that it is about (``enquiry.kernel.enquiry.load``).

Source: 2.21.
"""

from uuid import UUID

from enquiry.kernel.alliance.state import Alliance
from enquiry.method.builder import Builder
from enquiry.method.entry import Entry, Was


class SchoolsEngaged(Entry, records="schools-engaged"):
    """Schools that take part in an enquiry that is going on"""

    enquiry: UUID
    schools: tuple[UUID, ...] = ()
    """All of them, in place of those told before; none while it rests and when it is over."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Each school is engaged in this enquiry, or no longer."""
        engaged = {
            school: tuple(one for one in s.engaged.get(school, ()) if one != self.enquiry)
            for school in (*s.engaged, *self.schools)
        }
        for school in self.schools:
            engaged[school] = (*engaged[school], self.enquiry)
        return s.but(engaged={school: held for school, held in engaged.items() if held})


def engaged(alliance: Builder) -> None:
    """Let the alliance be told."""
    alliance.fact(SchoolsEngaged)
