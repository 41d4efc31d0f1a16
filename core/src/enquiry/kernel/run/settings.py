"""How a method uses the common moves, and what it may add to them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from enquiry.kernel.run import forms
from enquiry.kernel.run.state import Run
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.method import Elsewhere, Enter, Handler, Stage
from enquiry.method.roles import Role
from enquiry.method.rules import Rule, WarnIf

Also = Callable[[Any, Any, Ctx], Iterable[Elsewhere]]


class Settings(Struct, frozen=True, kw_only=True):
    """How a method uses the common moves."""

    plan: type[forms.PlanRun]
    """The method's own planning form: ``PlanRun`` with its ``params``."""
    lead: Role
    participants: tuple[Role, ...]
    """Everybody who takes part and may contribute, the lead among them."""
    invited: Role
    """People with an open invitation."""
    invitable: tuple[str, ...]
    """Roles that are given by invitation."""
    core: tuple[str, ...]
    """Roles whose holders must all adopt the protocol before the run starts."""
    subjects: tuple[Role, ...]
    """Who may give and withdraw consent here: participants and those they visit."""
    joining: tuple[Stage, ...]
    """Stages in which people may still be invited and join."""
    cancelled: Stage
    protocol: int = 1
    pupils: tuple[Role, ...] = ()
    """Pupils who take part: they join, adopt, correct and leave like everybody else, and read
    nothing that staff keep among themselves (deviations, reviews, forms)."""
    registrars: tuple[Role, ...] = ()
    """Who may register pupils under labels; empty: the run has no register of pupils."""
    knowing: tuple[Role, ...] = ()
    """Who may know the registered pupils of their own school by name, besides whoever registered
    them; empty: every participant."""
    retracting: tuple[Role, ...] = ()
    """Who may take back what they wrote themselves, while ``Run.may_retract`` says so; empty: the
    run has no such move."""
    personal_sharing: bool = False
    """Items may also be shared with one person who takes part."""
    unsupports: Mapping[type[Entry], str] = {}
    """Facts of the method that may take the support from an output, and what readers of published
    evidence learn of them (see ``View.reveals``)."""
    more: Mapping[type[Entry], "More"] = {}
    """What the method adds to single common moves."""

    @property
    def everybody(self) -> tuple[Role, ...]:
        """Participants and pupils."""
        return (*self.participants, *self.pupils)


class More(Struct, frozen=True, kw_only=True):
    """What a method adds to one of the common moves: it can only be stricter, or do more."""

    rules: tuple[Rule, ...] = ()
    warns: tuple[WarnIf, ...] = ()
    to: tuple[Stage, ...] = ()
    facts: tuple[type[Entry], ...] = ()
    handler: Handler | None = None
    """In place of the common one; it must record the common fact."""
    also: Also | None = None
    """Beside what the common move writes elsewhere."""


def add(run: Builder, settings: Settings, entry: type[Entry], **flags: Any) -> None:
    """Add a common move, with what the method adds to it.

    Rules that are given as ``last`` are asked after those of the method.
    """
    more = settings.more.get(entry, More())
    recorded: tuple[type[Entry], ...] = flags.get("facts") or (entry,)
    handler = more.handler or flags.get("handler")
    if more.to and handler is None:
        raise ValueError(f"{entry.__name__}: say by a handler when it leads elsewhere")
    if handler is not None:
        flags["handler"] = _bounded(handler, recorded)
    flags["rules"] = (*flags.get("rules", ()), *more.rules, *flags.pop("last", ()))
    flags["warns"] = (*flags.get("warns", ()), *more.warns)
    flags["to"] = (*flags.get("to", ()), *more.to)
    flags["facts"] = (*recorded, *more.facts)
    flags["also"] = _both(flags.get("also"), more.also)
    run.move(entry, **flags)


def _bounded(handler: Handler, recorded: tuple[type[Entry], ...]) -> Handler:
    """The handler, held to what a method may do with a common move: record it, and more."""

    def bounded(s: Run, e: Any, ctx: Ctx) -> Iterable[Any]:
        yielded = tuple(handler(s, e, ctx))
        if not any(isinstance(item, recorded) for item in yielded):
            raise TypeError(f"the handler of {type(e).__name__} does not record it")
        if s.over_at is None:
            return yielded
        # A right that is used after the end (to leave, to withdraw) does not open the record again.
        return tuple(item for item in yielded if not isinstance(item, (Stage, Enter)))

    return bounded


def _both(first: Also | None, second: Also | None) -> Also | None:
    if first is None or second is None:
        return first or second

    def both(s: Run, e: Any, ctx: Ctx) -> Iterable[Elsewhere]:
        yield from first(s, e, ctx)
        yield from second(s, e, ctx)

    return both
