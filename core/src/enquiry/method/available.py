"""What can this person do now, and why not: judged by the same conditions as a command."""

from msgspec import Struct

from enquiry.method.codes import Step
from enquiry.method.compiled import Compiled
from enquiry.method.ctx import Ctx
from enquiry.method.decide import holds_role, placed
from enquiry.method.live import Live
from enquiry.method.method import Move
from enquiry.method.rules import Reject


class Action(Struct, frozen=True, kw_only=True):
    """A move that the actor's role allows: possible now, or not yet, with the reason."""

    kind: str
    title: str
    allowed: bool
    code: str | None = None
    reason: str | None = None
    decision: bool = False
    """The command must say which revision was decided on."""
    about: str | None = None
    keys: tuple[str, ...] = ()
    """For a move inside a track: which of the parallel things it can be done to now."""


def available(c: Compiled, live: Live, ctx: Ctx) -> tuple[Action, ...]:
    """Every move that the actor's role allows in this stream.

    A move that is ``allowed`` may still be refused for what is filled in; one that is not will be.
    """
    ctx = placed(c, live, ctx)
    return tuple(
        _action(c, live, move, ctx)
        for move in c.method.moves
        if not move.opens and holds_role(move, ctx)
    )


def _action(c: Compiled, live: Live, move: Move, ctx: Ctx) -> Action:
    refusal = blocked(c, live, move, ctx)
    return Action(
        kind=move.kind,
        title=move.title,
        allowed=refusal is None,
        code=refusal.code if refusal else None,
        reason=refusal.sentence if refusal else None,
        decision=move.decision,
        about=move.about if move.decision and isinstance(move.about, str) else None,
        keys=_keys(live, move, ctx),
    )


def blocked(c: Compiled, live: Live, move: Move, ctx: Ctx) -> Reject | None:
    """Why the move is not possible now, judged without anything typed; ``None`` if it may be."""
    for step in Step:
        if step == Step.STAGE:
            closed = c.closed(live, move)
            if closed is not None:
                return closed
        for rule in c.rules(move, step):
            if not rule.needs_entry:
                refusal = rule.check(live.state, None, ctx)
                if refusal is not None:
                    return refusal
        if step == Step.STAGE:
            misplaced = c.misplaced(live, move, None)
            if misplaced is not None:
                return misplaced
    return None


def _keys(live: Live, move: Move, ctx: Ctx) -> tuple[str, ...]:
    tracked = {stage.name for stage in move.at if stage.track is not None}
    found = tuple(key for key, stage in live.tracks.items() if stage in tracked)
    mine = move.mine
    return found if mine is None else tuple(key for key in found if mine(live.state, key, ctx))
