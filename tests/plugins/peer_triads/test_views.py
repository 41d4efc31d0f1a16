"""What each of the three sees, and what nobody else does."""

from collections.abc import Callable

import pytest
from tests.plugins.peer_triads.examples import (
    FIRST,
    GOALS,
    GRACE,
    LEWIS,
    PETRA,
    SECOND,
    THIRD,
    accepted,
    completed,
    ended,
    invited,
    meeting,
    ready,
    reviewed,
    rounds_done,
    talking,
)

from enquiry import Reject
from enquiry.testing import Story, named

THREE = ("Grace", "Petra", "Lewis")
VIEWS = ("agreement", "rotation", "my-record", "growth-log", "meetings", "fidelity", "certificate")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["Judith", "Corin", "Tom", "Siân", "Maya", "Stranger"])
def test_nobody_outside_the_triad_sees_content(view: str, name: str) -> None:
    story = completed()
    with pytest.raises(Reject, match="nothing here"):
        story.view(view, name)
    assert story.reads(name) == []


@pytest.mark.parametrize("name", ["Judith", "Tom", "Siân", "Maya", "Stranger"])
def test_only_coordinators_see_that_meetings_took_place(name: str) -> None:
    with pytest.raises(Reject, match="nothing here"):
        completed().view("meetings-held", name)


def test_a_coordinator_sees_meetings_and_nothing_of_what_was_said() -> None:
    story = completed()
    held = story.view("meetings-held", "Corin")
    assert held["meetings"] == [{"number": 1, "status": "completed", "day": "2026-11-03"}]
    assert set(held) == {"standing", "meetings"}
    open_one = meeting(story, at="2026-11-20 16:00")
    assert open_one.view("meetings-held", "Corin") == held


@pytest.mark.parametrize(
    ("tell", "standing"),
    [
        (invited, "preparing"),
        (ready, "preparing"),
        (meeting, "under_way"),
        (lambda: reviewed(completed()), "under_way"),
        (lambda: ready().who("Lewis").does("leave-run"), "paused"),
        (lambda: ready().who("Grace").does("cancel-run", {"reason": "…"}), "ended"),
    ],
)
def test_a_standing_tells_of_nobody(tell: Callable[[], Story], standing: str) -> None:
    assert tell().view("meetings-held", "Corin")["standing"] == standing


def test_the_agreement_says_who_what_and_how_long() -> None:
    story = (
        accepted().who("Grace").does("state-goals", GOALS).does("adopt-protocol", {"version": 1})
    )
    shown = story.view("agreement", "Petra")
    grace = {"person": str(GRACE), **GOALS, "stated": True, "adopted": True}
    assert shown["members"][0] == grace
    assert [m["stated"] for m in shown["members"]] == [True, False, False]
    assert shown["protocol_version"] == 1
    assert any("advice" in line for line in shown["protocol"])


def test_somebody_invited_sees_the_agreement_without_goals() -> None:
    story = invited().who("Grace").does("accept-run-invitation").does("state-goals", GOALS)
    shown = story.view("agreement", "Lewis")
    assert shown["members"][0]["goals"] == []
    assert len(shown["invited"]) == 2
    with pytest.raises(Reject, match="nothing here"):
        story.view("meetings", "Lewis")


def assignment(form: dict[str, object]) -> dict[str, object]:
    return {role: form[role] for role in ("coach", "client", "observer")}


def test_the_rotation_begins_in_any_of_six_ways() -> None:
    shown = meeting().view("rotation", "Lewis")
    assert shown["next_round"] == 1
    assert len(shown["next"]) == 6
    assert len(shown["orders"]) == 12


def test_after_the_first_round_there_are_exactly_two_cyclic_orders() -> None:
    shown = rounds_done(meeting(), FIRST).view("rotation", "Lewis")
    assert shown["next_round"] == 2
    shifts = [assignment(SECOND), assignment(THIRD)]
    assert sorted(shown["next"], key=str) == sorted(shifts, key=str)
    assert sorted(shown["orders"], key=str) == sorted([shifts, shifts[::-1]], key=str)


def test_after_the_second_round_one_way_is_left() -> None:
    shown = rounds_done(meeting(), FIRST, SECOND).view("rotation", "Lewis")
    assert shown["next"] == [assignment(THIRD)]
    assert shown["orders"] == [[assignment(THIRD)]]


def test_the_rotation_table_says_who_played_what() -> None:
    shown = completed().view("rotation", "Grace")
    rounds = shown["meetings"][0]["rounds"]
    assert [assignment(r) for r in rounds] == [assignment(f) for f in (FIRST, SECOND, THIRD)]
    assert (shown["next_round"], shown["next"]) == (None, [])
    assert talking().view("rotation", "Grace")["next"] == []


def test_everybody_sees_their_own_goals_and_actions() -> None:
    story = completed()
    for name in THREE:
        mine = story.view("my-record", name)
        assert mine["goals"] == GOALS["goals"]
        assert [act["action"] for act in mine["actions"]] == [str(named(f"1-{name}"))]
        assert mine["actions"][0]["due"] == "2026-11-17"


def test_the_growth_log_holds_what_one_was_told_as_a_coach() -> None:
    story = completed()
    for name, number in (("Petra", 1), ("Grace", 2), ("Lewis", 3)):
        (entry,) = story.view("growth-log", name)["entries"]
        assert (entry["round_no"], entry["client"], entry["observer"]) == (
            number,
            "You waited.",
            "It opened up.",
        )
    assert ended(talking()).view("growth-log", "Petra")["entries"] == []


def test_the_record_of_the_meetings_is_the_same_for_all_three() -> None:
    story = completed().who("Grace").does("post-to-thread", {"text": "Thank you both."})
    shown = [story.view("meetings", name) for name in THREE]
    assert shown[0] == shown[1] == shown[2]
    first = shown[0]["meetings"][0]["rounds"][0]
    assert first["minutes"] == 20
    assert first["actions"][0]["text"] == "Wait five seconds in two lessons"
    assert shown[0]["thread"][0]["by"] == str(GRACE)


def test_nothing_to_add_is_nothing_shown() -> None:
    story = ended(talking()).who("Grace").does("give-client-feedback").then()
    entry = story.view("growth-log", "Petra")["entries"][0]
    assert (entry["client"], entry["observer"]) == (None, None)


def test_a_certificate_needs_a_completed_meeting_and_a_look_back() -> None:
    ask = {"person": str(GRACE)}
    ready().who("Grace").does("issue-certificate", ask).refused("CERTIFICATE_CRITERIA_NOT_MET")
    story = completed()
    story.who("Grace").does("issue-certificate", ask).refused("CERTIFICATE_CRITERIA_NOT_MET")
    assert [c["met"] for c in story.view("certificate", "Grace")["criteria"]] == [True, False]
    story = reviewed(story)
    shown = story.view("certificate", "Grace")
    assert [c["met"] for c in shown["criteria"]] == [True, True]
    story = story.who("Grace").does("issue-certificate", ask).then("certificate-issued")
    issued = story.view("certificate", "Grace")
    assert (issued["issued"], issued["dates"]) == (True, ["2026-11-03"])
    assert issued["minutes"] == shown["minutes"] > 0
    assert not story.view("certificate", "Petra")["issued"]


def test_an_incomplete_meeting_counts_for_no_certificate() -> None:
    story = meeting().who("Grace").does("end-meeting-early", {"reason": "The bell."})
    assert reviewed(story).view("certificate", "Grace")["dates"] == []


def test_nobody_is_certified_who_takes_no_part() -> None:
    story = reviewed(completed())
    ask = {"person": str(named("nobody"))}
    story.who("Grace").does("issue-certificate", ask).refused("NOT_FOUND")
    assert {GRACE, PETRA, LEWIS} == set(story.live.state.people)


def test_fidelity_says_what_was_kept_to_and_not_what_was_said() -> None:
    story = completed()
    shown = story.view("fidelity", "Grace")
    assert shown["deviations"] == []
    [kept] = shown["meetings"]
    assert (kept["status"], kept["rounds"], kept["minutes"]) == ("completed", 3, [20, 20, 20])
    story = meeting(story, at="2026-11-20 16:00").who("Grace").does("begin-round", FIRST)
    story = ended(story, minutes=31).who("Petra").does("end-meeting-early", {"reason": "The bell."})
    shown = story.view("fidelity", "Lewis")
    assert shown["deviations"] == ["PT-E09"]
    assert [(m["status"], m["rounds"]) for m in shown["meetings"]][1] == ("incomplete", 0)
    assert "TIMEBOX_OVERRUN" in {one["code"] for one in shown["warnings"]}
    assert "The bell." not in str(shown)
