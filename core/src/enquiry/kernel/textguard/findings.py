"""What the guard says about a text: for its author, so it holds the author's own words only."""

from typing import Literal

from msgspec import Struct

from enquiry.method.fields import Profile

About = Literal["", "observation", "pupil_said"]
"""What the text records, where that calls for a hint of its own."""

Code = Literal[
    "IDENTIFYING_TEXT",
    "MAY_IDENTIFY",
    "NARROWING_TEXT",
    "EVALUATIVE_LANGUAGE",
    "INFERENCE_LANGUAGE",
    "TEACHER_FOCUSED_OBSERVATION",
    "PUPIL_ASKED_ABOUT_TEACHER",
]

Weight = Literal["reject", "warn", "hint"]
"""``reject``: the text is refused. ``warn``: a warning is raised. ``hint``: shown to its author."""

Reason = Literal[
    "family_name",
    "title_and_name",
    "full_name",
    "first_name",
    "room_code",
    "class_code",
    "initials",
    "email",
    "name_or_word",
    "code_or_word",
    "one_room_only",
    "evaluative",
    "inference",
    "teacher_focused",
    "teacher_mentioned",
]
"""Key of the sentence that tells the author why (see ``Sentences``)."""


class Finding(Struct, frozen=True):
    """One place in the author's text that a rule is about."""

    code: Code
    weight: Weight
    start: int
    """First code point of the place in the text as it was handed in, from 0."""
    end: int
    """The code point after the last one; ``start < end``."""
    span: str
    """``text[start:end]``: the author's own words, never the roster's."""
    why: Reason


class Findings(Struct, frozen=True):
    """Everything found in one text, in order of place, and the word lists it was judged by."""

    profile: Profile
    lang: str
    """Primary language tag of the word lists used; ``und`` where the language has none."""
    words: str
    """Version of the word lists used, such as ``en.1``."""
    found: tuple[Finding, ...] = ()

    @property
    def rejected(self) -> tuple[Finding, ...]:
        """Places because of which the text must be refused with ``IDENTIFYING_TEXT``."""
        return tuple(finding for finding in self.found if finding.weight == "reject")

    @property
    def warned(self) -> tuple[Finding, ...]:
        """Places that raise a warning; the text is accepted unless another place is refused."""
        return tuple(finding for finding in self.found if finding.weight == "warn")
