"""Lesson study: a lesson planned together, predicted pupil by pupil, observed, discussed.

To be read in this order:

``chart``     who takes part, and the stages
``state``     the least that the rules remember
``forms``     what people fill in, and the facts that are recorded
``rules``     what must hold, each with its code, its sentence and its source
``warnings``  what deserves a second look
``acts``      what a move brings about beyond its form
``shown``     who reads what, and which read models there are
``views``     the read models
``method``    the moves, in the order in which they are read aloud
"""

from collections.abc import Iterable

from enquiry import Method, hookimpl
from enquiry_lesson_study.method import METHOD


@hookimpl
def enquiry_methods() -> Iterable[Method]:
    """The one method of this plug-in."""
    return [METHOD]


__all__ = ["METHOD", "enquiry_methods"]
