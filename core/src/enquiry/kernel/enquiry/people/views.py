"""What a steward sees of an enquiry that everybody has left: that it is there, and no word."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look
from enquiry.method.roles import Viewer


class LeftAlone(Struct, frozen=True):
    """Enough to find somebody who takes it over."""

    schools: tuple[UUID, ...]
    cycle: int


def left_alone(s: Enquiry, look: Look) -> LeftAlone:
    """Which schools took part, and how far it came."""
    del look
    return LeftAlone(s.schools, s.course.cycle)


def is_left_alone(s: Any, viewer: Viewer) -> bool:
    """Nobody takes part any longer."""
    del viewer
    return not s.members
