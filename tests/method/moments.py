"""Moments of a small walk from which tests go on: Petra leads, Nia walks, Lena and Sam host."""

from tests.method.walk import METHOD

from enquiry.testing import Story, given, named, person

NOTE = {"visit": 1, "kind": "saw", "text": "pupils reread the comment"}


def planned() -> Story:
    """A walk with a focus and two walkers."""
    story = given(METHOD).who("Petra").does("plan-walk", {"focus": "How pupils use feedback"})
    return story.does("add-walker", {"person": person("Nia")})


def walking() -> Story:
    """Two visits are scheduled, and the walk has begun."""
    story = planned()
    for visit, host in ((1, "Lena"), (2, "Sam")):
        story = story.does("schedule-visit", {"visit": visit, "host": person(host)})
    return story.does("begin-walk")


def in_room(visit: int, story: Story | None = None) -> Story:
    """Petra and Nia are in the room."""
    present = [person("Petra"), person("Nia")]
    before = walking() if story is None else story
    return before.who("Petra").does("begin-visit", {"visit": visit, "present": present})


def in_corridor(visit: int, story: Story | None = None) -> Story:
    """They have stepped out."""
    before = in_room(visit) if story is None else story
    return before.who("Petra").does("end-visit", {"visit": visit})


def at_pooling(*, visits: int = 2) -> Story:
    """Every visit is over, with one note of Nia each; ``visits=1``: the second is yet to come."""
    story = walking()
    for visit in range(1, visits + 1):
        story = in_room(visit, story)
        note = {**NOTE, "visit": visit}
        story = story.who("Nia").does("record-note", note, called=f"note {visit}")
        story = in_corridor(visit, story)
        for name in ("Nia", "Petra"):
            story = story.who(name).does("share-in-corridor", {"visit": visit})
        story = story.does("close-corridor", {"visit": visit})
    return story.does("end-walk") if visits == 2 else story


def with_outcome() -> Story:
    """An outcome rests on the first note."""
    outcome = {"text": "comments are read twice", "notes": [named("note 1")]}
    return at_pooling().who("Nia").does("record-outcome", outcome)
