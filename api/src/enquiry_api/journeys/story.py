"""The format of a story, and reading one strictly, with the line of whatever is wrong."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from msgspec import Struct, field
from ruamel.yaml import YAML, YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

_TAG = "tag:yaml.org,2002:"
_KEPT_AS_WRITTEN = (f"{_TAG}str", f"{_TAG}timestamp")
_STEP = re.compile(r"\$\.steps\[\d+\](\.all\[\d+\])?")
STEPS_MAX = 2000
"""Inclusive: steps of one story, counted as they are written."""


class StoryError(Exception):
    """A story cannot be read, or names what is not there. The message says where."""


class Expect(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What must come back. What is not said is not looked at, but for refusals and warnings."""

    refused: str | None = None
    """The code of the refusal; without it, the step must succeed."""
    status: int | None = None
    pointer: str | None = None
    """Of a refusal: JSON Pointer of the first flaw."""
    details: tuple[Any, ...] | None = None
    """Of a refusal: exactly these, in any order."""
    params: dict[str, Any] = {}
    """Of a refusal: at least these."""
    warnings: tuple[str, ...] = ()
    """Codes that are raised. Others may be, if they are no more than information."""
    only: bool = False
    """No other warning may be raised, not even for information."""
    replayed: bool | None = None
    """Whether it was done before, by the same key."""
    stage: str | None = None
    shows: dict[str, Any] = {}
    """JSON Pointer to value; ``*`` stands for every item, of which each must be so."""
    counts: dict[str, int] = {}
    """JSON Pointer to how many items there are."""
    absent: tuple[str, ...] = ()
    """JSON Pointers that lead nowhere, or to null."""
    says: tuple[str, ...] = ()
    """Words that stand somewhere in what is shown."""
    never_says: tuple[str, ...] = ()
    """Words, or names of people (``$petra``: id and full name), that stand nowhere in it."""
    can: tuple[str, ...] = ()
    """Actions that are offered and allowed now."""
    cannot: dict[str, str] = {}
    """Actions that are offered but not allowed now, with the code that says why."""


class Step(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that somebody does or reads, or that time does."""

    when: str | None = None
    """Local time, ``2026-11-19 09:10``, or ``09:10`` of the same day; else that of the step
    before."""
    zone: str | None = None
    """Place whose local time it is; else that of the story."""
    row: str | int | None = None
    """Where this stands in some table of requirements."""
    tell: str = ""
    """What happens, in a sentence for those who watch."""
    who: str | tuple[str, ...] | None = None
    do: str | None = None
    """Method and kind of action: ``learning-walk/record-note``."""
    on: str | None = None
    """Name of the stream."""
    within: str | None = field(name="in", default=None)
    """Name of the alliance in which something is opened."""
    filled: dict[str, Any] = field(name="with", default={})
    """The form as it is filled in."""
    named: str | None = field(name="as", default=None)
    """Name for what this brings into being: the stream that it opens, or else the action."""
    save: dict[str, str] = {}
    """Further names, with the JSON Pointer into the answer of what they stand for."""
    based_on: str | int | None = None
    """Revision that a decision rests on; else the current one is read first."""
    key: str | None = None
    """Idempotency key, to send the same thing twice; else one is made."""
    acting_for: str | None = None
    occurred_at: str | None = None
    lang: str | None = None
    read: str | None = None
    """Name of a stream to be read."""
    view: str | None = None
    """One of its views, instead of the stream itself."""
    history: bool = False
    """Its history, instead of the stream itself."""
    inbox: bool = False
    """What this person can do now, over everything."""
    at: str | int | None = None
    """A past position or local time at which it is read."""
    tick: bool = False
    """Time passes: whatever is due by now happens."""
    all: tuple["Step", ...] = ()
    """Several at once. What they do not say themselves (when, who, do, on, in, expect ...) is said
    here."""
    expect: Expect | str | None = None
    """``ok`` (the default), ``no warning``, a code in capitals, or an `Expect`."""
    line: int = 0
    """Where it stands in its file; not written by hand."""


class Story(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A story."""

    journey: str
    """Its title."""
    about: str = ""
    zone: str = "Europe/London"
    after: tuple[str, ...] = ()
    """Files that are played before it, relative to its own."""
    beside: tuple[str, ...] = ()
    """Stories that are played together with it, files relative to its own; it knows their names."""
    people: dict[str, str] = {}
    """Short names of the people in it, with what they are called."""
    steps: tuple[Step, ...] = ()
    path: str = ""
    """Its file; not written by hand."""


def read_story(path: Path) -> Story:
    """Read a story from its file.

    Raises:
        StoryError: it cannot be read, is no YAML 1.2, or is no story.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoryError(f"{path}: {error}") from None
    return story_of(text, str(path))


def together(stories: Iterable[Story]) -> tuple[Story, ...]:
    """The stories, and those that they stand beside; each once, in the order in which they come.

    Raises:
        StoryError: one of them cannot be read, is no YAML 1.2, or is no story.
    """
    found: dict[Path, Story] = {}
    waiting = list(stories)
    while waiting:
        story = waiting.pop(0)
        if found.setdefault(Path(story.path).resolve(), story) is story:
            waiting += [read_story(path) for path in files_beside(story)]
    return tuple(found.values())


def files_beside(story: Story) -> tuple[Path, ...]:
    """Where the stories lie that are played together with this one."""
    return tuple(Path(story.path).parent / name for name in story.beside)


def story_of(text: str, name: str) -> Story:
    """A story from its text; ``name`` stands in messages."""
    try:
        node: Any = _yaml().compose(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        raise StoryError(f"{name}:{line}: {getattr(error, 'problem', error)}") from None
    if not isinstance(node, MappingNode):
        raise StoryError(f"{name}:1: a story is a mapping")
    lines: dict[str, int] = {}
    plain: Any = _value(node, "$", lines, name)
    try:
        story = msgspec.convert({**plain, "path": name}, Story)
    except msgspec.ValidationError as error:
        sentence, _, at = str(error).partition(" - at `")
        raise StoryError(f"{name}:{_nearest(at.rstrip('`'), lines)}: {sentence}") from None
    _check(story)
    return story


def _value(node: Any, at: str, lines: dict[str, int], name: str) -> Any:
    """A node as plain values; what looks like a time stays the text that it is."""
    lines[at] = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        return _mapping(node, at, lines, name)
    held: Any = node.value
    if isinstance(node, SequenceNode):
        return [_value(item, f"{at}[{i}]", lines, name) for i, item in enumerate(held)]
    if node.tag in _KEPT_AS_WRITTEN:
        return str(held)
    return _yaml().constructor.construct_object(node)


def _mapping(node: Any, at: str, lines: dict[str, int], name: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in made:
            line = key_node.start_mark.line + 1
            raise StoryError(f"{name}:{line}: {key} stands twice in one mapping")
        made[key] = _value(value_node, f"{at}.{key}", lines, name)
    if _STEP.fullmatch(at):
        made["line"] = lines[at]
    return made


def _yaml() -> Any:
    return YAML(typ="safe", pure=True)


def _nearest(at: str, lines: dict[str, int]) -> int:
    """The line of a path, or of the nearest thing around it."""
    while at not in lines and at:
        at = at[: max(at.rfind("."), at.rfind("["), 0)]
    return lines.get(at, 1)


def _check(story: Story) -> None:
    """What the shape alone does not say."""
    count = sum(max(1, len(step.all)) for step in story.steps)
    if count > STEPS_MAX:
        raise StoryError(f"{story.path}: {count} steps; {STEPS_MAX} are the most")
    zones = {story.zone, *(step.zone for step in story.steps if step.zone)}
    for zone in zones - available_timezones():
        raise StoryError(f"{story.path}: {zone} is no time zone")
    for step in story.steps:
        for one in step.all or (step,):
            _check_step(story, step, one)


def _check_step(story: Story, outer: Step, one: Step) -> None:
    line = one.line or outer.line
    does = [bool(one.do or outer.do), bool(one.read), one.inbox, one.tick]
    if sum(does) != 1:
        raise StoryError(f"{story.path}:{line}: a step is one of do, read, inbox, tick")
    if one.all and one is not outer:
        raise StoryError(f"{story.path}:{line}: all cannot stand within all")
    if not one.tick and not (one.who or outer.who):
        raise StoryError(f"{story.path}:{line}: say who")


def zone_of(story: Story, step: Step) -> ZoneInfo:
    """The place whose local time a step is told in."""
    return ZoneInfo(step.zone or story.zone)


def expectation(step: Step) -> Expect:
    """What must come back from a step.

    Raises:
        StoryError: it is a word that says nothing.
    """
    match step.expect:
        case None | "ok":
            return Expect()
        case "no warning":
            return Expect(only=True)
        case Expect():
            return step.expect
        case str() if step.expect.isupper():
            return Expect(refused=step.expect)
        case _:
            raise StoryError(f"line {step.line}: what is {step.expect!r}?")
