"""Warnings are raised once, acknowledged by whom they concern, resolved when nothing is amiss."""

from collections.abc import Mapping
from uuid import UUID

from tests.method.moments import at_pooling, planned, with_outcome
from tests.method.walk import METHOD

from enquiry import FACILITATOR, MEMBER, Builder, Ctx, Entry, Role, State, Warn, Was, Watch
from enquiry.testing import Story, given, person


def test_a_watch_raises_its_warning_once() -> None:
    story = given(METHOD).who("Petra").does("plan-walk", {"focus": "Talk"})
    story = story.then("planned", warns=["TEAM_NOT_FOUR"])
    story.does("add-walker", {"person": person("Nia")}).then("walker-added", warns=[])


def test_a_watch_resolves_its_warning_when_nothing_is_amiss() -> None:
    story = planned().does("add-walker", {"person": person("Omar")})
    story = story.does("add-walker", {"person": person("Cora")}).then(
        "walker-added", resolves=["TEAM_NOT_FOUR"]
    )
    assert story.warned("Petra") == []
    story.does("add-walker", {"person": person("Hedda")}).then(warns=["TEAM_NOT_FOUR"])


def test_time_alone_raises_a_warning() -> None:
    story = at_pooling()
    story.time_passes("2026-09-10 08:00").then(warns=[])
    story.time_passes("2026-09-20 08:00").then(warns=["FEEDBACK_LATE"])


def test_a_warning_that_time_raised_is_resolved_by_an_act() -> None:
    story = with_outcome().time_passes("2026-09-20 08:00").then(warns=["FEEDBACK_LATE"])
    story = story.who("Petra").does("share-outcomes")
    story.then("outcomes-shared", resolves=["FEEDBACK_LATE"])


def test_a_handler_raises_a_warning_of_its_own() -> None:
    with_outcome().who("Petra").does("close-walk").then("closed", warns=["NOT_SHARED"])


def test_an_acknowledged_warning_stays_visible_and_is_not_raised_again() -> None:
    story = _acknowledged(planned(), "Petra")
    (warning,) = story.live.warnings.values()
    assert (warning.state, warning.ack_by) == ("acknowledged", person("Petra"))
    assert story.warned("Petra") == ["TEAM_NOT_FOUR"]
    story.does("add-walker", {"person": person("Omar")}).then(warns=[])


def test_only_whoever_answers_for_the_group_acknowledges_its_warnings() -> None:
    story = planned()
    for name in ("Omar", "Cora", "Hedda"):
        story = story.does("add-walker", {"person": person(name)})
    id_ = list(story.live.warnings)[-1]
    body = {"warning": id_, "note": "we are many this time"}
    assert story.warned("Nia") == ["TEAM_NOT_FOUR"]
    story.who("Nia").does("acknowledge-warning", body).refused("NOT_PERMITTED")
    story.who("Petra").does("acknowledge-warning", body).then()


def test_a_warning_that_is_not_there_cannot_be_acknowledged() -> None:
    body = {"warning": person("nobody"), "note": "x y"}
    planned().does("acknowledge-warning", body).refused("NOT_FOUND")


def test_acknowledging_is_not_offered_while_there_is_nothing_to_acknowledge() -> None:
    assert not _small().may("Petra")["acknowledge-warning"].allowed
    assert planned().may("Petra")["acknowledge-warning"].allowed


def _acknowledged(story: Story, name: str) -> Story:
    (id_,) = story.live.warnings
    body = {"warning": id_, "note": "we are few this time"}
    return story.who(name).does("acknowledge-warning", body)


LEAD = Role("lead")
MATE = Role("mate")


class Team(State):
    """Who leads, and who is tired."""

    lead: UUID | None = None
    tired: tuple[UUID, ...] = ()


class Begin(Entry, records="begun"):
    """Begin"""

    def apply(self, s: Team, was: Was) -> Team:
        """Whoever begins leads."""
        return s.but(lead=was.by)


class Tire(Entry, records="tired"):
    """Say who is tired"""

    people: tuple[UUID, ...]

    def apply(self, s: Team, was: Was) -> Team:
        """Exactly these are."""
        return s.but(tired=self.people)


def _passengers(s: Team, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(Warn("PASSENGER_RISK", person=tired) for tired in s.tired)


def _crowded(s: Team, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return (Warn("TEAM_NOT_FOUR", person=s.tired[0]),) if s.tired else ()


def _cast(s: Team) -> Mapping[str, tuple[UUID, ...]]:
    return {"lead": (s.lead,) if s.lead else (), "mate": s.tired}


def _small() -> Story:
    team = Builder("team", 1, "Team", state=Team, roles=(LEAD, MATE), cast=_cast)
    team.stages("open", final=("closed",))
    team.move(Begin, by=MEMBER, opens=True)
    team.move(Tire, by=LEAD)
    team.watch(Watch("PASSENGER_RISK", _passengers), Watch("TEAM_NOT_FOUR", _crowded))
    return given(team.build()).who("Petra").does("begin").settled()


def _tired(story: Story, *names: str) -> Story:
    return story.does("tire", {"people": [person(name) for name in names]})


def test_a_warning_about_a_person_is_theirs_and_the_facilitators_alone() -> None:
    story = _tired(_small(), "Nia").then(warns=["PASSENGER_RISK", "TEAM_NOT_FOUR"])
    assert "PASSENGER_RISK" in story.warned("Nia")
    assert "PASSENGER_RISK" in story.warned("Fay")
    assert FACILITATOR.circle
    assert "PASSENGER_RISK" not in story.warned("Petra")


def test_warnings_about_two_people_come_and_go_one_by_one() -> None:
    story = _tired(_small(), "Nia", "Omar").then(
        warns=["PASSENGER_RISK", "PASSENGER_RISK", "TEAM_NOT_FOUR"]
    )
    story = _tired(story, "Omar").then(warns=[], resolves=["PASSENGER_RISK"])
    assert story.warned("Nia") == []
    assert "PASSENGER_RISK" in story.warned("Omar")


def test_a_warning_of_the_group_names_nobody_and_is_not_raised_twice() -> None:
    story = _tired(_small(), "Nia").then(warns=["PASSENGER_RISK", "TEAM_NOT_FOUR"])
    story = _tired(story, "Omar").then(warns=["PASSENGER_RISK"], resolves=["PASSENGER_RISK"])
    group = [w for w in story.live.warnings.values() if w.code == "TEAM_NOT_FOUR"]
    assert [w.person for w in group] == [None]


def test_only_a_warning_of_the_group_says_who_was_in_the_group() -> None:
    story = _tired(_small(), "Nia")
    cast = {w.code: w.cast for w in story.live.warnings.values()}
    assert cast["PASSENGER_RISK"] == {}
    assert cast["TEAM_NOT_FOUR"]["mate"] == (person("Nia"),)


def test_what_is_resolved_stands_no_longer_and_may_be_raised_anew() -> None:
    story = _tired(_tired(_small(), "Nia", "Omar"), "Omar")
    assert [(w.code, w.person) for w in story.live.standing.values()] == [
        ("PASSENGER_RISK", person("Omar")),
        ("TEAM_NOT_FOUR", None),
    ]
    assert len(story.live.warnings) == 3
    story = _tired(story, "Omar", "Nia").then(warns=["PASSENGER_RISK"], resolves=[])
    assert story.live.standing.keys() == {w.id for w in story.live.warnings.values() if w.standing}


def test_the_same_warning_named_twice_is_raised_once() -> None:
    _tired(_small(), "Nia", "Nia").then(warns=["PASSENGER_RISK", "TEAM_NOT_FOUR"])
