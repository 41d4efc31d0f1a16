"""What an accepted command did, as its actor may see it: just now, or when it is asked again."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from enquiry.log.promise import Appended, Log
from enquiry.method.compiled import Compiled
from enquiry.method.ctx import Ctx
from enquiry.method.decide import Decision
from enquiry.method.entry import Was
from enquiry.method.live import Live, instant
from enquiry.method.method import Recorded
from enquiry.method.roles import Viewer
from enquiry.method.visible import sees_warning, visible
from enquiry.runtime.shown import warning_shown
from enquiry.runtime.streams import Streams
from enquiry.runtime.surroundings import scene
from enquiry.runtime.terms import Command, EventRef, Outcome, WarningShown


def accepted(
    compiled: Compiled,
    live: Live,
    decision: Decision,
    viewer: Viewer,
    ctx: Ctx,
    appended: Appended,
) -> Outcome:
    """The outcome of a command that was just recorded; ``live`` is the stream after it."""
    own = [fact for fact in decision.facts if fact.stream == ctx.stream]
    revision = decision.after.revision - len(own)
    position = appended.last - len(decision.facts)
    events: list[EventRef] = []
    for fact in decision.facts:
        position += 1
        if fact.stream != ctx.stream:
            continue
        revision += 1
        was = Was(fact.id, revision, ctx.now, ctx.actor, ctx.acting_for)
        recorded = Recorded(fact.kind, fact.entry, was, fact.cast, fact.track)
        if visible(compiled, live, recorded, viewer) is not None:
            events.append(EventRef(fact.id, fact.kind, revision, position))
    return Outcome(
        act=ctx.id,
        stream=ctx.stream,
        alliance=ctx.alliance,
        revision=decision.after.revision,
        position=appended.last,
        recorded_at=instant(appended.recorded_at),
        events=tuple(events),
        warnings=_raised(compiled, live, viewer, [fact.id for fact in own]),
    )


async def replayed(
    log: Log, streams: Streams, command: Command, stream: UUID, appended: Appended
) -> Outcome | None:
    """An earlier outcome, read from the log, as its actor may see it today."""
    at = await scene(streams, stream, fresh=True)
    if at is None or at.here.compiled is None:
        return None
    viewer = at.viewer(command.asker, command.now)
    known = at.known_to(viewer)  # somebody who declined or left is told that it was done, no more
    events = await log.read_all(appended.first - 1, appended.last - appended.first + 1)
    own = [event for event in events if event.stream == stream]
    shown: list[EventRef] = []
    for event in own:
        recorded = at.compiled.facts.recorded(event)
        if known and recorded and visible(at.compiled, at.live, recorded, viewer) is not None:
            shown.append(EventRef(event.id, event.kind, event.revision, event.position))
    raised = [event.id for event in own] if known else ()
    return Outcome(
        act=uuid5(command.asker.person, command.key),
        stream=stream,
        alliance=at.live.alliance,
        revision=own[-1].revision if own else at.live.revision,
        position=appended.last,
        recorded_at=instant(appended.recorded_at),
        events=tuple(shown),
        warnings=_raised(at.compiled, at.live, viewer, raised),
        replayed=True,
    )


def _raised(
    compiled: Compiled, live: Live, viewer: Viewer, ids: Iterable[UUID]
) -> tuple[WarningShown, ...]:
    """Warnings that these facts raised and that are addressed to the viewer."""
    return tuple(
        warning_shown(warning)
        for warning in map(live.warnings.get, ids)
        if warning is not None and sees_warning(compiled, live, warning, viewer)
    )
