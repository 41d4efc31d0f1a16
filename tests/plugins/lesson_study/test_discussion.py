"""Discussing a lesson: pupils before teaching, in order, and the last word from outside."""

from itertools import pairwise

import pytest
from tests.plugins.lesson_study.examples import (
    CHANGE,
    JUDGED,
    REVIEW,
    about_pupils,
    approved,
    begun,
    discussed,
    discussing,
    drafted,
    focused,
    interviewed,
    invites,
    lesson_of,
    locked,
    observed,
    on,
    opening,
    planned,
    predicted,
    says,
    seen,
    studied,
    talked,
    taught,
    the,
)

from enquiry.testing import Story, named, person

SEEN_A = [str(named("seen-1-1-A"))]
ORDER: tuple[str, ...] = ("pupils", "progress", "patterns", "teaching", "next", "final")


def at(section: str) -> Story:
    """The discussion has come to this section."""
    story = discussing()
    for following in ORDER[: ORDER.index(section) + 1]:
        story = about_pupils(story) if following == "progress" else story
        story = on(story, following)
    return story


def test_it_opens_only_when_every_case_pupil_who_was_there_was_seen() -> None:
    story = taught(begun()).who("Petra")
    missing = [{"pupil": label} for label in "ABC"]
    story.does("open-discussion", opening()).refused("OBSERVATION_MISSING", details=missing)
    away = begun().who("Kelly").does("mark-case-pupil-absent", {"pupil_label": "B"})
    story = taught(observed(away, Kelly="A", Declan="C")).who("Petra")
    story.does("open-discussion", opening()).then("discussion-opened", stage="discussing")


def test_whoever_taught_does_not_moderate() -> None:
    taught().does("open-discussion", opening("Petra")).refused("NOT_PERMITTED")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (opening("Declan", "Kelly", "Declan", "Petra"), "/recorder"),
        (opening("Declan", "Kelly", "Kelly", "Petra"), "/moderator"),
        (opening("Declan", "Kelly", "Kelly", "Declan", "Anya"), "/present/2"),
        (opening("Declan", "Kelly", "Kelly", "Declan", "Kelly"), "/present/2"),
    ],
    ids=["recorder away", "moderator away", "takes no part", "twice"],
)
def test_who_is_there_takes_part(body: dict[str, object], pointer: str) -> None:
    taught().does("open-discussion", body).refused("VALIDATION_FAILED", pointer=pointer)


def test_only_the_moderator_leads_on_and_closes() -> None:
    for name in ("Petra", "Kelly", "Mei"):
        story = discussing().who(name)
        story.does("advance-discussion", {"to": "pupils"}).refused("NOT_PERMITTED")
        talked().who(name).does("close-discussion").refused("NOT_PERMITTED")


def test_only_whoever_taught_opens() -> None:
    story = discussing()
    story.who("Kelly").does("contribute", says("opening")).refused("DISCUSSION_ORDER")
    story.who("Petra").does("contribute", says("opening")).then("contribution-recorded")


def test_without_opening_remarks_the_group_begins_with_the_pupils() -> None:
    story = studied(focused(planned(opening_remarks_by_teacher=False)))
    from_pupils = discussing(interviewed(taught(observed(begun(_locked(story))))))
    assert from_pupils.view("discussions", "Petra")["discussions"][0]["section"] == "pupils"


def _locked(story: Story) -> Story:

    return locked(approved(predicted(drafted(story))))


@pytest.mark.parametrize("section", ORDER[:-1])
def test_everything_is_said_in_its_own_section(section: str) -> None:
    story = at(section).who("Kelly")
    for other in ORDER[:-1]:
        body = says(other, "A", observations=SEEN_A)
        if other == section:
            story.does("contribute", body).then("contribution-recorded")
        else:
            story.does("contribute", body).refused("DISCUSSION_ORDER", params={"section": section})


@pytest.mark.parametrize("section", ORDER)
def test_sections_are_held_in_order_each_once(section: str) -> None:
    story = at(section).who("Declan")
    story = about_pupils(story).who("Declan") if section == "pupils" else story
    following = dict(pairwise(ORDER)).get(section)
    for other in ("opening", *ORDER):
        act = story.does("advance-discussion", {"to": other})
        if other == following:
            act.then("discussion-advanced")
        else:
            act.refused("DISCUSSION_ORDER")


def test_the_group_leaves_its_pupils_only_when_each_was_talked_about() -> None:
    story = about_pupils(on(discussing(), "pupils"), labels="AC").who("Declan")
    story.does("advance-discussion", {"to": "progress"}).refused(
        "DISCUSSION_ORDER", details=[{"pupil": "B"}]
    )


def test_on_pupils_a_pupil_is_named_and_something_seen_is_cited() -> None:
    story = on(discussing(), "pupils").who("Kelly")
    story.does("contribute", says("pupils")).refused("PUPIL_REFERENCE_REQUIRED")
    story.does("contribute", says("pupils", "A")).refused(
        "PUPIL_REFERENCE_REQUIRED", pointer="/observations"
    )
    story.does("contribute", says("pupils", "A", observations=SEEN_A)).then()
    heard = says("pupils", "B", interviews=[str(named("talk-1"))])
    story.does("contribute", heard).then("contribution-recorded")
    at("progress").who("Kelly").does("contribute", says("progress")).refused(
        "PUPIL_REFERENCE_REQUIRED"
    )
    at("progress").who("Kelly").does("contribute", says("progress", "A")).then()


def test_what_is_cited_is_of_this_pupil_and_there() -> None:
    story = on(discussing(), "pupils").who("Kelly")
    for cited in (named("seen-1-1-B"), named("nothing")):
        body = says("pupils", "A", observations=[str(cited)])
        story.does("contribute", body).refused("VALIDATION_FAILED", pointer="/observations/0")
    story.does("contribute", says("pupils", "D", observations=SEEN_A)).refused(
        "VALIDATION_FAILED", pointer="/pupil_label"
    )


def test_only_who_is_there_contributes() -> None:
    story = interviewed().who("Petra")
    body = opening("Declan", "Kelly", "Petra", "Kelly", "Declan")
    story = on(story.does("open-discussion", body), "pupils")
    heard = says("pupils", "A", observations=SEEN_A)
    story.who("Mei").does("contribute", heard).refused("NOT_PERMITTED")


def test_the_recorder_keeps_agreed_notes_each_in_its_section() -> None:
    judged = {**JUDGED, "pupil_label": "A"}
    story = at("progress")
    story.who("Declan").does("record-progress-judgement", judged).refused("NOT_PERMITTED")
    story.who("Kelly").does("record-change-for-next", CHANGE).refused("DISCUSSION_ORDER")
    story = story.who("Kelly").does("record-progress-judgement", judged).then("progress-judged")
    again = {**judged, "was_it_enough": "yes"}
    story = story.does("record-progress-judgement", again).then("progress-judged")
    assert [one["was_it_enough"] for one in story.view("progress", "Mei")["judgements"]] == ["yes"]
    at("next").who("Kelly").does("record-progress-judgement", judged).refused("DISCUSSION_ORDER")
    at("next").who("Kelly").does("record-change-for-next", CHANGE).then("change-recorded")


def test_the_knowledgeable_other_has_the_last_word() -> None:
    word = {"text": "Say it first."}
    at("next").who("Mei").does("give-final-comment", word).refused("DISCUSSION_ORDER")
    story = at("final")
    story.who("Kelly").does("give-final-comment", word).refused("NOT_PERMITTED")
    story.who("Kelly").does("contribute", says("next")).refused("DISCUSSION_ORDER")
    story = story.who("Mei").does("give-final-comment", word).then("final-comment-given")
    story.does("give-final-comment", word).refused("FINAL_COMMENT_LAST")
    story.who("Kelly").does("contribute", says("teaching")).refused("FINAL_COMMENT_LAST")
    for kind, body in (
        ("record-change-for-next", CHANGE),
        ("record-progress-judgement", {**JUDGED, "pupil_label": "A"}),
    ):
        story.who("Kelly").does(kind, body).refused("FINAL_COMMENT_LAST")


def test_a_discussion_ends_with_its_last_section() -> None:
    at("next").who("Declan").does("close-discussion").refused("DISCUSSION_ORDER")
    closed = at("final").who("Declan").does("close-discussion").at("2027-01-12 16:41")
    warns = ["UNEQUAL_CONTRIBUTION"] * 2
    closed.then("discussion-closed", warns=warns, stage="discussed")


def test_after_it_is_closed_nothing_is_added() -> None:
    story = discussed()
    heard = says("pupils", "A", observations=SEEN_A)
    story.who("Kelly").does("contribute", heard).refused("DISCUSSION_CLOSED")
    story.who("Kelly").does("record-observation", seen(1, "A")).refused("DISCUSSION_CLOSED")
    story.who("Kelly").does("record-change-for-next", CHANGE).refused("DISCUSSION_CLOSED")
    story.who("Mei").does("give-final-comment", {"text": "Oh."}).refused("DISCUSSION_CLOSED")


def test_only_a_note_of_correction_comes_after_it() -> None:
    note = {"contribution": SEEN_A[0], "text": "It was stage two."}
    story = discussed().who("Kelly").does("correction-note", note).then("correction-noted")
    assert "It was stage two." in str(story.reads("Petra"))
    story.who("Declan").does("correction-note", note).refused("NOT_FOUND")


def test_when_the_moderator_leaves_a_member_who_did_not_teach_goes_on() -> None:
    story = discussing().who("Declan").does("leave-run")
    story.who("Petra").does("advance-discussion", {"to": "pupils"}).refused("NOT_PERMITTED")
    story.who("Kelly").does("advance-discussion", {"to": "pupils"}).then("discussion-advanced")


def test_a_guest_speaks_of_what_they_saw_and_reads_what_was_said_there() -> None:
    story = invites(studied(focused(public_lesson=True)), "Hamish", "guest")
    story = _locked(story).who("Petra")
    story = story.does("assign-observer", {"person": the("Hamish")[0], "pupils": ["A"]})
    story = observed(begun(story)).who("Hamish")
    story = story.does("record-observation", seen(2, "A", text="A drew a line"), called="his")
    body = opening("Declan", "Kelly", "Petra", "Kelly", "Declan", "Hamish")
    story = on(taught(story).does("open-discussion", body), "pupils").who("Hamish")
    story.does("contribute", says("pupils", "A", observations=SEEN_A)).refused(
        "VALIDATION_FAILED", pointer="/observations/0"
    )
    mine = says("pupils", "A", observations=[str(named("his"))])
    story = about_pupils(story.does("contribute", mine), labels="BC")
    shown = story.view("discussions", "Hamish")["discussions"][0]["contributions"]
    assert [one["pupil"] for one in shown] == ["A", "B", "C"]
    assert [one["observations"] for one in shown] == [[str(named("his"))], [], []]
    kinds = {fact["kind"] for fact in story.reads("Hamish") if fact["by"] != person("Hamish")}
    assert "contribution-recorded" in kinds
    assert not kinds & {"observation-recorded", "interview-recorded", "study-finding-recorded"}
    story.who("Hamish").does("review-identifiability", REVIEW).refused("NOT_PERMITTED")


def test_nobody_moderates_as_a_guest() -> None:
    story = invites(studied(focused(public_lesson=True)), "Hamish", "guest")
    story = taught(observed(begun(_locked(story))))
    body = opening("Hamish", "Kelly", "Hamish", "Kelly", "Petra")
    story.does("open-discussion", body).refused("VALIDATION_FAILED", pointer="/moderator")
    assert lesson_of(story).discussion is None
