"""Learning walks: short visits on one agreed focus, and a corridor debrief after each.

To be read in this order:

``pieces``    the words of a walk: choices, and the pieces of its state
``state``     what the rules must remember, and what leaving and withdrawing change
``forms``     what people fill in until the walk ends; ``pooling``: what they fill in afterwards
``checks``    who may, and what a form must say; ``rules``: stages, windows, LW-E01 to LW-E15
``plans``     what a visit binds: people and rooms
``warnings``  what deserves a second look
``chart``     roles and stages; ``acts``: acts that bring about more than one fact
``shown``     who reads what: conditions and rows
``views``     timetable, notes, corridors; ``sheets``: outcomes, key, coverage, fidelity, load
``reading``   the rows of the read models
``method``    the moves, in the order in which they are read aloud
"""

from collections.abc import Iterable

from enquiry import Method, hookimpl
from enquiry_learning_walks.method import METHOD


@hookimpl
def enquiry_methods() -> Iterable[Method]:
    """The learning walk."""
    return [METHOD]


__all__ = ["METHOD", "enquiry_methods"]
