"""The checklist of what research says, beside the focus that the group has."""

from msgspec import Struct

from enquiry.kernel.enquiry.agreement.rules import content_of
from enquiry.kernel.enquiry.agreement.state import Kind
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.propositions import shipped
from enquiry.method.method import Look


class PropositionShown(Struct, frozen=True):
    """One thing that research says."""

    key: str
    gist: str
    """In our words."""
    in_focus: bool
    """Whether the adopted focus returns to it."""


class PropositionsShown(Struct, frozen=True):
    """What research says about one matter."""

    key: str
    title: str
    items: tuple[PropositionShown, ...]


class Checklist(Struct, frozen=True):
    """Lists to return to, in their order."""

    lists: tuple[PropositionsShown, ...]


def checklist(s: Enquiry, look: Look) -> Checklist:
    """All propositions, and which of them the focus names."""
    del look
    adopted = s.focused.focus
    content = content_of(s, adopted, Kind.FOCUS) if adopted is not None else None
    named = frozenset(content.focus.propositions) if content is not None else frozenset[str]()
    return Checklist(
        tuple(
            PropositionsShown(
                some.key,
                some.title,
                tuple(PropositionShown(one.key, one.gist, one.key in named) for one in some.items),
            )
            for some in shipped()
        )
    )
