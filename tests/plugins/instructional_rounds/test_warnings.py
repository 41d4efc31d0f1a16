"""What deserves a second look: raised, addressed to whom it concerns, and resolved."""

from tests.plugins.instructional_rounds.examples import (
    PROBLEM,
    agrees,
    at,
    begun,
    classroom,
    describing,
    drafting,
    ended,
    found,
    joined,
    option,
    pattern,
    planned,
    posted,
    published,
    ready,
    scheduled,
    shared,
    steps_to,
    team,
    teamed,
    visited,
    withdrawn,
)
from tests.plugins.instructional_rounds.school import NAMES, OBSERVERS

from enquiry.kernel.alliance.state import Policy
from enquiry.testing import Story, named, person

NETWORK = {"Ines", *OBSERVERS}


def warned(story: Story, code: str) -> set[str]:
    """Who sees a standing warning of this code."""
    return {name for name in NAMES if code in story.warned(name)}


def test_a_problem_that_fails_a_test_is_remarked_until_it_is_published_anew() -> None:
    form = {**PROBLEM, "high_leverage": {"verdict": "no"}}
    story = drafting().who("Freya").does("publish-problem", form)
    assert warned(story, "POP_TEST_FAILED") == {"Freya", *NETWORK}
    story = story.who("Freya").does("publish-problem", PROBLEM)
    assert warned(story, "POP_TEST_FAILED") == set()


def test_a_problem_that_partly_passes_is_not_remarked() -> None:
    form = {**PROBLEM, "high_leverage": {"verdict": "partly"}}
    drafting().who("Freya").does("publish-problem", form).then("problem-published", warns=())


def test_a_team_of_two_is_remarked_until_it_is_formed_anew() -> None:
    story = published().who("Ines").does("form-team", team(1, "Tom", "Grace"))
    story = story.then("team-formed", warns=("TEAM_NOT_THREE_TO_FIVE",))
    assert warned(story, "TEAM_NOT_THREE_TO_FIVE") == NETWORK
    story.does("form-team", team(1)).then("team-formed", resolves=("TEAM_NOT_THREE_TO_FIVE",))


def _lasting(minutes: int) -> Story:
    return ended(begun(ready(), 1).at(at("09:00")), 1).at(at(f"09:{minutes}"))


def test_the_length_of_a_visit_is_remarked_outside_fifteen_to_thirty_minutes() -> None:
    story = _lasting(14).then("observation-ended", warns=("VISIT_LENGTH_ACTUAL",))
    assert warned(story, "VISIT_LENGTH_ACTUAL") == NETWORK
    _lasting(31).then("observation-ended", warns=("VISIT_LENGTH_ACTUAL",))


def test_fifteen_and_thirty_minutes_are_as_advised() -> None:
    _lasting(15).then("observation-ended", warns=())
    _lasting(30).then("observation-ended", warns=())


def test_teams_with_few_classrooms_are_remarked_when_the_debrief_opens() -> None:
    assert warned(visited(), "FEW_CLASSROOMS_PER_TEAM") == set()
    assert warned(describing(), "FEW_CLASSROOMS_PER_TEAM") == NETWORK


def test_a_team_with_enough_classrooms_is_not_remarked() -> None:
    story = visited(ready(planned_for(2))).who("Ines").does("open-debrief")
    story.then("debrief-opened", warns=())


def planned_for(classrooms: int) -> Story:
    params = {"classrooms_per_team": classrooms}
    story = scheduled(teamed(published(drafting(planned(params=params)))))
    return story.who("Ines").does("inform-host-teachers", {"visit_nos": [1, 2, 3, 4]})


def _only(*names: str) -> Story:
    return steps_to(posted(describing(), *names), "analyse")


def test_a_board_about_the_teacher_alone_is_remarked_when_describing_ends() -> None:
    assert warned(posted(describing(), "modelled"), "ONLY_TEACHER_CARDS") == set()
    story = _only("modelled").then("debrief-advanced", warns=("ONLY_TEACHER_CARDS",))
    assert warned(story, "ONLY_TEACHER_CARDS") == NETWORK
    _only("modelled", "copied").then("debrief-advanced", warns=())
    back = {"to": "describe", "reason": "Look at the work"}
    story = story.who("Ines").does("reopen-debrief-step", back)
    story.then(resolves=("ONLY_TEACHER_CARDS",))


def test_a_withdrawal_does_not_tell_which_cards_were_about_pupils() -> None:
    story = steps_to(posted(describing(), "modelled", "sheet"), "analyse")
    withdrawn(story, "Young").then("consent-withdrawn", "items-withdrawn", warns=())


def _unchallenged() -> Story:
    story = steps_to(posted(describing(), "copied", "sheet"), "analyse").who("Petra")
    story = story.does("create-pattern", pattern("copied", "sheet"), called="p1")
    story = steps_to(agrees(agrees(story, "Tom"), "Siân"), "predict", "next_level").who("Tom")
    for horizon in ("next_week", "next_month", "end_of_year"):
        story = story.does("add-next-level-option", option(horizon, "network"))
    return story


def test_a_debrief_in_which_nobody_dissented_is_remarked() -> None:
    story = _unchallenged().who("Ines").does("complete-debrief")
    story = story.then("debrief-completed", warns=("NO_DISSENT_RECORDED",))
    assert warned(story, "NO_DISSENT_RECORDED") == NETWORK


def test_a_parked_pattern_is_dissent() -> None:
    found().who("Ines").does("complete-debrief").then("debrief-completed", warns=())


def test_a_challenged_card_is_dissent() -> None:
    story = posted(describing(), "copied", "sheet").who("Lewis")
    challenge = {"card": str(named("copied")), "prompt": "more_specific"}
    story = story.does("challenge-card", challenge).who("Grace")
    words = {"card": str(named("copied")), "text": "Twenty pupils copied three examples"}
    story = steps_to(story.does("reword-card", words), "analyse").who("Petra")
    story = story.does("create-pattern", pattern("copied", "sheet"), called="p1")
    story = steps_to(agrees(agrees(story, "Tom"), "Siân"), "predict", "next_level").who("Tom")
    for horizon in ("next_week", "next_month", "end_of_year"):
        story = story.does("add-next-level-option", option(horizon, "network"))
    story.who("Ines").does("complete-debrief").then("debrief-completed", warns=())


# Shared on Tuesday 2 February: the half-term week of 15 to 19 February does not count, so that the
# thirtieth school day is Tuesday 23 March, and 24 March is more than thirty.


def test_an_answer_is_awaited_for_thirty_school_days_of_the_host_school() -> None:
    story = shared().time_passes("2027-03-23 23:59").then(warns=())
    late = story.time_passes("2027-03-24 00:01")
    late = late.then(warns=("FOLLOW_UP_MISSING", "FOLLOW_UP_MISSING"))
    assert warned(late, "FOLLOW_UP_MISSING") == {"Freya", *NETWORK}


def test_an_answer_ends_the_waiting() -> None:
    story = shared().time_passes("2027-03-24 00:01").who("Freya")
    decision = {"option": str(named("week")), "decision": "not_now"}
    story = story.does("decide-option", decision)
    story = story.then(resolves=("FOLLOW_UP_MISSING", "FOLLOW_UP_MISSING"))
    assert warned(story, "FOLLOW_UP_MISSING") == set()


def test_nobody_waits_for_an_answer_to_what_is_over() -> None:
    story = shared().who("Ines").does("close-run").time_passes("2027-03-24 00:01")
    story.then(warns=())


def test_a_line_manager_who_visits_is_told_and_so_is_the_teacher() -> None:
    story = teamed(manages={person("Tom"): (person("Patel"),)}).who("Ines")
    story = story.does("schedule-classroom", classroom(1))
    assert warned(story, "LINE_MANAGER_CONFLICT") == {"Tom", "Patel"}


def test_a_teacher_is_told_of_more_visits_than_the_school_wants() -> None:
    story = teamed(policy=Policy(observation_budget=0)).who("Ines")
    story = story.does("schedule-classroom", classroom(1))
    assert warned(story, "OBSERVATION_BUDGET_EXCEEDED") == {"Patel"}


def test_a_day_without_school_is_remarked() -> None:
    story = teamed().who("Ines").does("schedule-classroom", classroom(1, day="2027-02-16"))
    assert warned(story, "OUTSIDE_TERM") == NETWORK


def test_what_is_remarked_of_a_pattern_is_for_its_author_and_facilitators() -> None:
    form = pattern("copied", "sheet", statement="Tasks are poor")
    story = steps_to(posted(describing(), "copied", "sheet"), "analyse").who("Petra")
    story = story.does("create-pattern", form, called="p1")
    assert warned(story, "EVALUATIVE_LANGUAGE") == {"Petra", "Ines"}
    other = {"pattern": str(named("p1")), "statement": "Tasks ask for completion"}
    story = story.who("Tom").does("edit-pattern", other)
    assert warned(story, "EVALUATIVE_LANGUAGE") == set()


def test_the_host_lead_sees_no_remark_about_a_single_visit() -> None:
    story = _lasting(14).settled()
    assert story.warned("Freya") == story.warned("Hamish") == []


def test_facilitators_answer_for_what_the_network_sees() -> None:
    story = joined(describing(), "network-facilitator", "Mei").settled()
    raised = next(
        id_ for id_, w in story.live.warnings.items() if w.code == "FEW_CLASSROOMS_PER_TEAM"
    )
    form = {"warning": str(raised), "note": "Two rooms were enough to begin with"}
    story.who("Tom").does("acknowledge-warning", form).refused("NOT_PERMITTED")
    story.who("Ines").does("acknowledge-warning", form).then()
