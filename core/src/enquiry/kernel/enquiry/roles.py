"""Who takes part in an enquiry."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from enquiry.method.roles import Role

MEMBERS = Role("member", "takes part in the enquiry", at_least=1)
FACILITATORS = Role("facilitating", "supports and coordinates the group, and decides nothing")
REPRESENTATIVES = Role("representing", "responds to proposals for a school, or is the deputy")
FRIENDS = Role("critical-friend", "asks the group questions from outside, and has no vote")
FORMER = Role("former", "somebody who has left, and may still withdraw consent", outside=True)
INVITED = Role("invited", "somebody who may join", outside=True)

GROUP = (MEMBERS, FACILITATORS)
"""Everybody who works on the enquiry."""
DECIDERS = (FACILITATORS, REPRESENTATIVES)
"""Who may move the enquiry on: one facilitator, or two representatives."""


def cast(s: Any) -> Mapping[str, tuple[UUID, ...]]:
    """Who holds which role now."""
    known = frozenset(s.members)
    speaking = (*s.representatives.values(), *s.deputies.values())
    return {
        MEMBERS.name: s.members,
        FACILITATORS.name: s.facilitators,
        REPRESENTATIVES.name: tuple(dict.fromkeys(p for p in speaking if p in known)),
        FRIENDS.name: s.friends,
        INVITED.name: s.invited,
        FORMER.name: s.former,
    }
