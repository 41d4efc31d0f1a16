"""From a command to the facts it brings about: one implementation for every method, and pure.

The order in which a command is judged is fixed (``Step``), so that codes are deterministic.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.method import core_facts as core
from enquiry.method.codes import Step
from enquiry.method.compiled import Compiled, track_key
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.live import Live, Raised, apply_core
from enquiry.method.method import Elsewhere, Emptied, Enter, Move, PutAside, Stage
from enquiry.method.roles import ANYONE, Viewer
from enquiry.method.rules import Preconditioned, Reject, Warn
from enquiry.method.visible import warnings

MISSING = -1
"""Stands for a revision that a decision should have named, and did not."""


class Undeclared(ValueError):
    """A handler went where its move does not lead, or recorded what the method does not know."""


class Planned(Struct, frozen=True):
    """A fact that is to be recorded."""

    id: UUID
    stream: UUID
    kind: str
    entry: Entry
    cast: Mapping[str, tuple[UUID, ...]] = {}
    about: str | None = None
    track: str | None = None
    """Which of the parallel things it belongs to, for a move that has a ``key``."""


class Decision(Struct, frozen=True):
    """What a command brings about, and the state of its own stream after it (for previews)."""

    facts: tuple[Planned, ...]
    after: Live
    aside: tuple[PutAside | Emptied, ...] = ()
    """What goes into boxes, and which are emptied: after the facts are on record."""


def placed(c: Compiled, live: Live, ctx: Ctx, *, warned: bool = True) -> Ctx:
    """The surroundings with what the stream itself knows: cast, stage, and (``warned``) warnings.

    Only acknowledging looks at the warnings, and finding out which somebody may see takes time.
    """
    cast = c.cast(live.state)
    held = frozenset(role for role, people in cast.items() if ctx.actor in people)
    seen = warnings(c, live, Viewer(ctx.actor, ctx.circles)) if warned else ()
    return msgspec.structs.replace(
        ctx,
        cast=cast,
        held=held,
        stage=live.stage,
        options=c.options(live),
        opened_by=live.opened_by,
        acted_at=live.acted_at,
        lapsed=live.lapsed,
        method=live.method,
        version=live.version,
        warnings={w.id: w for w in seen},
        raised=live.warnings,
        acknowledges=any(role.name in held for role in c.method.acknowledgers),
    )


def holds_role(move: Move, ctx: Ctx) -> bool:
    """Whether the actor holds one of the roles that may do this."""
    for role in move.by:
        if role is ANYONE or (role.circle and role.name in ctx.circles):
            return True
        if not role.circle and role.name in ctx.held:
            return True
    return False


def decide(
    c: Compiled, live: Live, move: Move, body: bytes, ctx: Ctx, if_match: int | None = None
) -> Decision:
    """Judge a command and say what it brings about.

    Args:
        c: the method, compiled.
        live: the stream as it stands.
        move: what is asked.
        body: the raw JSON object that was sent.
        ctx: who, when, and what else may be looked at.
        if_match: revision the actor decided on, for a decision; ``MISSING`` where they should have
            said; ``None`` not to check.

    Raises:
        Reject: with the code of the lowest unmet step.
        Need: another stream must be loaded first.
    """
    ctx = placed(c, live, ctx, warned=move.entry is core.WarningAcknowledged)
    s = live.state
    address = c.address(move, body)
    _check(c, move, Step.VISIBLE, s, address, ctx)
    if not holds_role(move, ctx):
        raise Reject("NOT_PERMITTED", "Your role here does not allow this.")
    _check(c, move, Step.ROLE, s, address, ctx)
    _check(c, move, Step.CONSENT, s, address, ctx)
    closed = c.closed(live, move)
    if closed is not None:
        raise closed
    _check(c, move, Step.STAGE, s, address, ctx)
    misplaced = c.misplaced(live, move, address)
    if misplaced is not None:
        raise misplaced
    _check_version(live, move, address, if_match)
    _check(c, move, Step.VERSION, s, address, ctx)
    entry = c.decode(move, body)
    _check(c, move, Step.FIELDS, s, entry, ctx)
    _check(c, move, Step.DOMAIN, s, entry, ctx)
    return outcome(c, live, move, entry, ctx)


def _check(c: Compiled, move: Move, step: Step, s: Any, entry: Any, ctx: Ctx) -> None:
    for rule in c.rules(move, step):
        if rule.needs_entry and entry is None:
            continue
        refusal = rule.check(s, entry, ctx)
        if refusal is not None:
            raise refusal


def about_of(move: Move, entry: Any) -> str | None:
    """The object a decision is about; ``None`` for a contribution."""
    if not move.decision:
        return None
    return move.about if isinstance(move.about, str) else move.about(entry)


def _check_version(live: Live, move: Move, address: Any, if_match: int | None) -> None:
    if if_match is None or not move.decision or (address is None and callable(move.about)):
        return
    if if_match == MISSING:
        raise Preconditioned(live.revision)
    about = about_of(move, address) or ""
    touched = live.touched.get(about, 0)
    if touched > if_match or if_match > live.revision:
        raise Reject(
            "VERSION_CONFLICT",
            "This has changed since you looked. Look again, then decide.",
            params={"about": about, "current": live.revision, "changed_at": touched},
        )


def outcome(c: Compiled, live: Live, move: Move, entry: Entry, ctx: Ctx) -> Decision:
    """What an allowed command records: its facts, stage changes, warnings, facts elsewhere."""
    yielded: Iterable[Any] = (
        move.handler(live.state, entry, ctx) if move.handler is not None else (entry,)
    )
    plan = _Plan(c, live, ctx, about_of(move, entry), track_key(move, live, entry))
    if move.opens:
        plan.open(getattr(entry, "params", None))
    warns: list[Warn] = []
    for item in yielded:
        match item:
            case Warn():
                warns.append(item)
            case Stage() | Enter():
                plan.go(move, item)
            case _:
                plan.take(move, item)
    for look in move.warns:
        warns += look(live.state, entry, ctx)
    if not move.secret:
        warns += c.text_warnings(live.state, entry, ctx)
    plan.look_again(move, warns)
    plan.raise_all(warns, move.kind)
    plan.settle()
    if move.also is not None:
        for number, far in enumerate(move.also(live.state, entry, ctx)):
            plan.facts.append(_elsewhere(far, ctx.derived_id(f"elsewhere-{number}")))
    return Decision(tuple(plan.facts), plan.live, tuple(plan.aside))


def _kind(c: Compiled, move: Move, entry: Entry) -> str:
    try:
        return c.kind_of(type(entry))
    except KeyError:
        name = type(entry).__name__
        raise Undeclared(f"{move.kind} records {name}, which the method does not declare") from None


def tick(c: Compiled, live: Live, ctx: Ctx) -> Decision:
    """What the mere passing of time brings about: warnings raised or resolved."""
    plan = _Plan(c, live, placed(c, live, ctx, warned=False), None, None)
    plan.settle()
    return Decision(tuple(plan.facts), plan.live)


def _opened(c: Compiled, params: Any = None) -> core.Opened:
    options: dict[str, Any] = msgspec.to_builtins(params) if params is not None else {}
    return core.Opened(
        method=c.method.id, method_version=c.method.version, digest=c.digest, options=options
    )


def opening(c: Compiled, stream: UUID, ctx: Ctx) -> Planned:
    """The first fact of a stream that comes into being because another one writes to it."""
    return Planned(ctx.derived_id(f"open-{stream}"), stream, "core/opened", _opened(c))


def _elsewhere(far: Elsewhere, id_: UUID) -> Planned:
    return Planned(id_, far.stream, f"{far.method}/{far.fact.__records__}", far.fact)


class _Plan:
    """Facts planned so far, and the state they lead to."""

    def __init__(
        self, c: Compiled, live: Live, ctx: Ctx, about: str | None, track: str | None
    ) -> None:
        self.c = c
        self.live = live
        self.ctx = ctx
        self.about = about
        self.track = track
        self.facts: list[Planned] = []
        self.aside: list[PutAside | Emptied] = []
        self._first = True

    def take(self, move: Move, item: Any) -> None:
        """Plan a fact, or what goes beside the log."""
        match item:
            case Entry():
                self.add(_kind(self.c, move, item), item)
            case PutAside() | Emptied():
                self.aside.append(item)
            case _:
                raise TypeError(f"{move.kind} yielded {type(item).__name__}")

    def add(self, kind: str, entry: Entry) -> None:
        """Plan a fact of this stream and fold it in."""
        at_revision = self.live.revision + 1
        was = Was(self._id(kind), at_revision, self.ctx.now, self.ctx.actor, self.ctx.acting_for)
        cast = self.c.cast_for(kind, entry, self.live.state, self.ctx.actor)
        self.facts.append(
            Planned(was.id, self.ctx.stream, kind, entry, cast, self.about, self.track)
        )
        changes: dict[str, Any] = {"revision": at_revision, "updated_at": self.ctx.now}
        if self.about:
            changes["touched"] = {**self.live.touched, self.about: at_revision}
        if kind.startswith("core/"):
            changes |= apply_core(self.live, entry, was, cast)
        else:
            changes["state"] = entry.apply(self.live.state, was)
            changes["acted_at"] = self.ctx.now
        self.live = msgspec.structs.replace(self.live, **changes)

    def open(self, params: Any) -> None:
        """The stream's first fact: its method, version and options, for good."""
        self.add("core/opened", _opened(self.c, params))

    def _id(self, kind: str) -> UUID:
        """The first fact of the method has the act's own id; every other a derived one."""
        if not kind.startswith("core/") and self._first:
            self._first = False
            return self.ctx.id
        return self.ctx.derived_id(str(len(self.facts)))

    def go(self, move: Move, target: Stage | Enter) -> None:
        """Plan a change of stage, if the move declares it."""
        stage = target.stage if isinstance(target, Enter) else target
        if stage not in move.to:
            raise Undeclared(f"{move.kind} does not lead to {stage.name}")
        if isinstance(target, Enter):
            self._check_track(stage, target.key)
            entry = core.TrackEntered(stage=stage.name, key=target.key)
            self.add("core/track-entered", entry)
        elif stage.name != self.live.stage:
            self.add("core/stage-entered", core.StageEntered(stage=stage.name))

    def _check_track(self, stage: Stage, key: str) -> None:
        known = self.c.method.stage(self.live.tracks.get(key, ""))
        if known is not None and known.track != stage.track:
            raise Undeclared(f"{key} is a key of track {known.track}, and of {stage.track}")

    def look_again(self, move: Move, warns: Iterable[Warn]) -> None:
        """A decision taken again about the same thing replaces what it remarked before."""
        if not self.about:
            return
        anew = {warn.identity() for warn in warns}
        for warning in self.live.standing.values():
            mine = warning.rule == move.kind and warning.about == self.about
            if mine and warning.identity not in anew:
                self._resolve(warning)

    def raise_all(self, warns: Iterable[Warn], rule: str) -> None:
        """Record each warning once, however often it is raised while it stands."""
        known = self.c.standing(self.live).identities
        said: set[tuple[str, str, UUID | None]] = set()
        for warn in warns:
            same = warn.identity()
            if same not in known and same not in said:
                said.add(same)
                self._raise(warn, rule)

    def _resolve(self, warning: Raised) -> None:
        self.add("core/warning-resolved", core.WarningResolved(warning=warning.id))

    def _raise(self, warn: Warn, rule: str) -> None:
        severity, audience = warn.weight()
        raised = core.WarningRaised(
            code=warn.code,
            about=warn.about or None,
            severity=severity,
            audience=audience,
            person=warn.concerns(),
            school=warn.school,
            params=warn.params,
            rule=rule,
        )
        self.add("core/warning-raised", raised)

    def settle(self) -> None:
        """Look at every standing condition: raise what has come true, resolve what no longer is."""
        self._forget_moot()
        watching, stream = self.c.watching, self.live.stream
        ctx, of = self.ctx, None
        for number, watch in watching.watches:
            state = self.live.state
            if watching.settled(number, stream, state, self.live.standing):
                continue
            if of is not self.live:
                # The stage and the cast that this act has just brought about, not those before it.
                ctx, of = placed(self.c, self.live, self.ctx, warned=False), self.live
            amiss = watching.amiss(number, stream, state, ctx)
            standing = self.c.standing(self.live).by_code.get(watch.code, ())
            self.raise_all(amiss, "watch")
            if standing:
                known = {warn.identity() for warn in amiss}
                for warning in standing:
                    if warning.identity not in known:
                        self._resolve(warning)
            watching.keep(number, stream, state, amiss, self.live.standing)

    def _forget_moot(self) -> None:
        """Nothing is remarked any longer about what was withdrawn, or does not take place."""
        standing = self.live.standing
        moot = self.c.moot(self.live.state) if standing else ()
        for warning in standing.values():
            if warning.about and warning.about in moot:
                self._resolve(warning)
