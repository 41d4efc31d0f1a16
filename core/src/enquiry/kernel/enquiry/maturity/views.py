"""How developed the partnership is, strand by strand."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.maturity.content import Placed
from enquiry.kernel.enquiry.maturity.rules import model
from enquiry.kernel.enquiry.roles import FACILITATORS
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look
from enquiry.method.roles import Viewer


class StrandShown(Struct, frozen=True):
    """A strand of the model."""

    strand: str
    dimension: str
    gist: str
    """What it is about, in our words."""


class SchoolShown(Struct, frozen=True):
    """Where a school sees itself."""

    school: UUID
    at: datetime
    comparable: bool
    stages: dict[str, str]
    """By strand."""


class JointShown(Struct, frozen=True):
    """Where the schools see their alliance."""

    proposal: UUID
    at: datetime
    stages: dict[str, str]
    """By strand."""


class MaturityShown(Struct, frozen=True):
    """What the viewer may see of both."""

    source: str
    strands: tuple[StrandShown, ...]
    joint: tuple[JointShown, ...]
    """Oldest first."""
    schools: tuple[SchoolShown, ...]
    """The viewer's own; every school's for facilitators, and for all once all have agreed to it."""


def maturity(s: Enquiry, look: Look) -> MaturityShown:
    """The joint placement is the group's; a school's own is its own."""
    of = model()
    dimensions = {key: scale.title for scale in of.scales for key in scale.items}
    strands = tuple(StrandShown(one.key, dimensions.get(one.key, ""), one.gist) for one in of.items)
    joint = tuple(
        JointShown(one.proposal, one.at, _stages(one.strands)) for one in s.maturity.joint
    )
    facilitates = look.has(FACILITATORS)
    schools = tuple(
        SchoolShown(school, one.at, one.comparable, _stages(one.strands))
        for school, one in s.maturity.schools.items()
        if facilitates or may_see(s, school, look.viewer)
    )
    return MaturityShown(of.source, strands, joint, schools)


def may_see(s: Enquiry, school: UUID, viewer: Viewer) -> bool:
    """Whether a member sees a school's placement: it is their own, or all schools show theirs."""
    return f"school:{school}" in viewer.circles or s.maturity.compared(s.schools)


def _stages(strands: Iterable[Placed]) -> dict[str, str]:
    return {one.strand: str(one.stage) for one in strands}
