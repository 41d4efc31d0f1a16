"""In which order a command is judged, and what it brings about."""

from datetime import datetime
from uuid import UUID

import pytest
from tests.method import walk
from tests.method.ladder import METHOD

from enquiry import Builder, Ctx, Entry, Role, State, Step, Was, guard, rule
from enquiry.method.compiled import Compiled, address_fields
from enquiry.method.decide import MISSING, decide
from enquiry.method.rules import Preconditioned
from enquiry.testing import Story, given, person
from enquiry.testing.harness import surroundings

CLIMB = {"rung": 1, "hands": 5}


def _ladder() -> Story:
    return given(METHOD).who("Petra").does("begin").then("begun")


def test_the_lowest_unmet_step_gives_the_code() -> None:
    """Everything is wrong at first; each step is put right in turn."""
    story = _ladder()
    climb = CLIMB
    for code, mend in (
        ("NOT_FOUND", "visible"),
        ("NOT_PERMITTED", "role"),
        ("OWNER_ONLY", "mine"),
        ("CONSENT_REQUIRED", "consent"),
        ("FOCUS_LOCKED", "stage"),
        ("WRONG_STAGE", "high"),
        ("VERSION_CONFLICT", "version"),
        ("VALIDATION_FAILED", "hands"),
        ("GRADING_FORBIDDEN", "fields"),
        ("NOT_ALL_AGREED", "agreed"),
    ):
        stale = None if mend in ("hands", "fields", "agreed") else 1
        story = story.who("Petra").does("climb", climb, if_match=stale).refused(code)
        match mend:
            case "role":
                story = story.does("admit", {"person": person("Petra")})
            case "high":
                story = story.does("move-on")
            case "hands":
                climb = {"rung": 1, "hands": 2}
            case "version":
                pass
            case _:
                story = story.does("switch", {"name": mend})
    story.does("climb", climb).then("climbed")


def test_a_closed_record_answers_before_its_stage() -> None:
    story = _ladder().does("admit", {"person": person("Petra")})
    for name in ("visible", "mine", "consent"):
        story = story.does("switch", {"name": name})
    story = story.does("stop").then("stopped", stage="end")
    story.does("climb", CLIMB).refused("RECORD_CLOSED")


def test_what_is_possible_after_closing_stays_possible() -> None:
    story = _ladder().does("stop").then(stage="end")
    story.does("switch", {"name": "x"}).then("switched").does("stop").refused("RECORD_CLOSED")


def test_somebody_who_may_not_know_of_it_finds_nothing() -> None:
    _ladder().who("Zed").does("climb", CLIMB).refused("NOT_FOUND")
    _ladder().who("Nia").does("stop").refused("NOT_FOUND")


def test_a_pointer_leads_to_the_first_field_that_does_not_fit() -> None:
    story = _ready()
    story.does("climb", {"rung": 1, "hands": 9}).refused("VALIDATION_FAILED", pointer="/hands")
    story.does("climb", {"rung": "1", "hands": 1}).refused("VALIDATION_FAILED", pointer="/rung")
    story.does("climb", {"rung": 1, "hands": 1, "x": 1}).refused("VALIDATION_FAILED")
    story.does("climb", b"[").refused("VALIDATION_FAILED", pointer="")


def _ready() -> Story:
    story = _ladder().does("admit", {"person": person("Petra")})
    for name in ("visible", "mine", "consent", "stage", "fields", "agreed"):
        story = story.does("switch", {"name": name})
    return story.does("move-on")


def test_a_decision_is_stale_only_when_its_own_object_was_decided_on() -> None:
    story = _ready()
    seen = story.live.revision
    story = story.does("climb", {"rung": 2, "hands": 1}).then("climbed")
    story.does("climb", {"rung": 3, "hands": 1}, if_match=seen).then("climbed")
    story.does("climb", {"rung": 2, "hands": 1}, if_match=seen).refused("VERSION_CONFLICT")


def test_a_contribution_touches_nothing() -> None:
    story = _ready()
    seen = story.live.revision
    story = story.does("switch", {"name": "another"}).then("switched")
    story.does("climb", {"rung": 2, "hands": 1}, if_match=seen).then("climbed")


def test_a_revision_from_the_future_is_stale() -> None:
    story = _ready()
    ahead = story.live.revision + 1
    story.does("climb", {"rung": 4, "hands": 1}, if_match=ahead).refused("VERSION_CONFLICT")


def test_a_decision_that_names_no_revision_is_told_which_to_name() -> None:
    story = _ready()
    stream, move = story.stream, Compiled(METHOD).move("climb")
    ctx = surroundings(stream, person("Petra"), story.now, person("act"))
    with pytest.raises(Preconditioned):
        decide(stream.compiled, story.live, move, b'{"rung":1,"hands":1}', ctx, MISSING)


def test_an_optional_field_can_be_an_address() -> None:
    assert address_fields(walk.BeginVisit) == {"visit"}
    assert address_fields(METHOD.move("climb").entry) == {"rung"}


def test_an_unreadable_address_is_refused_as_a_field() -> None:
    story = _ready()
    story.does("climb", {"rung": "first", "hands": 1}).refused("VALIDATION_FAILED")


def test_the_act_gives_its_id_to_the_first_fact_of_the_method() -> None:
    story = given(METHOD).who("Petra").does("begin", called="the beginning")
    events = story.settled().stream.events
    assert [event.kind for event in events] == ["core/opened", "ladder/begun"]
    assert events[1].id == story.pending.id
    assert events[0].id != events[1].id


@pytest.mark.parametrize("step", [Step.ENVELOPE, Step.ACTOR])
def test_a_rule_that_core_would_never_ask_cannot_be_declared(step) -> None:
    with pytest.raises(ValueError, match="judged by core"):
        guard("OWN_CODE", "Never.", step=step)(_never)


def test_a_code_of_ones_own_names_its_step() -> None:
    with pytest.raises(ValueError, match="not in the catalogue"):
        guard("NO_SUCH_CODE", "Never.")(_never)
    assert guard("NO_SUCH_CODE", "Never.", step=Step.STAGE)(_never).step == Step.STAGE


def _never(s: State, ctx: Ctx) -> bool:
    del s, ctx
    return False


ALL = Role("all")
PETRA = person("Petra")


class Clock(State):
    """Nothing."""


class Ring(Entry, records="rung"):
    """Ring"""

    at: datetime

    def apply(self, s: Clock, was: Was) -> Clock:
        """Nothing."""
        return s


def _everybody(s: Clock) -> dict[str, tuple[UUID, ...]]:
    del s
    return {"all": (PETRA,)}


def test_a_time_without_its_zone_is_refused_before_any_rule_compares_it() -> None:
    @rule("NOT_ALL_AGREED", "Not yet.")
    def compares(s: Clock, e: Ring, ctx: Ctx) -> bool:
        del s
        return e.at > ctx.now

    clock = Builder("clock", 1, "Clock", state=Clock, roles=(ALL,), cast=_everybody)
    clock.stages("open", final=("closed",))
    clock.move(Ring, by=ALL, rules=(compares,))
    story = given(clock.build()).who("Petra")
    story.does("ring", {"at": "2026-11-19T09:12:00"}).refused("VALIDATION_FAILED", pointer="/at")
    story.does("ring", {"at": "2026-11-19T09:12:00Z"}).then("rung")
