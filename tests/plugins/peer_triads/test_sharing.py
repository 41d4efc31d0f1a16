"""What is said in the triad stays in the triad; each publishes only their own learning."""

from typing import Any

from tests.plugins.peer_triads.examples import completed, reviewed

from enquiry.testing import Story, named

REVIEWED = {
    "names_removed": True,
    "roles_unclear": True,
    "no_unique_events": True,
    "findings": "No names, no dates.",
    "confirm": True,
}


CONFIRMS = {"confirms": str(named("proposal"))}


def item(output: str, text: str = "More pupils answer when I wait.") -> dict[str, Any]:
    return {
        "output": str(named(output)),
        "text": text,
        "collection_method": "learning_log",
        "respondents": "implementing_teachers",
        "level": "professional",
    }


def looked_over() -> Story:
    story = completed()
    outcome = {"action": str(named("1-Lewis")), "outcome": "They talked more."}
    story = story.who("Lewis").does("review-action", outcome, called="outcome")
    return story.who("Petra").does("review-identifiability", REVIEWED).then()


def test_nothing_is_shared_beyond_the_triad() -> None:
    story = completed().who("Grace")
    for audience in ("staff", "network"):
        share = {"item": str(named("1-Grace")), "audience": audience}
        story.does("share-item", share).refused("SHARE_SCOPE_EXCEEDED", pointer="/audience")
    share = {"item": str(named("1-Grace")), "audience": "group"}
    story.does("share-item", share).then("item-shared")


def test_a_member_publishes_own_learning_and_the_lead_confirms() -> None:
    items = {"items": [item("outcome")]}
    story = looked_over().who("Lewis").does("publish-run-evidence", items, called="proposal")
    story = story.then("evidence-proposed").who("Grace")
    story.does("publish-run-evidence", CONFIRMS).then("evidence-published")


def test_nobody_publishes_what_somebody_else_learned() -> None:
    items = {"items": [item("outcome")]}
    story = looked_over().who("Grace").does("publish-run-evidence", items)
    story = story.refused("SHARE_SCOPE_EXCEEDED", pointer="/items")
    mixed = {"items": [item("outcome"), item("1-Grace")]}
    story.who("Lewis").does("publish-run-evidence", mixed).refused("SHARE_SCOPE_EXCEEDED")


def test_what_others_said_is_nobodys_evidence() -> None:
    story = looked_over().who("Grace").does("post-to-thread", {"text": "…"}, called="post")
    story = story.does("review-identifiability", REVIEWED).then()
    items = {"items": [item("post")]}
    story.does("publish-run-evidence", items).refused("SHARE_SCOPE_EXCEEDED")


def test_evidence_is_published_after_a_review() -> None:
    items = {"items": [item("1-Grace")]}
    completed().who("Grace").does("publish-run-evidence", items).refused(
        "IDENTIFIABILITY_NOT_REVIEWED"
    )


def test_evidence_of_somebody_who_withdrew_is_not_published() -> None:
    items = {"items": [item("outcome")]}
    story = looked_over().who("Lewis").does("publish-run-evidence", items, called="proposal")
    story = story.then().does("withdraw-consent", {"purposes": ["participate"]}).then()
    story = story.who("Grace").does("publish-run-evidence", CONFIRMS).refused("NOT_FOUND")
    story.does("publish-run-evidence", items).refused("SHARE_SCOPE_EXCEEDED")


def test_only_the_author_corrects_and_also_after_closing() -> None:
    story = reviewed(completed()).who("Grace").does("close-run").then(stage="closed")
    about = {"contribution": str(named("1-Grace")), "text": "It was 7C."}
    story.who("Petra").does("correction-note", about).refused("NOT_FOUND")
    story.who("Grace").does("correction-note", about).then("correction-noted")


def test_no_form_scores_anybody() -> None:
    scored = {"key": "questioning", "value": "3", "scored": True}
    form = {"form": "f", "target": "Grace", "values": [scored]}
    completed().who("Petra").does("attach-form", form).refused("GRADING_FORBIDDEN")
