"""What the rules must remember of an enquiry."""

from collections.abc import Mapping
from uuid import UUID

from enquiry.method.entry import State


class Enquiry(State):
    """A group of people and schools with a question."""

    title: str = ""
    schools: tuple[UUID, ...] = ()
    members: tuple[UUID, ...] = ()
    facilitators: tuple[UUID, ...] = ()
    reasons: Mapping[str, bool] = {}
    """By method: whether the group can say why it chose it."""
    ethics_reviewed: bool = False
    evidence: Mapping[UUID, UUID] = {}
    """Run by which evidence was published, by the id of the act by which it was."""

    @property
    def reasoned_methods(self) -> tuple[str, ...]:
        """Methods chosen with a reason."""
        return tuple(method for method, reasoned in self.reasons.items() if reasoned)
