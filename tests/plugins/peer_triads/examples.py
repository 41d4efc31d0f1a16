"""The alliance in which these triads meet, and the beginnings from which their stories go on."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from enquiry.kernel.alliance.state import (
    Alliance,
    Capacity,
    Membership,
    Person,
    Policy,
    School,
    Standing,
)
from enquiry.kernel.circles import circles
from enquiry.kernel.schooldays import AcademicYear, Break, SchoolCalendar, Term, days
from enquiry.testing import Story, World, given, person
from enquiry_peer_triads import METHOD

SPACE = UUID("0d1c8a3e-4f0a-5b8e-9c55-3c0c5e3f1a77")
ASHLOW = uuid5(SPACE, "Ashlow High School")
BECK_ROAD = uuid5(SPACE, "Beck Road Primary")
DUNMERE = uuid5(SPACE, "Dunmere Community School")

GRACE, PETRA, LEWIS, SIAN = map(person, ("Grace", "Petra", "Lewis", "Siân"))
JUDITH, CORIN, TOM, MAYA = map(person, ("Judith", "Corin", "Tom", "Maya"))
STRANGER = person("Stranger")
NAMES = ("Grace", "Petra", "Lewis", "Siân", "Judith", "Corin", "Tom", "Maya", "Stranger")
"""Judith is Grace's head, Corin coordinates learning at Ashlow, Tom is a teacher of no triad, Maya
is a pupil, and the stranger belongs to nothing."""

THE_THREE = [str(GRACE), str(PETRA), str(LEWIS)]

YEAR = AcademicYear(
    "2026/27",
    days(date(2026, 9, 1), date(2027, 8, 31)),
    (
        Term("Autumn", days(date(2026, 9, 1), date(2026, 12, 18))),
        Term("Spring", days(date(2027, 1, 4), date(2027, 3, 25))),
        Term("Summer", days(date(2027, 4, 12), date(2027, 7, 21))),
    ),
    (
        Break("half_term", days(date(2026, 10, 26), date(2026, 10, 30))),
        Break("half_term", days(date(2027, 2, 15), date(2027, 2, 19))),
    ),
)


def member(school: UUID, *standings: Standing) -> Person:
    return Person(
        name="…",
        memberships=(
            Membership(
                school=school, standings=standings or (Standing.TEACHER,), since=date(2026, 9, 1)
            ),
        ),
    )


def school(name: str, *, coordinator: UUID | None = None, policy: Policy | None = None) -> School:
    named = {Capacity.CPD_LEAD: (coordinator,)} if coordinator else {}
    return School(
        name=name,
        zone="Europe/London",
        calendar=SchoolCalendar("Europe/London", (YEAR,)),
        capacities=named,
        policy=policy or Policy(),
    )


def alliance(
    *, manages: dict[UUID, tuple[UUID, ...]] | None = None, hard: bool = False
) -> Alliance:
    """The alliance; ``manages`` says who manages whom, ``hard`` that no manager may join."""
    policy = Policy(line_manager_forbidden=hard)
    return Alliance(
        schools={
            ASHLOW: school("Ashlow High School", coordinator=CORIN, policy=policy),
            BECK_ROAD: school("Beck Road Primary", policy=policy),
            DUNMERE: school("Dunmere Community School", policy=policy),
        },
        people={
            GRACE: member(ASHLOW),
            PETRA: member(BECK_ROAD),
            LEWIS: member(DUNMERE),
            SIAN: member(DUNMERE),
            JUDITH: member(ASHLOW, Standing.LEADER),
            CORIN: member(ASHLOW, Standing.TEACHER),
            TOM: member(ASHLOW),
            MAYA: member(ASHLOW, Standing.PUPIL),
        },
        manages=manages or {},
    )


def calder(**changes: Any) -> World:
    """The world around a triad at Ashlow."""
    here = alliance(**changes)
    blank = World(people={})
    return World(
        people={name: person(name) for name in NAMES},
        streams={blank.alliance: here},
        around=lambda who, now, state: circles(here, who, now, state),
    )


PLAN = {
    "purpose": "professional_development",
    "title": "Questions that open things up",
    "school": str(ASHLOW),
}
GOALS = {"goals": ["Wait longer after a question"], "strengths": ["calm room"]}
V1 = {"version": 1}


def planned(
    params: dict[str, int] | None = None,
    by: str = "Grace",
    *,
    world: World | None = None,
    **changes: Any,
) -> Story:
    """Somebody has planned a triad at Ashlow, on a Tuesday in October."""
    plan = PLAN if params is None else {**PLAN, "params": params}
    begun = given(METHOD, world or calder(**changes), at="2026-10-20 15:00")
    return begun.who(by).does("plan-run", plan)


def invited(**changes: Any) -> Story:
    """Grace has named Petra, Lewis and herself."""
    return planned(**changes).does("form-triad", {"members": THE_THREE})


def everybody(story: Story, kind: str, body: dict[str, Any] | None = None) -> Story:
    """Each of the three does the same."""
    for name in ("Grace", "Petra", "Lewis"):
        story = story.who(name).does(kind, body)
    return story


def accepted(**changes: Any) -> Story:
    """All three take part; nobody has stated goals."""
    return everybody(invited(**changes), "accept-run-invitation")


def ready(**changes: Any) -> Story:
    """Goals are stated, the protocol is adopted."""
    return everybody(everybody(accepted(**changes), "state-goals", GOALS), "adopt-protocol", V1)


def meeting(story: Story | None = None, at: str = "2026-11-03 16:08", **changes: Any) -> Story:
    """Grace has opened a meeting, the first unless ``story`` tells of others."""
    before = story if story is not None else ready(**changes)
    return before.who("Grace").does("open-meeting", {"mode": "online"}).at(at)


def roles(round_no: int, coach: str, client: str, observer: str) -> dict[str, Any]:
    """The form that begins a round."""
    people = {"coach": coach, "client": client, "observer": observer}
    return {"round_no": round_no, **{role: str(person(name)) for role, name in people.items()}}


FIRST = roles(1, "Petra", "Grace", "Lewis")
SECOND = roles(2, "Grace", "Lewis", "Petra")
THIRD = roles(3, "Lewis", "Petra", "Grace")
CYCLE = (FIRST, SECOND, THIRD)


def talking(story: Story | None = None, **changes: Any) -> Story:
    """The first round: Petra coaches Grace, Lewis observes."""
    return (story or meeting(**changes)).who("Grace").does("begin-round", FIRST)


def name_of(id_: str) -> str:
    return next(name for name in NAMES if str(person(name)) == id_)


def coach(form: dict[str, Any]) -> str:
    return name_of(form["coach"])


def client(form: dict[str, Any]) -> str:
    return name_of(form["client"])


def observer(form: dict[str, Any]) -> str:
    return name_of(form["observer"])


def ended(story: Story, form: dict[str, Any] = FIRST, minutes: int = 20) -> Story:
    """The conversation of a round has ended."""
    return story.who(coach(form)).does("end-conversation", {"actual_minutes": minutes})


def spoken(story: Story, form: dict[str, Any] = FIRST, minutes: int = 20) -> Story:
    """Client and observer have given feedback."""
    after = ended(story, form, minutes)
    after = after.who(client(form)).does("give-client-feedback", {"text": "You waited."})
    return after.who(observer(form)).does("give-observer-feedback", {"text": "It opened up."})


def rounds_done(story: Story, *forms: dict[str, Any], action: bool = True) -> Story:
    """Rounds held from beginning to end; each client commits to an action."""
    for form in forms:
        story = spoken(story.who(coach(form)).does("begin-round", form), form)
        if action:
            act = {"text": "Wait five seconds in two lessons", "due": "2026-11-17"}
            story = story.who(client(form)).does(
                "commit-action", act, called=f"{len(story.live.state.meetings)}-{client(form)}"
            )
        story = story.who(coach(form)).does("close-round")
    return story


def completed(story: Story | None = None) -> Story:
    """A completed meeting."""
    return rounds_done(story or meeting(), *CYCLE).who("Petra").does("complete-meeting")


def reviewed(story: Story) -> Story:
    """Everybody has looked back."""
    said = {"progress_on_goals": "Five seconds feel normal now.", "what_helped": "Being asked."}
    return everybody(story, "record-triad-review", said)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
