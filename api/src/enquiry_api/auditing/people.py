"""What people are called before one reader: by name where they may know it, else by a code."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from enquiry.method.rules import Reject
from enquiry_api.asking import Ask
from enquiry_api.auditing.telling import Who, short
from enquiry_api.edge import Edge

DIRECTORY = "directory"


async def names(edge: Edge, ask: Ask, alliance: UUID) -> Who:
    """Names of people and schools out of the alliance's directory, as this reader may see it."""
    shown: Mapping[str, Any] = {}
    with suppress(Reject):
        shown = await edge.system.view(ask.asker, alliance, DIRECTORY, ask.now)
    known = dict(_named(shown))

    def who(id_: UUID) -> str:
        return known.get(str(id_), "")

    return who


def _named(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    schools = shown.get("schools", ())
    people = [*shown.get("unattached", ()), *(m for school in schools for m in school["members"])]
    found = [(school["school"], school["name"]) for school in schools]
    found += [(person["person"], person["name"]) for person in people]
    return [(id_, name) for id_, name in found if isinstance(name, str)]


def person(who: Who, id_: UUID | None) -> str:
    """Somebody who did something."""
    if id_ is None:
        return "not told to you"
    return who(id_) or f"person {short(id_)}"
