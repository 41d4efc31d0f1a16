"""Who and what a text of one run must not name. Values only; nothing here looks at a text."""

from typing import Literal

from msgspec import Struct

Role = Literal["host", "pupil", "staff", "other"]
"""``host``: a teacher who is visited or teaches in this run. ``pupil``: from the sealed register.
``staff``: anyone else who works at the host school. ``other``: visitors, guests; for them only the
full name, a title with a name, and the e-mail address count."""


class Person(Struct, frozen=True):
    """One person of the roster, named as they write their name."""

    id: str
    name: str
    """The full name as one string, in any script and order. A leading title is understood."""
    role: Role = "staff"
    title: str = ""
    """A title that the language's list may lack, such as ``Whaea``; with or without full stop."""
    preferred: str = ""
    """First name in use, where it is not the first word of ``name``."""
    family: tuple[str, ...] = ()
    """Family names, where the words after the first are not it; each may hold several words."""
    email: str = ""


class Descriptor(Struct, frozen=True):
    """A year group, a subject or another property that some of the visited rooms have."""

    text: str
    rooms: int
    """Number of visited rooms that have it, >= 0. It narrows when this is exactly 1."""


class Roster(Struct, frozen=True):
    """Everything a text of one run is compared with. Never shown to an author."""

    people: tuple[Person, ...] = ()
    rooms: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    """Timetable initials, such as ``KRO``."""
    places: tuple[str, ...] = ()
    """Words of this school that stand before a room or class number, beside the language's."""
    descriptors: tuple[Descriptor, ...] = ()
    labels: tuple[str, ...] = ()
    """Pseudonyms of this run, such as ``A`` or ``Pupil B``. They identify nobody."""
