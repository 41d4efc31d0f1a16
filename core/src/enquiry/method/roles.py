"""Roles inside a run, and the circles around it."""

from uuid import UUID

from msgspec import Struct


class Role(Struct, frozen=True):
    """A part somebody plays. Within a run it is given by the method's cast; a circle is given by
    the alliance, and is looked up afresh whenever somebody reads."""

    name: str
    title: str = ""
    at_least: int = 0
    at_most: int | None = None
    circle: bool = False
    outside: bool = False
    """Its holders have a matter of their own here (an invitation, a consent) but take no part:
    they see neither the course of the run nor, any longer, what others recorded."""


class Viewer(Struct, frozen=True):
    """Somebody who looks at a stream: a person, and the circles they belong to today."""

    person: UUID
    circles: frozenset[str] = frozenset()


AUTHOR = Role("author", "whoever wrote it", circle=True)
ANYONE = Role("anyone", "anyone who may see the run", circle=True)
MEMBER = Role("alliance-member", "members of the alliance's schools and partners", circle=True)
STAFF = Role("staff", "staff of the run's school", circle=True)
PUPILS_STAFF = Role(
    "pupils-staff", "staff of a school whose pupils are registered in the run", circle=True
)
LEADERS = Role("leaders", "leaders of a school that it concerns", circle=True)
COVER = Role("cover-organiser", "whoever organises cover at the run's school", circle=True)
COORDINATOR = Role("coordinator", "whoever coordinates professional learning", circle=True)
FACILITATOR = Role("facilitator", "facilitators of the enquiry", circle=True)
ENQUIRY = Role("enquiry-member", "members of the enquiry", circle=True)
SAFEGUARDING = Role(
    "safeguarding-lead", "whoever answers for safeguarding at the school", circle=True
)
STEWARD = Role("steward", "stewards of the alliance", circle=True)
OPERATOR = Role("operator", "whoever operates the platform", circle=True)
SYSTEM = Role("system", "the platform itself, for what only time brings about", circle=True)

CIRCLES = (
    AUTHOR,
    ANYONE,
    MEMBER,
    STAFF,
    PUPILS_STAFF,
    LEADERS,
    COVER,
    COORDINATOR,
    FACILITATOR,
    ENQUIRY,
    SAFEGUARDING,
    STEWARD,
    OPERATOR,
    SYSTEM,
)


def staff_of(school: UUID) -> str:
    """Name of the circle of everybody who is on the staff of this school."""
    return f"staff:{school}"
