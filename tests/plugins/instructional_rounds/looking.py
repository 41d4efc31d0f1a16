"""Who sees what: the questions that tests ask of a story."""

from typing import Any
from uuid import UUID

from tests.plugins.instructional_rounds.school import CARRICK, NAMES

from enquiry.kernel.around import bookings_stream
from enquiry.kernel.bookings import Booking, Bookings
from enquiry.testing import Story, harness, person


def held(story: Story, school: UUID = CARRICK) -> dict[str, Booking]:
    """Bookings that a school's calendar holds, by the visit they are for."""
    calendar = story.settled().stream.others[bookings_stream(school)]
    assert isinstance(calendar, Bookings)
    return {key.rpartition("/")[2]: one for key, one in calendar.held.items()}


def asks_for(story: Story, view: str) -> set[str]:
    """Who may ask for a view."""
    told = story.settled()
    return {
        name
        for name in NAMES
        if view in {one.name for one in harness.views(told.stream, person(name), told.now)}
    }


def readers(story: Story, kind: str) -> set[str]:
    """Who reads at least one fact of this kind in the history."""
    return {name for name in NAMES if any(fact["kind"] == kind for fact in story.reads(name))}


def kinds(story: Story, name: str) -> list[str]:
    return [fact["kind"] for fact in story.reads(name)]


def texts_on_board(story: Story, by: str = "Ines") -> list[str]:
    return [one["text"] for one in story.view("debrief-board", by=by)["cards"]]


def card_on_board(story: Story, id_: UUID, by: str = "Ines") -> dict[str, Any]:
    [found] = [
        one for one in story.view("debrief-board", by=by)["cards"] if one["card"] == str(id_)
    ]
    return found
