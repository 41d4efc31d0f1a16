"""The moments of a walk from which the stories go on."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from tests.plugins.learning_walks.school import (
    B4,
    B7,
    B9,
    BECK_ROAD,
    ENQUIRY,
    INES,
    PETRA,
    TEAM,
    TOM,
    beck_road,
)

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, World, given, named, person
from enquiry_learning_walks import METHOD


def kept(tell: Callable[..., Story]) -> Callable[..., Story]:
    """A beginning without anything of its own is told once: stories are values."""
    known: dict[Any, Story] = {}

    @wraps(tell)
    def once(*args: Any, **around: Any) -> Story:
        if around or any(isinstance(one, Story) for one in args):
            return tell(*args, **around)
        if args not in known:
            known[args] = tell(*args).settled()
        return known[args]

    return once


PLAN = {"purpose": "explore", "title": "Written feedback", "school": str(BECK_ROAD)}
FOCUS = {
    "focus": "How pupils use written feedback to change their work",
    "link_to_improvement_aim": "marking policy review",
    "criteria": [
        {"id": "c1", "text": "pupils can say what the feedback asked"},
        {"id": "c2", "text": "a visible change follows in the book"},
        {"id": "c3", "text": "time is given"},
    ],
}
ROLES = {
    "Petra": "timekeeper_scribe",
    "Tom": "work_scrutiny",
    "Hamish": "pupil_talk",
    "Amina": "environment",
}
V1 = {"version": 1}
ROOMS = {1: (B4, "Kelly", "09:10"), 2: (B7, "Declan", "09:25"), 3: (B9, "Anya", "09:40")}


def ids(*names: str) -> list[str]:
    return [str(person(name)) for name in names]


def visit(
    number: int,
    *,
    room: UUID | None = None,
    host: str | None = None,
    at: str | None = None,
    day: str = "2026-11-19",
    minutes: int = 8,
    debrief: int = 6,
    visitors: tuple[str, ...] = TEAM,
) -> dict[str, Any]:
    """The form that schedules a visit."""
    known = ROOMS.get(number, (B4, "Kelly", "11:00"))
    return {
        "visit_no": number,
        "location": str(room or known[0]),
        "host": str(person(host or known[1])),
        "start": f"{day}T{at or known[2]}:00Z",
        "visit_minutes": minutes,
        "debrief_minutes": debrief,
        "visitors": ids(*visitors),
    }


def planned(
    by: str = "Petra",
    plan: dict[str, Any] | None = None,
    world: World | None = None,
    **around: Any,
) -> Story:
    """Petra has planned a walk, on a Tuesday in November, and nobody else knows of it."""
    story = given(METHOD, world or beck_road(**around), at="2026-11-03 16:00")
    return story.who(by).does("plan-run", {**PLAN, **(plan or {})}).at("2026-11-03 16:00")


def joined(*names: str, story: Story | None = None, role: str = "walker", **around: Any) -> Story:
    """These have accepted an invitation."""
    story = story if story is not None else planned(**around)
    for name in names:
        invitation = {"person": str(person(name)), "role": role}
        story = story.who("Petra").does("invite-to-run", invitation)
        story = story.who(name).does("accept-run-invitation")
    return story


@kept
def team(story: Story | None = None, **around: Any) -> Story:
    """All four walkers take part."""
    return joined("Tom", "Amina", "Hamish", story=story, **around)


@kept
def scheduled(story: Story | None = None, **around: Any) -> Story:
    """There is a focus, and three visits to come."""
    story = story if story is not None else team(**around)
    story = story.who("Petra").does("set-walk-focus", FOCUS)
    for number in ROOMS:
        story = story.does("schedule-visit", visit(number))
    return story


@kept
def told(story: Story | None = None, **around: Any) -> Story:
    """The hosts were told, in good time."""
    story = story if story is not None else scheduled(**around)
    return story.who("Petra").does("notify-hosts").at("2026-11-11 12:00")


def roles_given(story: Story, *names: str) -> Story:
    for name in names:
        role = {"person": str(person(name)), "walk_role": ROLES[name]}
        story = story.who("Petra").does("assign-walk-role", role)
    return story


def adopted(story: Story, *names: str) -> Story:
    for name in names:
        story = story.who(name).does("adopt-protocol", V1)
    return story


@kept
def ready(story: Story | None = None, **around: Any) -> Story:
    """Nothing is missing: hosts are told, walk roles given, the protocol adopted."""
    story = story if story is not None else told(**around)
    story = adopted(roles_given(story, *TEAM), *TEAM)
    return story.but(now=datetime(2026, 11, 19, 8, 55, tzinfo=UTC))


@kept
def walking(story: Story | None = None, **around: Any) -> Story:
    """The walk has begun, on Thursday morning."""
    story = story if story is not None else ready(**around)
    return story.who("Petra").does("begin-walk").at("2026-11-19 09:00")


@kept
def in_room(number: int = 1, story: Story | None = None, **around: Any) -> Story:
    """The team is in a room."""
    story = story if story is not None else walking(**around)
    at = f"2026-11-19 {ROOMS[number][2]}"
    present = {"visit_no": number, "present": ids(*TEAM)}
    return story.who("Petra").does("begin-visit", present).at(at)


def note(
    number: int, criterion: str = "c1", kind: str = "saw", text: str = "Six read aloud", **more: Any
) -> dict[str, Any]:
    """The form of a note."""
    return {"visit_no": number, "criterion_id": criterion, "kind": kind, "text": text, **more}


def minute(story: Story, number: int, after: int) -> datetime:
    """So many minutes after a visit was to start."""
    hour, start = map(int, ROOMS[number][2].split(":"))
    return datetime(2026, 11, 19, hour, start + after, tzinfo=UTC)


@kept
def in_corridor(number: int = 1, story: Story | None = None, **around: Any) -> Story:
    """Tom and Hamish have written something in the room; the team stands in the corridor."""
    story = in_room(number, story, **around)
    story = story.who("Tom").does("record-note", note(number), called=f"tom-{number}")
    said = note(number, "c2", "pupil_said", '"I had to add a reason."', verbatim=True)
    story = story.who("Hamish").does("record-note", said, called=f"hamish-{number}")
    return story.who("Petra").does("end-visit", {"visit_no": number}).at(minute(story, number, 8))


def all_speak(story: Story, number: int, *names: str) -> Story:
    for name in names:
        share = {"visit_no": number, "kind": "noticing", "text": "Most began at once"}
        story = story.who(name).does("share-in-corridor", share, called=f"{name}-says-{number}")
    return story


@kept
def visited(number: int = 1, story: Story | None = None, **around: Any) -> Story:
    """A visit is over, with its corridor."""
    story = all_speak(in_corridor(number, story, **around), number, *TEAM)
    story = story.who("Petra").does("close-corridor", {"visit_no": number})
    return story.at(minute(story, number, 14))


@kept
def walked(story: Story | None = None, **around: Any) -> Story:
    """Three visits are over; the walk has ended."""
    story = visited(3, visited(2, visited(1, story, **around)))
    return story.who("Petra").does("end-walk").at("2026-11-19 09:59")


TRIAL = {
    "text": "Trial two-minute 'say why' talk before responding",
    "owner_role": "phase leaders",
    "due": "2026-12-11",
}


def noted(*visits: int) -> list[str]:
    """Notes of Tom on these visits."""
    return [str(named(f"tom-{number}")) for number in visits]


def outcome(*visits: int, kind: str = "pattern") -> dict[str, Any]:
    """The form of an outcome that rests on these visits."""
    text = "Pupils can repeat the feedback; fewer can say why it helps"
    return {"kind": kind, "text": text, "note_ids": noted(*visits)}


@kept
def concluded(story: Story | None = None, **around: Any) -> Story:
    """Tom has found a pattern in two rooms and asks about one; Amina has said what comes next."""
    story = story if story is not None else walked(**around)
    story = story.who("Tom").does("record-outcome", outcome(1, 3), called="pattern")
    story = story.does("record-outcome", outcome(2, kind="question"), called="question")
    return story.who("Amina").does("record-next-step", TRIAL, called="step")


def sharing(audience: str, *outcomes: str) -> dict[str, Any]:
    """The form by which outcomes are shared."""
    return {"audience": audience, "outcome_ids": [str(named(one)) for one in outcomes]}


@kept
def shared(story: Story | None = None, audience: str = "staff", **around: Any) -> Story:
    """The pattern is shared."""
    story = story if story is not None else concluded(**around)
    return story.who("Petra").does("share-outcomes", sharing(audience, "pattern"))


@kept
def closed(story: Story | None = None, **around: Any) -> Story:
    """The run is closed."""
    story = story if story is not None else shared(**around)
    return story.who("Petra").does("close-run")


def withdrawn(story: Story, name: str, *purposes: str) -> Story:
    """Somebody withdraws consent."""
    return story.who(name).does("withdraw-consent", {"purposes": purposes or ["be_observed"]})


def with_pupils(*names: str, story: Story | None = None) -> Story:
    """Petra and Tom walk with pupils."""
    story = joined(*names, story=joined("Tom", story=story), role="pupil-walker")
    story = story.who("Petra").does("set-walk-focus", FOCUS)
    story = story.does("schedule-visit", visit(1, visitors=("Petra", "Tom", *names)))
    story = roles_given(told(story), "Petra", "Tom")
    for name in names:
        role = {"person": str(person(name)), "walk_role": "pupil_talk"}
        story = story.who("Petra").does("assign-walk-role", role)
    story = adopted(story, "Petra", "Tom", *names)
    return story.who("Petra").does("begin-walk").at("2026-11-19 09:00")


def consents(story: Story, *names: str, until: str = "2027-08-31") -> Story:
    for name in names:
        form = {
            "purposes": ["share_alliance"],
            "basis": "consent",
            "statement_version": 1,
            "valid_until": until,
        }
        story = story.who(name).does("record-consent", form)
    return story


def served() -> Story:
    """The walk serves an enquiry that Ines facilitates."""
    enquiry = Enquiry(
        members=(PETRA, TOM),
        facilitators=(INES,),
        ethics_reviewed=True,
        reasons={"learning-walk": True},
    )
    story = planned(plan={**PLAN, "enquiry": str(ENQUIRY)}, enquiry=enquiry)
    return concluded(walked(walking(ready(told(scheduled(team(story)))))))


def pupil_walks() -> Story:
    """Petra, Tom and Maya have left a room; each wrote something, all have spoken."""
    story = with_pupils("Maya").does(
        "begin-visit", {"visit_no": 1, "present": ids("Petra", "Tom", "Maya")}
    )
    for name in ("Petra", "Tom", "Maya"):
        story = story.who(name).does("record-note", note(1), called=f"{name}-writes")
    story = story.who("Petra").does("end-visit", {"visit_no": 1})
    for name in ("Petra", "Tom", "Maya"):
        share = {"visit_no": 1, "kind": "noticing", "text": "Most began at once"}
        story = story.who(name).does("share-in-corridor", share)
    return story
