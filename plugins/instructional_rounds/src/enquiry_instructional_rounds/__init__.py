"""Instructional rounds: a network describes what it saw, and hands patterns to the host school.

To be read in this order:

``state``     ``pieces``, its words; ``rounds``, what the rules must remember, and what leaving and
              withdrawing change
``forms``     what people fill in: before and on the day, on the board, in the debrief, after it
``rules``     who may, the order of the debrief, what a form must say, IR-E01 to IR-E17
``warnings``  what deserves a second look
``chart``     roles and stages
``acts``      what visits bind, what decisions are about, acts of more than one fact
``views``     timetable, own notes, the board, the wall, the next level, the host's pack
``shown``     who reads what
``method``    the moves, in the order in which they are read aloud
"""

from collections.abc import Iterable

from enquiry import Method, hookimpl
from enquiry_instructional_rounds.method import METHOD


@hookimpl
def enquiry_methods() -> Iterable[Method]:
    """Instructional rounds."""
    return [METHOD]


__all__ = ["METHOD", "enquiry_methods"]
