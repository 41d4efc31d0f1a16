"""After the debrief: review, what the host is given and answers, and no feedback on anybody."""

from typing import Any

import pytest
from tests.plugins.instructional_rounds.examples import (
    REVIEW,
    analysing,
    closed,
    completed,
    joined,
    on,
    reviewed_by,
    shared,
    withdrawn,
)
from tests.plugins.instructional_rounds.looking import asks_for, readers
from tests.plugins.instructional_rounds.school import (
    ENQUIRY,
    FREYA,
    INES,
    OBSERVERS,
    carrick,
)

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, named, person


def sharing(story: Story, **more: object) -> Story:
    return story.who("Ines").does("share-with-host", more)


# The review: rule E17


@pytest.mark.parametrize("names", [(), ("Ines",), ("Hamish",)])
def test_nothing_is_shared_before_both_have_reviewed(names: tuple[str, ...]) -> None:
    sharing(reviewed_by(completed(), *names)).refused("IDENTIFIABILITY_NOT_REVIEWED")


def test_the_second_of_two_reviews_lets_it_be_shared() -> None:
    story = reviewed_by(completed(), "Hamish").then(stage="debrief_done")
    story = reviewed_by(story, "Ines").then(stage="identifiability_reviewed")
    sharing(story).then("rounds-shared-with-host", stage="shared_with_host")


def test_two_facilitators_are_not_enough() -> None:
    story = reviewed_by(joined(completed(), "network-facilitator", "Mei"), "Ines", "Mei")
    sharing(story).refused("IDENTIFIABILITY_NOT_REVIEWED")


def test_a_leader_of_the_host_school_is_no_second_reviewer() -> None:
    story = joined(completed(), "host-team", "Olufemi")
    for name in ("Olufemi", "Freya", "Tom"):
        reviewed_by(story, name).refused("NOT_PERMITTED")


def test_a_review_that_does_not_confirm_counts_for_nothing() -> None:
    story = reviewed_by(completed(), "Ines").who("Hamish")
    unsure = {**REVIEW, "confirm": False}
    story = story.does("review-identifiability", unsure)
    assert story.live.stage == "debrief_done"
    sharing(story).refused("IDENTIFIABILITY_NOT_REVIEWED")


def test_a_review_does_not_hold_for_what_was_added_since() -> None:
    story = reviewed_by(completed(), "Ines", "Hamish").who("Ines")
    again = {"to": "next_level", "reason": "One more option"}
    story = story.does("reopen-debrief-step", again).who("Tom")
    more = {
        "horizon": "next_week",
        "actor_level": "teachers",
        "statement": "Ask for one explanation",
        "pattern_ids": on("p1"),
    }
    story = story.does("add-next-level-option", more).who("Ines").does("complete-debrief")
    sharing(story).refused("IDENTIFIABILITY_NOT_REVIEWED")
    sharing(reviewed_by(story, "Ines", "Hamish")).then("rounds-shared-with-host")


def test_what_a_review_found_is_not_for_the_host_lead() -> None:
    story = reviewed_by(completed(), "Ines", "Hamish")
    reads = readers(story, "identifiability-reviewed")
    assert reads == {"Ines", "Hamish", *OBSERVERS}


# What the host is given


def test_the_host_is_given_what_stands() -> None:
    pack = shared().view("host-pack", by="Freya")
    assert [one["id"] for one in pack["patterns"]] == on("p1")
    assert [one["id"] for one in pack["predictions"]] == on("prediction")
    assert [one["id"] for one in pack["options"]] == on("week", "month", "year")
    assert (pack["examples"], pack["some_withdrawn"]) == ([], False)


def test_until_then_the_host_lead_reads_nothing_of_it() -> None:
    story = reviewed_by(completed(), "Ines", "Hamish")
    assert "Freya" not in readers(story, "pattern-created")
    assert asks_for(story, "host-pack") == set()


def test_leaders_of_the_host_school_read_it_then_and_its_staff_do_not() -> None:
    readers_of_it = asks_for(shared(), "host-pack")
    assert readers_of_it == {"Ines", *OBSERVERS, "Freya", "Hamish", "Olufemi"}


def test_a_pattern_is_read_without_its_author_and_its_cards() -> None:
    [fact] = [one for one in shared().reads("Freya") if one["kind"] == "pattern-created"]
    assert fact["by"] is None
    assert set(fact["data"]) == {"statement"}


def test_the_network_may_give_cards_as_examples() -> None:
    story = sharing(reviewed_by(completed(), "Ines", "Hamish"), examples=on("copied", "sheet"))
    examples = story.view("host-pack", by="Freya")["examples"]
    assert set(examples) == {
        "Pupils copied three worked examples in silence",
        "Four pupils filled the sheet from the board",
    }
    assert "card-posted" not in {fact["kind"] for fact in story.reads("Freya")}


def test_an_example_supports_what_is_shared() -> None:
    story = reviewed_by(completed(), "Ines", "Hamish")
    story = sharing(story, examples=on("copied", "silent"))
    story.refused("VALIDATION_FAILED", pointer="/examples/1")


def test_an_example_is_gone_with_its_classroom() -> None:
    story = sharing(reviewed_by(completed(), "Ines", "Hamish"), examples=on("copied", "sheet"))
    story = withdrawn(story, "Young")
    assert len(story.view("host-pack", by="Freya")["examples"]) == 1


# What the host answers


def deciding(story: Story, name: str = "Freya", option: str = "month") -> Story:
    form = {"option": str(named(option)), "decision": "adapt", "review_on": "2027-05-11"}
    return story.who(name).does("decide-option", form)


def test_the_first_decision_is_the_hosts_response() -> None:
    story = deciding(shared()).then("option-decided", stage="responded")
    deciding(story, option="week").then("option-decided", stage="responded")


def test_the_host_lead_decides() -> None:
    deciding(shared(), "Hamish").refused("NOT_PERMITTED")


def test_an_option_that_there_is_not_is_not_decided() -> None:
    deciding(shared(), option="p1").refused("NOT_FOUND")


def test_of_two_decisions_on_one_option_at_once_the_second_is_told() -> None:
    story = shared().who("Freya")
    seen, form = story.live.revision, {"option": str(named("month")), "decision": "adopt"}
    story = story.does("decide-option", form, if_match=seen).then("option-decided")
    story.does("decide-option", form, if_match=seen).refused("VERSION_CONFLICT")


def test_the_network_remembers_problems_decisions_and_what_came_of_them() -> None:
    follow_up = {"text": "Three tasks were rewritten"}
    story = deciding(shared()).who("Tom").does("record-follow-up", follow_up)
    memory = story.view("network-memory", by="Freya")
    assert [one["text"] for one in memory["follow_ups"]] == ["Three tasks were rewritten"]
    decided = {one["id"]: one["decided"] for one in memory["options"]}
    assert decided[str(named("month"))]["decision"] == "adapt"
    assert len(memory["problems"]) == 1


def test_the_host_team_records_no_follow_up() -> None:
    story = shared().who("Hamish").does("record-follow-up", {"text": "Done"})
    story.refused("NOT_PERMITTED")


def test_nothing_is_added_to_what_is_closed() -> None:
    assert closed().live.stage == "closed"
    deciding(closed(), option="week").refused("RECORD_CLOSED")


# No feedback on anybody: rule E16


def passing_on(story: Story, name: str = "Freya", item: str = "p1", **more: object) -> Story:
    form = {"item": str(named(item)), "audience": "staff", **more}
    return story.who(name).does("share-item", form)


@pytest.mark.parametrize(
    "more",
    [
        {"audience": "person", "person": str(person("Patel"))},
        {"about_visit": "1"},
        {"person": str(person("Patel"))},
    ],
)
def test_nothing_goes_to_a_single_teacher_or_about_a_visit(more: Any) -> None:
    passing_on(shared(), **more).refused("INDIVIDUAL_FEEDBACK_FORBIDDEN")


def test_what_the_host_was_given_is_the_host_leads_to_pass_on() -> None:
    story = passing_on(shared()).then("item-shared")
    assert {"Patel", "Bella", "Corin"} <= asks_for(story, "host-pack")
    pack = story.view("host-pack", by="Bella")
    assert [one["id"] for one in pack["patterns"]] == on("p1")
    assert (pack["predictions"], pack["options"]) == ([], [])
    assert "Judith" not in asks_for(story, "host-pack")


def test_what_is_passed_on_to_the_network_reaches_the_alliance() -> None:
    story = passing_on(shared(), audience="network")
    assert "Judith" in asks_for(story, "host-pack")


def test_nobody_else_passes_it_on() -> None:
    passing_on(shared(), "Petra").refused("NOT_FOUND")
    passing_on(completed(), "Petra").refused("IDENTIFIABILITY_NOT_REVIEWED")
    passing_on(shared(), item="copied").refused("NOT_FOUND")


def test_what_lost_its_support_is_not_passed_on() -> None:
    story = withdrawn(withdrawn(shared(), "Young"), "OBrien")
    passing_on(story).refused("SHARE_SCOPE_EXCEEDED")


def attaching(story: Story, target: str, **more: object) -> Story:
    value = {"key": "helpful", "value": "It helped", **more}
    form = {"form": "look-back", "target": target, "values": [value]}
    return story.who("Tom").does("attach-form", form)


@pytest.mark.parametrize("target", ["visit-1", "1", str(person("Patel")), str(named("copied"))])
def test_no_form_is_about_a_classroom_a_teacher_or_a_card(target: str) -> None:
    attaching(shared(), target).refused("INDIVIDUAL_FEEDBACK_FORBIDDEN")


def test_a_form_about_a_pattern_stays_in_the_network() -> None:
    story = attaching(shared(), str(named("p1"))).then("form-attached")
    assert readers(story, "form-attached") == {"Ines", *OBSERVERS}


def test_a_form_scores_nobody() -> None:
    attaching(shared(), str(named("p1")), scored=True).refused("GRADING_FORBIDDEN")


def correcting(story: Story, name: str, text: str = "I meant most tasks") -> Story:
    form = {"contribution": str(named("p1")), "text": text}
    return story.who(name).does("correction-note", form)


def test_a_pattern_is_corrected_by_its_author_without_naming_anybody() -> None:
    correcting(shared(), "Petra").then("correction-noted")
    correcting(shared(), "Tom").refused("NOT_FOUND")
    correcting(shared(), "Petra", "I meant Mr Young").refused("IDENTIFYING_TEXT")


def test_the_host_side_reads_corrections_of_what_it_was_given() -> None:
    assert "Freya" in readers(correcting(shared(), "Petra"), "correction-noted")
    assert "Freya" not in readers(correcting(completed(), "Petra"), "correction-noted")


# Evidence


def served() -> Story:
    """The rounds serve an enquiry of the observers."""
    members = (INES, FREYA, *(person(name) for name in OBSERVERS))
    enquiry = Enquiry(members=members, facilitators=(person("Mei"),), ethics_reviewed=True)
    story = shared(world=carrick(enquiry=enquiry))
    return story.who("Ines").does("link-run", {"enquiry": str(ENQUIRY)})


def publishing(story: Story, output: str = "p1", text: str = "Tasks ask for completion") -> Story:
    made = {
        "output": str(named(output)),
        "text": text,
        "collection_method": "observation",
        "respondents": "peers",
        "level": "professional",
    }
    return story.does("publish-run-evidence", {"items": [made]}, called="proposal")


def test_two_people_publish_what_the_host_was_given() -> None:
    story = publishing(served().who("Ines")).then("evidence-proposed")
    story = story.who("Tom").does("publish-run-evidence", {"confirms": str(named("proposal"))})
    story.then("evidence-published", "evidence-received")


def test_evidence_rests_on_patterns_and_never_on_cards() -> None:
    publishing(served().who("Ines"), output="copied").refused("SHARE_SCOPE_EXCEEDED")


def test_evidence_names_nobody() -> None:
    publishing(served().who("Ines"), text="Mr Young asks").refused("IDENTIFYING_TEXT")


def test_evidence_waits_until_the_host_has_the_results() -> None:
    publishing(completed().who("Ines")).refused("IDENTIFIABILITY_NOT_REVIEWED")


def test_the_host_lead_never_reads_what_a_team_wrote_on_its_way() -> None:
    for story in (analysing(), completed(), shared()):
        kinds = {fact["kind"] for fact in story.reads("Freya")}
        assert not {"card-posted", "private-note-written", "observation-ended"} & kinds
