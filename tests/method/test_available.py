"""What is offered is what would be accepted, and the reason for the rest is the refusal's own."""

import msgspec
import pytest
from tests.method import turns, walk
from tests.method.moments import at_pooling, in_corridor, in_room, planned, walking, with_outcome

from enquiry import Reject
from enquiry.method.codes import STEPS
from enquiry.method.compiled import Compiled
from enquiry.testing import given, harness, named, person
from enquiry.testing.again import acts
from enquiry.testing.subject import Findings, Subject
from enquiry.testing.walker import Walker

MOMENTS = (planned, walking, lambda: in_room(1), lambda: in_corridor(1), at_pooling, with_outcome)


def test_only_what_the_role_allows_is_listed() -> None:
    assert "end-visit" not in in_room(1).may("Nia")
    assert "record-note" in in_room(1).may("Nia")
    assert in_room(1).may("Zed") == {}


def test_what_is_not_possible_yet_says_why() -> None:
    action = planned().may("Petra")["begin-walk"]
    assert (action.allowed, action.code) == (False, "VISITS_OUTSTANDING")
    assert action.reason == "Schedule a visit first."


def test_a_decision_says_what_it_is_about() -> None:
    assert planned().may("Petra")["begin-walk"].about == "plan"
    assert planned().may("Petra")["add-walker"].decision is False


@pytest.mark.parametrize("moment", MOMENTS)
def test_whatever_is_blocked_is_refused_for_that_or_for_something_before_it(moment) -> None:
    story = moment().settled()
    for name in ("Petra", "Nia", "Lena", "Fay"):
        for kind, action in story.may(name).items():
            if not action.allowed:
                move, body = walk.METHOD.move(kind), msgspec.json.encode(_some_body(kind))
                act = (person(name), move, body, story.now, named("x"))
                with pytest.raises(Reject) as refusal:
                    harness.act(story.stream, *act)
                assert refusal.value.step <= STEPS[action.code]


def _some_body(kind: str) -> dict[str, object]:
    """A form that is well filled in, so that nothing but the time is wrong."""
    bodies = {
        "begin-visit": {"visit": 1, "present": [person("Petra")]},
        "record-note": {"visit": 1, "kind": "saw", "text": "some words here"},
        "end-visit": {"visit": 1},
        "share-in-corridor": {"visit": 1},
        "close-corridor": {"visit": 1},
        "record-outcome": {"text": "some words here", "notes": [named("note 1")]},
        "schedule-visit": {"visit": 3, "host": person("Sam")},
        "add-walker": {"person": person("Sam")},
        "acknowledge-warning": {"warning": named("none"), "note": "some words"},
    }
    return bodies.get(kind, {})


@pytest.mark.parametrize("method", [walk.METHOD, turns.METHOD])
def test_on_walks_whatever_was_accepted_had_been_offered(method) -> None:
    subject = Subject(method, Compiled(method), walks=6, moves=25)
    walks = Walker(subject, Findings()).walks()
    for act in acts(walks):
        if not act.move.opens:
            offered = harness.actions(act.before, act.who, act.now)
            assert any(a.kind == act.move.kind and a.allowed for a in offered)


def test_offers_do_not_change_what_they_look_at() -> None:
    story = in_room(1).settled()
    before = msgspec.structs.replace(story.live)
    story.may("Petra")
    assert story.live == before


def test_a_stranger_is_refused_whatever_they_send() -> None:
    story = given(walk.METHOD).who("Petra").does("plan-walk", {"focus": "Talk"}).settled()
    for move in walk.METHOD.moves:
        if not move.opens:
            with pytest.raises(Reject) as refusal:
                harness.act(story.stream, person("Zed"), move, b"{}", story.now, named("x"))
            assert refusal.value.code == "NOT_FOUND"
