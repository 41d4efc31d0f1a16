"""Who sees what: the questions that tests ask of a story."""

from typing import Any

from tests.plugins.learning_walks.school import BECK_ROAD, TEAM

from enquiry.kernel.around import bookings_stream
from enquiry.kernel.bookings import Booking, Bookings
from enquiry.testing import Story, harness, person

EVERYBODY = (
    *TEAM,
    "Kelly",
    "Declan",
    "Anya",
    "Helen",
    "Cora",
    "Corin",
    "Freya",
    "Ines",
    "Nora",
    "Maya",
    "Stranger",
)
STAFF = {"Kelly", "Declan", "Anya", "Helen", "Cora", "Corin", "Nora"}
"""Staff of Beck Road who do not walk."""


def held(story: Story, school: object = BECK_ROAD) -> dict[str, Booking]:
    """Bookings that a school's calendar holds, by the visit they are for."""
    calendar = story.settled().stream.others[bookings_stream(school)]
    assert isinstance(calendar, Bookings)
    return {key.rpartition("/")[2]: one for key, one in calendar.held.items()}


def asks_for(story: Story, view: str) -> set[str]:
    """Who may ask for a view."""
    return {name for name in EVERYBODY if may_ask(story, view, name)}


def may_ask(story: Story, view: str, name: str) -> bool:
    told_so_far = story.settled()
    known = harness.views(told_so_far.stream, person(name), told_so_far.now)
    return view in {one.name for one in known}


def own_notes(story: Story, host: str) -> list[dict[str, Any]]:
    return story.view("own-visit", by=host)["visits"][0]["notes"]


def readers(story: Story, kind: str) -> set[str]:
    """Who reads at least one fact of this kind."""
    return {name for name in EVERYBODY if any(fact["kind"] == kind for fact in story.reads(name))}


def unsigned(story: Story, kind: str, *names: str) -> list[dict[str, object]]:
    """What these read of a kind of fact; who recorded it is hidden from each of them."""
    found: list[dict[str, object]] = []
    for name in names:
        mine = [fact for fact in story.reads(name) if fact["kind"] == kind]
        assert mine, f"{name} reads no {kind}"
        assert {fact["by"] for fact in mine} == {None}, f"{name} reads who recorded {kind}"
        found += [fact["data"] for fact in mine]
    return found


def kinds(story: Story, name: str) -> list[str]:
    return [fact["kind"] for fact in story.reads(name)]


def signed_by(story: Story, author: Any) -> set[str]:
    """Who is shown a fact with this author's name on it, besides the author."""
    return {
        name
        for name in EVERYBODY
        if person(name) != author and any(fact["by"] == author for fact in story.reads(name))
    }
