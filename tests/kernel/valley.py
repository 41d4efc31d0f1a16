"""Calder Valley: three schools and the people of these tests, told as the alliance's own story."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from enquiry.kernel.alliance.method import ALLIANCE
from enquiry.kernel.alliance.state import Alliance
from enquiry.kernel.circles import circles
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.roles import OPERATOR
from enquiry.testing import Story, World, given, named, person, world

ASHLOW, BECK_ROAD, CARRICK = named("Ashlow"), named("Beck Road"), named("Carrick")
STANDINGS = {
    "Judith": (ASHLOW, "leader"),
    "Grace": (ASHLOW, "teacher"),
    "Tom": (BECK_ROAD, "leader"),
    "Petra": (BECK_ROAD, "teacher"),
    "Kelly": (BECK_ROAD, "teacher"),
    "Declan": (BECK_ROAD, "teaching_assistant"),
    "Amina": (BECK_ROAD, "governor"),
    "Pip": (BECK_ROAD, "pupil"),
    "Rosa": (BECK_ROAD, "parent"),
    "Hamish": (CARRICK, "teacher"),
    "Ines": (CARRICK, "partner"),
}
NAMES = ("Olga", "Nasreen", *STANDINGS, "Zed")
"""Olga operates the platform, Nasreen is steward and of no school; Zed is a stranger."""
ZONES = {
    ASHLOW: ("Ashlow", "Europe/London"),
    BECK_ROAD: ("Beck Road", "Europe/London"),
    CARRICK: ("Carrick", "Pacific/Auckland"),
}
"""Half a day apart: the day at Carrick is not the day in UTC."""
YEAR = {
    "label": "2026/27",
    "first": "2026-09-01",
    "until": "2027-09-01",
    "terms": [
        {"label": "autumn", "first": "2026-09-01", "until": "2026-12-19"},
        {"label": "spring", "first": "2027-01-04", "until": "2027-03-26"},
    ],
}
NEXT_YEAR = {
    "label": "2027/28",
    "first": "2027-09-01",
    "until": "2028-09-01",
    "terms": [{"label": "autumn", "first": "2027-09-01", "until": "2027-12-18"}],
}


def _around(who: UUID, now: datetime, s: Any) -> frozenset[str]:
    return circles(s, who, now, s) if isinstance(s, Alliance) else frozenset()


def who(name: str) -> str:
    """The id of somebody, as it stands in a form."""
    return str(person(name))


def founded() -> Story:
    """An alliance with a steward and nobody else."""
    told = given(ALLIANCE, world(*NAMES, circles={OPERATOR: ("Olga",)}, around=_around))
    founding = {"name": "Calder", "steward": who("Nasreen"), "steward_name": "Nasreen"}
    return told.who("Olga").does("create-alliance", founding)


def joins(told: Story, name: str, school: UUID, standing: str, **more: str) -> Story:
    """The steward adds somebody, and says where they belong."""
    told = told.who("Nasreen").does("add-person", {"name": name, "person": who(name)})
    grant = {"person": who(name), "school": str(school), "standings": [standing]}
    return told.does("grant-membership", {**grant, "since": "2026-09-01", **more})


def settled() -> Story:
    """The alliance with its schools and everybody in them."""
    told = founded().who("Nasreen")
    for school, (name, zone) in ZONES.items():
        told = told.does("add-school", {"name": name, "zone": zone}, called=name)
        assert school == named(name)
    for name, (school, standing) in STANDINGS.items():
        told = joins(told, name, school, standing)
    return told.then()


def manages(told: Story, manager: str, *managed: str) -> Story:
    """The steward records who manages whom."""
    people = [who(name) for name in managed]
    edge = {"manager": who(manager), "managed": people}
    return told.who("Nasreen").does("record-line-management", edge)


def has_calendar(told: Story, school: UUID, *years: Mapping[str, Any]) -> Story:
    """The steward sets when a school is open: on weekdays, in these years."""
    here = {"school": str(school)}
    told = told.who("Nasreen").does("set-school-week", {**here, "weekdays": [1, 2, 3, 4, 5]})
    for year in years:
        told = told.does("set-academic-year", {**here, **year})
    return told


def decides(told: Story, school: UUID, **policy: Any) -> Story:
    """The steward sets a school's policy."""
    form = {"school": str(school), "policy": policy}
    return told.who("Nasreen").does("set-policy", form)


def state(told: Story) -> Alliance:
    """The alliance as it stands."""
    found = told.live.state
    assert isinstance(found, Alliance)
    return found


VALLEY = settled()
"""Everybody has joined; nothing else has happened."""
HERE = VALLEY.stream.world.alliance
SERVED = named("an enquiry")


def around_runs(told: Story = VALLEY, enquiry: Enquiry | None = None) -> World:
    """A world in which runs and enquiries take place in this alliance; ``SERVED`` is an enquiry."""
    here = state(told)
    streams: dict[UUID, Any] = {HERE: here}
    if enquiry is not None:
        streams[SERVED] = enquiry

    def around(person_: UUID, now: datetime, s: Any) -> frozenset[str]:
        serves = getattr(s, "enquiry", None) == SERVED
        return circles(here, person_, now, s, enquiry if serves else None)

    return world(*NAMES, circles={}, streams=streams, around=around)
