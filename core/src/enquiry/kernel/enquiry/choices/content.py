"""What a proposed choice of method holds."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from enquiry.kernel.vocabulary import Purpose
from enquiry.method.entry import Piece
from enquiry.method.fields import ask, plain, text


class Used(StrEnum):
    """How far a school has used a method before."""

    NEVER = "never"
    TRIED = "tried"
    REGULAR = "regular"


class Experience(Piece):
    """What a school knows of a method."""

    school: Annotated[UUID, ask("Which school?", ui="choice")]
    used: Annotated[Used, ask("Has it used the method?", ui="choice")]
    how_effective: Annotated[str, text("How effective was it?", upto=500)] | None = None


class MethodChoice(Piece):
    """A method, and what the group expects of it."""

    method: Annotated[str, plain("Which method?", because="the id of a method", upto=80)]
    version: Annotated[int, ask("Which version?", ge=1)] | None = None
    purpose: Annotated[Purpose, ask("What for?", ui="choice")]
    reason: Annotated[str, text("Why does it suit the question?", upto=1000, lines=3)] | None = None
    expected_information: (
        Annotated[str, text("What is it expected to tell?", upto=1000, lines=3)] | None
    ) = None
    applies_to: Annotated[tuple[UUID, ...], ask("Which schools apply it?", at_most=100)] = ()
    """None named: every school that takes part."""
