"""Lesson study: a lesson planned together, predicted pupil by pupil, observed, discussed.

``method`` reads the rows aloud; ``forms`` hold what people fill in and what is recorded, ``rules``
the conditions, ``warnings`` the remarks, ``state`` the least that the rules remember, ``views``
what people see, ``shown`` who reads what.
"""

from collections.abc import Iterable

from enquiry import Method, hookimpl
from enquiry_lesson_study.method import METHOD


@hookimpl
def enquiry_methods() -> Iterable[Method]:
    """The one method of this plug-in."""
    return [METHOD]


__all__ = ["METHOD", "enquiry_methods"]
