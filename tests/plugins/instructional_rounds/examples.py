"""The moments of rounds from which the stories go on."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from tests.plugins.instructional_rounds.school import (
    CARRICK,
    E2,
    H5,
    M12,
    NORTHBANK,
    OBSERVERS,
    S3,
    TEAM_1,
    TEAM_2,
    carrick,
)

from enquiry.testing import Story, World, given, named, person
from enquiry_instructional_rounds import METHOD


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


PLAN = {
    "purpose": "explore",
    "title": "What have they learned?",
    "school": str(NORTHBANK),
    "host_school": str(CARRICK),
}
YES = {"verdict": "yes"}
PROBLEM: dict[str, Any] = {
    "text": "Pupils complete tasks but cannot say what they have learned from them",
    "context": "Lessons are calm and full; tests show little that lasts",
    "staff_involvement": "two staff meetings, 41 votes",
    "instructional_core": YES,
    "observable": YES,
    "actionable": YES,
    "linked_to_strategy": YES,
    "high_leverage": YES,
}
V1 = {"version": 1}
CLASSROOMS: dict[int, tuple[UUID, str, int, str, str, str]] = {
    1: (M12, "Patel", 1, "09:00", "Year 9", "maths"),
    2: (S3, "OBrien", 1, "09:40", "Year 8", "science"),
    3: (H5, "Young", 2, "09:00", "Year 9", "history"),
    4: (E2, "Abara", 2, "09:40", "Year 10", "English"),
}
TEAMS = {1: TEAM_1, 2: TEAM_2}
DAY = "2027-02-02"


def ids(*names: str) -> list[str]:
    return [str(person(name)) for name in names]


def at(time: str, day: str = DAY) -> str:
    return f"{day} {time}"


def classroom(
    number: int,
    *,
    room: UUID | None = None,
    host: str | None = None,
    start: str | None = None,
    team: int | None = None,
    day: str = DAY,
    minutes: int | None = None,
) -> dict[str, Any]:
    """The form that schedules a visit."""
    known = CLASSROOMS.get(number, (M12, "Patel", 1, "11:00", "Year 9", "maths"))
    return {
        "visit_no": number,
        "team_no": team or known[2],
        "location": str(room or known[0]),
        "host_teacher": str(person(host or known[1])),
        "year": known[4],
        "subject": known[5],
        "start": f"{day}T{start or known[3]}:00Z",
        "minutes": minutes,
    }


@kept
def planned(world: World | None = None, params: Any = None, **around: Any) -> Story:
    """Ines has planned rounds at Carrick, and nobody else knows of them."""
    plan = PLAN if params is None else {**PLAN, "params": params}
    story = given(METHOD, world or carrick(**around), at="2027-01-04 09:00")
    return story.who("Ines").does("plan-run", plan).at("2027-01-04 09:00")


def joined(story: Story, role: str, *names: str, by: str = "Ines") -> Story:
    """These have accepted an invitation."""
    for name in names:
        story = story.who(by).does("invite-to-run", {"person": str(person(name)), "role": role})
        story = story.who(name).does("accept-run-invitation")
    return story


@kept
def drafting(story: Story | None = None, **around: Any) -> Story:
    """Freya is the host lead, Hamish in the host team, six observe."""
    story = story if story is not None else planned(**around)
    story = joined(joined(story, "host-lead", "Freya"), "host-team", "Hamish")
    return joined(story, "observer", *OBSERVERS)


@kept
def published(story: Story | None = None, **around: Any) -> Story:
    """The problem of practice is published."""
    story = story if story is not None else drafting(**around)
    return story.who("Freya").does("publish-problem", PROBLEM).at("2027-01-05 10:00")


def team(number: int, *names: str) -> dict[str, Any]:
    """The form of a team."""
    return {"team_no": number, "members": ids(*(names or TEAMS[number]))}


@kept
def teamed(story: Story | None = None, **around: Any) -> Story:
    """Two teams of three."""
    story = story if story is not None else published(**around)
    story = story.who("Ines").does("form-team", team(1)).at("2027-01-12 10:00")
    return story.does("form-team", team(2))


@kept
def scheduled(story: Story | None = None, **around: Any) -> Story:
    """Four classrooms."""
    story = story if story is not None else teamed(**around)
    story = story.who("Ines")
    for number in CLASSROOMS:
        story = story.does("schedule-classroom", classroom(number))
    return story


@kept
def informed(story: Story | None = None, **around: Any) -> Story:
    """The four host teachers know."""
    story = story if story is not None else scheduled(**around)
    return story.who("Ines").does("inform-host-teachers", {"visit_nos": [1, 2, 3, 4]})


def adopted(story: Story, *names: str) -> Story:
    for name in names:
        story = story.who(name).does("adopt-protocol", V1)
    return story


@kept
def ready(story: Story | None = None, **around: Any) -> Story:
    """The norms are adopted; it is the morning of the day."""
    story = story if story is not None else informed(**around)
    story = adopted(story, "Freya", *OBSERVERS)
    return story.but(now=datetime(2027, 2, 2, 8, 45, tzinfo=UTC))


def present(number: int, *names: str) -> dict[str, Any]:
    """The form by which a team enters a classroom."""
    return {"visit_no": number, "present": ids(*(names or TEAMS[CLASSROOMS[number][2]]))}


def begun(story: Story, number: int, *names: str) -> Story:
    """A team is in a classroom."""
    leader = TEAMS[CLASSROOMS[number][2]][0]
    return story.who(leader).does("begin-observation", present(number, *names))


def ended(story: Story, number: int) -> Story:
    """It leaves."""
    leader = TEAMS[CLASSROOMS[number][2]][0]
    return story.who(leader).does("end-observation", {"visit_no": number})


@kept
def in_rooms(story: Story | None = None, **around: Any) -> Story:
    """Both teams are in their first classrooms."""
    story = story if story is not None else ready(**around)
    story = begun(story, 1).at(at("09:00"))
    return begun(story, 3).at(at("09:01"))


@kept
def visited(story: Story | None = None, **around: Any) -> Story:
    """All four visits are over, each after twenty minutes."""
    story = in_rooms(story, **around)
    story = ended(ended(story, 1).at(at("09:20")), 3).at(at("09:21"))
    story = begun(begun(story, 2).at(at("09:40")), 4).at(at("09:41"))
    return ended(ended(story, 2).at(at("10:00")), 4).at(at("10:01"))


@kept
def describing(story: Story | None = None, **around: Any) -> Story:
    """The debrief is open."""
    story = visited(story, **around)
    return story.who("Ines").does("open-debrief").at(at("10:15"))


SEEN = {
    "copied": (1, "Grace", "task", "Pupils copied three worked examples in silence"),
    "silent": (1, "Nasreen", "pupils", "Young people in the room asked no question"),
    "sheet": (3, "Siân", "pupils", "Four pupils filled the sheet from the board"),
    "modelled": (4, "Lewis", "teacher", "The modelling was excellent"),
    "labelled": (2, "Tom", "task", "The task asked for labels on a drawing"),
}
"""Cards by a short name: visit, author, focus, words."""


def card(name: str, **more: Any) -> dict[str, Any]:
    """The form of a card."""
    visit, _, focus, text = SEEN[name]
    return {"visit_no": visit, "focus": focus, "text": text, **more}


def posted(story: Story, *names: str) -> Story:
    """These cards are on the board."""
    for name in names:
        story = story.who(SEEN[name][1]).does("post-card", card(name), called=name)
    return story


@kept
def described(story: Story | None = None, **around: Any) -> Story:
    """Four cards are on the board; all of them describe."""
    return posted(describing(story, **around), *(name for name in SEEN if name != "modelled"))


def on(*cards: str) -> list[str]:
    return [str(named(one)) for one in cards]


def steps_to(story: Story, *steps: str) -> Story:
    """The debrief goes on, step by step."""
    for step in steps:
        story = story.who("Ines").does("advance-debrief", {"to": step})
    return story


@kept
def analysing(story: Story | None = None, **around: Any) -> Story:
    """Describing is over."""
    return steps_to(described(story, **around), "analyse")


COMPLETION = "Tasks ask for completion more often than for explanation"


def pattern(*cards: str, statement: str = COMPLETION) -> dict[str, Any]:
    """The form of a pattern."""
    return {"statement": statement, "card_ids": on(*cards)}


def agrees(story: Story, name: str, *, to: str = "p1", version: int = 1) -> Story:
    """Somebody agrees for their team."""
    form = {"pattern": str(named(to)), "version": version}
    return story.who(name).does("agree-pattern", form)


@kept
def patterned(story: Story | None = None, **around: Any) -> Story:
    """One pattern rests on three cards of three classrooms, another on two of one."""
    story = analysing(story, **around).who("Petra")
    story = story.does("create-pattern", pattern("copied", "sheet", "labelled"), called="p1")
    wait = pattern("copied", "silent", statement="Pupils wait for the next example")
    return story.who("Nasreen").does("create-pattern", wait, called="p2")


@kept
def agreed(story: Story | None = None, **around: Any) -> Story:
    """Both teams agree to the first pattern."""
    return agrees(agrees(patterned(story, **around), "Nasreen"), "Siân")


@kept
def predicting(story: Story | None = None, **around: Any) -> Story:
    """Analysis is over."""
    return steps_to(agreed(story, **around), "predict")


def prediction(*patterns: str) -> dict[str, Any]:
    """The form of a prediction."""
    return {
        "statement": "A pupil here would be able to follow a shown procedure",
        "pattern_ids": on(*patterns),
    }


@kept
def predicted(story: Story | None = None, **around: Any) -> Story:
    """Tom has predicted something."""
    story = predicting(story, **around).who("Tom")
    return story.does("add-prediction", prediction("p1"), called="prediction")


def option(horizon: str, level: str, *patterns: str) -> dict[str, Any]:
    """The form of an option."""
    return {
        "horizon": horizon,
        "actor_level": level,
        "statement": "Ask one question in each lesson that wants an explanation",
        "pattern_ids": on(*(patterns or ("p1",))),
    }


@kept
def finding(story: Story | None = None, **around: Any) -> Story:
    """The next level of work is being found."""
    return steps_to(predicted(story, **around), "next_level")


@kept
def found(story: Story | None = None, **around: Any) -> Story:
    """There is an option for each horizon, and one of them is the network's."""
    story = finding(story, **around).who("Lewis")
    story = story.does("add-next-level-option", option("next_week", "teachers"), called="week")
    story = story.who("Grace")
    leaders = option("next_month", "school_leaders")
    story = story.does("add-next-level-option", leaders, called="month")
    network = option("end_of_year", "network")
    return story.who("Petra").does("add-next-level-option", network, called="year")


@kept
def completed(story: Story | None = None, **around: Any) -> Story:
    """The debrief is complete."""
    return found(story, **around).who("Ines").does("complete-debrief").at(at("11:20"))


REVIEW = {
    "names_removed": True,
    "roles_unclear": True,
    "no_unique_events": True,
    "findings": "Nothing points to one classroom",
    "confirm": True,
}


def reviewed_by(story: Story, *names: str) -> Story:
    for name in names:
        story = story.who(name).does("review-identifiability", REVIEW)
    return story


@kept
def shared(story: Story | None = None, **around: Any) -> Story:
    """Ines and Hamish have reviewed it, and the host has it."""
    story = reviewed_by(completed(story, **around), "Ines", "Hamish").who("Ines")
    return story.does("share-with-host").at(at("11:35"))


@kept
def closed(story: Story | None = None, **around: Any) -> Story:
    """Freya has decided, and the run is closed."""
    story = shared(story, **around).who("Freya")
    story = story.does("decide-option", {"option": str(named("month")), "decision": "adapt"})
    return story.who("Ines").does("close-run")


def withdrawn(story: Story, name: str, *purposes: str) -> Story:
    """Somebody withdraws consent."""
    return story.who(name).does("withdraw-consent", {"purposes": purposes or ["be_observed"]})
