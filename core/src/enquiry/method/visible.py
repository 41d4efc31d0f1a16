"""Who may see what: deny by default, one implementation for every method."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from enquiry.method import core_facts as core
from enquiry.method.codes import Audience
from enquiry.method.compiled import Compiled
from enquiry.method.live import Live, Raised
from enquiry.method.method import Move, Recorded, Show, View
from enquiry.method.roles import AUTHOR, FACILITATOR, SYSTEM, Role, Viewer


class Shown(Struct, frozen=True):
    """That a viewer may see a fact, and which of its fields they do not get."""

    hide: frozenset[str] = frozenset()


def belongs(
    viewer: Viewer, role: Role, recorded: Recorded, cast: Mapping[str, tuple[UUID, ...]]
) -> bool:
    """Whether the viewer holds the role in this cast, or belongs to the circle today."""
    if role is AUTHOR:
        return recorded.was.by == viewer.person
    if role.circle:
        return role.name in viewer.circles
    return viewer.person in cast.get(role.name, ())


def _since(c: Compiled, live: Live, show: Show, recorded: Recorded) -> bool:
    """Whether the stage was the present one at the recording, or has been entered since.

    A stage of a track counts only for the thing (the visit) that the fact belongs to.
    """
    if show.since is None:
        return True
    if show.since.track is None:
        wanted, at_recording = show.since.name, c.method.stages[0].name
    elif recorded.track is None:
        return False
    else:
        wanted, at_recording = f"{show.since.name}:{recorded.track}", ""
    for entered, stage in live.entered:
        if stage.partition(":")[2] != wanted.partition(":")[2]:
            continue
        if entered <= recorded.was.revision:
            at_recording = stage
        elif stage == wanted:
            return True
    return at_recording == wanted


def visible(c: Compiled, live: Live, recorded: Recorded, viewer: Viewer) -> Shown | None:
    """Whether this viewer may see this fact now; ``None`` where they may not.

    The author always may, unless it was withdrawn. Whoever held a role then and has left the run
    since reads no more. Of several rows that let the viewer in, what one shows another does not
    hide. What is unsigned is its author's alone here: its place would tell when it was written.
    """
    if type(recorded.entry).__unsigned__ and recorded.was.by != viewer.person:
        return None
    return tells(c, live, recorded, viewer)


def tells(c: Compiled, live: Live, recorded: Recorded, viewer: Viewer) -> Shown | None:
    """Whether a view may tell this viewer of this fact: as ``visible``, and what is unsigned, too,
    without its author."""
    gone = c.method.gone
    if gone is not None and recorded.was.id in gone(live.state):
        return None
    if recorded.kind.startswith("core/"):
        return _core(c, live, recorded, viewer)
    made = type(recorded.entry)
    if recorded.was.by == viewer.person:
        return Shown(made.__sealed__)
    withheld = c.method.withheld
    if withheld is not None and recorded.was.id in withheld(live.state):
        return None
    hidden: frozenset[str] | None = None
    today = c.cast(live.state)
    stays = takes_part(c, live, viewer)
    for show in c.shows(type(recorded.entry)):
        cast = today if show.today else recorded.cast
        readers = show.to if stays or show.today else _circles(show.to)
        if not any(belongs(viewer, role, recorded, cast) for role in readers):
            continue
        if not _since(c, live, show, recorded):
            continue
        if show.when is not None and not show.when(live.state, recorded, viewer):
            continue
        hide = frozenset(show.hide)
        hidden = hide if hidden is None else hidden & hide
    if hidden is None:
        return None
    return Shown(hidden | made.__sealed__ | ({"by"} if made.__unsigned__ else set[str]()))


def _core(c: Compiled, live: Live, recorded: Recorded, viewer: Viewer) -> Shown | None:
    match recorded.entry:
        case core.WarningRaised():
            warning = live.warnings.get(recorded.was.id)
        case core.WarningResolved(warning=known) | core.WarningAcknowledged(warning=known):
            warning = live.warnings.get(known)
        case core.KeyDestroyed():
            # That something was erased is told; by the key one could follow whose it was.
            return Shown(frozenset({"by", "key"})) if takes_part(c, live, viewer) else None
        case _:
            return _unsigned(recorded, viewer) if takes_part(c, live, viewer) else None
    if warning is None or not sees_warning(c, live, warning, viewer):
        return None
    return _unsigned(recorded, viewer)


def _unsigned(recorded: Recorded, viewer: Viewer) -> Shown:
    """What follows of itself names nobody: the warning or stage whose cause is not for everybody
    (a host declines, somebody withdraws consent) would otherwise tell who it was."""
    signed = isinstance(recorded.entry, (core.Opened, core.WarningAcknowledged))
    mine = recorded.was.by == viewer.person
    return Shown() if signed or mine else Shown(frozenset({"by"}))


def takes_part(c: Compiled, live: Live, viewer: Viewer) -> bool:
    """Whether the viewer has a part in the stream today, more than a role from outside."""
    if SYSTEM.name in viewer.circles:
        return True
    return c.within(live.state, viewer.person)


def _circles(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    return tuple(role for role in roles if role.circle)


def sees_warning(c: Compiled, live: Live, warning: Raised, viewer: Viewer) -> bool:
    """Whether the warning is addressed to this viewer."""
    if warning.audience is Audience.AUTHOR_ALONE:
        return viewer.person == warning.person
    if FACILITATOR.name in viewer.circles:
        return True
    match warning.audience:
        case Audience.PERSON:
            return viewer.person == warning.person
        case Audience.AUTHOR:
            cast = c.cast(live.state)
            moderators = (cast.get(role.name, ()) for role in c.method.moderators)
            return viewer.person == warning.person or any(viewer.person in m for m in moderators)
        case Audience.SCHOOL:
            return f"school:{warning.school}" in viewer.circles
        case Audience.GROUP:
            group = {role.name for role in c.method.group} or warning.cast.keys()
            was_in = any(viewer.person in warning.cast.get(role, ()) for role in group)
            return was_in and takes_part(c, live, viewer)
        case Audience.FACILITATOR:
            return False


def warnings(c: Compiled, live: Live, viewer: Viewer) -> list[Raised]:
    """Warnings addressed to this viewer that still stand, oldest first."""
    return [w for w in live.standing.values() if sees_warning(c, live, w, viewer)]


def sees_view(c: Compiled, live: Live, view: View, viewer: Viewer) -> bool:
    """Whether the viewer may ask for this view at all."""
    cast = c.cast(live.state)
    allowed = any(
        role.name in viewer.circles if role.circle else viewer.person in cast.get(role.name, ())
        for role in view.to
    )
    return allowed and (view.when is None or view.when(live.state, viewer))


def knows(c: Compiled, live: Live, viewer: Viewer) -> bool:
    """Whether the stream exists for this viewer: they have a role, or may see one of its views."""
    if SYSTEM.name in viewer.circles:
        return True
    cast = c.cast(live.state)
    has_role = any(viewer.person in people for people in cast.values())
    return has_role or any(sees_view(c, live, view, viewer) for view in c.method.views)


def acts(c: Compiled, live: Live, viewer: Viewer, move: Move) -> bool:
    """Whether there is anything for this viewer to do: they have a role, or belong to a circle to
    which this or some other move is open."""
    circles = c.acting | {role.name for role in move.by if role.circle} | {SYSTEM.name}
    if not circles.isdisjoint(viewer.circles):
        return True
    return any(viewer.person in people for people in c.cast(live.state).values())


def reaches(c: Compiled, live: Live, viewer: Viewer, move: Move) -> bool:
    """Whether the stream exists for this viewer when they do this.

    What is theirs by right as members of a circle (any member of staff may hand on what a parent
    withdraws) is open to them also where nothing else of the stream is.
    """
    if knows(c, live, viewer):
        return True
    return move.right and any(role.circle and role.name in viewer.circles for role in move.by)
