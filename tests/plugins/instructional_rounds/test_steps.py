"""The debrief after describing: its order, patterns, predictions, the next level of work."""

from typing import Any

import pytest
from tests.plugins.instructional_rounds.examples import (
    agreed,
    agrees,
    analysing,
    card,
    classroom,
    completed,
    described,
    describing,
    finding,
    found,
    informed,
    on,
    option,
    pattern,
    patterned,
    posted,
    predicted,
    predicting,
    prediction,
    ready,
    reviewed_by,
    scheduled,
    shared,
    steps_to,
    team,
    visited,
)
from tests.plugins.instructional_rounds.school import M12

from enquiry.testing import Story, named

STEPS = ("describe", "analyse", "predict", "next_level")


def reopened(story: Story, to: str) -> Story:
    form = {"to": to, "reason": "Some cards were missing"}
    return story.who("Ines").does("reopen-debrief-step", form)


# The order: rule E10


@pytest.mark.parametrize("to", ["describe", "predict", "next_level"])
def test_description_is_followed_by_analysis_alone(to: str) -> None:
    steps_to(described(), to).refused("DEBRIEF_ORDER")


@pytest.mark.parametrize("to", ["describe", "analyse", "next_level"])
def test_analysis_is_followed_by_prediction_alone(to: str) -> None:
    steps_to(agreed(), to).refused("DEBRIEF_ORDER")


@pytest.mark.parametrize("to", STEPS)
def test_after_the_next_level_comes_no_other_step(to: str) -> None:
    steps_to(found(), to).refused("DEBRIEF_ORDER")


def test_before_the_debrief_there_is_no_step_to_go_to() -> None:
    steps_to(visited(), "analyse").refused("DEBRIEF_ORDER")


COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "post-card": ("Grace", card("copied")),
    "create-pattern": ("Petra", pattern("copied", "sheet")),
    "agree-pattern": ("Siân", {"pattern": str(named("p1")), "version": 1}),
    "add-prediction": ("Tom", prediction("p1")),
    "add-next-level-option": ("Lewis", option("next_week", "teachers")),
    "complete-debrief": ("Ines", {}),
}
ACCEPTED = {
    "describe": {"post-card"},
    "analyse": {"create-pattern", "agree-pattern"},
    "predict": {"add-prediction"},
    "next_level": {"add-next-level-option", "complete-debrief"},
}
MOMENTS = {"describe": describing, "analyse": patterned, "predict": predicting, "next_level": found}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", COMMANDS)
def test_each_step_accepts_its_own_commands_alone(step: str, kind: str) -> None:
    name, form = COMMANDS[kind]
    story = MOMENTS[step]().who(name).does(kind, form)
    if kind in ACCEPTED[step]:
        story.then()
    elif kind == "agree-pattern" and step == "describe":
        story.refused("NOT_FOUND")
    else:
        story.refused("DEBRIEF_ORDER")


def test_opening_a_step_again_is_a_deviation() -> None:
    story = reopened(predicted(), "analyse")
    story = story.then("debrief-reopened", "deviation-recorded", stage="debrief_analyse")
    assert story.view("fidelity", by="Tom")["deviations"] == ["IR-E10"]


@pytest.mark.parametrize("to", ["analyse", "predict", "next_level"])
def test_only_an_earlier_step_is_opened_again(to: str) -> None:
    reopened(analysing(), to).refused("DEBRIEF_ORDER")


def test_a_debrief_that_is_complete_can_be_opened_again_until_it_is_shared() -> None:
    reopened(completed(), "next_level").then(
        "debrief-reopened", "deviation-recorded", stage="debrief_next_level"
    )
    reopened(shared(), "next_level").refused("WRONG_STAGE")


def test_why_a_step_was_opened_again_stays_in_the_network() -> None:
    story = reopened(predicted(), "analyse")
    for name, reads in (("Tom", True), ("Ines", True), ("Freya", False), ("Hamish", False)):
        kinds = [fact["kind"] for fact in story.reads(name)]
        assert ("deviation-recorded" in kinds) == reads


def test_opening_analysis_again_opens_what_was_parked() -> None:
    story = reopened(predicted(), "analyse")
    wall = story.view("pattern-wall", by="Tom")["patterns"]
    assert [one["status"] for one in wall] == ["open", "open"]


def test_a_facilitator_moves_the_debrief_on() -> None:
    story = described().who("Nasreen").does("advance-debrief", {"to": "analyse"})
    story.refused("NOT_PERMITTED")


def test_of_two_who_move_it_on_at_once_the_second_is_told() -> None:
    story = described().who("Ines")
    seen = story.live.revision
    story = story.does("advance-debrief", {"to": "analyse"}, if_match=seen)
    story = story.then("debrief-advanced")
    again = story.does("reopen-debrief-step", {"to": "describe", "reason": "No"}, if_match=seen)
    again.refused("VERSION_CONFLICT")


# Patterns: rules E11 to E13


def test_a_pattern_rests_on_two_cards() -> None:
    story = analysing().who("Petra").does("create-pattern", pattern("copied"))
    story.refused("PATTERN_NEEDS_EVIDENCE", params={"cards": 1, "least": 2})


def test_a_card_counts_once() -> None:
    story = analysing().who("Petra").does("create-pattern", pattern("copied", "copied"))
    story.refused("VALIDATION_FAILED", pointer="/card_ids/1")


def test_a_pattern_rests_on_cards_that_are_there() -> None:
    story = analysing().who("Petra").does("create-pattern", pattern("copied", "nothing"))
    story.refused("VALIDATION_FAILED", pointer="/card_ids/1")


def test_a_pattern_names_nobody() -> None:
    form = pattern("copied", "sheet", statement="Patel and Young copy")
    analysing().who("Petra").does("create-pattern", form).refused("IDENTIFYING_TEXT")


def test_no_team_agrees_to_what_is_about_one_classroom() -> None:
    agrees(patterned(), "Siân", to="p2").refused("PATTERN_SINGLE_CLASSROOM")


def test_two_visits_to_one_teacher_are_one_classroom() -> None:
    story = scheduled().who("Ines")
    again = classroom(4, room=M12, host="Patel")
    story = described(ready(informed(story.does("schedule-classroom", again))))
    story = posted(story, "modelled").who("Lewis")
    words = {"card": str(named("modelled")), "text": "The teacher named each decision"}
    story = steps_to(story.does("reword-card", words), "analyse").who("Petra")
    story = story.does("create-pattern", pattern("copied", "modelled"), called="p1")
    agrees(story, "Siân").refused("PATTERN_SINGLE_CLASSROOM")


def test_a_team_does_not_agree_to_a_card_that_was_challenged_since() -> None:
    challenge = {"card": str(named("sheet")), "prompt": "judgement"}
    story = patterned().who("Tom").does("challenge-card", challenge)
    agrees(story, "Siân").refused("CARD_NOT_DESCRIPTIVE")


def test_a_team_does_not_agree_to_what_lost_its_cards() -> None:
    story = patterned()
    for name, author in (("copied", "Grace"), ("labelled", "Tom")):
        story = story.who(author).does("withdraw-card", {"card": str(named(name))})
    agrees(story, "Siân").refused("PATTERN_NEEDS_EVIDENCE")


def edited(story: Story, **change: object) -> Story:
    return story.who("Grace").does("edit-pattern", {"pattern": str(named("p1")), **change})


def test_editing_a_pattern_clears_agreements() -> None:
    story = edited(agreed(), statement="Most tasks ask for completion").then("pattern-edited")
    [first, _] = story.view("pattern-wall", by="Ines")["patterns"]
    assert (first["version"], first["agreed_by"], first["waiting_for"]) == (2, [], [1, 2])
    steps_to(story, "predict").refused("PATTERN_NOT_AGREED")


def test_nobody_agrees_to_an_old_version() -> None:
    story = edited(patterned(), statement="Most tasks ask for completion")
    story = agrees(story, "Siân").refused("VERSION_CONFLICT", params={"current": 2})
    agrees(story, "Siân", version=2).then("pattern-agreed-by-team")


def test_of_two_edits_at_once_the_second_is_told() -> None:
    story = patterned().who("Grace")
    seen = story.live.revision
    form = {"pattern": str(named("p1")), "statement": "Most tasks ask for completion"}
    story = story.does("edit-pattern", form, if_match=seen).then("pattern-edited")
    story.who("Tom").does("edit-pattern", form, if_match=seen).refused("VERSION_CONFLICT")


def test_an_edit_is_no_conflict_with_another_pattern_or_with_an_agreement() -> None:
    story = patterned().who("Grace")
    seen = story.live.revision
    story = agrees(story, "Siân")
    other = {"pattern": str(named("p2")), "statement": "Pupils wait"}
    story = story.who("Tom").does("edit-pattern", other).then("pattern-edited")
    form = {"pattern": str(named("p1")), "statement": "Most tasks ask for completion"}
    story.who("Grace").does("edit-pattern", form, if_match=seen).then("pattern-edited")


def test_an_edit_changes_something() -> None:
    edited(patterned()).refused("VALIDATION_FAILED")


def test_an_edit_rests_the_pattern_on_enough() -> None:
    edited(patterned(), card_ids=on("copied")).refused("PATTERN_NEEDS_EVIDENCE")


def test_a_team_agrees_once() -> None:
    story = agrees(agrees(patterned(), "Nasreen"), "Tom")
    [first, _] = story.view("pattern-wall", by="Ines")["patterns"]
    assert first["agreed_by"] == [1]


def test_whoever_is_in_no_team_does_not_agree() -> None:
    agrees(patterned(), "Ines").refused("NOT_PERMITTED")


def test_analysis_is_left_with_a_pattern_that_every_team_agreed_to() -> None:
    story = steps_to(agrees(patterned(), "Nasreen"), "predict")
    story = story.refused(
        "PATTERN_NOT_AGREED",
        details=(
            {"pattern": str(named("p1")), "missing_teams": [2]},
            {"pattern": str(named("p2")), "missing_teams": [1, 2]},
        ),
    )
    steps_to(agrees(story, "Lewis"), "predict").then(stage="debrief_predict")


def test_a_team_that_nobody_is_left_in_is_not_waited_for() -> None:
    story = agrees(patterned(), "Nasreen")
    for name in ("Petra", "Siân", "Lewis"):
        story = story.who(name).does("leave-run")
    steps_to(story, "predict").then(stage="debrief_predict")


# Predictions and options: rules E14 and E15


def test_a_prediction_rests_on_a_pattern() -> None:
    story = predicting().who("Tom").does("add-prediction", prediction())
    story.refused("PREDICTION_NEEDS_PATTERN", pointer="/pattern_ids")


@pytest.mark.parametrize("name", ["p2", "nothing"])
def test_nothing_rests_on_a_parked_or_unknown_pattern(name: str) -> None:
    story = predicting().who("Tom").does("add-prediction", prediction("p1", name))
    story.refused("PREDICTION_NEEDS_PATTERN", pointer="/pattern_ids/1")
    other = finding().who("Tom").does("add-next-level-option", option("next_week", "network", name))
    other.refused("OPTION_NEEDS_PATTERN", pointer="/pattern_ids/0")


def test_an_option_rests_on_a_pattern() -> None:
    form: dict[str, Any] = {**option("next_week", "teachers"), "pattern_ids": []}
    story = finding().who("Tom").does("add-next-level-option", form)
    story.refused("OPTION_NEEDS_PATTERN", pointer="/pattern_ids")


def test_the_host_team_proposes_too() -> None:
    story = finding().who("Hamish")
    assert [one["pattern"] for one in story.view("next-level-chart", by="Hamish")["patterns"]]
    form = option("next_week", "teachers")
    story = story.does("add-next-level-option", form).then("next-level-option-added")
    story.who("Freya").does("add-next-level-option", form).refused("NOT_PERMITTED")


@pytest.mark.parametrize("form", ["prediction", "option"])
def test_predictions_and_options_name_nobody(form: str) -> None:
    if form == "prediction":
        body = {**prediction("p1"), "statement": "A pupil of Mr Young would follow"}
        story = predicting().who("Tom").does("add-prediction", body)
    else:
        body = {**option("next_week", "teachers"), "support_needed": "Time for Mr Young"}
        story = finding().who("Tom").does("add-next-level-option", body)
    story.refused("IDENTIFYING_TEXT")


def test_there_is_something_for_each_horizon_and_for_the_network() -> None:
    story = finding().who("Ines").does("complete-debrief")
    story = story.refused(
        "NEXT_LEVEL_INCOMPLETE",
        details=(
            {"horizon": "next_week"},
            {"horizon": "next_month"},
            {"horizon": "end_of_year"},
            {"actor_level": "network"},
        ),
    )
    for horizon in ("next_week", "next_month", "end_of_year"):
        form = option(horizon, "teachers")
        story = story.who("Tom").does("add-next-level-option", form)
    story = story.who("Ines").does("complete-debrief")
    story.refused("NEXT_LEVEL_INCOMPLETE", details=({"actor_level": "network"},))


def test_a_review_comes_after_the_debrief() -> None:
    reviewed_by(found(), "Ines").refused("WRONG_STAGE")


def test_teams_stay_as_they_are_once_somebody_is_in_a_classroom() -> None:
    visited().who("Ines").does("form-team", team(1)).refused("WRONG_STAGE")
