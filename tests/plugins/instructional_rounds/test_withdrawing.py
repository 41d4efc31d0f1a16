"""A host teacher or an observer withdraws: what vanishes, what changes, what nobody learns."""

import pytest
from tests.plugins.instructional_rounds.examples import (
    agreed,
    agrees,
    closed,
    completed,
    describing,
    in_rooms,
    informed,
    on,
    option,
    pattern,
    posted,
    predicted,
    shared,
    steps_to,
    withdrawn,
)
from tests.plugins.instructional_rounds.looking import kinds, readers, texts_on_board
from tests.plugins.instructional_rounds.school import NAMES, OBSERVERS

from enquiry.testing import Story, named


def pack(story: Story) -> tuple[list[str], list[str], list[str]]:
    """Ids of patterns, predictions and options in the host's pack."""
    shown = story.view("host-pack", by="Freya")
    return (
        [one["id"] for one in shown["patterns"]],
        [one["id"] for one in shown["predictions"]],
        [one["id"] for one in shown["options"]],
    )


def statuses(story: Story) -> list[str]:
    return [one["status"] for one in story.view("pattern-wall", by="Ines")["patterns"]]


WHOLE = (on("p1"), on("prediction"), on("week", "month", "year"))


def test_the_cards_of_a_withdrawn_classroom_vanish_with_all_that_was_done_to_them() -> None:
    story = agreed().who("Petra")
    challenge = {"card": str(named("sheet")), "prompt": "judgement"}
    story = withdrawn(story.does("challenge-card", challenge), "Young")
    assert "Four pupils filled the sheet from the board" not in texts_on_board(story)
    assert "card-posted" not in kinds(story, "Siân")
    assert "card-challenged" not in kinds(story, "Petra")


def test_the_board_says_only_that_some_items_were_withdrawn() -> None:
    assert not agreed().view("debrief-board", by="Tom")["some_withdrawn"]
    board = withdrawn(agreed(), "Young").view("debrief-board", by="Tom")
    assert board["some_withdrawn"]
    assert set(board) == {"step", "cards", "some_withdrawn"}


def test_a_card_that_somebody_takes_back_looks_no_other_than_one_that_was_withdrawn() -> None:
    story = agreed().who("Siân").does("withdraw-card", {"card": str(named("sheet"))})
    other = withdrawn(agreed(), "Young")
    assert story.view("debrief-board", by="Tom") == other.view("debrief-board", by="Tom")


def test_a_pattern_that_still_rests_on_enough_stays() -> None:
    story = withdrawn(shared(), "Young")
    assert statuses(story) == ["agreed", "parked"]
    assert pack(story) == WHOLE


def test_a_pattern_left_with_one_classroom_is_unsupported_and_leaves_the_pack() -> None:
    story = withdrawn(withdrawn(shared(), "Young"), "OBrien")
    assert statuses(story) == ["unsupported", "parked"]
    assert pack(story) == ([], [], [])
    assert story.view("host-pack", by="Freya")["some_withdrawn"]


def test_the_debrief_is_not_opened_again() -> None:
    story = withdrawn(withdrawn(shared(), "Young"), "OBrien")
    assert story.live.stage == "shared_with_host"
    assert [one["supported"] for one in _options(story)] == [False, False, False]


def _options(story: Story) -> list[dict[str, object]]:
    return story.view("next-level-chart", by="Tom")["options"]


def two_patterns() -> Story:
    """Two patterns of different classrooms are agreed; one option rests on both."""
    story = steps_to(posted(describing(), "copied", "silent", "sheet", "labelled"), "analyse")
    story = story.who("Petra")
    story = story.does("create-pattern", pattern("copied", "sheet"), called="p1")
    story = story.does("create-pattern", pattern("silent", "labelled"), called="p2")
    for name in ("p1", "p2"):
        story = agrees(agrees(story, "Tom", to=name), "Siân", to=name)
    story = steps_to(story, "predict").who("Tom")
    story = story.does("add-prediction", {"statement": "One would copy", "pattern_ids": on("p1")})
    story = steps_to(story, "next_level").who("Lewis")
    both = option("next_week", "network", "p1", "p2")
    story = story.does("add-next-level-option", both, called="both")
    return story.does("add-next-level-option", option("next_month", "teachers", "p1"), called="one")


def test_what_rests_on_another_pattern_that_stands_stays() -> None:
    story = withdrawn(two_patterns(), "Young")
    assert statuses(story) == ["unsupported", "agreed"]
    supported = {one["option"]: one["supported"] for one in _options(story)}
    assert supported == {str(named("both")): True, str(named("one")): False}
    [prediction] = story.view("predictions", by="Tom")["predictions"]
    assert prediction["supported"] is False


def test_what_lost_its_support_counts_for_no_horizon() -> None:
    story = withdrawn(two_patterns(), "Young").who("Ines").does("complete-debrief")
    story.refused(
        "NEXT_LEVEL_INCOMPLETE", details=({"horizon": "next_month"}, {"horizon": "end_of_year"})
    )


def test_nothing_new_rests_on_what_lost_its_support() -> None:
    story = withdrawn(two_patterns(), "Young").who("Tom")
    story = story.does("add-next-level-option", option("end_of_year", "network", "p1"))
    story.refused("OPTION_NEEDS_PATTERN", pointer="/pattern_ids/0")


def test_a_host_teacher_withdraws_after_the_close_too() -> None:
    story = withdrawn(withdrawn(closed(), "Young"), "OBrien")
    assert story.live.stage == "closed"
    assert pack(story) == ([], [], [])
    assert "Four pupils filled the sheet from the board" not in texts_on_board(story)


def test_an_option_that_lost_its_support_is_not_decided_any_more() -> None:
    story = withdrawn(withdrawn(shared(), "Young"), "OBrien").who("Freya")
    form = {"option": str(named("week")), "decision": "adopt"}
    story.does("decide-option", form).refused("NOT_FOUND")


@pytest.mark.parametrize(
    "purpose", ["share_group", "share_school", "share_alliance", "participate"]
)
def test_cards_are_read_by_many_and_go_with_any_consent_to_that(purpose: str) -> None:
    story = withdrawn(agreed(), "Young", purpose)
    assert "Four pupils filled the sheet from the board" not in texts_on_board(story)


def test_quotations_go_with_the_consent_to_quote() -> None:
    said = {"visit_no": 3, "focus": "pupils", "text": '"We fill it in"', "verbatim": True}
    story = posted(describing(), "sheet").who("Lewis").does("post-card", said)
    story = withdrawn(story, "Young", "quote_verbatim")
    assert texts_on_board(story) == ["Four pupils filled the sheet from the board"]


def test_those_who_saw_more_are_told_that_something_was_withdrawn_and_not_whose() -> None:
    story = withdrawn(agreed(), "Young").then("consent-withdrawn", "items-withdrawn")
    assert readers(story, "items-withdrawn") == {"Young", "Ines", *OBSERVERS}
    for name in ("Ines", "Tom"):
        [fact] = [one for one in story.reads(name) if one["kind"] == "items-withdrawn"]
        assert (fact["by"], fact["data"]) == (None, {"pack": False, "publications": []})
    after = withdrawn(withdrawn(shared(), "Young"), "OBrien")
    assert {"Freya", "Hamish", "Olufemi"} <= readers(after, "items-withdrawn")


def test_nobody_is_told_of_a_withdrawal_that_took_nothing_away() -> None:
    withdrawn(describing(), "Young").then("consent-withdrawn")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "Young"])
def test_nobody_can_tell_from_what_is_missing_whose_cards_they_were(name: str) -> None:
    """Whether Young withdraws or Siân takes her card back: the same is left to be read."""
    one = withdrawn(agreed(), "Young").settled()
    other = agreed().who("Siân").does("withdraw-card", {"card": str(named("sheet"))}).settled()
    if name == "Siân":
        return
    left = [fact for fact in one.reads(name) if fact["kind"] != "items-withdrawn"]
    assert left == other.reads(name)
    for view in ("timetable", "pattern-wall", "fidelity", "next-level-chart"):
        if name in ("Ines", *OBSERVERS):
            assert one.view(view, by=name) == other.view(view, by=name)
    assert one.live.tracks == other.live.tracks


def test_a_visit_to_come_is_dropped() -> None:
    story = withdrawn(informed(), "Patel")
    assert story.live.tracks["1"] == "not_held"
    assert [one["visit_no"] for one in story.view("timetable", by="Tom")["visits"]] == [2]
    assert "Patel" not in readers(story, "classroom-scheduled")


def test_a_visit_under_way_ends() -> None:
    story = withdrawn(in_rooms(), "Patel")
    assert story.live.tracks["1"] == "not_held"
    story.who("Nasreen").does("end-observation", {"visit_no": 1}).refused("WRONG_STAGE")


def test_an_observer_who_withdraws_takes_along_what_they_wrote() -> None:
    story = withdrawn(agreed(), "Petra", "participate")
    assert [one["statement"] for one in story.view("pattern-wall", by="Ines")["patterns"]] == [
        "Pupils wait for the next example"
    ]
    other = withdrawn(agreed(), "Grace", "participate")
    assert "Pupils copied three worked examples in silence" not in texts_on_board(other)
    assert other.live.state != agreed().live.state


def test_an_observer_who_leaves_leaves_what_they_wrote() -> None:
    story = agreed().who("Grace").does("leave-run")
    assert "Pupils copied three worked examples in silence" in texts_on_board(story)


def test_a_posted_card_and_a_withdrawal_at_once_are_ordered() -> None:
    first = withdrawn(posted(describing(), "sheet"), "Young")
    assert texts_on_board(first) == []
    posted(withdrawn(describing(), "Young"), "sheet").refused("CONSENT_WITHDRAWN")


def test_a_correction_of_what_was_withdrawn_vanishes() -> None:
    form = {"contribution": str(named("p1")), "text": "I meant most tasks"}
    story = predicted().who("Petra").does("correction-note", form)
    assert "correction-noted" in kinds(story, "Tom")
    assert "correction-noted" not in kinds(withdrawn(story, "Petra", "participate"), "Tom")


def test_completing_is_not_undone_by_a_withdrawal() -> None:
    story = withdrawn(withdrawn(completed(), "Young"), "OBrien")
    assert story.live.stage == "debrief_done"
    assert story.warned("Ines") == completed().warned("Ines")
