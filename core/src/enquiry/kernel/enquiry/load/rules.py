"""Telling the alliance which schools an enquiry engages, and remarking on too many at once.

An enquiry is going on from its launch until it is closed or abandoned; while it is paused it asks
nothing of anybody, and does not count.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from enquiry.kernel import around
from enquiry.kernel.alliance.engaged import SchoolsEngaged
from enquiry.kernel.enquiry.phases.state import Turn
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.method import Elsewhere
from enquiry.method.rules import Warn, Watch

AT_ONCE_MAX = 2
"""Enquiries that a school takes part in at a time without a remark, inclusive."""
_RESTING = frozenset({Turn.PAUSED, Turn.CLOSED, Turn.ABANDONED})

Telling = Callable[[Enquiry, Any, Ctx], Iterable[Elsewhere]]
"""What a move tells the alliance, in the same append."""


def goes_on(s: Enquiry) -> bool:
    """Launched, and neither paused nor over."""
    return bool(s.course.passages) and s.course.passages[-1].turn not in _RESTING


def begins(s: Enquiry, e: Any, ctx: Ctx) -> Iterable[Elsewhere]:
    """From now on it engages every school that takes part."""
    del e
    yield from _tells(ctx, s.schools)


def ends(s: Enquiry, e: Any, ctx: Ctx) -> Iterable[Elsewhere]:
    """From now on it engages nobody."""
    del s, e
    yield from _tells(ctx, ())


def grows(s: Enquiry, e: Any, ctx: Ctx) -> Iterable[Elsewhere]:
    """One more school takes part; before the launch that engages nobody yet."""
    if goes_on(s):
        yield from _tells(ctx, tuple(dict.fromkeys((*s.schools, e.school))))


def _tells(ctx: Ctx, schools: tuple[UUID, ...]) -> Iterable[Elsewhere]:
    held = around.alliance(ctx).engaged.items()
    told = {school for school, enquiries in held if ctx.stream in enquiries}
    if told != set(schools):
        engaged = SchoolsEngaged(enquiry=ctx.stream, schools=schools)
        yield Elsewhere(ctx.alliance, "alliance", engaged)


def _overloaded(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """Schools with more enquiries than this one leaves room for. Which others is not told."""
    if not goes_on(s):
        return ()
    engaged = around.alliance(ctx).engaged
    return tuple(
        Warn("INITIATIVE_OVERLOAD", about=f"school-{school}", school=school)
        for school in s.schools
        if len({*engaged.get(school, ()), ctx.stream}) > AT_ONCE_MAX
    )


WATCHES = (Watch("INITIATIVE_OVERLOAD", _overloaded, source="2.21", timed=True),)
