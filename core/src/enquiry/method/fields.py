"""What a field of a form says about itself: what it asks, whose value it is, how it is checked.

A text is never just a string. Either it is somebody's (``text``), and is sealed under that person's
key, or it is stated to be nobody's (``plain``), with the reason. A test walks every registered form
and fails for a string that says neither.
"""

from typing import Any, Literal, cast

from msgspec import Meta, Struct, inspect

REFERENCE_MAX = 32
"""Length of the longest reference to a sealed value: a mark, a position, a dot, a slot."""

Profile = Literal[
    "notes_shared", "cards", "patterns", "outcomes", "contributions", "reports", "private"
]


class Field(Struct, frozen=True):
    """What core knows of a field beyond its type."""

    ask: str
    """The question a person reads above it."""
    address: bool = False
    """It says which object the command is about, and is read before the rest is judged."""
    subject: str | None = None
    """Personal: ``by`` (the author) or the name of the sibling field that holds the person's id."""
    kind: str = "contribution"
    """Which of the subject's keys seals it, such as identity or contribution; what is kept for
    a time of its own has a kind of its own."""
    guard: Profile | None = None
    """TextGuard profile that judges it."""
    verbatim: str | None = None
    """Name of the sibling field that says whether quotations are exempt from language hints."""
    about: str | None = None
    """Name of the sibling field that says what the text records, such as ``pupil_said``."""
    records: str = ""
    """What it records, where that is always the same, such as ``observation``."""
    why_plain: str | None = None
    """Why a text that is not personal cannot be."""
    ui: str | None = None
    """The hint that was given for it."""


def mark_of(t: inspect.Metadata) -> Field | None:
    """The ``Field`` with which a type is marked, as msgspec describes the type."""
    extra = cast("dict[str, Any]", t.extra or {})
    return extra.get("enquiry")


def _meta(field: Field, hints: dict[str, Any], **limits: Any) -> Meta:
    shown = {name: value for name, value in hints.items() if value is not None}
    schema: dict[str, Any] = {"title": field.ask}
    if shown:
        schema["x-ui"] = shown
    if field.address:
        schema["x-address"] = True
    if field.subject:
        schema["x-personal"] = {"subject": field.subject, "kind": field.kind}
    return Meta(extra={"enquiry": field}, extra_json_schema=schema, **limits)


def text(
    ask: str,
    *,
    upto: int,
    lines: int | None = None,
    subject: str = "by",
    kind: str = "contribution",
    guard: Profile | None = None,
    verbatim: str | None = None,
    about: str | None = None,
    records: str = "",
    placeholder: str | None = None,
) -> Meta:
    """Somebody's words: 1 to ``upto`` code points after trimming, NFC, sealed under their key.

    What a text records (see ``Field``) is told by a sibling field, ``about``, or is ``records``.

    Raises:
        ValueError: ``upto`` is below 32; a reference in its place needs the room.
    """
    if upto < REFERENCE_MAX:
        raise ValueError(f"upto={upto}: allow at least {REFERENCE_MAX}")
    field = Field(
        ask,
        subject=subject,
        kind=kind,
        guard=guard,
        verbatim=verbatim,
        about=about,
        records=records,
    )
    return _meta(field, {"lines": lines, "placeholder": placeholder}, min_length=1, max_length=upto)


def plain(ask: str, *, because: str, upto: int = 200, address: bool = False) -> Meta:
    """A string that can never say anything about a person, and why it cannot."""
    field = Field(ask, address=address, why_plain=because)
    return _meta(field, {}, min_length=1, max_length=upto)


def ask(
    question: str,
    *,
    address: bool = False,
    ge: int | None = None,
    le: int | None = None,
    at_least: int | None = None,
    at_most: int | None = None,
    ui: str | None = None,
) -> Meta:
    """Any field that is not a string: numbers (``ge``, ``le``), choices, people, lists (lengths).

    ``ui`` is a hint from a closed list: choice, people, date, group, order.
    """
    limits: dict[str, Any] = {
        "ge": ge,
        "le": le,
        "min_length": at_least,
        "max_length": at_most,
    }
    given = {name: value for name, value in limits.items() if value is not None}
    return _meta(Field(question, address=address, ui=ui), {"widget": ui}, **given)
