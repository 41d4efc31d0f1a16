"""Whoever recorded what was seen, asked or said can take it back until all is discussed."""

import pytest
from tests.plugins.lesson_study.examples import (
    FINDING,
    about_pupils,
    approved,
    begun,
    discussed,
    discussing,
    drafted,
    focused,
    interviewed,
    invites,
    locked,
    observed,
    on,
    opening,
    predicted,
    says,
    seen,
    studied,
    talked,
    taught,
    the,
)

from enquiry.testing import Story, named

SECRET = "B matched the halves"


def takes_back(story: Story, name: str, called: str) -> Story:
    """Somebody wants to take back what is called so."""
    return story.who(name).does("retract-contribution", {"contribution": str(named(called))})


def read(story: Story, name: str) -> set[str]:
    """Kinds of the facts that somebody reads."""
    return {fact["kind"] for fact in story.reads(name)}


def one_seen() -> Story:
    """Kelly has seen one thing of B, and nothing else was seen."""
    return begun().who("Kelly").does("record-observation", seen(1, "B", text=SECRET), called="b")


def on_b() -> Story:
    """The group has talked about B, from one observation."""
    cited = [str(named("seen-1-1-B"))]
    story = on(discussing(), "pupils").who("Declan")
    return story.does(
        "contribute", says("pupils", "B", text=SECRET, observations=cited), called="said"
    )


def test_an_observation_that_was_taken_back_is_gone_and_that_there_was_one_remains() -> None:
    story = takes_back(one_seen(), "Kelly", "b").then("contribution-retracted", warns=())
    for name in ("Petra", "Kelly", "Declan", "Mei"):
        assert SECRET not in str(story.view("matrix", name)) + str(story.reads(name))
        assert "observation-recorded" not in read(story, name)
        assert "contribution-retracted" in read(story, name)
    assert story.view("observer-sheet", "Kelly")["sheet"]["mine"] == []


def test_a_pupil_of_whom_everything_was_taken_back_was_not_seen() -> None:
    story = takes_back(taught(observed(one_seen(), Kelly="A", Declan="C")), "Kelly", "b")
    story = story.then("contribution-retracted").who("Petra")
    missing = [{"pupil": "B"}]
    story.does("open-discussion", opening()).refused("OBSERVATION_MISSING", details=missing)


def test_what_was_taken_back_counts_no_more_in_what_came_true() -> None:
    before = taught().view("matrix", "Petra")["across"][1]
    assert before == {"pupil": "B", "lessons": [[1, 3, 3]]}
    story = takes_back(taught(), "Kelly", "seen-1-2-B")
    assert story.view("matrix", "Petra")["across"][1] == {"pupil": "B", "lessons": [[1, 2, 2]]}
    assert story.view("fidelity", "Petra")["lessons"] == [[1, 9, 8]]


def test_a_cell_of_which_nothing_is_left_is_a_gap() -> None:
    early = takes_back(interviewed(), "Kelly", "seen-1-2-B").who("Petra")
    early.does("open-discussion", opening()).then("discussion-opened", warns=["OBSERVATION_GAP"])
    late = takes_back(discussing(), "Kelly", "seen-1-2-B")
    late.then("contribution-retracted", warns=["OBSERVATION_GAP"])


def test_a_remark_about_words_goes_when_they_are_taken_back() -> None:
    form = seen(1, "B", text="The teacher explained it again")
    story = begun().who("Kelly").does("record-observation", form, called="b")
    story = story.then("observation-recorded", warns=["TEACHER_FOCUSED_OBSERVATION"])
    story = takes_back(story, "Kelly", "b")
    story.then("contribution-retracted", resolves=["TEACHER_FOCUSED_OBSERVATION"])


def test_what_was_said_from_an_observation_that_was_taken_back_is_unsupported() -> None:
    [said] = on_b().view("discussions", "Mei")["discussions"][0]["contributions"]
    assert (said["observations"], said["supported"]) == ([str(named("seen-1-1-B"))], True)
    story = takes_back(on_b(), "Kelly", "seen-1-1-B").then(
        "contribution-retracted", warns=["OBSERVATION_GAP"]
    )
    [said] = story.view("discussions", "Mei")["discussions"][0]["contributions"]
    assert (said["text"], said["observations"], said["supported"]) == (SECRET, [], False)


def test_nobody_starts_from_what_was_taken_back() -> None:
    story = takes_back(on(discussing(), "pupils"), "Kelly", "seen-1-1-B").who("Declan")
    form = says("pupils", "B", observations=[str(named("seen-1-1-B"))])
    story.does("contribute", form).refused("VALIDATION_FAILED", pointer="/observations/0")


def test_a_pupil_about_whom_everything_said_was_taken_back_is_talked_about_again() -> None:
    story = about_pupils(on_b(), labels="AC")
    on(story, "progress").then("discussion-advanced")
    story = takes_back(story, "Declan", "said").then("contribution-retracted")
    assert SECRET not in str([story.view("discussions", "Petra"), story.reads("Petra")])
    on(story, "progress").refused("DISCUSSION_ORDER", details=[{"pupil": "B"}])


def test_of_a_pupil_of_whom_nothing_is_left_nothing_need_be_said() -> None:
    story = observed(one_seen(), Kelly="A", Declan="C")
    story = about_pupils(on(discussing(taught(story)), "pupils"), labels="AC")
    on(story, "progress").refused("DISCUSSION_ORDER", details=[{"pupil": "B"}])
    on(takes_back(story, "Kelly", "b"), "progress").then("discussion-advanced")


def test_an_interview_that_was_taken_back_was_none() -> None:
    story = takes_back(interviewed(), "Kelly", "talk-1").then("contribution-retracted")
    assert story.view("interviews", "Petra") == {"interviews": [], "declined": []}
    story = discussed(talked(discussing(story)))
    assert "NO_PUPIL_VOICE" in {one.code for one in story.live.warnings.values()}


def test_whoever_took_back_all_they_said_has_said_nothing() -> None:
    story = about_pupils(takes_back(on_b(), "Declan", "said"))
    story = on(story, "progress", "patterns")
    story = story.who("Petra").does("contribute", says("patterns"))
    story = discussed(on(story, "teaching", "next", "final"))
    silent = [w for w in story.live.warnings.values() if w.code == "UNEQUAL_CONTRIBUTION"]
    assert [one.person for one in silent] == [story.person("Declan")]


@pytest.mark.parametrize("name", ["Petra", "Declan", "Mei"])
def test_nobody_takes_back_what_somebody_else_saw(name: str) -> None:
    takes_back(one_seen(), name, "b").refused("NOT_FOUND")


def test_nothing_is_taken_back_twice() -> None:
    story = takes_back(one_seen(), "Kelly", "b").then("contribution-retracted")
    takes_back(story, "Kelly", "b").refused("NOT_FOUND")


def with_a_guest() -> Story:
    """Hamish, a guest, observes the lesson too, and is in its discussion."""
    story = invites(studied(focused(public_lesson=True)), "Hamish", "guest")
    story = locked(approved(predicted(drafted(story)))).who("Petra")
    story = story.does("assign-observer", {"person": the("Hamish")[0], "pupils": ["A"]})
    story = observed(begun(story)).who("Hamish")
    story = story.does("record-observation", seen(2, "A"), called="his")
    body = opening("Declan", "Kelly", "Petra", "Kelly", "Declan", "Hamish")
    return on(taught(story).does("open-discussion", body), "pupils").who("Hamish")


def test_a_guest_takes_back_what_they_saw_and_the_group_learns_of_it() -> None:
    story = takes_back(with_a_guest(), "Hamish", "his").then("contribution-retracted")
    assert "contribution-retracted" in read(story, "Petra")
    assert "observation-recorded" not in read(story, "Hamish")


def test_a_guest_learns_that_something_said_was_taken_back_and_not_what_was_seen() -> None:
    cited = [str(named("seen-1-1-B"))]
    story = (
        with_a_guest()
        .who("Declan")
        .does("contribute", says("pupils", "B", observations=cited), called="x")
    )
    assert "contribution-recorded" in read(story, "Hamish")
    gone = takes_back(story, "Declan", "x").then("contribution-retracted")
    assert "contribution-recorded" not in read(gone, "Hamish")
    assert "contribution-retracted" in read(gone, "Hamish")
    seen_only = takes_back(story, "Kelly", "seen-1-1-B")
    assert "contribution-retracted" not in read(seen_only, "Hamish")


@pytest.mark.parametrize("called", ["seen-1-1-B", "talk-1", "said"])
def test_once_the_discussion_is_closed_what_was_seen_and_said_stays(called: str) -> None:
    story = on(about_pupils(on_b(), labels="AC"), "progress", "patterns", "teaching", "next")
    story = discussed(on(story, "final"))
    name = "Declan" if called == "said" else "Kelly"
    takes_back(story, name, called).refused("DISCUSSION_CLOSED")


def test_what_the_group_found_out_or_agreed_is_not_taken_back() -> None:
    found = focused().who("Mei").does("record-study-finding", FINDING, called="found")
    takes_back(found, "Mei", "found").refused("WRONG_STAGE")
    takes_back(talked(), "Kelly", "change-1").refused("WRONG_STAGE")


def test_of_a_close_and_a_taking_back_whatever_comes_second_is_judged_by_the_first() -> None:
    before = talked().who("Mei").does("give-final-comment", {"text": "Say, then write."})
    closed = before.who("Declan").does("close-discussion")
    takes_back(closed, "Kelly", "seen-1-2-B").refused("DISCUSSION_CLOSED")
    taken = takes_back(before, "Kelly", "seen-1-2-B")
    taken = taken.then("contribution-retracted", warns=["OBSERVATION_GAP"])
    assert taken.who("Declan").does("close-discussion").live.stage == "discussed"
