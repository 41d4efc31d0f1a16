"""Where a partnership stands on a strand of the maturity model."""

from enum import StrEnum
from typing import Annotated

from enquiry.method.entry import Piece
from enquiry.method.fields import ask, plain

MODEL = "partnership-maturity"
"""The instrument whose items are the strands, and whose scales are the dimensions."""


class Maturity(StrEnum):
    """How far a strand is developed."""

    BEGINNING = "beginning"
    DEVELOPING = "developing"
    EMBEDDING = "embedding"
    LEADING = "leading"


class Placed(Piece):
    """A strand, and how far it is developed."""

    strand: Annotated[str, plain("Which strand?", because="the key of a strand", upto=64)]
    stage: Annotated[Maturity, ask("How far is it developed?", ui="choice")]
