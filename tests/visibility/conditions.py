"""Conditions of the matrix, worked out from what was recorded and not from what a method remembers.

A condition that is not here is judged by the method's own word for it.
"""

from collections.abc import Callable, Sequence

from enquiry.method.method import Recorded
from enquiry.method.roles import Viewer

Judge = Callable[[Sequence[Recorded], Recorded, Viewer], bool]
CONDITIONS: dict[tuple[str, str], Judge] = {}
"""By method and sentence."""
