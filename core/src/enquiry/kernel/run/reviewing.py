"""What a review of a run's outputs holds for: who has read them, for which readers.

Source: 4.5.
"""

from collections.abc import Mapping
from typing import Any

from enquiry.kernel.identifiability import (
    Audience,
    Check,
    GuardResult,
    Reading,
    reaches,
    readers_missing,
)
from enquiry.kernel.run.state import Run
from enquiry.method.entry import Was

POINTS: Mapping[Check, str] = {
    Check.NAMES: "names_removed",
    Check.ROLES: "roles_unclear",
    Check.UNIQUE_EVENTS: "no_unique_events",
    Check.PHOTOS: "no_photos",
    Check.DATES_AND_PLACES: "no_dates_and_places",
    Check.COMBINATION: "no_combination",
}
"""Which question of the review looks for what."""


def read(s: Run, e: Any, was: Was) -> Run:
    """The state after somebody's review confirmed. TextGuard judges the words of evidence when they
    are proposed, and lets nothing through that names anybody."""
    reading = Reading(
        reader=was.by,
        revision=was.revision,
        audience=e.audience,
        clear=tuple(check for check, name in POINTS.items() if getattr(e, name) is True),
        guard=GuardResult(),
        confirmed=True,
    )
    others = (r for r in s.readings if (r.reader, r.audience) != (was.by, e.audience))
    return s.but(readings=(*others, reading)).reviewed(was)


def missing(s: Run, audience: Audience, changed_at: int) -> int:
    """How many more people must read it before it may be released; 0: it may be.

    Args:
        s: the run.
        audience: for whom. For the public two people have looked for everything there is to look
            for; within the alliance one has read it for as wide an audience.
        changed_at: revision at which what is released last changed.
    """
    if audience is Audience.PUBLIC:
        found = readers_missing(s.readings, audience, changed_at)
    else:
        known = (r for r in s.readings if r.revision > changed_at)
        found = 0 if any(reaches(r.audience, audience) for r in known) else 1
    return max(found, 0 if s.reviewed_at > changed_at else 1)
