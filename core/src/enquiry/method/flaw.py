"""What a check found: which check, where, and what to do about it."""

from msgspec import Struct


class Flaw(Struct, frozen=True):
    """Something that is wrong with a method."""

    check: str
    """Stable id of the check, such as ``M01``."""
    where: str
    """The part of the method: ``move record-note``, ``view my-notes``."""
    says: str
    """A sentence: what is wrong and, where it is not plain, what to do."""

    def __str__(self) -> str:
        """``M01 stage debrief: nothing leads here.``"""
        return f"{self.check} {self.where}: {self.says}"
