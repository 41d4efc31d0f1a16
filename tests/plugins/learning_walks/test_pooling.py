"""After the walk: outcomes, next steps, sharing, evidence, certificates, closing."""

from typing import Any

import pytest
from tests.plugins.learning_walks.examples import (
    PLAN,
    TRIAL,
    closed,
    concluded,
    consents,
    ids,
    in_corridor,
    note,
    noted,
    outcome,
    planned,
    ready,
    scheduled,
    shared,
    sharing,
    team,
    told,
    visit,
    visited,
    walked,
    walking,
)
from tests.plugins.learning_walks.school import (
    BECK_ROAD,
    C1,
    CARRICK,
    ENQUIRY,
    HELEN,
    INES,
    PETRA,
    TOM,
)

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, named

REVIEW = {
    "names_removed": True,
    "roles_unclear": True,
    "no_unique_events": True,
    "findings": "Nothing points to one room",
    "confirm": True,
}


CONFIRMS = {"confirms": str(named("proposal"))}


def evidence(*outputs: str, text: str = "Pupils can repeat the feedback") -> dict[str, Any]:
    return {
        "items": [
            {
                "output": str(named(output)),
                "text": text,
                "collection_method": "observation",
                "respondents": "pupils",
                "level": "student",
            }
            for output in outputs
        ]
    }


# LW-E14: outcomes rest on notes


def test_an_outcome_rests_on_at_least_one_note() -> None:
    walked().who("Tom").does("record-outcome", outcome()).refused("OUTCOME_NEEDS_EVIDENCE")


def test_outcomes_are_drafted_after_the_walk() -> None:
    visited(1).who("Tom").does("record-outcome", outcome(1)).refused("WRONG_STAGE")


def test_the_first_outcome_leads_on_and_the_next_do_not() -> None:
    story = walked().who("Tom").does("record-outcome", outcome(1, 2))
    story = story.then("outcome-recorded", stage="outcomes_recorded")
    story = shared(concluded(story))
    story = story.who("Tom").does("record-outcome", outcome(1, kind="strength"))
    story.then("outcome-recorded", stage="shared")


def test_an_outcome_cites_no_note_twice_and_none_that_is_not_there() -> None:
    twice = {**outcome(1), "note_ids": noted(1, 1)}
    story = walked().who("Tom").does("record-outcome", twice)
    story = story.refused("VALIDATION_FAILED", pointer="/note_ids/1")
    absent = {**outcome(1), "note_ids": [str(PETRA)]}
    story.does("record-outcome", absent).refused("VALIDATION_FAILED", pointer="/note_ids/0")


def test_nobody_cites_a_note_that_they_may_not_read() -> None:
    story = without_amina().who("Amina").does("record-outcome", outcome(1))
    story.refused("VALIDATION_FAILED", pointer="/note_ids/0")


def without_amina() -> Story:
    """Amina stayed outside during the first visit."""
    begin = {"visit_no": 1, "present": ids("Petra", "Tom", "Hamish")}
    story = walking().does("begin-visit", begin).at("2026-11-19 09:10")
    story = story.who("Tom").does("record-note", note(1), called="tom-1")
    story = story.who("Petra").does("end-visit", {"visit_no": 1})
    story = story.does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    return story.does("end-walk")


def test_the_lead_cites_every_note() -> None:
    begin = {"visit_no": 1, "present": ids("Tom", "Hamish")}
    story = walking().does("begin-visit", begin).at("2026-11-19 09:10")
    story = story.who("Tom").does("record-note", note(1), called="tom-1")
    story = story.who("Petra").does("end-visit", {"visit_no": 1})
    story = story.does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    story.does("end-walk").does("record-outcome", outcome(1)).then("outcome-recorded")


def test_an_outcome_names_nobody() -> None:
    names = {**outcome(1), "text": "In 5M nobody asks"}
    story = walked().who("Tom").does("record-outcome", names)
    story.refused("IDENTIFYING_TEXT", pointer="/text")


def test_a_host_records_no_outcome() -> None:
    walked().who("Kelly").does("record-outcome", outcome(1)).refused("NOT_PERMITTED")


# Next steps


def test_a_next_step_has_one_owner() -> None:
    story = walked().who("Amina").does("record-next-step", {**TRIAL, "owner": str(HELEN)})
    story = story.refused("VALIDATION_FAILED", pointer="/owner_role")
    nobody = {key: value for key, value in TRIAL.items() if key != "owner_role"}
    story = story.does("record-next-step", nobody).refused("VALIDATION_FAILED")
    story.does("record-next-step", {**nobody, "owner": str(HELEN)}).then("next-step-recorded")


def test_the_owner_of_a_next_step_is_somebody_of_the_alliance() -> None:
    step = {"text": TRIAL["text"], "due": TRIAL["due"], "owner": str(BECK_ROAD)}
    story = walked().who("Amina").does("record-next-step", step)
    story.refused("VALIDATION_FAILED", pointer="/owner")


def test_a_next_step_names_no_room() -> None:
    story = walked().who("Amina").does("record-next-step", {**TRIAL, "text": "Copy B4"})
    story.refused("IDENTIFYING_TEXT")


def test_next_steps_wait_until_the_walk_has_ended() -> None:
    visited(1).who("Amina").does("record-next-step", TRIAL).refused("WRONG_STAGE")


# LW-E15: sharing


@pytest.mark.parametrize("audience", ["staff", "alliance"])
def test_what_many_see_rests_on_two_visits(audience: str) -> None:
    story = consents(concluded(), "Kelly", "Declan", "Anya")
    story = story.who("Petra").does("share-outcomes", sharing(audience, "pattern", "question"))
    story = story.refused("OUTCOME_SINGLE_VISIT", pointer="/outcome_ids/1")
    story = story.does("share-outcomes", sharing(audience, "pattern"))
    story.then("outcomes-shared", warns=("NO_HOST_VOICE",), stage="shared")


@pytest.mark.parametrize("audience", ["hosts", "group"])
def test_hosts_and_the_group_may_see_what_rests_on_one_visit(audience: str) -> None:
    story = concluded().who("Petra").does("share-outcomes", sharing(audience, "question"))
    story.then("outcomes-shared", stage="shared")


def test_only_the_lead_shares_outcomes() -> None:
    concluded().who("Tom").does("share-outcomes", sharing("staff", "pattern")).refused(
        "NOT_PERMITTED"
    )


def test_what_was_not_recorded_is_not_shared() -> None:
    story = concluded().who("Petra").does("share-outcomes", sharing("staff", "step"))
    story = story.refused("VALIDATION_FAILED", pointer="/outcome_ids/0")
    twice = sharing("staff", "pattern", "pattern")
    story.does("share-outcomes", twice).refused("VALIDATION_FAILED", pointer="/outcome_ids/1")


def test_nothing_is_shared_before_there_is_an_outcome() -> None:
    walked().who("Petra").does("share-outcomes", sharing("staff", "pattern")).refused("WRONG_STAGE")


def test_sharing_beyond_the_school_needs_the_consent_of_every_host_behind_it() -> None:
    story = concluded().who("Petra").does("share-outcomes", sharing("alliance", "pattern"))
    story = story.refused("SHARE_SCOPE_EXCEEDED", pointer="/outcome_ids/0", params={"visit": 1})
    story = consents(story, "Kelly", "Anya").who("Petra")
    story = story.does("share-outcomes", sharing("alliance", "pattern"))
    story.then("outcomes-shared", warns=("NO_HOST_VOICE",))


def test_consent_that_has_run_out_is_none() -> None:
    story = consents(concluded(), "Kelly", "Anya", until="2026-11-18").who("Petra")
    story.does("share-outcomes", sharing("alliance", "pattern")).refused("SHARE_SCOPE_EXCEEDED")


def test_staff_of_one_school_see_another_school_only_with_its_hosts_consent() -> None:
    story = scheduled().does("schedule-visit", visit(3, room=C1, host="Freya"))
    story = concluded(walked(walking(ready(told(story)))))
    story = story.who("Petra").does("share-outcomes", sharing("staff", "pattern"))
    story = story.refused("SHARE_SCOPE_EXCEEDED", params={"visit": 3})
    story = consents(story, "Freya").who("Petra")
    story.does("share-outcomes", sharing("staff", "pattern")).then(warns=("NO_HOST_VOICE",))
    assert story.live.state.visits[3].school == CARRICK


def test_a_note_is_shared_with_the_walkers_only() -> None:
    mine = {"item": str(named("tom-1")), "audience": "staff"}
    story = walked().who("Tom").does("share-item", mine).refused("SHARE_SCOPE_EXCEEDED")
    story.does("share-item", {**mine, "audience": "group"}).then("item-shared")


def test_nothing_about_a_visit_goes_to_a_single_person() -> None:
    mine = {"item": str(named("tom-1")), "audience": "person", "person": str(HELEN)}
    story = walked().who("Tom").does("share-item", mine).refused("INDIVIDUAL_FEEDBACK_FORBIDDEN")
    visit_one = {"item": str(named("tom-1")), "audience": "group", "about_visit": "1"}
    story.does("share-item", visit_one).refused("INDIVIDUAL_FEEDBACK_FORBIDDEN")


def test_an_outcome_is_shared_by_the_lead_and_not_by_its_author() -> None:
    mine = {"item": str(named("pattern")), "audience": "group"}
    concluded().who("Tom").does("share-item", mine).refused("SHARE_SCOPE_EXCEEDED")


# Closing


def test_a_walk_without_outcomes_is_not_closed() -> None:
    walked().who("Petra").does("close-run").refused("OUTCOME_NEEDS_EVIDENCE")


def test_a_walk_without_next_steps_is_not_closed() -> None:
    story = walked().who("Tom").does("record-outcome", outcome(1, 3)).who("Petra")
    story.does("close-run").refused("NEXT_STEPS_REQUIRED")


def test_a_walk_under_way_is_not_closed() -> None:
    visited(1).who("Petra").does("close-run").refused("WRONG_STAGE")


def test_only_the_lead_closes() -> None:
    shared().who("Tom").does("close-run").refused("NOT_PERMITTED")


def test_a_closed_walk_takes_nothing_more() -> None:
    story = closed()
    assert story.live.stage == "closed"
    story = story.who("Tom").does("record-outcome", outcome(1)).refused("RECORD_CLOSED")
    story = story.does("record-next-step", TRIAL).refused("RECORD_CLOSED")
    story = story.who("Petra").does("share-outcomes", sharing("group", "pattern"))
    story = story.refused("RECORD_CLOSED")
    story.does("cancel-run", {"reason": "Late"}).refused("RECORD_CLOSED")


def test_a_correction_stays_possible_when_the_run_is_closed() -> None:
    correction = {"contribution": str(named("tom-1")), "text": "It was seven"}
    closed().who("Tom").does("correction-note", correction).then("correction-noted")


# Evidence


def test_evidence_takes_the_lead_and_one_other() -> None:
    story = shared().who("Tom").does("review-identifiability", REVIEW)
    story = story.does("publish-run-evidence", evidence("pattern"), called="proposal")
    story = story.then("evidence-proposed")
    story = story.who("Amina").does("publish-run-evidence", CONFIRMS).refused("NOT_PERMITTED")
    story.who("Petra").does("publish-run-evidence", CONFIRMS).then("evidence-published")


def test_evidence_waits_for_a_review_of_what_is_there_now() -> None:
    story = concluded().who("Tom").does("review-identifiability", REVIEW)
    late = outcome(1, 2, kind="strength")
    story = story.does("record-outcome", late, called="late")
    story = story.does("publish-run-evidence", evidence("late"))
    story.refused("IDENTIFIABILITY_NOT_REVIEWED")


def test_no_evidence_rests_on_a_single_room() -> None:
    story = concluded().who("Tom").does("review-identifiability", REVIEW)
    story = story.does("publish-run-evidence", evidence("pattern", "question"))
    story.refused("SHARE_SCOPE_EXCEEDED", pointer="/items/1/output")


def test_evidence_names_nobody() -> None:
    story = concluded().who("Tom").does("review-identifiability", REVIEW)
    named_host = evidence("pattern", text="Kelly Rowe gives time")
    story.does("publish-run-evidence", named_host).refused("IDENTIFYING_TEXT")


def test_evidence_reaches_the_enquiry_that_the_walk_serves() -> None:
    enquiry = Enquiry(
        members=(PETRA, TOM),
        facilitators=(INES,),
        ethics_reviewed=True,
        reasons={"learning-walk": True},
    )
    story = planned(plan={**PLAN, "enquiry": str(ENQUIRY)}, enquiry=enquiry)
    story = concluded(walked(walking(ready(told(scheduled_by(story))))))
    story = story.who("Tom").does("review-identifiability", REVIEW)
    story = story.does("publish-run-evidence", evidence("pattern"), called="proposal")
    story = story.who("Petra").does("publish-run-evidence", CONFIRMS)
    story.then("evidence-published", "evidence-received")


def scheduled_by(story: Story) -> Story:
    return scheduled(team(story))


def test_a_walk_in_an_enquiry_waits_for_the_ethics_review() -> None:
    enquiry = Enquiry(members=(PETRA, TOM), reasons={"learning-walk": True})
    story = planned(plan={**PLAN, "enquiry": str(ENQUIRY)}, enquiry=enquiry)
    story = ready(told(scheduled_by(story))).who("Petra").does("begin-walk")
    story.refused("ETHICS_REVIEW_REQUIRED")


# Certificates


def test_a_certificate_tells_when_somebody_walked_and_nothing_about_quality() -> None:
    story = walked().who("Petra").does("issue-certificate", {"person": str(TOM)})
    story = story.then("certificate-issued")
    fact = next(one for one in story.reads("Petra") if one["kind"] == "certificate-issued")
    assert fact["data"]["dates"] == ["2026-11-19"]
    assert fact["data"]["minutes"] == 3 * 14


def test_a_certificate_waits_for_the_end_of_the_walk() -> None:
    story = visited(1).who("Petra").does("issue-certificate", {"person": str(TOM)})
    story.refused("CERTIFICATE_CRITERIA_NOT_MET")


def test_whoever_was_in_no_corridor_gets_no_certificate() -> None:
    story = in_corridor(1).does("skip-corridor", {"visit_no": 1, "reason": "The bell rang"})
    story = story.does("end-walk").does("issue-certificate", {"person": str(TOM)})
    story.refused("CERTIFICATE_CRITERIA_NOT_MET")
