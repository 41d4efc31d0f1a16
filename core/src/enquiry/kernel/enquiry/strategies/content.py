"""What a proposed strategy holds."""

from enum import StrEnum
from typing import Annotated

from enquiry.kernel.enquiry.strategies.state import Distance, Extent
from enquiry.method.entry import Piece
from enquiry.method.fields import ask, text


class SourceKind(StrEnum):
    """Where a strategy comes from."""

    RESEARCH = "research"
    COLLEAGUE_PRACTICE = "colleague_practice"
    OTHER_SCHOOL = "other_school"
    EXTERNAL_EXPERT = "external_expert"
    OWN_IDEA = "own_idea"


class Source(Piece):
    """Something that a strategy rests on."""

    kind: Annotated[SourceKind, ask("What sort of source?", ui="choice")]
    ref: Annotated[str, text("Which?", upto=300)] | None = None
    note: Annotated[str, text("What does it say?", upto=500)] | None = None


class Strategy(Piece):
    """A concrete approach in the classroom, to be tried."""

    title: Annotated[str, text("What shall it be called?", upto=200)]
    description: Annotated[str, text("What is done?", upto=2000, lines=4)] | None = None
    rationale: Annotated[str, text("Why should it help?", upto=1000, lines=3)] | None = None
    distance: Annotated[Distance, ask("How far is it from what we do?", ui="choice")]
    extent: Annotated[Extent, ask("How much changes?", ui="choice")]
