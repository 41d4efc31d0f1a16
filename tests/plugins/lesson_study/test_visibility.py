"""No read model shows a text that its reader may not read, to anybody, at any moment."""

from collections.abc import Callable, Iterator

import pytest
from tests.plugins.lesson_study.examples import focused, invites, studied
from tests.plugins.lesson_study.school import NAMES
from tests.plugins.lesson_study.test_views import shared
from tests.plugins.lesson_study.test_withdrawing import eventful, without
from tests.plugins.lesson_study.walked import (
    after_the_lesson,
    at_the_end,
    before_the_lock,
    on_pupils,
)

from enquiry.method.record import refs_in
from enquiry.method.visible import visible
from enquiry.testing import Story, harness

EVERYTHING = ("findings", "plans", "matrix", "observations", "progress", "technique", "quotes")


def all_shared() -> Story:
    """Everything that can be shared is shared with the alliance."""
    return shared("alliance", *EVERYTHING, quotes_of="B")


def one_withdrawn() -> Story:
    """B was withdrawn in the middle of the discussion."""
    return without(eventful(), "B")


MOMENTS = (before_the_lock, after_the_lesson, on_pupils, at_the_end, all_shared, one_withdrawn)


@pytest.mark.parametrize("tell", MOMENTS)
def test_no_view_holds_a_text_that_its_reader_may_not_read(tell: Callable[[], Story]) -> None:
    story = tell().settled()
    for name in story.stream.world.people:
        allowed = set(_positions_read(story, name))
        for view in harness.views(story.stream, story.person(name), story.now):
            shown = harness.look(story.stream, view, story.person(name), story.now)
            assert {ref.position for ref in refs_in(shown)} <= allowed, (name, view.name)


def _positions_read(story: Story, name: str) -> Iterator[int]:
    stream = story.stream
    viewer = stream.viewer(story.person(name), story.now)
    for event in stream.events:
        fact = stream.compiled.facts.recorded(event)
        if fact and visible(stream.compiled, stream.live, fact, viewer):
            yield event.position


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"Petra", "Kelly"}])
def test_real_names_are_read_by_the_schools_own_colleagues_in_the_group_alone(name: str) -> None:
    story = all_shared().settled()
    views = harness.views(story.stream, story.person(name), story.now)
    told = str(story.reads(name)) + str([story.view(view.name, name) for view in views])
    assert ("Maisie Okoro" in told) is (name == "Declan")


@pytest.mark.parametrize(("role", "knows"), [("guest", False), ("member", True)])
def test_a_colleague_of_the_school_knows_names_as_a_member_and_labels_as_a_guest(
    role: str, knows: bool
) -> None:
    story = invites(studied(focused(public_lesson=True)), "Anya", role)
    views = harness.views(story.stream, story.person("Anya"), story.now)
    told = str(story.reads("Anya")) + str([story.view(view.name, "Anya") for view in views])
    assert ("Maisie Okoro" in told) is knows
    assert [one["label"] for one in story.view("pupils", "Anya")["pupils"]] == ["A", "B", "C"]
    assert ("pupil-registered" in {fact["kind"] for fact in story.reads("Anya")}) is knows
