"""What the rules must remember of who takes part."""

from enum import StrEnum


class Scope(StrEnum):
    """Whether one school enquires, or several together."""

    SCHOOL = "school"
    ALLIANCE = "alliance"
