"""Who fills in which box, what a box holds, and what is remarked at the gates."""

from typing import Any

from enquiry.kernel.enquiry.guide import forms
from enquiry.kernel.enquiry.guide.questions import Dimension, question
from enquiry.kernel.enquiry.norms.state import Principle
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, Warn, Watch, rule


@rule("NOT_FOUND", "There is no such box for you.", source="2.8")
def box_is_theirs(s: Enquiry, e: forms.RecordFormEntry, ctx: Ctx) -> bool:
    """Facilitators fill in any box; whoever speaks for a school its first box, and no other."""
    return ctx.actor in s.facilitators or (e.box == 1 and e.school in s.speaks_for(ctx.actor))


@rule("VALIDATION_FAILED", "This box has no such question, or no such answer.", source="2.8")
def fits_the_box(s: Enquiry, e: forms.RecordFormEntry, ctx: Ctx) -> Verdict:
    """Each question is one of the box, answered once: in words, or by one of its choices."""
    del ctx
    if e.school not in s.schools:
        return Unmet(pointer="/school")
    seen: set[str] = set()
    for index, answer in enumerate(e.answers):
        known = question(e.phase, e.dimension, e.box, answer.key)
        if known is None or answer.key in seen:
            return Unmet(pointer=f"/answers/{index}/key")
        seen.add(answer.key)
        if known.choices and (answer.choice not in known.choices or answer.text is not None):
            return Unmet(pointer=f"/answers/{index}/choice", params={"choices": known.choices})
        if not known.choices and (answer.text is None or answer.choice is not None):
            return Unmet(pointer=f"/answers/{index}/text")
    return True


@rule("VALIDATION_FAILED", "This school does not take part.")
def school_takes_part(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Something is told to a school of the enquiry."""
    del ctx
    return True if e.school in s.schools else Unmet(pointer="/school")


@rule("NOT_FOUND", "There is no such placement.")
def placement_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It was made here."""
    del ctx
    return any(one.id == e.placement for one in s.guide.placements)


@rule("VALIDATION_FAILED", "The guide says that the norms need an item on rotating the lead.")
def rotates_where_needed(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Where a facilitator found that ground rules are needed, the norms have that one.

    Source: 2.8, distributed leadership.
    """
    del ctx
    needed = any(
        s.guide.choice(Phase.IMPLEMENTATION, school, "ground_rules_needed", s.course.cycle) == "yes"
        for school in s.schools
    )
    has = any(item.principle == Principle.ROTATING_LEAD for item in e.items)
    return True if has or not needed else Unmet(pointer="/items")


def _unlinked(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    key = "in_staff_plan_and_school_plan"
    return tuple(
        Warn("NOT_LINKED_TO_SCHOOL_PLAN", about=f"school-{school}", school=school)
        for school in s.schools
        if s.guide.choice(Phase.IMPLEMENTATION, school, key, s.course.cycle) == "no"
    )


def _incomplete(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """From the first gate on: schools and dimensions without an aide-memoire."""
    del ctx
    if not s.course.passed(Phase.INNOVATION):
        return ()
    return tuple(
        Warn("FORM_INCOMPLETE", about=f"{dimension}-{school}", params={"dimension": dimension})
        for school in s.schools
        for dimension in Dimension
        if not s.guide.filled(Phase.IMPLEMENTATION, dimension, 3, school, s.course.cycle)
    )


def _unreviewed(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """Of a cycle that is closed: the group has not looked at how it worked."""
    del ctx
    return tuple(
        Warn("GROUP_REVIEW_MISSING", about=f"cycle-{cycle}")
        for cycle in s.course.closed_cycles
        if not _looked(s, cycle)
    )


def _looked(s: Enquiry, cycle: int) -> bool:
    return all(
        any(
            s.guide.filled(Phase.IMPACT, dimension, box, school, cycle)
            for school in s.schools
            for box in (1, 3)
        )
        for dimension in (Dimension.DEVELOPMENT, Dimension.DISTRIBUTED_LEADERSHIP)
    )


_LOOKS = ("guide", "schools", "course")
WATCHES = (
    Watch("NOT_LINKED_TO_SCHOOL_PLAN", _unlinked, source="2.16", looks_at=_LOOKS),
    Watch("FORM_INCOMPLETE", _incomplete, source="2.16", looks_at=_LOOKS),
    Watch(
        "GROUP_REVIEW_MISSING",
        _unreviewed,
        source="2.16",
        looks_at=_LOOKS,
        reveals=(forms.FormEntryRecorded,),
    ),
)
