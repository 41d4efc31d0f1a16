"""Who places a school, and what a placement holds."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.agreement.part import Effect
from enquiry.kernel.enquiry.agreement.rules import kind_of
from enquiry.kernel.enquiry.agreement.state import Kind, Proposal
from enquiry.kernel.enquiry.maturity import forms
from enquiry.kernel.enquiry.maturity.content import MODEL, Placed
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.surveys.instrument import Instrument, shipped
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.rules import Unmet, Verdict, rule


def model() -> Instrument:
    """The newest version of the model."""
    return max(
        (one for (id_, _), one in shipped().items() if id_ == MODEL), key=lambda one: one.version
    )


@rule("NOT_PERMITTED", "Whoever speaks for a school places it.", source="4.13")
def speaks_for_that_school(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """The actor is its representative or deputy, and it takes part."""
    return e.school in s.speaks_for(ctx.actor)


def _strange(strands: Sequence[Placed]) -> int | None:
    """Number of the first strand that the model does not have, or that comes twice."""
    known, seen = model().keys, set[str]()
    for index, one in enumerate(strands):
        if one.strand not in known or one.strand in seen:
            return index
        seen.add(one.strand)
    return None


_ONCE = "Place each strand of the model once, and no other."


@rule("VALIDATION_FAILED", _ONCE, source="4.13")
def strands_are_known(s: Enquiry, e: forms.PlaceSchool, ctx: Ctx) -> Verdict:
    """Strands may be left out."""
    del s, ctx
    strange = _strange(e.strands)
    return True if strange is None else Unmet(pointer=f"/strands/{strange}/strand")


@rule("VALIDATION_FAILED", _ONCE, source="4.13")
def joint_strands_are_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Of a proposed joint placement, too."""
    del ctx
    strands: Sequence[Placed] = e.placement if kind_of(s, e) == Kind.JOINT_PLACEMENT else ()
    strange = _strange(strands)
    return True if strange is None else Unmet(pointer=f"/placement/{strange}/strand")


PROPOSING = (joint_strands_are_known,)


def _placed(s: Enquiry, id_: UUID, proposal: Proposal, ctx: Ctx) -> Iterable[Entry]:
    del s, ctx
    yield forms.AlliancePlaced(
        proposal=id_, model=model().version, strands=proposal.content.placement
    )


EFFECTS = {Kind.JOINT_PLACEMENT: Effect((forms.AlliancePlaced,), _placed)}
