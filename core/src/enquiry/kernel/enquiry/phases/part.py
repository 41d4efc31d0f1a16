"""The course of an enquiry: launched, moved on through gates, paused, closed (2.1, 2.16).

A step is taken by a facilitator, or by representatives of two schools: the first asks for it, the
second makes it so.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from enquiry.kernel.enquiry.load import rules as load
from enquiry.kernel.enquiry.phases import forms, rules
from enquiry.kernel.enquiry.phases.gates import Gate
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.roles import DECIDERS, FACILITATORS, FRIENDS, GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.method import Elsewhere, Stage
from enquiry.method.rules import Warn, WarnIf


class Stages(Struct, frozen=True):
    """The statechart of an enquiry."""

    draft: Stage
    implementation: Stage
    innovation: Stage
    impact: Stage
    cycle_closed: Stage
    paused: Stage
    closed: Stage
    abandoned: Stage

    @property
    def phases(self) -> Mapping[Phase, Stage]:
        """The stage of each phase."""
        return {
            Phase.IMPLEMENTATION: self.implementation,
            Phase.INNOVATION: self.innovation,
            Phase.IMPACT: self.impact,
        }

    @property
    def running(self) -> tuple[Stage, ...]:
        """Stages in which work goes on."""
        return (self.implementation, self.innovation, self.impact, self.cycle_closed)

    @property
    def working(self) -> tuple[Stage, ...]:
        """Stages in which anything is added: all but a pause and the end."""
        return (self.draft, *self.running)


def stages(enquiry: Builder) -> Stages:
    """Declare them."""
    names = ("draft", "implementation", "innovation", "impact", "cycle_closed", "paused")
    return Stages(*enquiry.stages(*names, final=("closed", "abandoned")))


def phases(
    enquiry: Builder,
    at: Stages,
    gates: Mapping[Phase, Gate],
    last: Gate,
    *,
    passing: tuple[WarnIf, ...] = (),
) -> None:
    """Add the course of an enquiry.

    Args:
        enquiry: to which it is added.
        at: its stages.
        gates: before each phase but the first.
        last: before the end of a cycle.
        passing: what is remarked when a gate is passed.
    """
    enquiry.move(
        forms.LaunchEnquiry,
        by=GROUP,
        at=at.draft,
        to=at.implementation,
        decision=True,
        also=load.begins,
        **_COURSE,
    )
    _step(
        enquiry,
        forms.AdvancePhase,
        forms.PhaseAdvanced,
        _phase(at),
        at=(at.implementation, at.innovation),
        to=(at.innovation, at.impact),
        rules=(rules.is_next_phase, rules.through(dict(gates))),
        warns=passing,
    )
    _step(
        enquiry,
        forms.ReturnToPhase,
        forms.PhaseReturned,
        _phase(at),
        at=(at.innovation, at.impact),
        to=(at.implementation, at.innovation),
        rules=(rules.is_earlier_phase,),
    )
    enquiry.move(forms.SetPhaseTarget, by=FACILITATORS, at=at.running, decision=True, about=_target)
    _resting(enquiry, at)
    _ending(enquiry, at, last)
    for fact in _FACTS:
        enquiry.show(fact, to=(*GROUP, FRIENDS), today=True)


def _resting(enquiry: Builder, at: Stages) -> None:
    _step(
        enquiry,
        forms.PauseEnquiry,
        forms.EnquiryPaused,
        at.paused,
        at=at.running,
        to=(at.paused,),
        tells=load.ends,
    )
    _step(
        enquiry,
        forms.ResumeEnquiry,
        forms.EnquiryResumed,
        _where_it_was(at),
        at=(at.paused,),
        to=at.running,
        tells=load.begins,
    )
    _step(
        enquiry,
        forms.AbandonEnquiry,
        forms.EnquiryAbandoned,
        at.abandoned,
        at=(at.draft, *at.running, at.paused),
        to=(at.abandoned,),
        tells=load.ends,
    )


def _ending(enquiry: Builder, at: Stages, last: Gate) -> None:
    _step(
        enquiry,
        forms.CloseCycle,
        forms.CycleClosed,
        at.cycle_closed,
        at=(at.impact,),
        to=(at.cycle_closed,),
        rules=(rules.closing(last),),
    )
    _step(
        enquiry,
        forms.StartNextCycle,
        forms.CycleStarted,
        _phase(at),
        at=(at.cycle_closed,),
        to=(at.implementation, at.innovation),
        rules=(
            rules.carries_enough,
            rules.carried_strategies_are_known,
            rules.carried_measures_are_known,
        ),
    )
    _step(
        enquiry,
        forms.CloseEnquiry,
        forms.EnquiryClosed,
        at.closed,
        at=(at.cycle_closed,),
        to=(at.closed,),
        tells=load.ends,
    )


_COURSE: dict[str, Any] = {"about": "course"}
_FACTS = (
    forms.LaunchEnquiry,
    forms.StepSupported,
    forms.PhaseAdvanced,
    forms.PhaseReturned,
    forms.SetPhaseTarget,
    forms.EnquiryPaused,
    forms.EnquiryResumed,
    forms.EnquiryAbandoned,
    forms.CycleClosed,
    forms.CycleStarted,
    forms.EnquiryClosed,
)


def _target(e: Any) -> str:
    return f"target-{e.phase}"


def _phase(at: Stages) -> Callable[[Enquiry, Any], Stage]:
    def leads(s: Enquiry, e: Any) -> Stage:
        del s
        return at.phases[Phase(e.entry_phase if isinstance(e, forms.StartNextCycle) else e.to)]

    return leads


def _where_it_was(at: Stages) -> Callable[[Enquiry, Any], Stage]:
    def leads(s: Enquiry, e: Any) -> Stage:
        del e
        return next(stage for stage in at.running if stage.name == s.course.paused_in)

    return leads


def _step(
    enquiry: Builder,
    entry: type[Entry],
    fact: type[Entry],
    leads: Stage | Callable[[Enquiry, Any], Stage],
    *,
    tells: load.Telling | None = None,
    **flags: Any,
) -> None:
    """Add a step that takes a facilitator or two representatives; ``tells``: what the alliance is
    told of it."""

    def take(s: Enquiry, e: Any, ctx: Ctx) -> Iterable[Any]:
        step = _name(e)
        if not _may(s, step, ctx):
            yield forms.StepSupported(step=step)
            return
        yield _fact(fact, s, e, ctx)
        yield leads if isinstance(leads, Stage) else leads(s, e)

    remarks: tuple[WarnIf, ...] = flags.pop("warns", ())

    def remark(s: Enquiry, e: Any, ctx: Ctx) -> tuple[Warn, ...]:
        """Only once the step is taken."""
        if not _may(s, _name(e), ctx):
            return ()
        return tuple(warn for look in remarks for warn in look(s, e, ctx))

    def tell(s: Enquiry, e: Any, ctx: Ctx) -> Iterable[Elsewhere]:
        if tells is not None and _may(s, _name(e), ctx):
            yield from tells(s, e, ctx)

    enquiry.move(
        entry,
        by=DECIDERS,
        decision=True,
        also=tell,
        handler=take,
        facts=(fact, forms.StepSupported),
        warns=(remark,),
        **_COURSE,
        **flags,
    )


def _name(e: Entry) -> str:
    to = getattr(e, "to", None) or getattr(e, "entry_phase", None)
    return type(e).__name__ if to is None else f"{type(e).__name__} {to}"


def _may(s: Enquiry, step: str, ctx: Ctx) -> bool:
    if ctx.actor in s.facilitators:
        return True
    mine = s.speaks_for(ctx.actor)
    asked = [person for person in s.course.supports.get(step, ()) if person != ctx.actor]
    others = [theirs for person in asked if (theirs := s.speaks_for(person))]
    # A representative and the deputy are one voice, unless there is one school only.
    alone = len(s.schools) == 1
    return any(alone or len({*mine, *theirs}) > 1 for theirs in others)


def _fact(fact: type[Entry], s: Enquiry, e: Entry, ctx: Ctx) -> Entry:
    """The fact with what the form says of it, and what it does not: cycle and stage."""
    known = {"cycle": s.course.cycle, "stage": ctx.stage}
    said = {name: getattr(e, name) for name in e.__struct_fields__}
    if isinstance(e, forms.StartNextCycle) and e.question:
        said["focus"] = True
    return fact(**{n: v for n, v in {**known, **said}.items() if n in fact.__struct_fields__})
